"""GET and HEAD never change state; the times somebody was last seen are the one exception."""

from typing import Any

from sqlalchemy import inspect, select

from jkn.database import Base, session
from tests.blueprints.journeys import sign_in
from tests.support.factories import make_account, make_family, make_participant
from tests.support.page_client import PageClient


def everything() -> dict[str, list[tuple[Any, ...]]]:
    session.rollback()
    return {
        table.name: [
            tuple(row)
            for row in session.execute(
                select(*[it for it in table.columns if it.name != "last_used_at"]).order_by(
                    *inspect(table).primary_key
                )
            )
        ]
        for table in Base.metadata.sorted_tables
    }


def addresses(client: PageClient, ids: dict[str, int]) -> list[str]:
    return [
        client.app.url_map.bind("localhost").build(
            rule.endpoint,
            {name: ids.get(name, "masuk") for name in rule.arguments},
        )
        for rule in client.app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
    ]


def test_reading_every_page_twice_changes_nothing(client: PageClient) -> None:
    family = make_family()
    own, spouse = make_participant(family), make_participant(family)
    sign_in(client, make_account(own))
    before = everything()
    seen = addresses(client, {"member_id": spouse.id})
    assert "/beranda" in seen
    for address in seen * 2:
        client.get(address)
        client.app.test_client().head(address)
    assert everything() == before
