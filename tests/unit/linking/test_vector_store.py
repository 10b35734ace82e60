"""Vectors of texts are kept once, by whoever comes first, and a file that cannot be used is named."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from passerelle.errors import SettingsError
from passerelle.linking.vector_store import VectorStore, vector_key


def row(value: float) -> np.ndarray:
    return np.array([value, 1], np.float16)


def key(number: int) -> bytes:
    return vector_key("stand-in 1", f"text {number}", "fr", label=True)


def test_a_key_tells_encoder_text_language_and_purpose_apart() -> None:
    keys = {
        vector_key(encoder, text, language, label=label)
        for encoder in ("a 1", "a 2")
        for text in ("souder", "poser")
        for language in ("fr", "")
        for label in (True, False)
    }
    assert len(keys) == 16


def test_what_was_kept_is_found_and_nothing_else(tmp_path: Path) -> None:
    store = VectorStore(tmp_path / "new" / "vectors.sqlite")
    assert store.get([key(1)]) == {}
    assert not (tmp_path / "new").exists()  # asking makes no file
    store.put({key(number): row(number) for number in range(1_200)})
    found = VectorStore(tmp_path / "new" / "vectors.sqlite").get([key(7), key(1_199), key(5_000)])
    assert {each: values.tolist() for each, values in found.items()} == {key(7): [7, 1], key(1_199): [1199, 1]}


def test_the_first_vector_of_a_text_stays(tmp_path: Path) -> None:
    store = VectorStore(tmp_path / "vectors.sqlite")
    store.put({key(1): row(1)})
    store.put({key(1): row(2), key(2): row(2)})
    assert [values.tolist() for values in store.get([key(1), key(2)]).values()] == [[1, 1], [2, 1]]


def test_several_may_write_the_same_file(tmp_path: Path) -> None:
    def written(writer: int) -> None:
        store = VectorStore(tmp_path / "vectors.sqlite")
        for number in range(20):
            store.put({key(number): row(number), key(100 * (writer + 1) + number): row(writer)})

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(written, range(4)))
    asked = [key(number) for number in range(20)] + [key(100 * (w + 1) + n) for w in range(4) for n in range(20)]
    assert len(VectorStore(tmp_path / "vectors.sqlite").get(asked)) == 100


def test_a_published_file_is_read_and_never_touched(tmp_path: Path) -> None:
    path = tmp_path / "vectors.sqlite"
    VectorStore(path).put({key(1): row(1)})
    path.chmod(0o444)
    before = path.read_bytes()
    assert list(VectorStore(path, published=True).get([key(1), key(2)])) == [key(1)]
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["vectors.sqlite"]


def test_a_file_that_is_no_store_is_named_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "vectors.sqlite"
    path.write_text("not a database, and long enough to be looked at as one" * 20, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        VectorStore(path).get([key(1)])
    assert caught.value.message_id == "vectors-unusable"
    assert "vectors.sqlite" in str(caught.value)
    assert caught.value.what("fr") != caught.value.what("en")
