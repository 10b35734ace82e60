"""ROME codes and appellations, and mappings between two classifications with the set that they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

RomeKind = Literal["major-domain", "domain", "occupation"]
"""Grand domaine (`A`), domaine professionnel (`A11`), métier (`A1101`)."""

MAPPING_RELATIONS = ("skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:narrowMatch", "skos:relatedMatch")


@dataclass(frozen=True, slots=True)
class RomeConcept:
    """A code of the ROME 4 tree. `ogr` is the internal number of an occupation, `broader` the code one level up."""

    code: str
    kind: RomeKind
    label: str
    ogr: str = ""
    broader: str = ""


@dataclass(frozen=True, slots=True)
class RomeAppellation:
    """A job title of ROME: its OGR number, its label, and the ROME 4 code that it stands under."""

    ogr: str
    label: str
    rome4: str


@dataclass(frozen=True, slots=True)
class RomeThreeCode:
    """The ROME 3 code of a job title (`of` is "appellation", `code` its OGR) or of a ROME 4 code ("occupation")."""

    of: Literal["appellation", "occupation"]
    code: str
    rome3: str


@dataclass(frozen=True, slots=True)
class MappingSet:
    """What a crosswalk says about itself. `identifier` is an IRI or the slug of the source; dates are ISO 8601.

    `subject_*` and `object_*` name the two classifications in the direction in which the relations read.
    """

    identifier: str
    title: str
    version: str = ""
    published: str = ""
    author: str = ""
    licence: str = ""
    language: str = ""
    subject_source: str = ""
    subject_version: str = ""
    object_source: str = ""
    object_version: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class CrosswalkMapping:
    """A ROME appellation (OGR), a relation of MAPPING_RELATIONS that reads from it, and an ESCO occupation (IRI)."""

    ogr: str
    label: str
    relation: str
    occupation: str
    occupation_label: str
