"""What the app serves, as the scanners read it."""

import functools
import re

import rjsmin
from playwright.sync_api import Page

from jkn import assets
from jkn.web.headers import security_headers
from tests.support.compatibility import markup_features, script_features, style_features
from tests.support.compatibility.script_features import Token
from tests.support.world.databases import ROOT

_APP = ROOT / "jkn"
_FILLED_IN = re.compile(r"\{\{.*?\}\}")


@functools.cache
def script_tokens() -> tuple[Token, ...]:
    """Of every script: the parts with htmx, the worker of the captcha, and the service worker."""
    parts = sorted(it.name for it in (assets.SOURCE / "js").iterdir() if it.is_dir())
    texts = [assets.script(part) for part in parts]
    texts += [it.read_text() for it in sorted((assets.SOURCE / "workers").glob("*.js"))]
    texts.append(_FILLED_IN.sub("0", (_APP / "templates" / "pwa" / "sw.js").read_text()))
    return tuple(it for text in texts for it in script_features.tokens(rjsmin.jsmin(text)))


def without_names(files: assets.Assets) -> dict[str, set[str]]:
    """By kind, everything that needs no browser to be told from words of our own."""
    templates = [it.read_text() for it in (_APP / "templates").rglob("*.html")]
    sources = [it.read_text() for it in _APP.rglob("*.py")]
    return {
        "style sheet": style_features.features(files.css),
        "syntax of scripts": script_features.syntax(list(script_tokens())),
        "pages": markup_features.in_templates(templates),
        "headers": markup_features.in_sources(sources)
        | markup_features.in_headers(security_headers(files).items()),
    }


def names(page: Page) -> set[str]:
    """What the scripts call that is the browser's, as a page of the app and its service worker see
    it."""
    candidates = script_features.names(list(script_tokens()))
    found = script_features.platform_names(page, candidates)
    for worker in page.context.service_workers:
        found |= script_features.platform_names(worker, candidates)
    return found
