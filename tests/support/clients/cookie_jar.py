"""Cookies as a browser keeps them for one origin."""

from __future__ import annotations

from http.cookies import SimpleCookie


class CookieJar:
    """Cookies by name, all of one host and for the path /."""

    def __init__(self, values: dict[str, str] | None = None) -> None:
        self.values = dict(values or {})

    def take(self, headers: list[str]) -> None:
        """Keep, replace or forget cookies as `Set-Cookie` headers say."""
        for header in headers:
            for name, morsel in SimpleCookie(header).items():
                is_over = morsel["max-age"] == "0" or "1970" in morsel["expires"]
                if is_over or (not morsel.value and not morsel["max-age"]):
                    self.values.pop(name, None)
                else:
                    self.values[name] = morsel.coded_value

    def header(self) -> str:
        """The `Cookie` header of a request."""
        return "; ".join(f"{name}={value}" for name, value in self.values.items())

    def copy(self) -> CookieJar:
        """The same cookies in another browser."""
        return CookieJar(self.values)
