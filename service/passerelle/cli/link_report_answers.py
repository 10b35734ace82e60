"""The figures of `passerelle link report` as JSON, and as text for people."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from passerelle.cli.console import shown
from passerelle.linking.agreement import Agreement
from passerelle.linking.calibration import Calibration
from passerelle.linking.candidates import RANKED
from passerelle.linking.judgement_report import NOT_STATED, Quality, Share
from passerelle.linking.resampling import Estimate
from passerelle.messages import Language, message
from passerelle.namespaces import PREFIXES

_DIGITS = 4
_DEFINITIONS = ("correct", "range", "shown", "found", "ece", "judges")
_COLUMNS = ("outcomes", "first", "shown", "any", "found", "unjudged", "error")
_LEAST = 30
"""Judged proposals under which people are shown no calibration error: ten bins would hold three each."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A ranker, its encoder (empty: none), and its quality by grouping and group.

    `taught`: its weights were made with this encoder, or without any; those that were not were never measured across
    folds.
    """

    ranker: str
    encoder: str
    groups: Mapping[str, Mapping[str, Quality]]
    taught: bool = True


@dataclass(frozen=True, slots=True)
class Report:
    """What was measured, on which release.

    `origins` gives for each origin the judged outcomes whose text was found, and all; `fitted` what the weights say of
    judgements that took part in their making (empty: none did); `agreements` how far the two passes of each round of
    judging agree. `of_the_project`: these are the judgements of data/judgements, not those of a file.
    """

    release: str
    origins: Mapping[str, tuple[int, int]]
    measured: Sequence[Measured]
    fitted: Mapping[str, Any]
    agreements: Mapping[int, Agreement]
    of_the_project: bool = True

    @property
    def definitions(self) -> tuple[str, ...]:
        """What is to be said with the figures; who judged is known of the project's own judgements alone."""
        return tuple(name for name in _DEFINITIONS if self.of_the_project or name != "judges")


def document(report: Report) -> dict[str, Any]:
    """For programs; the definitions of all figures stand in it, in English."""
    return {
        "release": report.release,
        "judged_outcomes": sum(judged for _, judged in report.origins.values()),
        "asked_outcomes": sum(asked for asked, _ in report.origins.values()),
        "origins": {name: {"asked": asked, "judged": judged} for name, (asked, judged) in report.origins.items()},
        "fitted_on_judgements": dict(report.fitted) or None,
        "agreement": {str(number): asdict(found) for number, found in report.agreements.items()},
        "rankers": [
            {
                "ranker": each.ranker,
                "encoder": each.encoder or None,
                "groups": {
                    grouping: {group: _quality(quality) for group, quality in groups.items()}
                    for grouping, groups in each.groups.items()
                },
            }
            for each in report.measured
        ],
        "definitions": {
            name: message(f"report-define-{name}").what("en", listed=RANKED) for name in report.definitions
        },
    }


def _quality(quality: Quality) -> dict[str, Any]:
    return {
        "outcomes": quality.outcomes,
        "with_correct": quality.with_correct,
        "without_proposal": quality.without_proposal,
        "calibrated": quality.calibrated,
        "precision_at_1": asdict(quality.first),
        "precision_at_3": asdict(quality.shown),
        "right_among_3": asdict(quality.any_shown),
        "found": asdict(quality.found),
        "calibration": {
            "first": _calibration(quality.first_confidence),
            "first_three": _calibration(quality.shown_confidence),
        },
        "no_match_below": [
            {
                "confidence": each.least,
                "answered": round(each.answered, _DIGITS),
                "right": None if each.right is None else round(each.right, _DIGITS),
            }
            for each in quality.no_match
        ],
    }


def _calibration(found: Calibration | None) -> dict[str, Any] | None:
    if found is None:
        return None
    described = asdict(found)
    described["bins"] = [
        {name: round(value, _DIGITS) if isinstance(value, float) else value for name, value in each.items()}
        for each in described["bins"]
    ]
    return {name: round(value, _DIGITS) if isinstance(value, float) else value for name, value in described.items()}


