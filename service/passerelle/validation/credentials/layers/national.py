"""Layer 8: what a release of the French catalogues says of the RNCP and RS numbers that a credential names.

Warnings and informations only, and information about a register: never recognition, nor a verdict on a person.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from passerelle.graph.certification import ReferencedCertification, RegistrationStatus
from passerelle.graph.reference import ReleaseReference
from passerelle.namespaces import DEMO_BASE, expand
from passerelle.records.fiche import Catalogue
from passerelle.validation.credentials.graph import CredentialGraph
from passerelle.validation.credentials.layers import authority
from passerelle.validation.credentials.layers.awards import Award
from passerelle.validation.credentials.layers.certifying_bodies import Standing, standing_of
from passerelle.validation.credentials.layers.french_references import Reference, Role, references
from passerelle.validation.credentials.layers.title_words import differ_strongly
from passerelle.validation.credentials.model import LITERAL, Observation

_EQF_LEVEL, _NQF_LEVEL = expand("elm:EQFLevel"), expand("elm:NQFLevel")
_TITLE, _PARTIAL = expand("dcterms:title"), expand("elm:isPartialQualification")
_AWARDING_BODY = expand("elm:awardingBody")
_QUALIFICATION = expand("elm:Qualification")
_SPECIFICATIONS = frozenset((_QUALIFICATION, expand("elm:LearningAchievementSpecification")))


def observe(graph: CredentialGraph, roots: Sequence[str], reference: ReleaseReference | None) -> Iterator[Observation]:
    """What the release says of each number and bloc that the credential names.

    `reference` None, or a release without that catalogue: it is said that this was not checked.
    """
    base = reference.minting.base if reference is not None else DEMO_BASE
    found = references(graph, roots, base)
    if found:
        yield from _Check(graph, reference).observe(found)


class _Check:
    """The references of one credential against one release. What is about a number alone is said once."""

    def __init__(self, graph: CredentialGraph, reference: ReleaseReference | None) -> None:
        self._graph = graph
        self._reference = reference
        self._said: set[tuple[str, ...]] = set()

    def observe(self, found: Sequence[Reference]) -> Iterator[Observation]:
        """The observations, a reference after the other."""
        for each in found:
            certification = self._known(each)
            if certification is None:
                yield from self._unknown(each)
                continue
            yield from self._bloc(each, certification)
            if each.role is not Role.ALIGNED:
                yield from self._specification(each, certification)
            if each.award is not None:
                yield from self._registration(each, each.award, certification)
                if each.role is not Role.ALIGNED:
                    yield from self._awarder(each.award, certification)
            yield from self._succession(each, certification)

    def _known(self, found: Reference) -> ReferencedCertification | None:
        return None if self._reference is None else self._reference.certification(found.mention.number)

    def _unknown(self, found: Reference) -> Iterator[Observation]:
        number = found.mention.number
        if self._first("unknown", number):
            yield self._at(found, *self._absence(number))

    def _absence(self, number: str) -> tuple[str, Mapping[str, str]]:
        """Why the release says nothing of this number: the code, and its parameters."""
        reference = self._reference
        if reference is None:
            return "ELM-NATIONAL-NOT-CHECKED", {"number": number}
        catalogue: Catalogue = "rs" if number.startswith("RS") else "rncp"
        told = {"number": number, "release": reference.release}
        if not reference.holds(catalogue):
            return "ELM-NATIONAL-CATALOGUE-ABSENT", told | {"catalogue": catalogue.upper()}
        code = "ELM-NATIONAL-FICHE-NOT-DESCRIBED" if reference.is_named(number) else "ELM-NATIONAL-FICHE-UNKNOWN"
        return code, told | {"edition": reference.edition(catalogue) or "–"}

    def _bloc(self, found: Reference, certification: ReferencedCertification) -> Iterator[Observation]:
        bloc = found.mention.bloc
        if bloc and certification.bloc(bloc) is None:
            codes = ", ".join(each.code for each in certification.blocs) or "–"
            yield self._at(
                found, "ELM-NATIONAL-BLOC-UNKNOWN", self._told(certification) | {"bloc": bloc, "codes": codes}
            )

    def _specification(self, found: Reference, certification: ReferencedCertification) -> Iterator[Observation]:
        """Level, title, part or whole: what the specification that bears the number says of itself."""
        described: Sequence[str] = (found.owner,)
        if found.award is not None and not self._graph.types(found.owner) & _SPECIFICATIONS:
            described = found.award.specifications
        for node in described:
            if self._graph.types(node) & _SPECIFICATIONS and self._first(
                "specification", node, found.mention.number, found.mention.bloc
            ):
                yield from self._level(node, certification)
                yield from self._part(node, found, certification)
                yield from self._title(node, found, certification)

    def _level(self, node: str, certification: ReferencedCertification) -> Iterator[Observation]:
        path, value, stated = self._stated_level(node)
        if not stated:
            return
        told = self._told(certification) | {"stated": stated}
        if certification.catalogue == "rs":
            yield Observation("ELM-NATIONAL-RS-LEVEL", node, path, value, parameters=told)
        elif certification.level is not None and stated != str(certification.level):
            told |= {"level": str(certification.level)}
            yield Observation("ELM-NATIONAL-LEVEL", node, path, value, parameters=told)

    def _stated_level(self, node: str) -> tuple[str, str, str]:
        """Property, value and EQF level; the national level counts where no EQF level is stated beside it."""
        lists = authority.lists()
        for each in self._graph.values(node, _EQF_LEVEL):
            member = lists["eqf"].member(each.value)
            if member is not None:
                return _EQF_LEVEL, each.value, member.code
        for each in self._graph.values(node, _NQF_LEVEL):
            member = lists["qdr"].member(each.value)
            if member is not None and member.eqf:
                return _NQF_LEVEL, each.value, member.eqf
        return "", "", ""

    def _part(self, node: str, found: Reference, certification: ReferencedCertification) -> Iterator[Observation]:
        """A bloc, or an entry of the RS, that is said to be no partial qualification."""
        says_whole = "false" in self._graph.texts(node, _PARTIAL) or "0" in self._graph.texts(node, _PARTIAL)
        if not says_whole or _QUALIFICATION not in self._graph.types(node):
            return
        told = self._told(certification)
        if certification.catalogue == "rs":
            yield Observation("ELM-NATIONAL-RS-AS-QUALIFICATION", node, _PARTIAL, "false", parameters=told)
        elif found.mention.bloc and "" not in found.also:
            told |= {"bloc": found.mention.text}
            yield Observation("ELM-NATIONAL-BLOC-AS-WHOLE", node, _PARTIAL, "false", parameters=told)

    def _title(self, node: str, found: Reference, certification: ReferencedCertification) -> Iterator[Observation]:
        bloc = certification.bloc(found.mention.bloc) if found.mention.bloc else None
        official = [bloc.title] if bloc is not None else []
        official.append(certification.title)
        for each in self._graph.values(node, _TITLE):
            in_french = each.kind == LITERAL and (each.language or "").lower().startswith("fr")
            if in_french and all(differ_strongly(each.value, title) for title in official):
                told = self._told(certification) | {"named": found.mention.text, "title": official[0]}
                yield Observation("ELM-NATIONAL-TITLE", node, _TITLE, each.value, parameters=told)
                return

    def _registration(
        self, found: Reference, award: Award, certification: ReferencedCertification
    ) -> Iterator[Observation]:
        if not self._first("registration", award.node, certification.number):
            return
        told = self._told(certification) | {"day": award.day}
        if not award.day:
            yield self._at(found, "ELM-NATIONAL-NO-AWARD-DATE", told)
            return
        told |= {
            "start": certification.start,
            "end": certification.end,
            "deadline": certification.award_deadline,
            "began": award.began,
        }
        code = _registration_code(certification, award)
        yield Observation(code, award.date_node, award.date_path, award.date, parameters=told)

    def _awarder(self, award: Award, certification: ReferencedCertification) -> Iterator[Observation]:
        if not award.bodies or not certification.certifying_bodies:
            return
        if not self._first("awarder", award.node, certification.number):
            return
        body, standing = standing_of(self._graph, award.bodies, certification, award.day)
        if not body.name:
            return  # nothing to look up
        told = self._told(certification) | {
            "awarder": body.name,
            "certifiers": " ; ".join(each.name for each in certification.certifying_bodies if each.active),
            "since": standing.since,
        }
        yield Observation(_AWARDER_CODES[standing.kind], award.process, _AWARDING_BODY, body.node, parameters=told)

    def _succession(self, found: Reference, certification: ReferencedCertification) -> Iterator[Observation]:
        """What replaced the entry, where it is not in force: as the source says, or on the source's own day."""
        ended = bool(certification.end and certification.edition > certification.end)
        if not certification.successors or not (ended or certification.active is False):
            return
        if self._first("succession", certification.number):
            told = self._told(certification) | {"successors": ", ".join(certification.successors)}
            yield self._at(found, "ELM-NATIONAL-SUCCEEDED", told)

    def _told(self, certification: ReferencedCertification) -> dict[str, str]:
        return {
            "number": certification.number,
            "edition": certification.edition or "–",
            "release": self._reference.release if self._reference is not None else "",
        }

    def _at(self, found: Reference, code: str, told: Mapping[str, str]) -> Observation:
        return Observation(code, found.node, found.path, found.value, parameters=told)

    def _first(self, *key: str) -> bool:
        if key in self._said:
            return False
        self._said.add(key)
        return True


