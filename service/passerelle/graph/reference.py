"""Looks up single facts of a release, for who checks something against it: certifications, blocs, ESCO concepts.

No SPARQL: an answer is a handful of pattern look-ups in the read-only store. What the release holds is kept; a name
that it does not hold can be anything, a person's too, and is forgotten at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox

from passerelle.errors import DamagedRelease
from passerelle.graph.certification import Organisation, ReferencedBloc, ReferencedCertification
from passerelle.graph.damage import reason_of
from passerelle.graph.manifest import Manifest, SourceEntry
from passerelle.graph.release import Release
from passerelle.namespaces import Minting, expand
from passerelle.records.fiche import Catalogue
from passerelle.records.place import Place

_CATALOGUES: tuple[Catalogue, ...] = ("rncp", "rs")
_CATALOGUE_SOURCES = frozenset({"rncp", "rs", "france-competences-csv"})
_NUMBER = re.compile(r"(RNCP|RS)0*([1-9][0-9]{0,8})")
_BLOC = re.compile(r"(RNCP[0-9]{1,9})BC[0-9]{1,3}")

_Facts = dict[str, list[str]]
"""What one graph says about one subject: values (IRIs, lexical forms) by the CURIE of the property."""

_TYPE = ox.NamedNode(expand("rdf:type"))
_UNRESOLVED = ox.NamedNode(expand("psl:Unresolved"))


class EscoStanding(StrEnum):
    """What an IRI is in the ESCO that the release holds."""

    SKILL = "skill"
    OCCUPATION = "occupation"
    GROUP = "group"
    """A skill group, an ISCO group or another concept that groups."""
    OBSOLETE = "obsolete"
    """Replaced as ESCO itself says, or named by a crosswalk of another version and absent from this one."""
    UNKNOWN = "unknown"


_STANDINGS = (
    (expand("esco:Skill"), EscoStanding.SKILL),
    (expand("esco:Occupation"), EscoStanding.OCCUPATION),
    (expand("skos:Concept"), EscoStanding.GROUP),
)


class ReleaseReference:
    """A release, asked for one thing at a time. Several processes may open the same one; nothing is written."""

    def __init__(self, store: ox.Store, manifest: Manifest) -> None:
        self._store = store
        self._retired = frozenset(manifest.retired)
        self.minting = Minting(manifest.base)
        self.release = manifest.identifier
        self.demo = manifest.demo
        # the newest edition first; of the same day the XML, which says more than the CSV files
        sources = [each for each in manifest.sources if each.kind in _CATALOGUE_SOURCES]
        sources.sort(key=lambda each: (each.edition, each.kind in _CATALOGUES), reverse=True)
        self._sources = [(each, self._graph(each)) for each in sources]
        self._editions = {each: self._edition(each) for each in _CATALOGUES}
        esco = [each for each in manifest.sources if each.kind == "esco"]
        self._esco = [self._graph(each) for each in esco]
        self.has_esco = any(next(store.quads_for_pattern(None, None, None, graph), None) for graph in self._esco)
        self.esco_edition = esco[0].edition if esco else ""
        self._certification = lru_cache(maxsize=4096)(self._read_certification)
        self._standing = lru_cache(maxsize=32_768)(self._read_standing)

    @classmethod
    def open(cls, release: Release | Path) -> ReleaseReference:
        """Open a release, or the folder of one (or its `store` folder), read-only. Raises DamagedRelease."""
        if isinstance(release, Path):
            folder = release.parent if release.name == "store" else release
            release = Release(folder, Manifest.read_from(folder))
        try:
            return cls(ox.Store.read_only(str(release.store)), release.manifest)
        except (OSError, ValueError) as error:
            place = Place(file=release.store.name)
            raise DamagedRelease("store-unreadable", place=place, reason=reason_of(error)) from error

    def holds(self, catalogue: Catalogue) -> bool:
        """Whether the release has loaded anything of this catalogue; an extract counts."""
        return self._editions[catalogue] is not None

    def edition(self, catalogue: Catalogue) -> str:
        """The ISO day of the newest source of the catalogue, empty where it is not held or not known."""
        return self._editions[catalogue] or ""

    def certification(self, number: str) -> ReferencedCertification | None:
        """The fiche of a number such as `RNCP37674` or `RS5000`; None where no source of the release describes it."""
        match = _NUMBER.fullmatch(number)
        try:
            return None if match is None else self._certification(match[1] + match[2])
        except LookupError:
            return None

    def bloc(self, code: str) -> ReferencedBloc | None:
        """The bloc of a full code such as `RNCP37674BC01`; None where the release does not have it.

        A code without number (`01`) is unique within its fiche only: ask the certification for it.
        """
        match = _BLOC.fullmatch(code)
        certification = None if match is None else self.certification(match[1])
        return None if certification is None else certification.bloc(code)

    def is_named(self, number: str) -> bool:
        """Whether a fiche of the release names this number (successor, correspondence) and no source describes it."""
        stub = ox.NamedNode(self.minting.fiche(number))
        return next(self._store.quads_for_pattern(stub, _TYPE, _UNRESOLVED, None), None) is not None

    def esco_standing(self, iri: str) -> EscoStanding:
        """What this IRI is in the loaded ESCO.

        UNKNOWN says nothing where `has_esco` is False, and little in the demonstration, which has a small part of ESCO.
        """
        try:
            return self._standing(iri)
        except (LookupError, ValueError):  # not in the release, or no IRI at all
            return EscoStanding.UNKNOWN

    def esco_replacement(self, iri: str) -> str:
        """The IRI of the concept that replaces an obsolete one, where ESCO says so, else empty."""
        found = (self._facts(iri, graph).get("dcterms:isReplacedBy", ()) for graph in self._esco)
        return next((each for values in found for each in values), "")

    def _read_standing(self, iri: str) -> EscoStanding:
        """Raises LookupError where the release says nothing of it: errors are not kept."""
        described = [self._facts(iri, graph) for graph in self._esco]
        types = {each for facts in described for each in facts.get("rdf:type", ())}
        if any("dcterms:isReplacedBy" in facts for facts in described) or (not types and iri in self._retired):
            return EscoStanding.OBSOLETE
        if not types:
            raise LookupError(iri)
        return next((standing for name, standing in _STANDINGS if name in types), EscoStanding.UNKNOWN)

    def _read_certification(self, number: str) -> ReferencedCertification:
        """Raises LookupError where no source describes it: errors are not kept."""
        iri = self.minting.fiche(number)
        for source, graph in self._sources:
            # one source at a time: dates of one and ACTIF of another would make a pair that nobody stated
            facts = self._facts(iri, graph)
            if "psl:registration" in facts:
                return self._described(number, iri, source, graph, facts)
        raise LookupError(number)

    def _described(
        self, number: str, iri: str, source: SourceEntry, graph: ox.NamedNode, facts: _Facts
    ) -> ReferencedCertification:
        registration = self._facts(self.minting.registration(number), graph)
        record = self._facts(self.minting.record(number), graph)
        level = _first(facts, "psl:eqfLevelNumber")
        return ReferencedCertification(
            iri=iri,
            number=number,
            catalogue="rs" if number.startswith("RS") else "rncp",
            source=source.slug,
            edition=source.edition,
            titles=self._titles(iri, graph),
            page=_first(record, "foaf:page"),
            level=int(level) if level else None,
            decision=_first(registration, "psl:decisionDate"),
            effect=_first(registration, "psl:effectDate"),
            end=_first(registration, "psl:endDate"),
            award_deadline=_first(registration, "psl:awardDeadline"),
            registration_type=_first(registration, "psl:registrationType").rpartition("/")[2],
            active=_truth(record, "psl:sourceActive"),
            state=_first(record, "psl:ficheState"),
            certifying_bodies=tuple(self._bodies(facts, graph, "psl:certifierRole", "psl:certifyingBody")),
            partners=tuple(self._bodies(facts, graph, "psl:authorisation", "psl:authorisedOrganisation")),
            has_partners=_truth(facts, "psl:hasAuthorisedOrganisations"),
            successors=self._linked(iri, facts, "dcterms:isReplacedBy", "dcterms:replaces"),
            predecessors=self._linked(iri, facts, "dcterms:replaces", "dcterms:isReplacedBy"),
            blocs=tuple(sorted(self._blocs(number, facts, graph), key=lambda each: each.code)),
        )

    def _bodies(self, facts: _Facts, graph: ox.NamedNode, role: str, of: str) -> list[Organisation]:
        found = []
        for node in facts.get(role, ()):
            said = self._facts(node, graph)
            body = _first(said, of)
            described = self._facts(body, graph)
            names = (*sorted(described.get("skos:prefLabel", ())), *sorted(described.get("skos:altLabel", ())))
            found.append(
                Organisation(
                    iri=body,
                    name=names[0] if names else "",
                    siret=_first(described, "psl:siret"),
                    state=_first(said, "psl:sourceState"),
                    since=_first(said, "psl:stateDate"),
                    other_names=names[1:],
                )
            )
        return sorted(found, key=lambda each: (not each.active, each.name, each.iri))

    def _linked(self, iri: str, facts: _Facts, forward: str, backward: str) -> tuple[str, ...]:
        # a succession counts whether the older fiche names the newer one, or the other way round
        found = set(facts.get(forward, ()))
        node, turned = ox.NamedNode(iri), ox.NamedNode(expand(backward))
        for _, graph in self._sources:
            found |= {_iri(quad.subject) for quad in self._store.quads_for_pattern(None, turned, node, graph)}
        prefix = self.minting.identifier("")
        return tuple(sorted(_number(each.removeprefix(prefix)) for each in found if each.startswith(prefix)))

    def _blocs(self, number: str, facts: _Facts, graph: ox.NamedNode) -> Iterator[ReferencedBloc]:
        for part in facts.get("dcterms:hasPart", ()):
            said = self._facts(part, graph)
            yield ReferencedBloc(part, number, _first(said, "dcterms:identifier"), _first(said, "dcterms:title"))

    def _titles(self, iri: str, graph: ox.NamedNode) -> dict[str, str]:
        quads = self._store.quads_for_pattern(ox.NamedNode(iri), _TITLE, None, graph)
        return {quad.object.language or "": quad.object.value for quad in quads if isinstance(quad.object, ox.Literal)}

    def _edition(self, catalogue: Catalogue) -> str | None:
        node = ox.NamedNode(self.minting.identifier("catalogue", catalogue))
        for source, graph in self._sources:
            if next(self._store.quads_for_pattern(None, _IN_CATALOGUE, node, graph), None) is not None:
                return source.edition
        return None

    def _facts(self, iri: str, graph: ox.NamedNode) -> _Facts:
        found: _Facts = {}
        for quad in self._store.quads_for_pattern(ox.NamedNode(iri), None, None, graph):
            curie = _CURIES.get(quad.predicate.value)
            if curie is not None:
                found.setdefault(curie, []).append(_iri(quad.object))
        return found

    def _graph(self, source: SourceEntry) -> ox.NamedNode:
        return ox.NamedNode(self.minting.graph(source.slug))


_TITLE = ox.NamedNode(expand("dcterms:title"))
_IN_CATALOGUE = ox.NamedNode(expand("dcterms:isPartOf"))
_CURIES = {
    expand(curie): curie
    for curie in (
        "rdf:type",
        "skos:prefLabel",
        "skos:altLabel",
        "foaf:page",
        *(f"dcterms:{each}" for each in ("title", "identifier", "hasPart", "isReplacedBy", "replaces")),
        *(f"psl:{each}" for each in ("registration", "registrationType", "eqfLevelNumber", "sourceActive")),
        *(f"psl:{each}" for each in ("decisionDate", "effectDate", "endDate", "awardDeadline", "stateDate")),
        *(f"psl:{each}" for each in ("certifierRole", "certifyingBody", "authorisation", "authorisedOrganisation")),
        *(f"psl:{each}" for each in ("siret", "sourceState", "ficheState", "hasAuthorisedOrganisations")),
    )
}


def _iri(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    return "" if isinstance(term, ox.Triple) else term.value


def _number(path: str) -> str:
    catalogue, _, digits = path.partition("/")
    return catalogue.upper() + digits


def _first(facts: _Facts, curie: str) -> str:
    return min(facts.get(curie, ("",)))


def _truth(facts: _Facts, curie: str) -> bool | None:
    stated: Iterable[str] = facts.get(curie, ())
    return next((each == "true" for each in stated), None)
