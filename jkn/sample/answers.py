"""What people of the sample world answer to the questions about their record (product.md 2)."""

from jkn.sample.world import Row, rows
from jkn.services.credentials.personal_questions import Question

Answers = dict[Question, str]


def answers() -> dict[str, Answers]:
    """Of every participant, by the NIK as the files write it, or by the card number of people
    without a NIK. A question that the record cannot answer is left out, since nobody is asked it.
    Where several relatives are right, one of them."""
    families = {row["family"]: row["family_card_number"] for row in rows("families")}
    facilities = {row["code"]: row["name"] for row in rows("facilities")}
    participants = list(rows("participants"))
    return {
        row["nik"] or row["card_number"]: {
            question: answer
            for question, answer in {
                Question.FAMILY_CARD: families[row["family"]],
                Question.MOTHER: row["mother_name"],
                Question.BIRTH_PLACE: row["birth_place"],
                Question.FACILITY: facilities.get(row["primary_facility_code"], ""),
                Question.RELATIVE: _relative_of(row, participants),
            }.items()
            if answer
        }
        for row in participants
    }


def _relative_of(row: Row, participants: list[Row]) -> str:
    """Empty for somebody who is alone."""
    others = (it["name"] for it in participants if it is not row and it["family"] == row["family"])
    return next(others, "")
