"""How somebody of their own comes to a page in the middle of a journey.

A function that brings a browser there says so with `@ends_on`, in any module of this folder that is
called `…_steps`; whoever goes through all such pages finds it by itself.
"""

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
    """The page that it ends on."""

    def remember(arrival: Arrival) -> Arrival:
        _arrivals[path] = arrival
        return arrival

    return remember


def every_arrival() -> Mapping[str, Callable[[PageClient], object]]:
    """By the page that they end on."""
    for module in sorted(Path(__file__).parent.glob("*_steps.py")):
        importlib.import_module(f"{__package__}.{module.stem}")
    return _arrivals


def flows_of(app: Flask) -> dict[str, Flow[Journey]]:
    """By its blueprint, the journey whose pages are there."""
    marked = {name: getattr(view, "flow", None) for name, view in app.view_functions.items()}
    return {name.partition(".")[0]: flow for name, flow in marked.items() if flow}


def table_at(app: Flask, path: str) -> str | None:
    """Of the journey that this page is a step of."""
    endpoint = app.url_map.bind("localhost").match(path)[0]
    flow: Flow[Journey] | None = getattr(app.view_functions[endpoint], "flow", None)
    return flow.kind.__tablename__ if flow else None


def is_step(app: Flask, endpoint: str) -> bool:
    """Whether it is open in the middle of a journey alone."""
    return hasattr(app.view_functions[endpoint], "flow")
