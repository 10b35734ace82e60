"""JSON as written: refusals, keys that occur twice, and places worked out by hand."""

from __future__ import annotations

import json

import pytest

from passerelle.validation.credentials.model import NotReadable, Spot
from passerelle.validation.credentials.reading.json_text import inside, parse
from passerelle.validation.credentials.reading.limits import Limits

TEXT = '{\n  "a": [1, {"b": "x"}],\n  "c/d": {"~": null}, "é": true}'


@pytest.mark.parametrize(
    ("pointer", "value", "key"),
    [
        ("", (1, 1), (1, 1)),
        ("/a", (2, 8), (2, 3)),
        ("/a/0", (2, 9), (2, 9)),
        ("/a/1", (2, 12), (2, 12)),
        ("/a/1/b", (2, 18), (2, 13)),
        ("/c~1d", (3, 10), (3, 3)),
        ("/c~1d/~0", (3, 16), (3, 11)),
        ("/é", (3, 28), (3, 23)),
        ("/a/1/b/nothing/here", (2, 18), (2, 18)),
        ("/nothing", (1, 1), (1, 1)),
    ],
)
def test_places(pointer: str, value: tuple[int, int], key: tuple[int, int]) -> None:
    document = parse(TEXT)
    assert document.value == json.loads(TEXT)
    assert (document.position(pointer), document.key_position(pointer)) == (value, key)
    assert document.spot(pointer) == Spot(pointer, *value)


def test_places_within_an_escaped_text() -> None:
    payload = '{"né":\n"\U0001f600", "b": ["\\"", 2]}'
    outer = parse('{"x": 1,\n "payload": ' + json.dumps(payload) + ', "y": 2}')
    # {\"n\u00e9\":\n\"\ud83d\ude00\", \"b\": [\"\\\"\", 2]}  starts in column 14 of line 2, after the quotation mark
    inner = parse(outer.value["payload"], None, inside(outer, "/payload"))
    assert inner.position("") == (2, 14)
    assert inner.key_position("/né") == (2, 15)
    assert inner.position("/né") == (2, 29)
    assert inner.key_position("/b") == (2, 47)
    assert inner.position("/b/0") == (2, 55)
    assert inner.position("/b/1") == (2, 65)
    line = outer.text.split("\n")[1]
    assert (line[46:49], line[64]) == ('\\"b', "2")


def test_a_text_without_a_place() -> None:
    assert parse('{"a": 1}', None, lambda _offset: (0, 0)).position("/a") == (0, 0)


def test_keys_that_occur_twice() -> None:
    document = parse('{"a": 1, "b": [{"c": 1,\n"\\u0063": 2}], "a": 3}')
    assert document.value == {"a": 3, "b": [{"c": 2}]}
    assert [(each.code, each.spot, dict(each.parameters)) for each in document.observations] == [
        ("ELM-FILE-DUPLICATE-KEY", Spot("/b/0/c", 2, 1), {"key": "c"}),
        ("ELM-FILE-DUPLICATE-KEY", Spot("/a", 2, 16), {"key": "a"}),
    ]


def test_the_character_nul_is_told() -> None:
    document = parse('{"a": ["x", "\\u0000"]}')
    assert [(each.code, each.spot) for each in document.observations] == [("ELM-READING-NUL", Spot("/a/1", 1, 13))]


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("", "ELM-FILE-NOT-JSON", (1, 1)),
        ("{'a': 1}", "ELM-FILE-NOT-JSON", (1, 2)),
        ('{"a": 1,\n "b": }', "ELM-FILE-NOT-JSON", (2, 7)),
        ('{"a": 1} {"b": 2}', "ELM-FILE-NOT-JSON", (1, 10)),
        ('{"a": "\x00"}', "ELM-FILE-NOT-JSON", (1, 8)),
        ('{"a":\n "NaN", "b": NaN}', "ELM-FILE-NUMBER", (2, 14)),
        ("[-Infinity]", "ELM-FILE-NUMBER", (1, 2)),
        ("[1e999]", "ELM-FILE-NUMBER", (1, 2)),
        (f"[1,\n{'9' * 5000}]", "ELM-FILE-NUMBER", (2, 1)),
        (f"[0.{'9' * 5000}]", "ELM-FILE-NUMBER", (1, 2)),
        ('["\\\\ud800",\n"\\ud800"]', "ELM-FILE-ENCODING", (2, 2)),
        ('["\\ude00\\ud83d"]', "ELM-FILE-ENCODING", (1, 3)),
        ('["\\ud83dx"]', "ELM-FILE-ENCODING", (1, 3)),
    ],
)
def test_what_is_refused(text: str, code: str, place: tuple[int, int]) -> None:
    with pytest.raises(NotReadable) as refusal:
        parse(text)
    (found,) = refusal.value.observations
    assert (found.code, found.spot) == (code, Spot(None, *place))


@pytest.mark.parametrize("text", ["[" * 10_000, "[" * 10_000 + "]" * 10_000, '{"a":' * 5_000 + "1" + "}" * 5_000])
def test_depth_is_limited(text: str) -> None:
    with pytest.raises(NotReadable) as refusal:
        parse(text)
    assert refusal.value.observations[0].code == "ELM-FILE-TOO-DEEP"


def test_limits_hold_to_the_level_and_the_value() -> None:
    assert parse("[[[1]]]", Limits(depth=3)).value == [[[1]]]
    with pytest.raises(NotReadable):
        parse("[[[[]]]]", Limits(depth=3))
    assert parse('[1,"a,b,c,[[[["]', Limits(values=4)).value == [1, "a,b,c,[[[["]
    with pytest.raises(NotReadable) as refusal:
        parse("[1,2,3,4]", Limits(values=4))
    assert refusal.value.observations[0].code == "ELM-FILE-TOO-MANY-VALUES"


def test_pairs_of_surrogates_are_characters() -> None:
    assert parse('["\\ud83d\\ude00"]').value == ["\U0001f600"]
