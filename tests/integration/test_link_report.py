"""`passerelle link report`: the figures of a few judged outcomes of the demo, worked out by hand."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from passerelle.cli import main
from passerelle.cli.link_report_answers import Measured, Report, lines
from passerelle.graph.release import Release
from passerelle.linking.judgement_report import judgement_report
from passerelle.linking.judgements import read_judgements
from passerelle.namespaces import ESCO_SKILL
from passerelle.records.text import outcome_hash

INSPECT = "http://data.europa.eu/esco/skill/52242966-692f-4a4f-8279-cadbc7874183"
STATED = "Inspecter les éoliennes"
"""No outcome of the demo: it stands in a file. INSPECT is what the linker proposes first."""

HEADER = (
    "#mapping_set_id: https://example.org/judgements\n"
    "#license: https://creativecommons.org/licenses/by/4.0/\n"
    "#curie_map:\n"
    "#  esco: http://data.europa.eu/esco/\n"
    "#  outcome: https://w3id.org/passerelle/outcome-hash/\n"
    "#extension_definitions:\n"
    + "".join(f"#- slot_name: {name}\n" for name in ("outcome_language", "unit_kind", "outcome_origin", "nsf_code"))
    + "subject_id\tpredicate_id\tpredicate_modifier\tobject_id\tmapping_justification"
    "\toutcome_language\tunit_kind\toutcome_origin\tnsf_code\n"
)


def report(release: Release, *options: str | Path, language: str = "en") -> Result:
    given = ["--lang", language, "link", "report", "--releases", str(release.folder.parent), *map(str, options)]
    return CliRunner().invoke(main, given, catch_exceptions=False)


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A judgement of the first proposal, and the file with the text."""
    folder = tmp_path_factory.mktemp("judged")
    judgements, texts = folder / "judged.sssom.tsv", folder / "texts.md"
    facts = ("semapv:ManualMappingCuration", "fr", "bloc", "titre", "255")
    skill = f"esco:skill/{INSPECT.removeprefix(ESCO_SKILL)}"
    row = (f"outcome:{outcome_hash(STATED, 'fr')}", "skos:broadMatch", "", skill, *facts)
    judgements.write_text(HEADER + "\t".join(row) + "\n", encoding="utf-8")
    texts.write_text(f"A heading\n\n{STATED}\n\nAnother text\n", encoding="utf-8")
    return judgements, texts


def test_the_figures_of_one_judged_outcome(demo_release: Release, judged: tuple[Path, Path], tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.tsv"
    result = report(demo_release, judged[1], "--judgements", judged[0], "--unjudged", sheet, "--format", "json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    assert found["origins"] == {"titre": {"asked": 1, "judged": 1}}
    assert found["agreement"]["1"]["pairs"] == 0  # no pass of it is stated
    (ranker,) = found["rankers"]
    quality = ranker["groups"]["sector"]["25"]
    assert quality == ranker["groups"]["all"]["all"]
    first = quality["precision_at_1"]
    assert (first["right"], first["unjudged"], first["of"], first["lowest"], first["highest"]) == (1, 0, 1, 1.0, 1.0)
    # the others of the first three were not judged: one of n is right at least, and all may be
    three = quality["precision_at_3"]
    assert (three["right"], three["unjudged"]) == (1, three["of"] - 1)
    assert three["of"] > 1
    assert (three["lowest"], three["highest"]) == (round(1 / three["of"], 4), 1.0)
    assert quality["calibration"]["first"]["proposals"] == 1
    with sheet.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert len(rows) == three["unjudged"]
    assert {row["hash"] for row in rows} == {outcome_hash(STATED, "fr")}
    assert INSPECT not in {row["skill"] for row in rows}


def test_people_read_it_in_their_language(demo_release: Release, judged: tuple[Path, Path]) -> None:
    result = report(demo_release, judged[1], "--judgements", judged[0], language="fr")
    assert "1 des 1 acquis jugés ont leur texte" in result.stdout
    assert "domaine NSF\xa0: 25 Mécanique, électricité, électronique" in result.stdout
    # who judged is known of the project's own judgements, and those took part in the fit; these are somebody's
    assert "aucun expert d'un secteur" not in result.stdout
    assert "ont servi à établir ces poids" not in result.stdout


def test_figures_across_folds_are_told_of_weights_that_were_measured_across_them(judged: tuple[Path, Path]) -> None:
    outcomes = read_judgements(judged[0])
    groups = judgement_report(outcomes, dict.fromkeys(outcomes, ()))
    across = {"outcomes": 128, "first right": 0.25, "first unjudged": 0, "ece of the first three": (0.04, 0.03, 0.08)}
    fitted = {"across folds": across, "across folds+encoder": {**across, "first right": 0.375}}
    measured = [
        Measured("rank", "", groups),
        Measured("rank", "packaged 1", groups),
        Measured("rank", "other 2", groups, taught=False),
    ]
    said = list(lines(Report("release", {}, measured, fitted, {}), "en", str))
    assert [line.partition("first proposal right ")[2][:4] for line in said if "across folds" in line.lower()] == [
        "0.25", "0.38",
    ]  # fmt: skip
    assert any("no expert of a sector" in line for line in said)


def test_a_release_without_the_texts_says_what_to_give(demo_release: Release, judged: tuple[Path, Path]) -> None:
    missing = report(demo_release, "--judgements", judged[0])
    assert (missing.exit_code, "None of the 1 judged outcomes" in missing.output) == (2, True)
    broken = report(demo_release, "--judgements", judged[1])
    assert broken.exit_code == 2
    assert "holds no judgements" in broken.output
    latin = judged[0].with_name("latin.txt")
    latin.write_bytes("Prépare".encode("latin-1"))
    unreadable = report(demo_release, "--judgements", judged[0], latin)
    assert (unreadable.exit_code, "latin.txt" in unreadable.output, "UTF-8" in unreadable.output) == (2, True, True)
