"""Each feature of JSON-LD 1.1 on its own: our triples are PyLD's."""

from __future__ import annotations

from typing import Any

import pytest

from unit.validation.credentials.reading.oracle import BADGES, EDC, V1, V2, ours, pyld, read

E = "http://example.org/"
X = "http://www.w3.org/2001/XMLSchema#"
S = {"@id": "http://example.org/s"}


def doc(context: Any, **rest: Any) -> dict[str, Any]:
    return {"@context": context, **S, **rest}


T = {"e": E, "p": "e:p", "q": "e:q", "T": "e:T", "U": "e:U"}

DOCUMENTS: dict[str, Any] = {
    "expanded": [{**S, E + "p": [{"@value": "x", "@language": "fr"}, {"@id": E + "o"}], "@type": [E + "T"]}],
    "flattened": {"@graph": [{**S, E + "p": [{"@id": "_:b0"}]}, {"@id": "_:b0", E + "q": [{"@value": 1}]}]},
    "labels that look like ours": {"@graph": [{"@id": "_:b1", E + "p": {E + "q": 1}}, {E + "p": {"@id": "_:b0"}}]},
    "compact IRIs": doc(T, **{"e:x": {"@id": "e:o"}, "@type": "e:T"}),
    "prefix that is none": doc({"e": {"@id": E}, "f": E + "f"}, **{"e:x": 1, "f:x": 2}),
    "prefix by flag": doc({"e": {"@id": E + "x", "@prefix": True}}, **{"e:y": 1}),
    "term of a term": doc({"e": E, "a": "e:a", "b": {"@id": "a"}}, b=1),
    "absolute term": doc({"http://example.org/p": {"@type": "@id"}}, **{E + "p": E + "o"}),
    "compact term": doc({"e": E, "e:p": {"@type": "@id"}}, **{"e:p": E + "o"}),
    "keyword aliases": {
        "@context": {**T, "id": "@id", "type": "@type", "v": "@value", "l": "@language", "g": "@graph"},
        "g": [{"id": "e:s", "type": "T", "p": {"v": "x", "l": "en"}}],
    },
    "vocabulary": doc({"@vocab": E}, p=1, **{"@type": "T"}),
    "vocabulary over terms cut loose": doc({"@vocab": E, "p": None}, p=1, q=2),
    "vocabulary taken back": doc({"@vocab": E}, p={"@context": {"@vocab": None}, "p": 1, E + "r": 1}),
    "base": {
        "@context": [T, {"@base": "http://example.org/a/b?c"}],
        "@id": "../s",
        "p": {"@id": "#f"},
        "q": {"@id": ""},
    },
    "base of a base": {
        "@context": [T, {"@base": "http://example.org/a/"}, {"@base": "b/"}],
        "@id": "c",
        "p": {"@id": "./d"},
    },
    "base and types": {"@context": [T, {"@base": "http://example.org/a/"}], "@id": "c", "@type": "D"},
    "null values": doc(T, p=None, q=[None, 1, {"@value": None}]),
    "default language": doc({**T, "@language": "fr"}, p="un", q={"@value": "x"}),
    "language of a term": doc(
        {**T, "@language": "fr", "p": {"@id": "e:p", "@language": "en"}, "q": {"@id": "e:q", "@language": None}},
        p=["a"],
        q="b",
    ),
    "language map": doc(
        {**T, "p": {"@id": "e:p", "@container": "@language"}}, p={"fr": ["a", "b"], "en-GB": "c", "@none": "d"}
    ),
    "language map with alias": doc(
        {**T, "none": "@none", "p": {"@id": "e:p", "@container": ["@language", "@set"]}}, p={"none": "d", "fr": None}
    ),
    "language container, no map": doc({**T, "p": {"@id": "e:p", "@container": "@language"}}, p=["a", "b"]),
    "coercion to nodes": doc({**T, "p": {"@id": "e:p", "@type": "@id"}}, p=["e:a", E + "b", 5, True, {"@value": "x"}]),
    "coercion to terms": doc({**T, "p": {"@id": "e:p", "@type": "@vocab"}}, p=["T", "e:a", {"@id": "e:b"}]),
    "coercion to datatypes": doc({**T, "p": {"@id": "e:p", "@type": X + "date"}}, p=["2024-01-01", {"@value": "x"}]),
    "coercion to strings": doc({**T, "p": {"@id": "e:p", "@type": X + "string"}}, p=["x", 5, 1.5, True]),
    "coercion to nothing": doc({**T, "p": {"@id": "e:p", "@type": "@none"}}, p=["x", 5, {"@id": "e:x"}]),
    "numbers": doc(
        T, p=[0, 1, -5, 2.0, 1.5, 1e21, 1e20, 12345678901234567890123, 0.1, -0.0, 1e-7, 5.3e-324, True, False]
    ),
    "numbers of a datatype": doc(
        {**T, "p": {"@id": "e:p", "@type": X + "decimal"}, "q": {"@id": "e:q", "@type": X + "double"}},
        p=[1, 1.5, 2.0],
        q=[1, 1.5, 100],
    ),
    "JSON": doc(
        {**T, "p": {"@id": "e:p", "@type": "@json"}},
        p={"b": [1, 1.5, 1e21, 1e-7, "é\n", None, True], "a": {}},
        q={"@value": [1, {"z": 1}], "@type": "@json"},
    ),
    "list": doc(
        {**T, "p": {"@id": "e:p", "@container": "@list"}}, p=["a", None, 2, {"@id": "e:x"}, {"q": 1}], q={"@list": []}
    ),
    "list of lists": doc(
        {**T, "p": {"@id": "e:p", "@container": "@list"}}, p=[["a", []], "b"], q={"@list": [{"@list": [1]}]}
    ),
    "list of one": doc({**T, "p": {"@id": "e:p", "@container": "@list"}}, p="a"),
    "list container with list": doc({**T, "p": {"@id": "e:p", "@container": "@list"}}, p={"@list": ["a"]}),
    "set": doc(
        {**T, "p": {"@id": "e:p", "@container": "@set"}}, p={"@set": ["a", ["b", {"@set": "c"}]]}, q={"@set": []}
    ),
    "index map": doc({**T, "p": {"@id": "e:p", "@container": "@index"}}, p={"a": [{"q": 1}, "x"], "@none": {"q": 2}}),
    "index map by property": doc(
        {**T, "p": {"@id": "e:p", "@container": "@index", "@index": "e:q"}},
        p={"a": {"@id": "e:x", "q": "b"}, "@none": {"@id": "e:y"}},
    ),
    "id map": doc(
        {**T, "p": {"@id": "e:p", "@container": "@id"}}, p={"e:a": {"q": 1}, "@none": {"q": 2}, "e:b": [{"@id": "e:c"}]}
    ),
    "type map": doc(
        {**T, "p": {"@id": "e:p", "@container": "@type"}},
        p={"T": [{"@id": "e:x", "@type": "U"}, "e:y"], "@none": "e:z"},
    ),
    "graph container": doc({**T, "p": {"@id": "e:p", "@container": "@graph"}}, p=[{"@id": "e:x", "q": 1}, {"q": 2}]),
    "graph container with index": doc(
        {**T, "p": {"@id": "e:p", "@container": ["@graph", "@index"]}}, p={"a": {"q": 1}}
    ),
    "graph container with id": doc(
        {**T, "p": {"@id": "e:p", "@container": ["@graph", "@id"]}}, p={"e:g": {"q": 1}, "@none": {"q": 3}}
    ),
    "named graph": {"@context": T, "@graph": [{**S, "p": 1, "@graph": [{"@id": "e:t", "q": 2}]}]},
    "graph with a name": {"@context": T, **S, "@graph": {"@id": "e:t", "q": 2}},
    "graph without": {"@context": T, "@graph": [{"@id": "e:t", "q": 2}, {"@id": "e:alone"}, "x", {"@value": 1}]},
    "graphs in an array": [{"@context": T, "@graph": [{"@id": "e:t", "q": 2}]}],
    "reverse map": doc(T, **{"@reverse": {"p": [{"@id": "e:x", "q": 1}, {"@id": "e:y"}]}}),
    "reverse term": doc({**T, "r": {"@reverse": "e:p", "@type": "@id"}}, r=["e:x", {"q": 1}]),
    "reverse of reverse": doc({**T, "r": {"@reverse": "e:p"}}, **{"@reverse": {"r": {"@id": "e:x"}}}),
    "included": doc(T, **{"@included": [{"@id": "e:x", "q": 1}, {"q": 2}]}),
    "nest": doc({**T, "n": "@nest", "q": {"@id": "e:q", "@nest": "n"}}, n=[{"q": 1}, {"p": {"q": 2}}]),
    "type-scoped": doc(
        {**T, "T": {"@id": "e:T", "@context": {"p": {"@id": "e:other", "@type": "@id"}}}},
        **{"@type": "T", "p": {"@id": "e:o", "p": "e:x"}},
    ),
    "type-scoped, reference": doc(
        {**T, "T": {"@id": "e:T", "@context": {"name": "@id", "f": E}}},
        **{"@type": "T", "p": {"@id": "f:o"}, "q": {"name": "f:o"}},
    ),
    "type-scoped, value": doc({**T, "T": {"@id": "e:T", "@context": {"v": "@value"}}}, **{"@type": "T", "p": {"v": 1}}),
    "type-scoped in order": doc(
        {**T, "T": {"@id": "e:T", "@context": {"p": "e:a"}}, "U": {"@id": "e:U", "@context": {"p": "e:b"}}},
        **{"@type": ["U", "T"], "p": 1},
    ),
    "type-scoped, propagated": doc(
        {**T, "T": {"@id": "e:T", "@context": {"@propagate": True, "p": "e:a"}}}, **{"@type": "T", "p": {"p": 1}}
    ),
    "property-scoped": doc({**T, "p": {"@id": "e:p", "@context": {"q": "e:other"}}}, p={"q": {"q": 1}}, q=2),
    "property-scoped, not propagated": doc(
        {**T, "p": {"@id": "e:p", "@context": {"@propagate": False, "q": "e:other"}}}, p={"q": {"q": 1}}
    ),
    "property-scoped, empty": doc({**T, "p": {"@id": "e:p", "@context": None}}, p={E + "q": {"q": 1}}),
    "property-scoped with values": doc(
        {**T, "p": {"@id": "e:p", "@type": "@vocab", "@context": {"A": "e:A"}}}, p=["A", "B:c"]
    ),
    "context not propagated": doc([T, {"@propagate": False, "p": "e:other"}], p={"p": 1}),
    "null context": doc(T, p={"@context": None, E + "q": 1, "q": 2}),
    "inner context": doc(T, p={"@context": {"q": "e:other"}, "q": 1}, q=2),
    "protected, same again": doc([{**T, "@protected": True}, {"p": "http://example.org/p"}], p=1),
    "protected, overridden by property": doc(
        {
            "@version": 1.1,
            **T,
            "p": {"@id": "e:p", "@protected": True},
            "q": {"@id": "e:q", "@context": {"p": "e:other"}},
        },
        q={"p": 1},
    ),
    "direction": doc({**T, "@direction": "rtl", "@language": "ar"}, p="x", q={"@value": "x", "@direction": "ltr"}),
    "index": doc(T, **{"@index": "i", "p": {"@value": 1, "@index": "j"}}),
    "blank node as property": doc({**T, "b": "_:b"}, b=1, p={"@id": "_:b"}),
    "relative references": doc(T, p={"@id": "rel"}, q={"@id": "x", "p": {"@id": "e:y", "q": 1}}),
    "relative type": doc(T, **{"@type": ["T", "Nothing"]}),
    "empty node": doc(T, p={}, q=[{}]),
    "credentials 2.0": {
        "@context": V2,
        "id": "urn:c",
        "type": ["VerifiableCredential"],
        "name": "n",
        "issuer": "did:x:y",
        "credentialSubject": {"id": "did:x:z", "name": "m"},
        "credentialSchema": {"id": "urn:s", "type": "JsonSchema", "jsonSchema": {"b": 1, "a": []}},
        "proof": {"type": "DataIntegrityProof", "created": "2024-01-01T00:00:00Z", "proofPurpose": "assertionMethod"},
    },
    "presentation 2.0": {
        "@context": V2,
        "type": "VerifiablePresentation",
        "verifiableCredential": [
            {
                "@context": [V2, EDC.replace("edc-ap", "edc-ap")][:1],
                "id": "urn:c",
                "type": "VerifiableCredential",
                "issuer": "urn:i",
            }
        ],
    },
    "presentation 1.1": {
        "@context": [V1, EDC],
        "type": "VerifiablePresentation",
        "verifiableCredential": {
            "id": "urn:c",
            "type": ["VerifiableCredential"],
            "issuer": {"id": "urn:i", "legalName": {"en": "x"}},
        },
    },
    "open badge": {
        "@context": [V2, BADGES],
        "id": "urn:c",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "n",
        "awardedDate": "2024-01-01T00:00:00Z",
        "issuer": {
            "id": "urn:i",
            "type": "Profile",
            "name": "m",
            "address": {"type": "Address", "addressCountry": "FR", "geo": {"type": "GeoCoordinates", "latitude": 1.5}},
        },
        "credentialSubject": {
            "type": "AchievementSubject",
            "identifier": [{"type": "IdentityObject", "hashed": True}],
            "achievement": {
                "id": "urn:a",
                "type": ["Achievement"],
                "creditsAvailable": 36,
                "criteria": {"narrative": "x"},
                "alignment": [{"type": "Alignment", "targetUrl": "http://e.org/", "targetType": "ext:ESCO"}],
                "resultDescription": [{"id": "urn:r", "type": "ResultDescription", "allowedValue": ["D", "C"]}],
            },
            "result": {"type": "Result", "resultDescription": "urn:r", "value": "C"},
        },
    },
}


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.filterwarnings("ignore:.*:SyntaxWarning")
def test_triples_are_those_of_pyld(name: str) -> None:
    assert ours(DOCUMENTS[name]) == pyld(DOCUMENTS[name])


def test_every_document_says_something() -> None:
    empty = [name for name, value in DOCUMENTS.items() if not ours(value)]
    assert empty == []
    assert all(read(value).observations is not None for value in DOCUMENTS.values())
