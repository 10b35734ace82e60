"""The JSON document of the check on official correspondences. `data/schemas/unit-sets.schema.json` is its schema."""

from __future__ import annotations

from passerelle.comparability.correspondence_check import (
    FEWEST_PAIRS,
    GROUPS,
    NEAR,
    RANKINGS,
    CorrespondenceCheck,
    PairRanks,
    summary,
)
from passerelle.comparability.coverage import METHOD
from passerelle.comparability.path_documents import framed
from passerelle.comparability.words import Json, Words
from passerelle.graph.official_pairs import OfficialPair

DIRECTIONS = ("for_target", "from_source")


def correspondence_document(found: CorrespondenceCheck, words: Words) -> Json:
    """The places of all pairs, summed up by group, direction and ranking, with the number of pairs beside."""
    groups = []
    for name in GROUPS:
        ranks = found.of(name)
        if ranks:
            groups.append(
                {
                    "group": {"name": name, "label": words.say(f"correspondences-group-{name}")},
                    "pairs": len(ranks),
                    "few": len(ranks) < FEWEST_PAIRS,
                    "candidates": {
                        "fewest": min(each.candidates for each in ranks),
                        "most": max(each.candidates for each in ranks),
                    },
                    "directions": {
                        direction: {ranking: _summary(ranks, direction, ranking) for ranking in RANKINGS}
                        for direction in DIRECTIONS
                    },
                    "ranks": [_pair(each, words) for each in ranks],
                }
            )
    return {
        **framed(words, METHOD),
        "candidatesAre": words.say("correspondences-candidates"),
        "rankings": {name: words.say(f"correspondences-ranking-{name}") for name in RANKINGS},
        "near": NEAR,
        "groups": groups,
        "leftOut": [_ends(each, words) for each in found.left_out],
    }


def _summary(ranks: tuple[PairRanks, ...], direction: str, ranking: str) -> Json:
    found = summary([getattr(each, direction)[ranking] for each in ranks])
    return {
        "pairs": found.pairs,
        "medianRank": found.median_rank,
        "meanReciprocalRank": found.mean_reciprocal_rank,
        "hitsAt1": found.hits_at_1,
        f"hitsAt{NEAR}": found.hits_near,
    }


def _pair(each: PairRanks, words: Words) -> Json:
    return {
        **_ends(each.pair, words),
        "candidates": each.candidates,
        **{direction: dict(getattr(each, direction)) for direction in DIRECTIONS},
        "expected": each.expected,
        "links": each.links,
        "machineLinks": each.machine_links,
    }


def _ends(pair: OfficialPair, words: Words) -> Json:
    return {
        "source": words.thing(pair.source),
        "target": words.thing(pair.target),
        "rule": pair.rule,
        "declaredBy": pair.declared_by,
        "units": pair.units,
    }
