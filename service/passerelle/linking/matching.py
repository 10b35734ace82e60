"""The first linker: an outcome is proposed for a skill when it is worded like one of the skill's labels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Protocol

from passerelle.linking.labels import exact_key, near_key, primary
from passerelle.records.link import Candidate, Label, OutcomeText
from passerelle.records.mapping_table import rows

LINKER_VERSION = "label-1"
"""Changes whenever the same outcome and the same ESCO could give other candidates."""


@dataclass(frozen=True, slots=True)
class Method:
    """A row of `mappings/link-methods.tsv`; `rank` is its place in the file, the best method first."""

    identifier: str
    rank: int
    justification: str
    relation: str
    confidence: str
    status: str

    def candidate(self, skill: str) -> Candidate:
        """The proposal of `skill` by this method."""
        return Candidate(skill, self.identifier, self.relation, self.justification, self.confidence, self.status)


@cache
def methods() -> dict[str, Method]:
    """The methods by identifier."""
    return {
        row["method"]: Method(
            row["method"], rank, row["justification"], row["relation"], row["confidence"], row["status"]
        )
        for rank, row in enumerate(rows("link-methods.tsv"))
    }


class Labels(Protocol):
    """Where labels come from; `graph.links.LinkGraph` is one."""

    def labels(self, language: str) -> Iterable[Label]:
        """All labels of ESCO skills in a language."""
        ...

    def labels_of(self, skill: str, language: str) -> Iterable[Label]:
        """The labels of one ESCO skill in a language."""
        ...


@dataclass(slots=True)
class _Index:
    exact: dict[str, list[Label]] = field(default_factory=dict)
    near: dict[str, list[Label]] = field(default_factory=dict)


def _method(kind: str, label: Label) -> Method:
    return methods()[f"{kind}-{'preferred' if label.preferred else 'alternative'}-label"]


class LabelLinker:
    """A `Linker` by exact and near keys (see `linking.labels`). A language is indexed when it is first asked for."""

    version = LINKER_VERSION

    def __init__(self, labels: Labels) -> None:
        self._labels = labels
        self._indexes: dict[str, _Index] = {}

    def candidates(self, outcome: OutcomeText) -> list[Candidate]:
        """See `Linker`; a label that several skills share proposes each of them."""
        return _best(self._matches(outcome))

    def candidate(self, outcome: OutcomeText, skill: str) -> Candidate | None:
        """See `Linker`; reads the labels of that skill alone, so no index is needed."""
        return next(iter(_best(self._matches_of(outcome, skill))), None)

    def _matches(self, outcome: OutcomeText) -> Iterator[tuple[str, Method]]:
        for text in outcome.texts:
            language = primary(text.language)
            index = self._index(language)
            exact = exact_key(text.text)
            for label in index.exact.get(exact, ()):
                yield label.skill, _method("exact", label)
            for label in index.near.get(near_key(exact, language), ()):
                yield label.skill, _method("near", label)

    def _matches_of(self, outcome: OutcomeText, skill: str) -> Iterator[tuple[str, Method]]:
        for text in outcome.texts:
            language = primary(text.language)
            exact = exact_key(text.text)
            near = near_key(exact, language)
            for label in self._labels.labels_of(skill, language):
                key = exact_key(label.text)
                if key and key == exact:
                    yield skill, _method("exact", label)
                elif near and near_key(key, language) == near:
                    yield skill, _method("near", label)

    def _index(self, language: str) -> _Index:
        index = self._indexes.get(language)
        if index is None:
            index = self._indexes[language] = _Index()
            for label in self._labels.labels(language):
                exact = exact_key(label.text)
                if exact:
                    index.exact.setdefault(exact, []).append(label)
                near = near_key(exact, language)
                if near:
                    index.near.setdefault(near, []).append(label)
        return index


def _best(matches: Iterable[tuple[str, Method]]) -> list[Candidate]:
    best: dict[str, Method] = {}
    for skill, method in matches:
        if skill not in best or method.rank < best[skill].rank:
            best[skill] = method
    return [method.candidate(skill) for skill, method in sorted(best.items(), key=lambda pair: (pair[1].rank, pair[0]))]
