"""Everything that a JSON-LD processor drops without a word is told, with its place; what is right is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from passerelle.validation.credentials.model import NotReadable, Observation
from passerelle.validation.credentials.reading.json_ld import read_json_ld
from passerelle.validation.credentials.reading.json_text import parse
from passerelle.validation.credentials.reading.limits import Limits
from unit.validation.credentials.reading.oracle import BADGES, DEFAULT, EDC, V1, V2, read, samples

ELM = "http://data.europa.eu/snb/model/elm/"


def credential(**rest: Any) -> dict[str, Any]:
    types = ["VerifiableCredential", "EuropeanDigitalCredential"]
    return {"@context": list(DEFAULT), "id": "urn:c", "type": types, "issuer": "urn:i", **rest}


def told(value: Any) -> list[tuple[str, str, dict[str, str]]]:
    found = []
    for each in read(value).observations:
        assert each.spot is not None
        found.append((each.code.removeprefix("ELM-READING-"), each.spot.pointer or "", dict(each.parameters)))
    return found


@pytest.mark.parametrize(
    ("key", "nearest"),
    [
        ("EQFLevel", "eqfLevel"),
        ("ISCEDFCode", "thematicArea"),
        ("specifedBy", "specifiedBy"),
        ("nationalId", "nationalID"),
        ("credentialSubjct", "credentialSubject"),
    ],
)
def test_misspelt_keys(key: str, nearest: str) -> None:
    assert told(credential(**{key: {"x": 1}})) == [("MISSPELT-KEY", f"/{key}", {"key": key, "nearest": nearest})]


@pytest.mark.parametrize(
    ("key", "nearest", "code_point", "name", "looks_like"),
    [
        ("eIDASΙdentifier", "eIDASIdentifier", "U+0399", "GREEK CAPITAL LETTER IOTA", "I"),
        ("tіtle", "title", "U+0456", "CYRILLIC SMALL LETTER BYELORUSSIAN-UKRAINIAN I", "i"),
    ],
)
def test_letters_of_another_script(key: str, nearest: str, code_point: str, name: str, looks_like: str) -> None:
    parameters = {"key": key, "nearest": nearest, "code_point": code_point, "name": name, "looks_like": looks_like}
    assert told(credential(**{key: {"x": 1}})) == [("LOOKALIKE-KEY", f"/{key}", parameters)]


def test_a_letter_of_another_script_and_another_slip_are_a_misspelling() -> None:
    assert [each[0] for each in told(credential(Tіtle={"en": "x"}))] == ["MISSPELT-KEY"]


@pytest.mark.parametrize("key", ["context", "Context", "@contex", "@Context", "@contxet"])
def test_the_context_under_another_key(key: str) -> None:
    value = credential(title={"en": "x"})
    value[key] = value.pop("@context")
    found = [(each.code, each.parameters.get("nearest")) for each in read(value, DEFAULT).observations]
    assert found == [("ELM-READING-NO-CONTEXT", None), ("ELM-READING-MISSPELT-KEY", "@context")]


def test_content_is_not_taken_for_the_context() -> None:
    value = {"@context": EDC, "id": "urn:m", "type": "MediaObject", "contnt": "x"}
    assert told(value) == [("MISSPELT-KEY", "/contnt", {"key": "contnt", "nearest": "content"})]


def test_a_type_that_is_missing_is_told_where_it_is_missing() -> None:
    value = credential(validFrom="2026-01-01T00:00:00Z", title={"en": "x"})
    value["type"] = "EuropeanDigitalCredential"
    keys = {"type": "VerifiableCredential", "keys": "`issuer`, `validFrom`"}
    found = told(value)
    assert found[0] == ("TYPE-MISSING", "/type", keys)
    assert [(code, place) for code, place, _ in found[1:]] == [
        ("KEY-OUT-OF-PLACE", "/issuer"),
        ("KEY-OUT-OF-PLACE", "/validFrom"),
    ]
    assert {each.node for each in read(value).observations} == {"urn:c"}
    del value["type"]
    assert told(value)[0] == ("TYPE-MISSING", "", keys)


@pytest.mark.parametrize(
    ("rest", "node", "path", "example"),
    [
        ({"homepage": "example.org"}, "urn:c", "homepage", "https://example.org"),
        ({"issuer": "Some body"}, "urn:c", "issuer", "https://…"),
        ({"issuer": {"id": "Some body", "type": "Organisation"}}, "urn:c", "issuer", "https://…"),
        ({"hasClaim": {"id": "urn:q", "eqfLevel": "5"}}, "urn:q", "EQFLevel", "http://data.europa.eu/snb/eqf/5"),
        (
            {"hasClaim": {"id": "urn:a", "countryCode": ["FR"]}},
            *("urn:a", "countryCode", "http://publications.europa.eu/resource/authority/country/FRA"),
        ),
        (
            {"hasClaim": {"id": "urn:q", "emailAddress": {"id": "a@b.example"}}},
            *("urn:q", "emailAddress", "mailto:a@b.example"),
        ),
    ],
)
def test_what_is_no_address_names_what_it_leaves_without_a_value(
    rest: dict[str, Any], node: str, path: str, example: str
) -> None:
    (found,) = (each for each in read(credential(**rest)).observations if each.code == "ELM-READING-RELATIVE-IRI")
    assert (found.node, found.path.rpartition("/")[2].rpartition("#")[2]) == (node, path)
    assert found.parameters == {"example": example}


@pytest.mark.parametrize(
    ("title", "code", "pointer", "parameters"),
    [
        ([{"fr": "x"}, {"en": "y"}], "TEXTS-IN-ARRAY", "/title", {"example": '{"fr": "…", "en": "…"}'}),
        ({"@value": "x", "@language": "fr"}, "TEXT-AS-VALUE-OBJECT", "/title", {"example": '{"fr": "…"}'}),
        ({"fr": 12}, "TEXT-WITHOUT-QUOTES", "/title/fr", {}),
        (None, "NULL", "/title", {"key": "title"}),
    ],
)
def test_texts_in_another_form(title: Any, code: str, pointer: str, parameters: dict[str, str]) -> None:
    value = credential(title=title)
    assert told(value) == [(code, pointer, parameters)]
    (found,) = read(value).observations
    assert (found.node, found.path) == ("urn:c", "http://purl.org/dc/terms/title")


def test_value_objects_in_an_array_are_texts() -> None:
    value = credential(title=[{"@value": "x", "@language": "fr"}])
    assert told(value) == []
    assert any(each[2].value == "x" and each[2].language == "fr" for each in read(value).triples)


@pytest.mark.parametrize(
    ("key", "instead"), [("issued", "validFrom"), ("issuanceDate", "validFrom"), ("expirationDate", "validUntil")]
)
def test_dates_that_the_second_version_does_not_know(key: str, instead: str) -> None:
    value = {**credential(**{key: "2026-01-01T00:00:00Z"}), "@context": [V2, EDC]}
    assert told(value)[1:] == [("KEY-OF-VERSION-1", f"/{key}", {"key": key, "nearest": instead})]


def test_the_place_of_a_key_is_the_key() -> None:
    text = json.dumps(credential(EQFLevel={"x": 1}))
    (found,) = read_json_ld(parse(text)).observations
    assert found.node == "urn:c"
    assert found.spot is not None
    assert (found.spot.line, found.spot.column) == (1, text.index('"EQFLevel"') + 1)


def test_keys_that_are_terms_for_another_type() -> None:
    value = {"@context": list(DEFAULT), "id": "urn:c", "type": "EuropeanDigitalCredential", "issuer": {"id": "urn:i"}}
    assert told(value) == [("KEY-OUT-OF-PLACE", "/issuer", {"key": "issuer", "type": "VerifiableCredential"})]


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ({"hobby": "chess"}, ("UNKNOWN-KEY", "/hobby", {"key": "hobby"})),
        ({"@foo": 1}, ("UNKNOWN-KEY", "/@foo", {"key": "@foo"})),
        ({"hasClaim": {"type": "Qualificaton"}}, ("MISSPELT-TYPE", "/hasClaim/type", {"nearest": "Qualification"})),
        ({"hasClaim": {"type": ["Claim", "Badge"]}}, ("UNKNOWN-TYPE", "/hasClaim/type/1", {})),
        ({"foo:title": "x"}, ("UNKNOWN-PREFIX", "/foo:title", {"prefix": "foo"})),
        ({"@version": 1.1}, ("MISPLACED-KEYWORD", "/@version", {"keyword": "@version"})),
        ({"homepage": "example.org"}, ("RELATIVE-IRI", "/homepage", {"example": "https://example.org"})),
        ({"homepage": {"id": "a.example"}}, ("RELATIVE-IRI", "/homepage/id", {"example": "https://a.example"})),
        ({"homepage": "http://example.org/a b"}, ("BAD-IRI", "/homepage", {})),
        ({"homepage": {"id": None}}, ("NOT-JSON-LD", "/homepage/id", {"error": "invalid @id value"})),
        ({"title": {"français": "x"}}, ("BAD-LANGUAGE", "/title/français", {})),
        ({"title": {"en ": "x"}}, ("LANGUAGE-MENDED", "/title/en ", {"tag": "en"})),
        ({"title": {"en_GB": "x"}}, ("LANGUAGE-MENDED", "/title/en_GB", {"tag": "en-GB"})),
        ({"title": {"en": ["a", 5]}}, ("TEXT-WITHOUT-QUOTES", "/title/en/1", {})),
        ({"title": {"en": {"a": 5}}}, ("NOT-JSON-LD", "/title/en", {"error": "invalid language map value"})),
        ({"value": 1.5}, ("NUMBER-FORM", "/value", {"form": "1.5E0", "datatype": "decimal"})),
        ({"page": {"@value": 1, "@id": "x"}}, ("NOT-JSON-LD", "/page", {"error": "invalid value object"})),
        ({"page": {"@value": [1]}}, ("NOT-JSON-LD", "/page/@value", {"error": "invalid value object value"})),
        ({"type": [5, "VerifiableCredential"]}, ("NOT-JSON-LD", "/type", {"error": "invalid type value"})),
        ({"@id": "urn:d"}, ("NOT-JSON-LD", "/id", {"error": "colliding keywords"})),
        ({"page": {"@value": "x", "@direction": "rtl"}}, ("DIRECTION", "/page/@direction", {})),
        ({"@reverse": "x"}, ("NOT-JSON-LD", "/@reverse", {"error": "invalid @reverse value"})),
        ({"@included": "x"}, ("NOT-JSON-LD", "/@included", {"error": "invalid @included value"})),
    ],
)
def test_each_loss(rest: dict[str, Any], expected: tuple[str, str, dict[str, str]]) -> None:
    assert told(credential(**rest)) == [expected]


def test_no_iri_comes_out_that_rdf_forbids() -> None:
    graph = read(credential(homepage="http://example.org/a b<c>", title={"en ": "x"}))
    assert {each[2].value for each in graph.triples if each[1].value.endswith("homepage")} == {
        "http://example.org/a%20b%3Cc%3E"
    }
    assert {each[2].language for each in graph.triples} == {None, "en"}


@pytest.mark.parametrize(
    "rest",
    [
        {"proof": {"type": "Ed25519Signature2020", "cryptosuit": 1, "verificationMethod": "rel", "x": {"y": 1}}},
        {"hasClaim": [], "homepage": {"id": "https://é.example/ü?q=%20#f"}},
        {"elm:anything": 1, "urn:x:y": 1, "https://example.org/p": 1},
        {"@context": [*DEFAULT, {"note": None}], "note": "left out on purpose"},
    ],
)
def test_what_is_right_is_not_told(rest: dict[str, Any]) -> None:
    assert told(credential(**rest)) == []


def test_ids_of_two_things() -> None:
    person = {"id": "urn:p", "type": "Person", "givenName": {"en": "Ada"}}
    other = {"id": "urn:p", "type": "Organisation", "legalName": {"en": "ACME"}}
    renamed = {"id": "urn:p", "type": "Person", "givenName": {"en": "Grace"}}
    part = {"id": "urn:p", "givenName": {"fr": "Ada"}}
    assert told(credential(hasClaim=[person, person, part, {"id": "urn:p"}])) == []
    assert told(credential(hasClaim=[person, other])) == [("SAME-ID", "/hasClaim/1", {"key": "type"})]
    assert told(credential(hasClaim=[person, part, renamed])) == [("SAME-ID", "/hasClaim/2", {"key": "givenName"})]
    assert told(credential(hasClaim=[{"id": "urn:i", "notation": "1"}, {"id": "urn:i", "notation": "2"}])) == [
        ("SAME-ID", "/hasClaim/1", {"key": "notation"})
    ]


def test_what_belongs_to_nothing() -> None:
    value = {"@context": EDC, "@graph": [{"id": "urn:a"}, "x", {"@value": 1}, {"id": "urn:b", "notation": "1"}]}
    assert told(value) == [("FREE-FLOATING", f"/@graph/{number}", {}) for number in range(3)]


@pytest.mark.parametrize("value", [[], {}, "x", 5, None, {"@context": EDC}, {"@context": EDC, "nothing": "known"}])
def test_nothing_said(value: Any) -> None:
    assert [each for each in told(value) if each[0] == "NO-TRIPLES"] == [("NO-TRIPLES", "", {})]


def test_default_contexts_where_there_is_none() -> None:
    value = credential(title={"en": "x"})
    with_context = read(value)
    del value["@context"]
    reading = read(value, DEFAULT)
    assert reading.triples == with_context.triples
    assert reading.contexts == DEFAULT
    assert [each.code for each in reading.observations] == ["ELM-READING-NO-CONTEXT"]
    assert read({"@graph": [value]}, DEFAULT).triples == reading.triples
    assert read([{"@id": "urn:a", "urn:p": [{"@value": 1}]}], DEFAULT).contexts == ()


def test_the_context_of_a_wrapper_counts() -> None:
    inner = credential(title={"en": "x"})
    outer = {"@context": inner.pop("@context"), "credential": inner}
    reading = read_json_ld(parse(json.dumps(outer)), "/credential", DEFAULT)
    assert (len(reading.triples), reading.observations) == (4, ())
    assert reading.source.spot("urn:c", "http://purl.org/dc/terms/title").pointer == "/credential/title/en"


def refusal(context: Any) -> Observation:
    with pytest.raises(NotReadable) as refused:
        read({"@context": context, "@id": "urn:s", "p": 1})
    (found,) = refused.value.observations
    return found


@pytest.mark.parametrize(
    ("context", "code", "pointer", "parameters"),
    [
        ("https://example.org/c", "CONTEXT-UNKNOWN", "/@context", {"context": "https://example.org/c", "nearest": EDC}),
        ([V1, EDC + "/"], "CONTEXT-UNKNOWN", "/@context/1", {"context": EDC + "/", "nearest": EDC}),
        ("file:///etc/passwd", "CONTEXT-UNKNOWN", "/@context", {"context": "file:///etc/passwd", "nearest": EDC}),
        ("edc-ap", "CONTEXT-UNKNOWN", "/@context", {"context": "edc-ap", "nearest": EDC}),
        ({"@import": V1}, "KEYWORD", "/@context/@import", {"keyword": "@import"}),
        (5, "CONTEXT-INVALID", "/@context", {"error": "invalid local context"}),
        ([V1, {"a": "b:c", "b": "a:d"}], "CONTEXT-INVALID", "/@context/1/a", {"error": "cyclic IRI mapping"}),
        ({"a": "a:b"}, "CONTEXT-INVALID", "/@context/a", {"error": "cyclic IRI mapping"}),
        ({"@context": {"p": "urn:p"}}, "CONTEXT-INVALID", "/@context/@context", {"error": "keyword redefinition"}),
        ({"@version": 1.0}, "CONTEXT-INVALID", "/@context/@version", {"error": "invalid @version value"}),
        ({"p": "p"}, "CONTEXT-INVALID", "/@context/p", {"error": "invalid IRI mapping"}),
        ({"": "urn:x"}, "CONTEXT-INVALID", "/@context/", {"error": "invalid term definition"}),
        ({"p": {"@id": "urn:p", "@type": "x"}}, "CONTEXT-INVALID", "/@context/p", {"error": "invalid type mapping"}),
        ({"@id": "urn:x"}, "CONTEXT-INVALID", "/@context/@id", {"error": "keyword redefinition"}),
        ([V1, {"type": "urn:type"}], "CONTEXT-PROTECTED", "/@context/1/type", {"key": "type"}),
        ([V1, None], "CONTEXT-INVALID", "/@context/1", {"error": "invalid context nullification"}),
    ],
)  # fmt: skip
def test_contexts_that_cannot_be_followed(context: Any, code: str, pointer: str, parameters: dict[str, str]) -> None:
    found = refusal(context)
    assert (found.code, dict(found.parameters)) == (f"ELM-READING-{code}", parameters)
    assert found.spot is not None
    assert found.spot.pointer == pointer


def test_a_chain_of_terms_and_a_mass_of_contexts_end_at_once() -> None:
    chain = {f"t{n}": f"t{n + 1}:x" for n in range(5_000)}
    assert refusal(chain).code == "ELM-READING-CONTEXT-TOO-LARGE"
    value = {"@context": EDC, "@graph": [{"@context": [EDC, {"x": "urn:x"}], "x": 1}] * 10_000}
    with pytest.raises(NotReadable) as refused:
        read(value)
    assert refused.value.observations[0].code == "ELM-READING-CONTEXT-TOO-LARGE"


def test_contexts_within_contexts_end() -> None:
    value: dict[str, Any] = {"p": 1}
    for _ in range(90):
        value = {"@context": [EDC, {"p": {"@id": "urn:p", "@context": EDC}}], "p": value}
    assert len(read(value).triples) == 91


@pytest.mark.parametrize(
    ("contexts", "clashes"),
    [([V2, EDC], ["description"]), ([V2, BADGES, EDC], ["Address", "Evidence", "description", "image"])],
)
def test_credentials_2_and_edc_ap_are_read_in_spite_of_their_clash(contexts: list[str], clashes: list[str]) -> None:
    value = credential(description={"en": "x"}, displayParameter={"description": {"en": "y"}})
    reading = read({**value, "@context": contexts})
    assert {each.code for each in reading.observations} == {"ELM-READING-CONTEXT-CLASH"}
    assert [each.parameters["key"] for each in reading.observations] == clashes
    described = [each for each in reading.triples if each[2].value in ("x", "y")]
    assert {each[1].value for each in described} == {"http://purl.org/dc/terms/description"}


def test_observations_are_limited() -> None:
    value = credential(**{f"nonsense{n}": n for n in range(500)})
    reading = read_json_ld(parse(json.dumps(value)), limits=Limits(observations=50))
    assert len(reading.observations) == 50


EXPECTED = {
    "cred1.jsonld": [("MISSPELT-KEY", "/credentialSubject/nationalId", "nationalID")],
    "credential-sample.jsonld": [("LOOKALIKE-KEY", "/issuer/eIDASΙdentifier", "eIDASIdentifier")],
    "cred_noLegalName_shouldFail.jsonld": 18,
    "credential_shouldValidate.jsonld": 18,
}


def test_what_the_samples_lose(reference: Path) -> None:
    for name, value in samples(reference).items():
        found = told(value)
        expected = EXPECTED.get(name, [])
        if isinstance(expected, int):
            assert [each[0] for each in found] == ["LANGUAGE-MENDED"] * expected, name
        else:
            assert [(code, pointer, more["nearest"]) for code, pointer, more in found] == expected, name
