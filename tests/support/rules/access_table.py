"""Who may do what: one line an endpoint, for every method that its route offers.

A new endpoint needs a line here, unless `by_default` fits: a page that shows each person their own.
A new kind of id needs a line in `world/addresses.py`. The matrix in `access_matrix.py` does the
rest. Ids in addresses are always A's.
"""

from dataclasses import dataclass

from flask import Flask
from werkzeug.routing import Rule

from tests.support.steps.arrivals import flows_of, is_step


@dataclass(frozen=True)
class Outcome:
    """The expected answer. `leads_to`: the address of a redirect; None for any other answer.
    `as_part`: htmx gets a part of the page instead. `is_refusal`: nothing may change.
    `is_recorded`: the request leaves an event in the audit log."""

    name: str
    status: int
    leads_to: str | None = None
    as_part: bool = False
    is_refusal: bool = False
    is_recorded: bool = False


PAGE = Outcome("a page", 200)
ERRORS = Outcome("the form with what is missing", 422)
# The form is sent without what the phone signs, which no page of ours does.
UNREADABLE = Outcome("the page that says that nothing could be read", 400)
NO_TOKEN = Outcome("not there without the operator's token", 404)
TAKEN = Outcome("taken without a word", 204)
BACK_TO_SWITCH = Outcome("back to the switch on a page", 303, "/#large-text", as_part=True)
HOME = Outcome("on to Beranda", 303, "/beranda")
SESSION_PART = Outcome("how long the session lives, or Beranda", 303, "/beranda", as_part=True)
TO_FACILITIES = Outcome("to the search for facilities", 303, "/faskes")
TO_NEWS = Outcome("to Notifikasi", 303, "/notifikasi")
TO_PROFILE_ROW = Outcome("to the row on Profil", 303, "/profil", as_part=True)
TO_SIGN_IN = Outcome("to Masuk", 303, "/masuk")
TO_OTHER_NUMBER = Outcome("to Masuk, to type another number", 303, "/masuk?nomor=lain")
TO_ONE_NEWS = Outcome("to where the news leads", 303, "/bantuan")
SIGNED_OUT = Outcome("signed out", 303, "/")
ERASED = Outcome("signed out and forgotten", 303, "/data-dihapus")
TO_FORM = Outcome("to the form", 303, "/masuk", as_part=True)
# Only htmx asks for it.
TO_LANDING = Outcome("to the first page", 303, "/", as_part=True)
TO_SCHEME = Outcome("to Mode gelap, as it was", 303, "/tampilan/mode-gelap")
TO_RECOVERY = Outcome("to the start of Lupa Kata Sandi", 303, "/lupa-kata-sandi")
TO_REGISTRATION = Outcome("to the doors of Daftar", 303, "/daftar")
TO_LINK = Outcome("to what the link is for", 303, "/lupa-kata-sandi/tautan")
TO_FREEZE = Outcome("to Bukan saya", 303, "/bukan-saya")
TO_FAMILY = Outcome("to the question about a relative", 303, "/keluarga/akun-baru")
TO_PIN = Outcome("asked for the PIN", 303, "/profil/pin/buka")
# The routes of the step-up itself, not those that it protects.
TO_STEP_UP = Outcome("back to the page that asks for the PIN", 303, "/profil/pin/buka")
TO_NEW_PIN = Outcome("to Buat PIN", 303, "/profil/pin/buat")
TO_PIN_CHANGE = Outcome("to the start of Ubah PIN", 303, "/profil/pin")
TO_PROFILE = Outcome("to Profil", 303, "/profil")
TO_PASSKEYS = Outcome("to Login dengan Biometrik", 303, "/profil/biometrik")
TO_PASSKEY_START = Outcome("to the terms of it", 303, "/profil/biometrik/nyalakan")
TO_CONFIRMATION = Outcome("to Konfirmasi", 303, "/konfirmasi")
TO_DEVICES = Outcome("to Perangkat & sesi", 303, "/profil/perangkat")
# The first of the matrix's participants, whose change it is.
TO_MEMBER = Outcome("to the member's page", 303, "/peserta/1")
TO_PASSWORD_CHANGE = Outcome("to Ubah Kata Sandi", 303, "/profil/kata-sandi")
TO_LIMITED_MODE = Outcome("to Akun dibatasi", 303, "/akses-terbatas")
GONE = Outcome("told that the link is dead", 410)
SIGN_IN_FIRST = Outcome("sent to Masuk", 303, "/masuk", is_refusal=True)
# The same answer as for what does not exist, down to the last byte.
UNKNOWN = Outcome("not found", 404, is_refusal=True, is_recorded=True)
# The same without an event, since there is no account.
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
    """What depends only on whether somebody is signed in."""
    return Access(anonymous, signed_in, signed_in, signed_in)


