"""The JSON documents of comparisons: one definition for the command line, the HTTP interface, pages and reports.

Every identifier stands beside its label, every number's meaning in `meanings`, and what the whole is not in
`notRecognition`. `data/schemas/comparison.schema.json` is their schema.
"""

from __future__ import annotations

from collections import Counter
from typing import get_args

from passerelle.comparability.completion_documents import completion_of
from passerelle.comparability.evidence_documents import Outcomes, element_of, evidence_of, fact_of
from passerelle.comparability.silent_outcomes import silent_outcomes
from passerelle.comparability.unit_documents import coverage_of, unit_outcomes, unit_summary
from passerelle.comparability.words import Json, Words
from passerelle.records.compared_unit import ComparedUnit
from passerelle.records.comparison import (
    Comparison,
    Direction,
    Finding,
    OutcomeState,
    Related,
    Variant,
)

STATES: tuple[OutcomeState, ...] = get_args(OutcomeState)


def comparison_document(comparison: Comparison, words: Words, *, arithmetic: bool = False) -> Json:
    """A comparison with its evidence, both ways; with `arithmetic` each match says how its value comes about."""
    first, second = comparison.first, comparison.second
    outcomes = {each.iri: each for each in (*first.outcomes, *second.outcomes)}
    return {
        **framed(words, comparison.purpose, comparison.method),
        "first": unit_summary(first, words),
        "second": unit_summary(second, words),
        "essential": list(comparison.essential),
        "forward": _direction(comparison.forward, (first, second), outcomes, words, arithmetic=arithmetic),
        "reverse": _direction(comparison.reverse, (second, first), outcomes, words, arithmetic=arithmetic),
        "elements": [element_of(each, words) for each in comparison.elements],
        "related": [_related(each, words) for each in comparison.related],
        "nearer": [{"unit": words.thing(each.unit), "expected": each.expected} for each in comparison.nearer],
        "completion": completion_of(comparison, outcomes, words),
    }


def unit_document(unit: ComparedUnit, words: Words) -> Json:
    """What a release knows of a unit: who it is, its outcomes with the links that count, what sources state of it."""
    return {
        "release": release_of(words),
        "language": words.language,
        "notRecognition": words.say("comparison-not-recognition"),
        "unit": {
            **unit_summary(unit, words),
            "outcomes": unit_outcomes(unit, words),
            "facts": [
                {"element": words.concept("comparison-element", each.element), **fact_of(each, words)}
                for each in unit.facts
            ],
        },
        "sources": sources_of(words),
    }


def sources_of(words: Words) -> list[Json]:
    """The sources of the release with licence and attribution.

    A comparison rests on links that were made from all of them, so all are named (`graph.rights`).
    """
    french = words.language == "fr"
    return [
        {
            "name": each.slug,
            "title": each.title_fr if french else each.title_en,
            "publisher": each.publisher,
            "edition": each.edition,
            "licence": {"name": each.licence_name, "iri": each.licence_iri},
            "attribution": each.attribution_fr if french else each.attribution_en,
        }
        for each in words.manifest.sources
    ]


def release_of(words: Words) -> Json:
    """The release that a document is made from."""
    manifest = words.manifest
    return {
        "identifier": manifest.identifier,
        "created": manifest.created,
        "demo": manifest.demo,
        "software": manifest.software,
    }


def framed(words: Words, purpose: str, method: str) -> Json:
    """What every document about coverage begins with."""
    return {
        "release": release_of(words),
        "method": method,
        "language": words.language,
        "purpose": words.purpose(purpose),
        "notRecognition": words.say("comparison-not-recognition"),
        "silence": words.say("comparison-silence"),
        "meanings": {
            "lower": words.say("comparison-means-lower"),
            "expected": words.say("comparison-means-expected"),
            "upper": words.say("comparison-means-upper"),
            "upperAtMost": words.say("comparison-means-upper-at-most"),
            "assessed": words.say("comparison-means-assessed"),
            "unlinked": words.say("comparison-means-unlinked"),
            "collapsed": words.say("comparison-means-collapsed"),
            "outcomes": words.say("comparison-means-outcomes"),
            "named": words.say("comparison-means-named"),
            "links": words.say("comparison-means-links"),
            "reviewedShare": words.say("comparison-means-reviewed"),
            "confidence": words.say("comparison-means-confidence"),
            "weight": words.say("comparison-means-weight"),
            "wording": words.say("comparison-means-wording"),
        },
        "sources": sources_of(words),
    }


