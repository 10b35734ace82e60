"""What the sources of one unit say of it beside outcomes and facts: kind, country, level, occupations, page."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from passerelle.graph.statements.writer import term
from passerelle.graph.unit_statements import LEVEL_BASIS, NOT_STATED, UNIT_KIND, UnitStatements, country_codes
from passerelle.records.compared_unit import UnitOutline
from passerelle.records.text import LanguageText


class UnitDescription:
    """A unit (IRI), as the graphs describe it that are believed about it (see `UnitStatements`)."""

    def __init__(self, stated: UnitStatements, iri: str) -> None:
        self._stated = stated
        self._node = ox.NamedNode(iri)
        self.graphs = stated.describing(self._node)

    def titles(self) -> tuple[LanguageText, ...]:
        """Its titles, sorted by language and text."""
        return self._stated.titles(self._node, self.graphs)

    def kind(self) -> str:
        """A concept of `unit-kind`. Sources that disagree leave it open: nothing is taken for more than it may be."""
        kinds = {each.value.removeprefix(UNIT_KIND) for each in self._nodes("psl:unitKind")} - {NOT_STATED}
        return kinds.pop() if len(kinds) == 1 else NOT_STATED

    def country(self) -> str:
        """An ISO 3166-1 alpha-2 code, the first of several; empty where none is stated."""
        places = (country_codes().get(each.value, "") for each in self._nodes("dcterms:spatial"))
        return min(filter(None, places), default="")

    def level(self) -> tuple[int | None, str]:
        """Level and basis: a stated level before an inherited one; of two sources, the lower."""
        found: list[tuple[bool, int]] = []
        for each in self._stated.reader.of(self._node, term("psl:eqfLevelNumber")):
            if isinstance(each.value, ox.Literal) and each.graph in self.graphs:
                bases = self._stated.nodes(self._node, "psl:levelBasis", frozenset({each.graph}))
                found.append((f"{LEVEL_BASIS}stated" not in {base.value for base in bases}, int(each.value.value)))
        if not found:
            return None, NOT_STATED
        inherited, level = min(found)
        return level, "inherited" if inherited else "stated"

    def outline(self) -> UnitOutline:
        """What is said of it in a word or two."""
        level, basis = self.level()
        parts, wholes = self._stated.parts(self._node), self._stated.wholes(self._node)
        return UnitOutline(self.kind(), self.country(), level, basis, parts, wholes)

    def occupations(self) -> tuple[str, ...]:
        """The occupations that it is for (IRIs, sorted)."""
        return tuple(each.value for each in self._nodes("psl:targetOccupation"))

    def outcomes(self) -> list[ox.NamedNode]:
        """Its own outcomes, sorted."""
        return self._nodes("psl:hasOutcome")

    def page(self) -> str:
        """The page for people: the catalogue's before the unit's own; empty where there is none."""
        described: Iterable[ox.NamedNode] = (*self._nodes("foaf:isPrimaryTopicOf"), self._node)
        pages = (page for each in described for page in self._stated.nodes(each, "foaf:page", self.graphs))
        return next((page.value for page in pages), "")

    def _nodes(self, curie: str) -> list[ox.NamedNode]:
        return self._stated.nodes(self._node, curie, self.graphs)
