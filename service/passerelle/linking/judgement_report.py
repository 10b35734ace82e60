"""Quality and calibration of a ranker on the judged outcomes, by language, level, sector and origin.

A proposal that nobody judged is neither right nor wrong: a share is given with the range that such proposals leave it,
and confidences are compared with the judged proposals alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from passerelle.linking.calibration import Calibration, Threshold, calibration, thresholds
from passerelle.linking.judgements import JudgedOutcome
from passerelle.linking.resampling import Estimate, Sums, estimate, ratio
from passerelle.records.text import LanguageText, outcome_hash

SHOWN = 3
"""First proposals that are looked at beside the very first: all that a reader takes in at a glance."""

LEAST = (0.1, 0.2, 0.3, 0.5)
"""Confidences under which a first proposal could be taken as "no match"; the first is what the linker takes."""

NOT_STATED = "not stated"

_DOMAIN = 2
"""Digits of an NSF code that name one of its 17 domains: a group of three has too few judged outcomes for a figure."""


class Proposal(Protocol):
    """What a ranker proposes for a text: `linking.ranking.RankedSkill` is one."""

    @property
    def skill(self) -> str:
        """The IRI of the skill."""
        ...

    @property
    def confidence(self) -> float:
        """The stated probability that the link is correct, between 0 and 1."""
        ...

    @property
    def calibrated(self) -> bool:
        """Whether the confidence claims to be measured."""
        ...


class TextRanker(Protocol):
    """What proposes skills for texts: `linking.ranking.SkillRanker` is one."""

    def rank(self, texts: Sequence[str], language: str, top: int = 10) -> Sequence[Sequence[Proposal]]:
        """At most `top` proposals for each text, best first."""
        ...


@dataclass(frozen=True, slots=True)
class Share:
    """`right` cases of `of`, with `unjudged` ones among the rest.

    The share lies between `lowest` (no unjudged case is right) and `highest` (all are). `low` and `high` are the ends
    of the 95 % bootstrap intervals of both, over outcomes. None where there is no case.
    """

    right: int
    unjudged: int
    of: int
    lowest: float | None
    highest: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Quality:
    """A ranker on one group of judged outcomes.

    `first` and `shown` count proposals: the very first ones, and the first SHOWN; `any_shown` counts outcomes with at
    least one right proposal among the first SHOWN. `found` counts the outcomes with a correct skill (of which there
    are `with_correct`) of which one is among all proposals that were asked for. `first_confidence` and
    `shown_confidence` compare confidences with what was judged (None where nothing was); `calibrated` first proposals
    claim a measured confidence. `no_match` says what is left of the judged first proposals where those under a
    confidence (LEAST) are no answer.
    """

    outcomes: int
    with_correct: int
    without_proposal: int
    calibrated: int
    first: Share
    shown: Share
    any_shown: Share
    found: Estimate
    first_confidence: Calibration | None
    shown_confidence: Calibration | None
    no_match: tuple[Threshold, ...]


def judgement_report(
    judged: Mapping[str, JudgedOutcome], proposals: Mapping[str, Sequence[Proposal]]
) -> dict[str, dict[str, Quality]]:
    """The quality of `proposals` (by outcome hash, best first), by grouping and group.

    The groupings are `all`, `language`, `level` (EQF), `sector` (NSF domain) and `origin`. Outcomes without an entry
    in `proposals` were not asked for, and count nowhere; an empty entry is the answer "no match".
    """
    asked = [outcome for key, outcome in judged.items() if key in proposals]
    groupings: dict[str, Callable[[JudgedOutcome], str]] = {
        "all": lambda outcome: "all",
        "language": lambda outcome: outcome.language,
        "level": lambda outcome: outcome.level or NOT_STATED,
        "sector": lambda outcome: outcome.sector[:_DOMAIN] or NOT_STATED,
        "origin": lambda outcome: outcome.origin,
    }
    report: dict[str, dict[str, Quality]] = {}
    for name, group_of in groupings.items():
        groups: dict[str, list[JudgedOutcome]] = {}
        for outcome in asked:
            groups.setdefault(group_of(outcome), []).append(outcome)
        report[name] = {group: _quality(groups[group], proposals) for group in sorted(groups)}
    return report


def judged_texts(judged: Mapping[str, JudgedOutcome], texts: Iterable[LanguageText]) -> dict[str, str]:
    """The texts of judged outcomes among some texts, by hash, sorted: the judgements themselves hold none.

    A text without a language is looked for in every language of the judgements.
    """
    languages = sorted({outcome.language for outcome in judged.values()})
    found: dict[str, str] = {}
    for text in texts:
        for language in (text.language,) if text.language else languages:
            key = outcome_hash(text.text, language)
            if key in judged:
                found.setdefault(key, text.text)
    return dict(sorted(found.items()))


def ranked(
    ranker: TextRanker,
    judged: Mapping[str, JudgedOutcome],
    texts: Mapping[str, str],
    top: int,
    spoken: Collection[str] | None = None,
) -> dict[str, Sequence[Proposal]]:
    """What a ranker proposes for the texts of judged outcomes (by hash), for `judgement_report`.

    `spoken` are the languages (primary subtags) that it is asked for, as a `linking.candidates.RankedLinker` is; None:
    any. A text in another one has no proposal.
    """
    languages: dict[str, list[str]] = {}
    for key in texts:
        languages.setdefault(judged[key].language, []).append(key)
    found: dict[str, Sequence[Proposal]] = {}
    for language, keys in sorted(languages.items()):
        if spoken is not None and language not in spoken:
            found.update((key, ()) for key in keys)
            continue
        found.update(zip(keys, ranker.rank([texts[key] for key in keys], language, top), strict=True))
    return found


def unjudged(
    judged: Mapping[str, JudgedOutcome], proposals: Mapping[str, Sequence[Proposal]], top: int = SHOWN
) -> list[tuple[str, str]]:
    """Hash and skill of the first `top` proposals that nobody judged, sorted: the work of the next judges."""
    return sorted(
        (key, each.skill)
        for key, offered in proposals.items()
        for each in offered[:top]
        if judged[key].relation(each.skill) is None
    )


def _quality(outcomes: Sequence[JudgedOutcome], proposals: Mapping[str, Sequence[Proposal]]) -> Quality:
    # of each outcome and each share: right, unjudged, all
    counts = np.zeros((3, len(outcomes), 3))
    found = np.zeros((len(outcomes), 2))
    first: list[list[tuple[float, bool]]] = []
    shown: list[list[tuple[float, bool]]] = []
    for row, outcome in enumerate(outcomes):
        offered = proposals[outcome.hash]
        relations = [outcome.relation(each.skill) for each in offered[:SHOWN]]
        right = [each.skill in outcome.correct for each in offered[:SHOWN]]
        missing = [relation is None for relation in relations]
        counts[0, row] = sum(right[:1]), sum(missing[:1]), len(right[:1])
        counts[1, row] = sum(right), sum(missing), len(right)
        counts[2, row] = any(right), any(missing) and not any(right), 1
        found[row] = any(each.skill in outcome.correct for each in offered), bool(outcome.correct)
        known = [
            None if absent else (each.confidence, truth)
            for each, absent, truth in zip(offered, missing, right, strict=False)
        ]
        first.append([pair for pair in known[:1] if pair])
        shown.append([pair for pair in known if pair])
    first_share, shown_share, any_share = (_share(each) for each in counts)
    return Quality(
        outcomes=len(outcomes),
        with_correct=int(found[:, 1].sum()),
        without_proposal=sum(not proposals[outcome.hash] for outcome in outcomes),
        calibrated=sum(each.calibrated for outcome in outcomes for each in proposals[outcome.hash][:1]),
        first=first_share,
        shown=shown_share,
        any_shown=any_share,
        found=estimate(found, ratio, int(found[:, 1].sum())),
        first_confidence=_calibration(first),
        shown_confidence=_calibration(shown),
        no_match=thresholds([pair for each in first for pair in each], LEAST),
    )


def _share(counts: Sums) -> Share:
    right, missing, of = (int(each) for each in counts.sum(axis=0))
    least = estimate(counts[:, (0, 2)], ratio, of)
    most = estimate(np.stack((counts[:, 0] + counts[:, 1], counts[:, 2]), axis=-1), ratio, of)
    return Share(right, missing, of, least.value, most.value, least.lower, most.upper)


def _calibration(pairs: Sequence[Sequence[tuple[float, bool]]]) -> Calibration | None:
    if not any(pairs):
        return None
    known = [each for each in pairs if each]
    return calibration(
        [[confidence for confidence, _ in each] for each in known], [[truth for _, truth in each] for each in known]
    )