def lines(report: Report, language: Language, label: Callable[[str], str]) -> Iterator[str]:
    """For people, with the definitions at the end; `label` names a concept (IRI)."""

    def say(identifier: str, **parameters: object) -> str:
        return message(identifier).what(language, **parameters)

    yield say(
        "report-of",
        asked=shown(sum(asked for asked, _ in report.origins.values())),
        judged=shown(sum(judged for _, judged in report.origins.values())),
        source=report.release,
        origins=", ".join(f"{name} {asked}/{judged}" for name, (asked, judged) in report.origins.items()),
    )
    for number, agreed in report.agreements.items():
        yield say(
            "report-agreement",
            number=number,
            pairs=shown(agreed.pairs),
            outcomes=shown(agreed.outcomes),
            kappa=_estimate(agreed.kappa_on_correct),
        )
    for measured in report.measured:
        every = measured.groups["all"]["all"]
        name = f"{measured.ranker} ({measured.encoder})" if measured.encoder else measured.ranker
        yield ""
        yield say("report-ranker", ranker=name, calibrated=shown(every.calibrated), outcomes=shown(every.outcomes))
        across = report.fitted.get("across folds+encoder" if measured.encoder else "across folds")
        if across and measured.taught:
            yield _across_folds(across, say)
        yield from _table(measured, say, label)
        for group, quality in measured.groups["language"].items():
            if quality.shown_confidence and quality.shown_confidence.proposals >= _LEAST:
                yield ""
                yield from _bins(group, quality.shown_confidence, say)
                for each in quality.no_match:
                    right = "–" if each.right is None else f"{each.right:.2f}"
                    yield say("report-no-match", least=each.least, answered=f"{each.answered:.2f}", right=right)
    yield ""
    for name in report.definitions:
        yield f"- {say(f'report-define-{name}', listed=RANKED)}"


def _across_folds(found: Mapping[str, Any], say: Callable[..., str]) -> str:
    """What the weights say of the judged outcomes that took part in their making."""
    right, missing = found["first right"], found["first unjudged"]
    ece, low, high = found["ece of the first three"]
    return say(
        "report-fitted",
        outcomes=shown(found["outcomes"]),
        right=f"{right:.2f}–{right + missing:.2f}" if missing else f"{right:.2f}",
        ece=f"{ece:.3f}",
        low=f"{low:.3f}",
        high=f"{high:.3f}",
    )


def _table(measured: Measured, say: Callable[..., str], label: Callable[[str], str]) -> Iterator[str]:
    rows = [["", *(say(f"report-column-{name}") for name in _COLUMNS)]]
    for grouping, groups in measured.groups.items():
        for group, quality in groups.items():
            named = say("report-not-stated") if group == NOT_STATED else group
            if grouping == "sector" and group != NOT_STATED:
                named += f" {label(PREFIXES['pslv'] + f'nsf/{group}')}"
            title = say("report-group", grouping=say(f"report-{grouping}"), group=named)
            if grouping == "all":
                title = say("report-all")
            rows.append([title, *_cells(quality)])
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        first, *others = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join((first, *others)).rstrip()


def _cells(quality: Quality) -> list[str]:
    found = quality.shown_confidence
    enough = found is not None and found.proposals >= _LEAST
    return [
        shown(quality.outcomes),
        _share(quality.first),
        _share(quality.shown),
        _share(quality.any_shown),
        _estimate(quality.found),
        shown(quality.shown.unjudged),
        f"{found.ece:.2f} [{found.ece_low:.2f}; {found.ece_high:.2f}]" if found and enough else "–",
    ]


def _share(share: Share) -> str:
    if share.lowest is None or share.highest is None or share.low is None or share.high is None:
        return "–"
    value = f"{share.lowest:.2f}" if not share.unjudged else f"{share.lowest:.2f}–{share.highest:.2f}"
    return f"{value} [{share.low:.2f}; {share.high:.2f}]"


def _estimate(found: Estimate) -> str:
    if found.value is None:
        return "–"
    return f"{found.value:.2f} [{found.lower:.2f}; {found.upper:.2f}]"


def _bins(group: str, found: Calibration, say: Callable[..., str]) -> Iterator[str]:
    yield say(
        "report-bins", group=group, ece=f"{found.ece:.3f}", low=f"{found.ece_low:.3f}", high=f"{found.ece_high:.3f}",
        proposals=shown(found.proposals),
    )  # fmt: skip
    for each in found.bins:
        bar = "█" * round(40 * each.right)
        yield f"  {each.low:.1f}–{each.high:.1f}  {each.confidence:.3f}  {each.right:.3f}  {each.count:>5}  {bar}"
