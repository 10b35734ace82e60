"""From what somebody writes to the unit that is meant: fiche numbers, bloc codes, identifiers of sources, IRIs."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyoxigraph as ox

from passerelle.errors import UnknownUnit
from passerelle.graph.statements.writer import term
from passerelle.graph.unit_statements import Graphs, UnitStatements
from passerelle.namespaces import Minting
from passerelle.records.iri import is_iri
from passerelle.records.unit_tables import countries

LONGEST_SHOWN = 200
"""Characters of a refused name that an error repeats."""

_FICHE = re.compile(r"(RNCP|RS)\s*0*([1-9][0-9]{0,8})", re.IGNORECASE)
_BLOC = re.compile(r"RNCP\s*0*([1-9][0-9]{0,8})(?:\s*(BC[0-9A-Z]{1,10})|\s*[/:]\s*([^\s/:]{1,30}))", re.IGNORECASE)


class UnitIdentifiers:
    """The identifiers of the units of a store."""

    def __init__(self, statements: UnitStatements, minting: Minting) -> None:
        self._statements = statements
        self._minting = minting

    def identified(self, written: str) -> str:
        """The IRI of the unit that is meant.

        Taken are RNCP990002, RS990001, RNCP990002BC01, RNCP990007/01 (bloc codes are unique within their fiche only),
        the identifier that a source gives its unit (dcterms:identifier, such as CH:cc-2012-603:1), and IRIs. Blanks
        and case of our own forms do not matter; of a source's identifier the spelling as written, all capitals or
        all small letters is tried. What is written in one of our own forms means a French unit, whatever identifiers
        other sources give to theirs.

        Raises UnknownUnit: not described, described but no unit, or the identifier of several.
        """
        text = written.strip()
        shown = text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"
        found = self._meant(text)
        if len(found) > 1:
            raise UnknownUnit("unit-ambiguous", written=shown, known=", ".join(map(self.own, found[:5])))
        if not found:
            raise UnknownUnit("unit-unknown", written=shown)
        node = ox.NamedNode(found[0])
        if self._statements.is_stub(node):
            raise UnknownUnit("unit-unresolved", written=shown)
        if not self._statements.is_unit(node):
            raise UnknownUnit("unit-not-comparable", written=shown)
        return found[0]

    def own(self, iri: str, graphs: Graphs | None = None) -> str:
        """The source's identifier of a unit; for a bloc whose code does not name its fiche, RNCP990007/01.

        The IRI itself where the source gives none, or one that other units have too: `identified` leads back from what
        this gives.
        """
        found = self._statements.texts(ox.NamedNode(iri), "dcterms:identifier", graphs)
        if not found:
            return iri
        fiche, bloc, _ = iri.removeprefix(self._minting.identifier("rncp") + "/").partition("/bloc/")
        code = found[0].text
        if bloc and fiche.isdigit() and not code.startswith(f"RNCP{fiche}"):
            code = f"RNCP{fiche}/{code}"
        return code if self._meant(code.strip()) == [iri] else iri

    def _meant(self, text: str) -> list[str]:
        """The things that a text may mean: the unit at an address, else what else is known there, else those named so.

        What is known at an address and no unit comes before a name that any source may give to a unit of its own.
        """
        addresses = [ox.NamedNode(iri) for iri in self._addresses(text)]
        for says in (self._statements.is_unit, self._statements.is_stub, self._statements.is_known):
            for node in addresses:
                if says(node):
                    return [node.value]
        return self._named(text)

    def _addresses(self, text: str) -> Iterator[str]:
        """The IRIs that the text itself leads to, likeliest first."""
        if is_iri(text):
            yield text
        fiche, bloc = _FICHE.fullmatch(text), _BLOC.fullmatch(text)
        if fiche is not None:
            yield self._minting.fiche(fiche[1].upper() + fiche[2])
        if bloc is not None:
            number = f"RNCP{bloc[1]}"
            for code in (number + bloc[2].upper(), bloc[2].upper()) if bloc[2] else (bloc[3], bloc[3].upper()):
                yield self._minting.bloc(number, code)
        country, colon, rest = text.partition(":")
        if colon and country.upper() in countries() and all(rest.split(":")):
            # as `sources.unit_columns.unit_iri` mints the units of a table
            yield self._minting.identifier("unit", countries()[country.upper()].alpha2, *rest.split(":"))

    def _named(self, text: str) -> list[str]:
        """The units to which a source gives this identifier, sorted; for a form of our own, French ones alone.

        A bloc may have a code that names another fiche than its own.
        """
        ours = _FICHE.fullmatch(text) is not None or _BLOC.fullmatch(text) is not None
        within = tuple(self._minting.identifier(name) + "/" for name in ("rncp", "rs")) if ours else ("",)
        for spelling in dict.fromkeys((text, text.upper(), text.lower())):
            quads = self._statements.reader.store.quads_for_pattern(
                None, term("dcterms:identifier"), ox.Literal(spelling), None
            )
            subjects = {quad.subject for quad in quads if isinstance(quad.subject, ox.NamedNode)}
            found = sorted(
                each.value for each in subjects if each.value.startswith(within) and self._statements.is_unit(each)
            )
            if found:
                return found
        return []
