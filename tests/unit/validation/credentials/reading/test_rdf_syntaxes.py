"""RDF syntaxes: each recognised by its content, literals as they were, mistakes and nodes with their lines."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from passerelle.namespaces import expand
from passerelle.validation.credentials.model import BLANK, IRI, LITERAL, Form, Spot, Term
from unit.validation.credentials.reading.told import accepted, codes, refusal_of, refused

RDF = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:elm="http://data.europa.eu/snb/model/elm/"\n'
    '         xmlns:dcterms="http://purl.org/dc/terms/">\n'
)
QUALIFICATION = expand("elm:Qualification")
TITLE, OUTCOME = expand("dcterms:title"), expand("elm:learningOutcome")
TURTLE = f"""# a qualification
@prefix elm: <http://data.europa.eu/snb/model/elm/> .
@prefix dcterms: <http://purl.org/dc/terms/> .

<urn:q:1> a elm:Qualification ;
    dcterms:title "Zwölf"@de-AT ,
        "Douze \\"élevé\\"" ;
    elm:maximumDuration "P1Y"^^<urn:duration> ; elm:point 01 , 1.50 , true ;
    elm:learningOutcome [ a elm:LearningOutcome ;
        dcterms:title "One" ] , _:two .

_:two a elm:LearningOutcome ;
    dcterms:title "Two" .
