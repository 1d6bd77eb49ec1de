"""A person's browser without a screen: follows links, fills forms, checks every answer.

With `with_htmx` it does what htmx on the page would: forms are sent with `HX-Request`, and the
answer is swapped into the open page. So one test body sees the same page in both ways.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from flask import Flask
from werkzeug.test import TestResponse
from werkzeug.wrappers import Response

from jkn.web.flows import AGAIN
from tests.support.clients import swaps
from tests.support.clients.cookie_jar import CookieJar
from tests.support.clients.forms import Submission, Value, control_named, fill
from tests.support.clients.markup import Document, Element, text_of
from tests.support.rules import answers
from tests.support.rules.canaries import CANARIES
from tests.support.rules.page_rules import findings_after_swap

_MOST_REDIRECTS = 5


class PageClient:
    """What it shows now: `url` (path and query), `status`, `document` (the page after swaps)."""

    def __init__(
        self,
        app: Flask,
        *,
        with_htmx: bool = False,
        base_url: str = "http://localhost",
        cookies: CookieJar | None = None,
    ) -> None:
        self.app = app
        self.with_htmx = with_htmx
        self.cookies = cookies or CookieJar()
        self.url = "/"
        self.document = Document.of_fragment("")
        self.response: TestResponse | None = None
        self.was_swapped = False
        self._base_url = base_url
        self._client = app.test_client(use_cookies=False)
        self._source, self._headers = "127.0.0.1", dict[str, str]()
        self._typed: list[str] = []

    # What is on the screen

    @property
    def status(self) -> int:
        """The status of the last answer."""
        return self._last.status_code

    @property
    def text(self) -> str:
        """What a person can read, a block a line."""
        return self.document.text

    @property
    def title(self) -> str:
        """The title of the window."""
        return self.document.title

    @property
    def heading(self) -> str:
        """The `h1`."""
        return " ".join(text_of(it) for it in self.document.elements("h1"))

    @property
    def html(self) -> str:
        """The body of the last answer, as it came."""
        return self._last.get_data(as_text=True)

    @property
    def errors(self) -> dict[str, str]:
        """The lines of the error summary, by the id of the field that each leads to."""
        summary = self.document.by_id("error-summary")
        links = [] if summary is None else list(summary.iter("a"))
        to_fields = [it for it in links if it.get("href", "").startswith("#")]
        return {it.get("href", "")[1:]: text_of(it) for it in to_fields}

    @property
    def next_steps(self) -> list[str]:
        """The links and buttons of the error summary that lead on, not to a field."""
        summary = self.document.by_id("error-summary")
        found = [] if summary is None else list(summary.iter())
        return [
            self.document.name_of(it)
            for it in found
            if it.tag in ("a", "button") and not it.get("href", "").startswith("#")
        ]

    def value(self, label: str) -> str:
        """What stands in a field now."""
        return control_named(self.document, label).get("value", "")

    def error(self, label: str) -> str:
        """The error at a field."""
        control = control_named(self.document, label)
        message = self.document.by_id(f"{control.get('id')}-error")
        return "" if message is None else text_of(message)

    def shows(self, name: str) -> bool:
        """Whether a link or button of this name is there."""
        return any(
            self.document.name_of(it) == name for it in self.document.elements("a", "button")
        )

    # What a person does

    def get(self, url: str, **headers: str) -> PageClient:
        """Type an address. Redirects are followed, as browsers do."""
        # Who comes back to the first step of a journey finds there what this browser was told.
        typed = "\0".join(self._typed) if _is_again(url) else ""
        return self._navigate("GET", url, None, headers, typed)

    def follow(self, name: str) -> PageClient:
        """Tap a link, or a button that htmx makes work."""
        for element in self.document.elements("a", "button"):
            if self.document.name_of(element) == name:
                if self.with_htmx and "hx-get" in element.attrib:
                    return self._request(element, "GET", element.get("hx-get", ""), None, "")
                if element.tag == "a":
                    return self.get(urljoin(self.url, element.get("href", "")))
        raise LookupError(f"no link {name!r} on {self.url}")

    def submit(self, button: str, values: Mapping[str, Value] | None = None) -> PageClient:
        """Fill fields, found by their labels, and press a button of their form."""
        return self.send(fill(self.document, button, values or {}))

    def send(self, submission: Submission) -> PageClient:
        """Send a form that `forms.fill` filled; tests may change its fields before."""
        typed = " ".join(value for _, value in submission.fields)
        self._typed.append(typed)
        for kind, secret in submission.secrets:
            CANARIES.add(kind, secret)
        action = submission.action
        if submission.method == "get":
            address = f"{action}?{urlencode(submission.fields)}"
            if self.with_htmx and "hx-get" in submission.form.attrib:
                return self._request(submission.form, "GET", address, None, typed)
            return self._navigate("GET", urljoin(self.url, address), None, {}, typed)
        data = _multi(submission.fields)
        if self.with_htmx and "hx-post" in submission.form.attrib:
            action = submission.form.get("hx-post") or action
            return self._request(submission.form, "POST", action, data, typed)
        return self._navigate("POST", urljoin(self.url, action), data, {}, typed)

    def fetch(self, url: str, target: str) -> PageClient:
        """Send a request of a script on the page; the answer replaces the element with the id
        `target`."""
        asking = Element("script", {"hx-target": f"#{target}"})
        return self._request(asking, "GET", url, None, "")

    def ask(self, url: str, fields: Mapping[str, str]) -> TestResponse:
        """Send a request of a script that does not show the answer; no redirect is followed."""
        data = {name: [it] for name, it in fields.items()}
        response = self._send("POST", url, data, {"Sec-Fetch-Mode": "cors"})
        self._check_answer("POST", url, response, "", whole=True)
        return response

    @contextmanager
    def request_context(self, url: str) -> Iterator[None]:
        """Inside a request of this browser, before any route: rules can be called as routes do."""
        with self.app.test_request_context(url, **self._envelope("GET", {})):
            assert self.app.preprocess_request() is None
            yield

    def take(self, answer: Response) -> None:
        """Keep the cookies of an answer that was made in `request_context`."""
        self._keep_cookies(self.app.process_response(self.app.make_response(answer)))

    def move_to(self, source: str, **headers: str) -> PageClient:
        """Use this network address from now on, and send `headers` with each request."""
        self._source, self._headers = source, headers
        return self

    def another(self, *, with_cookies: bool = False) -> PageClient:
        """A second browser. With the cookies of this one it stands for a thief or another tab."""
        cookies = self.cookies.copy() if with_cookies else None
        return PageClient(
            self.app, with_htmx=self.with_htmx, base_url=self._base_url, cookies=cookies
        )

    # How it is done

    @property
    def _last(self) -> TestResponse:
        assert self.response is not None, "nothing was asked for yet"
        return self.response

    def _navigate(
        self,
        method: str,
        url: str,
        data: dict[str, list[str]] | None,
        headers: Mapping[str, str],
        typed: str = "",
    ) -> PageClient:
        headers = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document", **headers}
        self.url, self.response = self._exchange(method, url, data, headers, typed, whole=True)
        self.was_swapped = False
        if self.response.mimetype == "text/html":
            self.document = Document.of_page(self.html)
        return self

    def _request(
        self, element: Element, method: str, url: str, data: dict[str, list[str]] | None, typed: str
    ) -> PageClient:
        headers = {
            "HX-Request": "true",
            "HX-Current-URL": urljoin(self._base_url, self.url),
            "HX-Target": element.get("hx-target", "").removeprefix("#"),
            "Sec-Fetch-Mode": "cors",
            "Sec-Fetch-Dest": "empty",
        }
        full = urljoin(self.url, url)
        end, self.response = self._exchange(method, full, data, headers, typed, whole=False)
        answer = self.response.headers
        if target := answer.get("HX-Redirect"):
            return self.get(target)
        if answer.get("HX-Refresh") == "true":
            return self.get(self.url)
        swap = swaps.decide(self.document, element, self.status, answer)
        self.was_swapped = swap is not None
        if swap is not None:
            self.document = swaps.apply(self.document, swap, self.html)
            is_part = swap.target != "#main"
            found = findings_after_swap(self.document, is_part=is_part)
            self._check("the page after the swap", found)
        pushed = answer.get("HX-Push-Url") or answer.get("HX-Replace-Url")
        if pushed and pushed != "false":
            self.url = pushed
        elif not pushed and element.get("hx-push-url") == "true":
            self.url = end
        return self

    def _exchange(
        self,
        method: str,
        url: str,
        data: dict[str, list[str]] | None,
        headers: Mapping[str, str],
        typed: str,
        *,
        whole: bool,
    ) -> tuple[str, TestResponse]:
        for _ in range(_MOST_REDIRECTS):
            response = self._send(method, url, data, headers)
            self._check_answer(method, url, response, typed, whole=whole)
            if response.status_code not in answers.REDIRECTS:
                return url, response
            location = urlsplit(urljoin(urljoin(self._base_url, url), response.location))
            assert location.netloc == urlsplit(self._base_url).netloc, f"led to {location.netloc}"
            url = location._replace(scheme="", netloc="").geturl()
            method, data = ("GET", None) if response.status_code == 303 else (method, data)
            if response.status_code in (301, 302) and method == "POST":
                raise AssertionError("after a POST only 303 makes every browser ask with GET")
        raise AssertionError(f"more than {_MOST_REDIRECTS} redirects, last to {url}")

    def _send(
        self, method: str, url: str, data: dict[str, list[str]] | None, headers: Mapping[str, str]
    ) -> TestResponse:
        envelope = self._envelope(method, headers)
        response = self._client.open(url, method=method, data=data, **envelope)
        self._keep_cookies(response)
        return response

    def _envelope(self, method: str, headers: Mapping[str, str]) -> dict[str, Any]:
        here = urljoin(self._base_url, self.url)
        own = {"Referer": here, "Sec-Fetch-Site": "same-origin", "User-Agent": "Tests/1.0"}
        if method != "GET":
            own["Origin"] = self._base_url
        if cookie := self.cookies.header():
            own["Cookie"] = cookie
        return {
            "headers": {**own, **self._headers, **headers},
            "base_url": self._base_url,
            "environ_base": {"REMOTE_ADDR": self._source},
        }

    def _keep_cookies(self, response: TestResponse | Response) -> None:
        self.cookies.take(response.headers.getlist("Set-Cookie"))
        for value in self.cookies.values.values():
            CANARIES.add("cookie", value)

    def _check_answer(
        self, method: str, url: str, response: TestResponse, typed: str, *, whole: bool
    ) -> None:
        found = answers.findings(self.app, method, url, response, typed, whole=whole)
        self._check(f"{method} {url} → {response.status}", list(found))

    def _check(self, what: str, found: list[str]) -> None:
        assert not found, "\n  ".join([f"{what}:", *found])


def _is_again(url: str) -> bool:
    return urlsplit(url).query == f"isi={AGAIN}"


def _multi(fields: list[tuple[str, str]]) -> dict[str, list[str]]:
    data: dict[str, list[str]] = {}
    for name, value in fields:
        data.setdefault(name, []).append(value)
    return data
