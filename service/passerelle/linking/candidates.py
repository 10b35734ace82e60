"""Candidates for outcomes: every text ranked once, remembered, then chosen from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from passerelle.errors import DamagedRelease
from passerelle.linking.candidate_memory import FILE_NAME, CandidateMemory, Key, key_of
from passerelle.linking.labels import primary
from passerelle.linking.ranking import RankedSkill
from passerelle.records.link import Candidate, OutcomeText
from passerelle.records.place import Place
from passerelle.records.text import LanguageText, normalised

CHOICE_VERSION = "link-3"
"""Changes whenever the same ranked skills could give other candidates."""

RANKED = 20
"""Skills remembered for each text: four times what is chosen, so that context has something to order."""

MAXIMUM = 5
"""Candidates an outcome: a node is 9 triples, and a reviewer reads no further."""

LEAST_CONFIDENCE = 0.1
"""Of the texts of the French evaluation pairs, 0.1 leaves 1.6 candidates each, a third of them right with some
relation, and two thirds of the exact matches; 0.05 nearly doubles the candidates for a tenth more of those. Of 292
outcomes of RNCP and RS fiches, 0.1 leaves 0.9 candidates each, and none for 37 of 100: 3.7 million triples for 450,000
outcomes."""

Order = Callable[[OutcomeText, Sequence[RankedSkill]], Sequence[RankedSkill]]
"""Puts the ranked skills of an outcome into another order, by what surrounds it; it takes none away and adds none
(`linking.context.ContextOrder`)."""


_Known = dict[Key, tuple[RankedSkill, ...]]


class TextRanker(Protocol):
    """What ranks texts; `linking.ranking.SkillRanker` is one."""

    @property
    def version(self) -> str:
        """Name and version, a path segment."""
        ...

    def rank(self, texts: Sequence[str], language: str, top: int = 10) -> list[list[RankedSkill]]:
        """At most `top` skills for each text, best first."""
        ...


@dataclass(slots=True)
class LinkingCounts:
    """What became of the texts of each language (primary subtag): all, distinct, newly ranked, without candidate."""

    texts: Counter[str] = field(default_factory=Counter)
    distinct: Counter[str] = field(default_factory=Counter)
    ranked: Counter[str] = field(default_factory=Counter)
    without: Counter[str] = field(default_factory=Counter)


class RankedLinker:
    """A `Linker` over a ranker and a memory.

    `ranker` is asked for texts that neither `memory` nor `earlier` (the memory of another release by the same ranker
    and the same ESCO) knows; None where `memory` knows all of them and cannot be written: DamagedRelease is raised
    where it does not. `languages` (primary subtags) are those that it can rank; None: any. No link can be made for a
    text in another one: what two languages happen to spell alike is no ground for a proposal.
    """

    def __init__(
        self,
        memory: CandidateMemory,
        ranker: TextRanker | None = None,
        earlier: CandidateMemory | None = None,
        languages: Collection[str] | None = None,
    ) -> None:
        self.version = f"{CHOICE_VERSION}-{memory.ranker.partition(' ')[0]}"
        self.counts = LinkingCounts()
        self._memory = memory
        self._ranker = ranker
        self._earlier = earlier
        self._languages = languages
        self.order: Order | None = None

    def candidates(self, outcomes: Sequence[OutcomeText], *, ordered: bool = False) -> list[list[Candidate]]:
        """See `Linker`; at most MAXIMUM an outcome, none below LEAST_CONFIDENCE.

        Where there are more, or where they are to be `ordered`, `order` has its say; it changes no set of MAXIMUM or
        fewer.
        """
        ranked = self._counted([text for outcome in outcomes for text in outcome.texts])
        chosen = []
        for outcome in outcomes:
            found = _merged(ranked[key_of(text.text, primary(text.language))] for text in outcome.texts)
            sure: Sequence[RankedSkill] = [each for each in found if each.confidence >= LEAST_CONFIDENCE]
            if self.order and (ordered or len(sure) > MAXIMUM):
                sure = self.order(outcome, sure)
            chosen.append([_candidate(each) for each in sure[:MAXIMUM]])
        return chosen

    def ranked(self, texts: Iterable[LanguageText]) -> _Known:
        """The ranked skills of texts by their keys; those that are not known yet are ranked, each once."""
        asked: dict[Key, tuple[str, str]] = {}
        for text in texts:
            language = primary(text.language)
            asked.setdefault(key_of(text.text, language), (language, normalised(text.text)))
        found = self._memory.get(asked)
        fresh = {key: each for key, each in asked.items() if key not in found}
        carried = self._earlier.get(fresh) if self._earlier else {}
        new = self._rank({key: each for key, each in fresh.items() if key not in carried})
        if fresh and self._ranker:
            self._memory.put({**carried, **new})
        for key, (language, _) in fresh.items():
            self.counts.distinct[language] += 1
            self.counts.ranked[language] += key in new and self._ranks(language)
        return {**found, **carried, **new}

    def _counted(self, texts: Sequence[LanguageText]) -> _Known:
        found = self.ranked(texts)
        for text in texts:
            language = primary(text.language)
            sure = any(each.confidence >= LEAST_CONFIDENCE for each in found[key_of(text.text, language)])
            self.counts.texts[language] += 1
            self.counts.without[language] += not sure
        return found

    def close(self) -> None:
        """Let go of the files and of the store behind `order`; what was new is then written."""
        self.order = None
        self._memory.close()
        if self._earlier:
            self._earlier.close()

    def _ranks(self, language: str) -> bool:
        return self._languages is None or language in self._languages

    def _rank(self, texts: dict[Key, tuple[str, str]]) -> dict[Key, tuple[RankedSkill, ...]]:
        found: dict[Key, tuple[RankedSkill, ...]] = {}
        if texts and self._ranker is None:
            raise DamagedRelease("candidates-missing", place=Place(file=FILE_NAME), count=len(texts))
        by_language: dict[str, list[Key]] = {}
        for key, (language, _) in texts.items():
            by_language.setdefault(language, []).append(key)
        for language, keys in sorted(by_language.items()):
            if not self._ranks(language):
                found.update((key, ()) for key in keys)
            elif self._ranker is not None:
                ranked = self._ranker.rank([texts[key][1] for key in keys], language, RANKED)
                found.update((key, tuple(each)) for key, each in zip(keys, ranked, strict=True))
        return found


def _merged(lists: Iterable[Sequence[RankedSkill]]) -> list[RankedSkill]:
    """The skills of all wordings of an outcome, each once at its surest, best first, ties by IRI.

    The wordings of one language keep their ranker's order; across languages the confidences are compared, because
    scores of two indexes say nothing about each other.
    """
    known = [each for each in lists if each]
    if len(known) == 1:
        return list(known[0])
    best: dict[str, RankedSkill] = {}
    for ranked in known:
        for each in ranked:
            if each.skill not in best or each.confidence > best[each.skill].confidence:
                best[each.skill] = each
    return sorted(best.values(), key=lambda each: (-each.confidence, each.skill))


def _candidate(ranked: RankedSkill) -> Candidate:
    status = "calibrated" if ranked.calibrated else "uncalibrated"
    return Candidate(
        ranked.skill, ranked.method, ranked.relation, ranked.justification, decimal(ranked.confidence), status
    )


def decimal(confidence: float) -> str:
    """A confidence as it is written: at most three decimals, no trailing zeros.

    >>> decimal(0.9)
    '0.9'
    >>> decimal(1.0)
    '1.0'
    """
    whole = f"{confidence:.3f}".rstrip("0")
    return f"{whole}0" if whole.endswith(".") else whole
