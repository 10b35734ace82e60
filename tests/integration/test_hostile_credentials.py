"""What is no credential, or means harm, gets an answer with its code; mutated samples never break the validator."""

from __future__ import annotations

import gzip
import json
import random
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guards import never_endless
from official_shapes import bare_credential
from passerelle.validation.credentials.model import Severity, Verdict
from passerelle.validation.credentials.rules import catalogue
from passerelle.validation.credentials.validator import CredentialValidator

CASES = 2_500
PARTS = 4


@cache
def validator() -> CredentialValidator:
    return CredentialValidator()


def codes(data: bytes, name: str = "credential.jsonld", media_type: str = "") -> list[str]:
    with never_endless():
        report = validator().validate(data, name, media_type)
    assert report.verdict is not Verdict.VALID
    assert any(each.severity is Severity.VIOLATION for each in report.findings)
    return [each.code for each in report.findings]


def jws(header: object, payload: bytes = b"{}") -> bytes:
    from base64 import urlsafe_b64encode

    parts = (json.dumps(header).encode(), payload, b"signature")
    return b".".join(urlsafe_b64encode(part).rstrip(b"=") for part in parts)


LOOP: dict[str, Any] = {"@context": {"a": {"@id": "b:x", "@context": {"b": "a:y"}}, "b": "a:"}, "a": {"a": {"a": 1}}}
BOMB = gzip.compress(bytes(50_000_000), mtime=0)
CONTEXTS = ["https://www.w3.org/2018/credentials/v1", "http://data.europa.eu/snb/model/context/edc-ap"]


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.jsonld", "ELM-FILE-EMPTY"),
        (b"\xef\xbb\xbf", "a.jsonld", "ELM-FILE-EMPTY"),
        (b"this is no credential", "a.jsonld", None),
        (b'{"type": "VerifiableCredential",', "a.jsonld", "ELM-FILE-NOT-JSON"),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "a.jsonld", "ELM-FILE-TOO-DEEP"),
        (b"[" * 100_000, "a.jsonld", None),
        (BOMB, "a.jsonld", None),
        (json.dumps(LOOP).encode(), "a.jsonld", None),
        (b'{"@context": "https://example.org/context", "type": "x"}', "a.jsonld", "ELM-READING-CONTEXT-UNKNOWN"),
        (b'{"@context": "file:///etc/passwd", "type": "x"}', "a.jsonld", "ELM-READING-CONTEXT-UNKNOWN"),
        (jws({"alg": "none"}), "a.jwt", None),
        (jws({"alg": "HS256"}), "a.jwt", None),
        (b"e30.%%%.***", "a.jwt", None),
        (b'{"payload": 5}', "a.jsonld", None),
        (b'{"payload": "{}", "signatures": [{"protected": "!!", "signature": "!!"}]}', "a.jsonld", None),
        (b'{"a": "\x00"}', "a.jsonld", None),
        (b"\x00" * 1000, "a.ttl", None),
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "a.rdf", "ELM-FILE-DOCTYPE"),
        (b"<http://e.org/a b> <http://e.org/p> 1 .", "a.ttl", None),
        (b"@prefix : <http://e.org/> . :a :b :c", "a.ttl", None),
    ],
)
def test_bad_input_has_its_code(data: bytes, name: str, code: str | None) -> None:
    found = codes(data, name)
    assert found
    assert set(found) <= set(catalogue())
    assert code is None or code in found, found


def test_two_hundred_megabytes_are_refused_by_their_size() -> None:
    assert codes(bytes(200_000_000)) == ["ELM-FILE-TOO-LARGE"]


def test_an_iri_with_spaces_is_told(reference: Path) -> None:
    document = bare_credential(reference / "elm" / "samples" / "cred1.jsonld")
    document["issuer"]["id"] = "urn:not an iri"
    assert "ELM-READING-BAD-IRI" in codes(json.dumps(document).encode())


