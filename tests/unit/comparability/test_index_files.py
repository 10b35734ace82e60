"""The arrays of an index: written, read back, refused when damaged; the lists and texts they are made of."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import generated_index
from generated_units import index_of
from passerelle.comparability.index import arrays
from passerelle.comparability.index.coverage_index import CoverageIndex
from passerelle.comparability.index.ragged import Lists, places
from passerelle.comparability.index.ranked_pairs import RankedPairs
from passerelle.comparability.index.shares import shares
from passerelle.comparability.index.silence import Partly
from passerelle.comparability.index.strings import SortedTexts
from passerelle.errors import DamagedRelease, UnknownUnit

RANKED = RankedPairs(np.array([0, 2]), np.array([7, 9]))


def written(folder: Path) -> CoverageIndex:
    index = generated_index.index(french=4, foreign=6)
    index.write(folder, RANKED, np.array([[0, 5]]))
    return index


def test_what_is_written_is_read(tmp_path: Path) -> None:
    index, found = written(tmp_path), CoverageIndex.open(tmp_path)
    assert list(found.iris) == list(index.iris)
    assert found.in_countries(("IT", "FR")).tolist() == index.in_countries(("IT", "FR")).tolist()
    assert found.of_kinds(("bloc",)).tolist() == [True] * 4 + [False] * 6
    assert found.asserted.tolist() == [[0, 5]]
    assert found.ranked.rank.tolist() == [7, 9]
    unit = index.iris[5]
    for name in ("lower", "expected", "upper"):
        for ask in ("holders_of", "targets_of"):
            assert (
                getattr(getattr(found, ask)(unit), name).tolist() == getattr(getattr(index, ask)(unit), name).tolist()
            )


def test_an_index_of_no_unit_is_written_and_read(tmp_path: Path) -> None:
    nothing = np.empty(0, np.int64)
    index_of(()).write(tmp_path, RankedPairs(nothing, nothing), nothing.reshape(0, 2))
    assert len(CoverageIndex.open(tmp_path).iris) == 0


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "index.json").unlink(),
        lambda folder: (folder / "index.json").write_text("{}"),
        lambda folder: (folder / "index.json").write_text('{"format": 0, "arrays": []}'),
        lambda folder: (folder / "index.json").write_text(f'{{"format": {arrays.FORMAT}}}'),
        lambda folder: (folder / "outcome-linked.npy").unlink(),
        lambda folder: (folder / "asserted.npy").write_bytes(b""),
        lambda folder: (folder / "unit-size.npy").write_bytes(b"\x93NUMPY"),
        lambda folder: (folder / "unit-size.npy").unlink(),
    ],
)
def test_a_damaged_index_is_refused(tmp_path: Path, damage) -> None:
    written(tmp_path)
    damage(tmp_path / arrays.FOLDER)
    with pytest.raises(DamagedRelease) as raised:
        CoverageIndex.open(tmp_path)
    # a client of the service is told so, too: it learns nothing of the folders of the machine
    assert str(tmp_path.parent) not in raised.value.what("en")


def test_an_unknown_unit_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnknownUnit):
        written(tmp_path).holders_of("https://example.org/nothing")


def test_texts_are_found_among_others() -> None:
    texts = SortedTexts.of(["", "https://a.example/é", "https://a.example/é/1", "https://b.example/", "𝄞"])
    assert [texts.find(each) for each in texts] == [0, 1, 2, 3, 4]
    assert (texts.find("https://a.example"), texts.find("𝄢")) == (None, None)
    assert texts[texts.starting("https://a.example/")] == ["https://a.example/é", "https://a.example/é/1"]
    assert texts[-1] == "𝄞"
    with pytest.raises(IndexError):
        texts[5]


def test_lists_are_turned_round() -> None:
    lists = Lists.of(np.array([2, 0, 2]), np.array([5, 1, 1]), 3)
    assert [lists[each].tolist() for each in range(3)] == [[1], [], [5, 1]]
    assert [lists.inverse(6)[each].tolist() for each in (0, 1, 5)] == [[], [0, 2], [2]]
    found, owner = places(lists.starts, np.array([2, 1, 0]))
    assert (lists.values[found].tolist(), owner.tolist()) == ([5, 1, 1], [0, 0, 2])


def test_silence_raises_what_nothing_met_before_what_was_met_in_part() -> None:
    partly = Partly()
    partly.add(np.array([0, 1]), np.array([0.4, 0.4]))
    partly.add(np.array([0, 1]), np.array([0.7, 0.0]))
    # place 0: three silent outcomes, one unmet: 1 for that one, then the gains 0.7 and 0.4. Place 1: one silent, none
    # unmet: 0.4. Place 2: nothing met in part
    gained = partly.raised(np.array([3, 1, 2]), np.array([1, 0, 1]))
    assert gained.tolist() == pytest.approx([2.1, 0.4, 1.0])
    assert partly.raised(np.array([2, 0, 0]), np.array([1, 0, 1])).tolist() == pytest.approx([1.7, 0.0, 0.0])


def test_an_exact_half_is_rounded_up_however_it_was_added_up() -> None:
    assert shares(np.array([0.29 * 0.25 * 0.5, 0.5 * 0.29 * 0.25, 1.0, 0.0])).tolist() == [0.0363, 0.0363, 1.0, 0.0]
