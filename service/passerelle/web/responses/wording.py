"""How columns and values read in the language of the page: titles, codes, numbers, shares, dates, durations."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from passerelle.messages import Language, catalogue, message
from passerelle.namespaces import PREFIXES
from passerelle.records.duration import hours

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_INTEGERS = frozenset(
    PREFIXES["xsd"] + name for name in ("integer", "int", "long", "short", "nonNegativeInteger", "positiveInteger")
)
_NUMBERS = _INTEGERS | {PREFIXES["xsd"] + name for name in ("decimal", "double", "float")}
LARGEST_UNGROUPED = 9999
"""As typography has it; years stay years."""
_DECIMALS = Decimal("0.001")
_DURATIONS = (("days", 86_400), ("hours", 3600), ("minutes", 60), ("seconds", 1))
_SPACE = "\N{NO-BREAK SPACE}"
_NARROW_SPACE = "\N{NARROW NO-BREAK SPACE}"


def column_title(query: str, variable: str, language: Language) -> str:
    """The heading of a column: `column-{query}-{variable}`, `column-{variable}`, else the variable's words."""
    for identifier in (f"column-{query}-{variable}", f"column-{variable}"):
        if identifier in catalogue():
            return message(identifier).what(language)
    words = " ".join(word if word.isupper() else word.lower() for word in _WORDS.findall(variable))
    return words[:1].upper() + words[1:] if words else variable


def code_word(column: str, code: str, language: Language) -> str:
    """What a code in a column means (`cell-{column}-{code}`); empty where no message says it."""
    identifier = f"cell-{column}-{code}"
    return message(identifier).what(language) if identifier in catalogue() else ""


def blank_word(query: str, column: str, row: str, language: Language) -> str:
    """What an empty cell means: `blank-{query}-{column}-{row}`, without `row` (its kind), else "not stated"."""
    for identifier in (f"blank-{query}-{column}-{row}", f"blank-{query}-{column}"):
        if identifier in catalogue():
            return message(identifier).what(language)
    return message("page-not-stated").what(language)


def is_number(datatype: str) -> bool:
    """Whether literals of this datatype are numbers."""
    return datatype in _NUMBERS


def typed(text: str, datatype: str, language: Language, *, share: bool = False, workload: bool = False) -> str:
    """A literal as a reader expects it; `share`: a part of one, shown in per cent. Unknown or malformed: unchanged.

    `workload`: a duration that is shown in hours, never in days.
    """
    name = datatype.removeprefix(PREFIXES["xsd"])
    if is_number(datatype):
        return number(text, language, share=share)
    if name == "boolean" and text in ("true", "false", "1", "0"):
        return message("page-yes" if text in ("true", "1") else "page-no").what(language)
    if name == "date":
        return day(text, language)
    if name == "duration":
        return duration(text, language, workload=workload)
    return text


def number(text: str, language: Language, *, share: bool = False, ungrouped: int = LARGEST_UNGROUPED) -> str:
    """A number with the separators of the language, with three decimals at most; a share in whole per cent.

    `ungrouped` is the largest one without separators of thousands.
    """
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    if not value.is_finite() or value.adjusted() > 30:
        return text
    if share:
        return f"{value * 100:.0f}" + (f"{_NARROW_SPACE}%" if language == "fr" else "%")
    rounded = f"{value.quantize(_DECIMALS):f}".rstrip("0").rstrip(".")
    whole, _, rest = rounded.partition(".")
    if abs(value) > ungrouped:
        whole = f"{int(whole):,}"
    if language == "fr":
        return whole.replace(",", _NARROW_SPACE) + (f",{rest}" if rest else "")
    return whole + (f".{rest}" if rest else "")


def day(text: str, language: Language) -> str:
    """An ISO date with the month in letters, so that nobody reads day and month the wrong way round."""
    try:
        value = date.fromisoformat(text[:10])
    except ValueError:
        return text
    month = message("page-months").what(language).split(" ")[value.month - 1]
    first = "er" if language == "fr" and value.day == 1 else ""
    return f"{value.day}{first}{_SPACE}{month}{_SPACE}{value.year}"


def moment(text: str, language: Language) -> str:
    """An ISO date and time in UTC, to the minute."""
    try:
        value = datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        return text
    return message("page-moment").what(language, day=day(value.date().isoformat(), language), time=f"{value:%H:%M}")


def duration(text: str, language: Language, *, workload: bool = False) -> str:
    """A duration in days, hours, minutes and seconds; a `workload` has no days. Months and years unchanged.

    Stores write 1,800 hours as P75D: of a workload nobody means 75 days, of a deadline everybody does.
    """
    found = hours(text)
    if found is None:
        return text
    rest = found * 3600
    shown = []
    for name, seconds in _DURATIONS[1 if workload else 0 :]:
        # seconds have decimals, what is longer is counted whole
        amount = rest if seconds == 1 else Fraction(rest // seconds)
        rest -= amount * seconds
        if amount:
            shown.append(message(f"duration-{name}").what(language, amount=number(str(float(amount)), language)))
    return " ".join(shown) or message("duration-hours").what(language, amount="0")
