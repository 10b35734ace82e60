"""Reads all units of a store at once, each quad that matters a single time: for the arrays of `comparability.index`.

What is believed of whom is the same as in `graph.compared_units`, which reads one unit at a time; tests compare both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from passerelle.graph.chains import Chains
from passerelle.graph.node_reader import NodeReader
from passerelle.graph.outcome_links import LINK_STATEMENTS, MACHINE_STATE, damaged_link, outcome_link, take_value
from passerelle.graph.statements.writer import TYPE, term
from passerelle.graph.unit_statements import (
    LEVEL_BASIS,
    NOT_STATED,
    UNDETERMINED,
    UNIT_KIND,
    UnitStatements,
    country_codes,
)
from passerelle.namespaces import Minting
from passerelle.records.compared_unit import OutcomeLink
from passerelle.records.text import LanguageText


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit (IRI) as `ComparedUnit` has it; `outcomes` are its own and those of its parts, sorted by IRI.

    With each outcome come the keys of its texts, sorted; `titles` are the keys of the unit's own.
    """

    iri: str
    kind: str
    country: str
    level: int | None
    level_basis: str
    parts: tuple[str, ...]
    wholes: tuple[str, ...]
    outcomes: tuple[tuple[str, tuple[int, ...]], ...]
    titles: tuple[int, ...]


