"""What a review reads from a release: link nodes one by one, the units of an outcome, successors of a skill."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import pyoxigraph as ox

from passerelle.graph.statements.writer import TYPE, term
from passerelle.namespaces import PREFIXES, VOCABULARY, Minting, expand
from passerelle.records.review_item import StoredLink

_LINKED_OUTCOME, _LINKED_SKILL = expand("psl:linkedOutcome"), expand("psl:linkedSkill")
_STATE, _RELATION, _METHOD = expand("psl:linkState"), expand("psl:matchRelation"), expand("psl:linkMethod")
_CONFIDENCE, _STATUS = expand("psl:confidence"), expand("psl:confidenceStatus")


class ReviewableLinks:
    """The links of a store, read-only."""

    def __init__(self, store: ox.Store, minting: Minting) -> None:
        self._store = store
        self._minting = minting
        self._links = ox.NamedNode(minting.graph("links"))

    def links(self) -> Iterator[StoredLink]:
        """Every link node of graph `links`, streaming; the store keeps the statements of a node together."""
        quads = self._store.quads_for_pattern(None, None, None, self._links)
        for _, statements in groupby(quads, key=_subject):
            link = _stored({quad.predicate.value: _value(quad.object) for quad in statements})
            if link is not None:
                yield link

    def link(self, outcome: str, skill: str) -> StoredLink | None:
        """The link node of a pair, None where there is none."""
        node = ox.NamedNode(self._minting.link(outcome, skill))
        quads = self._store.quads_for_pattern(node, None, None, self._links)
        return _stored({quad.predicate.value: _value(quad.object) for quad in quads})

    def units_of(self, outcome: str) -> tuple[str, ...]:
        """The units that state an outcome (IRIs, sorted); parts of a unit state their own."""
        quads = self._store.quads_for_pattern(None, term("psl:hasOutcome"), ox.NamedNode(outcome), None)
        return tuple(sorted({_value(quad.subject) for quad in quads}))

    def sources_of(self, outcome: str) -> tuple[str, ...]:
        """The slugs of the sources that describe an outcome, sorted."""
        start = self._minting.graph("")
        quads = self._store.quads_for_pattern(ox.NamedNode(outcome), TYPE, term("psl:LearningOutcome"), None)
        return tuple(sorted({_value(quad.graph_name).removeprefix(start) for quad in quads}))

    def outcome_sources(self) -> dict[str, str]:
        """The slug of the source of every outcome; of several the first by name."""
        start = self._minting.graph("")
        found: dict[str, str] = {}
        for quad in self._store.quads_for_pattern(None, TYPE, term("psl:LearningOutcome"), None):
            slug = _value(quad.graph_name).removeprefix(start)
            outcome = _value(quad.subject)
            found[outcome] = min(slug, found.get(outcome, slug))
        return found

    def replacements(self, skill: str) -> tuple[str, ...]:
        """The ESCO skills of this store that replace a retired one (`dcterms:isReplacedBy`, either direction), sorted.

        A chain of replacements is followed to skills that are described.
        """
        found: set[str] = set()
        seen = {skill}
        pending = [ox.NamedNode(skill)]
        while pending:
            node = pending.pop()
            forward = self._store.quads_for_pattern(node, term("dcterms:isReplacedBy"), None, None)
            backward = self._store.quads_for_pattern(None, term("dcterms:replaces"), node, None)
            for each in [*(quad.object for quad in forward), *(quad.subject for quad in backward)]:
                if not isinstance(each, ox.NamedNode) or each.value in seen:
                    continue
                seen.add(each.value)
                if self._is_skill(each):
                    found.add(each.value)
                else:
                    pending.append(each)
        return tuple(sorted(found))

    def description(self, skill: str, language: str) -> str:
        """ESCO's description of a skill in a language (a primary subtag), empty where the store has none."""
        for quad in self._store.quads_for_pattern(ox.NamedNode(skill), term("dcterms:description"), None, None):
            text = quad.object
            if isinstance(text, ox.Literal) and (text.language or "").lower().partition("-")[0] == language:
                return str(text.value)
        return ""

    def _is_skill(self, node: ox.NamedNode) -> bool:
        return next(iter(self._store.quads_for_pattern(node, TYPE, term("esco:Skill"), None)), None) is not None


def _stored(said: dict[str, str]) -> StoredLink | None:
    if _LINKED_OUTCOME not in said or _LINKED_SKILL not in said or _STATE not in said:
        return None
    return StoredLink(
        said[_LINKED_OUTCOME],
        said[_LINKED_SKILL],
        said[_STATE].removeprefix(VOCABULARY + "link-state/"),
        _curie("skos", said[_RELATION]),
        _curie("semapv", said[_METHOD]),
        said.get(_CONFIDENCE, ""),
        said.get(_STATUS, "").removeprefix(VOCABULARY + "confidence-status/"),
    )


def _curie(prefix: str, iri: str) -> str:
    return f"{prefix}:{iri.removeprefix(PREFIXES[prefix])}"


def _subject(quad: ox.Quad) -> str:
    return _value(quad.subject)


def _value(node: object) -> str:
    return str(getattr(node, "value", ""))
