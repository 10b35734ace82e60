"""Layer 6: one planted contradiction a rule, the good credential without any, and the official samples."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.records.finding import Severity
from passerelle.resources import folder
from passerelle.validation.credentials.graph import CredentialGraph
from passerelle.validation.credentials.layers.fields import observe
from passerelle.validation.credentials.layers.moments import duration, moment
from passerelle.validation.credentials.layers.quantities import number
from passerelle.validation.credentials.model import Observation
from passerelle.validation.credentials.rules import CredentialRule, rules_of
from unit.validation.credentials.layers.small_credential import NOW, ROOT, changed, graph_of
from unit.validation.credentials.profiles.samples import samples

CREDENTIAL = "http://data.europa.eu/snb/model/elm/EuropeanDigitalCredential"
ECTS = "<http://data.europa.eu/snb/education-credit/6fcec5c5af>"


def part(name: str, statements: str, points: str = "") -> str:
    credits = f':{name}-credits elm:point "{points}" ; elm:framework {ECTS} .' if points else ""
    stated = f"; elm:creditPoint :{name}-credits" if points else ""
    return f":spec elm:hasPart :{name} . :{name} a elm:Qualification {stated} ; {statements} . {credits}"


PART = part("part", 'dcterms:title "Rotor blades"@en ; elm:isPartialQualification true')

FAULTS: dict[str, tuple[list[str], dict[str, str]]] = {
    "BAD-DATE": (["1999-10-02T00:00:00Z => 1999-02-30T00:00:00Z"], {"value": "1999-02-30T00:00:00Z"}),
    "DATE-FORM": (["1999-10-02T00:00:00Z => 02/10/1999"], {"value": "02/10/1999"}),
    "EXPIRY-BEFORE-ISSUE": (
        [
            'cred:expirationDate "2034-06 => cred:expirationDate "2024-05',
            'cred:validUntil "2034-06 => cred:validUntil "2024-05',
        ],
        {"expiry": "2024-05-01T10:00:00Z", "issued": "2024-06-01T10:00:00Z"},
    ),
    "EXPIRY-BEFORE-VALID": (
        [
            'cred:validFrom "2024 => cred:validFrom "2025',
            'cred:expirationDate "2034 => cred:expirationDate "2024',
            'cred:validUntil "2034 => cred:validUntil "2024',
        ],
        {"expiry": "2024-06-01T10:00:00Z", "start": "2025-06-01T10:00:00Z"},
    ),
    "UNTIL-BEFORE-FROM": (
        [
            'cred:validUntil "2034 => cred:validUntil "2023',
            'cred:expirationDate "2034-06-01T10:00:00Z"^^xsd:dateTime ; => ',
        ],
        {"until": "2023-06-01T10:00:00Z", "start": "2024-06-01T10:00:00Z"},
    ),
    "UNTIL-BEFORE-ISSUE": (
        [
            'cred:validFrom "2024 => cred:validFrom "2022',
            'cred:validUntil "2034 => cred:validUntil "2023',
            'cred:expirationDate "2034-06-01T10:00:00Z"^^xsd:dateTime ; => ',
        ],
        {"until": "2023-06-01T10:00:00Z", "issued": "2024-06-01T10:00:00Z"},
    ),
    "TWO-EXPIRIES": (
        ['cred:validUntil "2034 => cred:validUntil "2035'],
        {"expiry": "2034-06-01T10:00:00Z", "until": "2035-06-01T10:00:00Z"},
    ),
    "EXPIRED": (
        ['cred:validUntil "2034 => cred:validUntil "2025', 'cred:expirationDate "2034 => cred:expirationDate "2025'],
        {"expiry": "2025-06-01T10:00:00Z"},
    ),
    "NOT-YET-VALID": (['cred:validFrom "2024 => cred:validFrom "2028'], {"start": "2028-06-01T10:00:00Z"}),
    "ISSUED-IN-FUTURE": (
        [
            'cred:issued "2024 => cred:issued "2999',
            'cred:issuanceDate "2024 => cred:issuanceDate "2999',
            "cred:expirationDate => :other",
            "cred:validUntil => :another",
            "elm:expiryDate => :expiry",
            "elm:dateOfBirth => :birth",
        ],
        {"issued": "2999-06-01T10:00:00Z"},
    ),
    "ISSUED-TOO-EARLY": (
        [
            'cred:issued "2024 => cred:issued "1949',
            'cred:issuanceDate "2024 => cred:issuanceDate "1949',
            "elm:dateOfBirth => :birth",
            "elm:awardingDate => :awarded",
            "elm:startDate => :start",
        ],
        {"issued": "1949-06-01T10:00:00Z"},
    ),
    "TWO-ISSUE-DATES": (
        ['cred:issuanceDate "2024-06-01T12:00:00+02:00 => cred:issuanceDate "2024-06-01T12:00:00Z'],
        {"issued": "2024-06-01T10:00:00Z", "issuance": "2024-06-01T12:00:00Z"},
    ),
    "AWARDED-AFTER-ISSUE": (
        ['elm:awardingDate "2024-05 => elm:awardingDate "2024-07'],
        {"awarded": "2024-07-31T00:00:00Z", "issued": "2024-06-01T10:00:00Z"},
    ),
    "CLAIM-AFTER-ISSUE": (
        [':assessment dcterms:issued "2024-06-02T00:00:00Z"^^xsd:dateTime .'],
        {"given": "2024-06-02T00:00:00Z"},
    ),
    "STARTED-AFTER-ISSUE": (
        ["2024-05-01T00:00:00Z => 2024-06-05T00:00:00Z", "2024-05-20T00:00:00Z => 2024-06-06T00:00:00Z"],
        {"start": "2024-06-05T00:00:00Z"},
    ),
    "END-BEFORE-START": (
        ["2024-05-20T00:00:00Z => 2024-04-20T00:00:00Z"],
        {"start": "2024-05-01T00:00:00Z", "end": "2024-04-20T00:00:00Z"},
    ),
    "EXPIRY-BEFORE-GIVEN": (
        ["2020-01-01T00:00:00Z => 2031-01-01T00:00:00Z"],
        {"expiry": "2030-01-01T00:00:00Z", "issued": "2031-01-01T00:00:00Z"},
    ),
    "ACCREDITATION-EXPIRED": (
        ["2030-01-01T00:00:00Z => 2024-01-01T00:00:00Z"],
        {"expiry": "2024-01-01T00:00:00Z", "issued": "2024-06-01T10:00:00Z"},
    ),
    "BIRTH-IN-FUTURE": (
        ['elm:dateOfBirth "1999 => elm:dateOfBirth "2099', "elm:awardingDate => :awarded"],
        {"birth": "2099-10-02T00:00:00Z"},
    ),
    "BIRTH-AFTER-ISSUE": (
        [
            'elm:dateOfBirth "1999-10-02T00:00:00Z => elm:dateOfBirth "2024-06-01T10:00:00Z',
            "elm:awardingDate => :awarded",
        ],
        {"birth": "2024-06-01T10:00:00Z", "issued": "2024-06-01T10:00:00Z"},
    ),
    "BIRTH-TOO-EARLY": (['elm:dateOfBirth "1999 => elm:dateOfBirth "1893'], {"birth": "1893-10-02T00:00:00Z"}),
    "AWARDED-BEFORE-BIRTH": (
        ['elm:awardingDate "2024-05 => elm:awardingDate "1999-05'],
        {"awarded": "1999-05-31T00:00:00Z", "birth": "1999-10-02T00:00:00Z"},
    ),
    "CYCLE": (
        [
            ":issuer org:subOrganizationOf :body ; org:hasSubOrganization :branch .",
            ":body org:subOrganizationOf :branch .",
        ],
        {"cycle": "urn:c:issuer → urn:c:branch → urn:c:body → urn:c:issuer"},
    ),
    "PART-ABOVE-WHOLE": ([PART, ":part elm:EQFLevel <http://data.europa.eu/snb/eqf/6> ."], {"part": "6", "whole": "5"}),
    "PARTS-ABOVE-CREDITS": (
        [part("one", "elm:isPartialQualification true", "1.5"), part("two", "elm:isPartialQualification true", "1")],
        {"parts": "2.5", "whole": "2", "count": "2"},
    ),
    "PARTS-BELOW-CREDITS": (
        [part("one", "elm:isPartialQualification true", "0,5"), part("two", "elm:isPartialQualification true", "1.00")],
        {"parts": "1.5", "whole": "2", "count": "2"},
    ),
    "SAME-TITLE": (
        [part("one", 'dcterms:title "Wind  Turbine basics"@en ; elm:isPartialQualification true')],
        {"title": "Wind  Turbine basics"},
    ),
    "PARTIAL-ALONE": (["elm:isPartialQualification false => elm:isPartialQualification true"], {}),
    "PART-SAID-FULL": ([part("one", "elm:isPartialQualification false")], {"whole": "urn:c:spec"}),
    "CREDITS-NO-NUMBER": (['"2,0" => "2 ECTS"'], {"value": "2 ECTS"}),
    "CREDITS-NEGATIVE": (['"2,0" => "-2"'], {"value": "-2"}),
    "CREDITS-ZERO": (['"2,0" => "0.00"'], {"value": "0.00"}),
    "CREDITS-ABOVE-SPECIFIED": (
        [f':claim elm:creditReceived :got . :got elm:point "3" ; elm:framework {ECTS} .'],
        {"received": "3", "specified": "2"},
    ),
    "BAD-DURATION": (['elm:workload "PT60H" => elm:workload "60 hours"'], {"value": "60 hours"}),
    "DURATION-NEGATIVE": (['elm:workload "PT60H" => elm:workload "-PT60H"'], {"value": "-PT60H"}),
    "WORKLOAD-ZERO": (['elm:workload "PT60H" => elm:workload "PT0H"'], {"value": "PT0H"}),
    "WORKLOAD-IN-MONTHS": (['elm:workload "PT60H" => elm:workload "P60M"'], {"value": "P60M", "months": "60"}),
    "WORKLOAD-TOO-LONG": (['elm:workload "PT60H" => elm:workload "PT60000H"'], {"hours": "60000"}),
    "WORKLOAD-UNLIKE-CREDITS": (
        ['elm:volumeOfLearning "PT60H" => elm:volumeOfLearning "P5D"'],
        {"hours": "120", "points": "2", "each": "60.0"},
    ),
    "COMPLETION-ABOVE-100": ([":activity elm:levelOfCompletion 101 ."], {"value": "101"}),
    "PERCENTAGES": (
        [":short elm:percentageLower 60 ; elm:percentageEqual 20 ; elm:percentageHigher 30 ."],
        {"total": "110"},
    ),
    "SCORES-SWAPPED": ([':r elm:minScore "20" ; elm:maxScore "10" .'], {"low": "20", "high": "10"}),
    "SCORE-OUTSIDE": (
        [':r elm:minScore "0" ; elm:maxScore "10" ; elm:score "10,5" .'],
        {"low": "0", "high": "10", "score": "10.5"},
    ),
    "GRADE-NO-SCHEME": (['elm:gradingScheme :scale => elm:status "x"'], {"grade": "17,5"}),
    "TITLE-EMPTY": (['dcterms:title "Course"@en => dcterms:title " "@en'], {"value": " "}),
    "OUTCOME-EMPTY": (['"Inspects a rotor blade"@en => ""@en'], {"value": ""}),
    "TEXT-EMPTY": (['dcterms:description "Text"@en => dcterms:description "  "@en'], {"value": "  "}),
    "TITLE-NO-LANGUAGE": (['"Course"@en => "Course"@und'], {"value": "Course"}),
    "PRIMARY-LANGUAGE": (
        [
            "elm:primaryLanguage <http://publications.europa.eu/resource/authority/language/ENG>"
            " => elm:primaryLanguage <http://publications.europa.eu/resource/authority/language/DEU>",
            ':display dcterms:title "Mikrozertifikat"@de . :claim dcterms:title "Windräder"@de-AT .',
        ],
        {"languages": "ENG, FRA"},
    ),
    "TITLE-NOT-DISPLAYED": (
        ["elm:awardedBy :award ; => elm:awardedBy :award ;", '"Micro-credential"@en => "Microcertification"@fr'],
        {"language": "en", "found": "fr"},
    ),
    "AWARDING-BODY-MISSING": ([":award a elm:AwardingProcess ; elm:awardingBody :body => :award elm:used :x"], {}),
    "AWARDING-BODY-UNKNOWN": (["; foaf:homepage :home => "], {"value": "urn:c:body"}),
    "ISSUER-NO-COUNTRY": (
        [":issuer a elm:Organisation => :issuer a ob:Profile", "elm:location :place => :at :place"],
        {},
    ),
    "HOLDER-IS-ISSUER": ([":credential cred:holder :issuer ."], {"value": "urn:c:issuer"}),
    "IDENTIFIERS-DIFFER": (
        [
            ':body adms:identifier [ elm:schemeName "S" ; skos:notation "1" ] .',
            ':body adms:identifier [ elm:schemeName "S" ; skos:notation "2" ] .',
        ],
        {"scheme": "S", "values": "1, 2"},
    ),
    "EMAIL-NO-MAILTO": (
        [":body elm:contactPoint [ a elm:ContactPoint ; elm:emailAddress <https://body.example/mail> ] ."],
        {"value": "https://body.example/mail"},
    ),
    "EMAIL": (
        [":body elm:contactPoint [ a elm:ContactPoint ; elm:emailAddress <mailto:info.body.example> ] ."],
        {"value": "mailto:info.body.example"},
    ),
    "PROPERTY-MISPLACED": (
        ["elm:awardedBy :award ;\n    elm:specifiedBy => elm:specifiedBy", ":spec elm:awardedBy :award ."],
        {
            "key": "awardedBy",
            "class_fr": "qualification",
            "types": "`LearningAchievement`, `LearningActivity`, `LearningAssessment`",
        },
    ),
    "URL": (["https://body.example/ => ftp://body.example/"], {"value": "ftp://body.example/"}),
}


def rules() -> dict[str, CredentialRule]:
    return dict(rules_of(folder("shapes") / "credential" / "fields.ttl"))


def seen(graph: CredentialGraph, *roots: str, now: datetime = NOW) -> list[Observation]:
    return list(observe(graph, roots or (ROOT,), now))


def codes(graph: CredentialGraph, *roots: str) -> list[str]:
    return [each.code.removeprefix("ELM-FIELDS-") for each in seen(graph, *roots)]


def test_the_good_credential_has_no_finding() -> None:
    assert codes(changed()) == []


@pytest.mark.parametrize("code", FAULTS)
def test_each_planted_contradiction_is_found_and_nothing_else(code: str) -> None:
    changes, expected = FAULTS[code]
    found = seen(changed(*changes))
    assert [each.code for each in found] == [f"ELM-FIELDS-{code}"]
    told = {"value": found[0].value, **found[0].parameters}
    assert {name: told[name] for name in expected} == expected


def test_every_rule_of_the_file_is_planted_and_its_sentences_can_be_filled() -> None:
    stated = rules()
    # the validator knows which profile fits, and tells it itself
    assert set(stated) - {"ELM-FIELDS-PROFILE"} == {f"ELM-FIELDS-{code}" for code in FAULTS}
    for code, (changes, _) in FAULTS.items():
        (found,) = seen(changed(*changes))
        told = {"value": found.value, "node": found.node, **found.parameters}
        rule = stated[f"ELM-FIELDS-{code}"]
        for sentence in (rule.message_en, rule.message_fr, rule.remedy_en, rule.remedy_fr):
            assert "{" not in sentence.format_map(told)


# ---------------------------------------------------------------- what must not be found


@pytest.mark.parametrize(
    "changes",
    [
        # an untimed date and one with a zone lie apart by less than the zones of the world
        ['cred:validFrom "2024-06-01T10:00:00Z => cred:validFrom "2034-06-01T20:00:00'],
        ['cred:issuanceDate "2024-06-01T12:00:00+02:00 => cred:issuanceDate "2024-06-01T12:00:00'],
        # validity may begin before the credential was sealed
        ['cred:validFrom "2024 => cred:validFrom "2023'],
        # other frameworks are not added up
        [':spec elm:hasPart :one . :one elm:creditPoint :p . :p elm:point "9" ; elm:framework :other .'],
        # parts without credits say nothing about the sum
        [part("one", "elm:isPartialQualification true", "1"), part("two", "elm:isPartialQualification true")],
        # a grade in words can be read alone
        ['elm:gradingScheme :scale => elm:status "x"', '"17,5"@en => "Passed with distinction"@en'],
        # a primary language in a regional form
        ['"Micro-credential"@en => "Micro-credential"@en-GB'],
        # two schemes of one thing
        [
            ':body adms:identifier [ elm:schemeName "S" ; skos:notation "1" ] .',
            ':body adms:identifier [ elm:schemeName "T" ; skos:notation "2" ] .',
        ],
        # the award on the day of birth, a part of the same level
        [PART, ":part elm:EQFLevel <http://data.europa.eu/snb/eqf/5> ."],
        # a part that two wholes share is no cycle
        [PART, ":other elm:hasPart :part , :spec . :claim elm:isPartOf :all ."],
        # a body that its own address identifies
        [
            "elm:awardingBody :body => elm:awardingBody <https://body.eu/id>",
            "<https://body.eu/id> a elm:Organisation .",
        ],
    ],
)
def test_what_is_right_is_left_alone(changes: list[str]) -> None:
    assert [each for each in codes(changed(*changes)) if each != "NOT-YET-VALID"] == []


def test_a_credential_issued_by_a_clock_that_runs_ahead_is_not_of_the_future() -> None:
    graph = graph_of(':credential cred:issued "2026-11-22T12:04:00Z"^^xsd:dateTime .')
    assert codes(graph) == []
    later = graph_of(':credential cred:issued "2026-11-22T12:06:00Z"^^xsd:dateTime .')
    assert codes(later) == ["ISSUED-IN-FUTURE"]


def test_cycles_are_told_once_however_they_are_written() -> None:
    assert codes(graph_of(":a elm:hasPart :a .")) == ["CYCLE"]
    both = seen(graph_of(":a elm:hasPart :b . :b elm:isPartOf :a . :b elm:hasPart :c . :a elm:isPartOf :c ."))
    assert [each.parameters["cycle"] for each in both] == ["urn:c:a → urn:c:b → urn:c:c → urn:c:a"]
    assert codes(graph_of(":a elm:specialisationOf :b . :b elm:specialisationOf :a .")) == ["CYCLE"]
    assert codes(graph_of(":a elm:specialisationOf :b . :b elm:generalisationOf :a .")) == []


def test_a_long_chain_ends_in_time_and_is_shortened() -> None:
    chain = "".join(f":n{each} elm:hasPart :n{each + 1} . " for each in range(5_000))
    (found,) = seen(graph_of(chain + ":n5000 elm:hasPart :n0 ."))
    assert found.parameters["cycle"].count("→") == 8
    assert codes(graph_of(chain)) == []


def test_cycles_without_end_are_told_once() -> None:
    everyone = "".join(
        f":n{one} elm:hasPart :n{other} . " for one in range(120) for other in range(120) if one != other
    )
    assert codes(graph_of(everyone)) == ["CYCLE"]
    apart = ":a elm:hasPart :b . :b elm:hasPart :a . :c elm:hasPart :d . :d elm:hasPart :c . :a elm:hasPart :c ."
    assert codes(graph_of(apart)) == ["CYCLE", "CYCLE"]


def test_a_dense_graph_of_parts_takes_no_exponential_time() -> None:
    layers = "".join(
        f":l{level}n{left} elm:hasPart :l{level + 1}n{right} . "
        for level in range(30)
        for left in range(5)
        for right in range(5)
    )
    assert codes(graph_of(layers)) == []


def test_an_open_badge_is_checked_by_its_own_properties() -> None:
    badge = graph_of("""
        :credential a ob:OpenBadgeCredential ; cred:issuer :issuer ; cred:credentialSubject :subject ;
            cred:validFrom "2027-01-01T00:00:00Z"^^xsd:dateTime .
        :issuer a ob:Profile ; schema:name "Issuer" ; schema:url "https://issuer.example/"^^xsd:anyURI ;
            schema:email "nobody" .
        :subject ob:achievement :a ; ob:creditsEarned "3.0"^^xsd:float ;
            ob:activityStartDate "2026-02-01"^^xsd:date ; ob:activityEndDate "2026-01-31"^^xsd:date .
        :a schema:name "Title" ; ob:creditsAvailable "2.0"^^xsd:float ; ob:creator :school ;
            ob:Criteria [ ob:narrative " " ] .
        :school a ob:Profile ; schema:name "School" .
    """)
    assert sorted(codes(badge)) == [
        "AWARDING-BODY-UNKNOWN",
        "CREDITS-ABOVE-SPECIFIED",
        "EMAIL",
        "END-BEFORE-START",
        "ISSUER-NO-COUNTRY",
        "NOT-YET-VALID",
        "TEXT-EMPTY",
    ]


def test_an_issuer_that_awards_lacks_one_identifier_and_is_told_so_by_the_profile() -> None:
    unidentified = [
        "rov:registration :number => :registered :number",
        "elm:awardingBody :body => elm:awardingBody :issuer",
    ]
    assert "AWARDING-BODY-UNKNOWN" not in codes(changed(*unidentified))
    no_issuer = [*unidentified, "cred:issuer :issuer => :by :issuer"]
    assert "AWARDING-BODY-UNKNOWN" in codes(changed(*no_issuer))


# ---------------------------------------------------------------- dates, durations, numbers


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("2024-02-29T24:00:00Z", 1_709_251_200),
        ("2024-03-01T00:00:00.123+02:00", 1_709_244_000),
        ("2010-01-01T00:00:00", 1_262_304_000),
        ("2010-01-01", 1_262_304_000),
        ("2024-02-30T00:00:00Z", None),
        ("2023-02-29", None),
        ("2024-13-01T00:00:00Z", None),
        ("2024-01-01T25:00:00Z", None),
        ("2024-01-01T00:00:00+15:00", None),
        ("2024-01-01 00:00:00", None),
        ("24-01-01", None),
        ("01/02/2024", None),
        ("9" * 100_000 + "-01-01", None),
        ("", None),
    ],
)
def test_moments(text: str, seconds: int | None) -> None:
    found = moment(text)
    assert (found.seconds if found else None) == seconds


@given(st.datetimes(min_value=datetime(1, 1, 1)))  # noqa: DTZ001
def test_moments_are_those_of_the_standard_library(time: datetime) -> None:
    whole = time.replace(microsecond=0, tzinfo=UTC)
    found = moment(whole.strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0"))
    assert found is not None
    assert found.seconds == int(whole.timestamp())


def test_years_beyond_those_of_the_standard_library() -> None:
    first, second = moment("9999-12-31T23:59:59Z"), moment("10000-01-01T00:00:00Z")
    assert first is not None and second is not None
    assert second.seconds - first.seconds == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PT60H", (False, 0, 60.0)),
        ("P2DT12H", (False, 0, 60.0)),
        ("P1Y2M", (False, 14, 0.0)),
        ("-PT30M", (True, 0, 0.5)),
        ("PT0.0S", (False, 0, 0.0)),
        ("P", None),
        ("PT", None),
        ("P1H", None),
        ("60", None),
    ],
)
def test_durations(text: str, expected: tuple[bool, int, float] | None) -> None:
    assert duration(text) == expected


@pytest.mark.parametrize("text", ["6", "6.0", "6,0", " 6.00 ", "+6"])
def test_numbers_are_the_same_with_point_or_comma(text: str) -> None:
    assert number(text) == 6


@pytest.mark.parametrize("text", ["", "six", "6 ECTS", "1e9", "NaN", "1.2.3", "9" * 50])
def test_what_is_no_number(text: str) -> None:
    assert number(text) is None


# ---------------------------------------------------------------- the official samples

EXPECTED = {
    "AA-Annex1-MC-signed.jsonld": [],
    "Sample-CertOfPart-signed.jsonld": [],
    "Sample-MC-Annex1-signed.jsonld": ["WORKLOAD-IN-MONTHS"],
    "Sample-MastersDegree-signed.jsonld": ["CREDITS-ZERO"],
    "AA-Annex1-MC-unsigned.json": [],
    "Sample-CertOfPart-unsigned.json": [],
    "Sample-CertOfPart-unsigned.jsonld": ["WORKLOAD-IN-MONTHS"],
    "Sample-CertOfPart-unsigned-uploadable.json": ["WORKLOAD-IN-MONTHS"],
    "Sample-MC-Annex1-unsigned.jsonld": ["WORKLOAD-IN-MONTHS"],
    "Sample-MC-Annex1-unsigned-uploadable.json": ["WORKLOAD-IN-MONTHS"],
    "cred1.jsonld": ["BIRTH-AFTER-ISSUE", "EXPIRY-BEFORE-ISSUE"],
    "cred_noLegalName_shouldFail.jsonld": [
        *("AWARDING-BODY-UNKNOWN", "AWARDING-BODY-UNKNOWN", "EXPIRED", "GRADE-NO-SCHEME", "IDENTIFIERS-DIFFER"),
        "PARTIAL-ALONE",
    ],
    "credential-sample-turtle.ttl": ["EXPIRED"],
    "credential-sample.jsonld": ["AWARDING-BODY-UNKNOWN", "EXPIRED"],
    "credential_shouldValidate.jsonld": [
        *("AWARDING-BODY-UNKNOWN", "AWARDING-BODY-UNKNOWN", "BIRTH-AFTER-ISSUE", "CLAIM-AFTER-ISSUE", "EXPIRED"),
        *("GRADE-NO-SCHEME", "IDENTIFIERS-DIFFER", "PARTIAL-ALONE", "STARTED-AFTER-ISSUE", "STARTED-AFTER-ISSUE"),
    ],
}


@pytest.mark.parametrize("name", EXPECTED)
def test_official_samples(reference: Path, name: str) -> None:
    graph = CredentialGraph(samples(reference)[name])
    found = seen(graph, *graph.instances(CREDENTIAL))
    assert sorted(each.code.removeprefix("ELM-FIELDS-") for each in found) == EXPECTED[name]
    if name.endswith("-signed.jsonld"):
        stated = rules()
        assert [each for each in found if stated[each.code].severity is Severity.VIOLATION] == []
