"""The elements of Annex I of the Recommendation on micro-credentials, and where ELM and Open Badges 3.0 hold them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache

from passerelle.messages import message
from passerelle.namespaces import expand

_BADGE = (expand("ob:"), expand("schema:"))
_BADGE_ONLY = ("cred:validFrom", "cred:credentialSubject")
"""Without other properties for them, a badge's date of issue and its learner's address stand here."""


class At(StrEnum):
    """Where a path begins."""

    CREDENTIAL = "credential"
    SUBJECT = "subject"
    ISSUER = "issuer"
    CLAIM = "claim"
    """A claim of the learner or a part of one, and the achievement of an Open Badge's subject."""
    SPECIFICATION = "specification"
    """What specifies a claim; the achievement of an Open Badge itself."""
    ACTIVITY = "activity"
    """Activities behind a claim and their specifications, and claims that are activities."""
    ASSESSMENT = "assessment"
    """Assessments behind a claim and their specifications."""


@dataclass(frozen=True, slots=True)
class Way:
    """A chain of properties that can hold an element, from one kind of node; `shown` is it in SPARQL notation.

    `ending` narrows the values to IRIs or texts that begin so.
    """

    at: At
    path: tuple[str, ...]
    shown: str
    ending: tuple[str, ...] = ()

    @property
    def of_badge(self) -> bool:
        """Whether Open Badges 3.0 has this way, not ELM."""
        return any(step.startswith(_BADGE) for step in self.path) or self.shown in _BADGE_ONLY


@dataclass(frozen=True, slots=True)
class Element:
    """An element of the annex. `conditional`: asked for "if applicable", so that its absence says nothing."""

    code: str
    label: str
    mandatory: bool
    conditional: bool
    ways: tuple[Way, ...]

    @property
    def labels(self) -> tuple[str, str]:
        """The label in English and French."""
        text = message(self.label)
        return text.en, text.fr


def _way(at: At, path: str, *ending: str) -> Way:
    return Way(at, tuple(map(expand, path.split("/"))), path, ending)


def _ways(*of: tuple[At, Iterable[str]]) -> tuple[Way, ...]:
    return tuple(_way(at, path) for at, paths in of for path in paths)


@cache
def elements(badge: bool) -> Sequence[Element]:
    """The sixteen elements in the order of the annex: eleven mandatory ones, then the optional ones.

    With the ways of Open Badges 3.0 for a `badge`, those of ELM otherwise.
    """
    return tuple(replace(each, ways=tuple(way for way in each.ways if way.of_badge is badge)) for each in _elements())


