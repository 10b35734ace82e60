"""Reads the links of outcomes as comparison counts them, and how ESCO skills stand to each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from passerelle.errors import DamagedRelease
from passerelle.graph.links import curie
from passerelle.graph.statements.writer import TYPE, term
from passerelle.namespaces import VOCABULARY, Minting, expand
from passerelle.records.compared_unit import LinkClass, OutcomeLink
from passerelle.records.place import Place

LINK_CLASS_OF_STATE: dict[str, LinkClass] = {
    "accepted": "reviewed",
    "official": "official",
    "declared": "declared",
    "candidate": "machine",
}
"""Class of a link by the state of its node; a rejected link is none (design, "Comparing")."""

_STATE, _STATUS = f"{VOCABULARY}link-state/", f"{VOCABULARY}confidence-status/"
MACHINE_STATE = f"{_STATE}candidate"
"""State (IRI) of a link that a machine proposed and nobody reviewed."""

LINK_STATEMENTS = {
    expand("psl:linkedOutcome"): "outcome",
    expand("psl:linkedSkill"): "skill",
    expand("psl:linkState"): "state",
    expand("psl:matchRelation"): "relation",
    expand("psl:confidence"): "confidence",
    expand("psl:confidenceStatus"): "status",
}
"""Properties (IRIs) of the node of a link, and what each says; the last two of a candidate at least."""


class OutcomeLinks:
    """Links of graph `links`, and the hierarchy of the graph `esco`; what other graphs say of either is not read."""

    def __init__(self, store: ox.Store, minting: Minting) -> None:
        self._store = store
        self._links = ox.NamedNode(minting.graph("links"))
        self._esco = ox.NamedNode(minting.graph("esco"))
        # the loaded ESCO never changes beneath a reader; links and units of a staged store do. A cache of functools,
        # bound to a method, would keep the store open until the next collection of garbage
        self._counting: dict[str, bool] = {}

    def of(self, outcome: ox.NamedNode) -> tuple[OutcomeLink, ...]:
        """The links of an outcome, sorted by skill: one a skill, because a pair has one node.

        A link to an ESCO concept that is no skill (a group, an occupation) is left out: context is no evidence. A skill
        that the loaded ESCO does not have (a retired one) stays, because two outcomes can still share it.

        Raises DamagedRelease for a node that is no link.
        """
        found: list[OutcomeLink] = []
        for quad in self._store.quads_for_pattern(None, term("psl:linkedOutcome"), outcome, self._links):
            if isinstance(quad.subject, ox.NamedNode):
                found += self._link(quad.subject)
        return tuple(sorted(found, key=_by_skill))

    def _link(self, node: ox.NamedNode) -> Iterator[OutcomeLink]:
        said: dict[str, str] = {}
        for quad in self._store.quads_for_pattern(node, None, None, self._links):
            take_statement(said, quad)
        link = outcome_link(node.value, said)
        if link is not None and self._counts(link.skill):
            yield link

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

    def _counts(self, skill: str) -> bool:
        """Whether a link to this leads to a skill: to one of the loaded ESCO, or to one that it does not have."""
        if skill not in self._counting:
            node = ox.NamedNode(skill)
            described = next(iter(self._store.quads_for_pattern(node, TYPE, None, self._esco)), None)
            self._counting[skill] = described is None or self._is_skill(node)
        return self._counting[skill]


def take_statement(said: dict[str, str], quad: ox.Quad) -> None:
    """Put what a quad of the node of a link states into `said`, by the names of `LINK_STATEMENTS`.

    Raises DamagedRelease where the node states two values of one property.
    """
    name = LINK_STATEMENTS.get(quad.predicate.value)
    if name is not None:
        take_value(said, getattr(quad.subject, "value", ""), name, quad.object)


def take_value(said: dict[str, str], node: str, name: str, value: object) -> None:
    """The same for one property (by its name) of a node (IRI)."""
    if isinstance(value, ox.NamedNode | ox.Literal):
        if name in said:
            raise damaged_link(node, name)
        said[name] = value.value


def outcome_link(node: str, said: Mapping[str, str]) -> OutcomeLink | None:
    """The link of a node (IRI) that says this; None for one that was rejected.

    Raises DamagedRelease where something is missing or can not be read.
    """
    try:
        link_class = LINK_CLASS_OF_STATE.get(said["state"].removeprefix(_STATE))
        skill, relation = said["skill"], curie(said["relation"])
        if link_class == "machine":
            calibrated = said["status"] == f"{_STATUS}calibrated"
            return OutcomeLink(skill, link_class, relation, float(said["confidence"]), calibrated)
    except (KeyError, ValueError) as error:
        raise damaged_link(node, str(error)) from error
    return OutcomeLink(skill, link_class, relation) if link_class else None


def damaged_link(node: str, reason: str) -> DamagedRelease:
    """The error for a release in which the node (IRI) of a link does not state a link."""
    return DamagedRelease("release-damaged", place=Place(record=node), reason=f"{node}: {reason}")


def _by_skill(link: OutcomeLink) -> str:
    return link.skill
