"""ELM qualifications: the file's own statements, and our reading of them without any inference."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from passerelle.errors import UnexpectedInput
from passerelle.graph.statements.foreign import write_foreign, write_rdf_unit
from passerelle.graph.statements.writer import GraphWriter
from passerelle.namespaces import Minting
from passerelle.records.statements import RdfUnit
from passerelle.records.tally import Reject, Tally
from passerelle.records.text import outcome_hash
from passerelle.sources.european_learning_model import EuropeanLearningModelFile

MINTING = Minting("https://example.org/b")
PREFIXES = """@prefix elm: <http://data.europa.eu/snb/model/elm/> . @prefix dcterms: <http://purl.org/dc/terms/> .
@prefix psl: <https://w3id.org/passerelle/ontology#> . @prefix e: <https://units.example.it/> .
@prefix kind: <https://w3id.org/passerelle/vocabulary/unit-kind/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix eqf: <http://data.europa.eu/snb/eqf/> .
@prefix country: <http://publications.europa.eu/resource/authority/country/> .
@prefix skill: <http://data.europa.eu/esco/skill/> .
"""
KIND = "https://w3id.org/passerelle/vocabulary/unit-kind/"
PSL = "https://w3id.org/passerelle/ontology#"
ELM = "http://data.europa.eu/snb/model/elm/"


class Read:
    """What a file became: units by IRI, statements as a set, tally and what was set aside."""

    def __init__(self, path: Path) -> None:
        self.set_aside: list[Reject] = []
        self.tally = Tally(on_reject=self.set_aside.append)
        source = EuropeanLearningModelFile(path, None, MINTING)
        writer = GraphWriter(MINTING.graph(source.slug), MINTING)
        self.units: dict[str, RdfUnit] = {}
        for record in source.read(self.tally):
            if isinstance(record, RdfUnit):
                self.units[record.iri] = record
                write_rdf_unit(writer, record)
            else:
                write_foreign(writer, record)
        self.quads = writer.drain()
        self.stated = {(q.subject.value, q.predicate.value, q.object.value) for q in self.quads}
        assert not any(isinstance(each, ox.BlankNode) for q in self.quads for each in (q.subject, q.object))

    def values(self, subject: str, predicate: str) -> set[str]:
        return {o for s, p, o in self.stated if (s, p) == (subject, predicate)}


def turtle(tmp_path: Path, body: str) -> Read:
    path = tmp_path / "italy.ttl"
    path.write_text(PREFIXES + body, encoding="utf-8")
    return Read(path)


UNIT = "https://units.example.it/u"


@pytest.mark.parametrize(
    ("stated", "kind", "notices"),
    [
        ("e:u a elm:Qualification .", "not-stated", []),
        ("e:u a elm:LearningAchievementSpecification .", "not-stated", []),
        ("e:u a elm:Qualification ; elm:isPartialQualification true .", "partial-qualification", []),
        ("e:u a elm:Qualification ; elm:isPartialQualification false .", "full-qualification", []),
        ("e:u a elm:Qualification ; elm:isPartialQualification true, false .", "not-stated", []),
        ("e:u a elm:Qualification ; elm:isPartialQualification false ; dcterms:type kind:component .", "component", []),
        ("e:u a elm:Qualification, psl:MicroCredential .", "micro-credential", []),
        ("e:u a psl:MicroCredential .", "micro-credential", []),
        ("e:u a elm:Qualification ; psl:unitKind kind:micro-credential .", "micro-credential", []),
        ("e:u a elm:Qualification ; dcterms:type kind:bloc .", "not-stated", ["rdf-kind"]),
        ("e:u a elm:Qualification ; dcterms:type kind:odd .", "not-stated", ["rdf-kind"]),
        ("e:u a psl:MicroCredential ; dcterms:type kind:component .", "not-stated", ["rdf-kinds"]),
    ],
)
def test_the_kind_is_what_the_file_says_and_never_more(
    tmp_path: Path, stated: str, kind: str, notices: list[str]
) -> None:
    read = turtle(tmp_path, stated + " e:u dcterms:spatial country:ITA .")
    assert read.units[UNIT].kind == kind
    assert read.values(UNIT, PSL + "unitKind") == {KIND + kind} | (
        {KIND + "micro-credential"} if "psl:unitKind" in stated else set()
    )
    assert [r.message_id for r in read.set_aside] == notices
    assert not read.values(UNIT, ELM + "isPartOf")


@pytest.mark.parametrize(
    ("level", "number", "notices"),
    [
        ("eqf:5", 5, []),
        ("eqf:99", None, ["rdf-level"]),
        ("eqf:0", None, ["rdf-level"]),
        ("eqf:4, eqf:5", None, ["rdf-levels"]),
    ],
)
def test_the_level(tmp_path: Path, level: str, number: int | None, notices: list[str]) -> None:
    read = turtle(tmp_path, f"e:u a elm:Qualification ; dcterms:spatial country:ITA ; elm:EQFLevel {level} .")
    basis = "stated" if number else "not-stated"
    assert read.units[UNIT].eqf_level == number
    assert read.values(UNIT, PSL + "levelBasis") == {f"https://w3id.org/passerelle/vocabulary/level-basis/{basis}"}
    assert read.values(UNIT, PSL + "eqfLevelNumber") == ({str(number)} if number else set())
    assert [r.message_id for r in read.set_aside] == notices


@pytest.mark.parametrize(
    ("stated", "countries"),
    [
        ("dcterms:spatial country:ITA", ("ITA",)),
        ("dcterms:spatial country:ITA, country:AUT", ("AUT", "ITA")),
        ("elm:awardingOpportunity [ elm:location [ elm:address [ elm:countryCode country:NLD ] ] ]", ("NLD",)),
        ("elm:awardingOpportunity [ elm:location [ elm:spatialCode country:BEL ] ]", ("BEL",)),
        (
            "elm:awardingOpportunity [ elm:awardingBody"
            " [ elm:location [ elm:address [ elm:countryCode country:GRC ] ] ] ]",
            ("GRC",),
        ),
        ("dcterms:spatial <http://publications.europa.eu/resource/authority/atu/ITA_X>", ()),
        ("dcterms:publisher [ elm:location [ elm:address [ elm:countryCode country:LUX ] ] ]", ()),
    ],
)
def test_the_country_is_where_the_unit_is_awarded(tmp_path: Path, stated: str, countries: tuple[str, ...]) -> None:
    read = turtle(tmp_path, f"e:u a elm:Qualification ; {stated} .")
    assert tuple(each.rsplit("/", 1)[1] for each in read.units[UNIT].countries) == countries
    assert read.tally.notices["rdf-no-country"] == (0 if countries else 1)


def test_an_outcome_with_an_iri_keeps_it(tmp_path: Path) -> None:
    read = turtle(
        tmp_path,
        """e:u a elm:Qualification ; dcterms:spatial country:ITA ; elm:learningOutcome e:o .
        e:o a elm:LearningOutcome ; dcterms:title "Montare i moduli"@it, "Mount the modules"@en ;
            elm:relatedESCOSkill skill:1a, <http://data.europa.eu/esco/occupation/2> .""",
    )
    outcome = "https://units.example.it/o"
    assert read.values(UNIT, PSL + "hasOutcome") == {outcome}
    assert read.values(outcome, PSL + "outcomeHash") == {
        outcome_hash("Montare i moduli", "it"),
        outcome_hash("Mount the modules", "en"),
    }
    assert read.units[UNIT].outcomes[0].skills == ("http://data.europa.eu/esco/skill/1a",)
    assert read.tally.notices == {"rdf-skill": 1}


