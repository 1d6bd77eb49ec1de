"""What pages are compared with, served by the same process as the app, under `/bare`.

`/bare/empty`: a Flask view that returns nothing. `/bare/page?lines=N`: a page in the style of
Flask's tutorial. It reads one row through the ORM and renders a template with a layout and a list
of N links; `Flask-Compress` compresses it. Neither has a session, access rules or security headers.
`/bare/process`: the id of the process that serves all this.
"""

import os

from flask import Flask, render_template, request
from flask_compress import Compress
from jinja2 import DictLoader
from sqlalchemy import select
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from jkn import create_app
from jkn.database import session
from jkn.models import Facility
from jkn.server import serve

PROGRAM = ("-m", "benchmarks.bare")

_TEMPLATES = {
    "layout.html": """<!doctype html>
<html lang="id">
<head><meta charset="utf-8"><title>{% block title %}{% endblock %}</title></head>
<body><main>{% block content %}{% endblock %}</main></body>
</html>""",
    "page.html": """{% extends "layout.html" %}
{% block title %}{{ row.name }}{% endblock %}
{% block content %}
<h1>{{ row.name }}</h1>
<ul class="list">
{% for number in range(lines) %}
<li><a class="row" href="{{ url_for("page", lines=number) }}">
<span class="row-title">{{ row.name }}</span>
<span class="row-note">{{ row.address }}</span>
</a></li>
{% endfor %}
</ul>
{% endblock %}""",
}


def bare_app() -> Flask:
    """An app with these views and nothing else."""
    app = Flask(__name__, static_folder=None)
    app.jinja_loader = DictLoader(_TEMPLATES)
    Compress(app)

    @app.get("/empty")
    def empty() -> str:
        return ""

    @app.get("/page")
    def page() -> str:
        row = session.scalars(select(Facility).limit(1)).one()
        return render_template("page.html", row=row, lines=int(request.args["lines"]))

    @app.get("/process")
    def process() -> str:
        return str(os.getpid())

    @app.teardown_appcontext
    def give_connection_back(_error: BaseException | None) -> None:
        session.remove()

    return app


if __name__ == "__main__":
    serve("benchmarks.bare:app")
else:
    app = DispatcherMiddleware(create_app(), {"/bare": bare_app()})
