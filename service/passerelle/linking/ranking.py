"""Ranks ESCO skills for competence texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from passerelle.linking.labels import exact_key
from passerelle.linking.skill_texts import SkillTexts

if TYPE_CHECKING:
    from passerelle.linking.encoder import Encoder

RANKER_VERSION = "rank-0"
"""Changes whenever the same text and the same ESCO could give other candidates or other confidences."""


@dataclass(frozen=True, slots=True)
class RankedSkill:
    """One proposal for a text.

    `score` orders the proposals of one text and means nothing else; `confidence` is the probability that the proposal
    is right, measured only where `calibrated`; `relation` and `justification` are CURIEs (`skos:closeMatch`,
    `semapv:LexicalMatching`), `method` a row of `mappings/link-methods.tsv`.
    """

    skill: str
    score: float
    confidence: float
    calibrated: bool
    relation: str
    justification: str
    method: str


class SkillRanker:
    """Ranks the skills it was given for any number of texts; the same input gives the same output."""

    def __init__(self, skills: Iterable[SkillTexts], encoder: Encoder | None = None) -> None:
        self._encoder = encoder
        self._skills: dict[str, list[SkillTexts]] = {}
        for each in skills:
            self._skills.setdefault(each.language, []).append(each)
        self._indexes: dict[str, tuple[dict[str, int], sp.csr_matrix, list[str]]] = {}

    @property
    def version(self) -> str:
        """Name and version, a path segment; it names the encoder where there is one."""
        return RANKER_VERSION if self._encoder is None else f"{RANKER_VERSION}-{self._encoder.name}"

    def rank(self, texts: Sequence[str], language: str, top: int = 10) -> list[list[RankedSkill]]:
        """At most `top` proposals for each text, best first, ties by IRI; empty where nothing is near."""
        if language not in self._skills:
            return [[] for _ in texts]
        terms, index, skills = self._index(language)
        found = []
        for start in range(0, len(texts), 256):
            queries = _matrix([_grams(text) for text in texts[start : start + 256]], terms, grow=False)
            for row in np.asarray((queries @ index.T).todense()):
                best: dict[str, float] = {}
                for position in np.lexsort((np.arange(len(row)), -row))[: 3 * top]:
                    if row[position] > 0:
                        best.setdefault(skills[position], float(row[position]))
                found.append([_ranked(skill, score) for skill, score in list(best.items())[:top]])
        return found

    def _index(self, language: str) -> tuple[dict[str, int], sp.csr_matrix, list[str]]:
        if language not in self._indexes:
            known = sorted(self._skills[language], key=lambda each: each.skill)
            labels = [(each.skill, text) for each in known for text in (each.preferred, *each.alternatives) if text]
            terms: dict[str, int] = {}
            index = _matrix([_grams(text) for _, text in labels], terms, grow=True)
            self._indexes[language] = terms, index, [skill for skill, _ in labels]
        return self._indexes[language]


def _ranked(skill: str, score: float) -> RankedSkill:
    confidence = round(min(score, 1.0) * 0.9, 4)
    justification = "semapv:LexicalSimilarityThresholdMatching"
    return RankedSkill(skill, score, confidence, False, "skos:closeMatch", justification, "ranked-lexical")


def _grams(text: str) -> list[str]:
    padded = f" {exact_key(text)} "
    return [padded[start : start + size] for size in (3, 4, 5) for start in range(len(padded) - size + 1)]


def _matrix(documents: Sequence[Sequence[str]], terms: dict[str, int], *, grow: bool) -> sp.csr_matrix:
    rows, columns = [], []
    for row, document in enumerate(documents):
        for term in sorted(set(document)):
            column = terms.setdefault(term, len(terms)) if grow else terms.get(term, -1)
            if column >= 0:
                rows.append(row)
                columns.append(column)
    found = sp.csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=(len(documents), len(terms)))
    length = np.sqrt(np.maximum(np.asarray(found.sum(axis=1)).ravel(), 1)).astype(np.float32)
    return sp.csr_matrix(sp.diags(1 / length) @ found)
