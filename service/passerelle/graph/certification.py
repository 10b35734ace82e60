"""A certification of the French catalogues as a release describes it, and its status on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from passerelle.records.fiche import Catalogue


class RegistrationStatus(StrEnum):
    """Local names of the concepts of `data/vocabularies/registration-status.ttl`."""

    NOT_YET_EFFECTIVE = "not-yet-effective"
    REGISTERED = "registered"
    AWARD_PERIOD = "award-period"
    ENDED = "ended"
    NOT_STATED = "not-stated"


@dataclass(frozen=True, slots=True)
class Organisation:
    """A certifying body or an authorised organisation, in its role for one fiche.

    `siret` has 14 digits or is empty, `state` is the source's word. `since` is the ISO date from which the state
    holds, where the source gives it; `other_names` are trade names.
    """

    iri: str
    name: str = ""
    siret: str = ""
    state: str = ""
    since: str = ""
    other_names: tuple[str, ...] = ()

    @property
    def active(self) -> bool:
        """Whether the source calls it active in this role; a state that is not given counts as active."""
        return self.state != "Inactif"


@dataclass(frozen=True, slots=True)
class ReferencedBloc:
    """A bloc de compétences: `number` is that of its certification, `code` as the source writes it."""

    iri: str
    number: str
    code: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class ReferencedCertification:
    """What the newest source of the release says about one fiche.

    `level` is the EQF level (equal to the French one, D6113-19), None where none is stated. Dates are ISO 8601 or
    empty. `registration_type` is `of-right`, `on-request` or empty; `active` and `state` are ACTIF and ETAT_FICHE as
    the source gave them on its own day, `edition`. `successors` and `predecessors` are numbers. `partners` are the
    authorised organisations that the release publishes; `has_partners` is what the fiche says of their existence.
    """

    iri: str
    number: str
    catalogue: Catalogue
    source: str
    edition: str
    titles: Mapping[str, str] = field(default_factory=dict)
    page: str = ""
    level: int | None = None
    decision: str = ""
    effect: str = ""
    end: str = ""
    award_deadline: str = ""
    registration_type: str = ""
    active: bool | None = None
    state: str = ""
    certifying_bodies: tuple[Organisation, ...] = ()
    partners: tuple[Organisation, ...] = ()
    has_partners: bool | None = None
    successors: tuple[str, ...] = ()
    predecessors: tuple[str, ...] = ()
    blocs: tuple[ReferencedBloc, ...] = ()

    @property
    def title(self) -> str:
        """The title in French, the language of the catalogues."""
        return self.titles.get("fr", "")

    @property
    def start(self) -> str:
        """When the registration began: the date of effect, or of the decision where there is none."""
        return self.effect or self.decision

    def status_on(self, day: str) -> RegistrationStatus:
        """The status on an ISO date, by the rule of the query `status-on-a-day`: from the dates and nothing else."""
        if self.start and day < self.start:
            return RegistrationStatus.NOT_YET_EFFECTIVE
        if self.end and day > self.end:
            in_time = self.award_deadline and day <= self.award_deadline
            return RegistrationStatus.AWARD_PERIOD if in_time else RegistrationStatus.ENDED
        return RegistrationStatus.REGISTERED if self.start and self.end else RegistrationStatus.NOT_STATED

    def bloc(self, code: str) -> ReferencedBloc | None:
        """The bloc of that code, None where the fiche has none."""
        return next((each for each in self.blocs if each.code == code), None)
