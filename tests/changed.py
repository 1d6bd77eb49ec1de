"""`python -m tests.changed [REVISION]`: the test files that changes since this revision concern (by
default since the last commit), nearest first. `make test CHANGED=1` runs them.

Nearest are tests with the name of a changed module, then those that use it, then those of modules
that use it. What does not fit into a minute and a half is left out and named; `make test` runs it.
"""

import ast
import functools
import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Files on which the whole suite depends: no choice among its tests would be a good one.
_EVERYTHING = re.compile(
    r"tests/conftest\.py|pyproject\.toml|requirements[^/]*\.txt|jkn/(__init__|database|settings)\.py"
)
# These tests are quick and look at every file.
_ALWAYS = ("checks", "documents", "layers", "page_rules")
# In seconds of two workers: how much a run may cost, and what a file costs if nothing is known.
_AFFORDABLE, _GUESS = 130.0, 3.0
COSTS = ROOT / ".pytest_cache" / "costs.json"

# Tests that look at every page.
_OF_PAGES = ("authorisation", "crawl", "errors", "headers")
_BEHIND_PAGES = ("jkn/web/", "jkn/blueprints/", "jkn/templates/")

_SAME_NAME, _USES, _OF_A_USER = range(3)


def main(arguments: list[str]) -> int:
    """Print the files, and on standard error how they were chosen."""
    changed = changed_since(arguments[0] if arguments else "HEAD")
    if any(map(_EVERYTHING.fullmatch, changed)):
        print("What was changed touches every test.", file=sys.stderr)
        print("tests")
        return 0
    chosen, left = affordable(touched_by(changed))
    for path in chosen:
        print(path)
    print(f"{len(changed)} files changed, {len(chosen)} test files chosen", file=sys.stderr)
    if left:
        print("left to make test: " + " ".join(left), file=sys.stderr)
    return 0


def changed_since(revision: str) -> list[str]:
    """Paths of tracked and new files that differ from the revision."""
    return [
        *_git("diff", "--name-only", "--diff-filter=d", revision),
        *_git("ls-files", "--others", "--exclude-standard"),
    ]


def touched_by(changed: Iterable[str]) -> list[str]:
    """Test files, nearest first; those that look at every file come last."""
    nearness: dict[str, int] = {}
    for path in changed:
        for test, near in _touched(path):
            nearness[test] = min(near, nearness.get(test, near))
    always = [f"tests/architecture/test_{name}.py" for name in _ALWAYS]
    nearest_first = sorted(nearness, key=lambda it: (nearness[it], it))
    return [*nearest_first, *(it for it in always if it not in nearness)]


def affordable(tests: list[str]) -> tuple[list[str], list[str]]:
    """The tests that fit into the time, in this order, and the rest. The nearest is always
    taken."""
    costs: dict[str, float] = json.loads(COSTS.read_text()) if COSTS.exists() else {}
    chosen: list[str] = []
    left: list[str] = []
    spent = 0.0
    for test in tests:
        cost = costs.get(test, _GUESS)
        if not chosen or spent + cost <= _AFFORDABLE:
            chosen.append(test)
            spent += cost
        else:
            left.append(test)
    return chosen, left


def _touched(path: str) -> Iterator[tuple[str, int]]:
    if path in _tests():
        yield path, _SAME_NAME
    elif path.endswith(".py") and not path.startswith("migrations/"):
        yield from _of_module(path)
    elif path.startswith("jkn/templates/"):
        for name in {_flow_of(it) for it in _pages_with(path.removeprefix("jkn/templates/"))}:
            yield from _named(name, _SAME_NAME)
    elif path.startswith("migrations/"):
        for name in ("migrations", "database", "database_version"):
            yield from _named(name, _SAME_NAME)
    else:
        # For a style sheet, a script or a table of rules: the tests that mention it.
        stem = Path(path).stem
        yield from _named(stem.replace("-", "_"), _SAME_NAME)
        yield from _speaking_of(stem, _USES)
        if path.startswith("jkn/static/"):
            for name in {_flow_of(it) for it in _pages_with(f"<{stem}")}:
                yield from (it for it in _named(name, _SAME_NAME) if "/browser/" in it[0])
            for name in ("assets", "every_page", "weight"):
                yield from _named(name, _USES)
    if path.startswith(_BEHIND_PAGES):
        for name in _OF_PAGES:
            yield from _named(name, _OF_A_USER)


