"""What every form inherits: fields, and the token against forged requests."""

from flask_wtf import FlaskForm

# A server that is busy with hashing looks at nothing; what was typed stays.
BUSY = "Sedang ramai. Tunggu sebentar, lalu coba lagi"


# The library comes without types; this is the one place that says so.
class Form(FlaskForm):  # type: ignore[misc]
    """Reads what was sent and says in words what is missing."""
