"""Who may do what: one line an endpoint, for every method that its route offers.

Whoever adds an endpoint adds its line, and for an id of a new kind a line in
`tests/support/addresses.py`; the matrix in `access_matrix.py` does the rest. Ids in addresses are
always A's.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """What somebody gets. `leads_to`: the address they are sent to, None for any other answer.
    `as_part`: htmx gets a piece of the page instead. `is_refusal`: nothing may change.
    `is_recorded`: the try is a security event."""

    name: str
    status: int
    leads_to: str | None = None
    as_part: bool = False
    is_refusal: bool = False
    is_recorded: bool = False


PAGE = Outcome("a page", 200)
ERRORS = Outcome("the form with what is missing", 422)
NO_TOKEN = Outcome("not there without the operator's token", 404)
TAKEN = Outcome("taken without a word", 204)
BACK = Outcome("back to a page", 303, "/")
HOME = Outcome("on to Beranda", 303, "/beranda")
TO_NEWS = Outcome("to Notifikasi", 303, "/notifikasi")
TO_ONE_NEWS = Outcome("to where the news leads", 303, "/bantuan")
SIGNED_OUT = Outcome("signed out", 303, "/")
TO_FORM = Outcome("to the form", 303, "/masuk", as_part=True)
TO_RECOVERY = Outcome("to the start of Lupa Kata Sandi", 303, "/lupa-kata-sandi")
TO_REGISTRATION = Outcome("to the doors of Daftar", 303, "/daftar")
TO_LINK = Outcome("to what the link is for", 303, "/lupa-kata-sandi/tautan")
TO_DISAVOWAL = Outcome("to Bukan saya", 303, "/bukan-saya")
TO_LIMITED_MODE = Outcome("to Akses terbatas", 303, "/akses-terbatas")
GONE = Outcome("told that the link is dead", 410)
SIGN_IN_FIRST = Outcome("sent to Masuk", 303, "/masuk", is_refusal=True)
# The same answer as for what does not exist, down to the last byte.
UNKNOWN = Outcome("not found", 404, is_refusal=True, is_recorded=True)
# Without an account there is nobody to warn.
UNKNOWN_TO_A_BROWSER = Outcome("not found", 404, is_refusal=True)


@dataclass(frozen=True)
class Access:
    """What each actor gets: nobody signed in; A, head of a family; A2, an adult of A's family
    with an account of their own; B, of another family."""

    anonymous: Outcome
    a: Outcome
    a2: Outcome
    b: Outcome


def everybody(outcome: Outcome) -> Access:
    """The same for all."""
    return Access(outcome, outcome, outcome, outcome)


def by_sign_in(anonymous: Outcome, signed_in: Outcome) -> Access:
    """It only matters whether somebody is signed in."""
    return Access(anonymous, signed_in, signed_in, signed_in)


def signed_in(outcome: Outcome) -> Access:
    """Everybody's own."""
    return by_sign_in(SIGN_IN_FIRST, outcome)


def family(outcome: Outcome) -> Access:
    """What belongs to a family, and to nobody else."""
    return Access(SIGN_IN_FIRST, outcome, outcome, UNKNOWN)


def owner(outcome: Outcome) -> Access:
    """What belongs to one account, and not even to its family."""
    return Access(SIGN_IN_FIRST, outcome, UNKNOWN, UNKNOWN)


def browser(outcome: Outcome) -> Access:
    """What belongs to one browser, whoever is signed in there."""
    gone = UNKNOWN_TO_A_BROWSER
    return Access(gone, outcome, gone, gone)