@pytest.mark.parametrize("node", ["[ ", "<urn:epass:lo:1> . <urn:epass:lo:1> "])
def test_an_outcome_of_the_document_alone_is_known_by_unit_and_text(tmp_path: Path, node: str) -> None:
    end = " ]" if node == "[ " else ""
    body = (
        f"e:u a elm:Qualification ; dcterms:spatial country:ITA ; elm:learningOutcome {node} "
        f'skos:prefLabel "• Montare i moduli"@it ; elm:relatedESCOSkill skill:1a{end} .'
    )
    first = turtle(tmp_path, body)
    again = turtle(tmp_path, body + " # another edition")
    text_hash = outcome_hash("Montare i moduli", "it")
    outcome = MINTING.outcome(UNIT, text_hash)
    for read in (first, again):
        assert read.values(UNIT, PSL + "hasOutcome") == {outcome}
        assert read.values(outcome, "http://purl.org/dc/terms/title") == {"Montare i moduli"}
        assert read.values(outcome, PSL + "outcomeHash") == {text_hash}
        assert read.values(outcome, ELM + "relatedESCOSkill") == {"http://data.europa.eu/esco/skill/1a"}
        [node_iri] = read.values(UNIT, ELM + "learningOutcome")
        assert read.values(outcome, "http://www.w3.org/ns/prov#wasDerivedFrom") == {node_iri}
    assert first.values(UNIT, ELM + "learningOutcome") != again.values(UNIT, ELM + "learningOutcome")


