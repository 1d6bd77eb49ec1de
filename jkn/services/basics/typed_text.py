"""What comes along with a text unseen, and what people group numbers with.

Keyboards and messengers add marks that nobody sees: a number copied from a chat often stands
between two marks of direction. A person who cannot see a character cannot take it out.
"""

import unicodedata

# Marks that are shown as nothing, though Unicode puts them into other categories than Cf: the
# grapheme joiner and the selectors of variants.
_OTHER_MARKS = frozenset("\u034f\u180b\u180c\u180d" + "".join(map(chr, range(0xFE00, 0xFE10))))
# Signs that look like a dash, which Unicode takes for something else: the minus, two hyphens, and
# the long vowel that is the dash of Japanese keyboards.
_OTHER_DASHES = frozenset("\u2212\u02d7\u2043\u30fc\uff70")


def without_marks(text: str) -> str:
    """The text without the marks that are shown as nothing: of direction, of joining, of where a
    word may be broken (Unicode's category Cf), and the like."""
    return text if text.isascii() else "".join(it for it in text if not _is_mark(it))


def without_separators(text: str) -> str:
    """The text without invisible marks, and without every space, dash (Unicode's Zs and Pd) and dot
    that people group numbers with."""
    return "".join(it for it in text if not is_separator(it))


def is_separator(character: str) -> bool:
    """Whether a number is the same with and without it."""
    return (
        character in ".-"
        or character.isspace()
        or _is_mark(character)
        or character in _OTHER_DASHES
        or unicodedata.category(character) == "Pd"
    )


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) == "Cf" or character in _OTHER_MARKS
