"""What the law's files are refused for: each change of them, and the sentence that tells it."""

from tests.support.world.rule_folders import PACKAGED

DUE = "contribution.due_day,10,2019-01-01,Perpres 82/2018 pasal 39"
ALL_CLASSES, ALL_PRICES, ALL_PREFIXES = (
    (PACKAGED / f"{name}.csv").read_text().split("\n", 1)[1]
    for name in ("care_classes", "prices", "va_prefixes")
)

# What is changed in which file: "" stands for the end of the file. Then what is told, where {at} is
# the first line that was added, and {after} the next one. Other lines stay where they are for ever.
REFUSED: dict[str, tuple[str, str, str, str]] = {
    # A cell.
    "a day that does not exist": (
        "rules.csv",
        DUE,
        "contribution.due_day,10,2019-02-29,A",
        "rules.csv:3: valid_from is no day of the calendar: 2019-02-29",
    ),
    "a day in another order": (
        "rules.csv",
        DUE,
        "contribution.due_day,10,01-01-2019,A",
        "rules.csv:3: valid_from must look like 2026-05-01, and is '01-01-2019'",
    ),
    "a day without separators": (
        "rules.csv",
        DUE,
        "contribution.due_day,10,20190101,A",
        "rules.csv:3: valid_from must look like 2026-05-01, and is '20190101'",
    ),
    "a year that was mistyped": (
        "rules.csv",
        "",
        "contribution.due_day,15,2207-01-01,A",
        "{at}: valid_from must lie between 2014-01-01 and 2099-12-31, and is 2207-01-01",
    ),
    "a day before the insurance began": (
        "rules.csv",
        DUE,
        "contribution.due_day,10,2013-12-31,A",
        "rules.csv:3: valid_from must lie between 2014-01-01 and 2099-12-31, and is 2013-12-31",
    ),
    "no day": (
        "rules.csv",
        DUE,
        "contribution.due_day,10,,A",
        "rules.csv:3: valid_from is missing",
    ),
    "no citation": (
        "rules.csv",
        DUE,
        "contribution.due_day,10,2019-01-01,",
        "rules.csv:3: citation is missing",
    ),
    "a number in words": (
        "rules.csv",
        DUE,
        "contribution.due_day,ten,2019-01-01,A",
        "rules.csv:3: value must be a whole number from 1 to 28, and is 'ten'",
    ),
    "a fraction": (
        "prices.csv",
        "1,self_employed,150000,",
        "1,self_employed,150000.50,",
        "prices.csv:2: paid must be a whole number from 0 to 10000000, and is '150000.50'",
    ),
    "a number with separators": (
        "prices.csv",
        "1,self_employed,150000,",
        "1,self_employed,150.000,",
        "prices.csv:2: paid must be a whole number from 0 to 10000000, and is '150.000'",
    ),
    "a number below zero": (
        "prices.csv",
        "2,non_worker,100000,0,",
        "2,non_worker,100000,-1,",
        "prices.csv:7: subsidy must be a whole number from 0 to 10000000, and is '-1'",
    ),
    "digits of another script": (
        "rules.csv",
        DUE,
        "contribution.due_day,١٠,2019-01-01,A",
        "rules.csv:3: value must be a whole number from 1 to 28, and is '١٠'",
    ),
    "a day that not each month has": (
        "rules.csv",
        DUE,
        "contribution.due_day,31,2019-01-01,A",
        "rules.csv:3: value must be a whole number from 1 to 28, and is 31",
    ),
    "more than all": (
        "rules.csv",
        "surcharge.percent_a_month,5,",
        "surcharge.percent_a_month,500,",
        "rules.csv:8: value must be a whole number from 0 to 100, and is 500",
    ),
    "neither yes nor no": (
        "rules.csv",
        "primary_facility.earlier_after_a_move,1,",
        "primary_facility.earlier_after_a_move,2,",
        "rules.csv:23: value must be a whole number from 0 to 1, and is 2",
    ),
    "a space too many": (
        "rules.csv",
        DUE,
        "contribution.due_day, 10,2019-01-01,A",
        "rules.csv:3: value has a space or an invisible character too many: ' 10'",
    ),
    "a character that nobody sees": (
        "care_classes.csv",
        "1,Kelas 1,",
        "1,Kelas\u200b1,",
        "care_classes.csv:2: name has a space or an invisible character too many: 'Kelas\\u200b1'",
    ),
    "a name too long for a card": (
        "care_classes.csv",
        "1,Kelas 1,",
        f"1,{'Kelas ' * 11}1,",
        "care_classes.csv:2: name is longer than 60 letters",
    ),
    "a code that is none": (
        "care_classes.csv",
        "1,Kelas 1,",
        "Kelas-1,Kelas 1,",
        "care_classes.csv:2: care_class must be of a-z, 0-9 and _, and is 'Kelas-1'",
    ),
    "a prefix with a letter": (
        "va_prefixes.csv",
        "mandiri,Bank Mandiri,89888",
        "mandiri,Bank Mandiri,8988B",
        "va_prefixes.csv:6: prefix must be 4 to 8 digits, and is '8988B'",
    ),
    # A name.
    "a rule that does not exist": (
        "rules.csv",
        "",
        "contribution.due_dya,15,2027-01-01,A",
        '{at}: there is no rule "contribution.due_dya"; perhaps contribution.due_day',
    ),
    "a kind of participant that does not exist": (
        "prices.csv",
        "",
        "1,self_employd,160000,0,2027-01-01,A",
        '{at}: there is no kind "self_employd"; perhaps self_employed',
    ),
    "a kind whose contribution is no price": (
        "prices.csv",
        "",
        "1,civil_servant,160000,0,2027-01-01,A",
        "{at}: civil_servant pays no price a person, only self_employed and non_worker do",
    ),
    "a group that does not exist": (
        "autodebit_channels.csv",
        "mobile_cash,Mobile Cash,non_bank",
        "mobile_cash,Mobile Cash,shop",
        'autodebit_channels.csv:7: there is no group "shop"; there are bank, non_bank',
    ),
    "a kind of facility that does not exist": (
        "facility_kinds.csv",
        "",
        "puskesmass,primary,2027-01-01,A",
        '{at}: there is no kind of facility "puskesmass"; perhaps puskesmas',
    ),
    "a choice that does not exist": (
        "facility_kinds.csv",
        "dentist,dental,",
        "dentist,dentist,",
        'facility_kinds.csv:6: there is no such choice as "dentist"; perhaps dental',
    ),
    # A line and its file.
    "two values for one day": (
        "rules.csv",
        "",
        "contribution.due_day,15,2019-01-01,A",
        "{at}: rules.csv:3 says already what holds from 2019-01-01",
    ),
    "two prices for one day": (
        "prices.csv",
        "",
        "3,non_worker,42000,0,2021-01-01,A",
        "{at}: prices.csv:9 says already what holds from 2021-01-01",
    ),
    "a comma without quotes": (
        "rules.csv",
        DUE,
        "contribution.due_day,10,2019-01-01,Perpres 82/2018, pasal 39",
        "rules.csv:3: has 5 cells instead of 4; a cell with a comma needs quotes",
    ),
    "a line cut off": (
        "rules.csv",
        DUE,
        "contribution.due_day,10",
        "rules.csv:3: has 2 cells instead of 4; a cell with a comma needs quotes",
    ),
    "quotes without an end": (
        "rules.csv",
        "",
        'contribution.due_day,15,2027-01-01,"A',
        "{at}: cannot be read: unexpected end of data",
    ),
    "a column that is not known": (
        "rules.csv",
        "name,value,valid_from,citation",
        "name,value,valid_from,valid_until,citation",
        (
            "rules.csv:1: the columns must be name,value,valid_from,citation,"
            " and are name,value,valid_from,valid_until,citation"
        ),
    ),
    "columns in another order": (
        "prices.csv",
        "care_class,kind,paid,subsidy,",
        "care_class,kind,subsidy,paid,",
        (
            "prices.csv:1: the columns must be care_class,kind,paid,subsidy,valid_from,citation,"
            " and are care_class,kind,subsidy,paid,valid_from,citation"
        ),
    ),
    # What the lines of a file say together.
    "a rule without a line": (
        "rules.csv",
        f"{DUE}\n",
        "",
        "rules.csv: contribution.due_day has no line, and the app asks for it",
    ),
    "a rule that begins tomorrow": (
        "rules.csv",
        DUE,
        "contribution.due_day,10,2026-05-04,A",
        "rules.csv:3: contribution.due_day has no value before 2026-05-04, and the app asks today",
    ),
    "a last day before the first": (
        "rules.csv",
        "",
        "enrolment.first_payment_until_day,10,2027-01-01,A",
        (
            "{at}: from 2027-01-01 on, enrolment.first_payment_from_day is 14"
            " and enrolment.first_payment_until_day only 10"
        ),
    ),
    "a student who is younger than a child": (
        "rules.csv",
        "",
        "employee_family.child_until_years,26,2027-01-01,A",
        (
            "{at}: from 2027-01-01 on, employee_family.child_until_years is 26"
            " and employee_family.student_until_years only 25"
        ),
    ),
    "a bank that ends before it began": (
        "va_prefixes.csv",
        "",
        "bsi,BSI,-,2027-01-01,A",
        "{at}: bsi ends before it ever began",
    ),
    "no bank": (
        "va_prefixes.csv",
        ALL_PREFIXES,
        "",
        "va_prefixes.csv: nothing holds today",
    ),
    "prefixes that ended yesterday or begin tomorrow": (
        "va_prefixes.csv",
        ALL_PREFIXES,
        "bri,BRI,88888,2021-03-09,A\nbri,BRI,-,2026-05-03,A\nbni,BNI,88888,2026-05-04,A\n",
        "va_prefixes.csv: nothing holds today",
    ),
    "a kind of facility without a line": (
        "facility_kinds.csv",
        "dentist,dental,2014-01-01,Permenkes 71/2013 pasal 3: praktik dokter gigi\n",
        "",
        "facility_kinds.csv: dentist has no line, and the app asks for it",
    ),
    "a kind of facility that begins tomorrow": (
        "facility_kinds.csv",
        "dentist,dental,2014-01-01",
        "dentist,dental,2026-05-04",
        "facility_kinds.csv:6: dentist has no line before 2026-05-04, and the app asks today",
    ),
    # Classes and prices.
    "neither a name nor what replaces the class": (
        "care_classes.csv",
        "",
        "3,,,2027-01-01,A",
        "{at}: either name or replaced_by must be given",
    ),
    "a name and what replaces the class": (
        "care_classes.csv",
        "",
        "3,Kelas 3,1,2027-01-01,A",
        "{at}: either name or replaced_by must be given",
    ),
    "a class that is replaced before it existed": (
        "care_classes.csv",
        "",
        "4,,3,2027-01-01,A",
        "{at}: class 4 is replaced before it ever existed",
    ),
    "a class that is replaced by none": (
        "care_classes.csv",
        "",
        "3,,kris,2027-01-01,A",
        "{at}: no class stands for 3 → kris on 2027-01-01",
    ),
    "a class that is replaced by itself": (
        "care_classes.csv",
        "",
        "3,,3,2027-01-01,A",
        "{at}: no class stands for 3 on 2027-01-01",
    ),
    "classes that replace each other": (
        "care_classes.csv",
        "",
        "3,,2,2027-01-01,A\n2,,3,2027-01-01,A",
        "{after}: no class stands for 2 → 3 on 2027-01-01",
    ),
    "a gap between a class and the next": (
        "care_classes.csv",
        "",
        "kris,KRIS,,2027-02-01,A\n3,,kris,2027-01-01,A",
        "{after}: no class stands for 3 → kris on 2027-01-01",
    ),
    "two classes of one name": (
        "care_classes.csv",
        "",
        "3,Kelas 2,,2027-01-01,A",
        "{at}: class 2 has the same name from 2027-01-01 on",
    ),
    "no class": (
        "care_classes.csv",
        ALL_CLASSES,
        "",
        "care_classes.csv: no class exists today",
    ),
    "no prices": ("prices.csv", ALL_PRICES, "", "prices.csv: no class has a price"),
    "prices that begin tomorrow": (
        "prices.csv",
        ALL_PRICES,
        "1,self_employed,150000,0,2026-05-04,A\n",
        "prices.csv: no class has a price before 2026-05-04, and the app asks today",
    ),
    "a price without its class": (
        "prices.csv",
        "",
        "4,self_employed,1000,0,2027-01-01,A",
        '{at}: there is no class "4"',
    ),
    "a price before its class": (
        "prices.csv",
        "",
        "kris,self_employed,1000,0,2027-01-01,A",
        "{at}: class kris does not exist before 2028-01-01",
    ),
    "a price after its class": (
        "prices.csv",
        "",
        "old,self_employed,1000,0,2027-01-01,A",
        "{at}: class old exists no longer from 2026-01-01 on",
    ),
    "a class without a price": (
        "care_classes.csv",
        "",
        "4,Kelas 4,,2027-01-01,A",
        "{at}: class 4 has no price for self_employed on 2027-01-01",
    ),
    "a class without a price for one kind": (
        "prices.csv",
        "1,non_worker,150000,0,2020-07-01,Perpres 64/2020 pasal 34\n",
        "",
        "care_classes.csv:2: class 1 has no price for non_worker on 2020-07-01",
    ),
    "a price that begins after its class": (
        "prices.csv",
        "1,non_worker,150000,0,2020-07-01",
        "1,non_worker,150000,0,2020-08-01",
        "care_classes.csv:2: class 1 has no price for non_worker on 2020-07-01",
    ),
    "a price of nothing": (
        "prices.csv",
        "1,self_employed,150000,0,",
        "1,self_employed,0,0,",
        "prices.csv:2: nobody pays anything",
    ),
}
# Classes that lines of the table above need beside them.
BESIDE = {
    "a price before its class": ("kris,KRIS,,2028-01-01,A",),
    "a price after its class": ("old,Kelas lama,,2014-01-01,A", "old,,3,2026-01-01,A"),
}
