"""The judged outcomes as lessons: their texts out of a release, what is wanted of their skills, and what is known."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyoxigraph as ox

from passerelle.graph.links import LinkGraph
from passerelle.linking.judgement_report import judged_texts
from passerelle.linking.judgements import CORRECT, read_judgements
from passerelle.linking.linked_texts import LinkedText
from passerelle.linking.ranking import Pool
from passerelle.namespaces import Minting
from passerelle.records.text import LanguageText

GAIN = {"skos:exactMatch": 2.0, "skos:closeMatch": 2.0, "skos:broadMatch": 1.0, "skos:narrowMatch": 1.0}
"""What the order is taught by judged outcomes: few are exact, so close counts as much."""

LISTED = 10
BINS = 10


@dataclass(frozen=True, slots=True)
class JudgedText:
    """An outcome with its right skills by relation, and of each judged skill whether it is right."""

    query: LinkedText
    right: dict[str, bool]


def judged_outcomes(release: Path, reference: Path, language: str) -> list[JudgedText]:
    judged = {key: each for key, each in read_judgements().items() if each.language == language}
    base = json.loads((release / "manifest.json").read_text(encoding="utf-8"))["base"]
    graph = LinkGraph(ox.Store.read_only(str(release / "store")), Minting(base))
    titles = sorted((reference / "french-catalogue" / "titres-professionnels-2003-2015").glob("2*.md"))
    printed = [each for path in titles for each in re.split(r"\n\s*\n", path.read_text(encoding="utf-8"))]
    stated = [text for outcome in graph.outcomes() for text in outcome.texts]
    texts = judged_texts(judged, [*stated, *(LanguageText(each, "") for each in printed)])
    found = []
    for key, text in texts.items():
        relations = {each.skill: each.relation for each in judged[key].judgements}
        skills = {skill: f"skos:{relation}Match" for skill, relation in relations.items() if relation in CORRECT}
        found.append(
            JudgedText(LinkedText(key, text, skills), {skill: each in CORRECT for skill, each in relations.items()})
        )
    return found


def gain_of_judged(relation: str) -> float:
    return GAIN.get(relation, 0.0)


def truth(pool: Pool, judged: Sequence[JudgedText], skills: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Which skills of the pools are right, and of which it is known."""
    right, known = np.zeros(pool.columns.shape, np.bool_), np.zeros(pool.columns.shape, np.bool_)
    for row, each in enumerate(judged):
        for place, column in enumerate(pool.columns[row].tolist()):
            known[row, place] = skills[column] in each.right
            right[row, place] = each.right.get(skills[column], False)
    return right, known


def told(scores: np.ndarray, right: np.ndarray, known: np.ndarray) -> dict[str, float]:
    """First proposals across folds: the share right, and the share that nobody judged."""
    first = scores.argmax(axis=1)[:, None]
    return {
        "outcomes": len(scores),
        "first right": round(float(np.take_along_axis(right, first, axis=1).mean()), 4),
        "first unjudged": round(1 - float(np.take_along_axis(known, first, axis=1).mean()), 4),
    }
