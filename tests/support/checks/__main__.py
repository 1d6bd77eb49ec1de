"""`python -m tests.support.checks`: checks that the other tools of `make check` do not make."""

import sys

from tests.support.checks import file_lengths, migrations, requirements, templates, vendored

CHECKS = {
    "pinned packages fit pyproject.toml": requirements.findings,
    "vendored files are what their checksums say": vendored.findings,
    "templates compile and name what exists": templates.findings,
    "migrations match the models": migrations.findings,
}


def main() -> int:
    """Print the findings of each check, then the questions; returns 1 when there are findings."""
    failed = 0
    for name, findings in CHECKS.items():
        found = findings()
        failed += bool(found)
        print(f"{'✗' if found else '✓'} {name}")
        for line in found:
            print(f"    {line}")
    for line in file_lengths.questions():
        print(f"? {line}")
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
