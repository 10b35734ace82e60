"""Layer 8 on the demonstration: one planted credential a rule; what is expected follows from data/demo/README.md."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from passerelle.graph.certification import Organisation
from passerelle.graph.reference import ReleaseReference
from passerelle.graph.release import Release
from passerelle.records.finding import Severity
from passerelle.validation.credentials.graph import CredentialGraph
from passerelle.validation.credentials.layers.certifying_bodies import Listed, Standing, standing_of
from passerelle.validation.credentials.layers.french_numbers import in_address, in_code, in_title
from passerelle.validation.credentials.layers.national import observe
from passerelle.validation.credentials.model import BLANK, IRI, LITERAL, Observation, Term, Triple
from passerelle.validation.credentials.rules import rules_of

PREFIXES = """
@prefix : <urn:demo:> .
@prefix elm: <http://data.europa.eu/snb/model/elm/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix adms: <http://www.w3.org/ns/adms#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix rov: <http://www.w3.org/ns/regorg#> .
@prefix cred: <https://www.w3.org/2018/credentials#> .
@prefix ob: <https://purl.imsglobal.org/spec/vc/ob/vocab.html#> .
@prefix schema: <https://schema.org/> .
@prefix eqf: <http://data.europa.eu/snb/eqf/> .
@prefix qdr: <http://data.europa.eu/snb/qdr/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
ROOT = "urn:demo:credential"
WIND = "Certificateur fictif de l'énergie éolienne (démonstration)"
MINISTRY = "Ministère fictif de la démonstration"


def graph_of(turtle: str) -> CredentialGraph:
    def term(node: object) -> Term:
        if isinstance(node, ox.NamedNode):
            return Term(IRI, node.value)
        if isinstance(node, ox.BlankNode):
            return Term(BLANK, node.value)
        assert isinstance(node, ox.Literal)
        plain = node.language or node.datatype.value == "http://www.w3.org/2001/XMLSchema#string"
        return Term(LITERAL, node.value, None if plain else node.datatype.value, node.language)

    quads = ox.parse(PREFIXES + turtle, format=ox.RdfFormat.TURTLE)
    triples: list[Triple] = [(term(each.subject), term(each.predicate), term(each.object)) for each in quads]
    return CredentialGraph(triples)


def credential(
    specification: str,
    *,
    awarded: str = "2026-05-04T00:00:00+02:00",
    issued: str = "2026-11-20T10:00:00+01:00",
    by: str = WIND,
    body: str = "",
    achievement: str = "",
) -> CredentialGraph:
    """A credential with one achievement; `specification` are statements about `:spec`."""
    when = f'elm:awardingDate "{awarded}"^^xsd:dateTime ;' if awarded else ""
    issue = f'cred:issued "{issued}"^^xsd:dateTime ;' if issued else ""
    return graph_of(f"""
        :credential a cred:VerifiableCredential, elm:EuropeanDigitalCredential ; {issue}
            cred:credentialSubject :person .
        :person a elm:Person ; elm:hasClaim :achievement .
        :achievement a elm:LearningAchievement ; dcterms:title "Réussite"@fr ; elm:specifiedBy :spec ;
            elm:awardedBy :process . {achievement}
        :process a elm:AwardingProcess ; {when} elm:awardingBody :body .
        :body a elm:Organisation ; rov:legalName "{by}"@fr . {body}
        :spec {specification} .
    """)


def named(number: str, scheme: str = "RNCP", more: str = "") -> str:
    return (
        f'a elm:Qualification ; adms:identifier [ a elm:Identifier ; skos:notation "{number}" ;'
        f' elm:schemeName "{scheme}" ] {more}'
    )


@pytest.fixture(scope="module")
def release(demo_release: Release) -> ReleaseReference:
    return ReleaseReference.open(demo_release)


def codes(graph: CredentialGraph, release: ReleaseReference | None, *roots: str) -> list[str]:
    return [each.code.removeprefix("ELM-NATIONAL-") for each in seen(graph, release, *roots)]


def seen(graph: CredentialGraph, release: ReleaseReference | None, *roots: str) -> list[Observation]:
    return list(observe(graph, roots or (ROOT,), release))


