"""The rules as a table for operators: what holds, from when until when, and by which source."""

from collections.abc import Iterator
from datetime import date, timedelta

from jkn.services.basics.rule_book import (
    AutodebitChannel,
    CareClass,
    Dated,
    Entry,
    Price,
    Retired,
    RuleBook,
    VaPrefix,
)
from jkn.services.basics.rule_catalogue import Rule


def listed(book: RuleBook, day: date | None) -> Iterator[str]:
    """The lines in force on `day`, or every line with None, each table under its title."""
    rules = {str(rule): rule for rule in Rule}
    for title, table in book.tables():
        yield ""
        yield title
        for key, history in table.items():
            rule = rules.get(key)
            for entry, until in _periods(history):
                if day is None or (entry.day <= day and (until is None or day <= until)):
                    what = _in_words(entry.value, rule)
                    period = f"{entry.day} – {until or ''}".rstrip()
                    yield f"  {key:40}  {what:36}  {period:23}  {entry.citation}"
            if rule:
                yield f"      {rule.meaning}"


def _periods(history: Dated[object]) -> Iterator[tuple[Entry[object], date | None]]:
    """Each line with the last day on which it holds; None: no end is known."""
    following = [it.day - timedelta(days=1) for it in history.entries[1:]]
    yield from zip(history.entries, [*following, None], strict=True)


def _in_words(value: object, rule: Rule | None) -> str:
    match value:
        case None:
            return "ended"
        case int() if rule:
            return rule.unit.said(value)
        case CareClass():
            return value.name
        case Retired():
            return f"replaced by {value.replaced_by}"
        case Price():
            return f"{value.paid:,} + subsidy {value.subsidy:,} = {value.total:,}"
        case VaPrefix():
            return f"{value.prefix} at {value.name}"
        case AutodebitChannel():
            return f"{value.name} ({value.group})"
        case _:
            return str(value)
