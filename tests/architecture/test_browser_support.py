"""The app uses nothing that the oldest browsers of docs/experience.md lack, but for what is noted
with what they get instead. The names that scripts call: tests/browser/test_names_of_browsers.py."""

import pytest

from jkn import assets
from tests.support.compatibility import (
    markup_features,
    script_features,
    served,
    style_features,
    table,
)

TABLE, LONG_KNOWN = table.features(), table.long_known()
LOOK_UP = "not in tests/support/compatibility: look it up in MDN's browser-compat-data"


pytestmark = pytest.mark.xdist_group("browser support")


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    return served.without_names(assets.prepare(tmp_path_factory.mktemp("static")))


def test_everything_that_is_served_is_in_the_table(used: dict[str, set[str]]) -> None:
    unknown = {kind: sorted(it - TABLE.keys() - LONG_KNOWN) for kind, it in used.items()}
    assert {kind: names for kind, names in unknown.items() if names} == {}, LOOK_UP


def test_what_the_oldest_browsers_lack_has_something_instead() -> None:
    bare = [it.name for it in TABLE.values() if it.needs_fallback and not it.without]
    assert bare == []


def test_nothing_is_noted_for_what_they_all_know() -> None:
    assert [it.name for it in TABLE.values() if it.without and not it.needs_fallback] == []
    assert TABLE.keys() & LONG_KNOWN == set()


def test_the_style_sheet_needs_no_layers(used: dict[str, set[str]]) -> None:
    assert "@layer" not in used["style sheet"]
    assert {"gap in flex", "@media (scripting)"} <= used["style sheet"]


@pytest.mark.parametrize(
    ("css", "name"),
    [
        ("a:has(b){color:red}", ":has()"),
        ("a{color:red;&:hover{color:blue}}", "&"),
        ("@container (width>1px){a{color:red}}", "@container"),
        ("@media (scripting:none){a{color:red}}", "@media (scripting)"),
        ("@layer x{a{color:red}}", "@layer"),
        ("a{inset:0}", "inset"),
        ("a{display:flex;gap:1px}", "gap in flex"),
        ("a{aspect-ratio:1}", "aspect-ratio"),
        ("a{block-size:100dvh}", "unit dvh"),
        ("a{float:inline-start}", "float: inline-start"),
        ("a{color:color-mix(in srgb,red,blue)}", "color-mix()"),
        ("a{width:calc(min(1px,round(2px)))}", "round()"),
        ("a{color:#12345678}", "colour with alpha"),
        ("a[b=c i]{color:red}", "attribute selector with a flag"),
        ("a:not(b,c){color:red}", ":not() with several"),
        ("a:not(b c){color:red}", ":not() with several"),
    ],
)
def test_the_scanner_finds_what_a_style_sheet_uses(css: str, name: str) -> None:
    assert name in style_features.features(css)


@pytest.mark.parametrize(
    ("script", "name"),
    [
        ("a ??= b", "??="),
        ("a ||= b", "||="),
        ("`${a?.b} ${`${c ?? d}`}`", "??"),
        ("class A { #b; }", "private name"),
        ("class A { b = 1; }", "class field"),
        ("class A { static { b(); } }", "static block"),
        ("a = { ...b }", "spread of an object"),
        ("try { a() } catch { b() }", "catch without a name"),
        ("a = 1_000", "number with groups"),
        ("a = 1n", "number without bounds"),
        ("a = /(?<=b)c/", "lookbehind in a pattern"),
        ("a = b.replace(/c/v, '')", "pattern with v"),
        ("for await (const a of b) c()", "for await"),
        ("import('a')", "import as an expression"),
    ],
)
def test_the_scanner_finds_how_a_script_is_written(script: str, name: str) -> None:
    assert name in script_features.syntax(script_features.tokens(script))


def test_words_in_strings_comments_and_patterns_are_no_code() -> None:
    script = "a('b ??= c'); // d ??= e\n f = g / h / i; j(/[/]??=/g); `k ??= ${'l ??= m'}`"
    found = script_features.tokens(script)
    assert "??=" not in script_features.syntax(found)
    assert script_features.names(found) == {"a", "f", "g", "h", "i", "j"}
    with pytest.raises(ValueError, match="cannot be read"):
        script_features.tokens("a = 'b")


def test_the_scanner_tells_what_belongs_to_what() -> None:
    found = script_features.tokens("AbortSignal?.timeout(1); a.at(-1); structuredClone(b)")
    assert script_features.names(found) >= {"AbortSignal.timeout", ".at", "structuredClone"}


def test_the_scanner_finds_what_pages_and_headers_use() -> None:
    page = (
        '<dialog{% if a %} open{% endif %}><my-a b="c"></my-a><input autocomplete="off webauthn">'
    )
    assert markup_features.in_templates([page]) == {
        "<dialog>", "open=",
        "<input>", "autocomplete=", "autocomplete=off", "autocomplete=webauthn",
    }  # fmt: skip
    assert markup_features.in_sources(['answer.headers["Clear-Site-Data"] = x']) == {
        "Clear-Site-Data:"
    }
    policy = [("Content-Security-Policy", "default-src 'self'; require-trusted-types-for 'script'")]
    assert "require-trusted-types-for;" in markup_features.in_headers(policy)
