"""Reads the links of outcomes as comparison counts them, and how ESCO skills stand to each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

import pyoxigraph as ox

from passerelle.graph.links import curie
from passerelle.graph.statements.writer import TYPE, term
from passerelle.namespaces import VOCABULARY, Minting, expand
from passerelle.records.compared_unit import LinkClass, OutcomeLink

LINK_CLASS_OF_STATE: dict[str, LinkClass] = {
    "accepted": "reviewed",
    "official": "official",
    "declared": "declared",
    "candidate": "machine",
}
"""Class of a link by the state of its node; a rejected link is none (design, "Comparing")."""

_STATE, _STATUS = f"{VOCABULARY}link-state/", f"{VOCABULARY}confidence-status/"
_SKILL, _LINK_STATE, _RELATION, _CONFIDENCE, _CONFIDENCE_STATUS = (
    expand(f"psl:{name}") for name in ("linkedSkill", "linkState", "matchRelation", "confidence", "confidenceStatus")
)


class OutcomeLinks:
    """Links of graph `links`, and the hierarchy of the graph `esco`; what other graphs say of either is not read."""

    def __init__(self, store: ox.Store, minting: Minting) -> None:
        self._store = store
        self._links = ox.NamedNode(minting.graph("links"))
        self._esco = ox.NamedNode(minting.graph("esco"))
        # the loaded ESCO never changes beneath a reader; links and units of a staged store do
        self._counts = lru_cache(maxsize=32_768)(self._read_counts)

    def of(self, outcome: ox.NamedNode) -> tuple[OutcomeLink, ...]:
        """The links of an outcome, sorted by skill: one a skill, because a pair has one node.

        A link to an ESCO concept that is no skill (a group, an occupation) is left out: context is no evidence. A skill
        that the loaded ESCO does not have (a retired one) stays, because two outcomes can still share it.
        """
        found: list[OutcomeLink] = []
        for quad in self._store.quads_for_pattern(None, term("psl:linkedOutcome"), outcome, self._links):
            if isinstance(quad.subject, ox.NamedNode):
                found += self._link(quad.subject)
        return tuple(sorted(found, key=_by_skill))

    def _link(self, node: ox.NamedNode) -> Iterator[OutcomeLink]:
        said = {
            quad.predicate.value: quad.object.value
            for quad in self._store.quads_for_pattern(node, None, None, self._links)
            if isinstance(quad.object, ox.NamedNode | ox.Literal)
        }
        link_class = LINK_CLASS_OF_STATE.get(said[_LINK_STATE].removeprefix(_STATE))
        if link_class is None or not self._counts(said[_SKILL]):
            return
        relation = curie(said[_RELATION])
        if link_class == "machine":
            calibrated = said.get(_CONFIDENCE_STATUS) == f"{_STATUS}calibrated"
            yield OutcomeLink(said[_SKILL], link_class, relation, float(said[_CONFIDENCE]), calibrated)
        else:
            yield OutcomeLink(said[_SKILL], link_class, relation)

    def closer(self, skill: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The skills directly broader and directly narrower than a skill (IRIs, sorted); skill groups are none."""
        node, broader = ox.NamedNode(skill), term("skos:broader")
        if not self._is_skill(node):
            return (), ()
        above = (quad.object for quad in self._store.quads_for_pattern(node, broader, None, self._esco))
        below = (quad.subject for quad in self._store.quads_for_pattern(None, broader, node, self._esco))
        return self._skills(above), self._skills(below)

    def skills(self) -> Iterator[str]:
        """The IRIs of all skills of the loaded ESCO, in the store's order."""
        for quad in self._store.quads_for_pattern(None, TYPE, term("esco:Skill"), self._esco):
            if isinstance(quad.subject, ox.NamedNode):
                yield quad.subject.value

    def _skills(self, nodes: Iterable[object]) -> tuple[str, ...]:
        return tuple(sorted({each.value for each in nodes if isinstance(each, ox.NamedNode) and self._is_skill(each)}))

    def _is_skill(self, node: ox.NamedNode) -> bool:
        return next(iter(self._store.quads_for_pattern(node, TYPE, term("esco:Skill"), self._esco)), None) is not None

    def _read_counts(self, skill: str) -> bool:
        node = ox.NamedNode(skill)
        described = next(iter(self._store.quads_for_pattern(node, TYPE, None, self._esco)), None)
        return described is None or self._is_skill(node)


def _by_skill(link: OutcomeLink) -> str:
    return link.skill
