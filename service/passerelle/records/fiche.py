"""A fiche of the French catalogues RNCP and RS, as its source states it.

Texts are in French, dates ISO 8601 (`2026-08-31`), codes as the source writes them. What the source states about
currency (`active`, `state`, the dates) stays apart, fact by fact: real fiches contradict themselves, and the status as
of a day is derived elsewhere. Empty text, empty tuple and None all mean that the source does not state the fact.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from passerelle.records.text import Code, Outcome

Catalogue = Literal["rncp", "rs"]
LegalTextKind = Literal["general", "creation", "other"]


@dataclass(frozen=True, slots=True)
class Bloc:
    """A bloc de compétences. `key` is its code, unique within its fiche (see `fiche_assembly`); `code` the source's."""

    key: str
    title: str
    code: str = ""
    competences_text: str = ""
    assessment_methods: str = ""
    entry_prerequisites: str = ""
    validation_prerequisites: str = ""
    outcomes: tuple[Outcome, ...] = ()


@dataclass(frozen=True, slots=True)
class Certifier:
    """A certifying body in its role for one fiche. `siret` has 14 digits or is empty; `homepage` is an http IRI.

    One of name and SIRET is there; `state` is the source's word (`Actif`, `Inactif`).
    """

    name: str = ""
    siret: str = ""
    state: str = ""
    state_date: str = ""
    trade_name: str = ""
    homepage: str = ""


@dataclass(frozen=True, slots=True)
class Partner:
    """An authorised organisation; made only where publication is on and it is no natural person.

    `scope` is a CURIE of the scheme authorisation-scope, empty where the source's value is unknown.
    """

    name: str
    siret: str
    scope: str = ""
    state: str = ""
    active_since: str = ""
    state_date: str = ""


@dataclass(frozen=True, slots=True)
class RouteOpening:
    """Whether an access route is open. `route` is a CURIE of the scheme access-route."""

    route: str
    open: bool | None
    jury_composition: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class LegalText:
    """A text of the Journal or Bulletin officiel that the fiche cites."""

    title: str
    kind: LegalTextKind
    date: str = ""


@dataclass(frozen=True, slots=True)
class CohortStatistics:
    """One year's cohort: numbers of certified people, placement rates in percent (decimal text)."""

    year: int
    certified: int | None = None
    certified_vae: int | None = None
    overall_rate_6_months: str = ""
    occupation_rate_6_months: str = ""
    occupation_rate_2_years: str = ""


@dataclass(frozen=True, slots=True)
class Correspondence:
    """An official correspondence, directed, set to set, declared by the fiche that holds it.

    `source_codes` are bloc codes of this fiche (none: not stated, or the whole); `target_codes` of `target_number`.
    """

    target_number: str
    source_codes: tuple[str, ...] = ()
    target_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Texts:
    """The fiche's long texts, without markup."""

    targeted_activities: str = ""
    attested_capabilities: str = ""
    activity_sectors: str = ""
    accessible_jobs: str = ""
    objectives: str = ""
    entry_prerequisites: str = ""
    validation_prerequisites: str = ""
    activity_regulations: str = ""
    mastery_levels: str = ""
    renewal_terms: str = ""
    validity_terms: str = ""
    partial_validation_scope: str = ""


@dataclass(frozen=True, slots=True)
class Dates:
    """The fiche's dates, each a fact of its own."""

    decision: str = ""
    effect: str = ""
    end: str = ""
    award_deadline: str = ""
    publication: str = ""
    last_gazette: str = ""


@dataclass(frozen=True, slots=True)
class Fiche:
    """One fiche. `number` is canonical (`RNCP37674`); `level` 1 to 8, None where no level is stated.

    `replaced_by` and `replaces` are fiche numbers; `registration_type` is a CURIE; `territories` are codes of the EU
    authority list of countries; `partner_count` counts the authorised organisations that the source lists, whether
    published or not. `outcomes` are the fiche's own, and empty where it has blocs with competences.
    """

    number: str
    catalogue: Catalogue
    title: str
    source_identifier: str = ""
    state: str = ""
    active: bool | None = None
    short_form: Code | None = None
    level: int | None = None
    registration_type: str = ""
    registration_years: int | None = None
    dates: Dates = field(default_factory=Dates)
    texts: Texts = field(default_factory=Texts)
    speciality_fields: tuple[Code, ...] = ()
    formacodes: tuple[Code, ...] = ()
    occupations: tuple[Code, ...] = ()
    collective_agreements: tuple[Code, ...] = ()
    certifiers: tuple[Certifier, ...] = ()
    partners: tuple[Partner, ...] = ()
    partner_count: int = 0
    routes: tuple[RouteOpening, ...] = ()
    legal_texts: tuple[LegalText, ...] = ()
    cohorts: tuple[CohortStatistics, ...] = ()
    level_years: tuple[int, ...] = ()
    territories: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    partial_validation: bool | None = None
    partners_exist: bool | None = None
    replaced_by: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    blocs: tuple[Bloc, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    correspondences: tuple[Correspondence, ...] = ()
