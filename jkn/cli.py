"""Commands for operators and developers: `flask --help` lists them."""

import json
import sys
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from jkn.command_group import DatabaseGroup, needs_tables
from jkn.database_version import migrate as migrate_database
from jkn.facility_commands import facilities
from jkn.models import MessageState
from jkn.sample import PASSWORD, grown_people, growth, loader
from jkn.sample.identities import Identity, identities
from jkn.services.access import account_freeze, account_unlock, family_confirmation
from jkn.services.access.family_confirmation import OfficeRefusal
from jkn.services.audit import audit_verification
from jkn.services.basics import clock, rule_listing
from jkn.services.basics.identity_numbers import IdentityNumber, read_identity
from jkn.services.basics.phone_numbers import read_phone
from jkn.services.basics.rule_book import RuleBook
from jkn.services.basics.rule_files import UnusableRules, read_rules
from jkn.services.credentials import passwords
from jkn.services.messaging import backlog
from jkn.services.messaging.backlog import Line
from jkn.services.operations import key_rotation, periodic
from jkn.settings import Settings

sample = DatabaseGroup("sample", help="The sample world: invented people for development.")
accounts = DatabaseGroup("accounts", help="What an operator does for somebody who called 165.")
keys = DatabaseGroup("keys", help="The keys that encrypt personal data.")
audit = DatabaseGroup("audit", help="The audit log of security events.")
rules = AppGroup("rules", help="The rules of the insurance, which are dated data.")
outbox = DatabaseGroup(
    "outbox",
    help="Messages to people. A dead one cannot be sent again: its text and recipient were wiped"
    " when it was given up. Whoever waits for it asks for another.",
)


def init_app(app: Flask, settings: Settings) -> None:
    """Register the commands."""
    app.extensions["settings"] = settings
    own = (prepare, migrate, purge, sample, accounts, facilities, keys, audit, rules, outbox)
    for command in own:
        app.cli.add_command(command)


@click.command()
def migrate() -> None:
    """Bring the database schema to this version."""
    migrate_database(current_app.extensions["engine"])
    click.echo("The database schema is up to date.")


@click.command()
@click.pass_context
def prepare(context: click.Context) -> None:
    """Migrate; in development also fill the sample world once and say how to sign in."""
    context.invoke(migrate)
    context.invoke(purge)
    if _settings().is_production:
        return
    if loader.is_loaded():
        click.echo("The sample world is there already.")
    else:
        context.invoke(load)
    _print_identities()
    click.echo("\nThose without an account: flask sample list --json")
    click.echo(f"\nCodes, SMS and e-mails appear on {_settings().base_url}/dev/kotak-keluar")
    click.echo(f"Open {_settings().base_url} — Ctrl+C ends it.")


@click.command()
@needs_tables
def purge() -> None:
    """Delete or wipe what is kept no longer, seal the audit log, and apply the changes whose day
    has come, as the worker does anyway."""
    total = 0
    for name, rows in periodic.run_all():
        total += rows
        if rows:
            click.echo(f"{name}: {rows} rows")
    click.echo(f"{total} rows deleted, wiped, sealed or applied.")


@sample.command("load")
def load() -> None:
    """Fill the empty database with the sample world."""
    _refuse_in_production()
    if loader.is_loaded():
        raise click.ClickException("The database is not empty.")
    with click.progressbar(length=1, label="Filling the sample world") as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        loader.load(today=clock.today(), hash_password=passwords.hash_password, progress=show)


@sample.command("grow")
@click.option(
    "--participants",
    type=click.IntRange(1, grown_people.MOST),
    required=True,
    help="How many grown participants there will be in all.",
)
@click.pass_context
def grow(context: click.Context, participants: int) -> None:
    """Add invented participants until there are so many, beside the sample world.

    May be killed and run again: it goes on where it stopped.
    """
    _refuse_in_production()
    if not loader.is_loaded():
        context.invoke(load)
    before = growth.grown()
    if before < participants:
        label = f"Growing to {participants:,} participants"
        with click.progressbar(length=participants - before, label=label) as bar:

            def show(there: int) -> None:
                bar.update(there - before - bar.pos)

            growth.grow(participants, today=clock.today(), progress=show)
    there, head = growth.grown(), grown_people.family(0).members[0]
    click.echo(f"Grown participants: {there:,}, {there - before:,} of them new.")
    click.echo(f"Each head of a family signs in with: {PASSWORD}")
    click.echo(f"The first of them: NIK {head.nik}, card {head.card_number}")