@cache
def bases(reference: Path) -> tuple[Any, ...]:
    """Samples without their pictures, as JSON values, sealed and bare."""
    folder = reference / "elm" / "samples"
    names = (
        "cred1.jsonld",
        "credential-sample.jsonld",
        "Sample-CertOfPart-signed.jsonld",
        "AA-Annex1-MC-unsigned.json",
    )
    bare = [_small(bare_credential(folder / name)) for name in names]
    sealed = {"payload": json.dumps(bare[2]), "signatures": [{"protected": "e30", "signature": "AAAA"}]}
    return (*bare, sealed, {"credential": bare[3], "deliveryDetails": {}})


def _small(value: Any) -> Any:
    if isinstance(value, list):
        return [_small(each) for each in value]
    if isinstance(value, dict):
        return {key: _small(each) for key, each in value.items()}
    return value[:40] if isinstance(value, str) and len(value) > 2_000 else value


ODD: tuple[Any, ...] = (
    *(None, True, 0, -1, 1e400, 10**400, [], {}, [[]], [None]),
    *(
        "",
        " ",
        "\x00",
        "\ud800",
        "é" * 50,
        "_:b",
        "@id",
        "http://[",
        "urn:a b",
        "%",
        "2024-02-30T25:61:61",
        "P-1Y",
        "😀",
    ),
    *({"@id": 5}, {"@value": {}}, {"@list": [[1]]}, {"@language": "x"}, {"@context": 1}, {"@graph": {}}, {"": ""}),
    *({"@set": [1, [2]]}, {"@reverse": 1}, {"@type": []}, {"id": []}),
)
KEYS = (
    "@context",
    "@id",
    "@type",
    "@graph",
    "@value",
    "@reverse",
    "id",
    "type",
    "issuer",
    "hasPart",
    "",
    "a:b",
    "title",
)


def mutated(value: Any, chance: random.Random) -> Any:
    """The value with one place changed: dropped, replaced by something odd, renamed, duplicated, or moved."""
    places: list[tuple[Any, Any]] = []

    def collect(each: Any) -> None:
        pairs = each.items() if isinstance(each, dict) else enumerate(each) if isinstance(each, list) else ()
        for key, inner in pairs:
            places.append((each, key))
            collect(inner)

    copy = json.loads(json.dumps(value))
    collect(copy)
    if not places:
        return copy
    holder, key = chance.choice(places)
    match chance.randrange(5):
        case 0:
            holder.pop(key)
        case 1:
            holder[key] = chance.choice(ODD)
        case 2 if isinstance(holder, dict):
            holder[chance.choice(KEYS)] = holder.pop(key)
        case 3:
            holder[key] = [holder[key], chance.choice(ODD)]
        case _:
            other, name = chance.choice(places)
            holder[key] = json.loads(json.dumps(other[name])) if _holds(other, name) else None
    return copy


def _holds(holder: Any, key: Any) -> bool:
    return key in holder if isinstance(holder, dict) else isinstance(key, int) and key < len(holder)


@pytest.mark.parametrize("part", range(PARTS))
@settings(
    max_examples=CASES // PARTS,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32), depth=st.integers(1, 4), cut=st.integers(0, 3))
def test_mutated_samples_never_break_the_validator(reference: Path, part: int, seed: int, depth: int, cut: int) -> None:
    chance = random.Random(seed * PARTS + part)
    value = chance.choice(bases(reference))
    for _ in range(depth):
        value = mutated(value, chance)
    data = json.dumps(value, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")
    if cut == 0:  # bytes changed instead of values
        changed = bytearray(data)
        for _ in range(chance.randrange(1, 6)):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        data = bytes(changed[: chance.randrange(1, len(changed))])
    with never_endless():
        report = validator().validate(data, chance.choice(("a.json", "a.jsonld", "", "a.ttl")))
    told = {each.code for each in report.findings}
    assert report.verdict is Verdict.VALID or told
    assert told <= set(catalogue())
