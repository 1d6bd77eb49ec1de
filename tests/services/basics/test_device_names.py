"""The name of a browser, in words that its owner knows, whatever it calls itself."""

import pytest

from jkn.services.basics.device_names import DeviceName, device_name, phone_model

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


CHROME = "Mozilla/5.0 (Linux; Android 10; {}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/99.0"


@pytest.mark.parametrize(
    ("hint", "user_agent", "model"),
    [
        ('"SM-A135F"', CHROME.format("K"), "SM-A135F"),
        ('"Redmi Note 9"', CHROME.format("anything else"), "Redmi Note 9"),
        ("", CHROME.format("SM-J250F"), "SM-J250F"),
        ("", CHROME.format("vivo 1904 Build/QP1A.190711.020"), "vivo 1904"),
        ("", CHROME.format("CPH2083 Build/PPR1; wv"), "CPH2083"),
        ('""', CHROME.format("K"), None),
        ("", CHROME.format("K"), None),
        ("", "Mozilla/5.0 (Android 13; Mobile; rv:109.0) Gecko/118.0 Firefox/118.0", None),
        ("", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604.1", None),
    ],
)
def test_the_model_of_a_phone_comes_from_the_hint_or_the_older_name(
    hint: str, user_agent: str, model: str | None
) -> None:
    assert phone_model(hint, user_agent) == model


@pytest.mark.parametrize(
    "told",
    [
        "A" * 31,
        "<b>SM</b>",
        "Hubungi 165: \u2019",
        "Samsung\nGalaxy",
        "Galaxy\u202eA13",
        "\u0421M-A135F",
        "\x00",
        "-",
    ],
)
def test_what_is_no_plain_short_model_is_not_kept(told: str) -> None:
    assert phone_model(f'"{told}"', CHROME.format("K")) is None
    assert phone_model("", CHROME.format(told)) is None


def test_thirty_letters_are_enough_for_a_model() -> None:
    assert phone_model(f'"{"A" * 30}"', "") == "A" * 30
