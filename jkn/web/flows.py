"""A journey of several steps. Its state is a row; the browser holds the row's token, and the row's
stage is the only judge of where somebody is (security.md R62)."""

import functools
from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from typing import Concatenate, Generic, ParamSpec, TypeVar

from flask import request, session, url_for
from werkzeug.wrappers import Response

from jkn.database import is_of_this_release
from jkn.models import Journey
from jkn.services.journeys import journeys
from jkn.web.access import marked, note_out_of_order
from jkn.web.browser_session import JOURNEY
from jkn.web.rendering import leave_for
from jkn.web.visitor import account

P = ParamSpec("P")
Row = TypeVar("Row", bound=Journey)
S = TypeVar("S", bound=StrEnum)
Step = Callable[Concatenate[Row, P], Response]


class Flow(Generic[Row]):
    """`kind`: of the rows. `pages`: the endpoint where each stage goes on. `start`: where all
    begin. `alternatives`: stages to choose among, which may be left for each other. A journey of
    somebody signed in goes on after a session that expired."""

    def __init__(
        self,
        kind: type[Row],
        pages: Mapping[S, str],
        start: str,
        *,
        alternatives: Collection[StrEnum] = (),
    ) -> None:
        name = kind.__tablename__
        self._name = f"{JOURNEY}{name}" if kind.OF_ACCOUNT else name
        self._was_over = f"{name}_was_over"
        self.kind, self.start = kind, start
        self._pages: Mapping[StrEnum, str] = dict(pages.items())
        self._alternatives = alternatives

    @property
    def token(self) -> str | None:
        """Of the row that this browser is at; None: it has begun nothing."""
        return session.get(self._name)

    def begin(self, token: str) -> None:
        """From now on this browser is at the row of this token."""
        session[self._name] = token

    def was_over(self) -> bool:
        """True once after somebody was sent to the start because the time was over, or because
        something else had ended it."""
        return bool(session.pop(self._was_over, False))

    def at(self, *stages: StrEnum) -> Callable[[Step[Row, P]], Callable[P, Response]]:
        """Mark a step that is open at these stages, and is handed the row; everybody else is sent
        to where they are."""

        def guard(view: Step[Row, P]) -> Callable[P, Response]:
            @functools.wraps(view)
            def step(*args: P.args, **kwargs: P.kwargs) -> Response:
                row = self._find()
                if row is None:
                    if session.pop(self._name, None) is not None:
                        session[self._was_over] = True
                    elif request.method == "POST":
                        note_out_of_order()
                    return leave_for(url_for(self.start))
                if not is_of_this_release(row):
                    # Its row stays, for the servers that know how it goes on.
                    return leave_for(url_for(self.start))
                stage = journeys.stage_of(row)
                if stage not in stages:
                    # What was passed already is sent again by a second tap, or by another tab.
                    if request.method == "POST" and self._is_passed_over(stage, stages):
                        note_out_of_order()
                    return leave_for(url_for(self._pages[stage]))
                return view(row, *args, **kwargs)

            return marked(step, "flow", self)

        return guard

    def _find(self) -> Row | None:
        if not self.token:
            return None
        whose = account().id if self.kind.OF_ACCOUNT else None
        return journeys.find(self.kind, self.token, whose)

    def _is_passed_over(self, stage: StrEnum, stages: Collection[StrEnum]) -> bool:
        """Whether somebody at `stage` is not yet at any of `stages`: they stand in the order in
        which they are reached."""
        if stage in self._alternatives and not set(stages).isdisjoint(self._alternatives):
            return False
        order = list(type(stage))
        return order.index(stage) < min(order.index(it) for it in stages)
