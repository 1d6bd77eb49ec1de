"""What a phone signed, as every form sends it, and the words when it is refused."""

from dataclasses import dataclass
from typing import Any

from flask import jsonify
from werkzeug.wrappers import Response
from wtforms import HiddenField

from jkn.models import Account
from jkn.services.passkeys import passkey_devices, webauthn
from jkn.services.passkeys.passkey_ceremonies import CeremonyRefusal
from jkn.web.form import Form

_WHY_NOT = {
    CeremonyRefusal.UNREADABLE: "Jawaban HP ini tidak terbaca. Coba lagi, atau pakai cara lain",
    CeremonyRefusal.EXPIRED: "Waktunya habis. Tekan tombolnya sekali lagi",
}
_REFUSED = "Belum berhasil. Coba lagi, atau pakai cara lain"
NOBODYS = "Belum ada akun dengan sidik jari HP ini. Pakai cara lain"


class PasskeyForm(Form):
    """Filled in by the phone, never typed. `problem`: the words of a refusal."""

    problem = ""

    credential = HiddenField()

    def say_why_not(self, outcome: CeremonyRefusal, refused: str = _REFUSED) -> int:
        """Put the refusal into words. An unknown key and one that is not genuine get the same
        words, `refused` (security.md R38). Returns the answer's status."""
        self.problem = _WHY_NOT.get(outcome, refused)
        return 400 if outcome is CeremonyRefusal.UNREADABLE else 422


@dataclass(frozen=True)
class Signals:
    """What the phone's own list of keys may be told: which keys are still valid, and what their
    owner is called (W3C Web Authentication Level 3, 5.1.10)."""

    rp_id: str
    user_id: str
    ids: str
    name: str


def signals_of(owner: Account) -> Signals | None:
    """None when no phone ever made a key for the account."""
    if owner.user_handle is None:
        return None
    ids = (webauthn.as_text(it.credential_id) for it in passkey_devices.known(owner.id))
    return Signals(webauthn.rp_id(), webauthn.as_text(owner.user_handle), " ".join(ids), owner.name)


def as_options(options: dict[str, Any]) -> Response:
    """The options as JSON, which the page's script hands to the phone."""
    answer: Response = jsonify(options)
    return answer
