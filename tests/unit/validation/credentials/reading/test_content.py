"""Layer 1 before any syntax: size, kinds of files, encoding; and hostile files, each refused with its code."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passerelle.validation.credentials.model import NotReadable, Spot
from passerelle.validation.credentials.reading.content import text_of
from passerelle.validation.credentials.reading.limits import Limits
from passerelle.validation.credentials.reading.reading import read
from unit.validation.credentials.reading.told import filled, refusal_of, refused

BOM = b"\xef\xbb\xbf"
DOCTYPE = '<!DOCTYPE rdf:RDF [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "EMPTY"),
        (b" \r\n\t", "EMPTY"),
        (BOM, "EMPTY"),
        (BOM + b"\n", "EMPTY"),
        ("\x1c\u2003".encode(), "EMPTY"),
        (gzip.compress(b"0" * 10_000_000, mtime=0), "ARCHIVE"),
        (b"PK\x03\x04rest", "ARCHIVE"),
        (b"%PDF-1.7\n", "OTHER-KIND"),
        (b"\x89PNG\r\n\x1a\n", "OTHER-KIND"),
        (b"<!DOCTYPE html><html></html>", "HTML"),
        (b"<html lang='fr'>", "HTML"),
        (b"<!-- saved --><HTML>", "HTML"),
        ('{"a": 1}'.encode("utf-16"), "OTHER-ENCODING"),
        ('{"a": 1}'.encode("utf-16-le"), "OTHER-ENCODING"),
        ('{"a": 1}'.encode("utf-16-be"), "OTHER-ENCODING"),
        ('{"a": 1}'.encode("utf-32"), "OTHER-ENCODING"),
        ('{"title": "Métier"}'.encode("latin-1"), "OTHER-ENCODING"),
        ('{"title": "“é”"}'.encode("cp1252"), "OTHER-ENCODING"),
        (bytes(range(128, 256)), "ENCODING"),
        ('{"a": "é'.encode()[:-1], "ENCODING"),
        ('{"a": "é", "b": "'.encode() + b'\xe9"}', "ENCODING"),
        (b"\x00\x01\x02\x03" * 5, "NUL"),
        (b'{"a": "\x00"}', "NUL"),
        (b"hello", "UNKNOWN-FORM"),
        ("§ 5".encode(), "UNKNOWN-FORM"),
        (b"\n" * 100_000 + b"?", "UNKNOWN-FORM"),
        (b"#\n" * 500_000, "UNKNOWN-FORM"),
        (b"5", "NOT-AN-OBJECT"),
        (b"null", "NOT-AN-OBJECT"),
        (b"[]", "NOT-AN-OBJECT"),
        (b"[[]]", "NOT-AN-OBJECT"),
        (b'{"a": }', "NOT-JSON"),
        (b'{"type": "x",}', "NOT-JSON"),
        (b"[" * 10_000, "TOO-DEEP"),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "TOO-DEEP"),
        (b'{"payload": 5}', "PAYLOAD"),
        (b'{"payload": "not base64!"}', "PAYLOAD-BASE64"),
        (b'{"payload": ""}', "PAYLOAD-MISSING"),
        (b'{"foo": 1}', "NO-CREDENTIAL"),
        (f'<?xml version="1.0"?>{DOCTYPE}{RDF}</rdf:RDF>'.encode(), "DOCTYPE"),
        (f"{RDF}<!-- {DOCTYPE} --></rdf:RDF>".encode(), "DOCTYPE"),
        (f'{RDF}<a b="<!--"/>{DOCTYPE}</rdf:RDF>'.encode(), "DOCTYPE"),
        (f"{RDF}<a>".encode(), "NOT-XML"),
        (f"{RDF}{'<a>' * 20_000}".encode(), "TOO-DEEP"),
        (b"<foo><bar/></foo>", "OTHER-XML"),
        (b'<x:foo xmlns:x="urn:x"/>', "OTHER-XML"),
        (b'<urn:a> <urn:b> "' + b"\\" * 1_000_001, "NOT-RDF"),
        (b'@prefix e: <urn:e:> .\ne:a e:b "' + b"x" * 1_000_000, "NOT-RDF"),
        (b"eyJh.eyJh.x.y.z", "OTHER-CREDENTIAL"),
        (b"eyJh.eyJh.x~disclosed~", "OTHER-CREDENTIAL"),
        (b"eyJh..x", "PAYLOAD-MISSING"),
        (b"eyJh.e3x.x", "PAYLOAD-BASE64"),
        (b"eyJh.aGVsbG8.x", "PAYLOAD-NOT-JSON"),
    ],
    ids=lambda each: each if isinstance(each, str) else repr(each[:20]),
)
def test_what_cannot_be_checked_is_refused_with_its_code(content: bytes, code: str) -> None:
    assert refused(content)[0] == code


def test_a_file_that_is_too_large_is_refused_before_anything_is_looked_at() -> None:
    class Untouched(bytes):
        def __len__(self) -> int:
            return 200 * 1024**2

        def startswith(self, *_: Any) -> bool:
            raise AssertionError("looked at")

    with pytest.raises(NotReadable) as refusal:
        read(Untouched(b"{"))
    assert filled(refusal.value.observations) == ["TOO-LARGE"]
    assert refusal.value.observations[0].parameters == {"size": "200", "limit": "32"}


def test_the_limits_are_parameters() -> None:
    assert refused("[" * 5 + "]" * 5, limits=Limits(depth=4)) == ["TOO-DEEP"]
    assert refused("{}", limits=Limits(bytes=1)) == ["TOO-LARGE"]
    statements = "<urn:a> <urn:b> 1, 2, 3 ."
    assert refused(statements, limits=Limits(triples=2)) == ["TOO-MANY-TRIPLES"]
    assert refused(statements, limits=Limits(triples=3)) == []


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\x1f\x8b\x08", "gzip"),
        (b"PK\x03\x04", "ZIP"),
        (b"%PDF-", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"eyJh....", "JWE"),
    ],
)
def test_it_is_named_for_what_it_is(content: bytes, kind: str) -> None:
    assert refusal_of(content).observations[0].parameters["kind"] == kind


@pytest.mark.parametrize(
    ("content", "line", "column"),
    [
        ('{"a": 1,\n "é": \x00}'.encode(), 2, 7),
        ('{"a": 1,\n  "title": "Métier"}'.encode("latin-1"), 2, 14),
        (b'{"a": 1,\n  "b": }', 2, 8),
        (b"@prefix e: <urn:e:> .\n\ne:a f:b 1 .", 3, 5),
        (f"{RDF}\n<a>\n  </b>".encode(), 3, 5),
    ],
)
def test_the_place_of_a_mistake(content: bytes, line: int, column: int) -> None:
    assert refusal_of(content).observations[0].spot == Spot(None, line, column)


def test_a_byte_order_mark_is_passed_over_and_told() -> None:
    text, observations = text_of(BOM + b'{"a": 1}', Limits())
    assert text == '{"a": 1}'
    assert filled(observations) == ["BOM"]


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60) | st.text(alphabet='{}[]",:\\ue0@<>_.#a \n"', max_size=60).map(str.encode))
def test_no_file_makes_reading_stumble(data: bytes) -> None:
    try:
        filled(read(data).observations)
    except NotReadable as refusal:
        filled(refusal.observations)
