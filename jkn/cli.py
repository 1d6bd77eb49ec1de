"""Commands for operators and developers: `flask --help` lists them."""

import json
from dataclasses import asdict
from datetime import date

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from jkn.database_version import migrate as migrate_database
from jkn.sample import loader
from jkn.sample.identities import identities
from jkn.services import captcha, clock, key_rotation, passwords, waits
from jkn.settings import Settings

sample = AppGroup("sample", help="The sample world: invented people for development.")
keys = AppGroup("keys", help="The keys that encrypt personal data.")


def init_app(app: Flask, settings: Settings) -> None:
    """Register the commands."""
    app.extensions["settings"] = settings
    for command in (prepare, migrate, purge, sample, keys):
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
    click.echo(f"\nOpen {_settings().base_url} — Ctrl+C ends it.")


@click.command()
def purge() -> None:
    """Delete captchas and counters that have served their time."""
    click.echo(f"Expired captchas deleted: {captcha.forget_expired()}")
    click.echo(f"Old counters deleted: {waits.forget_old()}")


@sample.command("load")
def load() -> None:
    """Fill the empty database with the sample world."""
    if _settings().is_production:
        raise click.ClickException("The sample world is never loaded in production.")
    if loader.is_loaded():
        raise click.ClickException("The database is not empty.")
    with click.progressbar(length=1, label="Filling the sample world") as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        loader.load(today=clock.today(), hash_password=passwords.hash_password, progress=show)


@sample.command("list")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def list_identities(as_json: bool) -> None:
    """Print who is who: numbers, password, and what each is for."""
    if as_json:
        people = [asdict(person) for person in identities(_day_of_sample())]
        click.echo(json.dumps(people, ensure_ascii=False, indent=2))
    else:
        _print_identities()


@keys.command("rotate")
def rotate() -> None:
    """Write everything encrypted anew with the first key of JKN_DATA_KEY."""
    rows = 0
    for table, written in key_rotation.rotate():
        rows += written
        click.echo(f"{table}: {written} rows")
    click.echo(f"{rows} rows written anew. Older keys may go once this prints 0.")


def _print_identities() -> None:
    people = [person for person in identities(_day_of_sample()) if person.can_sign_in]
    click.echo(f"\nSample identities; the password of each is: {people[0].password}\n")
    click.echo(f"{'NIK':16}  {'NOKA':13}  Who")
    for person in people:
        click.echo(f"{person.nik or '':16}  {person.card_number or '':13}  {person.name}")
        click.echo(f"{'':33}{person.purpose}")


def _day_of_sample() -> date:
    # Some are always as old as they were on the first day, and their NIK says when that was.
    return loader.loaded_on() or clock.today()


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
