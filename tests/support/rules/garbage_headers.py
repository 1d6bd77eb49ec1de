"""Headers and addresses that no browser sends: almost right, much too long, or of odd bytes."""

from hypothesis import strategies as st

from tests.support.rules.garbage import ANY_CHARACTER, NASTY, texts, urlencoded

_ADDRESSES = ("http://[", "http://[::1", "//", "http://localhost:99999/", "http://a b/", "null",
              "https://evil.example/", "javascript:alert(1)", "http://localhost//evil.example",
              "http://localhost/\\evil.example", "http://localhost/masuk?\xff")  # fmt: skip
_HOSTS = ("", "evil.example", "localhost:", "localhost:abc", "localhost:99999", "[::1", "[::1]:80",
          "localhost@evil.example", "a" * 300, "xn--", ".localhost", "localhost.", "local host",
          "localhost/masuk", "\xff")  # fmt: skip
_NETWORK = ("unknown", "127.0.0.1", "::1", "::ffff:1.2.3.4", "fe80::1%eth0", "999.1.1.1", ",",
            ",,,", "1.2.3.4, " * 900, "'; DROP TABLE accounts", "[2001:db8::1]:443",
            "1.2.3.4:80")  # fmt: skip
_NUMBERS = ("-1", "0", "1", "+5", "1e3", "0x10", "abc", "9" * 30, " 5", "5, 5", "\xb2")
_LISTS = ("*", "*;q=0", "br;q=abc", "gzip;q=1e999", "identity;q=0, *;q=0", ";", ",",
          "br,,gzip;;q=1", "id;q=", "a" * 9_000, "br;q=0.5;x=\xff")  # fmt: skip

# Almost right values by header; other garbage is tried in each of these headers as well.
LIKELY: dict[str, tuple[str, ...]] = {
    "Accept": _LISTS,
    "Accept-Encoding": _LISTS,
    "Accept-Language": _LISTS,
    "Authorization": ("Basic", "Basic \xff", "Basic =", "Bearer x", "Digest username="),
    "Cache-Control": ("max-age=abc", "no-cache=", "="),
    "Content-Length": _NUMBERS,
    "Content-Type": ("", ";", "text/html;charset=\xff", "multipart/form-data; boundary="),
    "Cookie": ("jkn=", "jkn=x.y.z", "jkn=" + "." * 5_000, "hp=" + "x" * 5_000, "hp=\xff", ";", "=",
               "huruf=1; huruf=0", "jkn=eyJhIjoxfQ.aaaa.bbbb", "jkn=.eJyr.aaaa.bbbb", '"',
               "$Version=1", "session=x", "\xff=\xff"),
    "Date": ("tidak", "Thu, 01 Jan 99999 00:00:00 GMT"),
    "Expect": ("100-continue", "200-ok"),
    "Forwarded": _NETWORK,
    "From": ("\xff",),
    "HX-Boosted": ("true", "1"),
    "HX-Current-URL": _ADDRESSES,
    "HX-History-Restore-Request": ("true",),
    "HX-Prompt": ("<img src=x onerror=alert(1)>",),
    "HX-Request": ("true", "TRUE", "1", "false"),
    "HX-Target": ("#captcha", "main", "<b>"),
    "HX-Trigger": ("%3Cb%3E", "{}", "\xff"),
    "Host": _HOSTS,
    "If-Match": ("*", '"', 'W/"x"'),
    "If-Modified-Since": ("tidak", "Thu, 01 Jan 99999 00:00:00 GMT", "1 Jan 2099 00:00 GMT"),
    "If-None-Match": ("*", '"', 'W/"', '"' * 500),
    "If-Range": ("tidak", '"x"', "Sun, 03 May 2026 00:00:00 GMT"),
    "If-Unmodified-Since": ("tidak", "Thu, 01 Jan 1970 00:00:00 GMT"),
    "Origin": _ADDRESSES,
    "Range": ("bytes=", "bytes=0-", "bytes=-1", "bytes=9-1", "bytes=0-1,4-5", "bytes=99999999-",
              "bytes=-99999999", "bytes=a-b", "items=0-1", "bytes=" + "0-0," * 2_000),
    "Referer": _ADDRESSES,
    "Sec-Fetch-Dest": ("document", "empty"),
    "Sec-Fetch-Site": ("cross-site", "same-site", "none", "Same-Origin", ""),
    "TE": ("trailers",),
    "Transfer-Encoding": ("chunked", "gzip, chunked", "identity", "x"),
    "Upgrade": ("websocket", "h2c"),
    "User-Agent": ("", "a" * 9_000, "\xff", "<img src=x onerror=alert(1)>"),
    "Via": ("\xff",),
    "X-CSRFToken": ("x", "\xff"),
    "X-Forwarded-For": _NETWORK,
    "X-Forwarded-Host": _HOSTS,
    "X-Forwarded-Port": _NUMBERS,
    "X-Forwarded-Prefix": ("/evil", "//", "\xff"),
    "X-Forwarded-Proto": ("https", "javascript", "", "http, https", "\xff"),
    "X-HTTP-Method-Override": ("DELETE",),
    "X-Real-IP": _NETWORK,
}  # fmt: skip
METHODS = ("GET", "GET", "GET", "GET", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "get", "X" * 300)


