"""The place of one pointer, found on the way to it, is the one that the pass over the whole text finds."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.validation.credentials.reading.json_text import inside, parse
from passerelle.validation.credentials.reading.positions import Positions, offsets

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text('ab/~0"\\é', max_size=3), inner, max_size=4),
    max_leaves=20,
)


@given(_VALUES, st.sampled_from([None, 1]), st.booleans())
def test_every_pointer_has_the_same_place_both_ways(value: object, indent: int | None, ascii_only: bool) -> None:
    text = " " + json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    positions = Positions.of(text)
    for pointer in positions.values:
        for asked in (pointer, f"{pointer}/absent", f"{pointer}/00"):
            assert offsets(text, asked) == (positions.value(asked), positions.key(asked))


@pytest.mark.parametrize(
    ("pointer", "value", "key"),
    [("", 1, 1), ("/a", 7, 2), ("/a/1", 10, 10), ("/b~1c", 23, 15), ("/b~1c/x", 23, 23), ("/z", 1, 1)],
)
def test_places_by_hand(pointer: str, value: int, key: int) -> None:
    assert offsets(' {"a": [1,22], "b/c" : 3}', pointer) == (value, key)


def test_many_pointers_are_looked_up_in_one_pass(reference: Path) -> None:
    text = (reference / "elm" / "samples" / "AA-Annex1-MC-unsigned.json").read_text()
    document, positions = parse(text), Positions.of(text)
    for pointer in positions.values:
        assert document.offsets(pointer) == (positions.value(pointer), positions.key(pointer))
    assert document.positions is document.positions


@given(st.lists(st.tuples(st.sampled_from('ab"\\é\n😀'), st.booleans()), max_size=12), st.randoms())
def test_characters_of_an_escaped_string(letters: list[tuple[str, bool]], order: Random) -> None:
    text, starts = '["', []
    for letter, escaped in letters:
        starts.append(len(text))
        text += json.dumps(letter, ensure_ascii=escaped)[1:-1]
    place = inside(parse(text + '", "\\n"]'), "/0")
    numbers = list(range(len(letters)))
    order.shuffle(numbers)
    assert [place(each) for each in numbers] == [(1, starts[each] + 1) for each in numbers]