def only(graph: CredentialGraph, release: ReleaseReference | None, code: str) -> Observation:
    found = [each for each in seen(graph, release) if each.code == f"ELM-NATIONAL-{code}"]
    assert len(found) == 1, [each.code for each in seen(graph, release)]
    return found[0]


# ---------------------------------------------------------------- is it known


def test_nothing_french_says_nothing(release: ReleaseReference) -> None:
    graph = credential('a elm:Qualification ; dcterms:title "Welding, module RS-232 interface"@en ; elm:EQFLevel eqf:4')
    assert seen(graph, release) == []
    assert seen(graph, None) == []


def test_without_release_it_says_that_it_was_not_checked() -> None:
    found = seen(credential(named("RNCP990002BC01")), None)
    assert [each.code for each in found] == ["ELM-NATIONAL-NOT-CHECKED"]
    assert found[0].parameters == {"number": "RNCP990002"}
    assert found[0].value == "RNCP990002BC01"


def test_a_release_without_the_catalogue_does_not_call_it_unknown(release: ReleaseReference) -> None:
    class WithoutRs(ReleaseReference):
        def __init__(self) -> None:
            self.__dict__.update(release.__dict__)
            self._editions = {"rncp": "2026-11-22", "rs": None}

    found = only(credential(named("RS990077", "RS")), WithoutRs(), "CATALOGUE-ABSENT")
    assert found.parameters["catalogue"] == "RS"


def test_number_that_is_not_in_the_catalogue(release: ReleaseReference) -> None:
    found = only(credential(named("RNCP990050")), release, "FICHE-UNKNOWN")
    assert found.parameters == {"number": "RNCP990050", "edition": "2026-11-22", "release": release.release}
    assert codes(credential(named("RNCP990050")), release) == ["FICHE-UNKNOWN"]


def test_number_that_others_name_and_no_file_describes(release: ReleaseReference) -> None:
    assert codes(credential(named("RNCP990099")), release) == ["FICHE-NOT-DESCRIBED"]


def test_bloc_that_the_fiche_does_not_have(release: ReleaseReference) -> None:
    found = only(credential(named("RNCP990002BC09")), release, "BLOC-UNKNOWN")
    assert found.parameters["codes"] == "RNCP990002BC01, RNCP990002BC02, RNCP990002BC03"
    # the codes of RNCP990007 are 01 and 02: the full form is not theirs, our IRI is
    assert "BLOC-UNKNOWN" in codes(credential(named("RNCP990007BC01")), release)
    ours = "https://w3id.org/passerelle/demo/id/rncp/990007/bloc/01"
    graph = graph_of(f":credential cred:credentialSubject :p . <{ours}> a elm:Qualification ; elm:EQFLevel eqf:5 .")
    assert codes(graph, release, ours) == []


# ---------------------------------------------------------------- the day of the award


@pytest.mark.parametrize(
    ("number", "awarded", "began", "expected"),
    [
        # RNCP990002: 31/01/2022 – 31/01/2027
        ("RNCP990002", "2022-01-31T12:00:00+01:00", "", "REGISTERED"),
        ("RNCP990002", "2022-01-30T12:00:00+01:00", "", "BEFORE-REGISTRATION"),
        ("RNCP990002", "2027-01-31T23:30:00+01:00", "", "REGISTERED"),
        # half past eleven at night in UTC is the next day in France
        ("RNCP990002", "2027-01-31T23:30:00Z", "", "AFTER-END"),
        ("RNCP990002", "2027-03-01T12:00:00Z", "2026-09-01T08:00:00Z", "BEGUN-IN-TIME"),
        ("RNCP990002", "2027-06-01T12:00:00Z", "2027-02-01T08:00:00Z", "BEGUN-AFTER-END"),
        # RNCP990001: ended 31/12/2024, to be awarded until 31/12/2027
        ("RNCP990001", "2024-12-31T12:00:00Z", "", "REGISTERED"),
        ("RNCP990001", "2026-05-04T12:00:00Z", "", "AWARD-PERIOD"),
        ("RNCP990001", "2028-01-01T12:00:00Z", "2020-09-01T08:00:00Z", "AFTER-AWARD-DEADLINE"),
        # RNCP990003: from 01/02/2027 on
        ("RNCP990003", "2026-05-04T12:00:00Z", "", "BEFORE-REGISTRATION"),
        # RS990003: ended 30/09/2026
        ("RS990003", "2026-09-30T12:00:00Z", "", "REGISTERED"),
        ("RS990003", "2026-10-15T12:00:00Z", "", "AFTER-END"),
    ],
)
def test_registration_on_the_day_of_the_award(
    release: ReleaseReference, number: str, awarded: str, began: str, expected: str
) -> None:
    learning = (
        f"""
        :achievement elm:influencedBy [ a elm:LearningActivity ;
            dcterms:temporal [ elm:startDate "{began}"^^xsd:dateTime ] ] ."""
        if began
        else ""
    )
    graph = credential(named(number, number[: number.index("9")]), awarded=awarded, achievement=learning)
    assert codes(graph, release)[0] == expected
    found = only(graph, release, expected)
    assert (found.node, found.value) == ("urn:demo:process", awarded)


