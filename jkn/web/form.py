"""What every form inherits: fields, and the token against forged requests."""

from collections.abc import Callable

from flask_wtf import FlaskForm
from wtforms import Field, ValidationError

# Said when too many passwords are being hashed: nothing was judged, and what was typed stays.
BUSY = "Sedang ramai. Tunggu sebentar, lalu coba lagi"


# The library comes without types; only this line has to say so.
class Form(FlaskForm):  # type: ignore[misc]
    """The base class of all forms."""


class TypedTwice:
    """Checks that a field says the same as `other`, compared in the form that the service judges,
    since the same may be typed in two ways."""

    def __init__(self, other: str, words: str, in_one_form: Callable[[str], str]) -> None:
        self._other = other
        self._words = words
        self._in_one_form = in_one_form

    def __call__(self, form: Form, field: Field) -> None:
        first, again = (self._in_one_form(it.data or "") for it in (form[self._other], field))
        if first != again:
            raise ValidationError(self._words)
