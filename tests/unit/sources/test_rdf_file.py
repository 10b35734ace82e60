"""Any RDF: what is kept, what becomes a claim, what is set aside, and that the same file gives the same names."""

import gzip
from pathlib import Path

import pyoxigraph as ox
import pytest

from passerelle.errors import InputError, MalformedInput, UnexpectedInput, UnsafeInput
from passerelle.graph.statements.foreign import write_foreign
from passerelle.graph.statements.writer import GraphWriter
from passerelle.messages import catalogue
from passerelle.namespaces import Minting
from passerelle.records.tally import Reject, Tally
from passerelle.sources.rdf_file import RdfFile

MINTING = Minting("https://example.org/b")
GENID = "https://example.org/b/.well-known/genid/"


def read(path: Path) -> tuple[set[tuple[str, str, str, str]], Tally, list[Reject]]:
    set_aside: list[Reject] = []
    tally = Tally(on_reject=set_aside.append)
    source = RdfFile(path, None, MINTING)
    writer = GraphWriter(MINTING.graph(source.slug), MINTING)
    for record in source.read(tally):
        write_foreign(writer, record)
    quads = writer.drain()
    assert not any(isinstance(each, ox.BlankNode) for q in quads for each in (q.subject, q.object, q.graph_name))
    return {(q.subject.value, q.predicate.value, str(q.object), q.graph_name.value) for q in quads}, tally, set_aside


