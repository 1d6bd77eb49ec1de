"""Style sheets in the words of older browsers: the same rules, without layers and shorthands that
they do not know."""

import re

import pytest

from jkn import assets
from jkn.stylesheet import for_older_browsers

ORDER = "@layer low,high;"


def test_rules_stand_in_the_order_of_their_layers() -> None:
    high, low = "@layer high{a{top:0}}", "@layer low{b{top:1px}c{top:2px}}"
    css = f"{ORDER}{high}{low}@layer high{{d{{top:3px}}}}"
    assert for_older_browsers(css) == "b{top:1px}c{top:2px}a{top:0}d{top:3px}"


def test_rules_within_conditions_keep_them() -> None:
    css = (
        f"{ORDER}@media (a){{@layer high{{a{{top:0}}}}@layer low{{b{{top:0}}}}}}"
        '@layer low{@media (b){c{top:0;content:"}"}}}'
    )
    assert for_older_browsers(css) == (
        '@media (a){b{top:0}}@media (b){c{top:0;content:"}"}}@media (a){a{top:0}}'
    )


@pytest.mark.parametrize("css", ["a{top:0}", f"{ORDER}a{{top:0}}", "@layer other{a{top:0}}"])
def test_a_rule_whose_place_is_unknown_is_not_guessed(css: str) -> None:
    with pytest.raises(ValueError, match=r"layer|order"):
        for_older_browsers(css)


@pytest.mark.parametrize(
    ("written", "served"),
    [
        ("inset:0", "top:0;right:0;bottom:0;left:0"),
        ("inset:1px 2px", "top:1px;right:2px;bottom:1px;left:2px"),
        ("inset:1px 2px 3px", "top:1px;right:2px;bottom:3px;left:2px"),
        ("inset:1px 2px 3px 4px", "top:1px;right:2px;bottom:3px;left:4px"),
        ("inset-inline:0", "left:0;right:0"),
        ("inset-block-end:0", "bottom:0"),
        ("padding-block:1px 2px", "padding-top:1px;padding-bottom:2px"),
        (
            "margin-inline:max(1px,calc(2px - 1px)) auto",
            "margin-left:max(1px,calc(2px - 1px));margin-right:auto",
        ),
        ("clip-path:inset(50%)", "clip-path:inset(50%)"),
        ("--inset:0", "--inset:0"),
    ],
)
def test_sides_are_spelt_out(written: str, served: str) -> None:
    css = f"{ORDER}@layer low{{a{{color:red;{written};z-index:1}}b{{{written}}}}}"
    assert for_older_browsers(css) == f"a{{color:red;{served};z-index:1}}b{{{served}}}"


def test_what_is_served_holds_every_declaration_that_was_written() -> None:
    written, served = assets.layered_stylesheet(), assets.stylesheet()
    assert "@layer" in written
    assert "@layer" not in served
    assert served.count("{") == written.count("{") - written.count("@layer") + 1
    plain = re.compile(r"[;{](color|display|gap|font-size):([^;}]*)")
    assert sorted(plain.findall(served)) == sorted(plain.findall(written))
