"""`passerelle review`: export the links that matter most, import decisions, see how far the review is."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from passerelle.build.rejects import RejectsFile
from passerelle.build.reviews import decisions_of_others, known_decisions
from passerelle.cli.comparison_output import language_option
from passerelle.cli.console import help_of, language, output, reporting, say, show_table, shown
from passerelle.cli.review_publication import published
from passerelle.comparability.questions import purpose_labels, purposes
from passerelle.comparability.review_items import ReleaseReview, ReviewFilters
from passerelle.errors import SettingsError
from passerelle.graph.release import Release, Releases
from passerelle.linking.review_append import appending
from passerelle.linking.review_columns import choice_label
from passerelle.linking.review_export import ExportedRelease, write_review_table
from passerelle.linking.review_import import Defaults, Judged, ReviewImport
from passerelle.linking.review_lines import LogHeader
from passerelle.linking.review_log import UNSPECIFIED_LICENCE, ReviewLog
from passerelle.linking.review_status import review_status
from passerelle.linking.submitted_file import submitted_rows
from passerelle.messages import LANGUAGES
from passerelle.records.review import Review
from passerelle.records.review_item import REVIEW_STATES
from passerelle.records.tally import Tally
from passerelle.settings import Settings

_TOP = 100
"""An afternoon's work."""
_PURPOSE = "bloc-exemption"
"""The question that blocs are made for."""
_FIRST_OF_ALL = timedelta(hours=14)
"""Ahead of UTC: a day begins there (UTC+14) first."""
_REFUSED = 1
_NOT_PUBLISHED = 3

_releases = click.option("--releases", type=click.Path(path_type=Path, file_okay=False), help=help_of("cli-releases"))
_logs = click.option(
    "--log",
    "logs",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    multiple=True,
    help=help_of("cli-review-log-known"),
)
_spoken = language_option(LANGUAGES)


@click.group("review", help=help_of("cli-review-group"))
def review_command() -> None:
    """The review of links."""


@review_command.command("export", help=help_of("cli-review-export"))
@click.option(
    "--to", "target", type=click.Path(path_type=Path, dir_okay=False), required=True, help=help_of("cli-review-to")
)
@click.option("--top", type=click.IntRange(1, 100_000), default=_TOP, show_default=True, help=help_of("cli-review-top"))
@click.option(
    "--purpose",
    type=click.Choice(list(purposes())),
    default=_PURPOSE,
    show_default=True,
    help=help_of("cli-review-purpose"),
)
@click.option("--unit", default="", help=help_of("cli-review-unit"))
@click.option("--country", default="", help=help_of("cli-review-country"))
@click.option("--language", "spoken", default="", help=help_of("cli-review-language"))
@click.option("--state", "states", type=click.Choice(REVIEW_STATES), multiple=True, help=help_of("cli-review-state"))
@_logs
@_spoken
@_releases
@reporting
def export_links(
    target: Path,
    top: int,
    purpose: str,
    unit: str,
    country: str,
    spoken: str,
    states: tuple[Any, ...],
    logs: tuple[Path, ...],
    releases: Path | None,
) -> None:
    """Exit 0, also where nothing waits; 2 for a unit that is not there or a file of another kind."""
    if target.suffix.lower() not in (".tsv", ".xlsx"):
        raise SettingsError("review-export-suffix", value=target.name)
    release = Releases(Settings.of(releases=releases).releases).current()
    review = ReleaseReview(release, known_decisions(release.folder, logs), language())
    filters = ReviewFilters(purpose, unit, country, spoken.lower(), frozenset(states or REVIEW_STATES))
    items = review.items(filters, top)
    about = _exported(release, purpose)
    if target.suffix.lower() == ".xlsx":
        from passerelle.linking.review_workbook import write_review_workbook  # noqa: PLC0415 - loads slowly

        write_review_workbook(target, items, about, language())
    else:
        write_review_table(target, items, about, language())
    if not items:
        output.print(say("cli-review-empty"))
    waiting = shown(len(review.waiting))
    output.print(
        say("cli-review-exported", count=shown(len(items)), path=target, identifier=release.identifier, waiting=waiting)
    )


