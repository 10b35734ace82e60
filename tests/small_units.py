"""Units of a few outcomes, for tests of comparisons: short names instead of IRIs, no facts."""

from __future__ import annotations

from passerelle.records.compared_unit import ComparedOutcome, ComparedUnit, LinkClass, OutcomeLink
from passerelle.records.link import UNSTATED_RELATION
from passerelle.records.text import LanguageText


def link(
    skill: str,
    link_class: LinkClass = "reviewed",
    relation: str = "exact",
    confidence: float = 1.0,
    *,
    calibrated: bool = True,
) -> OutcomeLink:
    """A link; `relation` is the first word of a SKOS mapping relation."""
    return OutcomeLink(skill, link_class, f"skos:{relation}Match", confidence, calibrated)


def declared(skill: str) -> OutcomeLink:
    """A link of an issuer, who names no relation."""
    return OutcomeLink(skill, "declared", UNSTATED_RELATION)


def machine(skill: str, confidence: float, *, calibrated: bool = True) -> OutcomeLink:
    """A machine's link."""
    return link(skill, "machine", "close", confidence, calibrated=calibrated)


def outcome(name: str, *links: OutcomeLink, text: str = "", language: str = "fr", unit: str = "") -> ComparedOutcome:
    """An outcome; without a `text` it says something that no other outcome says."""
    texts = (LanguageText(text or f"énoncé propre à {name}", language),)
    return ComparedOutcome(
        name, unit or name.partition("/")[0], texts, tuple(sorted(links, key=lambda each: each.skill))
    )


def unit(name: str, *outcomes: ComparedOutcome) -> ComparedUnit:
    """A unit with these outcomes; those of another unit make that one its part."""
    parts = sorted({each.unit for each in outcomes} - {name})
    ordered = tuple(sorted(outcomes, key=lambda each: each.iri))
    return ComparedUnit(name, name, "bloc", (), parts=tuple(parts), outcomes=ordered)
