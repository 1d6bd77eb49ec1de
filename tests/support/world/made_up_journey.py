"""A journey that the product does not have. Tests use it to show what holds for every journey,
since no line of the product can be written for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from flask import Blueprint, request, url_for
from sqlalchemy import Table
from werkzeug.wrappers import Response

from jkn.database import Base, session, transaction, transactional
from jkn.models import Journey
from jkn.services.journeys import journeys
from jkn.web.flows import Flow
from jkn.web.rendering import leave_for
from jkn.web.visitor import account


class Stage(StrEnum):
    FIRST = "first"
    SECOND = "second"
    DONE = "done"


class MadeUpJourney(Journey):
    """A journey of somebody signed in."""

    __tablename__ = "made_up_journeys"

    STAGES = Stage


# The table exists only in tests that ask for it, since no migration makes it.
_TABLE: Table = Base.metadata.tables[MadeUpJourney.__tablename__]
Base.metadata.remove(_TABLE)
Journey.kinds.remove(MadeUpJourney)


@contextmanager
def made_up_journeys() -> Iterator[None]:
    """In this block the product has this journey, and the test's database its table."""
    with transaction():
        _TABLE.create(session.connection())
    Journey.kinds.append(MadeUpJourney)
    try:
        yield
    finally:
        Journey.kinds.remove(MadeUpJourney)
        session.remove()
        with transaction():
            _TABLE.drop(session.connection())


def made_up_pages() -> Blueprint:
    """Its pages, without any mark of `jkn.web.access`, as a newcomer would write them. Kartu stands
    for the page of the first step, Profil for that of the second."""
    pages = Blueprint("two_steps", __name__, url_prefix="/dua-langkah")
    flow = Flow(
        MadeUpJourney,
        {Stage.FIRST: "two_steps.first", Stage.SECOND: "two_steps.second"},
        start="two_steps.start",
    )

    @pages.route("", methods=["GET", "POST"])
    def start() -> Response:
        flow.begin(begun(account().id))
        return leave_for(url_for("two_steps.first"))

    @pages.route("/satu", methods=["GET", "POST"])
    @flow.at(Stage.FIRST)
    def first(journey: MadeUpJourney) -> Response:
        if request.method == "POST":
            _move_on(journey)
            return leave_for(url_for("two_steps.second"))
        return leave_for(url_for("card.index"))

    @pages.route("/dua", methods=["GET", "POST"])
    @flow.at(Stage.SECOND)
    def second(_journey: MadeUpJourney) -> Response:
        return leave_for(url_for("profile.index"))

    return pages


@transactional
def begun(account_id: int) -> str:
    """Begin a journey; returns its token."""
    return journeys.begin(MadeUpJourney(account_id=account_id, stage=Stage.FIRST))


@transactional
def _move_on(seen: MadeUpJourney) -> None:
    held = journeys.hold(seen, Stage.FIRST)
    assert held is not None
    journeys.advance(held, Stage.SECOND)