def file(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_default_and_named_graphs_are_kept(tmp_path: Path) -> None:
    text = '<http://a.eu/s> <http://a.eu/p> "x" .\n<http://a.eu/s> <http://a.eu/p> "y" <http://a.eu/g> .\n'
    stated, tally, _ = read(file(tmp_path, "x.nq", text))
    assert stated == {
        ("http://a.eu/s", "http://a.eu/p", '"x"', "https://example.org/b/graph/rdf-x"),
        ("http://a.eu/s", "http://a.eu/p", '"y"', "http://a.eu/g"),
    }
    assert tally.accepted == {"quad": 2}


def test_our_graphs_are_reserved_and_each_statement_in_them_is_rejected(tmp_path: Path) -> None:
    text = "".join(
        f"<http://a.eu/s> <http://a.eu/p> {n} <https://example.org/b/graph/{name}> .\n"
        for n, name in (('"1"', "links"), ('"2"', "rdf-x"))
    )
    stated, tally, set_aside = read(file(tmp_path, "x.nq", text + '<http://a.eu/s> <http://a.eu/p> "z" .\n'))
    assert len(stated) == 1
    assert [r.message_id for r in set_aside] == ["rdf-reserved-graph"] * 2
    assert set_aside[0].parameters["graph"] == "https://example.org/b/graph/links"
    assert (tally.accepted["quad"], tally.rejected["quad"]) == (1, 2)


def test_what_a_file_says_about_our_things_is_its_claim(tmp_path: Path) -> None:
    text = '<https://example.org/b/id/rncp/1> <http://purl.org/dc/terms/title> "Mine" <http://a.eu/g> .\n'
    stated, tally, _ = read(file(tmp_path, "x.nq", text))
    graph = "https://example.org/b/graph/rdf-x"
    [claim] = {s for s, _, _, _ in stated}
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    assert claim.startswith("https://example.org/b/id/claim/")
    assert stated == {
        (claim, rdf + "type", "<https://w3id.org/passerelle/ontology#Claim>", graph),
        (claim, rdf + "subject", "<https://example.org/b/id/rncp/1>", graph),
        (claim, rdf + "predicate", "<http://purl.org/dc/terms/title>", graph),
        (claim, rdf + "object", '"Mine"', graph),
        (claim, "http://www.w3.org/ns/prov#wasAttributedTo", "<https://example.org/b/id/source/rdf-x>", graph),
    }
    assert tally.accepted == {"quad": 1, "claim": 1}


@pytest.mark.parametrize(
    "subject",
    [
        "https://w3id.org/passerelle/ontology#Bloc",
        "https://w3id.org/passerelle/vocabulary/unit-kind/bloc",
        "../../../id/a",
    ],
)
def test_ontology_vocabulary_and_relative_ways_to_our_things_are_claims_too(tmp_path: Path, subject: str) -> None:
    stated, tally, _ = read(file(tmp_path, "x.ttl", f"<{subject}> <http://a.eu/p> 1 ."))
    assert tally.accepted["claim"] == 1
    assert all("/id/claim/" in s for s, _, _, _ in stated)


TURTLE = """@prefix e: <http://a.eu/> .
e:a e:p [ e:q 1 ; e:r [ e:s 2 ] ], _:x . _:x e:p <urn:epass:q:1> .
<http://Q-01> e:p <http://q-02/x>, <#local>, <http://a.eu/ok>, <http://user@host:80/z> . e:l e:p ( 1 2 ) ."""
JSON = (
    '{"@context": {"e": "http://a.eu/"}, "@id": "urn:epass:1", "e:p": {"e:q": [1, {"e:r": {"@id": "_:k"}}]},'
    ' "e:s": {"@id": "_:k"}}'
)


@pytest.mark.parametrize(("name", "text"), [("x.ttl", TURTLE), ("x.trig", TURTLE), ("x.jsonld", JSON)])
def test_the_same_file_gives_the_same_names_every_time(tmp_path: Path, name: str, text: str) -> None:
    path = file(tmp_path, name, text)
    first = read(path)[0]
    assert all(read(path)[0] == first for _ in range(5))
    copy = file(tmp_path, "copy-" + name, text)
    renamed = {(s, p, o, "g") for s, p, o, _ in read(copy)[0]}
    assert renamed == {(s, p, o, "g") for s, p, o, _ in first}


def test_local_names_are_skolemised_and_global_ones_kept(tmp_path: Path) -> None:
    stated, _, _ = read(file(tmp_path, "x.ttl", TURTLE))
    names = {s for s, _, _, _ in stated} | {o[1:-1] for _, _, o, _ in stated if o.startswith("<")}
    kept = {n for n in names if not n.startswith(GENID)}
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    assert kept == {"http://a.eu/a", "http://a.eu/l", "http://a.eu/ok", rdf + "nil"}


def test_two_files_never_share_a_name(tmp_path: Path) -> None:
    one = read(file(tmp_path, "x.nq", '_:a <http://a.eu/p> "1" .\n'))[0]
    two = read(file(tmp_path, "x.nq", '_:a <http://a.eu/p> "2" .\n'))[0]
    assert {s for s, _, _, _ in one}.isdisjoint({s for s, _, _, _ in two})


def test_gzip_and_rdf_xml(tmp_path: Path) -> None:
    xml = (
        '<?xml version="1.0"?><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://a.eu/">'
        '<r:Description r:about="http://a.eu/s"><e:p>x</e:p></r:Description></r:RDF>'
    )
    assert len(read(file(tmp_path, "x.rdf", xml))[0]) == 1
    (tmp_path / "x.nt.gz").write_bytes(gzip.compress(b'<http://a.eu/s> <http://a.eu/p> "x" .\n', mtime=0))
    assert len(read(tmp_path / "x.nt.gz")[0]) == 1


def test_persons_are_not_published_wherever_their_type_stands(tmp_path: Path) -> None:
    text = """@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix e: <http://a.eu/> .
    e:someone foaf:name "Jane Doe" ; e:p 1 . e:body foaf:mbox <mailto:j@a.eu> ; e:p 1 . e:someone a foaf:Person ."""
    stated, tally, set_aside = read(file(tmp_path, "x.ttl", text))
    assert [(s, p) for s, p, _, _ in stated] == [("http://a.eu/body", "http://a.eu/p")]
    assert (tally.accepted["quad"], tally.rejected["quad"]) == (1, 4)
    assert {r.message_id for r in set_aside} == {"rdf-person"}
    assert "Jane" not in str(set_aside)


def test_rdf_1_2_is_set_aside(tmp_path: Path) -> None:
    text = """VERSION "1.2"
    <http://a.eu/s> <http://a.eu/p> <<( <http://a.eu/s> <http://a.eu/p> 1 )>>, "x"@en--ltr, "y"@en ."""
    stated, tally, set_aside = read(file(tmp_path, "x.ttl", text))
    assert [o for _, _, o, _ in stated] == ['"y"@en']
    assert sorted(r.message_id for r in set_aside) == ["rdf-direction", "rdf-triple-term"]
    assert tally.rejected["quad"] == 2


DOCTYPE = '<!DOCTYPE x [<!ENTITY e "z">]>'
RDF = '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'


@pytest.mark.parametrize(
    ("name", "text", "error", "message_id", "line"),
    [
        ("x.nq", '<http://a.eu/s> <http://a.eu/p> "x" .\n<http://a.eu/s> .\n', MalformedInput, "rdf-syntax", 2),
        ("x.ttl", "@prefix e: <http://a.eu/> .\ne:a e:p e:b\ne:c e:d e:e .", MalformedInput, "rdf-syntax", 3),
        ("x.jsonld", '{"a":\n,}', MalformedInput, "rdf-syntax", 2),
        ("x.jsonld", '{"a": 1, "a": 2}', MalformedInput, "rdf-json-key-twice", None),
        ("x.jsonld", "[" * 5000 + "]" * 5000, UnsafeInput, "rdf-json-deep", None),
        ("x.jsonld", '{"@context": "https://evil.example/c"}', UnexpectedInput, "rdf-context", None),
        ("x.jsonld", '{"@context": {"@import": "https://evil.example/c"}}', UnexpectedInput, "rdf-context", None),
        ("x.jsonld", '{"payload": "{}"}', UnexpectedInput, "rdf-empty", None),
        ("x.ttl", "# nothing", UnexpectedInput, "rdf-empty", None),
        ("x.txt", "", UnexpectedInput, "archive-not-one", None),
        ("x.rdf", DOCTYPE + RDF + "</r:RDF>", UnsafeInput, "xml-doctype", None),
        ("x.rdf", RDF + DOCTYPE.lower() + "</r:RDF>", UnsafeInput, "xml-doctype", None),
        ("x.rdf", RDF + "<x></r:RDF>", MalformedInput, "rdf-syntax", None),
        ("x.xml", '<Courses xmlns="http://data.europa.eu/x/"/>', UnexpectedInput, "rdf-xml-root", None),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_told(
    tmp_path: Path, name: str, text: str, error: type[InputError], message_id: str, line: int | None
) -> None:
    with pytest.raises(error) as raised:
        read(file(tmp_path, name, text))
    assert raised.value.message_id == message_id
    assert raised.value.place.file == name
    if line is not None:
        assert raised.value.place.line == line
    assert raised.value.what("fr") != raised.value.what("en")


def test_a_doctype_across_two_pieces_is_seen(tmp_path: Path) -> None:
    text = RDF + " " * (1024 * 1024 - len(RDF) - 5) + DOCTYPE + "</r:RDF>"
    with pytest.raises(UnsafeInput):
        read(file(tmp_path, "x.rdf", text))


def test_json_keys_without_a_meaning_are_told(tmp_path: Path) -> None:
    text = '{"@context": {"t": "http://a.eu/t"}, "@id": "http://a.eu/s", "t": 1, "tt": {"t": 2}}'
    _, tally, set_aside = read(file(tmp_path, "x.jsonld", text))
    assert tally.notices == {"rdf-json-key": 1}
    assert (set_aside[0].parameters, set_aside[0].place.pointer) == ({"key": "tt"}, "/tt")


def test_every_message_fills_in_both_languages() -> None:
    for identifier, text in catalogue().items():
        if identifier.startswith("rdf-"):
            english, french = (each.split("{")[1:] for each in (text.en, text.fr))
            assert {part.split("}")[0] for part in english} == {part.split("}")[0] for part in french}


def test_a_file_cannot_call_its_own_links_reviewed(tmp_path: Path) -> None:
    psl = "https://w3id.org/passerelle/ontology#"
    text = (
        f"<http://a.eu/l> a <{psl}SkillLink> ; <{psl}linkState> "
        "<https://w3id.org/passerelle/vocabulary/link-state/accepted> ; <http://purl.org/dc/terms/title> 'kept' ."
    )
    stated, tally, set_aside = read(file(tmp_path, "forged.ttl", text))
    assert {predicate for _, predicate, _, _ in stated} == {"http://purl.org/dc/terms/title"}
    assert [reject.message_id for reject in set_aside] == ["rdf-reserved-term"] * 2
    assert (tally.accepted["quad"], tally.rejected["quad"]) == (1, 2)


def test_a_text_that_no_xml_answer_could_hold_is_set_aside(tmp_path: Path) -> None:
    _, tally, set_aside = read(file(tmp_path, "x.nt", '<http://a.eu/s> <http://a.eu/p> "a\\u0001b" .\n'))
    assert [reject.message_id for reject in set_aside] == ["rdf-control"]
    assert tally.rejected == {"quad": 1}
