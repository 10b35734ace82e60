"""Values that should be ESCO skills and occupations: their form, and what they are in the release that is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from passerelle.graph.reference import EscoStanding, ReleaseReference
from passerelle.namespaces import ESCO_SKILL, expand
from passerelle.validation.credentials.layers.authority import lists
from passerelle.validation.credentials.layers.statements import Statements
from passerelle.validation.credentials.model import IRI, LITERAL, Observation, Term

_ESCO = "http://data.europa.eu/esco/"
_OCCUPATION = _ESCO + "occupation/"
_RELATED = expand("elm:relatedESCOSkill")
_LIMIT = expand("elm:limitOccupation")
_MAY_NAME_SKILLS = (expand("elm:relatedSkill"), expand("schema:targetUrl"))
_CONCEPT = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_GROUP = re.compile(r"[SKTL][0-9]*(?:\.[0-9]+)*|[0-9]{2,4}|[CI][0-9]{1,4}(?:\.[0-9]+)*")
"""Codes of skill groups (`S1.2`, `T`), of fields (`0713`) and of ISCO groups (`C2152`): they group concepts."""


class Skills:
    """The ESCO concepts that a credential names."""

    def __init__(self, statements: Statements, reference: ReleaseReference | None) -> None:
        self._statements = statements
        self._reference = reference if reference is not None and reference.has_esco else None

    def observe(self) -> Iterator[Observation]:
        """Skills that are none, occupations that are none, and what the release knows of the others."""
        for node, path, value in self._statements.of(_RELATED):
            yield from self._skill(node, path, value)
        for node, _, value in self._statements.of(_LIMIT):
            yield from self._occupation(node, value)
        for node, path, value in self._statements.of(*_MAY_NAME_SKILLS):
            if value.value.startswith(ESCO_SKILL):
                yield from self._standing(node, path, value)

    def _skill(self, node: str, path: str, value: Term) -> Iterator[Observation]:
        if value.kind == LITERAL:
            return  # the profile asks for an IRI
        if value.kind == IRI and value.value.startswith(_OCCUPATION):
            yield Observation("ELM-VOCABULARY-SKILL-OCCUPATION", node, path, value.node)
        elif _is_group(value.value):
            yield Observation("ELM-VOCABULARY-SKILL-GROUP", node, path, value.node)
        elif value.value.startswith("https:") and _is_skill(meant := value.value.replace("https:", "http:", 1)):
            told = {**lists()["esco-skill"].names, "nearest": meant}
            yield Observation("ELM-VOCABULARY-HTTPS", node, path, value.node, parameters=told)
        elif not _is_skill(value.value):
            yield Observation("ELM-VOCABULARY-SKILL-FORM", node, path, value.node)
        else:
            yield from self._standing(node, path, value)

    def _occupation(self, node: str, value: Term) -> Iterator[Observation]:
        if value.kind != LITERAL and not value.value.startswith((_OCCUPATION, _ESCO + "isco/")):
            yield Observation("ELM-VOCABULARY-OCCUPATION", node, _LIMIT, value.node)

    def _standing(self, node: str, path: str, value: Term) -> Iterator[Observation]:
        """What the loaded ESCO says of a skill whose IRI has the right form."""
        if self._reference is None:
            return
        standing = self._reference.esco_standing(value.value)
        told = {"release": self._reference.release, "edition": self._reference.esco_edition or ""}
        if standing is EscoStanding.OBSOLETE:
            told["replacement"] = self._reference.esco_replacement(value.value)
            yield Observation("ELM-VOCABULARY-SKILL-OBSOLETE", node, path, value.node, parameters=told)
        elif standing is EscoStanding.OCCUPATION:
            yield Observation("ELM-VOCABULARY-SKILL-OCCUPATION", node, path, value.node, parameters=told)
        elif standing is EscoStanding.GROUP:
            yield Observation("ELM-VOCABULARY-SKILL-GROUP", node, path, value.node, parameters=told)
        elif standing is EscoStanding.UNKNOWN and not self._reference.demo:
            # the demonstration holds a small part of ESCO: absence says nothing there
            yield Observation("ELM-VOCABULARY-SKILL-UNKNOWN", node, path, value.node, parameters=told)


def _is_skill(iri: str) -> bool:
    return iri.startswith(ESCO_SKILL) and _CONCEPT.fullmatch(iri[len(ESCO_SKILL) :]) is not None


def _is_group(iri: str) -> bool:
    kind, _, code = iri.removeprefix(_ESCO).partition("/")
    return iri.startswith(_ESCO) and kind in ("skill", "isced-f", "isco") and bool(_GROUP.fullmatch(code))