def _of_module(path: str) -> Iterator[tuple[str, int]]:
    found = list(_named(_flow_of(path), _SAME_NAME))
    found += ((it, _USES) for it in _with_helpers(path) if it in _tests())
    users = [_flow_of(it) for it in _users()[path] if it.startswith("jkn/")]
    for user in users:
        found += _named(user, _OF_A_USER)
    yield from found
    if not found:
        for name in (_flow_of(path), *users):
            yield from _speaking_of(name, _OF_A_USER)


def _speaking_of(word: str, near: int) -> Iterator[tuple[str, int]]:
    for test in _tests():
        if re.search(rf"\b{re.escape(word)}\b", _text(test)):
            yield test, near


def _with_helpers(path: str) -> set[str]:
    """The files that import it, also through helpers of the tests."""
    found: set[str] = set()
    waiting = [path]
    while waiting:
        for user in _users()[waiting.pop()]:
            if user.startswith("tests/") and user not in found:
                found.add(user)
                if user not in _tests():
                    waiting.append(user)
    return found


def _flow_of(path: str) -> str:
    """The name of its flow, which all layers share: of the file, or of the folder of its routes."""
    file = Path(path)
    is_of_flow = file.parent.parent.name == "blueprints" or file.suffix == ".html"
    return file.parent.name if is_of_flow else file.stem


def _named(name: str, near: int) -> Iterator[tuple[str, int]]:
    """The tests whose names begin with this name: test_pins.py and test_pins_at_once.py."""
    for test in _tests():
        own = Path(test).stem.removeprefix("test_")
        if own == name or f"{own}_".startswith((f"{name}_", f"{name.removesuffix('s')}_")):
            yield test, near + ("/browser/" in test)


@functools.cache
def _tests() -> tuple[str, ...]:
    files = _git("ls-files", "-co", "--exclude-standard", "tests/*.py")
    return tuple(it for it in files if Path(it).name.startswith("test_"))


@functools.cache
def _text(path: str) -> str:
    return (ROOT / path).read_text()


@functools.cache
def _users() -> dict[str, set[str]]:
    """For each file, the files that import it."""
    files = _git("ls-files", "-co", "--exclude-standard", "*.py")
    modules = {_module_of(it): it for it in files}
    # A name that a package passes on from a module counts as a use of the module.
    for package in [it for it in files if it.endswith("/__init__.py")]:
        for node in ast.walk(ast.parse(_text(package))):
            if isinstance(node, ast.ImportFrom) and node.module in modules:
                for own in node.names:
                    modules.setdefault(f"{_module_of(package)}.{own.name}", modules[node.module])
    users: dict[str, set[str]] = defaultdict(set)
    for file in files:
        for node in ast.walk(ast.parse(_text(file))):
            if isinstance(node, ast.ImportFrom) and node.module:
                names = {node.module, *(f"{node.module}.{it.name}" for it in node.names)}
            elif isinstance(node, ast.Import):
                names = {it.name for it in node.names}
            else:
                continue
            for name in names & modules.keys():
                users[modules[name]].add(file)
    return users


def _module_of(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _pages_with(template: str) -> set[str]:
    """The template and all that include it, extend it or import from it. Of what begins like an
    element: all that hold it, too."""
    is_element = template.startswith("<")
    found, waiting = set() if is_element else {template}, [template]
    everything = _git("ls-files", "-co", "--exclude-standard", "jkn/templates")
    while waiting:
        name = waiting.pop()
        name = name if name.startswith("<") else f'"{name}"'
        for path in everything:
            user = path.removeprefix("jkn/templates/")
            if user not in found and name in _text(path):
                found.add(user)
                waiting.append(user)
    return found


def _git(*command: str) -> list[str]:
    done = subprocess.run(["git", *command], cwd=ROOT, capture_output=True, text=True, check=True)
    return [it for it in done.stdout.splitlines() if (ROOT / it).is_file()]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