def signed_in(outcome: Outcome) -> Access:
    """What each signed-in person has for themselves."""
    return by_sign_in(SIGN_IN_FIRST, outcome)


def family(outcome: Outcome) -> Access:
    """What belongs to a family, and to nobody else."""
    return Access(SIGN_IN_FIRST, outcome, outcome, UNKNOWN)


def owner(outcome: Outcome) -> Access:
    """What belongs to one account, and not even to its family."""
    return Access(SIGN_IN_FIRST, outcome, UNKNOWN, UNKNOWN)


def browser(outcome: Outcome) -> Access:
    """What belongs to one browser, whether or not somebody is signed in there."""
    gone = UNKNOWN_TO_A_BROWSER
    return Access(gone, outcome, gone, gone)


# POST is sent with a good token and no field filled in.
PUBLIC: dict[str, dict[str, Access]] = {
    "captcha.picture": {"GET": browser(PAGE)},
    "captcha.refresh": {"GET": everybody(TO_FORM)},
    "captcha.sound": {"GET": browser(PAGE)},
    "captcha.work": {"GET": everybody(PAGE)},
    "account_freeze.arrive": {"GET": everybody(TO_FREEZE)},
    "account_freeze.frozen": {"GET": everybody(PAGE)},
    "account_freeze.index": {"GET": everybody(GONE), "POST": everybody(TO_FREEZE)},
    "facilities.detail": {"GET": everybody(PAGE)},
    "facilities.index": {"GET": everybody(PAGE)},
    "facilities.place": {"GET": everybody(PAGE), "POST": everybody(ERRORS)},
    "facilities.near": {"GET": everybody(TO_FACILITIES), "POST": everybody(ERRORS)},
    "family_confirmation.arrive": {"GET": everybody(TO_FAMILY)},
    "family_confirmation.confirm": {"POST": everybody(TO_FAMILY)},
    "family_confirmation.confirmed": {"GET": everybody(PAGE)},
    "family_confirmation.frozen": {"GET": everybody(PAGE)},
    "family_confirmation.index": {"GET": everybody(GONE)},
    "family_confirmation.refuse": {"POST": everybody(TO_FAMILY)},
    "display.colour_scheme": {"GET": everybody(PAGE), "POST": everybody(TO_SCHEME)},
    "display.large_text": {"POST": everybody(BACK_TO_SWITCH)},
    "health.live": {"GET": everybody(PAGE)},
    "health.ready": {"GET": everybody(PAGE)},
    "help.guide": {"GET": everybody(PAGE)},
    "help.index": {"GET": everybody(PAGE)},
    "landing.erased": {"GET": by_sign_in(PAGE, HOME)},
    "landing.index": {"GET": by_sign_in(PAGE, HOME)},
    "metrics.index": {"GET": everybody(NO_TOKEN)},
    "outbox_preview.email": {"GET": everybody(PAGE)},
    "outbox_preview.index": {"GET": everybody(PAGE)},
    "password_change.well_known": {"GET": everybody(TO_PASSWORD_CHANGE)},
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
    "regions.details": {"GET": everybody(TO_LANDING)},
    "regions.found": {"GET": everybody(TO_LANDING)},
    "regions.postal_code": {"GET": everybody(TO_LANDING)},
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
    "registration.questions_closed": {"GET": everybody(TO_REGISTRATION)},
    "reports.content_security": {"POST": everybody(TAKEN)},
    "saved_username.not_me": {"POST": everybody(TO_SIGN_IN)},
    "sign_out.erase": {"POST": everybody(ERASED)},
    "sign_in.index": {"GET": by_sign_in(PAGE, HOME), "POST": by_sign_in(ERRORS, HOME)},
    "sign_in.other_number": {"POST": everybody(TO_OTHER_NUMBER)},
    "sign_in.passkey": {"POST": everybody(UNREADABLE)},
    "sign_in.passkey_options": {"POST": everybody(PAGE)},
    "terms.index": {"GET": everybody(PAGE)},
    "terms.biometrics": {"GET": everybody(PAGE)},
}

