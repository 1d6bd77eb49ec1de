"""The rules of the insurance in a folder of a test's own, changed as the law might."""

import shutil
from pathlib import Path

from jkn.services.basics import runtime
from jkn.settings import Settings
from tests.support.world.connected import bare_settings

PACKAGED: Path = Settings.model_fields["rules_dir"].default


def copied_rules(folder: Path) -> Path:
    """A copy of the rules in a new folder within `folder`."""
    return Path(shutil.copytree(PACKAGED, folder / "rules"))


def next_line(rules: Path, file: str, later: int = 0) -> str:
    """The place of the line that is added next, or of one after it, as faults name it."""
    lines = (rules / file).read_text(encoding="utf-8").count("\n")
    return f"{file}:{lines + 1 + later}"


def add_lines(rules: Path, file: str, *lines: str) -> None:
    """Add lines at the end of a file: the only way in which rules change."""
    with (rules / file).open("a", encoding="utf-8") as opened:
        opened.writelines(f"{line}\n" for line in lines)


def replace_text(rules: Path, file: str, old: str, new: str) -> None:
    """Change what stands in a file, which must be there once."""
    text = (rules / file).read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{file} has {old!r} {text.count(old)} times"
    (rules / file).write_text(text.replace(old, new), encoding="utf-8")


def bind_rules(rules: Path = PACKAGED) -> None:
    """Put these rules in force, without a database, until the test ends."""
    runtime.bind(bare_settings(rules_dir=rules))


def bring_kris(rules: Path, day: str) -> None:
    """Retire the three classes and bring the standard class (KRIS) on `day`, by added lines."""
    add_lines(
        rules,
        "care_classes.csv",
        f"kris,Kelas Rawat Inap Standar,,{day},Perpres 59/2024 pasal 103B; a rehearsal",
        *(f"{code},,kris,{day},Perpres 59/2024 pasal 103B; a rehearsal" for code in "123"),
    )
    add_lines(
        rules,
        "prices.csv",
        f"kris,self_employed,60000,5000,{day},a rehearsal of 2024",
        f"kris,non_worker,60000,5000,{day},a rehearsal of 2024",
    )
