"""Garbage: hypothesis strategies for what nobody types but attackers send in any part of a request.

`hypothesis.settings` decide how much is tried: the usual profile repeats the same examples, and
`make test THOROUGH=1 PYTEST="-k garbage"` tries more and others each time.
"""

from urllib.parse import quote

from hypothesis import strategies as st

# Any character there is, halves of surrogate pairs included; and those that people can read.
ANY_CHARACTER = st.characters()
_READABLE_CHARACTER = st.characters(exclude_categories=("Cs", "Cc", "Cn"))

# Texts that have broken other programs or this one. A form may refuse them in words, and shows
# them again.
READABLE = (
    "",
    " ",
    "\t",
    "\ufeff3276051703840001",
    "\u202e1000483071506723\u202c",
    "3276\u200b0517\u200d0384\u20600001",
    "٣٢٧٦٠٥١٧٠٣٨٤٠٠٠١",
    "３２７６０５１７０３８４０００１",
    "𝟛𝟚𝟟𝟞𝟘𝟝𝟙𝟟𝟘𝟛𝟠𝟜𝟘𝟘𝟘𝟙",
    "3276051703840001",
    "3276051703840001\n",
    "3276051703840001\r\nSet-Cookie: jkn=1",
    "0001340648885",
    "12345",
    "🙂👩🏽‍👩🏽‍👧🏽‍👦🏽🇮🇩",
    "e\u0301" * 40,
    "Z\u0351\u036b\u0343\u036a\u0302" * 20,
    "ﷺ" * 30,
    "{{7*7}}{% raise %}${7*7}<%= 7*7 %>#{7*7}",
    "<img src=x onerror=alert(1)>",
    "</title></style><script>alert(1)</script>",
    "<!--<svg/onload=alert(1)>",
    "'\"><b id=breach>",
    '" hx-get="/keluar" hx-trigger="load',
    "' autofocus onfocus='alert(1)",
    "javascript:alert(1)//",
    "' OR 1=1 --",
    "%_%_\\",
    "%00%0d%0a%ff",
    "../../../../etc/passwd",
    "//evil.example/\\evil.example",
    "-1",
    "0",
    "1e309",
    "NaN",
    "0x10",
    "9" * 400,
    "null",
    "[]",
    '{"$gt": ""}',
    "__class__",
)
# Texts that are refused in any field.
UNREADABLE = (
    "\x00",
    "3276051703840001\x00",
    "\x1b[31m",
    "\x7f",
    "\x85",
    "\x9b0m",
    "\ud800",
    "\udfff\ud800",
    "\ufffd",
    "\uffff",
    "\ufdd0",
    "\U0001fffe",
)
NASTY = READABLE + UNREADABLE

# Longer than any password, than any field, than any body.
LENGTHS = (129, 1_000, 30_000, 70_000)


def texts() -> st.SearchStrategy[str]:
    """Anything that can be put into a field."""
    return readable_texts() | readable_texts() | unreadable_texts() | long_texts()


def readable_texts() -> st.SearchStrategy[str]:
    """Texts that reach the form, which judges them."""
    return st.one_of(
        st.sampled_from(READABLE),
        st.text(_READABLE_CHARACTER, max_size=40),
        st.text("0123456789 -.", min_size=12, max_size=20),
        st.builds(str.__add__, st.text(_READABLE_CHARACTER, max_size=9), st.sampled_from(READABLE)),
    )


def unreadable_texts() -> st.SearchStrategy[str]:
    """Texts with a character that the request filter refuses."""
    return st.sampled_from(UNREADABLE) | st.text(ANY_CHARACTER, max_size=40)


def long_texts() -> st.SearchStrategy[str]:
    """Long texts: the same few characters again and again."""
    return st.builds(
        lambda text, times: text * times, st.sampled_from("a9 <é🙂"), st.sampled_from(LENGTHS)
    )


def urlencoded(fields: list[tuple[str, str]]) -> bytes:
    """As browsers write a form, but with characters that no browser has."""
    pairs = (f"{_quoted(name)}={_quoted(value)}" for name, value in fields)
    return "&".join(pairs).encode()


def _quoted(text: str) -> str:
    return quote(text, safe="", errors="surrogatepass")
