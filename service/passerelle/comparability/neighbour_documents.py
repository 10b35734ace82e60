"""The JSON document of the units nearest to a target: rows best first, and what was looked at to find them."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from passerelle.comparability.documents import finding_of, framed
from passerelle.comparability.evidence_documents import Outcomes, fact_of, states_of
from passerelle.comparability.unit_documents import coverage_of
from passerelle.comparability.words import Json, Words
from passerelle.records.neighbours import Looked, Neighbour, OutcomeShown


def neighbours_document(
    target: Json,
    rows: Sequence[Neighbour],
    purpose: str,
    method: str,
    words: Words,
    *,
    asked: Json,
    looked: Looked,
    outcomes: Mapping[str, Sequence[OutcomeShown]] | None = None,
    wordings: Outcomes | None = None,
) -> Json:
    """Units nearest to a target, best first. `target` is a summary, `asked` the filters as they were understood.

    `looked` says of how many units nothing could be said, and how many are not near enough to be listed.

    With `outcomes` (by the IRI of the row's unit) each row says of every outcome of the target how far a holder of the
    row's unit has shown it; `wordings` are those outcomes.
    """
    return {
        **framed(words, purpose, method),
        "target": target,
        "asked": asked,
        "looked": _looked(looked),
        "around": _around(target["identifier"]),
        "rows": [
            {
                **_neighbour(each, words),
                "rank": rank,
                "notRecognition": words.say("comparison-not-recognition"),
                "reviewedShare": each.forward.reviewed_share,
                **(
                    {"outcomes": states_of(outcomes.get(each.unit, ()), wordings or {}, words)}
                    if outcomes is not None
                    else {}
                ),
            }
            for rank, each in enumerate(rows, 1)
        ],
    }


def _around(identifier: str) -> Json:
    """Where units are found through occupations and fields, which needs no link: a command, and an address here."""
    address = f"/api/v1/units/{quote(identifier, safe='')}/neighbours"
    return {"command": f"passerelle neighbours {shlex.quote(identifier)}", "address": address}


def _neighbour(row: Neighbour, words: Words) -> Json:
    return {
        "unit": row.unit,
        "identifier": row.identifier,
        "title": words.text(row.titles),
        "kind": words.concept("unit-kind", row.kind),
        "country": words.country(row.country),
        "level": row.level,
        "levelBasis": words.concept("level-basis", row.level_basis),
        "status": [fact_of(each, words) for each in row.status],
        "forward": coverage_of(row.forward),
        "reverse": coverage_of(row.reverse),
        "finding": finding_of(row.finding, words),
        "wording": row.wording,
        "byWording": row.by_wording,
    }


def _looked(looked: Looked) -> Json:
    return {
        "units": looked.units,
        "compared": looked.compared,
        "withoutOutcomes": looked.without_outcomes,
        "withoutLinks": looked.without_links,
        "withoutLinksByLanguage": [
            {"language": language, "units": units} for language, units in looked.without_links_by_language
        ],
        "nothingMet": looked.nothing_met,
        "belowFloor": looked.below_floor,
        "byWording": looked.by_wording,
        "byWordingAtLeast": looked.by_wording_at_least,
        "floor": looked.floor,
        "bestBelow": looked.best_below,
        "levelNotStated": looked.level_not_stated,
        "siblings": looked.siblings,
        "targetLinked": looked.target_linked,
    }
