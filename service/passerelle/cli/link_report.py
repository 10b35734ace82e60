"""`passerelle link report`: how good the links of real outcomes are, on those that were judged."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click
import pyoxigraph as ox

from passerelle.cli.console import errors, help_of, language, output, reporting, say, shown
from passerelle.cli.encoding_progress import EncodingProgress
from passerelle.cli.link_report_answers import Measured, Report, document, lines
from passerelle.errors import InputError, MalformedInput
from passerelle.graph.compared_units import UnitReader
from passerelle.graph.links import LinkGraph
from passerelle.graph.release import Release, Releases
from passerelle.graph.skills import SkillGraph
from passerelle.linking.agreement import agreement
from passerelle.linking.candidates import RANKED
from passerelle.linking.encoder import Encoder, encoder_of
from passerelle.linking.judgement_report import Proposal, judged_texts, judgement_report, ranked, unjudged
from passerelle.linking.judgements import JudgedOutcome, read_judgements
from passerelle.linking.kept_encoder import kept_encoder
from passerelle.linking.loaded_skills import loaded_skills
from passerelle.linking.ranking import SkillRanker
from passerelle.linking.ranking_weights import shipped_weights
from passerelle.linking.submitted import guarded
from passerelle.namespaces import Minting
from passerelle.records.place import Place
from passerelle.records.text import LanguageText
from passerelle.settings import Settings

_MOST = 0.9
"""Share of the judged skills that a release must know to be measured: the demo knows a handful."""

_PARAGRAPHS = re.compile(r"\n\s*\n")

_SHEET = ("hash", "language", "text", "skill", "label_fr", "label_en", "relation")


@click.command("report", help=help_of("cli-report"))
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help=help_of("cli-report-format")
)
@click.option("--encoder", default="", metavar="NAME", help=help_of("cli-report-encoder"))
@click.option(
    "--judgements", type=click.Path(path_type=Path, exists=True, dir_okay=False), help=help_of("cli-report-judgements")
)
@click.option(
    "--unjudged", "sheet", type=click.Path(path_type=Path, dir_okay=False), help=help_of("cli-report-unjudged")
)
@click.option("--release", "identifier", metavar="ID", help=help_of("cli-link-release"))
@click.option("--releases", type=click.Path(path_type=Path, file_okay=False), help=help_of("cli-releases"))
@reporting
def report_links(
    files: tuple[Path, ...],
    form: str,
    encoder: str,
    judgements: Path | None,
    sheet: Path | None,
    identifier: str | None,
    releases: Path | None,
) -> None:
    """Exit 0 measured; 2 for what cannot be used."""
    chosen = encoder_of(encoder)
    judged = _judged(judgements)
    known = Releases(Settings.of(releases=releases).releases)
    release = known.get(identifier) if identifier else known.current()
    store = ox.Store.read_only(str(release.store))
    graph = LinkGraph(store, Minting(release.manifest.base))
    texts = judged_texts(judged, _texts(graph, files))
    if not texts:
        raise InputError("report-no-text", judged=len(judged), release=release.identifier)
    skills = loaded_skills(SkillGraph(store))
    _check_esco(release, judged, {each.skill for each in skills})
    spoken = {each.language for each in skills}
    found: list[Measured] = []
    wanted: set[tuple[str, str]] = set()
    for each in _rankers(chosen):
        kept = kept_encoder(each, current=release.folder, announce=EncodingProgress()) if each else None
        ranker = SkillRanker(skills, kept)
        proposals: Mapping[str, Sequence[Proposal]] = ranked(ranker, judged, texts, RANKED, None if each else spoken)
        wanted.update(unjudged(judged, proposals))
        name = f"{each.name} {each.version}" if each else ""
        taught = each is None or each.name == shipped_weights().encoder
        found.append(Measured(ranker.version, name, judgement_report(judged, proposals), taught=taught))
    asked = Counter(judged[key].origin for key in texts)
    origins = {origin: (asked[origin], count) for origin, count in _origins(judged).items()}
    rounds = sorted({each.round for outcome in judged.values() for each in outcome.judgements})
    agreements = {number: agreement(judged.values(), number) for number in rounds}
    shipped = judgements is None
    fitted = shipped_weights().made.get("judgements", {}) if shipped else {}
    measured = Report(release.identifier, origins, found, fitted, agreements, of_the_project=shipped)
    if form == "json":
        click.echo(json.dumps(document(measured), ensure_ascii=False, indent=2))
    else:
        reader = UnitReader(store, Minting(release.manifest.base))
        for line in lines(measured, language(), lambda iri: reader.label(iri, language()).text):
            output.print(line, markup=False)
    if sheet is not None:
        _write_sheet(
            sheet, sorted(wanted), judged, texts, {(each.skill, each.language): each.preferred for each in skills}
        )


def _judged(path: Path | None) -> dict[str, JudgedOutcome]:
    try:
        return read_judgements(path)
    except (ValueError, KeyError) as error:
        raise InputError("report-judgements", file=path.name if path else "", reason=str(error)) from error


def _rankers(encoder: Encoder | None) -> tuple[Encoder | None, ...]:
    """Without an encoder, and with the one asked for."""
    return (None, encoder) if encoder else (None,)


def _texts(graph: LinkGraph, files: Sequence[Path]) -> Iterator[LanguageText]:
    for outcome in graph.outcomes():
        yield from outcome.texts
    for path in files:
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            raise MalformedInput("report-file", place=Place(path.name)) from None
        for paragraph in _PARAGRAPHS.split(text):
            yield LanguageText(paragraph, "")


def _check_esco(release: Release, judged: Mapping[str, JudgedOutcome], loaded: set[str]) -> None:
    skills = {each.skill for outcome in judged.values() for each in outcome.judgements}
    known = len(skills & loaded)
    if known < _MOST * len(skills):
        raise InputError("report-other-esco", release=release.identifier, known=known, skills=len(skills))


def _origins(judged: Mapping[str, JudgedOutcome]) -> dict[str, int]:
    return dict(sorted(Counter(outcome.origin for outcome in judged.values()).items()))


def _write_sheet(
    path: Path,
    pairs: Sequence[tuple[str, str]],
    judged: Mapping[str, JudgedOutcome],
    texts: Mapping[str, str],
    labels: Mapping[tuple[str, str], str],
) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(_SHEET)
        for key, skill in pairs:
            shown_labels = (labels.get((skill, "fr"), ""), labels.get((skill, "en"), ""))
            cells = (key, judged[key].language, " ".join(texts[key].split()), skill, *shown_labels, "")
            writer.writerow([guarded(cell) for cell in cells])
    outcomes = len({key for key, _ in pairs})
    errors.print(
        say("report-unjudged-written", pairs=shown(len(pairs)), outcomes=shown(outcomes), path=path), markup=False
    )
