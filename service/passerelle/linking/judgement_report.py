"""Quality and calibration of a linker on the judged outcomes, by language, level, sector and origin.

A proposal for a pair that nobody judged is counted as unjudged, never as wrong: precision and calibration are over the
judged pairs alone, and say how many were left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from passerelle.linking.judgements import JudgedOutcome
from passerelle.linking.resampling import Estimate, Sums, estimate, ratio
from passerelle.records.link import OutcomeText
from passerelle.records.text import outcome_hash

DEPTHS = (1, 5, 10)
"""The ranks at which recall is measured."""

BINS = 10
"""Equal bins of confidence between 0 and 1 for the reliability table and the expected calibration error."""

NOT_STATED = "not stated"


class Proposal(Protocol):
    """What a linker proposes for a text: `linking.ranking.RankedSkill` is one."""

    @property
    def skill(self) -> str:
        """The IRI of the skill."""
        ...

    @property
    def confidence(self) -> float:
        """The stated probability that the link is correct, between 0 and 1."""
        ...


class TextRanker(Protocol):
    """What proposes skills for texts: `linking.ranking.SkillRanker` is one."""

    def rank(self, texts: Sequence[str], language: str, top: int = 10) -> Sequence[Sequence[Proposal]]:
        """At most `top` proposals for each text, best first."""
        ...


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """The judged proposals whose confidence lies in [lower, upper), in the last bin [lower, upper]."""

    lower: float
    upper: float
    n: int
    mean_confidence: float | None
    share_correct: float | None


@dataclass(frozen=True, slots=True)
class Quality:
    """A linker on one group of judged outcomes.

    `precision_at_1` is over the outcomes whose first proposal was judged (`first_unjudged` were not, and for
    `no_proposal` outcomes there is none); `recall` over the pairs judged correct, by depth; `error` is the expected
    calibration error and `brier` the Brier score over the `judged` proposals, the rest being `unjudged`.
    """

    outcomes: int
    with_correct: int
    no_proposal: int
    first_unjudged: int
    precision_at_1: Estimate
    recall: Mapping[int, Estimate]
    judged: int
    unjudged: int
    error: Estimate
    brier: Estimate
    bins: tuple[ReliabilityBin, ...]


def judgement_report(
    judged: Mapping[str, JudgedOutcome], proposals: Mapping[str, Sequence[Proposal]]
) -> dict[str, dict[str, Quality]]:
    """The quality of `proposals` (by outcome hash, best first), by grouping and group.

    The groupings are `all`, `language`, `level` (EQF), `sector` (NSF) and `origin`. Outcomes without an entry in
    `proposals` were not asked for, and count nowhere; an empty entry is the answer "no match".
    """
    asked = [outcome for key, outcome in judged.items() if key in proposals]
    groupings: dict[str, Callable[[JudgedOutcome], str]] = {
        "all": lambda outcome: "all",
        "language": lambda outcome: outcome.language,
        "level": lambda outcome: outcome.level or NOT_STATED,
        "sector": lambda outcome: outcome.sector or NOT_STATED,
        "origin": lambda outcome: outcome.origin,
    }
    report: dict[str, dict[str, Quality]] = {}
    for name, group_of in groupings.items():
        groups: dict[str, list[JudgedOutcome]] = {}
        for outcome in asked:
            groups.setdefault(group_of(outcome), []).append(outcome)
        report[name] = {group: _quality(groups[group], proposals) for group in sorted(groups)}
    return report


def ranked(
    ranker: TextRanker, judged: Mapping[str, JudgedOutcome], outcomes: Iterable[OutcomeText], top: int = max(DEPTHS)
) -> dict[str, Sequence[Proposal]]:
    """What a ranker proposes for the judged ones among some outcomes (the store's, say), for `judgement_report`.

    The judgements hold no texts: `outcomes` give them, and are met by their hash.
    """
    texts: dict[str, dict[str, str]] = {}
    for outcome in outcomes:
        for text in outcome.texts:
            key = outcome_hash(text.text, text.language)
            if key in judged:
                texts.setdefault(judged[key].language, {})[key] = text.text
    found: dict[str, Sequence[Proposal]] = {}
    for language, wanted in sorted(texts.items()):
        keys = sorted(wanted)
        found.update(zip(keys, ranker.rank([wanted[key] for key in keys], language, top), strict=True))
    return found


def _quality(outcomes: Sequence[JudgedOutcome], proposals: Mapping[str, Sequence[Proposal]]) -> Quality:
    first = np.zeros((len(outcomes), 2))
    recall = np.zeros((len(outcomes), len(DEPTHS), 2))
    calibration = np.zeros((len(outcomes), BINS, 4))
    unjudged = first_unjudged = 0
    for row, outcome in enumerate(outcomes):
        correct, offered = outcome.correct, proposals[outcome.hash]
        for column, depth in enumerate(DEPTHS):
            found = {each.skill for each in offered[:depth]} & correct
            recall[row, column] = len(found), len(correct)
        for rank, each in enumerate(offered):
            if outcome.relation(each.skill) is None:
                unjudged += 1
                first_unjudged += rank == 0
                continue
            right = float(each.skill in correct)
            if rank == 0:
                first[row] = right, 1
            cell = calibration[row, min(int(each.confidence * BINS), BINS - 1)]
            cell += 1, each.confidence, right, (each.confidence - right) ** 2
    table = calibration.sum(axis=0)
    judged = int(table[:, 0].sum())
    flat = calibration.reshape(len(outcomes), -1)
    return Quality(
        outcomes=len(outcomes),
        with_correct=sum(bool(outcome.correct) for outcome in outcomes),
        no_proposal=sum(not proposals[outcome.hash] for outcome in outcomes),
        first_unjudged=first_unjudged,
        precision_at_1=estimate(first, ratio, int(first[:, 1].sum())),
        recall={
            depth: estimate(recall[:, column], ratio, int(recall[:, column, 1].sum()))
            for column, depth in enumerate(DEPTHS)
        },
        judged=judged,
        unjudged=unjudged,
        error=estimate(flat, _calibration_error, judged),
        brier=estimate(flat, _brier, judged),
        bins=tuple(_bin(place, *row) for place, row in enumerate(table.tolist())),
    )


def _bin(place: int, n: float, confidence: float, correct: float, _: float) -> ReliabilityBin:
    lower, upper = place / BINS, (place + 1) / BINS
    if not n:
        return ReliabilityBin(lower, upper, 0, None, None)
    return ReliabilityBin(lower, upper, int(n), round(confidence / n, 4), round(correct / n, 4))


def _cells(sums: Sums) -> Sums:
    return sums.reshape(*sums.shape[:-1], BINS, 4)


def _calibration_error(sums: Sums) -> Sums:
    cells = _cells(sums)
    gaps = np.abs(cells[..., 1] - cells[..., 2]).sum(axis=-1)
    return ratio(np.stack((gaps, cells[..., 0].sum(axis=-1)), axis=-1))


def _brier(sums: Sums) -> Sums:
    cells = _cells(sums)
    return ratio(np.stack((cells[..., 3].sum(axis=-1), cells[..., 0].sum(axis=-1)), axis=-1))
