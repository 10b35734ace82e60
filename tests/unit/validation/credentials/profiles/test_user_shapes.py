"""The user's own shapes: the untouched official files, refusals, and what cannot be run."""

from __future__ import annotations

from pathlib import Path

import pytest

from passerelle.errors import MalformedInput, UnexpectedInput, UnsafeInput
from passerelle.messages import message
from passerelle.validation.credentials.model import IRI, Observation, ProfileVerdict, Term
from passerelle.validation.credentials.profiles import user_shapes_file
from passerelle.validation.credentials.profiles.run import ProfileRun
from passerelle.validation.credentials.profiles.user_shapes import UserShapes
from passerelle.validation.credentials.rules import rule
from unit.validation.credentials.profiles.samples import samples
from unit.validation.credentials.profiles.test_run import triples

_HEAD = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix : <https://example.org/> . @prefix elm: <http://data.europa.eu/snb/model/elm/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
_DATA = triples(":n a elm:Note ; elm:noteLiteral 'secret' ; elm:page <https://example.org/page> .")


def shapes(folder: Path, text: str, name: str = "mine.ttl") -> Path:
    path = folder / name
    path.write_text(_HEAD + text, encoding="utf-8")
    return path


def run(*paths: Path) -> tuple[ProfileVerdict, tuple[Observation, ...]]:
    (verdict,), seen = UserShapes.of(paths).observe(_DATA)
    return verdict, seen


def test_the_untouched_official_files(reference: Path) -> None:
    folder = reference / "elm" / "shapes" / "edc"
    mine = UserShapes.of([folder / "EDC-generic-full.ttl", folder / "EDC-generic-no-cv.ttl"])
    for name, data in samples(reference).items():
        ours = {
            (each.node, each.path, each.component) for each in ProfileRun.of("edc-generic-full").check(data).official
        }
        (verdict,), seen = mine.observe(data)
        results = [each for each in seen if each.code == "ELM-SHAPES-RESULT"]
        assert verdict.name == "EDC-generic-full.ttl + EDC-generic-no-cv.ttl"
        assert verdict.conforms is (not ours), name
        assert {(each.node, each.path, each.component) for each in results} == ours, name
        assert verdict.violations == len(results)


def test_misspelt_terms_are_told(reference: Path) -> None:
    folder = reference / "elm" / "shapes" / "edc"
    _, seen = UserShapes.of([folder / "EDC-generic-no-cv.ttl"]).observe(())
    told = {each.parameters["term"] for each in seen if each.code == "ELM-SHAPES-UNKNOWN-TERM"}
    assert told == {"sh:nodekind", "sh:propertyShape"}


@pytest.mark.parametrize("name", ["loq/LOQ-constraints.ttl", "ams/AMS-constraints.ttl"])
def test_a_broken_pattern_is_named(name: str, reference: Path) -> None:
    (verdict,), seen = UserShapes.of([reference / "elm" / "shapes" / name]).observe(
        triples(":c a elm:ContactPoint ; elm:emailAddress <mailto:a@example.org> .")
    )
    assert (verdict.conforms, verdict.reason) == (None, "shapes-not-run-pattern")
    assert message(verdict.reason).en
    (told,) = [each for each in seen if each.code == "ELM-SHAPES-PATTERN"]
    assert "\\p{L}" in told.parameters["pattern"]


def test_the_reference_engine_takes_over_where_the_pattern_is_not_met(reference: Path) -> None:
    (verdict,), seen = UserShapes.of([reference / "elm" / "shapes" / "loq" / "LOQ-constraints.ttl"]).observe(
        triples(":m a elm:Mailbox ; dcterms:title 'x' .")
    )
    assert (verdict.conforms, verdict.violations) == (False, 1)
    assert [each.component for each in seen] == ["sh:ClosedConstraintComponent"]


