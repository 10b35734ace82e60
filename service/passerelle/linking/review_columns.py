"""The columns of a review file and the choices of a reviewer: `mappings/review-columns.tsv`, `review-choices.tsv`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from passerelle.messages import Language
from passerelle.records.mapping_table import rows

Choices = Literal["decision", "relation", "state", "confidence-status"]


@dataclass(frozen=True, slots=True)
class ReviewColumn:
    """One column: `slot` of SSSOM (empty: in the workbook only), `width` in characters."""

    name: str
    slot: str
    datatype: str
    header_en: str
    header_fr: str
    width: int
    role: str
    explanation_en: str
    explanation_fr: str

    def header(self, language: Language) -> str:
        """What stands above the column."""
        return self.header_fr if language == "fr" else self.header_en

    def explanation(self, language: Language) -> str:
        """What the column holds, as a sentence."""
        return self.explanation_fr if language == "fr" else self.explanation_en


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a list, its label and what it means."""

    value: str
    label_en: str
    label_fr: str
    explanation_en: str
    explanation_fr: str

    def label(self, language: Language) -> str:
        """What a reviewer reads and chooses."""
        return self.label_fr if language == "fr" else self.label_en

    def explanation(self, language: Language) -> str:
        """What choosing it says."""
        return self.explanation_fr if language == "fr" else self.explanation_en


@cache
def review_columns() -> tuple[ReviewColumn, ...]:
    """The columns in the workbook's order."""
    return tuple(
        ReviewColumn(
            row["column"],
            row["slot"],
            row["datatype"],
            row["header_en"],
            row["header_fr"],
            int(row["width"]),
            row["role"],
            row["explanation_en"],
            row["explanation_fr"],
        )
        for row in rows("review-columns.tsv")
    )


@cache
def choices(of: Choices) -> tuple[Choice, ...]:
    """The values of a list, in the order in which they are offered."""
    return tuple(
        Choice(row["value"], row["label_en"], row["label_fr"], row["explanation_en"], row["explanation_fr"])
        for row in rows("review-choices.tsv")
        if row["list"] == of
    )


def choice_label(of: Choices, value: str, language: Language) -> str:
    """The label of a value; the value itself where the list does not have it."""
    return next((each.label(language) for each in choices(of) if each.value == value), value)


def chosen(of: Choices, written: str) -> str | None:
    """The value that somebody wrote, as a label of either language or as the program has it; None for anything else.

    Case does not count, and what stands before the colon of a label is enough.
    """
    for each in choices(of):
        known = {each.value, each.value.partition(":")[2], each.label_en, each.label_fr}
        known |= {label.partition(":")[0].strip() for label in (each.label_en, each.label_fr)}
        if written.strip().casefold() in {name.casefold() for name in known if name}:
            return each.value
    return None
