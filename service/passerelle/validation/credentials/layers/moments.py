"""Reads XML Schema dates and durations so that they can be compared, whatever the year."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import NamedTuple

_DATE_TIME = re.compile(
    r"(-?(?:[1-9][0-9]{3,}|0[0-9]{3}))-([0-9]{2})-([0-9]{2})"
    r"(?:T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]+)?)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_DURATION = re.compile(
    r"(-?)P(?=[0-9T])(?:([0-9]+)Y)?(?:([0-9]+)M)?(?:([0-9]+)D)?"
    r"(?:T(?=[0-9])(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+(?:\.[0-9]+)?)S)?)?"
)
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DAY = 86_400
_ZONE_DOUBT = 14 * 3600
"""Seconds by which a time without zone can differ from UTC either way (XML Schema 1.1 part 2, 3.3.7)."""
_LONG = 60
"""Longer than any honest date or duration; keeps hostile digits out of the arithmetic."""


class Moment(NamedTuple):
    """A point in time: `seconds` since 1970-01-01T00:00:00Z, to the second; `zoned` where the zone is stated."""

    seconds: int
    zoned: bool
    year: int

    def is_before(self, other: Moment) -> bool:
        """Whether this lies before the other for certain, whatever zone was left out."""
        doubt = 0 if self.zoned == other.zoned else _ZONE_DOUBT
        return self.seconds + doubt < other.seconds

    def plus_years(self, years: int) -> Moment:
        """Some years later, to the day or so."""
        return Moment(self.seconds + int(years * 365.2425 * _DAY), self.zoned, self.year + years)


class Duration(NamedTuple):
    """An xsd:duration. `hours` counts days as 24 hours; months and years are not in it."""

    negative: bool
    months: int
    hours: float

    @property
    def zero(self) -> bool:
        """Whether it lasts no time at all."""
        return not self.months and not self.hours


def moment(text: str) -> Moment | None:
    """The moment of an xsd:dateTime or xsd:date (its first second), None where the text is neither.

    >>> moment("2024-02-30T00:00:00Z") is None
    True
    """
    match = _DATE_TIME.fullmatch(text) if len(text) <= _LONG else None
    if match is None:
        return None
    year, month, day = int(match[1]), int(match[2]), int(match[3])
    hour, minute, second = int(match[4] or 0), int(match[5] or 0), int(match[6] or 0)
    offset = _offset(match[7])
    if not (1 <= month <= 12 and 1 <= day <= _days(year, month)) or offset is None:
        return None
    midnight_after = (hour, minute, second) == (24, 0, 0)
    if not midnight_after and (hour > 23 or minute > 59 or second > 59):
        return None
    seconds = _days_since_1970(year, month, day) * _DAY + hour * 3600 + minute * 60 + second - offset
    return Moment(seconds, match[7] is not None, year)


def has_form_of_date(text: str) -> bool:
    """Whether a text is written as an xsd:dateTime or xsd:date is, whether or not there is such a day.

    >>> has_form_of_date("2024-02-30"), has_form_of_date("15/06/2026")
    (True, False)
    """
    return len(text) <= _LONG and _DATE_TIME.fullmatch(text) is not None


def at(time: datetime) -> Moment:
    """The moment of an aware datetime."""
    return Moment(int(time.timestamp()), True, time.astimezone(UTC).year)


def duration(text: str) -> Duration | None:
    """The duration that an xsd:duration states, None where the text is none.

    >>> duration("P2DT12H").hours
    60.0
    """
    match = _DURATION.fullmatch(text) if len(text) <= _LONG else None
    if match is None:
        return None
    years, months, days, hours, minutes = (int(each or 0) for each in match.groups()[1:6])
    length = days * 24 + hours + minutes / 60 + float(match[7] or 0) / 3600
    return Duration(bool(match[1]), years * 12 + months, float(length))


def _offset(zone: str | None) -> int | None:
    """Seconds east of UTC, None where no such zone exists."""
    if zone is None or zone == "Z":
        return 0
    hours, minutes = int(zone[1:3]), int(zone[4:6])
    if minutes > 59 or hours * 60 + minutes > 840:
        return None
    return (hours * 3600 + minutes * 60) * (-1 if zone[0] == "-" else 1)


def _days(year: int, month: int) -> int:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if month == 2 and leap else _DAYS[month - 1]


def _days_since_1970(year: int, month: int, day: int) -> int:
    """Days of the proleptic Gregorian calendar, for any year (datetime ends at 9999)."""
    year -= month <= 2
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return year * 365 + year // 4 - year // 100 + year // 400 + of_year - 719_468