def test_the_award_counts_and_not_the_day_on_which_a_copy_was_made(release: ReleaseReference) -> None:
    award = credential(named("RS990003", "RS"), awarded="2026-06-01T12:00:00Z", issued="2026-11-20T12:00:00Z")
    assert "REGISTERED" in codes(award, release)
    issue = credential(named("RS990003", "RS"), awarded="", issued="2026-11-20T12:00:00Z")
    found = only(issue, release, "AFTER-END")
    assert found.path == "https://www.w3.org/2018/credentials#issued"
    assert found.parameters["end"] == "2026-09-30"
    assert "NO-AWARD-DATE" in codes(credential(named("RS990003", "RS"), awarded="", issued=""), release)


# ---------------------------------------------------------------- level, part and whole, title


@pytest.mark.parametrize(
    ("specification", "expected"),
    [
        (named("RNCP990002", more="; elm:EQFLevel eqf:5"), []),
        (named("RNCP990002", more="; elm:EQFLevel eqf:4"), ["LEVEL"]),
        # a bloc has the level of its certification
        (named("RNCP990005BC01", more="; elm:EQFLevel eqf:5"), ["LEVEL"]),
        # the old level III is level 5, the old level V is level 3
        (named("RNCP990002", more="; elm:NQFLevel qdr:c_243aefbe"), []),
        (named("RNCP990002", more="; elm:NQFLevel qdr:c_d7cce980"), ["LEVEL"]),
        # a level that is none is for the layer of vocabularies
        (named("RNCP990002", more="; elm:EQFLevel eqf:99"), []),
        (named("RS990001", "RS", more="; elm:EQFLevel eqf:4"), ["RS-LEVEL"]),
        (named("RS990001", "RS"), []),
        (named("RS990001", "RS", more="; elm:isPartialQualification false"), ["RS-AS-QUALIFICATION"]),
        (named("RNCP990002BC01", more="; elm:isPartialQualification false"), ["BLOC-AS-WHOLE"]),
        # with the number of the whole beside it, it is still the one bloc; with several blocs it may be the whole
        (
            named("RNCP990002BC01", more='; dcterms:title "RNCP990002"@fr ; elm:isPartialQualification false'),
            ["BLOC-AS-WHOLE"],
        ),
        (
            named(
                "RNCP990002",
                more='; dcterms:title "RNCP990002BC01, RNCP990002BC02"@fr ; elm:isPartialQualification false',
            ),
            [],
        ),
        (named("RNCP990002BC01", more="; elm:isPartialQualification true"), []),
        (named("RNCP990002", more="; elm:isPartialQualification false"), []),
        (named("RNCP990002BC01", more='; dcterms:title "Maintenir une éolienne"@fr'), []),
        (named("RNCP990002BC01", more='; dcterms:title "RNCP990002BC01"@fr'), []),
        (named("RNCP990002BC01", more='; dcterms:title "Maintain wind turbines"@en'), []),
        (named("RNCP990002BC01", more='; dcterms:title "Gérer la paie et les contrats"@fr'), ["TITLE"]),
    ],
)
def test_what_the_specification_says_of_itself(
    release: ReleaseReference, specification: str, expected: list[str]
) -> None:
    about = {"LEVEL", "RS-LEVEL", "RS-AS-QUALIFICATION", "BLOC-AS-WHOLE", "TITLE"}
    assert [each for each in codes(credential(specification), release) if each in about] == expected


