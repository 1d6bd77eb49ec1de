"""Arrivals: functions that make a person and lead their browser to a page in the middle of a
journey.

They are marked with `@ends_on`, in any module of this folder named `…_steps`, so tests of all such
pages find them without a list."""

import importlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from flask import Flask

from jkn.models import Journey
from jkn.web.flows import Flow
from tests.support.clients.page_client import PageClient

Arrival = TypeVar("Arrival", bound=Callable[[PageClient], object])

_arrivals: dict[str, Callable[[PageClient], object]] = {}


def ends_on(path: str) -> Callable[[Arrival], Arrival]:
    """Mark an arrival with the page on which it ends. Where one page looks in two ways, a query
    that the app does not know tells them apart."""

    def remember(arrival: Arrival) -> Arrival:
        _arrivals[path] = arrival
        return arrival

    return remember


def every_arrival() -> Mapping[str, Callable[[PageClient], object]]:
    """All arrivals, by the page on which they end."""
    for module in sorted(Path(__file__).parent.glob("*_steps.py")):
        importlib.import_module(f"{__package__}.{module.stem}")
    return _arrivals


def flows_of(app: Flask) -> dict[str, Flow[Journey]]:
    """The flows, by the name of the blueprint that has their pages."""
    marked = {name: getattr(view, "flow", None) for name, view in app.view_functions.items()}
    return {name.partition(".")[0]: flow for name, flow in marked.items() if flow}


def table_at(app: Flask, path: str) -> str | None:
    """The table of the journey whose step this page is; None: it is no step."""
    endpoint = app.url_map.bind("localhost").match(path.partition("?")[0])[0]
    flow: Flow[Journey] | None = getattr(app.view_functions[endpoint], "flow", None)
    return flow.kind.__tablename__ if flow else None


def is_step(app: Flask, endpoint: str) -> bool:
    """Whether this endpoint is a step of a journey."""
    return hasattr(app.view_functions[endpoint], "flow")
