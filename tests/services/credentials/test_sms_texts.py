"""Every SMS fits one message and ends with a line that phones fill in from (security.md R20)."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from jinja2 import Environment, meta

from jkn.services.basics import runtime, tokens
from jkn.services.credentials.one_time_codes import CodePurpose
from jkn.services.messaging import messages
from tests.support.rules import origin_bound_code
from tests.support.rules.gsm7 import ONE_MESSAGE, septets
from tests.support.world.connected import bare_settings
from tests.support.world.databases import ROOT

FOLDER = ROOT / "jkn" / "templates" / "messages" / "sms"
TEMPLATES = sorted(it.name for it in FOLDER.iterdir())
# The longest host that production accepts.
HOST = "a" * (40 - len(".jkn.example")) + ".jkn.example"
# The longest value of everything that a template may ask for. Nothing of it is typed by people.
LONGEST = {
    "code": "0000 0000 0000",
    "digits": "000000000000",
    "action": max((it.action for it in CodePurpose), key=len),
    "now": datetime(2026, 9, 30, 17, 58, tzinfo=UTC),
    "token": tokens.new_token(),
}
GIVEN_TO_ALL = {"address", "base_url", "host"}


@pytest.fixture(autouse=True)
def _longest_host() -> None:
    runtime.bind(bare_settings(base_url=f"https://{HOST}:65535"))


def longest(template: str) -> str:
    return messages.sms(template.removesuffix(".txt"), "+6281234567890", **LONGEST).text


def asked_for(file: Path) -> set[str]:
    environment = Environment()
    environment.filters["clock_time"] = str
    return meta.find_undeclared_variables(environment.parse(file.read_text())) - GIVEN_TO_ALL


@pytest.mark.parametrize("template", TEMPLATES)
def test_it_fits_one_message_with_the_longest_values(template: str) -> None:
    text = longest(template)
    print(f"{template}: {septets(text)} of {ONE_MESSAGE}")
    assert septets(text) <= ONE_MESSAGE


@pytest.mark.parametrize("template", TEMPLATES)
def test_it_asks_for_nothing_that_was_not_measured(template: str) -> None:
    assert asked_for(FOLDER / template) <= set(LONGEST)


def test_a_phone_finds_the_code_and_the_host() -> None:
    with_code = [it for it in TEMPLATES if "code" in asked_for(FOLDER / it)]
    assert "code.txt" in with_code
    for template in with_code:
        assert origin_bound_code.parse(longest(template)) == (HOST, "000000000000"), template


def test_no_text_names_another_address() -> None:
    for template in TEMPLATES:
        text = longest(template)
        link = rf"https://{re.escape(HOST)}:65535/(?:bukan-saya|keluarga)/[\w-]{{22}}\Z"
        own = re.sub(link, "", text)
        assert re.findall(r"https?:|www\.|\.id\b|@(?!" + re.escape(HOST) + ")", own) == []


# The measuring functions themselves


@pytest.mark.parametrize(
    ("text", "length"),
    [("", 0), ("a" * 160, 160), ("[x]", 5), ("€", 2), ("Kode\nè@_Ω", 9)],
)
def test_the_length_of_an_sms_is_counted_in_septets(text: str, length: int) -> None:
    assert septets(text) == length


@pytest.mark.parametrize("text", ["“kutip”", "titik…", "–", "é`", "你", "\u00a0"])
def test_letters_that_make_an_sms_short_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not in the alphabet"):
        septets(text)


@pytest.mark.parametrize(
    ("message", "found"),
    [
        ("747723 is your code.\n\n@example.com #747723", ("example.com", "747723")),
        ("@example.com #747723", ("example.com", "747723")),
        ("a\r\n@example.com #747723 %b.example $future", ("example.com", "747723")),
        ("something @example.com #747723", None),
        ("@example.com code #747723", None),
        ("@example.com  #747723", None),
        ("@example.com\n#747723", None),
        ("@example.com #747723\n", None),
        ("@ #747723", None),
        ("@example.com #", None),
        ("#747723 @example.com", None),
        ("@localhost:8000 #747723", None),
        ("", None),
    ],
)
def test_a_code_is_read_as_the_specification_says(
    message: str, found: tuple[str, str] | None
) -> None:
    assert origin_bound_code.parse(message) == found
