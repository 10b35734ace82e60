"""The part of a comparison's document about units that could complete what is held. They are never the target."""

from __future__ import annotations

from passerelle.comparability.completions import FINDING
from passerelle.comparability.evidence_documents import Outcomes, fact_of
from passerelle.comparability.unit_documents import unit_summary
from passerelle.comparability.words import Json, Words
from passerelle.records.comparison import Comparison
from passerelle.records.other_units import Completion


def completion_of(comparison: Comparison, outcomes: Outcomes, words: Words) -> Json | None:
    """The units with what each adds, and what a holder of all would have shown; None where there are none."""
    found = comparison.completions
    if not found:
        return None
    numbers = {each.outcome: number for number, each in enumerate(comparison.forward.evidence, 1)}
    return {
        **words.concept("finding", FINDING),
        "rule": words.rule("contextual-findings.tsv", FINDING),
        "note": words.say("comparison-completion-note"),
        "units": [_completion(each, numbers, outcomes, words) for each in found],
        "together": {"lower": found[-1].together_lower, "expected": found[-1].together},
    }


def _completion(each: Completion, numbers: dict[str, int], outcomes: Outcomes, words: Words) -> Json:
    return {
        "unit": unit_summary(each.unit, words),
        "status": [fact_of(fact, words) for fact in each.unit.facts],
        "adds": each.adds,
        "addsLower": each.adds_lower,
        "outcomes": [
            {"number": numbers[iri], "outcome": iri, **words.text(outcomes[iri].texts)} for iri in each.outcomes
        ],
        "links": {"all": each.links, "reviewed": each.reviewed_links, "machine": each.machine_links},
    }