def headers() -> st.SearchStrategy[dict[str, str]]:
    """One to three headers; a server hands on bytes as Latin-1, without CR, LF and NUL."""
    latin = st.text(st.characters(codec="latin-1", exclude_characters="\r\n\0"), max_size=60)
    long = st.builds(
        lambda text, times: text * times,
        st.sampled_from("a, ;=\xff"),
        st.sampled_from((300, 9_000)),
    )
    any_text = st.sampled_from([_as_header(it) for it in NASTY]) | latin | long
    pair = st.sampled_from(sorted(LIKELY)).flatmap(
        lambda name: st.tuples(st.just(name), st.sampled_from(LIKELY[name]) | any_text)
    )
    return st.lists(pair, min_size=1, max_size=3).map(dict)


def environ_of(headers: dict[str, str]) -> dict[str, str]:
    """The headers as a WSGI server passes them on (PEP 3333)."""
    names = {name: name.upper().replace("-", "_") for name in headers}
    apart = ("CONTENT_TYPE", "CONTENT_LENGTH")
    return {
        (names[name] if names[name] in apart else f"HTTP_{names[name]}"): value
        for name, value in headers.items()
    }


def _as_header(text: str) -> str:
    encoded = text.encode(errors="surrogatepass").decode("latin-1")
    return encoded.translate({ord(it): None for it in "\r\n\0"})


def queries() -> st.SearchStrategy[str]:
    """Query strings: pairs, halves of pairs, malformed escapes."""
    names = st.sampled_from(("next", "a", "a[]", "page", "csrf_token", "_method"))
    pairs = st.lists(st.tuples(names | st.text(ANY_CHARACTER, max_size=9), texts()), max_size=5)
    broken = st.sampled_from(
        ("%", "%f", "%zz", "%u0041", "&=&;", "a=%ff%fe", "%ed%a0%80", "a=1&a=2", "?" * 900,
         "=" * 9_000, "next=//evil.example", "a=%0d%0aX:1")
    )  # fmt: skip
    return pairs.map(lambda fields: urlencoded(fields).decode()) | broken


def path_parts() -> st.SearchStrategy[bytes]:
    """Values for a number or token in an address, after percent-decoding."""
    known = st.sampled_from(
        (b"-1", b"0", b"1e3", b"9" * 400, b"9" * 5_000,
         b"1/..", b"../..", b"%2e", b"\xff\xfe", b"1\x00", b"//",
         b"\xed\xa0\x80", b"a" * 9_000, b" ", b"1;a=b", b"1.webp", b"/evil.example", b"\\evil")
    )  # fmt: skip
    encoded = texts().map(lambda it: it.encode(errors="surrogatepass"))
    return known | st.binary(max_size=30) | encoded
