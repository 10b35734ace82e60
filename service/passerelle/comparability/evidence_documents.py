"""The parts of JSON documents that rest on single outcomes and statements: evidence, matches, elements, facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from passerelle.comparability.arithmetic import Factor, factors
from passerelle.comparability.unit_documents import link_of
from passerelle.comparability.words import Json, Words
from passerelle.records.compared_unit import ComparedOutcome, Fact
from passerelle.records.comparison import ElementRow, Match, OutcomeEvidence, OutcomeState
from passerelle.records.iri import is_iri
from passerelle.records.neighbours import OutcomeShown

_FACTOR_DIGITS = 6
"""More than a value of four decimals can depend on."""

Outcomes = Mapping[str, ComparedOutcome]
"""Outcomes of the compared units by IRI."""


def evidence_of(
    number: int, evidence: OutcomeEvidence, outcomes: Outcomes, words: Words, *, arithmetic: bool = False
) -> Json:
    """What is known of an outcome of the target, with its links and the ways in which it is shown.

    `number` is its place among the target's outcomes, by which an analyst can name it; with `arithmetic` each match
    says how its value comes about.
    """
    outcome = outcomes.get(evidence.outcome)
    nearest = outcomes.get(evidence.nearest_wording)
    return {
        "number": number,
        "outcome": evidence.outcome,
        **_text_of(outcome, words),
        "unit": outcome.unit if outcome else "",
        "state": state_of(evidence.state, words),
        **{name: getattr(evidence, name) for name in ("weight", "lower", "expected", "upper", "essential")},
        "links": [link_of(each, words) for each in outcome.links] if outcome else [],
        "matches": [_match(each, outcomes, words, arithmetic=arithmetic) for each in evidence.matches],
        "nearestWording": {
            "outcome": evidence.nearest_wording,
            **_text_of(nearest, words),
            "similarity": evidence.similarity,
        }
        if evidence.nearest_wording
        else None,
    }


def states_of(shown: Iterable[OutcomeShown], outcomes: Outcomes, words: Words) -> list[Json]:
    """How far each outcome is shown, without the evidence."""
    return [
        {
            "outcome": each.outcome,
            **_text_of(outcomes.get(each.outcome), words),
            "state": state_of(each.state, words),
            "expected": each.expected,
        }
        for each in shown
    ]


def state_of(state: OutcomeState, words: Words) -> Json:
    """A state of an outcome."""
    return {"name": state, "label": words.say(f"comparison-state-{state}")}


def element_of(row: ElementRow, words: Words) -> Json:
    """An element with what both sides state, its grade and the rule that gave it."""
    return {
        "element": words.concept("comparison-element", row.element),
        "grade": words.concept("element-grade", row.grade),
        "rule": words.rule("element-rules.tsv", row.rule),
        "holder": [fact_of(each, words) for each in row.holder],
        "target": [fact_of(each, words) for each in row.target],
    }


def fact_of(fact: Fact, words: Words) -> Json:
    """What a source states; the qualifier says of what kind, when or where it holds (`Fact.qualifier`)."""
    named = _named(fact.value, fact.language, words)
    if fact.value in ("true", "false") and not fact.language:
        named = {
            "label": words.say("comparison-yes" if fact.value == "true" else "comparison-no"),
            "language": words.language,
        }
    return {
        "fact": words.row("element-facts.tsv", fact.name),
        "value": fact.value,
        "label": named["label"],
        "language": named["language"],
        "qualifier": {"value": fact.qualifier, **_qualifier(fact.qualifier, words)} if fact.qualifier else None,
        "source": words.source(fact.source),
        "inheritedFrom": words.thing(fact.inherited_from) if fact.inherited_from else None,
    }


def _qualifier(qualifier: str, words: Words) -> Json:
    if qualifier in ("true", "false"):
        # the one yes or no among them: whether a route to the certification is open (psl:routeOpen)
        return {"label": words.say(f"comparison-route-{qualifier}"), "language": words.language}
    return _named(qualifier, "", words)


def _named(value: str, language: str, words: Words) -> Json:
    if not is_iri(value):
        return {"label": value, "language": language}
    thing = words.thing(value)
    return {"label": thing["label"], "language": thing["language"]}


def _match(match: Match, outcomes: Outcomes, words: Words, *, arithmetic: bool) -> Json:
    return {
        "outcome": match.outcome,
        **_text_of(outcomes.get(match.outcome), words),
        "kind": words.row("outcome-matches.tsv", match.kind),
        "lower": match.lower,
        "expected": match.expected,
        "upper": match.upper,
        "holderLink": link_of(match.holder_link, words) if match.holder_link else None,
        "targetLink": link_of(match.target_link, words) if match.target_link else None,
        **({"arithmetic": [_factor(each, words) for each in factors(match)]} if arithmetic else {}),
    }


def _factor(factor: Factor, words: Words) -> Json:
    return {
        "factor": {"name": factor.name, "label": words.say(f"comparison-factor-{factor.name}")},
        "of": words.row(factor.table, factor.row) if factor.table else None,
        **{name: round(value, _FACTOR_DIGITS) for name, value in factor.values._asdict().items()},
    }


def _text_of(outcome: ComparedOutcome | None, words: Words) -> Json:
    return words.text(outcome.texts if outcome else ())