@sample.command("list")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def list_identities(as_json: bool) -> None:
    """Print who is who: numbers, password, and what each is for."""
    if as_json:
        people = [asdict(person) for person in identities(_day_of_sample())]
        click.echo(json.dumps(people, ensure_ascii=False, indent=2, default=date.isoformat))
    else:
        _print_identities()


@accounts.command("unfreeze")
def unfreeze() -> None:
    """Let an account that was frozen by "Bukan saya" be recovered in every way again.

    Asks for the NIK, so that it stays out of the shell's history. The password stays closed
    until the person has chosen another one; every registered channel is told.
    """
    read = read_identity(click.prompt("NIK", hide_input=True))
    if not isinstance(read, IdentityNumber) or not account_freeze.unfreeze(read.number):
        raise click.ClickException("There is no frozen account with this NIK.")
    click.echo("The account can be recovered again. Every registered channel is told.")


@accounts.command("unlock")
def unlock() -> None:
    """Let passwords, codes and answers be tried again that others have used up.

    Asks for the NIK, so that it stays out of the shell's history. Nothing else changes; every
    registered channel is told.
    """
    read = read_identity(click.prompt("NIK", hide_input=True))
    if not isinstance(read, IdentityNumber) or not account_unlock.unlock(read.number):
        raise click.ClickException("There is no account with this NIK.")
    click.echo("Everything can be tried again. Every registered channel is told.")


@accounts.command("confirm")
def confirm() -> None:
    """Confirm an account that waits, after its person showed their papers.

    Asks for the NIK or the card number, so that it stays out of the shell's history, and for the
    phone that the person has at hand, which must be the one that registered the account. The
    account opens fully; every registered channel is told.
    """
    read = read_identity(click.prompt("NIK or card number", hide_input=True))
    phone = read_phone(click.prompt("Phone that the person has at hand", hide_input=True))
    done: object = OfficeRefusal.NOBODY
    if isinstance(read, IdentityNumber):
        done = family_confirmation.confirm_by_office(read, phone)
    if done is OfficeRefusal.OTHER_PHONE:
        raise click.ClickException(
            "This account was registered with another phone, perhaps by a stranger. If the person"
            " did not register it: flask accounts refuse"
        )
    if done is OfficeRefusal.NOBODY:
        raise click.ClickException("No account with this number waits to be confirmed.")
    click.echo("The account is confirmed. Every registered channel is told.")


@accounts.command("refuse")
def refuse() -> None:
    """Freeze an account that waits, or that a relative confirmed within a week, because somebody
    else registered it.

    Asks for the NIK or the card number, so that it stays out of the shell's history. The phone that
    registered the account opens it no longer.
    """
    read = read_identity(click.prompt("NIK or card number", hide_input=True))
    if not isinstance(read, IdentityNumber) or not family_confirmation.refuse_by_office(read):
        raise click.ClickException("No account with this number waits, or was confirmed lately.")
    click.echo("The account is frozen. It is opened with: flask accounts unfreeze")


@keys.command("rotate")
def rotate() -> None:
    """Write everything encrypted anew with the first key of JKN_DATA_KEY."""
    rows = 0
    for table, written in key_rotation.rotate():
        rows += written
        click.echo(f"{table}: {written} rows")
    click.echo(f"{rows} rows written anew. Older keys may go once this prints 0.")


@audit.command("verify")
@click.option("--head", "noted", metavar="SEAL:DIGEST", help="The head that was noted earlier.")
def verify(noted: str | None) -> None:
    """Look whether anything that was sealed has been changed, and print each finding.

    The database alone cannot show that the newest seals were cut off: note the head elsewhere, as
    the worker's log does, and name it with --head.
    """
    head = audit_verification.read_head(noted) if noted is not None else None
    if noted is not None and head is None:
        raise click.BadParameter("must look like 12:BCDF…, as printed", param_hint="--head")
    look, found = audit_verification.Audit(head), 0
    with click.progressbar(
        length=audit_verification.seal_count(), label="Verifying", file=sys.stderr
    ) as bar:

        def show() -> None:
            bar.update(1)

        for finding in look.findings(show):
            click.echo(finding)
            found += 1
    click.echo(f"{look.sealed} events are sealed, {look.unsealed} not yet.")
    if look.oldest_unsealed:
        click.echo(f"The oldest that is not: {look.oldest_unsealed} UTC.")
    click.echo(f"Head: {look.head or '-'}")
    if found:
        raise click.ClickException(f"{found} findings.")


