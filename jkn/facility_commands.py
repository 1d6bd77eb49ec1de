"""`flask facilities`: the operator's list of health facilities."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from jkn.command_group import DatabaseGroup
from jkn.models import FacilityKind
from jkn.services.facilities.csv_records import UnreadableFileError
from jkn.services.facilities.facility_import import (
    ImportedMeanwhileError,
    ImportOptions,
    Outcome,
    import_list,
)
from jkn.services.facilities.facility_lines import COLUMNS

facilities = DatabaseGroup("facilities", help="The list of health facilities.")


def _pairs(
    _context: click.Context, _parameter: click.Parameter, given: Sequence[str]
) -> dict[str, str]:
    pairs = [it.partition("=") for it in given]
    if any(not (left.strip() and middle and right.strip()) for left, middle, right in pairs):
        raise click.BadParameter("must look like name=value")
    return {left.strip(): right.strip() for left, _, right in pairs}


@facilities.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--column",
    "columns",
    multiple=True,
    callback=_pairs,
    metavar="OURS=THEIRS",
    help=f"The file's header for one of ours: {', '.join(COLUMNS)}.",
)
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    callback=_pairs,
    metavar="WORD=KIND",
    help=f"What a word of the file means: {', '.join(FacilityKind)}.",
)
@click.option("--encoding", default="utf-8", show_default=True, help="Of the file.")
@click.option("--dry-run", "is_dry_run", is_flag=True, help="Say what would happen, write nothing.")
@click.option("--full", "is_full", is_flag=True, help="Close those that the file does not have.")
@click.option(
    "--yes",
    "is_confirmed",
    is_flag=True,
    help="Close them even if they are more than 2 %, or lines have no readable code.",
)
@click.option("--details", is_flag=True, help="Name each line that was mended or looks wrong.")
def import_facilities(
    file: Path,
    columns: dict[str, str],
    kinds: dict[str, str],
    encoding: str,
    is_dry_run: bool,
    is_full: bool,
    is_confirmed: bool,
    details: bool,
) -> None:
    """Add and update the facilities of a CSV file; nothing is ever deleted.

    A line that cannot be read is named and skipped. What is certain is mended, and counted. It may
    be run again at any time.
    """
    _check_names("--column", columns, COLUMNS)
    _check_names("--kind", {kind: word for word, kind in kinds.items()}, list(FacilityKind))
    options = ImportOptions(
        columns=columns,
        kinds={word: FacilityKind(kind) for word, kind in kinds.items()},
        encoding=encoding,
        is_dry_run=is_dry_run,
        is_full=is_full,
        is_confirmed=is_confirmed,
    )

    def tell(line: int, sentence: str) -> None:
        click.echo(f"Line {line}: {sentence}", err=True)

    def keep_quiet(_line: int, _sentence: str) -> None: ...

    with (
        file.open("rb") as stream,
        click.progressbar(length=file.stat().st_size, label="Importing", file=sys.stderr) as bar,
    ):
        try:
            outcome = import_list(
                stream,
                options,
                tell_refused=tell,
                tell_note=tell if details else keep_quiet,
                progress=bar.update,
            )
        except (UnreadableFileError, ImportedMeanwhileError) as error:
            raise click.ClickException(str(error)) from None
        except LookupError:
            raise click.BadParameter(
                f"“{encoding}” is not known", param_hint="--encoding"
            ) from None
    _print(outcome, is_dry_run=is_dry_run)


def _check_names(option: str, given: dict[str, str], known: Sequence[str] | dict[str, str]) -> None:
    for name in given:
        if name not in known:
            raise click.BadParameter(f"“{name}” is none of: {', '.join(known)}", param_hint=option)


def _print(outcome: Outcome, *, is_dry_run: bool) -> None:
    for note, times in outcome.notes.most_common():
        click.echo(f"{times:8,}  {note}")
    would = "would be " if is_dry_run else ""
    click.echo(
        f"{outcome.added:,} {would}added, {outcome.changed:,} {would}changed,"
        f" {outcome.unchanged:,} unchanged, {outcome.refused:,} lines skipped,"
        f" {outcome.closed:,} {would}closed."
    )
    if outcome.would_close:
        many = ", more than 2 % of those that are open" if outcome.are_too_many else ""
        unread = (
            f" Their lines may be among the {outcome.without_code:,} that have no readable code."
            if outcome.without_code
            else ""
        )
        raise click.ClickException(
            f"{outcome.would_close:,} facilities are not in the file{many}.{unread}"
            " None of them was closed; --yes closes them."
        )