def test_both_levels_and_both_titles_are_named(release: ReleaseReference) -> None:
    level = only(credential(named("RNCP990006", more="; elm:EQFLevel eqf:5")), release, "LEVEL")
    assert (level.parameters["stated"], level.parameters["level"]) == ("5", "6")
    assert level.node == "urn:demo:spec"
    assert level.value == "http://data.europa.eu/snb/eqf/5"
    title = only(credential(named("RNCP990002BC02", more='; dcterms:title "Paie"@fr')), release, "TITLE")
    assert title.value == "Paie"
    assert title.parameters["title"] == "Exploiter les données de surveillance d'un parc éolien"


# ---------------------------------------------------------------- who may award it, what succeeded it


@pytest.mark.parametrize(
    ("number", "by", "awarded", "expected"),
    [
        ("RNCP990002", WIND.upper(), "2026-05-04T12:00:00Z", "AWARDER-LISTED"),
        ("RNCP990006", MINISTRY, "2026-05-04T12:00:00Z", "AWARDER-LISTED"),
        ("RNCP990002", MINISTRY, "2026-05-04T12:00:00Z", "AWARDER-NOT-LISTED"),
        # inactive since 30/06/2024
        ("RNCP990002", "Ancien certificateur fictif (démonstration)", "2026-05-04T12:00:00Z", "AWARDER-INACTIVE"),
        ("RNCP990002", "Ancien certificateur fictif (démonstration)", "2023-05-04T12:00:00Z", "AWARDER-LISTED"),
        # its partners are not published: who trains is not told apart from who has nothing to do with it
        ("RNCP990002", "Centre fictif de formation BETA (démonstration)", "2026-05-04T12:00:00Z", "AWARDER-NOT-LISTED"),
    ],
)
def test_who_may_award_it(release: ReleaseReference, number: str, by: str, awarded: str, expected: str) -> None:
    found = [each for each in codes(credential(named(number), by=by, awarded=awarded), release) if "AWARDER" in each]
    assert found == [expected]


def test_of_a_body_without_a_name_the_identifier_is_told_else_nothing(release: ReleaseReference) -> None:
    nameless = credential(named("RNCP990002"), by="")
    assert not [each for each in codes(nameless, release) if "AWARDER" in each]
    identified = credential(
        named("RNCP990002"), by="", body=':body rov:registration [ skos:notation "130 025 266 00013" ] .'
    )
    assert only(identified, release, "AWARDER-NOT-LISTED").parameters["awarder"] == "130 025 266 00013"


def test_bodies_are_told_by_siren_before_names(release: ReleaseReference) -> None:
    certification = release.certification("RNCP990002")
    assert certification is not None
    listed = replace(
        certification,
        certifying_bodies=(Organisation("urn:a", "AUTRE NOM", "13002526500013", "Actif"),),
        partners=(Organisation("urn:b", "CENTRE FICTIF", "", "Actif"),),
    )

    def standing(body: str, name: str = "Nom") -> Listed:
        graph = credential("a elm:Qualification", by=name, body=f":body {body} ." if body else "")
        return standing_of(graph, ["urn:demo:body"], listed, "2026-01-01")[1]

    legal = 'rov:registration [ skos:notation "{}" ]'
    assert standing(legal.format("130 025 265 00013")).kind is Standing.CERTIFYING
    # another place of the same legal person; its SIREN; its VAT number; its identifier in a seal
    for each in ("13002526500099", "130025265", "FR 18 130025265", "NTRFR-130025265", "VATFR-FR18130025265"):
        assert standing(legal.format(each)).kind is Standing.CERTIFYING, each
    for each in ("1300252650", "99130025265", "130025266"):
        assert standing(legal.format(each)).kind is Standing.NOT_LISTED, each
    assert standing("", "Autre nom").kind is Standing.CERTIFYING
    assert standing("", "Centre fictif").kind is Standing.AUTHORISED


