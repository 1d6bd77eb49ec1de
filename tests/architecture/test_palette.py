"""The palette has enough contrast, computed from the tokens, in both schemes."""

import re

import pytest

from jkn.assets import stylesheet
from tests.support.rules.contrast import colour, contrast, palettes
from tests.support.world.databases import ROOT

CSS = ROOT / "jkn" / "static" / "css"
SERVED = palettes(stylesheet())
LIGHT, DARK = SERVED.light, SERVED.chosen_dark

# Colour and background, and their designed contrast in the light and in the dark scheme.
PAIRS = {
    ("tinta", "latar"): (14.71, 16.24),
    ("tinta", "permukaan"): (15.89, 14.28),
    ("tinta", "cekung"): (13.48, 12.30),
    ("tinta-2", "permukaan"): (7.37, 8.18),
    ("tinta-2", "latar"): (6.82, 9.30),
    ("kontrol", "permukaan"): (4.56, 5.31),
    ("kontrol", "latar"): (4.22, 6.04),
    ("samudra", "permukaan"): (7.65, 8.45),
    ("samudra-atas", "samudra"): (7.65, 8.64),
    ("samudra", "samudra-muda"): (6.53, 6.92),
    ("daun", "permukaan"): (6.82, 8.96),
    ("daun", "daun-muda"): (5.92, 7.95),
    ("kunyit", "kunyit-muda"): (6.54, 8.75),
    ("bata", "permukaan"): (6.74, 8.30),
    ("bata", "bata-muda"): (5.73, 8.14),
    ("lencana-atas", "lencana"): (5.81, 8.13),
    ("lencana", "permukaan"): (5.81, 7.06),
    ("kapas", "kartu-awal"): (7.65, 9.68),
    ("kapas", "kartu-akhir"): (7.53, 9.42),
}
# Text colours on every background that they may stand on (WCAG 1.4.3), by meaning.
READABLE = [
    *((words, ground) for words in ("text", "text-quiet", "primary", "danger", "success")
      for ground in ("page", "surface", "sunken")),
    *((words, ground) for words in ("text", "text-quiet")
      for ground in ("primary-tint", "success-tint", "attention-tint", "danger-tint")),
    ("primary", "primary-tint"), ("success", "success-tint"), ("attention", "attention-tint"),
    ("danger", "danger-tint"), ("on-primary", "primary"), ("on-primary", "primary-pressed"),
    ("on-badge", "badge"),
]  # fmt: skip
# Borders and the focus ring (WCAG 1.4.11); the ring has two colours, one of which shows.
VISIBLE = [("control", "page"), ("control", "surface"), ("primary", "page"), ("danger", "surface")]


@pytest.mark.parametrize(
    ("pair", "designed"), PAIRS.items(), ids=lambda it: "-on-".join(map(str, it))
)
def test_a_pair_has_the_contrast_it_was_designed_with(
    pair: tuple[str, str], designed: tuple[float, float]
) -> None:
    computed = contrast(LIGHT, *pair), contrast(DARK, *pair)
    assert computed == pytest.approx(designed, abs=0.02)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_words_can_be_read(scheme: dict[str, str]) -> None:
    weak = {pair: round(contrast(scheme, *pair), 2) for pair in READABLE}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_controls_can_be_seen(scheme: dict[str, str]) -> None:
    weak = {pair: round(contrast(scheme, *pair), 2) for pair in VISIBLE}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 3} == {}


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_the_focus_ring_shows_on_every_ground(scheme: dict[str, str]) -> None:
    for ground in ("page", "surface", "sunken", "primary", "kartu-awal", "kartu-akhir"):
        ring = max(contrast(scheme, it, ground) for it in ("focus", "focus-ink"))
        assert ring >= 3, ground


def test_the_contrast_formula_knows_its_ends() -> None:
    ends = {"black": "#000", "white": "#fff", "grey": "#777"}
    assert contrast(ends, "black", "white") == pytest.approx(21)
    assert contrast(ends, "white", "white") == pytest.approx(1)
    assert contrast(ends, "grey", "white") == pytest.approx(4.48, abs=0.01)


def test_the_dark_scheme_repaints_every_paint() -> None:
    kept = {"fokus", "malam", "kapas"}  # the same in both
    paints = {name for name, value in LIGHT.items() if value.startswith("#")}
    assert {name for name in paints if colour(LIGHT, name) == colour(DARK, name)} == kept


def test_a_dark_phone_and_who_chose_it_see_the_same() -> None:
    assert SERVED.phones_dark == SERVED.chosen_dark
    assert len(SERVED.light) > 30


def test_opaque_colours_are_named_in_the_tokens_alone() -> None:
    # Translucent ones are drawing, not palette; in a mask a colour only means "shown".
    raw = re.compile(
        r"#[0-9a-f]{6}\b|#[0-9a-f]{3}\b|\b(rgb|hsl|oklch|oklab|lab|lch)\(", re.IGNORECASE
    )
    unseen = re.compile(r"/\*.*?\*/|[\w-]*mask[\w-]*:[^;}]*", re.DOTALL)
    found = {
        f"{file.relative_to(CSS)}: {match.group()}"
        for file in CSS.rglob("*.css")
        if file.name not in ("tokens.css", "dark.css")
        for match in raw.finditer(unseen.sub("", file.read_text()))
    }
    assert found == set()
