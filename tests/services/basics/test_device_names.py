"""The name of a browser, in words that its owner knows, whatever it calls itself."""

import pytest

from jkn.services.basics.device_names import DeviceName, device_name

_WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
_APPLE = "AppleWebKit/605.1.15 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "kind", "name"),
    [
        (
            f"Mozilla/5.0 (Linux; Android 10; K) {_WEBKIT} Chrome/124.0.0.0 Mobile Safari/537.36",
            "HP",
            "Chrome di Android",
        ),
        (
            (f"Mozilla/5.0 (Linux; Android 10; K) {_WEBKIT} SamsungBrowser/24.0 Chrome/117.0.0.0"
            " Mobile Safari/537.36"),
            "HP",
            "Samsung Internet di Android",
        ),
        (
            (f"Mozilla/5.0 (Linux; U; Android 13; id-id; M2101) {_WEBKIT} Chrome/112.0 Mobile"
            " Safari/537.36 XiaoMi/MiuiBrowser/14.4"),
            "HP",
            "Mi Browser di Android",
        ),
        (
            (f"Mozilla/5.0 (Linux; Android 10; K) {_WEBKIT} Chrome/124.0 Mobile Safari/537.36"
            " OPR/82.0"),
            "HP",
            "Opera di Android",
        ),
        (
            "Mozilla/5.0 (Android 14; Mobile; rv:125.0) Gecko/125.0 Firefox/125.0",
            "HP",
            "Firefox di Android",
        ),
        (
            (f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) {_APPLE} Version/17.4"
            " Mobile/15E148 Safari/604.1"),
            "HP",
            "Safari di iPhone",
        ),
        (
            (f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) {_APPLE} CriOS/124.0"
            " Mobile/15E148 Safari/604.1"),
            "HP",
            "Chrome di iPhone",
        ),
        (
            f"Mozilla/5.0 (iPad; CPU OS 16_0 like Mac OS X) {_APPLE} FxiOS/125.0 Safari/605.1.15",
            "tablet",
            "Firefox di iPad",
        ),
        (
            (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_WEBKIT} Chrome/124.0 Safari/537.36"
            " Edg/124.0"),
            "komputer",
            "Edge di Windows",
        ),
        (
            f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_APPLE} Version/17.4 Safari/605",
            "komputer",
            "Safari di Mac",
        ),
        (
            f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {_WEBKIT} Chrome/124.0 Safari/537.36",
            "komputer",
            "Chrome di Chromebook",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko Firefox/125.0", "komputer",
         "Firefox di Linux"),
        ("curl/8.5.0", "perangkat", "browser lain"),
        ("Dalvik/2.1.0 (Linux; U; Android 9)", "HP", "browser lain di Android"),
        ("", "perangkat", "browser lain"),
    ],
)  # fmt: skip
def test_a_browser_is_called_what_its_owner_calls_it(user_agent: str, kind: str, name: str) -> None:
    assert device_name(user_agent) == DeviceName(kind, name)


def test_nothing_that_a_browser_sends_is_repeated() -> None:
    hostile = "Android <script>alert(1)</script> hubungi 0812-3456-7890 Chrome/1"
    assert device_name(hostile) == DeviceName("HP", "Chrome di Android")