def test_successor_of_what_is_no_longer_active(release: ReleaseReference) -> None:
    found = only(credential(named("RNCP990001")), release, "SUCCEEDED")
    assert found.parameters["successors"] == "RNCP990002"
    # RNCP990002 has a successor too, but is in force
    assert "SUCCEEDED" not in codes(credential(named("RNCP990002")), release)


# ---------------------------------------------------------------- where a number can stand


@pytest.mark.parametrize(
    "specification",
    [
        'a elm:Qualification ; dcterms:title "Technicien, RNCP 990002"@fr',
        "a elm:Qualification ; foaf:homepage <https://www.francecompetences.fr/recherche/rncp/990002/>",
        "a elm:Qualification ; foaf:homepage [ a elm:WebResource ;"
        ' elm:contentUrl "https://www.francecompetences.fr/recherche/rncp/990002/"^^xsd:anyURI ]',
        "a elm:Qualification ; elm:landingPage <https://certificateur-fictif.example.org/rncp990002>",
        "a elm:Qualification ; elm:qualificationCode <urn:rncp:990002>",
        "a elm:Qualification ; elm:qualificationCode [ a skos:Concept ; skos:notation 'RNCP990002' ]",
        'a elm:Qualification ; adms:identifier [ a elm:Identifier ; skos:notation "990002" ; elm:schemeName "RNCP" ]',
        'a elm:Qualification ; adms:identifier [ a elm:Identifier ; skos:notation "Fiche n° RNCP990002" ]',
        "a elm:Qualification ; elm:isPartOf <https://w3id.org/passerelle/demo/id/rncp/990002>",
    ],
)
def test_every_place_of_a_number(release: ReleaseReference, specification: str) -> None:
    assert codes(credential(specification), release) == ["REGISTERED", "AWARDER-LISTED"]


def test_own_iri_of_what_is_specified(release: ReleaseReference) -> None:
    graph = graph_of("""
        :credential a elm:EuropeanDigitalCredential ; cred:issued "2026-05-04"^^xsd:date ; cred:credentialSubject :p .
        :p elm:hasClaim :achievement .
        :achievement a elm:LearningAchievement ;
            elm:specifiedBy <https://w3id.org/passerelle/demo/id/rncp/990002/bloc/RNCP990002BC01> .
    """)
    assert codes(graph, release) == ["REGISTERED"]


def test_what_is_said_twice_is_told_once(release: ReleaseReference) -> None:
    graph = credential(
        named("RNCP990002BC01", more="; foaf:homepage <https://www.francecompetences.fr/recherche/rncp/990002/>"),
        achievement=':achievement dcterms:title "Bloc RNCP990002BC01"@fr .'
        ' :credential elm:displayParameter [ a elm:DisplayParameter ; dcterms:title "RNCP990002"@fr ] .',
    )
    assert codes(graph, release) == ["REGISTERED", "AWARDER-LISTED"]


def test_what_others_than_the_award_name(release: ReleaseReference) -> None:
    # the number of an organisation's own diploma, of a skill, of the certificate itself
    graph = credential(
        "a elm:Qualification ; elm:learningOutcome [ a elm:LearningOutcome ; dcterms:title 'RNCP990001'@fr ]",
        body=':body adms:identifier [ a elm:Identifier ; skos:notation "RNCP990001" ] .'
        ' :credential adms:identifier [ a elm:Identifier ; skos:notation "RS2024" ] .',
    )
    assert seen(graph, release) == []


