"""The pages of a journey of several steps. The state of a journey is a row, and the browser holds
its token. Only the row's stage decides which step somebody is at (security.md R62)."""

import functools
from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from typing import Concatenate, Generic, ParamSpec, TypeVar

from flask import request, session, url_for
from werkzeug.wrappers import Response

from jkn.database import is_of_this_release
from jkn.models import Journey
from jkn.services.journeys import journeys, repeats
from jkn.web.access import View, marked, note_out_of_order
from jkn.web.browser_session import journey_name
from jkn.web.rendering import leave_for
from jkn.web.visitor import account, sent

# Stands in the address of the page before a journey's first step, where *Kembali* leads there: what
# was typed is filled in again. Whoever only opens that page begins with an empty form.
_FILL_IN, AGAIN = "isi", "lagi"

P = ParamSpec("P")
Row = TypeVar("Row", bound=Journey)
S = TypeVar("S", bound=StrEnum)
Step = Callable[Concatenate[Row, P], Response]


def comes_back() -> bool:
    """Whether somebody has come back by *Kembali* to the page before a journey's first step."""
    return request.args.get(_FILL_IN) == AGAIN


class Flow(Generic[Row]):
    """`kind`: the class of the rows. `pages`: the endpoint where each stage goes on. `start`: the
    endpoint where the journey begins. `alternatives`: stages to choose among; people may change
    from one to another. `asks_again`: the endpoint of the form that has given this row a new token;
    None: none that can be asked for again. A journey of somebody signed in outlives an expired
    session."""

    def __init__(
        self,
        kind: type[Row],
        pages: Mapping[S, str],
        start: str,
        *,
        alternatives: Collection[StrEnum] = (),
        asks_again: Callable[[Row], str | None] = lambda _: None,
    ) -> None:
        self._name = journey_name(kind)
        self._was_over = f"{kind.__tablename__}_was_over"
        self.kind, self.start = kind, start
        self._pages: Mapping[StrEnum, str] = dict(pages.items())
        self._alternatives = alternatives
        self._asks_again = asks_again

    @property
    def token(self) -> str | None:
        """The token of this browser's row; None: no journey was begun here."""
        return session.get(self._name)

    def has_left(self, row: Row) -> bool:
        """Whether the row went on without this browser, which is asked for the form once more."""
        return self.token is not None and journeys.was_left_by(row, self.token)

    def begin(self, token: str) -> None:
        """Bind this browser to the row of this token."""
        session[self._name] = token

    def was_over(self) -> bool:
        """Whether somebody was sent to the start because the journey had expired or been ended.
        True once, for the notice on the start page."""
        return bool(session.pop(self._was_over, False))

    def find_again(self, token: str | None = None) -> Row | None:
        """The row that this very request has moved on before, when its answer got lost; this
        browser then holds its token. `token`: that was sent, by default this browser's."""
        old_token = token or self.token
        if request.method != "POST" or not old_token:
            return None
        rotated = repeats.find(self.kind, old_token, sent())
        if rotated is None:
            return None
        self.begin(rotated)
        return self._find()

    def begins(self, view: View) -> View:
        """Mark a form that begins the journey and gives the session a new token."""
        return marked(view, "begins", self)

    def find_begun(self) -> Row | None:
        """The row that this very request has begun before, when its answer got lost, or that it
        went on with."""
        token = repeats.next_token(self.kind, sent())
        if journeys.find(self.kind, token, account().id) is not None:
            self.begin(token)
        return self._find()

    def page_of(self, row: Row) -> Response:
        """Lead to the page of the row's stage."""
        return leave_for(url_for(self._pages[journeys.stage_of(row)]))

    def row_at(self, *stages: StrEnum) -> Row | None:
        """This browser's row, for the page before its first step; None: there is none, or it is at
        another stage. Nobody is sent anywhere."""
        row = self._find()
        is_known = row is not None and is_of_this_release(row)
        return row if is_known and row is not None and journeys.stage_of(row) in stages else None

    def at(self, *stages: StrEnum) -> Callable[[Step[Row, P]], Callable[P, Response]]:
        """Mark a step that is open at these stages and is handed the row. Somebody at another stage
        is sent to the page of that stage."""

        def guard(view: Step[Row, P]) -> Callable[P, Response]:
            @functools.wraps(view)
            def step(*args: P.args, **kwargs: P.kwargs) -> Response:
                token, row = self.token, self._find()
                is_again = row is None and (row := self.find_again()) is not None
                if row is None and (left := self._find_left()) and (page := self._asks_again(left)):
                    # The answer got lost, and now somebody looks at a page: they send it again.
                    if request.endpoint == page:
                        return view(left, *args, **kwargs)
                    return leave_for(url_for(page))
                if row is None:
                    if session.pop(self._name, None) is not None:
                        session[self._was_over] = True
                    elif request.method == "POST":
                        note_out_of_order()
                    return leave_for(url_for(self.start))
                if not is_of_this_release(row):
                    # The row stays as it is: servers of the newer release know how it goes on.
                    return leave_for(url_for(self.start))
                if is_again:
                    return self.page_of(row)
                stage = journeys.stage_of(row)
                if stage not in stages:
                    # A step that was passed already may be sent again by a double tap or by
                    # another tab, so only a step that is not reached yet is out of order.
                    if request.method == "POST" and self._is_passed_over(stage, stages):
                        note_out_of_order()
                    return self.page_of(row)
                answer = view(row, *args, **kwargs)
                # A copy of this request may have been faster: then both lead to the same page.
                if self.token == token and self._find() is None and (row := self.find_again()):
                    return self.page_of(row)
                return answer

            return marked(step, "flow", self)

        return guard

    def _find(self) -> Row | None:
        return journeys.find(self.kind, self.token, self._whose()) if self.token else None

    def _find_left(self) -> Row | None:
        """The row that had this browser's token until a moment ago, for somebody who looks at a
        page."""
        if request.method == "POST" or not self.token:
            return None
        return journeys.find_left(self.kind, self.token, self._whose())

    def _whose(self) -> int | None:
        return account().id if self.kind.OF_ACCOUNT else None

    def _is_passed_over(self, stage: StrEnum, stages: Collection[StrEnum]) -> bool:
        """Whether `stage` comes before all of `stages`: an enum lists its stages in the order in
        which they are reached."""
        # A journey that was revived goes back, and its form may come again.
        if self.kind.EXPIRED in stages:
            return False
        if stage in self._alternatives and not set(stages).isdisjoint(self._alternatives):
            return False
        order = list(type(stage))
        return order.index(stage) < min(order.index(it) for it in stages)
