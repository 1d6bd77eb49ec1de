"""The page where each stage of a registration goes on."""

from flask import Blueprint

from jkn.models import RegistrationDraft, RegistrationStage
from jkn.web.flows import Flow

Stage = RegistrationStage
blueprint = Blueprint("registration", __name__, url_prefix="/daftar")

ENDS = (Stage.HAS_ACCOUNT, Stage.TOO_YOUNG, Stage.DECEASED, Stage.NO_NIK)
FLOW = Flow(
    RegistrationDraft,
    {
        Stage.PHONE: "registration.phone",
        Stage.QUESTIONS: "registration.questions",
        Stage.TERMS: "registration.agree",
        Stage.CODE: "registration.code",
        Stage.PASSWORD: "registration.password",
        **dict.fromkeys(ENDS, "registration.other_way"),
        Stage.DONE: "registration.done",
        Stage.EXPIRED: "registration.expired",
    },
    start="registration.index",
    # The code alone gives a draft a new token.
    asks_again=lambda draft: None if draft.stage is Stage.DONE else "registration.code",
)
