"""The learned weights of the ranking, as `data/linking` holds them, and how features become scores and confidences."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from passerelle.linking.pair_features import Features
from passerelle.linking.term_matrix import Scores
from passerelle.linking.word_associations import WordAssociations
from passerelle.resources import folder

WEIGHTS_FILE = "ranking-weights.json"

CONFIDENCE_INPUTS = ("log-share", "log-sum", "best-letters", "words", "unknown", "same-wording", "same-stems")
"""What a confidence is made of: the logarithm of the candidate's share of the text's softmax, the logarithm of that
softmax's sum, the best letter cosine of the text, ln(1 + words), the share of the text's words that no label covers in
its best candidate, and whether label and text have the same wording or stems."""


@dataclass(frozen=True, slots=True)
class RankingModel:
    """A linear score over features, and a logistic confidence over CONFIDENCE_INPUTS.

    `features` name the columns; each is centred by `mean` and divided by `scale` before `coefficients` apply.
    """

    features: tuple[str, ...]
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    coefficients: tuple[float, ...]
    confidence: tuple[float, ...] = ()
    intercept: float = 0.0

    def scores(self, features: Features) -> Scores:
        """The score of each text and skill. Raises ValueError where the features are not those of the model."""
        factor = np.array(self.coefficients, np.float32) / np.array(self.scale, np.float32)
        found: Scores = ((features - np.array(self.mean, np.float32)) @ factor).astype(np.float32)
        return found

    def confidences(self, features: Features, scores: Scores) -> Scores:
        """The probability that each skill is right for its text."""
        inputs = self.confidence_inputs(features, scores)
        logits = inputs @ np.array(self.confidence) + self.intercept
        found: Scores = (1 / (1 + np.exp(-logits))).astype(np.float32)
        return found

    def confidence_inputs(self, features: Features, scores: Scores) -> npt.NDArray[np.float64]:
        """Text, skill, CONFIDENCE_INPUTS."""
        place = {name: number for number, name in enumerate(self.features)}
        exponent = scores.astype(np.float64)
        top = exponent.max(axis=1, keepdims=True)
        total = top + np.log(np.exp(exponent - top).sum(axis=1, keepdims=True))
        best = scores.argmax(axis=1)
        rows = np.arange(len(scores))
        letters = features[..., place.get("letters/value", place["pivot-letters/value"])].max(axis=1)
        covered = features[rows, best, place["text-covered"]]
        words = features[:, 0, place["label-words"]] - features[:, 0, place["words-difference"]]
        of_texts = np.stack([total[:, 0], letters, np.log1p(words), 1 - covered], axis=-1)[:, None, :]
        of_texts = np.broadcast_to(of_texts, (*scores.shape, of_texts.shape[-1]))
        same = [features[..., place[name]] for name in ("same-wording", "same-stems")]
        return np.concatenate([(exponent - total)[..., None], of_texts, np.stack(same, axis=-1)], axis=-1)


@dataclass(frozen=True, slots=True)
class RankingWeights:
    """Everything that was learned.

    `models` by kind (`own`, `abroad`: is ESCO loaded in the language of the text?; `-long` for texts of more than
    `short` words, which judged outcomes taught as well; `+encoder` where there is one). `language` is the one whose
    pairs taught them, `longest` the number of words of the longest texts, `skills` the number of skills with labels in
    that language: beyond them nothing was measured. `encoder` is the name of the encoder of the models with one.
    `fitted` are hashes of the texts of the pairs that took part (see `split.text_hash`); the judged outcomes that
    taught `-long` too are not among them, `data/judgements` has theirs. `made` says how the weights were made.
    """

    version: str
    language: str
    short: int
    longest: int
    skills: int
    encoder: str
    models: Mapping[str, RankingModel]
    fitted: frozenset[str] = frozenset()
    made: Mapping[str, Any] = field(default_factory=dict)

    @staticmethod
    def read(path: Path) -> RankingWeights:
        """As `write` wrote them. Raises OSError, ValueError, KeyError."""
        found = json.loads(path.read_text(encoding="utf-8"))
        models = {name: _model(model) for name, model in found.pop("models").items()}
        return RankingWeights(**{**found, "models": models, "fitted": frozenset(found["fitted"])})

    def write(self, path: Path) -> None:
        """As JSON with sorted keys. Raises OSError."""
        models = {name: _rounded(asdict(model)) for name, model in self.models.items()}
        plain = {
            "version": self.version,
            "language": self.language,
            "short": self.short,
            "longest": self.longest,
            "skills": self.skills,
            "encoder": self.encoder,
            "made": dict(self.made),
            "models": models,
            "fitted": sorted(self.fitted),
        }
        path.write_text(json.dumps(plain, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    def model(self, *, abroad: bool, encoder: str, long: bool = False) -> RankingModel | None:
        """The model for a text; None where nothing was learned for it."""
        kind = "abroad" if abroad else "own"
        suffix = "+encoder" if encoder else ""
        found = self.models.get(f"{kind}-long{suffix}") if long else None
        return found or self.models.get(f"{kind}{suffix}")


def _model(found: dict[str, Any]) -> RankingModel:
    values: dict[str, Any] = {key: tuple(each) if isinstance(each, list) else each for key, each in found.items()}
    return RankingModel(**values)


def _rounded(model: dict[str, Any]) -> dict[str, Any]:
    def each(value: Any) -> Any:
        if isinstance(value, list | tuple):
            return [each(inner) for inner in value]
        return float(f"{value:.7g}") if isinstance(value, float) else value

    return {key: each(value) for key, value in model.items()}


@cache
def shipped_weights() -> RankingWeights:
    """The weights of `data/linking`."""
    return RankingWeights.read(folder("data") / "linking" / WEIGHTS_FILE)


@cache
def shipped_associations(language: str) -> WordAssociations:
    """What was learned about the words of a language; nothing for most."""
    path = folder("data") / "linking" / f"word-associations-{language}.npz"
    return WordAssociations.read(path, language) if path.is_file() else WordAssociations.none(language)
