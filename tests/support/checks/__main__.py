"""`python -m tests.support.checks`: what the other tools of `make check` do not look at."""

import sys

from tests.support.checks import file_lengths, migrations, requirements, templates, vendored

CHECKS = {
    "no file is too long": file_lengths.findings,
    "pinned packages fit pyproject.toml": requirements.findings,
    "vendored files are what their checksums say": vendored.findings,
    "templates compile and name what exists": templates.findings,
    "migrations match the models": migrations.findings,
}


def main() -> int:
    """Print each check with its findings; 1 when there are any."""
    failed = 0
    for name, findings in CHECKS.items():
        found = findings()
        failed += bool(found)
        print(f"{'✗' if found else '✓'} {name}")
        for line in found:
            print(f"    {line}")
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