class AllUnits:
    """The units of a store. Of each text of an outcome or a unit the number is kept that `key` gives it.

    Texts may be a million, and outcomes: what is stated of them stands in `Chains`, not in objects of their own.

    `rows` gives them in the order of their IRIs, `links` every link that counts, `closer` the pairs of a skill and one
    directly broader, `naming` what is named by a property. Each reads the store anew.
    """

    def __init__(self, store: ox.Store, minting: Minting, key: Callable[[LanguageText], int]) -> None:
        self._store = store
        self._links = ox.NamedNode(minting.graph("links"))
        self._esco = ox.NamedNode(minting.graph("esco"))
        self._key = key

    def rows(self) -> Iterator[UnitRow]:
        """All units."""
        units = list(UnitStatements(NodeReader(self._store)).units())
        described = self._described(units)
        parts = self._parts(described)
        wholes: dict[str, set[str]] = defaultdict(set)
        for whole, found in parts.items():
            for part in found:
                wholes[part].add(whole)
        place = {unit: number for number, unit in enumerate(units)}
        outcomes, stated = self._outcomes(place, described)
        graphs, said = self._texts(place, outcomes)
        names = list(outcomes)
        kinds, places = self._stated("psl:unitKind", described), self._stated("dcterms:spatial", described)
        levels = self._levels(described)
        for unit in units:
            below = sorted(parts.get(unit, ()))
            own: dict[int, tuple[int, ...]] = {}
            for each in (unit, *below):
                for (outcome,) in stated.of(place[each]):
                    if outcome not in own:
                        own[outcome] = _keys(said.of(len(units) + outcome), graphs, described[each])
            kind = {each.removeprefix(UNIT_KIND) for each in kinds.get(unit, ())} - {NOT_STATED}
            country = min(filter(None, (country_codes().get(each, "") for each in places.get(unit, ()))), default="")
            level, basis = levels.get(unit, (None, NOT_STATED))
            yield UnitRow(
                iri=unit,
                kind=kind.pop() if len(kind) == 1 else NOT_STATED,
                country=country,
                level=level,
                level_basis=basis,
                parts=tuple(below),
                wholes=tuple(sorted(wholes.get(unit, ()))),
                outcomes=tuple(sorted((names[outcome], keys) for outcome, keys in own.items())),
                titles=_keys(said.of(place[unit]), graphs, described[unit]),
            )

    def links(self) -> Iterator[tuple[str, OutcomeLink]]:
        """Every link that counts (see `OutcomeLinks.of`), with its outcome; in the store's order.

        Raises DamagedRelease, at the latest after the last one, for a node that is no link.
        """
        no_skills = self._typed_in_esco() - self._skills()
        said: dict[str, dict[str, str]] = {}
        for quad in self._store.quads_for_pattern(None, None, None, self._links):
            # each part of a quad is made anew when it is asked for, and there are ten million: none is asked for twice
            name = LINK_STATEMENTS.get(quad.predicate.value)
            subject = quad.subject if name is not None else None
            if name is not None and isinstance(subject, ox.NamedNode):
                iri = subject.value
                node = said.setdefault(iri, {})
                take_value(node, iri, name, quad.object)
                # a node is done with, and forgotten, as soon as all is known that counts
                if _is_whole(node):
                    del said[iri]
                    link = outcome_link(iri, node)
                    if link is not None and link.skill not in no_skills:
                        yield node["outcome"], link
        for iri, node in said.items():
            # what a machine once said of a link that has been reviewed since counts for nothing
            if not node.keys() <= {"confidence", "status"}:
                raise damaged_link(iri, "/".join(sorted(node)))

    def closer(self) -> Iterator[tuple[str, str]]:
        """Pairs of an ESCO skill and a skill directly broader, as the loaded ESCO states them."""
        skills = self._skills()
        for narrow, broad, _ in self._nodes(term("skos:broader"), graph=self._esco):
            if narrow in skills and broad in skills:
                yield narrow, broad

    def naming(self, curie: str) -> Iterator[tuple[str, str]]:
        """Things (IRIs) with this property and what any graph names by it, in the store's order; a pair may repeat."""
        for subject, value, _ in self._nodes(term(curie)):
            yield subject, value

    def _nodes(
        self, predicate: ox.NamedNode, value: ox.NamedNode | None = None, graph: ox.NamedNode | None = None
    ) -> Iterator[tuple[str, str, object]]:
        """Subject, object and graph of each quad of a property between IRIs."""
        for quad in self._store.quads_for_pattern(None, predicate, value, graph):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
                yield quad.subject.value, quad.object.value, quad.graph_name

    def _skills(self) -> set[str]:
        return {subject for subject, _, _ in self._nodes(TYPE, term("esco:Skill"), self._esco)}

    def _typed_in_esco(self) -> set[str]:
        return {subject for subject, _, _ in self._nodes(TYPE, graph=self._esco)}

    def _parts(self, described: Mapping[str, frozenset[object]]) -> dict[str, set[str]]:
        """The parts of each unit at all depths; see `UnitStatements.parts`."""
        direct: dict[str, set[str]] = defaultdict(set)
        for name, points_up in (("dcterms:hasPart", 0), ("elm:hasPart", 0), ("elm:isPartOf", 1), ("psl:blocOf", 1)):
            for subject, value, graph in self._nodes(term(name)):
                whole, part = (value, subject) if points_up else (subject, value)
                if part in described and part != whole and graph in described.get(whole, ()):
                    direct[whole].add(part)
        found: dict[str, set[str]] = {}
        for whole in direct:
            reached: set[str] = set()
            pending = [whole]
            while pending:
                new = direct.get(pending.pop(), set()) - reached - {whole}
                reached |= new
                pending += new
            found[whole] = reached
        return found

    def _described(self, units: Collection[str]) -> dict[str, frozenset[object]]:
        """The graphs that describe each unit; the same sets are one object."""
        found: dict[str, set[object]] = {iri: set() for iri in units}
        for subject, _, graph in self._nodes(TYPE, term("psl:ComparableSpecification")):
            if subject in found:
                found[subject].add(graph)
        same: dict[frozenset[object], frozenset[object]] = {}
        sets = map(frozenset, found.values())
        return {iri: same.setdefault(each, each) for iri, each in zip(found, sets, strict=True)}

    def _outcomes(
        self, place: Mapping[str, int], described: Mapping[str, frozenset[object]]
    ) -> tuple[dict[str, int], Chains]:
        """The outcomes that describing graphs state, numbered from 0, and the numbers of those of each unit."""
        outcomes: dict[str, int] = {}
        stated = Chains(1)
        for unit, outcome, graph in self._nodes(term("psl:hasOutcome")):
            if graph in described.get(unit, ()):
                stated.add(place[unit], outcomes.setdefault(outcome, len(outcomes)))
        return outcomes, stated

    def _texts(self, units: Mapping[str, int], outcomes: Mapping[str, int]) -> tuple[list[object], Chains]:
        """Graphs; and for each unit, then for each outcome, which of them states a text, and the key of the text."""
        found = Chains(2)
        graphs: dict[object, int] = {}
        for quad in self._store.quads_for_pattern(None, term("dcterms:title"), None, None):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal):
                iri = quad.subject.value
                number = units.get(iri)
                if number is None and (outcome := outcomes.get(iri)) is not None:
                    number = len(units) + outcome
                if number is not None:
                    graph = graphs.setdefault(quad.graph_name, len(graphs))
                    text = LanguageText(quad.object.value, quad.object.language or UNDETERMINED)
                    found.add(number, graph, self._key(text))
        return list(graphs), found

    def _stated(self, name: str, described: Mapping[str, frozenset[object]]) -> dict[str, frozenset[str]]:
        """What the describing graphs state of units with a property; the same sets are one object."""
        found: dict[str, frozenset[str]] = {}
        same: dict[frozenset[str], frozenset[str]] = {}
        for unit, value, graph in self._nodes(term(name)):
            if graph in described.get(unit, ()):
                values = found.get(unit, frozenset()) | {value}
                found[unit] = same.setdefault(values, values)
        return found

    def _levels(self, described: Mapping[str, frozenset[object]]) -> dict[str, tuple[int, str]]:
        """Level and basis of each unit; see `UnitReader.unit`."""
        stated = {
            (unit, graph)
            for unit, basis, graph in self._nodes(term("psl:levelBasis"))
            if basis == f"{LEVEL_BASIS}stated"
        }
        lowest: dict[str, tuple[bool, int]] = {}
        for quad in self._store.quads_for_pattern(None, term("psl:eqfLevelNumber"), None, None):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal):
                unit = quad.subject.value
                if quad.graph_name in described.get(unit, ()):
                    level = (unit, quad.graph_name) not in stated, int(quad.object.value)
                    lowest[unit] = min(lowest.get(unit, level), level)
        return {unit: (level, "inherited" if inherited else "stated") for unit, (inherited, level) in lowest.items()}


def _keys(said: Iterable[tuple[int, ...]], graphs: Sequence[object], described: Container[object]) -> tuple[int, ...]:
    """The keys of the texts that describing graphs state, sorted; where they state none, those of any graph."""
    stated = [*said]
    own = {key for graph, key in stated if graphs[graph] in described}
    return tuple(sorted(own or {key for _, key in stated}))


def _is_whole(node: dict[str, str]) -> bool:
    """Whether everything is known of a link that counts: of a candidate its confidence too."""
    if "state" not in node or "outcome" not in node or "skill" not in node or "relation" not in node:
        return False
    return node["state"] != MACHINE_STATE or ("confidence" in node and "status" in node)
