"""Weighs the pages and files that have a budget, on a running app, and judges them.

`tests/support/rules/budgets.py` holds the budgets and the reasons for them.
"""

from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import update

from benchmarks.measure import Visitor, print_table, signed_in
from benchmarks.weight import Weight, cold, warm
from jkn import create_app
from jkn.assets import Assets
from jkn.database import session
from jkn.models import SignInSession
from jkn.services.basics import clock
from tests.support.clients.markup import Document
from tests.support.rules import budgets
from tests.support.world.connected import close_session, settings_for
from tests.support.world.queries import QueryCounter
from tests.support.world.running_app import RunningApp

PUBLIC = {
    "Landing": "/",
    "Masuk": "/masuk",
    "Bantuan": "/bantuan",
    "Faskes": "/faskes",
    "Luring": "/luring",
    "404": "/ini-tidak-ada",
}
PRIVATE = {
    "Beranda": "/beranda",
    "Kartu": "/kartu",
    "Profil": "/profil",
    "Perangkat": "/profil/perangkat",
    "Riwayat": "/profil/aktivitas",
    "Lainnya": "/lainnya",
    "Keluar": "/keluar",
}


@dataclass(frozen=True)
class Page:
    """`queries`: how many as usual, and how many for a person who was not seen for a minute."""

    name: str
    cold: Weight
    warm: Weight
    queries: tuple[int, int]

    @property
    def is_public(self) -> bool:
        """Whether anybody can open it without signing in."""
        return self.name in PUBLIC


@dataclass(frozen=True)
class Weights:
    """`files`: the bytes of the files' bodies, by the name of their budget."""

    pages: list[Page]
    files: dict[str, int]


def weigh(app: RunningApp, persona: str) -> Weights:
    """Visit every page with fresh browsers and count the statements of each."""
    with closing(signed_in(app.url, app.identity(persona))) as person, _Inside(app) as inside:
        pages = []
        for name, path in (PUBLIC | PRIVATE).items():
            # As fresh as possible: with no cookies, or with those of signing in.
            visitor = person.copy() if name in PRIVATE else person.stranger()
            with closing(visitor):
                queries = inside.queries(path, visitor.cookies.header())
                first = cold(visitor, path)
                visitor.get("/")  # Before a second visit a browser has seen a page with a session.
                pages.append(Page(name, first, warm(visitor, path, first), queries))
        with closing(person.stranger()) as stranger:
            return Weights(pages, _files(stranger, inside.assets.urls))


def broken(weights: Weights) -> list[str]:
    """A sentence for each budget that is exceeded."""
    found = [
        f"{name} is {size} bytes; {limit} are allowed"
        for name, size in weights.files.items()
        if size > (limit := getattr(budgets, name))
    ]
    for page in weights.pages:
        found += [
            f"{page.name}: {value} {what}; {limit} are allowed"
            for what, value, limit in _limits(page)
            if value > limit
        ]
    return found


def print_weights(weights: Weights) -> None:
    """Print two tables: the pages, and the files of the whole app."""
    rows: list[list[object]] = [
        [
            page.name,
            page.cold.loads[0].size,
            page.cold.script,
            page.cold.size,
            f"{page.cold.requests} + {page.cold.worker_requests}",
            page.warm.loads[0].size,
            page.warm.size,
            page.warm.requests + page.warm.worker_requests,
            f"{page.queries[0]} / {page.queries[1]}",
        ]
        for page in weights.pages
    ]
    rows.append(
        [
            "budget",
            budgets.FIRST_ANSWER,
            budgets.PAGE_JS,
            budgets.COLD_BYTES,
            budgets.COLD_REQUESTS,
            budgets.PAGE,
            budgets.WARM_BYTES,
            budgets.WARM_REQUESTS,
            budgets.QUERIES,
        ]
    )
    room = budgets.COLD_BYTES - budgets.COLD_BYTES_WITH_ROOM
    rows.append(["of it to stay free", "", "", room, "", "", "", "", ""])
    headings = ["page", "first answer", "JS", "cold bytes", "requests + worker's", "answer",
                "warm bytes", "requests", "queries"]  # fmt: skip
    print_table(headings, rows)
    print()
    files = [[name, size, getattr(budgets, name)] for name, size in weights.files.items()]
    print_table(["the whole app's", "bytes", "budget"], files)


def _limits(page: Page) -> list[tuple[str, int, int]]:
    warm_requests = page.warm.requests + page.warm.worker_requests
    return [
        ("bytes in the first answer", page.cold.loads[0].size, budgets.FIRST_ANSWER),
        ("bytes of JS", page.cold.script, budgets.PAGE_JS),
        ("bytes cold", page.cold.size, budgets.COLD_BYTES),
        ("bytes cold, with room for more", page.cold.size, budgets.COLD_BYTES_WITH_ROOM),
        ("requests cold", page.cold.requests, budgets.COLD_REQUESTS),
        ("bytes in a later answer", page.warm.loads[0].size, budgets.PAGE),
        ("bytes warm", page.warm.size, budgets.WARM_BYTES),
        ("requests warm", warm_requests, budgets.WARM_REQUESTS),
        ("queries", max(page.queries), budgets.QUERIES),
    ]


def _files(visitor: Visitor, names: dict[str, str]) -> dict[str, int]:
    def together(suffix: str) -> int:
        return sum(len(visitor.get(url).body) for it, url in names.items() if it.endswith(suffix))

    form = Document.of_page(visitor.get("/masuk").content.decode())
    picture = next(form.elements("img")).get("src", "")
    sound = form.by_id("captcha-sound")
    assert sound is not None
    return {
        "CSS": together(".css"),
        "JS": together(".js"),
        "SERVICE_WORKER": len(visitor.get("/sw.js").body),
        "CAPTCHA_PICTURE": len(visitor.get(picture).body),
        "CAPTCHA_SOUND": len(visitor.get(sound.get("href", "")).body),
    }


class _Inside:
    """The same app on the same database in this process, where statements can be counted."""

    def __init__(self, app: RunningApp) -> None:
        url = f"sqlite:///{app.folder / 'jkn.sqlite3'}"
        self._app = create_app(settings_for(url, app.folder / "assets", {"log_level": "error"}))
        self.assets: Assets = self._app.extensions["assets"]

    def __enter__(self) -> "_Inside":
        return self

    def __exit__(self, *_error: object) -> None:
        close_session()

    def queries(self, path: str, cookie: str) -> tuple[int, int]:
        """How many statements a request takes, and how many the first request in a minute."""
        self._count(path, cookie)
        usual = self._count(path, cookie)
        two_minutes_ago = clock.now() - timedelta(minutes=2)
        session.execute(update(SignInSession).values(last_used_at=two_minutes_ago))
        session.commit()
        return usual, self._count(path, cookie)

    def _count(self, path: str, cookie: str) -> int:
        headers = {"Cookie": cookie} if cookie else {}
        with QueryCounter().counted() as statements:
            self._app.test_client(use_cookies=False).get(path, headers=headers).close()
        return len(statements)
