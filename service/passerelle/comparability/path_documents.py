"""The JSON document of a path. `data/schemas/unit-sets.schema.json` is its schema.

It says of a set of units what a holder of all of them has shown of the target, and never that the set is the target.
"""

from __future__ import annotations

from collections.abc import Mapping

from passerelle.comparability.coverage_parameters import parameters
from passerelle.comparability.documents import finding_of, release_of, sources_of
from passerelle.comparability.evidence_documents import fact_of, state_of
from passerelle.comparability.reports.phrases import Phrases
from passerelle.comparability.unit_documents import coverage_of, unit_summary
from passerelle.comparability.words import Json, Words
from passerelle.namespaces import VOCABULARY
from passerelle.records.comparison import SHARE_DIGITS, Coverage, OutcomeEvidence
from passerelle.records.mapping_table import rows
from passerelle.records.path import Path, PathPart, PathSearch, PathUnit, Requirement
from passerelle.records.path_questions import PathQuestion

Shown = Mapping[str, tuple[str, ...]]
"""By outcome of the target (IRI) the units of the set that show most of it."""


def path_document(path: Path, question: PathQuestion, words: Words) -> Json:
    """A path with everything that it leaves open."""
    shown: dict[str, tuple[str, ...]] = {}
    for unit in (*path.have, *path.chosen):
        for outcome in unit.shows:
            shown[outcome] = (*shown.get(outcome, ()), unit.unit.iri)
    held = {unit.unit.iri for unit in path.have}
    return {
        **framed(words, path.method),
        "notTheTarget": words.say("path-not-the-target"),
        "purpose": words.purpose(path.purpose) if path.purpose else None,
        "target": unit_summary(path.target, words),
        "asked": {
            "countries": [words.country(each) for each in question.countries],
            "kinds": [words.concept("unit-kind", each) for each in question.kinds],
            "level": question.level if question.level is not None or question.levels_apart is None
            else path.target.level,
            "levelsApart": question.levels_apart,
            "seconds": question.seconds,
        },
        "have": [_unit(each, words) for each in path.have],
        "units": [_unit(each, words) for each in path.chosen],
        "before": set_coverage(path.before),
        "together": set_coverage(path.together),
        "named": _named(path, words),
        "outcomes": [_outcome(each, path, shown, words) for each in path.evidence],
        "parts": [_part(each, words) for each in path.parts],
        "partsInAll": len(path.target.parts),
        "needs": [_requirement(each, held, words) for each in path.requirements],
        "workload": {
            "hours": path.hours,
            "unitsWithout": path.unknown_workloads,
            "sentence": _workload(path, words),
        },
        "search": _search(path.search, words),
    }  # fmt: skip


def framed(words: Words, method: str) -> Json:
    """What every document about sets of units begins with."""
    return {
        "release": release_of(words),
        "method": method,
        "language": words.language,
        "notRecognition": words.say("comparison-not-recognition"),
        "silence": words.say("comparison-silence"),
        "sources": sources_of(words),
    }


def set_coverage(coverage: Coverage) -> Json:
    """The numbers of a coverage, how many outcomes are named as shown, which part of the links is a machine's."""
    share = round(coverage.machine_links / coverage.links, SHARE_DIGITS) if coverage.links else 0.0
    return {**coverage_of(coverage), "named": coverage.named, "machineShare": share}


def _unit(each: PathUnit, words: Words) -> Json:
    return {
        "unit": unit_summary(each.unit, words),
        "alone": set_coverage(each.alone),
        "adds": each.adds,
        "without": each.without,
        "shows": list(each.shows),
        "touches": list(each.touches),
        "hours": each.hours,
        "credits": [fact_of(fact, words) for fact in each.credits],
        "finding": finding_of(each.finding, words) if each.finding else None,
        "instead": [words.thing(iri) for iri in each.instead],
        "insteadInAll": each.instead_of_it,
    }


def _outcome(row: OutcomeEvidence, path: Path, shown: Shown, words: Words) -> Json:
    outcome = next(each for each in path.target.outcomes if each.iri == row.outcome)
    return {
        "outcome": row.outcome,
        **words.text(outcome.texts),
        "unit": outcome.unit,
        "state": state_of(row.state, words),
        **{name: getattr(row, name) for name in ("weight", "lower", "expected", "upper")},
        "shownBy": list(shown.get(row.outcome, ())),
    }


def _named(path: Path, words: Words) -> str:
    share = Phrases(words.language).share(parameters().named_from)
    return words.say("path-named", named=path.together.named, outcomes=path.together.outcomes, share=share)


def _part(part: PathPart, words: Words) -> Json:
    return {
        "unit": words.thing(part.unit),
        "before": set_coverage(part.before),
        "together": set_coverage(part.together),
    }


def _requirement(each: Requirement, held: set[str], words: Words) -> Json:
    value = each.value.removeprefix(VOCABULARY)
    scheme, _, name = value.partition("/")
    return {
        "requirement": _row_of(each.name, words),
        "state": {"name": each.state, "label": words.say(f"path-state-{each.state}")},
        "facts": [fact_of(fact, words) for fact in each.facts],
        "units": [{**words.thing(iri), "held": iri in held} for iri in each.units],
        "value": words.concept(scheme, name) if each.value else None,
        "day": each.day or None,
    }


def _row_of(name: str, words: Words) -> Json:
    row = next(each for each in rows("path-requirements.tsv") if each["requirement"] == name)
    return {
        **words.row("path-requirements.tsv", name),
        "note": row[f"note_{words.language}"],
        "basis": row[f"basis_{words.language}"],
    }


def _workload(path: Path, words: Words) -> str:
    if not path.chosen:
        return words.say("path-workload-none")
    if not path.unknown_workloads:
        return words.say("path-workload-all", hours=f"{path.hours:g}")
    if path.unknown_workloads == len(path.chosen):
        return words.say("path-workload-unknown")
    return words.say("path-workload-some", hours=f"{path.hours:g}", units=path.unknown_workloads)


def _search(search: PathSearch, words: Words) -> Json:
    phrases, left_out = Phrases(words.language), search.left_out
    counted = words.say("path-counted", share=phrases.share(parameters().named_from))
    sentences = [counted, words.say("path-considered", considered=search.considered, candidates=search.candidates)]
    if search.considered:
        sentences.append(
            words.say("path-proven", most=search.most_units)
            if search.proven
            else words.say("path-gap", most=search.most_units, gap=phrases.share(search.gap))
        )
        few = "proven" if search.few_proven else "unproven"
        sentences.append(words.say(f"path-{search.fewest}-{few}"))
    kinds = [words.concept("unit-kind", each) for each in left_out.kinds]
    if kinds:
        named = ", ".join(each["label"] for each in kinds)
        sentences.append(words.say("path-other-kinds", kinds=named, count=left_out.other_kinds))
    if left_out.other_parts:
        sentences.append(words.say("nearest-siblings", count=left_out.other_parts))
    if left_out.faint:
        sentences.append(words.say("path-faint", count=left_out.faint))
    return {
        "candidates": search.candidates,
        "considered": search.considered,
        "leftOut": {
            "faint": left_out.faint,
            "otherParts": left_out.other_parts,
            "otherKinds": left_out.other_kinds,
            "kinds": kinds,
        },
        "mostUnits": search.most_units,
        "fewest": {"name": search.fewest, "label": words.say(f"path-fewest-{search.fewest}")},
        "weighting": words.row("weightings.tsv", search.weighting),
        "share": search.share,
        "bound": search.bound,
        "gap": search.gap,
        "proven": search.proven,
        "fewProven": search.few_proven,
        "sentence": " ".join(sentences),
    }