# POST is sent with a good token and no field filled in.
PUBLIC: dict[str, dict[str, Access]] = {
    "captcha.picture": {"GET": browser(PAGE)},
    "captcha.refresh": {"GET": everybody(TO_FORM)},
    "captcha.sound": {"GET": browser(PAGE)},
    "captcha.work": {"GET": everybody(PAGE)},
    "disavowal.arrive": {"GET": everybody(TO_DISAVOWAL)},
    "disavowal.frozen": {"GET": everybody(PAGE)},
    "disavowal.index": {"GET": everybody(GONE), "POST": everybody(TO_DISAVOWAL)},
    "display.large_text": {"POST": everybody(BACK)},
    "health.live": {"GET": everybody(PAGE)},
    "health.ready": {"GET": everybody(PAGE)},
    "help.index": {"GET": everybody(PAGE)},
    "landing.index": {"GET": by_sign_in(PAGE, HOME)},
    "metrics.index": {"GET": everybody(NO_TOKEN)},
    "outbox_preview.email": {"GET": everybody(PAGE)},
    "outbox_preview.index": {"GET": everybody(PAGE)},
    "pwa.manifest": {"GET": everybody(PAGE)},
    "pwa.offline": {"GET": everybody(PAGE)},
    "pwa.service_worker": {"GET": everybody(PAGE)},
    "recovery.arrive": {"GET": everybody(TO_LINK)},
    "recovery.code": {"GET": everybody(TO_RECOVERY), "POST": everybody(TO_RECOVERY)},
    "recovery.index": {"GET": everybody(PAGE), "POST": everybody(ERRORS)},
    "recovery.link": {"GET": everybody(GONE), "POST": everybody(TO_LINK)},
    "recovery.method": {"GET": everybody(TO_RECOVERY), "POST": everybody(TO_RECOVERY)},
    "recovery.other_way": {"GET": everybody(TO_RECOVERY)},
    "recovery.password": {"GET": everybody(TO_RECOVERY), "POST": everybody(TO_RECOVERY)},
    "recovery.question": {"GET": everybody(TO_RECOVERY), "POST": everybody(TO_RECOVERY)},
    "recovery.questions": {"GET": everybody(TO_RECOVERY)},
    "registration.agree": {"GET": everybody(TO_REGISTRATION), "POST": everybody(TO_REGISTRATION)},
    "registration.code": {"GET": everybody(TO_REGISTRATION), "POST": everybody(TO_REGISTRATION)},
    "registration.done": {"GET": everybody(TO_REGISTRATION)},
    "registration.expired": {
        "GET": everybody(TO_REGISTRATION),
        "POST": everybody(TO_REGISTRATION),
    },
    "registration.index": {"GET": everybody(PAGE)},
    "registration.mobile_user": {"GET": everybody(PAGE), "POST": everybody(ERRORS)},
    "registration.new_user": {"GET": everybody(PAGE), "POST": everybody(ERRORS)},
    "registration.no_sms": {"GET": everybody(TO_REGISTRATION)},
    "registration.other_way": {"GET": everybody(TO_REGISTRATION)},
    "registration.password": {
        "GET": everybody(TO_REGISTRATION),
        "POST": everybody(TO_REGISTRATION),
    },
    "registration.phone": {"GET": everybody(TO_REGISTRATION), "POST": everybody(TO_REGISTRATION)},
    "registration.question": {
        "GET": everybody(TO_REGISTRATION),
        "POST": everybody(TO_REGISTRATION),
    },
    "registration.questions": {"GET": everybody(TO_REGISTRATION)},
    "reports.content_security": {"POST": everybody(TAKEN)},
    "sign_in.index": {"GET": by_sign_in(PAGE, HOME), "POST": by_sign_in(ERRORS, HOME)},
    "terms.index": {"GET": everybody(PAGE)},
}

PRIVATE: dict[str, dict[str, Access]] = {
    "card.index": {"GET": signed_in(PAGE)},
    "card.member": {"GET": family(PAGE)},
    "home.index": {"GET": signed_in(PAGE)},
    # Nobody here is in limited mode; what it does is shown in test_recovery_by_answers.
    "limited_mode.code": {"GET": signed_in(TO_LIMITED_MODE), "POST": signed_in(TO_LIMITED_MODE)},
    "limited_mode.index": {"GET": signed_in(HOME), "POST": signed_in(HOME)},
    "more.index": {"GET": signed_in(PAGE)},
    "notifications.index": {"GET": signed_in(PAGE)},
    "notifications.read": {"POST": owner(TO_ONE_NEWS)},
    "notifications.read_all": {"POST": signed_in(TO_NEWS)},
    "sign_out.index": {"GET": signed_in(PAGE), "POST": signed_in(SIGNED_OUT)},
}

# These alone are there for developers, and nowhere else.
IN_DEVELOPMENT = {"outbox_preview.email", "outbox_preview.index"}

# Sent by browsers, not by people: these alone do without a token.
WITHOUT_TOKEN = {"reports.content_security"}
