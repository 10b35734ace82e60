"""Ranks ESCO skills for competence texts: a few dozen by words and letters, then a learned order with confidences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from passerelle.linking.language_index import (
    SCORERS,
    SCORERS_ABROAD,
    LanguageIndex,
    best_columns,
    first_choice,
)
from passerelle.linking.link_methods import methods_of
from passerelle.linking.meaning_index import MEANINGS, MEANINGS_ABROAD
from passerelle.linking.pair_features import Features, PairFeatures, feature_names
from passerelle.linking.ranking_weights import RankingModel, RankingWeights, shipped_associations, shipped_weights
from passerelle.linking.skill_pool import Pool, as_one, chunks, ordered, with_clauses
from passerelle.linking.skill_texts import SkillTexts
from passerelle.linking.term_matrix import Scores
from passerelle.linking.terms import words
from passerelle.linking.word_associations import WordAssociations

if TYPE_CHECKING:
    from passerelle.linking.encoder import Encoder

POOL = 80
"""Skills of a text that are looked at closely: 85 of 100 exact matches of the training pairs are among them."""

CIRCUMSTANCE = 0.7
"""How much less a circumstance counts where the skills are chosen that are looked at closely."""

_DIGITS = 4

_LEAST_SKILLS = 0.9
"""Share of the skills that the confidences were measured with: among fewer, each one is more easily the best."""


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


@dataclass(frozen=True, slots=True)
class _Indexed:
    index: LanguageIndex
    pairs: PairFeatures
    scorers: tuple[str, ...]
    models: tuple[RankingModel | None, RankingModel | None]
    """For short and for long texts."""


class SkillRanker:
    """Ranks the skills it was given for any number of texts; the same input gives the same output.

    A language is indexed when it is first asked for: about ten seconds for all of ESCO.
    """

    def __init__(
        self, skills: Iterable[SkillTexts], encoder: Encoder | None = None, weights: RankingWeights | None = None
    ) -> None:
        self._encoder = encoder
        self._weights = weights or shipped_weights()
        self._texts: dict[str, dict[str, SkillTexts]] = {}
        self._facts: dict[str, SkillTexts] = {}
        for each in skills:
            self._texts.setdefault(each.language, {})[each.skill] = each
            self._facts.setdefault(each.skill, each)
        self._skills = sorted(self._facts)
        self._indexed: dict[str, _Indexed] = {}

    @cached_property
    def version(self) -> str:
        """Name and version, a path segment; it names the encoder where there is one."""
        encoder = f"-{self._encoder.name}" if self._encoder else ""
        return f"{self._weights.version}{encoder}"

    def rank(self, texts: Sequence[str], language: str, top: int = 10) -> list[list[RankedSkill]]:
        """At most `top` proposals for each text, best first, ties by IRI; empty where nothing is near.

        `language` is a primary subtag. Equal texts are ranked once. A long text is ranked as a whole and by its
        clauses: a skill counts at its best, a circumstance less than a main clause (see `linking.clauses`).
        """
        asked = list(dict.fromkeys(texts))
        found = (each for chunk in chunks(asked, language) for each in self._ranked(chunk, language, top))
        ranked = dict(zip(asked, found, strict=True))
        return [ranked[text] for text in texts]

    def pool(self, texts: Sequence[str], language: str) -> Pool:
        """What the learned order decides on: POOL skills a text, or all where there are fewer.

        The skills of a long text are those of the whole and of its clauses, circumstances counting less; its features
        are the mean of those of the whole and of the best of its main clauses.
        """
        indexed = self._of(language)
        parts = [with_clauses(text, language) for text in texts]
        said = [part.text for each in parts for part in each]
        scores = indexed.index.scores(said)
        first = first_choice(scores)
        main = np.array([part.main for each in parts for part in each])
        starts = np.cumsum([0, *map(len, parts)])
        weights = np.where(main, 1, CIRCUMSTANCE) / np.maximum(first.max(axis=1, initial=0), np.float32(1e-6))
        weighted = first * weights[:, None].astype(np.float32)
        columns = best_columns(np.maximum.reduceat(weighted, starts[:-1], axis=0), POOL)
        # of circumstances nothing more is asked
        looked_at = np.flatnonzero(main)
        owner = np.repeat(np.arange(len(texts)), np.diff(starts))[looked_at]
        chosen = {name: scores[name] for name in indexed.scorers}
        features = indexed.pairs.features(
            [said[place] for place in looked_at], chosen, first, columns[owner], looked_at
        )
        ends = np.searchsorted(owner, np.arange(len(texts) + 1))
        return Pool(columns, np.stack([as_one(features[start:end]) for start, end in pairwise(ends.tolist())]))

    @property
    def skills(self) -> Sequence[str]:
        """The skills (IRIs) in the order of the columns."""
        return self._skills

    def names(self, language: str) -> tuple[str, ...]:
        """The names of the features of texts in a language."""
        return tuple(feature_names(self._of(language).scorers))

    def learn(self, language: str, associations: WordAssociations) -> None:
        """Take other associations for a language; for fitting."""
        self._of(language).index.learn(associations)

    def _of(self, language: str) -> _Indexed:
        if language not in self._indexed:
            self._indexed[language] = self._index(language, shipped_associations(language))
        return self._indexed[language]

    def _index(self, language: str, associations: WordAssociations) -> _Indexed:
        abroad = language not in self._texts
        meanings = (MEANINGS_ABROAD if abroad else MEANINGS) if self._encoder else ()
        scorers = (*(SCORERS_ABROAD if abroad else SCORERS), *meanings)
        encoder = self._encoder.name if self._encoder else ""
        short, long = (self._weights.model(abroad=abroad, encoder=encoder, long=each) for each in (False, True))
        index = LanguageIndex(language, self._skills, self._texts, associations, self._encoder)
        own = self._texts.get(language, {})
        return _Indexed(
            index,
            PairFeatures(language, own, self._facts, self._skills, index.substitutes),
            scorers,
            (short, long),
        )

    def _ranked(self, texts: Sequence[str], language: str, top: int) -> Iterator[list[RankedSkill]]:
        if not self._skills:
            yield from ([] for _ in texts)
            return
        pool = self.pool(texts, language)
        names = self.names(language)
        scores, confidences = self._judged(texts, language, pool.features)
        same = np.floor(pool.features[..., names.index("same-wording")])
        values = [place for place, name in enumerate(names) if name.endswith("/value")]
        near: npt.NDArray[np.bool_] = (pool.features[..., values] > 0).max(axis=-1)
        methods = methods_of(pool.features, names, encoder=self._encoder is not None)
        # confidences were fitted without the skills whose label was made word by word
        labelled = self._texts.get(language, {})
        for row, order in enumerate(ordered(scores, same, pool.columns)):
            measured = self._is_measured(texts[row], language)
            places = order[near[row, order]][:top]
            yield [
                RankedSkill(
                    self._skills[column],
                    round(score, _DIGITS),
                    round(confidence, _DIGITS),
                    measured and self._skills[column] in labelled,
                    method.relation,
                    method.justification,
                    method.identifier,
                )
                for column, score, confidence, method in zip(
                    pool.columns[row, places].tolist(),
                    scores[row, places].tolist(),
                    confidences[row, places].tolist(),
                    methods[row, places],
                    strict=True,
                )
            ]

    def _judged(self, texts: Sequence[str], language: str, features: Features) -> tuple[Scores, Scores]:
        """Scores and confidences of the pool, by the model for short texts or the one for long ones.

        In other languages than that of the pairs, what is linked are outcomes: the latter speaks for all of them.
        """
        names = self.names(language)
        abroad = language != self._weights.language
        is_long = np.array([abroad or len(words(text, language)) > self._weights.short for text in texts])
        scores, confidences = (np.zeros(features.shape[:2], np.float32) for _ in range(2))
        for model, rows in zip(self._of(language).models, (~is_long, is_long), strict=True):
            if model is None:
                raise ValueError(self.version)
            seen = features[rows][..., [names.index(each) for each in model.features]]
            scores[rows] = model.scores(seen)
            confidences[rows] = model.confidences(seen, scores[rows])
        return scores, confidences

    def _is_measured(self, text: str, language: str) -> bool:
        """Whether texts such as this one, against as many skills, were measured."""
        return (
            language == self._weights.language
            and len(self._texts.get(language, {})) >= _LEAST_SKILLS * self._weights.skills
            and len(words(text, language)) <= self._weights.longest
            and (self._encoder is None or self._encoder.name == self._weights.encoder)
        )
