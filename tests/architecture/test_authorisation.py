"""Who may do what, for every endpoint of the URL map (ASVS 3.5.1, 8.2.1, 8.2.2, 8.3.1)."""

import zlib
from collections.abc import Callable

import pytest
from flask import Flask, abort, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from jkn.database import session
from jkn.extensions import csrf
from jkn.models import Participant
from jkn.services.membership.member_cards import family_of
from jkn.web.access import public, refuse_foreign
from jkn.web.visitor import account
from tests.support.rules.access_matrix import Matrix
from tests.support.rules.access_table import (
    IN_DEVELOPMENT,
    PAGE,
    PRIVATE,
    PUBLIC,
    by_default,
    family,
    whole_table,
)
from tests.support.world.factories import make_facility

on_sqlite = pytest.mark.parametrize("database_copies", ["sqlite"], indirect=True)


def public_endpoints(app: Flask) -> set[str]:
    views = app.view_functions.items()
    return {endpoint for endpoint, view in views if getattr(view, "is_public", False)}


@on_sqlite
def test_the_public_endpoints_are_these(app: Flask) -> None:
    assert public_endpoints(app) == set(PUBLIC)


# Routes that write need full access and a recent authentication, except those marked here: they
# change nothing that matters, or ask for a proof themselves. Some routes that only show something
# are closed in limited mode or need a step-up.
MARKED = {
    "is_unguarded": {"limited_mode.code", "limited_mode.index", "notifications.read",
                     "notifications.read_all", "passkeys.later", "passkeys.offered",
                     "reauthentication.index", "reauthentication.passkey",
                     "reauthentication.passkey_options", "saved_username.switch",
                     "session_end.prolong", "sign_out.index"},
    "guards_itself": {"passkeys.begin", "passkeys.create", "passkeys.options", "passkeys.turn_on",
                      "password_change.index", "pin.create", "pin.unlock",
                      "pin.unlock_by_passkey", "pin.unlock_options"},
    "is_sensitive": {"card.details", "card.large", "card.own_large", "participant_info.details",
                     "profile.details"},
    "needs_pin": {"card.details", "card.large", "participant_info.details", "profile.details"},
    "is_passive": {"passkeys.offered", "session_end.index"},
}  # fmt: skip


@on_sqlite
@pytest.mark.parametrize("mark", MARKED)
def test_the_endpoints_that_ask_for_more_are_these(app: Flask, mark: str) -> None:
    views = app.view_functions.items()
    assert {endpoint for endpoint, view in views if getattr(view, mark, False)} == MARKED[mark]


@on_sqlite
@pytest.mark.settings(env="production", base_url="https://jkn.example")
def test_in_production_they_are_the_same_but_for_development(app: Flask) -> None:
    assert public_endpoints(app) == set(PUBLIC) - IN_DEVELOPMENT


@pytest.mark.timeout(600)
@pytest.mark.parametrize("with_htmx", [False, True], ids=["as_browser", "as_htmx"])
def test_everybody_gets_what_is_listed_and_nothing_else(
    app: Flask, pytestconfig: pytest.Config, with_htmx: bool
) -> None:
    """Each endpoint is asked for as every actor, one half with htmx and the other without, which
    halves changes with the actor; `--thorough` asks in both ways."""

    def is_asked(endpoint: str, actor: str) -> bool:
        in_turn = zlib.crc32(endpoint.encode()) + Matrix.ACTORS.index(actor)
        return pytestconfig.getoption("thorough") or in_turn % 2 == with_htmx

    matrix = Matrix(app, with_htmx=with_htmx, is_asked=is_asked)
    assert matrix.findings(whole_table(app)) == []


# Tests of the matrix itself: each of these routes has a hole, which it must find


def is_foreign(member_id: int) -> bool:
    return member_id not in {it.id for it in family_of(account())}


def well_guarded(member_id: int) -> Response | str:
    return refuse_foreign() if is_foreign(member_id) else "kartu"


