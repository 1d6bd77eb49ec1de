"""Bodies that no browser would send as a form, with their content types."""

import json
from dataclasses import dataclass

from hypothesis import strategies as st

from tests.support.rules.garbage import ANY_CHARACTER, NASTY, texts, urlencoded

_URLENCODED = "application/x-www-form-urlencoded"
_BOUNDARY = "garis"

CONTENT_TYPES = (
    "",
    _URLENCODED,
    _URLENCODED.upper(),
    f"{_URLENCODED}; charset=utf-16",
    f"{_URLENCODED}; charset=tidak-ada",
    f"{_URLENCODED}; charset=\xff",
    f"{_URLENCODED}, application/json",
    f"multipart/form-data; boundary={_BOUNDARY}",
    f"multipart/form-data; boundary={_BOUNDARY}; charset=utf-16",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    f"multipart/form-data; boundary={'x' * 300}",
    'multipart/form-data; boundary="\xff\\"',
    "multipart/mixed; boundary=garis",
    "application/json",
    "application/json; charset=utf-16",
    "application/reports+json",
    "application/csp-report",
    "application/octet-stream",
    "application/xml",
    "text/plain",
    "text/html; charset=utf-7",
    "image/png",
    ";",
    "/",
    "*/*",
    "a" * 5_000,
)


@dataclass(frozen=True)
class Body:
    """`said`: texts in the body, which the answer must not repeat as markup."""

    content: bytes
    content_type: str
    said: tuple[str, ...] = ()


# This was a bug once: Werkzeug gives a part without a name the name None.
NAMELESS_PART = Body(
    f"--{_BOUNDARY}\r\nContent-Disposition: form-data\r\n\r\n1\r\n--{_BOUNDARY}--\r\n".encode(),
    f"multipart/form-data; boundary={_BOUNDARY}",
)


def file_in(name: str) -> Body:
    """A file instead of a text. This was a bug once: it reached code that expects a text."""
    part = _part(name, 'form-data; name="{}"; filename="foto.png"', "", b"\x89PNG")
    return Body(part + f"--{_BOUNDARY}--\r\n".encode(), NAMELESS_PART.content_type)


def bodies(names: list[str]) -> st.SearchStrategy[Body]:
    """Bodies around the fields of these names."""
    return st.one_of(_doubled(names), _arrays(names), _jsons(names), _multiparts(names), _bytes())


def _doubled(names: list[str]) -> st.SearchStrategy[Body]:
    """Fields that come twice, are unknown, or are more than any form has."""
    pairs = st.tuples(st.sampled_from(names) | st.text(ANY_CHARACTER, max_size=9), texts())
    lists = st.lists(pairs, max_size=8).map(lambda fields: fields * 2)
    crowds = st.integers(90, 130).map(lambda count: [(f"f{it}", "1") for it in range(count)])
    return st.one_of(lists, crowds).map(
        lambda fields: Body(
            urlencoded(fields), _URLENCODED, tuple(it for field in fields for it in field)
        )
    )


def _arrays(names: list[str]) -> st.SearchStrategy[Body]:
    """Field names from which other frameworks build lists and objects."""
    suffixes = ("[]", "[0]", "[a]", "[__proto__]", ".0", "-0", "[", "]", ":int", "%5B%5D", " ")
    pairs = st.tuples(st.sampled_from(names), st.sampled_from(suffixes), st.sampled_from(NASTY))
    return st.lists(pairs, min_size=1, max_size=5).map(
        lambda fields: Body(
            urlencoded([(name + suffix, value) for name, suffix, value in fields]),
            _URLENCODED,
            tuple(value for *_, value in fields),
        )
    )


def _jsons(names: list[str]) -> st.SearchStrategy[Body]:
    leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(NASTY)
    values = st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(names) | st.text(max_size=5), inner, max_size=4)
        ),
        max_leaves=8,
    )
    types = st.sampled_from([it for it in CONTENT_TYPES if "json" in it] + [_URLENCODED, ""])
    written = values.map(lambda value: json.dumps(value).encode())
    deep = st.just(b"[" * 5_000)
    return st.builds(Body, written | deep, types)


def _multiparts(names: list[str]) -> st.SearchStrategy[Body]:
    """Files instead of texts, malformed headers of parts, and missing ends."""
    dispositions = st.sampled_from(
        (
            'form-data; name="{}"',
            'form-data; name="{}"; filename="foto.png"',
            'form-data; name="{}"; filename=""',
            "form-data; name={}; filename*=UTF-8''%ff",
            'form-data; name="{}"; filename="../../../etc/passwd"',
            "form-data; name*=utf-16''%00{}",
            'form-data; name="{}',
            "form-data",
            'attachment; name="{}"',
            "",
        )
    )
    headers = st.sampled_from(
        ("", "Content-Type: text/plain; charset=utf-16\r\n", "Content-Type: \xff\r\n",
         "Content-Transfer-Encoding: base64\r\n", "Content-Length: -1\r\n", "X" * 9_000 + "\r\n",
         ": \r\n")
    )  # fmt: skip
    part = st.builds(
        _part,
        st.sampled_from(names),
        dispositions,
        headers,
        texts().map(lambda text: text.encode(errors="surrogatepass")) | st.binary(max_size=60),
    )
    end = st.sampled_from((f"--{_BOUNDARY}--\r\n", f"--{_BOUNDARY}", "", "--\r\n")).map(str.encode)
    types = st.sampled_from([it for it in CONTENT_TYPES if "multipart" in it])
    return st.builds(
        lambda parts, end, kind: Body(b"".join(parts) + end, kind),
        st.lists(part, max_size=4) | part.map(lambda one: [one] * 120),
        end,
        types,
    )


def _part(name: str, disposition: str, more: str, value: bytes) -> bytes:
    head = f"--{_BOUNDARY}\r\nContent-Disposition: {disposition.format(name)}\r\n{more}\r\n"
    return head.encode() + value + b"\r\n"


def _bytes() -> st.SearchStrategy[Body]:
    """Any bytes with any content type; among them escapes that are cut off."""
    broken = st.sampled_from(
        (b"%", b"%f", b"%zz=%u0041", b"=&=&;&", b"a=%ff%fe", b"%ed%a0%80=1", b"\xff\xfe\x00",
         b"&" * 60_000, b"=" * 60_000, b"a" * 70_000, b"a=" + b"%00" * 20_000)
    )  # fmt: skip
    return st.builds(Body, st.binary(max_size=80) | broken, st.sampled_from(CONTENT_TYPES))
