"""An encoder that remembers asks the other one once for each text, and gives the same row ever after."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from passerelle.linking.encoder import Vectors
from passerelle.linking.kept_encoder import FILE_NAME, kept_encoder, user_folder


class StandIn:
    """Encodes a text as its length and 1/3, which no 16-bit float holds; counts what it is asked for."""

    name = "stand-in"
    parts = (slice(1), slice(1, None))

    def __init__(self, version: str = "1") -> None:
        self.version = version
        self.asked: list[tuple[str, str, bool]] = []

    def encode(self, texts: Sequence[str], language: str = "", *, labels: bool = False) -> Vectors:
        self.asked += [(text, language, labels) for text in texts]
        return np.array([[len(text), 1 / 3] for text in texts], np.float32).reshape(-1, 2)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSERELLE_VECTORS", str(tmp_path / "user"))


def test_a_text_is_encoded_once_and_its_row_stays_the_same() -> None:
    first, second = StandIn(), StandIn()
    new = kept_encoder(first).encode(["ab", "abc", "ab"], "fr", labels=True)
    assert new[:, 0].tolist() == [2, 3, 2]
    assert new.dtype == np.float32
    assert first.asked == [("ab", "fr", True), ("abc", "fr", True)]
    known = kept_encoder(second).encode(["abc", "ab"], "fr", labels=True)
    assert second.asked == []
    # also the third, which was rounded before it was given out for the first time
    assert known.tolist() == new[[1, 0]].tolist()


def test_label_and_question_language_and_version_are_told_apart() -> None:
    encoder = StandIn()
    kept = kept_encoder(encoder)
    kept.encode(["ab"], "fr", labels=True)
    kept.encode(["ab"], "fr")
    kept.encode(["ab"], "de")
    assert encoder.asked == [("ab", "fr", True), ("ab", "fr", False), ("ab", "de", False)]
    newer = StandIn("2")
    kept_encoder(newer).encode(["ab"], "fr")
    assert newer.asked == [("ab", "fr", False)]
    assert (kept.name, kept.version) == ("stand-in", "1")


def test_labels_go_from_release_to_release_and_questions_do_not(tmp_path: Path) -> None:
    releases = [tmp_path / name for name in ("first", "second", "third")]
    encoders = [StandIn() for _ in releases]
    for place, (release, encoder) in enumerate(zip(releases, encoders, strict=True)):
        release.mkdir()
        kept = kept_encoder(encoder, release, releases[place - 1] if place else None)
        kept.encode(["ab", "abc"] if place else ["ab"], "fr", labels=True)
        kept.encode(["question"], "fr")
    assert [[text for text, _, labels in each.asked if labels] for each in encoders] == [["ab"], ["abc"], []]
    assert [[text for text, _, labels in each.asked if not labels] for each in encoders] == [["question"]] * 3
    assert not user_folder().exists()
    # one that asks for nothing, as it has all candidates, hands them on nevertheless
    (tmp_path / "fourth").mkdir()
    kept_encoder(StandIn(), tmp_path / "fourth", releases[-1])
    assert (tmp_path / "fourth" / FILE_NAME).read_bytes() == (releases[-1] / FILE_NAME).read_bytes()


def test_a_text_of_the_command_line_uses_the_vectors_of_the_release(tmp_path: Path) -> None:
    kept_encoder(StandIn(), tmp_path).encode(["ab"], "fr", labels=True)
    before = (tmp_path / FILE_NAME).read_bytes()
    encoder = StandIn()
    kept = kept_encoder(encoder, current=tmp_path)
    kept.encode(["ab", "new"], "fr", labels=True)
    assert encoder.asked == [("new", "fr", True)]
    assert (tmp_path / FILE_NAME).read_bytes() == before


def test_what_was_interrupted_goes_on_where_it_was() -> None:
    class Interrupted(StandIn):
        def encode(self, texts: Sequence[str], language: str = "", *, labels: bool = False) -> Vectors:
            if self.asked:
                raise KeyboardInterrupt
            return super().encode(texts, language, labels=labels)

    texts = ["a" * length for length in range(1, 3_001)]
    with pytest.raises(KeyboardInterrupt):
        kept_encoder(Interrupted()).encode(texts, "fr")
    encoder = StandIn()
    announced: list[tuple[int, int]] = []
    kept_encoder(encoder, announce=lambda done, total: announced.append((done, total))).encode(texts, "fr")
    assert 0 < len(encoder.asked) < 3_000
    assert announced == [(0, len(encoder.asked)), (len(encoder.asked), len(encoder.asked))]


def test_no_text_asks_for_nothing() -> None:
    assert kept_encoder(StandIn()).encode([]).shape == (0, 2)
    assert not user_folder().exists()


def test_the_users_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert user_folder() == tmp_path / "user"
    monkeypatch.delenv("PASSERELLE_VECTORS")
    monkeypatch.setenv("HOME", "/home/somebody")
    monkeypatch.setenv("XDG_CACHE_HOME", "/caches")
    assert user_folder() == Path("/caches/passerelle")
    # XDG Base Directory Specification 0.8: relative paths are invalid and are to be ignored
    for ignored in ("caches", ""):
        monkeypatch.setenv("XDG_CACHE_HOME", ignored)
        assert user_folder() == Path("/home/somebody/.cache/passerelle")
