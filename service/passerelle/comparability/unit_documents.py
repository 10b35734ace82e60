"""The JSON document of a unit, and the parts of documents that describe units, links and coverage."""

from __future__ import annotations

from passerelle.comparability.words import Json, Words, wording
from passerelle.records.compared_unit import ComparedOutcome, ComparedUnit, OutcomeLink
from passerelle.records.comparison import Coverage


def unit_summary(unit: ComparedUnit, words: Words) -> Json:
    """Who a unit is, without its outcomes."""
    return {
        "iri": unit.iri,
        "identifier": unit.identifier,
        "title": words.text(unit.titles),
        "titles": [wording(each) for each in unit.titles],
        "kind": words.concept("unit-kind", unit.kind),
        "country": words.country(unit.country),
        "level": unit.level,
        "levelBasis": words.concept("level-basis", unit.level_basis),
        "wholes": [words.thing(each) for each in unit.wholes],
        "parts": [words.thing(each) for each in unit.parts],
        "occupations": [words.thing(each) for each in unit.occupations],
        "page": unit.page,
    }


def unit_outcomes(unit: ComparedUnit, words: Words) -> list[Json]:
    """The outcomes of a unit and of its parts, with the links that count."""
    return [_outcome(each, words) for each in unit.outcomes]


def coverage_of(coverage: Coverage) -> Json:
    """The numbers of a coverage; `meanings` of the document says what each is."""
    return {
        "lower": coverage.lower,
        "expected": coverage.expected,
        "upper": coverage.upper,
        "upperAtMost": coverage.upper_at_most,
        "assessed": coverage.assessed,
        "unlinked": coverage.unlinked,
        "collapsed": coverage.collapsed,
        "outcomes": coverage.outcomes,
        "named": coverage.named,
        "links": {
            "all": coverage.links,
            "reviewed": coverage.reviewed_links,
            "declared": coverage.declared_links,
            "machine": coverage.machine_links,
            "uncalibrated": coverage.uncalibrated_links,
        },
        "reviewedShare": coverage.reviewed_share,
    }


def link_of(link: OutcomeLink, words: Words) -> Json:
    """A link of an outcome to a skill, with its class and how sure it is."""
    return {
        "skill": words.thing(link.skill),
        "class": words.concept("link-class", link.link_class),
        "relation": words.row("match-relations.tsv", link.relation),
        "confidence": link.confidence,
        "calibrated": link.calibrated,
    }


def _outcome(outcome: ComparedOutcome, words: Words) -> Json:
    return {
        "outcome": outcome.iri,
        **words.text(outcome.texts),
        "unit": outcome.unit,
        "texts": [wording(each) for each in outcome.texts],
        "links": [link_of(each, words) for each in outcome.links],
    }
