"""The application object for WSGI servers and the flask command; `python app.py` serves it."""

from jkn import create_app
from jkn.server import serve

if __name__ == "__main__":
    serve()
else:
    app = create_app()