@review_command.command("import", help=help_of("cli-review-import"))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option(
    "--log", "log", type=click.Path(path_type=Path, dir_okay=False), required=True, help=help_of("cli-review-log")
)
@click.option("--reviewer", default="", help=help_of("cli-review-reviewer"))
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help=help_of("cli-review-date"))
@click.option("--licence", default=UNSPECIFIED_LICENCE, show_default=True, help=help_of("cli-review-licence"))
@click.option("--derive/--no-derive", "publish", default=True, show_default=True, help=help_of("cli-review-derive"))
@click.option("--strict", is_flag=True, help=help_of("cli-review-strict"))
@click.option("--rejects", type=click.Path(path_type=Path, dir_okay=False), help=help_of("cli-review-rejects"))
@_spoken
@_releases
@reporting
def import_decisions(
    file: Path,
    log: Path,
    reviewer: str,
    day: datetime | None,
    licence: str,
    publish: bool,
    strict: bool,
    rejects: Path | None,
    releases: Path | None,
) -> None:
    """Exit 0; 1 where rows were refused or are in conflict; 2 for an unusable file or log; 3 if not published."""
    settings = Settings.of(releases=releases)
    release = Releases(settings.releases).current()
    decided = day.date() if day else today()
    rejects = rejects or file.with_name(f"{file.name}.rejects.jsonl")
    base = release.manifest.base
    title = say("review-log-title", name=log.name)
    header = LogHeader(f"{base}/id/review/{ReviewLog(log).slug}", title, base, licence, say("review-log-comment"))
    try:
        with appending(log, header) as held, RejectsFile(rejects.parent, rejects.name) as refused:
            standing = held.reviews()
            others = decisions_of_others(release.folder, log, standing)
            tally = Tally(refused.recorder(file.name))
            review = ReleaseReview(release, [*standing, *others], language())
            latest = today(ahead=_FIRST_OF_ALL).isoformat()
            defaults = Defaults(reviewer, decided.isoformat(), review.skill_version, review.versions, latest)
            waiting = {pair for each in review.waiting for pair in (each.pair, *(one.pair for one in each.earlier))}
            judging = ReviewImport(review.graph, review.links, defaults, waiting)
            judged = judging.judge(submitted_rows(file, tally), [*standing, *others], tally)
            imperfect = bool(tally.rejected or judged.conflicting)
            if strict and imperfect:
                judged.hold_back()
            held.append(judged.decisions)
    finally:
        if rejects.exists() and not rejects.stat().st_size:
            rejects.unlink()
    _show_import(judged, tally)
    if imperfect:
        output.print(say("cli-review-refused-in", path=rejects))
    output.print(say("cli-review-logged", decisions=shown(len(judged.decisions)), path=log))
    if judged.decisions:
        output.print(say("cli-review-give-log", path=log), markup=False)
    if publish and not (strict and imperfect) and log.exists() and not published(log, settings, release):
        sys.exit(_NOT_PUBLISHED)
    sys.exit(_REFUSED if imperfect else 0)


@review_command.command("status", help=help_of("cli-review-status"))
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@_logs
@_spoken
@_releases
@reporting
def show_status(form: str, logs: tuple[Path, ...], releases: Path | None) -> None:
    """A row for each source and language, and the decisions that wait again."""
    release = Releases(Settings.of(releases=releases).releases).current()
    review = ReleaseReview(release, known_decisions(release.folder, logs), language())
    rows = review_status(review.graph, review.links, review.decided, review.waiting)
    if form == "json":
        waiting = [
            {"outcome": each.pair[0], "skill": each.pair[1], "reason": each.reason, "decided": each.earlier[-1].date}
            for each in review.waiting
        ]
        document = {"release": release.identifier, "links": [asdict(row) for row in rows], "waiting": waiting}
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    names = ("reviewed", "official", "declared", "candidate", "sent-back", "conflicts")
    columns = [say("cli-column-source"), *(say(f"cli-review-column-{name}") for name in ("language", *names))]
    show_table(say("cli-review-table-status"), columns, [list(asdict(row).values()) for row in rows])
    if review.waiting:
        columns = [say(f"cli-review-column-{name}") for name in ("outcome", "skill", "earlier", "reason")]
        lines = [
            [*each.pair, _decided(each.earlier[-1]), say(f"review-because-{each.reason}")] for each in review.waiting
        ]
        show_table(say("cli-review-table-waiting"), columns, lines)


def today(ahead: timedelta = timedelta()) -> date:
    """The day in UTC, as everywhere in releases and reports, or so far ahead of it."""
    return (datetime.now(UTC) + ahead).date()


def _decided(review: Review) -> str:
    relation = choice_label("relation", review.relation, language())
    return f"{review.date} {relation}"


def _exported(release: Release, purpose: str) -> ExportedRelease:
    manifest = release.manifest
    french = language() == "fr"
    rights = {each.attribution_fr if french else each.attribution_en for each in manifest.sources}
    linker = str(manifest.versions.get("linker", ""))
    labels = {each: f"{dict(purpose_labels(each))[purpose]} ({purpose})" for each in LANGUAGES}
    return ExportedRelease(release.identifier, manifest.created, manifest.base, linker, labels, tuple(sorted(rights)))


def _show_import(judged: Judged, tally: Tally) -> None:
    counts: list[tuple[str, int]] = [
        ("read", sum(tally.read.values())),
        ("appended", judged.appended),
        ("unchanged", judged.unchanged),
        ("undecided", judged.undecided),
        ("refused", sum(tally.rejected.values())),
    ]
    seldom = [("conflicting", judged.conflicting), ("held-back", judged.held_back)]
    counts += [each for each in seldom if each[1]]
    rows = [[say(f"cli-review-row-{name}"), count] for name, count in counts]
    show_table(say("cli-review-table-import"), ["", say("cli-column-count")], rows)
