"""What every form inherits: fields, and the token against forged requests."""

from flask_wtf import FlaskForm

# Said when too many passwords are being hashed: nothing was judged, and what was typed stays.
BUSY = "Sedang ramai. Tunggu sebentar, lalu coba lagi"


# The library comes without types; only this line has to say so.
class Form(FlaskForm):  # type: ignore[misc]
    """The base class of all forms."""
