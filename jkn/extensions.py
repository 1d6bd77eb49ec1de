"""The Flask extensions, made here and bound in `create_app`."""

from flask_compress import Compress
from flask_htmx import HTMX
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect

compress = Compress()
csrf = CSRFProtect()
htmx = HTMX()
login_manager = LoginManager()