_AWARDER_CODES = {
    Standing.CERTIFYING: "ELM-NATIONAL-AWARDER-LISTED",
    Standing.FORMERLY: "ELM-NATIONAL-AWARDER-INACTIVE",
    Standing.AUTHORISED: "ELM-NATIONAL-AWARDER-AUTHORISED",
    Standing.NOT_LISTED: "ELM-NATIONAL-AWARDER-NOT-LISTED",
}

_REGISTRATION_CODES = {
    RegistrationStatus.NOT_YET_EFFECTIVE: "ELM-NATIONAL-BEFORE-REGISTRATION",
    RegistrationStatus.REGISTERED: "ELM-NATIONAL-REGISTERED",
    RegistrationStatus.AWARD_PERIOD: "ELM-NATIONAL-AWARD-PERIOD",
    RegistrationStatus.NOT_STATED: "ELM-NATIONAL-REGISTRATION-NOT-STATED",
}


def _registration_code(certification: ReferencedCertification, award: Award) -> str:
    """The rule that fits the day of the award.

    After the end, article L6113-9 lets those rely on the registration who entered training or VAE in time; the
    credential shows it at best by the first day of the learning. A stated last day of award settles the matter.
    """
    status = certification.status_on(award.day)
    if status is not RegistrationStatus.ENDED:
        return _REGISTRATION_CODES[status]
    if certification.award_deadline:
        return "ELM-NATIONAL-AFTER-AWARD-DEADLINE"
    if not award.began:
        return "ELM-NATIONAL-AFTER-END"
    return "ELM-NATIONAL-BEGUN-IN-TIME" if award.began <= certification.end else "ELM-NATIONAL-BEGUN-AFTER-END"