def test_an_outcome_without_text_is_told(tmp_path: Path) -> None:
    read = turtle(tmp_path, "e:u a elm:Qualification ; dcterms:spatial country:ITA ; elm:learningOutcome e:o .")
    assert read.tally.notices == {"rdf-no-outcome-text": 1}
    assert read.values(UNIT, PSL + "hasOutcome") == {"https://units.example.it/o"}
    assert not read.values("https://units.example.it/o", PSL + "outcomeHash")


def test_parts_and_awarding_bodies(tmp_path: Path) -> None:
    read = turtle(
        tmp_path,
        """e:u a elm:Qualification ; dcterms:spatial country:ITA ; elm:hasPart e:p ;
        elm:awardingOpportunity [ elm:awardingBody e:b ] . e:p a elm:Qualification ; dcterms:spatial country:ITA .""",
    )
    assert read.values("https://units.example.it/p", ELM + "isPartOf") == {UNIT}
    assert read.values(UNIT, PSL + "certifiedBy") == {"https://units.example.it/b"}
    assert read.tally.accepted["unit"] == 2


def test_a_learning_activity_is_carried_as_stated_and_is_no_unit(tmp_path: Path) -> None:
    read = turtle(
        tmp_path,
        """e:pill a elm:LearningActivitySpecification, psl:LearningActivity ; psl:mayLeadTo e:u ;
        psl:recognisedTowards e:u .""",
    )
    pill = "https://units.example.it/pill"
    assert read.units == {}
    assert read.values(pill, PSL + "mayLeadTo") == {UNIT} == read.values(pill, PSL + "recognisedTowards")
    assert not read.values(pill, PSL + "unitKind")
    assert read.tally.accepted == {"activity": 1, "quad": 4}


def test_our_things_are_not_described_by_a_foreign_file(tmp_path: Path) -> None:
    read = turtle(
        tmp_path,
        """<https://example.org/b/id/rncp/1> a elm:Qualification ; elm:EQFLevel eqf:8 .
        e:u a elm:Qualification ; dcterms:spatial country:ITA ; elm:isPartOf <https://example.org/b/id/rncp/1> .""",
    )
    assert list(read.units) == [UNIT]
    assert read.tally.accepted["claim"] == 2
    assert not read.values("https://example.org/b/id/rncp/1", PSL + "eqfLevelNumber")
    assert read.values(UNIT, ELM + "isPartOf") == {"https://example.org/b/id/rncp/1"}


def test_the_reading_ignores_what_stands_in_reserved_graphs(tmp_path: Path) -> None:
    path = tmp_path / "x.trig"
    path.write_text(
        PREFIXES + "e:u a elm:Qualification ; dcterms:spatial country:ITA ."
        " <https://example.org/b/graph/links> { e:u elm:EQFLevel eqf:8 }",
        encoding="utf-8",
    )
    read = Read(path)
    assert read.units[UNIT].eqf_level is None
    assert read.tally.rejected == {"quad": 1}


def test_json_ld_with_the_official_context_is_read_from_our_own_copy(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonld"
    path.write_text(
        """{"@context": "http://data.europa.eu/snb/model/context/edc-ap", "id": "https://units.example.it/u",
        "type": "Qualification", "title": {"it": "Tecnico"}, "isPartialQualification": true,
        "eqfLevel": "http://data.europa.eu/snb/eqf/4", "EQFLevel": "http://data.europa.eu/snb/eqf/5",
        "spatial": "http://publications.europa.eu/resource/authority/country/ITA",
        "learningOutcome": {"type": "LearningOutcome", "title": {"it": "Montare i moduli"},
          "relatedESCOSkill": "http://data.europa.eu/esco/skill/1a"}}""",
        encoding="utf-8",
    )
    read = Read(path)
    unit = read.units[UNIT]
    assert (unit.kind, unit.eqf_level) == ("partial-qualification", 4)
    assert unit.outcomes[0].texts == (("it", "Montare i moduli"),)
    assert [(r.message_id, r.place.pointer) for r in read.set_aside] == [("rdf-json-key", "/EQFLevel")]


def test_a_file_of_something_else_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedInput) as raised:
        turtle(tmp_path, "e:u dcterms:title 'x' .")
    assert raised.value.message_id == "rdf-no-qualification"


def test_the_qdr_xml_samples_are_not_rdf(reference: Path) -> None:
    with pytest.raises(UnexpectedInput) as raised:
        Read(reference / "elm" / "samples" / "qdr" / "loq.xml")
    assert raised.value.message_id == "rdf-xml-root"


def test_the_same_file_gives_the_same_statements(tmp_path: Path) -> None:
    body = 'e:u a elm:Qualification ; elm:learningOutcome [ dcterms:title "a"@it ], [ dcterms:title "b"@it ] .'
    assert turtle(tmp_path, body).stated == turtle(tmp_path, body).stated
