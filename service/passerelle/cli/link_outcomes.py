"""`passerelle link`: ranked ESCO candidates for the outcomes of a release or for a text; `export` writes link sets."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import click
import pyoxigraph as ox

from passerelle.build.links import NoCandidates, kept_linker, ranking_linker
from passerelle.cli.comparison_output import language_option
from passerelle.cli.console import help_of, output, reporting, say, shown
from passerelle.cli.encoding_progress import EncodingProgress
from passerelle.cli.link_answers import LinkAnswers, LinkedText
from passerelle.errors import SettingsError
from passerelle.graph.compared_units import UnitReader
from passerelle.graph.link_rows import LinkRow, LinkRows
from passerelle.graph.links import LinkGraph
from passerelle.graph.release import Release, Releases
from passerelle.linking.candidates import MAXIMUM, RankedLinker
from passerelle.linking.encoder import encoder_of
from passerelle.linking.link_set import LinkSets
from passerelle.messages import LANGUAGES
from passerelle.namespaces import Minting
from passerelle.records.compared_unit import LINK_CLASSES, LinkClass
from passerelle.records.link import OutcomeText
from passerelle.records.text import LanguageText
from passerelle.settings import Settings

_BATCH = 500
"""Outcomes ranked at once; the first lines appear after as many."""

_releases = click.option("--releases", type=click.Path(path_type=Path, file_okay=False), help=help_of("cli-releases"))
_release = click.option("--release", "identifier", metavar="ID", help=help_of("cli-link-release"))


def link_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of `link_outcomes`."""
    best = click.IntRange(1, MAXIMUM)
    forms = click.Choice(["text", "json", "sssom"])
    options = (
        click.option("--text", help=help_of("cli-link-text")),
        click.option("--language", "text_language", default="fr", show_default=True, help=help_of("cli-link-language")),
        click.option("--unit", "units", multiple=True, metavar="UNIT", help=help_of("cli-link-unit")),
        click.option("--encoder", default="", metavar="NAME", help=help_of("cli-link-encoder")),
        click.option("--top", type=best, default=MAXIMUM, show_default=True, help=help_of("cli-link-top")),
        click.option(
            "--format", "form", type=forms, default="text", show_default=True, help=help_of("cli-link-format")
        ),
        click.option("--to", "target", type=click.Path(path_type=Path, dir_okay=False), help=help_of("cli-link-to")),
        _release,
        _releases,
        language_option(LANGUAGES),
    )
    for option in reversed(options):
        command = option(command)
    return command


@reporting
def link_outcomes(
    text: str | None,
    text_language: str,
    units: tuple[str, ...],
    encoder: str,
    top: int,
    form: str,
    target: Path | None,
    identifier: str | None,
    releases: Path | None,
) -> None:
    """Exit 0 also where nothing is found: "no match" is an answer; 2 for what cannot be used."""
    if form == "sssom" and (target is None or text is not None):
        raise SettingsError("link-sssom-needs")
    release = _opened(identifier, releases)
    store = ox.Store.read_only(str(release.store))
    linking = _Linking(release, store)
    with closing(linking.linker(encoder, ranks=text is not None)) as linker:
        if text is not None:
            asked = [OutcomeText("", (LanguageText(text, text_language),))]
            found: Iterator[LinkedText] = linking.linked(iter(asked), linker, top)
        else:
            found = linking.linked(linking.outcomes(units), linker, top)
        answers = linking.answers()
        if form == "sssom" and target is not None:
            count, left_out = answers.write_sssom(found, target)
            output.print(say("cli-link-written", count=shown(count), path=target))
            if left_out:
                output.print(say("cli-link-left-out", count=shown(left_out)))
        elif form == "json":
            _write(json.dumps(answers.document(found, linker.version), ensure_ascii=False, indent=2), target)
        elif target is not None:
            target.write_text("".join(f"{line}\n" for line in answers.lines(found)), encoding="utf-8")
        else:
            for line in answers.lines(found):
                output.print(line, markup=False)


@click.command("export", help=help_of("cli-link-export"))
@click.option("--class", "classes", type=click.Choice(LINK_CLASSES), multiple=True, help=help_of("cli-link-class"))
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help=help_of("cli-link-folder"),
)
@_release
@_releases
@reporting
def export_links(classes: tuple[LinkClass, ...], folder: Path, identifier: str | None, releases: Path | None) -> None:
    """Exit 0 written; 2 for what cannot be used."""
    release = _opened(identifier, releases)
    store = ox.Store.read_only(str(release.store))
    sets = LinkSets(release.manifest)
    rows = LinkRows(store, Minting(release.manifest.base)).rows(sets.outcome_order)
    folder.mkdir(parents=True, exist_ok=True)
    targets = {each: folder / f"{each}.sssom.tsv" for each in classes or LINK_CLASSES}
    for link_class, count in sets.write(rows, targets).items():
        output.print(say("cli-link-written", count=shown(count), path=targets[link_class]))


def _opened(identifier: str | None, releases: Path | None) -> Release:
    known = Releases(Settings.of(releases=releases).releases)
    return known.get(identifier) if identifier else known.current()


def _write(text: str, target: Path | None) -> None:
    if target is None:
        click.echo(text)
    else:
        target.write_text(text + "\n", encoding="utf-8")


class _Linking:
    """A release, asked for candidates."""

    def __init__(self, release: Release, store: ox.Store) -> None:
        self._release = release
        self._store = store
        self._minting = Minting(release.manifest.base)
        self._graph = LinkGraph(store, self._minting)
        self._rows = LinkRows(store, self._minting)

    def answers(self) -> LinkAnswers:
        """What writes its answers."""
        return LinkAnswers(self._release, self._graph, self._rows)

    def linker(self, encoder: str, *, ranks: bool) -> RankedLinker | NoCandidates:
        """The linker that the release was built with, or one that ranks (for other texts, or with another encoder)."""
        built = self._release.manifest.versions["linker"]
        if ranks or encoder or built == NoCandidates.version:
            return ranking_linker(self._store, None, self._release.folder, encoder_of(encoder), EncodingProgress())
        return kept_linker(self._store, self._release.folder, None, built)

    def outcomes(self, units: tuple[str, ...]) -> Iterator[OutcomeText]:
        """The outcomes of units, as somebody names them, and of their parts; without units all. Raises UnknownUnit."""
        if not units:
            yield from self._graph.outcomes()
            return
        reader = UnitReader(self._store, self._minting)
        for written in units:
            unit = reader.unit(reader.identified(written))
            for outcome in unit.outcomes if unit else ():
                yield OutcomeText(outcome.iri, outcome.texts)

    def linked(
        self, outcomes: Iterator[OutcomeText], linker: RankedLinker | NoCandidates, top: int
    ) -> Iterator[LinkedText]:
        """Each outcome once, with its candidates and the links of the release."""
        seen: set[str] = set()
        batch: list[OutcomeText] = []
        for outcome in (*outcomes, None):
            if outcome is not None and outcome.iri not in seen:
                seen.add(outcome.iri)
                batch.append(outcome)
            if batch and (outcome is None or len(batch) == _BATCH):
                for each, found in zip(batch, linker.candidates(batch, ordered=True), strict=True):
                    links = tuple(sorted(self._rows.of(each.iri), key=_by_state)) if each.iri else ()
                    yield LinkedText(each.iri, each.texts, tuple(found[:top]), links)
                batch = []


def _by_state(link: LinkRow) -> tuple[str, str]:
    return link.state, link.skill