def _elements() -> Sequence[Element]:
    learner = (
        *_ways(
            (At.SUBJECT, ("foaf:fullName", "foaf:familyName", "foaf:givenName", "elm:nationalId", "elm:nationalID")),
            (At.SUBJECT, ("adms:identifier", "ob:identifier", "schema:name", "schema:familyName", "schema:email")),
        ),
        # a learner without a name of its own, known by an address
        _way(At.CREDENTIAL, "cred:credentialSubject", "did:", "http", "urn:", "mailto:"),
    )
    country = _ways(
        (At.ISSUER, ("elm:location/elm:address/elm:countryCode", "elm:location/elm:spatialCode")),
        (
            At.ISSUER,
            ("ob:address/schema:addressCountry", "ob:address/ob:CountryCode", "ob:address/schema:addressRegion"),
        ),
    )
    body = _ways(
        (At.CLAIM, ("elm:awardedBy/elm:awardingBody",)),
        (At.SPECIFICATION, ("ob:creator/schema:name",)),
        (At.ISSUER, ("schema:name",)),
    )
    issued = _ways((At.CREDENTIAL, ("cred:issued", "cred:issuanceDate", "ob:awardedDate", "cred:validFrom")))
    outcomes = _ways(
        (At.SPECIFICATION, ("elm:learningOutcome/dcterms:title", "elm:learningOutcomeSummary/elm:noteLiteral")),
        (At.SPECIFICATION, ("ob:Criteria/ob:narrative", "ob:criteria/ob:narrative")),
    )
    workload = _ways(
        (At.SPECIFICATION, ("elm:volumeOfLearning", "elm:creditPoint/elm:point", "ob:creditsAvailable")),
        (At.CLAIM, ("elm:creditReceived/elm:point",)),
        (At.ACTIVITY, ("elm:workload", "elm:volumeOfLearning")),
        (At.SUBJECT, ("ob:creditsEarned",)),
    )
    level = (
        *_ways((At.SPECIFICATION, ("elm:EQFLevel", "elm:NQFLevel", "elm:educationLevel"))),
        _way(At.SPECIFICATION, "ob:alignment/schema:targetUrl", "http://data.europa.eu/snb/eqf/"),
        _way(At.SPECIFICATION, "ob:alignment/schema:targetUrl", "http://data.europa.eu/snb/qdr/"),
        _way(At.SPECIFICATION, "ob:alignment/schema:targetFramework", "EQF", "European Qualifications Framework"),
    )
    assessment = _ways(
        (At.ASSESSMENT, ("dcterms:type", "dcterms:title")),
        (At.SPECIFICATION, ("ob:resultDescription/ob:resultType",)),
    )
    participation = _ways((At.SPECIFICATION, ("elm:mode",)), (At.ACTIVITY, ("elm:mode",)))
    quality = _ways(
        (At.SPECIFICATION, ("elm:accreditation",)),
        (At.CLAIM, ("elm:awardedBy/elm:awardingBody/elm:accreditation",)),
        (At.ISSUER, ("elm:accreditation", "ob:endorsement")),
        (At.CREDENTIAL, ("cred:evidence/elm:accreditation", "ob:endorsement")),
    )
    stacking = _ways(
        (At.CLAIM, ("elm:isPartOf", "elm:entitlesTo")),
        (At.SPECIFICATION, ("elm:isPartOf", "elm:entitlesTo", "elm:specialisationOf", "elm:isPartialQualification")),
        (At.SPECIFICATION, ("ob:related",)),
    )
    further = _ways(
        (At.CLAIM, ("dcterms:description", "elm:additionalNote", "elm:supplementaryDocument")),
        (At.SPECIFICATION, ("dcterms:description", "elm:additionalNote", "elm:supplementaryDocument", "foaf:homepage")),
        (At.ACTIVITY, ("dcterms:description", "elm:additionalNote", "elm:supplementaryDocument")),
        (At.SPECIFICATION, ("schema:description",)),
    )
    title = _ways((At.CLAIM, ("dcterms:title", "schema:name")))
    grade = _ways((At.ASSESSMENT, ("elm:grade/elm:noteLiteral",)), (At.SUBJECT, ("ob:result/schema:value",)))
    return (
        Element("ELM-MICRO-LEARNER", "annex-learner", True, False, learner),
        Element("ELM-MICRO-TITLE", "annex-title", True, False, title),
        Element("ELM-MICRO-COUNTRY", "annex-country", True, False, country),
        Element("ELM-MICRO-AWARDING-BODY", "annex-awarding-body", True, False, body),
        Element("ELM-MICRO-DATE", "annex-date", True, False, issued),
        Element("ELM-MICRO-LEARNING-OUTCOMES", "annex-learning-outcomes", True, False, outcomes),
        Element("ELM-MICRO-WORKLOAD", "annex-workload", True, False, workload),
        Element("ELM-MICRO-LEVEL", "annex-level", True, True, level),
        Element("ELM-MICRO-ASSESSMENT", "annex-assessment", True, False, assessment),
        Element("ELM-MICRO-PARTICIPATION", "annex-participation", True, False, participation),
        Element("ELM-MICRO-QUALITY-ASSURANCE", "annex-quality-assurance", True, False, quality),
        Element(
            "ELM-MICRO-PREREQUISITES",
            "annex-prerequisites",
            False,
            False,
            _ways((At.SPECIFICATION, ("elm:entryRequirement/elm:noteLiteral",))),
        ),
        Element(
            "ELM-MICRO-SUPERVISION",
            "annex-supervision",
            False,
            False,
            _ways((At.ASSESSMENT, ("elm:idVerification",))),
        ),
        Element("ELM-MICRO-GRADE", "annex-grade", False, False, grade),
        Element("ELM-MICRO-STACKABILITY", "annex-stackability", False, False, stacking),
        Element("ELM-MICRO-FURTHER-INFORMATION", "annex-further-information", False, False, further),
    )
