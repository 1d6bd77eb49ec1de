"""A browser of the floor, as far as today's Chromium can play it: what the table says is missing
there is taken out of the style sheet and out of what scripts find.

It has today's syntax, default styles and faults: scripts are read for their syntax alone
(`script_features`).
"""

import json

import tinycss2
from playwright.sync_api import BrowserContext, Route
from tinycss2.ast import AtRule, Declaration, Node, QualifiedRule

from jkn import assets
from tests.support.compatibility import style_features, table

_STYLE = "**/static/css/app.*.css"
_TAKE = """(paths) => {
  for (const [thing, part, isStatic] of paths) {
    const owner = isStatic ? globalThis[thing] : globalThis[thing]?.prototype;
    if (owner) delete owner[part];
  }
}"""


def pretend(context: BrowserContext, browser: str, files: assets.Assets) -> None:
    """From now on the pages of this context are seen by that browser."""
    css = style_sheet(files.css, browser)

    def page(route: Route) -> None:
        answer = route.fetch(max_redirects=0)
        if "text/html" not in answer.headers.get("content-type", ""):
            route.fulfill(response=answer)
            return
        policy = "content-security-policy"
        headers = {**answer.headers}
        headers[policy] = headers[policy].replace(files.css_hash, assets.hash_of(css.encode()))
        route.fulfill(response=answer, headers=headers, body=answer.text().replace(files.css, css))

    context.route(lambda url: "/static/" not in url, page)
    context.route(_STYLE, lambda route: route.fulfill(body=css, content_type="text/css"))
    context.add_init_script(f"({_TAKE})({json.dumps(_missing_parts(browser))})")


def style_sheet(css: str, browser: str) -> str:
    """The sheet without what that browser would not understand."""
    missing = {it.name for it in table.features().values() if it.missing_in(browser)}
    return "".join(_known(rule, missing) for rule in style_features.parsed(css))


def _known(rule: Node, missing: set[str]) -> str:
    if isinstance(rule, QualifiedRule):
        if missing & set(style_features.of_selector(rule.prelude)):
            return ""
        declarations = style_features.declarations_in(rule.content)
        kept = [it for it in declarations if not missing & _needs(it, declarations)]
        body = ";".join(it.serialize() for it in kept)
        return f"{tinycss2.serialize(rule.prelude)}{{{body}}}"
    if not isinstance(rule, AtRule) or rule.content is None:
        return ""
    if rule.lower_at_keyword == "keyframes":
        return str(rule.serialize())
    inner = "".join(_known(it, missing) for it in style_features.rules_in(rule.content))
    needed = set(style_features.of_at_rule(rule))
    if rule.lower_at_keyword == "supports":
        # All that is asked is whether something is missing.
        return inner if needed & missing else ""
    if needed & missing:
        return ""
    return f"@{rule.lower_at_keyword} {tinycss2.serialize(rule.prelude)}{{{inner}}}"


def _needs(declaration: Declaration, around: list[Declaration]) -> set[str]:
    is_gap = declaration.lower_name == "gap" and style_features.is_flex(around)
    return {*style_features.of_declaration(declaration), *(["gap in flex"] if is_gap else [])}


def _missing_parts(browser: str) -> list[list[str | bool]]:
    found: list[list[str | bool]] = []
    for it in table.features().values():
        path = it.source.split(".")
        if it.missing_in(browser) and path[0] == "api" and len(path) == 3:
            part = path[2].removesuffix("_static")
            found.append([path[1], part, part != path[2]])
    return found