def shown_to_everybody_signed_in(member_id: int) -> str:
    return "kartu"


@public
def shown_to_everybody(member_id: int) -> str:
    return "kartu"


@csrf.exempt
def without_token(member_id: int) -> Response | str:
    return well_guarded(member_id)


def not_recorded(member_id: int) -> str:
    if is_foreign(member_id):
        abort(404)
    return "kartu"


def changed_before_it_is_refused(member_id: int) -> Response | str:
    if is_foreign(member_id):
        make_facility()
    return well_guarded(member_id)


def changed_by_looking(member_id: int) -> Response | str:
    if request.method == "GET" and not is_foreign(member_id):
        make_facility()
    return well_guarded(member_id)


def told_apart(member_id: int) -> Response | str:
    try:
        return well_guarded(member_id)
    except NotFound:
        is_somebodys = session.get(Participant, member_id) is not None
        return Response("Bukan keluarga Anda" if is_somebodys else "Tidak ada", 404)


@on_sqlite
@pytest.mark.parametrize(
    ("view", "finding"),
    [
        (shown_to_everybody, "GET as anonymous got (200, None), not sent to Masuk"),
        (shown_to_everybody_signed_in, "GET as b got (200, None), not not found"),
        (without_token, "POST as a2 with the token 'made-up' got (200, None), not refused"),
        (not_recorded, "as b left the events [], not 6"),
        (changed_before_it_is_refused, "as b, refused or only looking, changed facilities: 0 gone"),
        (changed_by_looking, "as a2, refused or only looking, changed facilities: 0 gone, 1 new"),
        (told_apart, "POST as b: what is not theirs reads unlike what does not exist"),
    ],
)
def test_a_hole_is_found(
    own_app: Flask, view: Callable[[int], Response | str], finding: str
) -> None:
    row = {"GET": family(PAGE), "POST": family(PAGE)}
    own_app.add_url_rule("/hole/<int:member_id>", "hole", view, methods=["GET", "POST"])
    found = Matrix(own_app).findings(whole_table(own_app) | {"hole": row}, only="hole")
    assert finding in "\n".join(found)


@on_sqlite
def test_a_route_without_hole_is_not_found_fault_with(own_app: Flask) -> None:
    row = {"GET": family(PAGE), "POST": family(PAGE)}
    own_app.add_url_rule("/hole/<int:member_id>", "hole", well_guarded, methods=["GET", "POST"])
    assert Matrix(own_app).findings(whole_table(own_app) | {"hole": row}, only="hole") == []


@on_sqlite
def test_what_is_named_by_an_id_or_only_written_is_not_left_out(own_app: Flask) -> None:
    own_app.add_url_rule("/hole/<int:member_id>", "hole", well_guarded)
    own_app.add_url_rule("/button", "button", well_guarded, methods=["POST"])
    assert Matrix(own_app).findings(whole_table(own_app)) == [
        "hole offers ['GET'], listed are []",
        "button offers ['POST'], listed are []",
    ]


@on_sqlite
def test_no_row_says_what_holds_anyway(app: Flask) -> None:
    rules = {it.endpoint: it for it in app.url_map.iter_rules()}
    assert [name for name, row in PRIVATE.items() if row == by_default(app, rules[name])] == []


@on_sqlite
def test_rows_and_routes_must_agree(app: Flask) -> None:
    matrix = Matrix(app)
    table = whole_table(app)
    without = {name: row for name, row in table.items() if name != "card.member"}
    assert matrix.findings(without) == ["card.member offers ['GET'], listed are []"]
    without_post = {**table, "sign_out.index": {"GET": table["sign_out.index"]["GET"]}}
    assert matrix.findings(without_post) == [
        "sign_out.index offers ['GET', 'POST'], listed are ['GET']"
    ]
    too_many = {**table, "card.gone": {"GET": family(PAGE)}}
    assert matrix.findings(too_many) == ["card.gone is listed, but there is no such endpoint"]
