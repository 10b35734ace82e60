"""How the numbers of a comparison come about, written out so that a reader can work them out again."""

from __future__ import annotations

from passerelle.comparability.reports.blocks import Block, Cell, Items, Phrase, paragraph, plain
from passerelle.comparability.reports.phrases import Phrases
from passerelle.comparability.words import Json

READINGS = ("expected", "lower", "upper")
"""The first of them with what each factor is; the factors of the others stand in the same order."""
SUMMED = ("lower", "expected")
_TIMES, _PLUS = " × ", " + "


def match_arithmetic(match: Json, phrases: Phrases) -> Cell:
    """The product behind a match in each reading; nothing where it was not asked for."""
    if "arithmetic" not in match:
        return ()
    return tuple(
        Phrase(
            phrases.say(
                "comparison-arithmetic",
                number=phrases.say(f"comparison-number-{reading}"),
                factors=_TIMES.join(_factor(each, reading, phrases) for each in match["arithmetic"]),
                value=phrases.number(match[reading]),
            )
        )
        for reading in READINGS
    )


def sum_arithmetic(direction: Json, phrases: Phrases) -> tuple[Block, ...]:
    """The sums over the outcomes; nothing where no match says how it comes about."""
    outcomes = direction["outcomes"]
    if not any("arithmetic" in match for each in outcomes for match in each["matches"]):
        return ()
    sums = tuple(
        plain(
            phrases.say(
                "comparison-arithmetic-sum",
                number=phrases.say(f"comparison-number-{reading}"),
                terms=_PLUS.join(phrases.number(each[reading]) for each in outcomes if each[reading]) or "0",
                outcomes=len(outcomes),
                value=phrases.number(direction["coverage"][reading]),
            )
        )
        for reading in SUMMED
    )
    return (paragraph(phrases.say("comparison-arithmetic-note"), "hint"), Items(sums))


def _factor(factor: Json, reading: str, phrases: Phrases) -> str:
    value = phrases.number(factor[reading])
    if reading != READINGS[0]:
        return value
    of = factor["of"] or factor["factor"]
    return phrases.say("comparison-arithmetic-factor", value=value, of=of["label"])
