"""An encoder that remembers: the vectors of labels go from release to release, all others into a folder of the user."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from passerelle.linking.encoder import Encoder, Vectors
from passerelle.linking.vector_store import Row, VectorStore, vector_key
from passerelle.settings import Settings

FILE_NAME = "links/vectors.sqlite"
"""Below the folder of a release."""

_AT_ONCE = 2_048
"""Texts that are encoded before they are kept: what is interrupted goes on there."""


Announce = Callable[[int, int], None]
"""Told of progress: texts encoded, and texts to encode."""


class KeptEncoder:
    """An `Encoder` over another one, which is asked only for texts that neither `into` nor `earlier` knows.

    What it encodes is kept in `into`: labels, and questions only where `questions` says so. All rows are rounded as
    they are kept, so that a row is the same whether it was known or not. `announce` is told how many texts are encoded,
    and of how many: first 0, where there are any.
    """

    def __init__(
        self,
        encoder: Encoder,
        into: VectorStore,
        earlier: VectorStore | None = None,
        *,
        questions: bool = True,
        announce: Announce | None = None,
    ) -> None:
        self.name = encoder.name
        self.version = encoder.version
        self.parts = encoder.parts
        self._encoder = encoder
        self._into = into
        self._earlier = earlier
        self._questions = questions
        self._announce = announce or (lambda done, total: None)

    def encode(self, texts: Sequence[str], language: str = "", *, labels: bool = False) -> Vectors:
        """See `Encoder`."""
        if not texts:
            return self._encoder.encode(texts, language, labels=labels)
        origin = f"{self.name} {self.version}"
        keys = {text: vector_key(origin, text, language, label=labels) for text in dict.fromkeys(texts)}
        keeps = labels or self._questions
        found = self._into.get(keys.values()) if keeps else {}
        missing = {text: key for text, key in keys.items() if key not in found}
        if self._earlier and missing:
            found |= self._earlier.get(missing.values())
        new = [text for text, key in missing.items() if key not in found]
        if new:
            self._announce(0, len(new))
        for start in range(0, len(new), _AT_ONCE):
            part = new[start : start + _AT_ONCE]
            rows: Sequence[Row] = list(self._encoder.encode(part, language, labels=labels).astype(np.float16))
            encoded = {keys[text]: row for text, row in zip(part, rows, strict=True)}
            found |= encoded
            if keeps:
                self._into.put(encoded)
            self._announce(min(start + _AT_ONCE, len(new)), len(new))
        return np.stack([found[keys[text]] for text in texts]).astype(np.float32)


def kept_encoder(
    encoder: Encoder,
    release: Path | None = None,
    current: Path | None = None,
    announce: Announce | None = None,
) -> KeptEncoder:
    """The encoder with the vectors of the release being built (a folder), or of the user where there is None.

    `current` is the folder of a published release whose vectors are used; a release takes them over, also where it
    asks for none of them. It keeps those of labels alone: a rebuild asks for no outcome's vector again, as it has its
    candidates, and a text with its clauses would take 5 kB. Only where the ranker or ESCO is another one are the
    outcomes encoded again.
    """
    published = current / FILE_NAME if current else None
    if release:
        own = release / FILE_NAME
        if published and published.is_file():
            own.parent.mkdir(exist_ok=True)
            shutil.copyfile(published, own)
        return KeptEncoder(encoder, VectorStore(own), questions=False, announce=announce)
    earlier = VectorStore(published, published=True) if published else None
    return KeptEncoder(encoder, VectorStore(user_folder() / "vectors.sqlite"), earlier, announce=announce)


def user_folder() -> Path:
    """The folder of the setting `vectors`; else `passerelle` where the user's caches are (XDG Base Directory 0.8)."""
    chosen = Settings.of().vectors
    if chosen:
        return Path(chosen)
    given = Path(os.environ.get("XDG_CACHE_HOME", ""))
    # the specification says that a relative path is to be ignored
    return (given if given.is_absolute() else Path.home() / ".cache") / "passerelle"
