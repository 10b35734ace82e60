"""Durations of learning (xsd:duration), as hours: a workload is counted in hours, however a store writes it."""

from __future__ import annotations

import re
from fractions import Fraction

_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")


def hours(duration: str) -> Fraction | None:
    """The hours of a duration of days, hours, minutes and seconds; None for months and years, which have no length.

    >>> hours("P3DT3H30M")
    Fraction(151, 2)
    """
    match = _DURATION.fullmatch(duration)
    if match is None or not any(match.groups()):
        return None
    days, whole, minutes, seconds = (Fraction(group or 0) for group in match.groups())
    return days * 24 + whole + minutes / 60 + seconds / 3600


def in_hours(duration: str) -> str | None:
    """The same duration written without days, such as PT1800H for P75D; None where it cannot be.

    >>> in_hours("P2DT2H30M")
    'PT50H30M'
    """
    found = hours(duration)
    if found is None:
        return None
    minutes, seconds = divmod(found * 3600, 60)
    if seconds:
        return None
    whole, rest = divmod(int(minutes), 60)
    return f"PT{whole}H{rest}M" if rest else f"PT{whole}H"
