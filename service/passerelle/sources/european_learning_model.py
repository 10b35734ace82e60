"""Reads qualifications of other countries in the European Learning Model (LOQ profile) as RDF, and our reading of them.

What the file states is kept as it is. Beside it stands what we compare by (kind, level, country, outcomes), read from
the file's own statements; what it does not state is "not stated", and nothing is inferred.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from passerelle.errors import UnexpectedInput
from passerelle.namespaces import COUNTRY, EQF, ESCO_SKILL, VOCABULARY, Minting, expand
from passerelle.records.place import Place
from passerelle.records.statements import ForeignStatements, RdfOutcome, RdfUnit
from passerelle.records.tally import Reject, Tally
from passerelle.records.unit_tables import unit_kinds
from passerelle.sources.rdf_source import RdfSource
from passerelle.sources.rdf_statements import key_notice, persons, sorted_statements

_UNIT_CLASSES = frozenset(
    map(expand, ("elm:Qualification", "elm:LearningAchievementSpecification", "psl:ComparableSpecification"))
)
_ACTIVITY_CLASSES = frozenset(map(expand, ("elm:LearningActivitySpecification", "psl:LearningActivity")))
_TEXTS = ("dcterms:title", "skos:prefLabel", "dcterms:description")
"""Where the text of an outcome is looked for, the best first: the profile demands a title."""
_COUNTRY_PATHS = (
    ("dcterms:spatial",),
    ("elm:awardingOpportunity", "elm:location", "elm:spatialCode"),
    ("elm:awardingOpportunity", "elm:location", "elm:address", "elm:countryCode"),
    ("elm:awardingOpportunity", "elm:awardingBody", "elm:location", "elm:address", "elm:countryCode"),
)
"""Where the country of a unit is looked for; the first path that leads to one decides."""
_READ = frozenset(
    expand(predicate)
    for predicate in (
        *("rdf:type", "dcterms:type", "psl:unitKind", "elm:isPartialQualification", "elm:EQFLevel", "elm:hasPart"),
        *("elm:learningOutcome", "elm:relatedESCOSkill", *_TEXTS, *(each for path in _COUNTRY_PATHS for each in path)),
    )
)
_UNIT_KIND = VOCABULARY + "unit-kind/"
_TRUE = frozenset({"true", "1"})


class EuropeanLearningModelFile(RdfSource):
    """One file of `--qualifications`. See `sources.source.Source` and `RdfDocument` for formats and errors."""

    kind = "qualifications"

    def read(self, tally: Tally) -> Iterator[ForeignStatements | RdfUnit]:
        """Yield our reading of each unit, then the file's own statements; counts unit, outcome, activity and quad.

        Raises what `RdfDocument` raises, and UnexpectedInput for a file that holds no statement, no unit and no
        learning activity.
        """
        document = self.document()
        excluded = persons(document.quads())
        described = _Described(document.quads(), excluded, self.minting)
        units = described.of_class(_UNIT_CLASSES | _kinds_by_class().keys())
        activities = described.of_class(_ACTIVITY_CLASSES)
        if not units and not activities:
            raise UnexpectedInput("rdf-no-qualification" if described.found else "rdf-empty", place=document.place)
        reading = _Reading(described, tally, document.place, self.minting)
        for iri in units:
            if not self.minting.is_ours(iri):
                yield reading.unit(iri)
        for _ in activities:
            tally.accept("activity")
        quads = document.quads(tally, key_notice(tally, document.place))
        yield from sorted_statements(quads, self.slug, self.minting, tally, excluded=excluded, place=document.place)


class _Described:
    """The statements that our reading rests on, by subject and predicate; reserved graphs and persons left out."""

    def __init__(self, quads: Iterable[ox.Quad], excluded: frozenset[str], minting: Minting) -> None:
        self._of: dict[str, dict[str, list[ox.NamedNode | ox.Literal]]] = defaultdict(lambda: defaultdict(list))
        self.found = False
        reserved = minting.graph("")
        for quad in quads:
            self.found = True
            subject, predicate, value = quad.subject, quad.predicate.value, quad.object
            ours = isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value.startswith(reserved)
            if ours or predicate not in _READ or not isinstance(subject, ox.NamedNode) or subject.value in excluded:
                continue
            if isinstance(value, ox.NamedNode | ox.Literal) and not minting.is_ours(subject.value):
                self._of[subject.value][predicate].append(value)

    def of_class(self, classes: frozenset[str] | set[str]) -> list[str]:
        """The subjects of one of these classes, in the order of the file."""
        return [iri for iri in self._of if classes.intersection(self.iris(iri, "rdf:type"))]

    def iris(self, subject: str, predicate: str) -> list[str]:
        """The IRIs that the property leads to, each once, in order."""
        found = self._of[subject][expand(predicate)] if subject in self._of else []
        return sorted({value.value for value in found if isinstance(value, ox.NamedNode)})

    def literals(self, subject: str, predicate: str) -> list[ox.Literal]:
        """The literals that the property leads to."""
        found = self._of[subject][expand(predicate)] if subject in self._of else []
        return [value for value in found if isinstance(value, ox.Literal)]

    def along(self, subject: str, path: tuple[str, ...]) -> list[str]:
        """The IRIs at the end of a path of properties."""
        reached = [subject]
        for predicate in path:
            reached = [iri for each in reached for iri in self.iris(each, predicate)]
        return sorted(set(reached))


class _Reading:
    """Reads units out of what is described."""

    def __init__(self, described: _Described, tally: Tally, place: Place, minting: Minting) -> None:
        self._described, self._tally, self._place, self._minting = described, tally, place, minting

    def unit(self, iri: str) -> RdfUnit:
        """What the file states of the unit with this IRI, in the terms we compare by."""
        self._tally.accept("unit")
        described = self._described
        bodies = described.along(iri, ("elm:awardingOpportunity", "elm:awardingBody"))
        return RdfUnit(
            iri=iri,
            kind=self._kind(iri),
            eqf_level=self._eqf_level(iri),
            countries=self._countries(iri),
            parts=tuple(part for part in described.iris(iri, "elm:hasPart") if not self._minting.is_ours(part)),
            bodies=tuple(body for body in bodies if not self._minting.is_ours(body)),
            outcomes=tuple(self._outcome(each, iri) for each in described.iris(iri, "elm:learningOutcome")),
        )

    def _notice(self, message_id: str, record: str, value: str = "") -> None:
        place = Place(file=self._place.file, record=record)
        self._tally.notice(Reject("value", message_id, place, {"value": value}))

    def _kind(self, iri: str) -> str:
        described = self._described
        stated = described.iris(iri, "psl:unitKind") + described.iris(iri, "dcterms:type")
        kinds = {each.removeprefix(_UNIT_KIND) for each in stated if each.startswith(_UNIT_KIND)}
        classes = _kinds_by_class()
        kinds |= {classes[each] for each in described.iris(iri, "rdf:type") if each in classes}
        for kind in sorted(kinds):
            if kind not in unit_kinds() or not unit_kinds()[kind].taken:
                self._notice("rdf-kind", iri, kind)
                return "not-stated"
        if len(kinds) > 1:
            self._notice("rdf-kinds", iri, ", ".join(sorted(kinds)))
            return "not-stated"
        if kinds:
            return kinds.pop()
        partial = {each.value.lower() in _TRUE for each in described.literals(iri, "elm:isPartialQualification")}
        if len(partial) != 1:
            return "not-stated"
        return "partial-qualification" if partial.pop() else "full-qualification"

    def _eqf_level(self, iri: str) -> int | None:
        levels = set()
        for value in self._described.iris(iri, "elm:EQFLevel"):
            number = value.removeprefix(EQF)
            if number in set("12345678"):
                levels.add(int(number))
            else:
                self._notice("rdf-level", iri, value)
        if len(levels) > 1:
            self._notice("rdf-levels", iri, ", ".join(map(str, sorted(levels))))
        return levels.pop() if len(levels) == 1 else None

    def _countries(self, iri: str) -> tuple[str, ...]:
        for path in _COUNTRY_PATHS:
            countries = [each for each in self._described.along(iri, path) if each.startswith(COUNTRY)]
            if countries:
                return tuple(countries)
        self._notice("rdf-no-country", iri)
        return ()

    def _outcome(self, node: str, unit: str) -> RdfOutcome:
        self._tally.accept("outcome")
        described = self._described
        source = next((each for each in _TEXTS if described.literals(node, each)), "")
        texts = {
            (each.language or "und", each.value)
            for each in (described.literals(node, source) if source else ())
            if any(character.isalpha() for character in each.value)
        }
        local = node.startswith(self._minting.genid("", "").removesuffix("/"))
        if not texts and not self._minting.is_ours(node):
            self._notice("rdf-no-outcome-text", unit)
        skills = described.iris(node, "elm:relatedESCOSkill")
        for skill in skills:
            if not skill.startswith(ESCO_SKILL):
                self._notice("rdf-skill", unit, skill)
        return RdfOutcome(
            iri="" if local else node,
            node=node,
            texts=tuple(sorted(texts)),
            skills=tuple(skill for skill in skills if skill.startswith(ESCO_SKILL)),
            titled=source == "dcterms:title",
        )


def _kinds_by_class() -> dict[str, str]:
    return {expand(each): kind.name for kind in unit_kinds().values() for each in kind.classes}
