"""Every rule of the insurance that is a whole number: its name in `rules.csv`, its unit, and its
meaning.

What the app alone decides (how long a draft, a code or a session lives) is no rule of the insurance
and stays with the code that needs it.
"""

from enum import Enum, StrEnum


class Unit(Enum):
    """What the number of a rule counts, with the least and the greatest that can be meant."""

    YES_OR_NO = ("yes (1) or no (0)", 0, 1)
    DAY_OF_MONTH = ("day of the month", 1, 28)
    DAYS = ("days", 1, 366)
    MONTHS = ("months", 1, 120)
    YEARS = ("years", 1, 120)
    PERCENT = ("percent", 0, 100)
    PEOPLE = ("people", 1, 20)
    RUPIAH = ("rupiah", 1, 1_000_000_000)

    def __init__(self, words: str, least: int, greatest: int) -> None:
        self.words = words
        self.least = least
        self.greatest = greatest

    def said(self, number: int) -> str:
        """The number with its unit, for operators."""
        if self is Unit.YES_OR_NO:
            return "yes" if number else "no"
        if self is Unit.DAY_OF_MONTH:
            return f"day {number} of the month"
        return f"{number:,} {self.words.removesuffix('s') if number == 1 else self.words}"


class Rule(StrEnum):
    """A rule's name, its unit, and its meaning in words for operators."""

    unit: Unit
    meaning: str

    def __new__(cls, name: str, unit: Unit, meaning: str) -> "Rule":
        rule = str.__new__(cls, name)
        rule._value_ = name
        rule.unit = unit
        rule.meaning = meaning
        return rule

    ACCOUNT_YEARS_AT_LEAST = (
        "account.years_at_least",
        Unit.YEARS,
        "least age for an account of one's own",
    )

    CONTRIBUTION_DUE_DAY = (
        "contribution.due_day",
        Unit.DAY_OF_MONTH,
        "a month's contribution is due on this day of it",
    )
    CONTRIBUTION_MONTHS_TO_SUSPENSION = (
        "contribution.months_to_suspension",
        Unit.MONTHS,
        "suspended from the first of the month so many after the first unpaid one",
    )
    ARREARS_MONTHS_AT_MOST = (
        "contribution.arrears_months_at_most",
        Unit.MONTHS,
        "arrears are counted for so many months at most",
    )
    SUBSIDY_WHILE_SUSPENDED = (
        "contribution.subsidy_while_suspended",
        Unit.YES_OR_NO,
        "whether the state adds its subsidy for months of suspension, too",
    )

    SURCHARGE_DAYS = (
        "surcharge.days",
        Unit.DAYS,
        "so long after arrears were paid, treatment in hospital costs a surcharge",
    )
    SURCHARGE_PERCENT = (
        "surcharge.percent_a_month",
        Unit.PERCENT,
        "share of the treatment's price for each month that was owed",
    )
    SURCHARGE_MONTHS_AT_MOST = (
        "surcharge.months_at_most",
        Unit.MONTHS,
        "months owed that the surcharge counts at most",
    )
    SURCHARGE_AT_MOST = (
        "surcharge.rupiah_at_most",
        Unit.RUPIAH,
        "the surcharge at most",
    )

    FIRST_PAYMENT_FROM_DAY = (
        "enrolment.first_payment_from_day",
        Unit.DAYS,
        "the first contribution is paid so many days after enrolment at the earliest",
    )
    FIRST_PAYMENT_UNTIL_DAY = (
        "enrolment.first_payment_until_day",
        Unit.DAYS,
        "the first contribution is paid so many days after enrolment at the latest",
    )

    NEWBORN_DAYS_TO_ENROL = (
        "newborn.days_to_enrol",
        Unit.DAYS,
        "a newborn is enrolled and paid for within so many days of birth",
    )
    NEWBORN_MONTHS_TO_GET_A_NIK = (
        "newborn.months_to_get_a_nik",
        Unit.MONTHS,
        "a newborn's NIK is told within so many months of birth",
    )

    CHILD_COVERED_UNTIL_YEARS = (
        "employee_family.child_until_years",
        Unit.YEARS,
        "an employee's child is covered until this birthday",
    )
    STUDENT_COVERED_UNTIL_YEARS = (
        "employee_family.student_until_years",
        Unit.YEARS,
        "an employee's child who studies is covered until this birthday",
    )
    CHILDREN_COVERED_AT_MOST = (
        "employee_family.children_at_most",
        Unit.PEOPLE,
        "children whom an employee's contribution covers",
    )

    DISMISSAL_MONTHS_COVERED = (
        "dismissal.months_covered",
        Unit.MONTHS,
        "after a dismissal with proof, cover goes on for so many months without contributions",
    )
    SEGMENT_CHANGE_MONTHS_WITHOUT_WAITING = (
        "segment_change.months_without_waiting",
        Unit.MONTHS,
        "who moves to PBPU within so many months after the cover ended does not wait",
    )
    SEGMENT_CHANGE_WAITING_DAYS = (
        "segment_change.waiting_days",
        Unit.DAYS,
        "who moves to PBPU later waits so many days, unless the months owed are paid",
    )

    FACILITY_MONTHS_AT_LEAST = (
        "primary_facility.months_at_least",
        Unit.MONTHS,
        "an FKTP is kept for so many months",
    )
    FACILITY_EARLIER_AFTER_A_MOVE = (
        "primary_facility.earlier_after_a_move",
        Unit.YES_OR_NO,
        "whether an FKTP may be changed earlier by who moved to another regency",
    )
    FACILITY_MONTHS_TO_EFFECT = (
        "primary_facility.months_to_effect",
        Unit.MONTHS,
        "a new FKTP counts from the first of the month so many later",
    )

    CARE_CLASS_MONTHS_AT_LEAST = (
        "care_class.months_at_least",
        Unit.MONTHS,
        "a class is kept for so many months",
    )
    CARE_CLASS_MONTHS_TO_EFFECT = (
        "care_class.months_to_effect",
        Unit.MONTHS,
        "a new class counts from the first of the month so many later",
    )

    EARLY_DEBIT_DAY = (
        "autodebit.early_day",
        Unit.DAY_OF_MONTH,
        "the first day of the month that people may choose for autodebit",
    )
    LATE_DEBIT_DAY = (
        "autodebit.late_day",
        Unit.DAY_OF_MONTH,
        "the second day of the month that people may choose for autodebit",
    )


# The first of two may never be greater than the second.
IN_ORDER = (
    (Rule.FIRST_PAYMENT_FROM_DAY, Rule.FIRST_PAYMENT_UNTIL_DAY),
    (Rule.CHILD_COVERED_UNTIL_YEARS, Rule.STUDENT_COVERED_UNTIL_YEARS),
    (Rule.EARLY_DEBIT_DAY, Rule.LATE_DEBIT_DAY),
)