def _direction(
    direction: Direction,
    units: tuple[ComparedUnit, ComparedUnit],
    outcomes: Outcomes,
    words: Words,
    *,
    arithmetic: bool,
) -> Json:
    states = Counter(each.state for each in direction.evidence)
    return {
        "holder": direction.holder,
        "target": direction.target,
        "coverage": coverage_of(direction.coverage),
        "finding": finding_of(direction.finding, words),
        "states": {each: states[each] for each in STATES},
        "outcomes": [
            evidence_of(number, each, outcomes, words, arithmetic=arithmetic)
            for number, each in enumerate(direction.evidence, 1)
        ],
        "holderUnlinked": [{"outcome": each.iri, **words.text(each.texts)} for each in silent_outcomes(*units)],
        "parts": [{"unit": words.thing(each.unit), "coverage": coverage_of(each.coverage)} for each in direction.parts],
        "variants": [_variant(each, words) for each in direction.variants],
        "sensitivity": sensitivity_of(direction, words),
    }


def sensitivity_of(direction: Direction, words: Words) -> Json:
    """How firm a finding is, in numbers and in one sentence. Assumptions that change nothing count for nothing."""
    coverage = direction.coverage
    telling = [each for each in direction.variants if each.changes]
    stable = {
        kind: {
            "stable": sum(each.stable for each in telling if each.kind == kind),
            "of": sum(each.kind == kind for each in telling),
        }
        for kind in dict.fromkeys(each.kind for each in telling)
    }
    unreviewed = coverage.links - coverage.reviewed_links
    if not direction.finding.applies:
        return {"unreviewedLinks": unreviewed, "variants": stable, "sentence": words.say("comparison-not-assessed")}
    sentences = [words.say("comparison-rests-on", unreviewed=unreviewed, links=coverage.links)]
    sentences += [
        words.say(f"comparison-stable-{kind}", stable=counts["stable"], of=counts["of"])
        for kind, counts in stable.items()
    ]
    sentences.append(words.say("comparison-stable-counted" if stable else "comparison-stable-nothing"))
    return {"unreviewedLinks": unreviewed, "variants": stable, "sentence": " ".join(sentences)}


def finding_of(finding: Finding, words: Words) -> Json:
    """A finding with the rules that gave and bounded it; that a purpose does not apply is said in its place."""
    return {
        **words.concept("finding", finding.finding),
        **({} if finding.applies else {"label": words.say("comparison-does-not-apply")}),
        "applies": finding.applies,
        "rule": words.rule("finding-rules.tsv", finding.rule),
        "matrixRow": words.rule("kind-matrix.tsv", finding.matrix_row),
        "allowed": words.concept("finding", finding.allowed),
        "bounded": finding.bounded,
        **({} if finding.unreviewed is None else {"unreviewed": finding.unreviewed}),
        "reasons": [words.concept("comparison-element", each) for each in finding.reasons],
    }


def _variant(variant: Variant, words: Words) -> Json:
    return {
        **words.row("sensitivity.tsv", variant.name),
        "kind": variant.kind,
        "coverage": coverage_of(variant.coverage),
        "finding": words.concept("finding", variant.finding),
        "stable": variant.stable,
        "changes": variant.changes,
    }


def _related(related: Related, words: Words) -> Json:
    return {
        "kind": {"name": related.kind, "label": words.say(f"comparison-related-{related.kind}")},
        "declaredBy": words.thing(related.declared_by) if related.declared_by else None,
        "sources": [words.thing(each) for each in related.sources],
        "targets": [words.thing(each) for each in related.targets],
        "direct": related.direct,
        "extent": words.concept("correspondence-extent", related.extent),
    }