<urn:q:2> <{TITLE}> "Other" .
"""
SOURCE_LINES = TURTLE.split("\n")


@pytest.mark.parametrize(
    ("text", "form", "count"),
    [
        (TURTLE, Form.TURTLE, 14),
        ("\n\n# x\n<urn:a> <urn:b> <urn:c> .", Form.N_TRIPLES, 1),
        ('_:a <urn:b> "x\\ny"@en .\n<urn:a> <urn:b> "1"^^<urn:t> .\n', Form.N_TRIPLES, 2),
        ("<urn:a> <urn:b> <urn:c> <urn:g> .\n<urn:a> <urn:b> <urn:c> <urn:h> .\n", Form.N_QUADS, 1),
        ("<urn:a> <urn:b> 'x' .\n<urn:a> <urn:b> <urn:c> , <urn:d> .\n", Form.TURTLE, 3),
        ('<urn:a> <urn:b> "x" .\n<urn:a> <urn:b> "x" <urn:g> .\n', Form.N_QUADS, 1),
        ("<urn:a> <urn:b> <urn:c> .\n<urn:a> a <urn:d> .", Form.TURTLE, 2),
        ("@prefix e: <urn:e:> .\ne:g { e:a e:b 1 } e:h { e:a e:b 1 , 2 }", Form.TRIG, 2),
        ("PREFIX e: <urn:e:>\n[] e:b e:c .", Form.TURTLE, 1),
        ("[] <urn:b> ( 1 2 ) .", Form.TURTLE, 5),
        ("[ <urn:b> 1 ] .", Form.TURTLE, 1),
        (f'{RDF}<elm:Qualification rdf:about="urn:q"/></rdf:RDF>', Form.RDF_XML, 1),
        (
            '<a xmlns="urn:x#" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:about="urn:q"/>',
            Form.RDF_XML,
            1,
        ),
    ],
)
def test_the_content_tells_the_syntax(text: str, form: Form, count: int) -> None:
    reading = accepted(text)
    assert (reading.forms, len(reading.triples)) == ((form,), count)
    if form is not Form.RDF_XML:
        assert accepted(text, "wrong.json").forms == (form,)


def test_a_graph_in_braces_needs_the_name_of_its_file() -> None:
    text = "{ <urn:a> <urn:b> <urn:c> }"
    assert accepted(text, "file.trig").forms == (Form.TRIG,)
    assert accepted(text, media_type="application/trig; charset=utf-8").forms == (Form.TRIG,)
    assert refused(text) == ["NOT-JSON"]


def test_terms_are_as_they_were_written() -> None:
    values = {value for _, _, value in accepted(TURTLE).triples if value.kind == LITERAL}
    xsd = "http://www.w3.org/2001/XMLSchema#"
    assert values == {
        Term(LITERAL, "Zwölf", None, "de-at"),
        Term(LITERAL, 'Douze "élevé"'),
        Term(LITERAL, "P1Y", "urn:duration"),
        Term(LITERAL, "01", f"{xsd}integer"),
        Term(LITERAL, "1.50", f"{xsd}decimal"),
        Term(LITERAL, "true", f"{xsd}boolean"),
        Term(LITERAL, "One"),
        Term(LITERAL, "Two"),
        Term(LITERAL, "Other"),
    }


def test_nodes_without_name_are_named_the_same_each_time() -> None:
    text = "@prefix e: <urn:e:> .\n[] e:p _:b0 , [ e:q _:x ] , _:deadbeefdeadbeefdeadbeefdeadbeef ."
    first, second = accepted(text).triples, accepted(text).triples
    assert first == second
    names = {term.value for triple in first for term in triple if term.kind == BLANK}
    assert {"b0", "x", "deadbeefdeadbeefdeadbeefdeadbeef"} < names
    assert len(names) == 5


def test_the_sample_in_turtle(reference: Path) -> None:
    path = reference / "elm" / "samples" / "credential-sample-turtle.ttl"
    reading = accepted(path.read_bytes(), path.name, "text/turtle")
    assert len(reading.triples) == len(set(ox.parse(path=str(path))))
    assert reading.roots == ("http://example.org/credential132",)
    assert reading.declared == ("http://data.europa.eu/snb/model/ap/edc-generic-no-cv",)
    assert codes(reading) == []
    lines = path.read_text(encoding="utf-8").split("\n")
    title = expand("dcterms:title")
    spot = reading.source.spot("http://example.org/cl1", title, "une sorte de réussite scolaire")
    assert lines[spot.line - 1][spot.column - 1 :].startswith('"une sorte')


@pytest.mark.parametrize(
    ("node", "path", "value", "line", "start"),
    [
        ("urn:q:1", "", "", 5, "<urn:q:1> a"),
        ("urn:q:1", expand("rdf:type"), "", 5, "a elm:Qual"),
        ("urn:q:1", expand("rdf:type"), QUALIFICATION, 5, "elm:Qual"),
        ("urn:q:1", TITLE, "", 6, "dcterms:title"),
        ("urn:q:1", f"<{TITLE}>/<{OUTCOME}>", "", 6, "dcterms:title"),
        ("urn:q:1", TITLE, 'Douze "élevé"', 7, '"Douze'),
        ("urn:q:1", expand("elm:point"), "1.50", 8, "1.50"),
        ("urn:q:1", OUTCOME, "_:two", 10, "_:two"),
        ("urn:q:1", expand("elm:EQFLevel"), "", 5, "<urn:q:1>"),
        ("_:b1", TITLE, "One", 10, '"One"'),
        ("_:two", TITLE, "", 13, "dcterms:title"),
        ("urn:q:2", TITLE, "Other", 14, '"Other"'),
    ],
)
def test_where_things_stand_in_turtle(node: str, path: str, value: str, line: int, start: str) -> None:
    reading = accepted(TURTLE)
    blanks = [each.node for _, predicate, each in reading.triples if predicate.value == OUTCOME]
    spot = reading.source.spot(blanks[0] if node == "_:b1" else node, path, value)
    assert spot.line == line
    assert SOURCE_LINES[line - 1][spot.column - 1 :].startswith(start)


def test_what_stands_nowhere_has_no_place() -> None:
    source = accepted(TURTLE).source
    assert source.spot("urn:not:there", TITLE) == Spot()
    assert source.spot("") == Spot()
    assert source.at("/a") == Spot()


XML = (
    f"{RDF}"
    '  <elm:Qualification rdf:about="urn:q:1">\n'
    "    <dcterms:title>Zwölf</dcterms:title>\n"
    "    <elm:learningOutcome>\n"
    "      <elm:LearningOutcome><dcterms:title>One</dcterms:title></elm:LearningOutcome>\n"
    "    </elm:learningOutcome>\n"
    '    <elm:learningOutcome rdf:resource="urn:o:2"/>\n'
    "  </elm:Qualification>\n"
    '  <elm:LearningOutcome rdf:about="urn:o:2"/>\n'
    "</rdf:RDF>\n"
)


@pytest.mark.parametrize(
    ("node", "path", "value", "line", "column"),
    [
        ("urn:q:1", "", "", 4, 3),
        ("urn:q:1", TITLE, "", 5, 5),
        ("urn:q:1", OUTCOME, "", 6, 5),
        ("urn:q:1", OUTCOME, "urn:o:2", 9, 5),
        ("_:", TITLE, "", 7, 28),
        ("_:", "", "", 6, 5),
        ("urn:o:2", TITLE, "", 11, 3),
    ],
)
def test_where_things_stand_in_rdf_xml(node: str, path: str, value: str, line: int, column: int) -> None:
    reading = accepted(XML, "file.rdf")
    assert (reading.roots, codes(reading)) == (("urn:q:1",), [])
    blank = next(each.node for _, _, each in reading.triples if each.kind == BLANK)
    assert reading.source.spot(blank if node == "_:" else node, path, value) == Spot(None, line, column)


def test_an_iri_with_spaces_is_told_with_its_line_and_the_rest_is_read() -> None:
    text = (
        "@prefix elm: <http://data.europa.eu/snb/model/elm/> .\n"
        "<urn:q> a elm:Qualification ;\n"
        f' elm:p <http://a b> , <rel> ;\n <{TITLE}> "x" .'
    )
    reading = accepted(text)
    assert codes(reading) == ["IRI", "IRI"]
    assert [(each.value, each.spot) for each in reading.observations] == [
        ("http://a b", Spot(None, 3, 8)),
        ("rel", Spot(None, 3, 23)),
    ]
    assert len(reading.triples) == 2
    assert all(each.kind != IRI or ox.NamedNode(each.value) for triple in reading.triples for each in triple)


def test_an_iri_with_spaces_in_xml() -> None:
    text = f'{RDF}<elm:Qualification rdf:about="http://a b"/>\n<elm:Qualification rdf:about="urn:q"/></rdf:RDF>'
    reading = accepted(text)
    assert (codes(reading), reading.observations[0].spot) == (["IRI"], Spot(None, 4, 30))
    assert reading.roots == ("urn:q",)


def test_a_language_that_is_none() -> None:
    reading = accepted('<urn:q> <urn:p> "x"@abcdefghijkl , "y"@en .')
    assert codes(reading) == ["LANGUAGE-TAG", "NO-CREDENTIAL"]
    assert len(reading.triples) == 1


def test_statements_about_statements_are_left_out() -> None:
    reading = accepted("<urn:a> <urn:b> <<( <urn:a> <urn:b> <urn:c> )>> , 1 .")
    assert (codes(reading), len(reading.triples)) == (["TRIPLE-TERM", "NO-CREDENTIAL"], 1)


def test_the_error_of_the_syntax_that_got_farthest_is_told() -> None:
    refusal = refusal_of("<urn:a> <urn:b> <urn:c> .\n<urn:a> a <urn:b> .\n<urn:a> nothing:here 1 .")
    assert refusal.observations[0].spot is not None
    assert refusal.observations[0].spot.line == 3
    assert refusal.forms == (Form.TURTLE,)


def test_truncated_xml_is_no_xml() -> None:
    """The RDF parser reads such a file without complaint."""
    assert refused(XML.replace("</rdf:RDF>", "")) == ["NOT-XML"]


@pytest.mark.parametrize("name", ["loq.xml", "loq_withLearningAchievementSpecification.xml"])
def test_the_xml_of_the_register_is_named(reference: Path, name: str) -> None:
    assert refused((reference / "elm" / "samples" / "qdr" / name).read_bytes(), name) == ["LOQ-XML"]


def test_an_empty_graph_says_nothing() -> None:
    reading = accepted("@prefix e: <urn:e:> .")
    assert (codes(reading), reading.roots, reading.triples) == (["NO-TRIPLES"], (), ())
    assert codes(accepted(f"{RDF}</rdf:RDF>")) == ["NO-TRIPLES"]


@pytest.mark.parametrize(
    ("name", "media_type", "told"),
    [
        ("file.ttl", "text/turtle", []),
        ("FILE.TTL", "text/turtle; charset=utf-8", []),
        ("file.txt", "application/octet-stream", []),
        ("file.json", "", ["ENDING"]),
        ("file.rdf", "application/rdf+xml", ["ENDING", "MEDIA-TYPE"]),
        ("file.nt", "application/ld+json", ["ENDING", "MEDIA-TYPE"]),
    ],
)
def test_name_and_media_type_that_do_not_fit(name: str, media_type: str, told: list[str]) -> None:
    assert codes(accepted(TURTLE, name, media_type)) == told


def test_a_large_literal_is_read() -> None:
    head = "@prefix elm: <http://data.europa.eu/snb/model/elm/> .\n<urn:q> a elm:Qualification ; "
    text = f'{head} elm:p "{"x" * 1_300_000}" .'
    assert len(accepted(text).triples) == 2
