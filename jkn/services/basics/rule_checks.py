"""What cannot be true of the rules together, though each line can be read."""

from collections.abc import Iterable, Iterator
from datetime import date

from jkn.models import FacilityKind
from jkn.services.basics.rule_book import PRICED_KINDS, CareClass, Dated, Retired, RuleBook
from jkn.services.basics.rule_catalogue import IN_ORDER, Rule


def check(book: RuleBook, today: date) -> Iterator[str]:
    """Each problem in words, with file and line where there is one."""
    yield from _missing_rules(book, today)
    yield from _rules_out_of_order(book)
    # A price is looked for by the class, so classes must be right first.
    if wrong := [*_wrong_classes(book, today)]:
        yield from wrong
    else:
        yield from _wrong_prices(book, today)
    yield from _wrong_endings(book)
    yield from _nothing_to_choose(book, today)


def _missing_rules(book: RuleBook, today: date) -> Iterator[str]:
    for rule in Rule:
        if rule not in book.rules:
            yield f"rules.csv: {rule} has no line, and the app asks for it"
        elif (first := book.rules[rule].entries[0]).day > today:
            yield f"{first.where}: {rule} has no value before {first.day}, and the app asks today"


def _rules_out_of_order(book: RuleBook) -> Iterator[str]:
    for lower, higher in IN_ORDER:
        if lower not in book.rules or higher not in book.rules:
            continue
        low, high = book.rules[lower], book.rules[higher]
        for day in _days([low, high]):
            first, last = low.entry_on(day), high.entry_on(day)
            if first and last and first.value > last.value:
                newest = max(first, last, key=lambda it: it.day)
                yield (
                    f"{newest.where}: from {day} on, {lower} is {first.value}"
                    f" and {higher} only {last.value}"
                )


def _wrong_classes(book: RuleBook, today: date) -> Iterator[str]:
    days = _days(book.care_classes.values())
    yield from _wrong_replacements(book, days)
    yield from _same_names(book, days)
    held = (it.entry_on(today) for it in book.care_classes.values())
    if not any(it and isinstance(it.value, CareClass) for it in held):
        yield "care_classes.csv: no class exists today"


def _wrong_replacements(book: RuleBook, days: list[date]) -> Iterator[str]:
    for code, history in book.care_classes.items():
        first = history.entries[0]
        if isinstance(first.value, Retired):
            yield f"{first.where}: class {code} is replaced before it ever existed"
            continue
        for day in days:
            if (holds := history.entry_on(day)) is None:
                continue
            try:
                book.care_class_on(code, day)
            except LookupError as error:
                yield f"{holds.where}: {error}"
                break


def _same_names(book: RuleBook, days: list[date]) -> Iterator[str]:
    """Two classes that people could not tell apart."""
    for day in days:
        names: dict[str, str] = {}
        since: dict[str, date] = {}
        for code, history in book.care_classes.items():
            entry = history.entry_on(day)
            if entry and isinstance(entry.value, CareClass):
                same = names.setdefault(entry.value.name, code)
                since[code] = entry.day
                if same != code and day == max(entry.day, since[same]):
                    yield f"{entry.where}: class {same} has the same name from {day} on"


def _wrong_prices(book: RuleBook, today: date) -> Iterator[str]:
    if not book.prices:
        yield "prices.csv: no class has a price"
        return
    for (code, _), prices in book.prices.items():
        for price in prices.entries:
            classes = book.care_classes.get(code)
            if classes is None:
                yield f'{price.where}: there is no class "{code}"'
            elif not (holds := classes.entry_on(price.day)):
                yield f"{price.where}: class {code} does not exist before {classes.first_day}"
            elif isinstance(holds.value, Retired):
                yield f"{price.where}: class {code} exists no longer from {holds.day} on"
    # Classes are older than the prices that are still of use.
    begin = min(it.first_day for it in book.prices.values())
    if begin > today:
        yield f"prices.csv: no class has a price before {begin}, and the app asks today"
    for code, history in book.care_classes.items():
        for kind in PRICED_KINDS:
            priced = book.prices.get((code, kind))
            for entry, until in zip(history.entries, _ends(history), strict=True):
                start = max(entry.day, begin)
                if isinstance(entry.value, Retired) or (until and until <= start):
                    continue
                if priced is None or priced.first_day > start:
                    yield f"{entry.where}: class {code} has no price for {kind} on {start}"
                    break


def _ends(history: Dated[CareClass | Retired]) -> Iterator[date | None]:
    """For each line the day on which the next one takes its place."""
    yield from (it.day for it in history.entries[1:])
    yield None


def _wrong_endings(book: RuleBook) -> Iterator[str]:
    named: list[tuple[str, Dated[object]]] = [
        *book.va_prefixes.items(),
        *book.autodebit_channels.items(),
    ]
    for name, history in named:
        if (first := history.entries[0]).value is None:
            yield f"{first.where}: {name} ends before it ever began"


def _nothing_to_choose(book: RuleBook, today: date) -> Iterator[str]:
    for file, table in (
        ("va_prefixes.csv", book.va_prefixes),
        ("autodebit_channels.csv", book.autodebit_channels),
    ):
        if not any((entry := it.entry_on(today)) and entry.value for it in table.values()):
            yield f"{file}: nothing holds today"
    for kind in FacilityKind:
        if kind not in book.facility_kinds:
            yield f"facility_kinds.csv: {kind} has no line, and the app asks for it"
        elif (first := book.facility_kinds[kind].entries[0]).day > today:
            yield f"{first.where}: {kind} has no line before {first.day}, and the app asks today"


def _days(histories: Iterable[Dated[object]]) -> list[date]:
    """Every day on which something changes."""
    return sorted({entry.day for it in histories for entry in it.entries})
