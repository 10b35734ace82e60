"""Where triples stood, by pointers worked out by hand."""

from __future__ import annotations

import json

import pytest

from passerelle.validation.credentials.reading.json_ld import read_json_ld
from passerelle.validation.credentials.reading.json_text import parse
from passerelle.validation.credentials.reading.source_map import JsonSource

P = "http://example.org/"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
VALUE = {
    "@context": {
        "@vocab": P,
        "id": "@id",
        "link": {"@type": "@id"},
        "name": {"@container": "@language"},
        "steps": {"@container": "@list"},
    },
    "id": "urn:a",
    "@type": ["T", "U"],
    "name": {"en": "x", "fr": ["y", "z"]},
    "link": ["urn:b", {"id": "urn:c", "p": [1, "two"]}],
    "part": {"p": "three", "part": {"p": "four"}},
    "steps": ["one"],
    "seen": {"id": "urn:b"},
    "also": {"id": "urn:b", "p": "five"},
}


@pytest.fixture(scope="module")
def source() -> JsonSource:
    return read_json_ld(parse(json.dumps(VALUE))).source


@pytest.mark.parametrize(
    ("node", "path", "value", "pointer"),
    [
        ("urn:a", "", "", ""),
        ("urn:a", "missing", "", ""),
        ("urn:a", TYPE, P + "U", "/@type/1"),
        ("urn:a", TYPE, "", "/@type"),
        ("urn:a", P + "name", "x", "/name/en"),
        ("urn:a", P + "name", "z", "/name/fr/1"),
        ("urn:a", P + "link", "urn:b", "/link/0"),
        ("urn:a", P + "link", "urn:c", "/link/1"),
        ("urn:a", P + "link", "", "/link"),
        ("urn:c", P + "p", "two", "/link/1/p/1"),
        ("urn:c", P + "p", "unsaid", "/link/1/p"),
        ("_:b0", P + "p", "three", "/part/p"),
        ("_:b1", "", "", "/part/part"),
        ("urn:a", f"<{P}part>/<{P}part>/<{P}p>", "four", "/part/part/p"),
        ("urn:a", f"<{P}part>/<{P}missing>", "", "/part"),
        ("urn:a", P + "steps", "", "/steps"),
        ("urn:b", "", "", "/also"),
        ("urn:a", P + "seen", "urn:b", "/seen"),
    ],
)
def test_pointers(source: JsonSource, node: str, path: str, value: str, pointer: str) -> None:
    assert source.spot(node, path, value).pointer == pointer


def test_what_is_not_there(source: JsonSource) -> None:
    assert source.spot("urn:nobody").pointer is None
    assert source.at("/id").line == 1
