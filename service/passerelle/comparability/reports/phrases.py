"""How numbers, titles, links and matches of a document read in its language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from passerelle.comparability.reports.blocks import Cell, Phrase
from passerelle.comparability.words import Json
from passerelle.messages import Language, message

_HOURS = re.compile(r"PT([0-9]{1,6})H")
_NARROW_SPACE = "\N{NARROW NO-BREAK SPACE}"


LONG_TEXT = 280
"""Characters of what a source states that a reader sees."""

SHORT_TEXT = 80
"""Characters of a text that stands in brackets or in a list of a terminal."""


class Phrases:
    """Phrases in one language."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language

    def say(self, identifier: str, **parameters: object) -> str:
        """A sentence of the catalogue."""
        return message(identifier).what(self.language, **parameters)

    def share(self, value: float) -> str:
        """A share in per cent, with one decimal where it has one; 0 and 100 are said of nothing and all alone."""
        percent = _inside(value, Decimal("0.001")) * 100
        text = f"{percent:.1f}".removesuffix(".0")
        return text.replace(".", ",") + _NARROW_SPACE + "%" if self.language == "fr" else text + "%"

    def decimal(self, value: float) -> str:
        """A number between 0 and 1 with two decimals; 0 and 1 are said of what is just that."""
        text = f"{_inside(value, Decimal('0.01')):.2f}"
        return text.replace(".", ",") if self.language == "fr" else text

    def number(self, value: float) -> str:
        """A number with the digits that it has, six at most."""
        text = f"{value:.6f}".rstrip("0").rstrip(".")
        return text.replace(".", ",") if self.language == "fr" else text

    def numbered(self, number: int) -> Phrase:
        """The number of an outcome, in front of its text."""
        return Phrase(self.say("comparison-numbered", number=number))

    def quoted(self, text: str) -> str:
        """A text in quotation marks."""
        return self.say("comparison-quoted", text=text)

    def listed(self, parts: Iterable[str]) -> str:
        """Several things in one line."""
        return (f"{_NARROW_SPACE}; " if self.language == "fr" else "; ").join(parts)

    def text(self, found: Json, *, quoted: bool = False, thing: str = "", strong: bool = False) -> Phrase:
        """A text of the graph with its language."""
        text = found["text"] or self.say("comparison-no-text")
        return Phrase(self.quoted(text) if quoted else text, self.foreign(found["language"]), thing, strong)

    def thing(self, named: Json) -> Phrase:
        """A thing by its label."""
        return Phrase(named["label"], self.foreign(named["language"]), named["iri"])

    def unit(self, unit: Json) -> str:
        """Identifier and title of a unit, as in a heading."""
        title = unit["title"]["text"]
        identifier = "" if unit["identifier"] == unit["iri"] else unit["identifier"]
        if title and not identifier:
            return self.quoted(title)
        return f"{identifier} {self.quoted(title)}" if identifier and title else identifier or title or unit["iri"]

    def about(self, unit: Json) -> str:
        """Kind, country and level of a unit in a few words."""
        parts = [unit["kind"]["label"]]
        if unit["country"]:
            parts.append(unit["country"]["label"])
        parts.append(self.level(unit))
        return ", ".join(parts)

    def level(self, unit: Json) -> str:
        """The level of a unit, with "inherited" where it is another's."""
        if unit["level"] is None:
            return self.say("comparison-level-not-stated")
        if unit["levelBasis"]["name"] == "inherited":
            return self.say("comparison-level-inherited", level=unit["level"])
        return self.say("comparison-level", level=unit["level"])

    def value(self, text: str) -> str:
        """A value as a source states it; a duration in hours by their number."""
        hours = _HOURS.fullmatch(text)
        return self.say("comparison-hours", hours=hours[1]) if hours else text

    def stated(self, fact: Json, length: int = LONG_TEXT) -> str:
        """What a source states, and of what kind, when or where it holds."""
        value = self.value(shortened(fact["label"], length))
        qualifier = fact["qualifier"]
        if qualifier is None or qualifier["label"] == fact["label"]:
            return value
        return f"{value} {self.say('comparison-in-brackets', text=shortened(qualifier['label'], SHORT_TEXT))}"

    def foreign(self, language: str) -> str:
        """The tag of a language, empty where it is that of the report or is not known."""
        primary = language.partition("-")[0].lower()
        return "" if primary in (self.language, "und", "") else language

    def link(self, link: Json) -> str:
        """The class of a link, what it says of the skill, and the confidence of a machine's.

        An issuer declares a skill and names no relation (mappings/match-relations.tsv), so nothing more is told.
        """
        parts = [link["class"]["label"]]
        if link["class"]["name"] != "declared":
            parts.append(link["relation"]["label"])
        if link["class"]["name"] == "machine":
            how = "comparison-confidence" if link["calibrated"] else "comparison-confidence-not-calibrated"
            parts.append(self.say(how, confidence=self.decimal(link["confidence"])))
        return ", ".join(parts)

    def rule(self, rule: Json) -> str:
        """The name of a rule in brackets."""
        return self.say("comparison-named-rule", rule=rule["name"])

    def match(self, match: Json) -> Cell:
        """The outcome that shows another, and by which links."""
        holder, target = match["holderLink"], match["targetLink"]
        kind = match["kind"]["label"]
        if holder is None or target is None:
            how = Phrase(kind)
        elif holder["skill"]["iri"] == target["skill"]["iri"]:
            how = Phrase(
                self.say(
                    "comparison-through-skill",
                    kind=kind,
                    skill=self.quoted(holder["skill"]["label"]),
                    holder=self.link(holder),
                    target=self.link(target),
                )
            )
        else:
            how = Phrase(
                self.say(
                    "comparison-through-skills",
                    kind=kind,
                    first=self.quoted(holder["skill"]["label"]),
                    second=self.quoted(target["skill"]["label"]),
                    holder=self.link(holder),
                    target=self.link(target),
                )
            )
        return (self.text(match, quoted=True), how)

    def rests_on(self, coverage: Json) -> str:
        """How much of a figure rests on links that nobody reviewed."""
        links = coverage["links"]
        if not links["all"]:
            return self.say("comparison-no-links")
        return self.say(
            "comparison-links",
            all=links["all"],
            reviewed=links["reviewed"],
            declared=links["declared"],
            machine=links["machine"],
            uncalibrated=links["uncalibrated"],
        )


def shortened(text: str, length: int = LONG_TEXT) -> str:
    """A long text of a source by its beginning; the JSON document has all of it."""
    return text if len(text) <= length else text[:length].rsplit(" ", 1)[0] + " …"


def _inside(value: float, step: Decimal) -> Decimal:
    """A number from 0 to 1 rounded to a step, a half upwards, that reaches neither end unless it is there."""
    exact = Decimal(str(value))
    rounded = exact.quantize(step, ROUND_HALF_UP)
    return min(max(rounded, step), 1 - step) if 0 < exact < 1 else rounded