# Only what differs from `by_default`: everybody's own page, and its form.
PRIVATE: dict[str, dict[str, Access]] = {
    "card.details": {"GET": signed_in(TO_PIN)},
    "card.large": {"GET": signed_in(TO_PIN)},
    "card.member": {"GET": family(PAGE)},
    "devices.end": {"POST": owner(TO_DEVICES)},
    "devices.end_others": {"POST": signed_in(TO_DEVICES)},
    # Nobody here is in limited mode; test_recovery_by_answers shows what the route does.
    "limited_mode.code": {"GET": signed_in(TO_LIMITED_MODE), "POST": signed_in(TO_LIMITED_MODE)},
    "limited_mode.index": {"GET": signed_in(HOME), "POST": signed_in(HOME)},
    "notifications.read": {"POST": owner(TO_ONE_NEWS)},
    "notifications.read_all": {"POST": signed_in(TO_NEWS)},
    "participant_info.cancel": {"GET": family(PAGE), "POST": family(TO_MEMBER)},
    "participant_info.details": {"GET": signed_in(TO_PIN)},
    "participant_info.member": {"GET": family(PAGE)},
    # Nobody here has begun an enrolment; test_passkey_enrolment shows what the routes do.
    "passkeys.begin": {"GET": signed_in(PAGE), "POST": signed_in(TO_PASSKEY_START)},
    "passkeys.later": {"POST": signed_in(HOME)},
    "passkeys.offered": {"POST": signed_in(TAKEN)},
    "passkeys.name": {"GET": owner(PAGE), "POST": owner(TO_PASSKEYS)},
    "passkeys.remove": {"GET": owner(PAGE), "POST": owner(TO_PASSKEYS)},
    "passkeys.turn_off": {"POST": signed_in(TO_PROFILE_ROW)},
    "passkeys.turn_on": {"POST": signed_in(TO_PASSKEY_START)},
    # Nobody here has a PIN; test_pin and test_step_up show what the routes do.
    "pin.index": {"GET": signed_in(TO_NEW_PIN), "POST": signed_in(TO_NEW_PIN)},
    "pin.unlock": {"GET": signed_in(TO_NEW_PIN), "POST": signed_in(TO_NEW_PIN)},
    # Nobody's phone has a key; test_passkey_proofs shows what the routes do.
    "pin.unlock_by_passkey": {"POST": signed_in(UNREADABLE)},
    "pin.unlock_options": {"POST": signed_in(TO_STEP_UP)},
    "profile.details": {"GET": signed_in(TO_PIN)},
    # All have just signed in; test_reauthentication shows what is asked later.
    "reauthentication.index": {"GET": signed_in(TO_PROFILE), "POST": signed_in(TO_PROFILE)},
    "reauthentication.passkey": {"POST": signed_in(UNREADABLE)},
    "reauthentication.passkey_options": {"POST": signed_in(TO_CONFIRMATION)},
    "saved_username.switch": {"POST": signed_in(TO_PROFILE_ROW)},
    "session_end.index": {"GET": signed_in(SESSION_PART)},
    "session_end.prolong": {"POST": signed_in(SESSION_PART)},
    "sign_out.index": {"GET": signed_in(PAGE), "POST": signed_in(SIGNED_OUT)},
}

# The only endpoints that exist in development alone.
IN_DEVELOPMENT = {"outbox_preview.email", "outbox_preview.index"}

# The only endpoints without a CSRF token: browsers send to them by themselves.
WITHOUT_TOKEN = {"reports.content_security"}


def by_default(app: Flask, rule: Rule) -> dict[str, Access]:
    """The access of a route that is not listed: it needs a sign-in, and shows each person their own
    page and form. A step of a journey that nobody has begun leads to its start. Routes with an id
    and routes for POST only have to be listed."""
    offered = (rule.methods or set()) - {"HEAD", "OPTIONS"}
    flow = flows_of(app).get(rule.endpoint.partition(".")[0])
    if flow and is_step(app, rule.endpoint) and not rule.arguments:
        to_start = Outcome("to the start of the journey", 303, _path(app, flow.start))
        return dict.fromkeys(offered, signed_in(to_start))
    if rule.arguments or "GET" not in offered:
        return {}
    return {it: signed_in(PAGE if it == "GET" else ERRORS) for it in offered}


def _path(app: Flask, endpoint: str) -> str:
    return app.url_map.bind("localhost").build(endpoint)


def whole_table(app: Flask) -> dict[str, dict[str, Access]]:
    """The access of every endpoint."""
    rules = {it.endpoint: it for it in app.url_map.iter_rules()}
    listed = PUBLIC | PRIVATE
    return {name: by_default(app, rule) for name, rule in rules.items()} | listed
