"""The figures of `passerelle link evaluate` as JSON, as text for people, and as a plot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from xml.sax.saxutils import escape

from passerelle.cli.console import shown
from passerelle.linking.calibration import Calibration
from passerelle.linking.evaluation import Confidences, Evaluation, Quality
from passerelle.linking.linked_texts import Retired
from passerelle.linking.retrieval import MEASURES, Measured
from passerelle.messages import Language, message
from passerelle.records.tally import Reject

_DIGITS = 4
_DEFINITIONS = (
    "query", "exact", "all", "precision_at_1", "recall", "mrr", "interval", "retired", "unseen", "correct", "ece",
    "baseline",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measurement:
    """What was measured, of what, against what. `rejects`: how many rows for each reason, and the first of them."""

    file: str
    part: str
    esco: str
    esco_version: str
    languages: Mapping[str, int]
    ranker: str
    encoder: str
    rows: Mapping[str, int]
    rejects: Mapping[str, tuple[int, Reject]]
    retired: Retired
    found: Evaluation


def document(measurement: Measurement) -> dict[str, Any]:
    """For programs; the definitions of all figures stand in it, in English."""
    found = measurement.found
    return {
        "file": measurement.file,
        "part": measurement.part,
        "esco": {
            "version": measurement.esco_version,
            "source": measurement.esco,
            "labels": dict(measurement.languages),
        },
        "ranker": measurement.ranker,
        "encoder": measurement.encoder or None,
        "rows": {
            **measurement.rows,
            "reasons": {reason: count for reason, (count, _) in measurement.rejects.items()},
        },
        "queries": {"all": found.queries, "fitted": found.fitted, "unseen": found.queries - found.fitted},
        "retired": asdict(measurement.retired),
        **_quality(found.quality),
        "unseen": _quality(found.unseen),
        "baseline": _quality(found.baseline),
        "calibration": None if found.confidences is None else _confidences(found.confidences),
        "definitions": {name: message(f"evaluation-define-{name}").what("en") for name in _DEFINITIONS},
    }


def _quality(quality: Quality) -> dict[str, Any]:
    return {"exact": _measured(quality.exact), "all": _measured(quality.every)}


def _measured(measured: Measured | None) -> dict[str, Any]:
    if measured is None:
        return {"queries": 0}
    values = {name: round(getattr(measured, name), _DIGITS) for name in MEASURES}
    intervals = {name: [round(each, _DIGITS) for each in pair] for name, pair in measured.intervals.items()}
    return {"queries": measured.queries, **values, "intervals": intervals}


def _confidences(confidences: Confidences) -> dict[str, Any]:
    return {
        **_calibration(confidences.first),
        "listed": _calibration(confidences.listed),
        "no_match_below": [
            {
                "confidence": each.least,
                "answered": round(each.answered, _DIGITS),
                "right": None if each.right is None else round(each.right, _DIGITS),
            }
            for each in confidences.thresholds
        ],
    }


def _calibration(found: Calibration) -> dict[str, Any]:
    rounded = {
        name: round(getattr(found, name), _DIGITS) for name in ("ece", "ece_low", "ece_high", "confidence", "right")
    }
    bins = [
        {name: round(value, _DIGITS) if isinstance(value, float) else value for name, value in asdict(each).items()}
        for each in found.bins
    ]
    return {**rounded, "proposals": found.proposals, "bins": bins}


def lines(measurement: Measurement, language: Language) -> Iterator[str]:
    """For people, with the definitions at the end."""

    def say(identifier: str, **parameters: object) -> str:
        return message(identifier).what(language, **parameters)

    found = measurement.found
    labels = ", ".join(f"{tag} {shown(count)}" for tag, count in measurement.languages.items())
    yield say("evaluation-against", file=measurement.file, version=measurement.esco_version, source=measurement.esco)
    yield say("evaluation-ranker", ranker=measurement.ranker, encoder=measurement.encoder or "–", labels=labels)
    yield say("evaluation-rows", **{name: shown(count) for name, count in measurement.rows.items()})
    for count, reject in measurement.rejects.values():
        why = message(reject.message_id).what(language, **reject.parameters)
        yield f"  {shown(count)} × {reject.place.text(language)}: {why}"
    yield say("evaluation-retired", **asdict(measurement.retired))
    yield say("evaluation-queries", queries=shown(found.queries), fitted=shown(found.fitted))
    parts = [("evaluation-quality", found.quality), ("evaluation-baseline", found.baseline)]
    if found.fitted:
        parts.insert(1, ("evaluation-unseen", found.unseen))
    for identifier, quality in parts:
        yield ""
        yield say(identifier)
        for name, measured in (("evaluation-exact", quality.exact), ("evaluation-all", quality.every)):
            if measured is not None:
                values = "   ".join(_with_interval(measured, each) for each in MEASURES)
                yield f"  {say(name, queries=shown(measured.queries))}: {values}"
    if found.confidences is not None:
        yield ""
        yield from _reliability(found.confidences, say)
    yield ""
    for name in _DEFINITIONS:
        yield f"{name}: {say(f'evaluation-define-{name}')}"


def _with_interval(measured: Measured, name: str) -> str:
    low, high = measured.intervals[name]
    return f"{name} {getattr(measured, name):.3f} [{low:.3f}; {high:.3f}]"


def _reliability(confidences: Confidences, say: Any) -> Iterator[str]:
    for name, each in (("evaluation-first", confidences.first), ("evaluation-listed", confidences.listed)):
        yield say(
            name, ece=f"{each.ece:.3f}", low=f"{each.ece_low:.3f}", high=f"{each.ece_high:.3f}",
            proposals=shown(each.proposals),
        )  # fmt: skip
        for one in each.bins:
            bar = "█" * round(40 * one.right)
            yield f"  {one.low:.1f}–{one.high:.1f}  {one.confidence:.3f}  {one.right:.3f}  {one.count:>6}  {bar}"
    for each_threshold in confidences.thresholds:
        right = "–" if each_threshold.right is None else f"{each_threshold.right:.3f}"
        yield say(
            "evaluation-threshold",
            least=each_threshold.least,
            answered=f"{each_threshold.answered:.3f}",
            right=right,
        )


_SIDE, _MARGIN = 400, 50


def reliability_plot(measurement: Measurement, language: Language) -> str:
    """An SVG: the share of first proposals that is right over their mean confidence, a dot's area for their number.

    Raises ValueError where nothing was measured that the weights had not seen.
    """
    confidences = measurement.found.confidences
    if confidences is None:
        raise ValueError(measurement.file)
    found = confidences.first
    most = max(each.count for each in found.bins)

    def at(confidence: float, right: float) -> tuple[float, float]:
        return _MARGIN + _SIDE * confidence, _MARGIN + _SIDE * (1 - right)

    title = message("evaluation-plot").what(language, ranker=measurement.ranker, ece=f"{found.ece:.3f}")
    horizontal = message("evaluation-plot-confidence").what(language)
    vertical = message("evaluation-plot-right").what(language)
    size = _SIDE + 2 * _MARGIN
    marks = [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{3 + 12 * (each.count / most) ** 0.5:.1f}" fill="#1f5f8b"'
        f' fill-opacity="0.7"><title>{each.count}: {each.confidence:.3f}, {each.right:.3f}</title></circle>'
        for each in found.bins
        for x, y in (at(each.confidence, each.right),)
    ]
    ticks = [
        f'<text x="{x:.0f}" y="{size - _MARGIN + 18}" text-anchor="middle">{share:.1f}</text>'
        f'<text x="{_MARGIN - 8}" y="{y + 4:.0f}" text-anchor="end">{share:.1f}</text>'
        for share in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
        for x, y in (at(share, share),)
    ]
    middle = size / 2
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" role="img" lang="{language}"'
            ' font-family="sans-serif" font-size="12">',
            f"<title>{escape(title)}</title>",
            f'<rect width="{size}" height="{size}" fill="white"/>',
            f'<path d="M{_MARGIN} {_MARGIN}V{_MARGIN + _SIDE}H{_MARGIN + _SIDE}" fill="none" stroke="black"/>',
            f'<path d="M{_MARGIN} {_MARGIN + _SIDE}L{_MARGIN + _SIDE} {_MARGIN}" stroke="gray" stroke-dasharray="4"/>',
            f'<text x="{middle}" y="24" text-anchor="middle" font-size="13">{escape(title)}</text>',
            f'<text x="{middle}" y="{size - 10}" text-anchor="middle">{escape(horizontal)}</text>',
            f'<text transform="translate(14 {middle}) rotate(-90)" text-anchor="middle">{escape(vertical)}</text>',
            *ticks,
            *marks,
            "</svg>\n",
        )
    )
