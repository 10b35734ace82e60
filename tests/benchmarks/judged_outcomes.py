"""The judged outcomes as lessons: their texts out of a release, what is wanted of their skills, and what is known."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyoxigraph as ox
from tests.benchmarks.fitting import fitted_confidence

from passerelle.graph.links import LinkGraph
from passerelle.linking.calibration import calibration
from passerelle.linking.judgement_report import judged_texts
from passerelle.linking.judgements import CORRECT, read_judgements
from passerelle.linking.linked_texts import LinkedText
from passerelle.linking.skill_pool import Pool
from passerelle.linking.split import FOLDS
from passerelle.namespaces import Minting
from passerelle.records.text import LanguageText

GAIN = {"skos:exactMatch": 2.0, "skos:closeMatch": 2.0, "skos:broadMatch": 1.0, "skos:narrowMatch": 1.0}
"""What the order is taught by judged outcomes: few are exact, so close counts as much."""

LISTED = 10
JUDGED_DEPTH = 3
"""Proposals of each outcome that were judged in any case."""


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


@dataclass(frozen=True, slots=True)
class AcrossFolds:
    """Scores of judged outcomes and what their confidences are made of, from orders that were fitted without them."""

    scores: np.ndarray
    inputs: np.ndarray
    right: np.ndarray
    known: np.ndarray
    folds: np.ndarray

    def confidences(self) -> np.ndarray:
        """By curves that were fitted on the other folds."""
        found = np.zeros(self.scores.shape)
        for held in range(FOLDS):
            rest, here = self.folds != held, self.folds == held
            slopes, intercept = fitted_confidence(
                self.scores[rest], self.inputs[rest], self.right[rest], self.known[rest], LISTED
            )
            found[here] = 1 / (1 + np.exp(-(self.inputs[here] @ np.array(slopes) + intercept)))
        return found

    def told(self, long: Sequence[bool]) -> dict[str, Any]:
        """Of the outcomes that are long: the share of first proposals that is right, or unjudged; calibration error."""
        order = np.argsort(-self.scores, axis=1, kind="stable")[:, :JUDGED_DEPTH]
        confidences = self.confidences()
        listed = []
        for row in np.flatnonzero(long):
            places = [place for place in order[row] if self.known[row, place]]
            listed.append(
                ([confidences[row, each] for each in places], [bool(self.right[row, each]) for each in places])
            )
        measured = calibration([each for each, _ in listed], [each for _, each in listed])
        first = order[np.array(long), 0][:, None]
        return {
            "outcomes": int(sum(long)),
            "first right": round(float(np.take_along_axis(self.right[np.array(long)], first, axis=1).mean()), 4),
            "first unjudged": round(1 - float(np.take_along_axis(self.known[np.array(long)], first, axis=1).mean()), 4),
            "proposals": measured.proposals,
            "ece of the first three": [round(each, 4) for each in (measured.ece, measured.ece_low, measured.ece_high)],
        }

    def write(self, path: Path, pool: Pool, outcomes: Sequence[LinkedText], skills: Sequence[str]) -> None:
        confidences = self.confidences()
        with path.open("w", encoding="utf-8") as file:
            for row, order in enumerate(np.argsort(-self.scores, axis=1, kind="stable")[:, :LISTED]):
                for rank, place in enumerate(order, 1):
                    known = {True: str(bool(self.right[row, place])), False: ""}[bool(self.known[row, place])]
                    value = f"{confidences[row, place]:.4f}"
                    skill = skills[pool.columns[row, place]]
                    file.write("\t".join((outcomes[row].identifier, str(rank), skill, value, known)) + "\n")