def test_a_report_does_not_depend_on_the_one_before(tmp_path: Path) -> None:
    """The fast engine refuses an IRI with a space, and the other one takes a bare date for a date with a time."""
    mine = UserShapes.of(
        [shapes(tmp_path, ":s a sh:PropertyShape ; sh:targetClass elm:Note ; sh:path :at ; sh:datatype xsd:dateTime .")]
    )
    bare = triples(":n a elm:Note ; :at '2026-06-15'^^xsd:dateTime .")
    refused = (*bare, (Term(IRI, "https://example.org/a b"), Term(IRI, "urn:p"), Term(IRI, "urn:o")))
    assert [mine.observe(each)[0][0].conforms for each in (bare, refused, bare)] == [False, True, False]


def test_messages_and_severities(tmp_path: Path) -> None:
    verdict, seen = run(
        shapes(
            tmp_path,
            """:s a sh:NodeShape ; sh:targetClass elm:Note ; sh:property :a , :b , [ sh:path elm:c ; sh:minCount 1 ] .
            :a sh:path elm:a ; sh:minCount 1 ; sh:severity sh:Warning ; sh:message "an a"@en , "un a"@fr .
            :b sh:path elm:b ; sh:minCount 1 ; sh:severity sh:Info .""",
        )
    )
    assert (verdict.name, verdict.conforms, verdict.violations) == ("mine.ttl", False, 1)
    found = {each.path.rpartition("/")[2]: each for each in seen}
    assert {name: each.code for name, each in found.items()} == {
        "a": "ELM-SHAPES-RESULT-WARNING",
        "b": "ELM-SHAPES-RESULT-INFO",
        "c": "ELM-SHAPES-RESULT",
    }
    assert found["a"].parameters["message"] in ("an a", "un a")
    assert found["a"].parameters["shape"] == "https://example.org/a"
    for each in seen:
        for name in ("message", "shape", "file"):
            assert f"{{{name}}}" in rule(each.code).message_fr
            assert name in each.parameters


def test_imports_are_taken_from_the_given_files_alone(tmp_path: Path) -> None:
    top = shapes(
        tmp_path,
        "<urn:top> a owl:Ontology ; owl:imports <urn:below> , <https://example.org/not-fetched> . "
        ":s a sh:NodeShape ; sh:targetClass elm:Note ; sh:node :below .",
        "top.ttl",
    )
    below = shapes(
        tmp_path,
        "<urn:below> a owl:Ontology . :below a sh:NodeShape ; sh:property [ sh:path elm:x ; sh:minCount 1 ] .",
        "below.ttl",
    )
    other = shapes(tmp_path, ":o a sh:NodeShape ; sh:targetClass elm:Note ; sh:nodeKind sh:IRI .", "other.ttl")
    verdicts, seen = UserShapes.of([below, other, top]).observe(_DATA)
    assert [(each.name, each.conforms) for each in verdicts] == [("other.ttl", True), ("below.ttl + top.ttl", False)]
    assert [(each.parameters["shape"], each.parameters["file"]) for each in seen] == [
        ("https://example.org/s", "top.ttl")
    ]


def test_files_that_import_each_other(tmp_path: Path) -> None:
    one = shapes(
        tmp_path,
        "<urn:1> a owl:Ontology ; owl:imports <urn:2> . :a a sh:NodeShape ; sh:targetClass elm:Note ; "
        "sh:nodeKind sh:IRI .",
        "1.ttl",
    )
    two = shapes(
        tmp_path,
        "<urn:2> a owl:Ontology ; owl:imports <urn:1> . :b a sh:NodeShape ; sh:targetClass elm:Note ; "
        "sh:nodeKind sh:Literal .",
        "2.ttl",
    )
    verdicts, seen = UserShapes.of([one, two]).observe(_DATA)
    assert [(each.name, each.conforms) for each in verdicts] == [("1.ttl + 2.ttl", False)]
    assert len(seen) == 1