def test_open_badge_that_is_aligned_with_a_bloc(release: ReleaseReference) -> None:
    def badge(code: str, day: str) -> CredentialGraph:
        return graph_of(f"""
            :credential a cred:VerifiableCredential, ob:OpenBadgeCredential ; cred:issuer :body ;
                cred:validFrom "{day}"^^xsd:dateTime ; cred:credentialSubject :subject .
            :body a ob:Profile ; schema:name "École fictive RNCP990004" .
            :subject a ob:AchievementSubject ; ob:achievement :spec .
            :spec a ob:Achievement ; schema:name "Éoliennes"; ob:alignment [ a schema:AlignmentObject ;
                ob:targetCode "{code}" ; schema:targetUrl "https://www.francecompetences.fr/recherche/rncp/990002/" ] .
        """)

    # to be aligned with a bloc is not to award it: nobody asks who may
    assert codes(badge("RNCP990002BC01", "2026-05-04T12:00:00Z"), release) == ["REGISTERED"]
    # a framework and a number in it
    assert codes(badge('990001" ; schema:targetFramework "RNCP', "2026-05-04T12:00:00Z"), release) == [
        "AWARD-PERIOD",
        "SUCCEEDED",
        "REGISTERED",
    ]
    assert codes(badge("RNCP990002BC07", "2021-05-04T12:00:00Z"), release) == ["BLOC-UNKNOWN", "BEFORE-REGISTRATION"]


def test_qualification_without_any_award(release: ReleaseReference) -> None:
    graph = graph_of(":q " + named("RNCP990001BC01", more="; elm:EQFLevel eqf:5") + " .")
    assert codes(graph, release, "urn:demo:q") == ["LEVEL", "SUCCEEDED"]


def test_numbers_in_text() -> None:
    def numbers(text: str) -> list[str]:
        return [each.text for each in in_title(text)]

    assert numbers("Titre RNCP n° 35585 et RS 6553") == ["RNCP35585", "RS6553"]
    assert numbers("RNCP35585BC02 – RNCP35585 BC 3") == ["RNCP35585BC02", "RNCP35585BC03"]
    assert numbers("RNCP\u00a035585 ; RNCP-35586 ; RNCP : 35587 ; rncp35588") == [
        f"RNCP3558{each}" for each in (5, 6, 7, 8)
    ]
    for text in ("RNCP1234567", "RNCP 2024-2027", "niveau RNCP 5", "RS232", "rs 6553", "OFFRES 1234", "RNCP35585B"):
        assert numbers(text) == [], text


def test_numbers_in_codes_and_addresses() -> None:
    assert [each.text for each in in_code(" rncp 00035 ")] == ["RNCP35"]
    assert [each.text for each in in_code("35585BC2", "Code RNCP")] == ["RNCP35585BC02"]
    assert [each.text for each in in_code("6553", "Répertoire spécifique")] == ["RS6553"]
    assert list(in_code("6553", "Certificate number")) == []
    assert list(in_code("RS6553", "Certificate number")) == []
    base = "https://x.example/base"
    assert [each.text for each in in_address("https://ecole.example/titre-rncp35585bc01", base)] == ["RNCP35585BC01"]
    assert [each.text for each in in_address(f"{base}/id/rs/6553", base)] == ["RS6553"]
    assert list(in_address("https://ecole.example/rncp-2024/rs/6553", base)) == []


def test_long_values_and_many_numbers(release: ReleaseReference) -> None:
    padded = "RNCP" + " " * 100_000 + "1"
    many = " ".join(
        f':spec elm:landingPage "https://e.example/rncp{number}"^^xsd:anyURI .' for number in range(100, 4100)
    )
    assert list(in_title(padded)) == []
    assert len(seen(credential(f'dcterms:title "{padded}"@fr . {many} :spec a elm:Qualification'), release)) == 4000


# ---------------------------------------------------------------- the rules as a whole


def test_rules_are_never_violations_and_their_sentences_are_filled(root: Path, release: ReleaseReference) -> None:
    rules = rules_of(root / "shapes" / "credential" / "national.ttl")
    assert {each.severity for each in rules.values()} == {Severity.WARNING, Severity.INFO}
    graphs = [
        credential(named(number, scheme, more="; elm:EQFLevel eqf:2 ; elm:isPartialQualification false"), by=by)
        for number, scheme in (("RNCP990001BC01", ""), ("RNCP990002BC09", ""), ("RS990003", "RS"), ("RNCP990050", ""))
        for by in (WIND, MINISTRY)
    ]
    for graph in graphs:
        for each in seen(graph, release):
            for sentence in (rules[each.code].message_en, rules[each.code].message_fr):
                filled = sentence.format_map({"value": each.value, "node": each.node, **each.parameters})
                assert "{" not in filled
                assert "  " not in filled