@outbox.command("list")
@click.option(
    "--state",
    type=click.Choice([it.value for it in MessageState]),
    help="All in this state; else those that are dead or have been waiting for two minutes.",
)
def list_messages(state: str | None) -> None:
    """Print messages, the oldest first, 200 at most: never to whom, nor what they say."""
    lines = backlog.troubled(MessageState(state) if state else None)
    for line in lines:
        click.echo(_in_a_row(line))
    click.echo(f"{len(lines)} messages.")


_rules_folder = click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder of the rules; JKN_RULES_DIR when it is left out.",
)


@rules.command("check")
@_rules_folder
def check_rules(folder: Path | None) -> None:
    """Look whether rules can be true, before the app starts with them.

    Ends with 1 and names each file and line that is wrong.
    """
    folder = folder or _settings().rules_dir
    book = _read_rules(folder)
    lines = sum(len(it.entries) for _, table in book.tables() for it in table.values())
    click.echo(f"The rules in {folder} can be used: {lines} lines.")


@rules.command("show")
@_rules_folder
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="The day, as 2026-05-01; today when it is left out.",
)
@click.option("--all-history", is_flag=True, help="Every line, of the past and of the future.")
def show_rules(folder: Path | None, on: datetime | None, all_history: bool) -> None:
    """Print what holds on a day, from when until when, and by which source."""
    folder = folder or _settings().rules_dir
    book = _read_rules(folder)
    day = on.date() if on else clock.today()
    click.echo(f"The rules in {folder}" + (", all of them" if all_history else f" on {day}"))
    for line in rule_listing.listed(book, None if all_history else day):
        click.echo(line)


def _read_rules(folder: Path) -> RuleBook:
    try:
        return read_rules(folder, clock.today())
    except UnusableRules as error:
        raise click.ClickException(str(error)) from None


def _in_a_row(line: Line) -> str:
    return (
        f"{line.idempotency_key}  {line.channel:5}  {line.topic:20}  {line.state:11}"
        f"  {line.tries:2} tries  {line.age} old  {line.problem or '-'}"
    )


def _print_identities() -> None:
    everybody = identities(_day_of_sample())
    people = [person for person in everybody if person.can_sign_in]
    click.echo(f"\nSample identities; the password of each is: {people[0].password}")
    click.echo("? begins their answers to the questions about their record.\n")
    click.echo(f"{'NIK':16}  {'NOKA':13}  Who")
    for person in people:
        click.echo(f"{person.nik or '':16}  {person.card_number or '':13}  {person.name}")
        click.echo(f"{'':33}{person.purpose}")
        _print_answers(person, 33)
    click.echo("\nWithout an account, for Daftar; codes arrive at /dev/kotak-keluar\n")
    click.echo(f"{'NIK':16}  {'Born on':10}  {'Phone on record':15}  Who")
    for person in everybody:
        if not person.can_sign_in and person.nik:
            born_on = str(person.birth_date or "")
            click.echo(f"{person.nik}  {born_on:10}  {person.phone or '-':15}  {person.name}")
            click.echo(f"{'':47}{person.purpose}")
            _print_answers(person, 47)


def _print_answers(person: Identity, indent: int) -> None:
    """In the order in which the questions are written down: which three are asked depends on the
    key of the installation."""
    if person.answers:
        click.echo(f"{'':{indent}}? {'; '.join(person.answers.values())}")


def _day_of_sample() -> date:
    # Some people's ages are relative to this day, and their NIK holds the birth date.
    return loader.loaded_on() or clock.today()


def _refuse_in_production() -> None:
    if _settings().is_production:
        raise click.ClickException("The sample world is never loaded in production.")


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