_QUERY = ':s a sh:NodeShape ; sh:targetClass elm:Note ; sh:sparql [ sh:select """{}""" ] .'


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("SELECT $this WHERE { SERVICE <http://127.0.0.1:1/> { ?a ?b $this } }", "SERVICE"),
        ("SELECT $this WHERE { service silent <http://127.0.0.1:1/> { ?a ?b $this } }", "SERVICE"),
        ("SELECT $this FROM <file:///etc/passwd> WHERE { $this ?b ?c }", "FROM"),
        ("SELECT $this FROM NAMED <http://127.0.0.1:1/> { $this ?b ?c }", "FROM"),
        ("SELECT $this WHERE { $this ?b '#' . SERVICE <http://127.0.0.1:1/> { ?a ?b $this } }", "SERVICE"),
        ("SELECT $this # a comment\\nFROM <http://127.0.0.1:1/> { $this ?b ?c }", "FROM"),
    ],
)
def test_queries_reach_nothing_else(query: str, word: str, tmp_path: Path) -> None:
    verdict, (seen,) = run(shapes(tmp_path, _QUERY.format(query)))
    assert (verdict.conforms, verdict.reason) == (None, "shapes-not-run-refused")
    assert (seen.code, seen.parameters["term"]) == ("ELM-SHAPES-REFUSED", word)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT $this WHERE { $this ?p ?service . FILTER (?service = 'FROM SERVICE') }",
        "SELECT $this WHERE { $this <https://example.org/FROM> ?from } # SERVICE",
    ],
)
def test_such_words_elsewhere_do_no_harm(query: str, tmp_path: Path) -> None:
    verdict, _ = run(shapes(tmp_path, _QUERY.format(query)))
    assert verdict.conforms is True


def test_scripts_are_refused(tmp_path: Path) -> None:
    verdict, (seen,) = run(
        shapes(tmp_path, ":s a sh:NodeShape ; sh:targetClass elm:Note ; sh:js [ sh:jsFunctionName 'f' ] .")
    )
    assert verdict.conforms is None
    assert seen.parameters["term"] in ("sh:js", "sh:jsFunctionName")


def test_shapes_that_no_engine_takes(tmp_path: Path) -> None:
    verdict, (seen,) = run(
        shapes(
            tmp_path,
            ":s a sh:NodeShape ; sh:targetClass elm:Note ; sh:property [ sh:path elm:a , elm:b ; sh:minCount 'x' ] .",
        )
    )
    assert (verdict.conforms, verdict.reason) == (None, "shapes-not-run-engine")
    assert seen.parameters["detail"]
    assert "secret" not in seen.parameters["detail"]


def test_files_that_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MalformedInput, match="cannot be read"):
        UserShapes.of([tmp_path / "missing.ttl"])
    with pytest.raises(MalformedInput, match="cannot be read") as caught:
        UserShapes.of([shapes(tmp_path, "this is no Turtle")])
    assert caught.value.place.file == "mine.ttl"
    assert str(caught.value).count("line 4") == 1
    with pytest.raises(UnexpectedInput, match="no SHACL shape"):
        UserShapes.of([shapes(tmp_path, ":a :b :c .")])
    entity = tmp_path / "bomb.rdf"
    entity.write_text("<!DOCTYPE x [<!ENTITY a 'aa'>]><rdf:RDF/>", encoding="utf-8")
    with pytest.raises(UnsafeInput, match="DOCTYPE"):
        UserShapes.of([entity])
    remote = tmp_path / "remote.jsonld"
    remote.write_text('{"@context": "http://127.0.0.1:1/context", "@id": "urn:a"}', encoding="utf-8")
    with pytest.raises(MalformedInput, match="cannot be read"):
        UserShapes.of([remote])
    monkeypatch.setattr(user_shapes_file, "MAXIMUM_BYTES", 10)
    with pytest.raises(UnsafeInput, match="at most 10 are read"):
        UserShapes.of([shapes(tmp_path, ":a :b :c .")])
