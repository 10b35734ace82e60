"""`passerelle link evaluate`: how well the candidates are ranked, and how far their confidences can be believed."""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import click
import pyoxigraph as ox

from passerelle.cli.console import help_of, language, output, reporting
from passerelle.cli.encoding_progress import EncodingProgress
from passerelle.cli.esco_skills import skills_of_files
from passerelle.cli.evaluation_report import Measurement, document, lines, reliability_plot
from passerelle.errors import InputError, NoCurrentRelease
from passerelle.graph.release import Releases
from passerelle.graph.skills import SkillGraph
from passerelle.linking.encoder import encoder_of
from passerelle.linking.evaluation import evaluate
from passerelle.linking.kept_encoder import kept_encoder
from passerelle.linking.linked_texts import linked_texts
from passerelle.linking.loaded_skills import loaded_skills
from passerelle.linking.ranking import SkillRanker
from passerelle.linking.ranking_weights import shipped_weights
from passerelle.linking.skill_texts import SkillTexts
from passerelle.records.place import Place
from passerelle.records.tally import Reject, Tally
from passerelle.settings import Settings
from passerelle.sources.evaluation_pairs import LANGUAGE, EvaluationPair, evaluation_pairs

_REFERENCE = "../shared/reference"

_MOST = 0.5
"""Share of the file's skills that a release must know, in the language of the texts, to be measured against: the demo
knows a handful."""


@dataclass(frozen=True, slots=True)
class _Esco:
    """Skills to measure against, the version of ESCO, where they come from, and the folder of such a release."""

    skills: list[SkillTexts]
    version: str
    source: str
    release: Path | None = None


@click.command("evaluate", help=help_of("cli-evaluate"))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help=help_of("cli-evaluate-format")
)
@click.option("--encoder", default="", metavar="NAME", help=help_of("cli-evaluate-encoder"))
@click.option(
    "--esco", multiple=True, metavar="FOLDER|ZIP", type=click.Path(path_type=Path), help=help_of("cli-evaluate-esco")
)
@click.option("--part", type=click.Choice(["all", "test"]), default="all", help=help_of("cli-evaluate-part"))
@click.option(
    "--plot", metavar="FILE.svg", type=click.Path(path_type=Path, dir_okay=False), help=help_of("cli-evaluate-plot")
)
@click.option("--releases", type=click.Path(path_type=Path, file_okay=False), help=help_of("cli-releases"))
@reporting
def evaluate_links(
    file: Path, form: str, encoder: str, esco: tuple[Path, ...], part: str, plot: Path | None, releases: Path | None
) -> None:
    """Exit 0 measured; 2 for what cannot be used."""
    chosen = encoder_of(encoder)
    rejects: Counter[str] = Counter()
    first: dict[str, Reject] = {}

    def rejected(reject: Reject) -> None:
        rejects[reject.message_id] += 1
        first.setdefault(reject.message_id, reject)

    tally = Tally(rejected)
    pairs = list(evaluation_pairs(file, tally))
    against = _esco(esco, pairs, releases)
    known = frozenset(each.skill for each in against.skills)
    queries, retired = linked_texts([(each.query, each.text, each.skill, each.relation) for each in pairs], known)
    if not queries:
        raise InputError("evaluation-nothing", place=Place(file=file.name))
    kept = kept_encoder(chosen, current=against.release, announce=EncodingProgress()) if chosen else None
    ranker = SkillRanker(against.skills, kept)
    labels = [each for each in against.skills if each.language == LANGUAGE]
    found = evaluate(ranker, shipped_weights(), queries, labels, LANGUAGE, test_only=part == "test")
    if not found.queries:
        raise InputError("evaluation-all-seen", place=Place(file=file.name))
    measurement = Measurement(
        file.name,
        part,
        against.source,
        against.version,
        {each: sum(skill.language == each for skill in against.skills) for each in _languages(against.skills)},
        ranker.version,
        f"{chosen.name} {chosen.version}" if chosen else "",
        {"read": tally.read["pair"], "accepted": tally.accepted["pair"], "rejected": tally.rejected["pair"]},
        {reason: (count, first[reason]) for reason, count in sorted(rejects.items())},
        retired,
        found,
    )
    if plot is not None:
        plot.write_text(reliability_plot(measurement, language()), encoding="utf-8")
    if form == "json":
        click.echo(json.dumps(document(measurement), ensure_ascii=False, indent=2))
    else:
        for line in lines(measurement, language()):
            output.print(line, markup=False)


def _languages(skills: list[SkillTexts]) -> list[str]:
    return sorted({each.language for each in skills})


def _esco(given: tuple[Path, ...], pairs: list[EvaluationPair], releases: Path | None) -> _Esco:
    """ESCO as it was given, else of the current release if that knows the file's skills, else of the reference folder.

    Raises InputError where there is none, or one that cannot be read.
    """
    if given:
        return _of_files(given)
    wanted = {each.skill for each in pairs}
    try:
        release = Releases(Settings.of(releases=releases).releases).current()
    except NoCurrentRelease:
        pass
    else:
        skills = loaded_skills(SkillGraph(ox.Store.read_only(str(release.store))))
        known = {each.skill for each in skills if each.language == LANGUAGE}
        if wanted and len(known & wanted) >= _MOST * len(wanted):
            version = next((each.edition for each in release.manifest.sources if each.kind == "esco"), "")
            return _Esco(skills, version, release.identifier, release.folder)
    reference = Path(os.environ.get("PASSERELLE_REFERENCE", _REFERENCE)) / "esco"
    files = tuple(sorted(reference.glob("*.zip"))) if reference.is_dir() else ()
    if not files:
        raise InputError("evaluation-no-esco", folder=reference)
    return _of_files(files)


def _of_files(files: tuple[Path, ...]) -> _Esco:
    version, skills = skills_of_files(files)
    return _Esco(skills, version, ", ".join(each.name for each in files))
