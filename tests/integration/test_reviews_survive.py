"""A rebuild with another version of ESCO, and with changed texts: no decision is lost, and what holds no more waits."""

from __future__ import annotations

import csv
import json
import shutil
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from passerelle.build.options import read_options
from passerelle.build.pipeline import build
from passerelle.cli import main
from passerelle.graph.release import Release, Releases
from passerelle.linking.review_append import appending
from passerelle.linking.review_lines import LogDecision, LogHeader
from passerelle.linking.review_log import ReviewLog
from passerelle.records.review import Review
from passerelle.records.tally import Tally
from passerelle.settings import Settings

SKILL = "http://data.europa.eu/esco/skill/"
HEIGHT = SKILL + "fafbb75f-ec35-4cc2-996a-20c85ef6c266"
"""Follow safety procedures when working at heights: accepted four times; the new ESCO has lost it."""
GRIDS, DESIGN = SKILL + "79a5bc25-5b59-47bc-a4c2-fb8e8cb1ddf6", SKILL + "4e0a7f6e-b546-4cc6-9f8b-53e4fa31a426"
"""Smart grids systems: accepted twice; replaced in the new ESCO by the second, design smart grids."""
MAINTAIN = SKILL + "b7a26b32-c457-49aa-9a78-25ade10090e3"
ITALY = "https://italia.example.org/qualifica/manutenzione-eolica/outcome/2"
ITALIAN = "Keep the mechanical and electrical parts of a turbine in working order"
WORDED, REWORDED = "panne électrique ou hydraulique", "panne électrique, hydraulique ou mécanique"


def rewritten(path: Path, folder: Path, change: Callable[[str], str]) -> Path:
    before = path.read_text(encoding="utf-8")
    after = change(before)
    assert after != before
    target = folder / path.name
    target.write_text(after, encoding="utf-8")
    return target


def next_esco(path: Path, folder: Path) -> Path:
    """The package as version 1.2.1, without the two skills."""
    target = folder / path.name.replace("1.2.0", "1.2.1")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            lines = old.read(name).decode("utf-8").splitlines(keepends=True)
            new.writestr(name, "".join(line for line in lines if HEIGHT not in line and GRIDS not in line))
    return target


@pytest.fixture(scope="module")
def desk(demo_release: Release, root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo with a reviewed foreign outcome more, and then built again from newer sources."""
    folder = tmp_path_factory.mktemp("versions")
    options = read_options(root / "data" / "demo" / "passerelle.toml")
    log = folder / "reviews.sssom.tsv"
    shutil.copyfile(options.reviews[0], log)
    with appending(log, LogHeader("https://example.org/log", "", demo_release.manifest.base)) as held:
        held.append([LogDecision(ITALY, MAINTAIN, "skos:exactMatch", True, "2026-11-20", "A. Person", ITALIAN)])
    successor = folder / "successors.ttl"
    successor.write_text(
        f"<{GRIDS}> <http://purl.org/dc/terms/isReplacedBy> <{DESIGN}> .\n"
        '<https://example.org/esco> a <http://www.w3.org/ns/dcat#Dataset> ; '
        '<http://purl.org/dc/terms/title> "Successors"@en .\n',
        encoding="utf-8",
    )  # fmt: skip
    newer = replace(
        options,
        esco=tuple(next_esco(path, folder) for path in options.esco),
        rncp=tuple(rewritten(path, folder, lambda text: text.replace(WORDED, REWORDED)) for path in options.rncp),
        qualifications=tuple(
            rewritten(path, folder, lambda text: text.replace(ITALIAN, ITALIAN + ", on land and at sea"))
            if path.name == "italy.ttl"
            else path
            for path in options.qualifications
        ),
        rdf=(*options.rdf, successor),
        reviews=(log,),
    )
    for each, name in ((replace(options, reviews=(log,)), "old"), (newer, "new")):
        build(each, Settings.of(environment={}, base=demo_release.manifest.base, releases=folder / name))
    return folder


def review(desk: Path, *arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(main, ["review", *arguments, "--releases", str(desk / "new"), "--lang", "en"])
    assert result.exit_code == code, result.output
    return result.output


def decisions(desk: Path) -> list[Review]:
    return list(ReviewLog(desk / "reviews.sssom.tsv").read(Tally()))


def held(desk: Path, name: str = "new") -> int:
    """How many decisions hold in a release."""
    links = Releases(desk / name).current().manifest.links
    return links["accepted"] + links["rejected"]


def waiting(desk: Path) -> list[dict[str, str]]:
    return json.loads(review(desk, "status", "--format", "json"))["waiting"]


def test_what_a_new_version_takes_away_waits_and_all_else_holds(desk: Path):
    assert held(desk, "old") == len(decisions(desk)) == 44
    # four about the retired skill, two about the replaced one, one outcome reworded, one changed under its own IRI
    assert Counter(each["reason"] for each in waiting(desk)) == {
        "retired-skill": 4, "replaced-skill": 2, "reworded": 1, "changed-text": 1,
    }  # fmt: skip
    assert {each["skill"] for each in waiting(desk) if each["reason"] == "replaced-skill"} == {DESIGN}
    assert held(desk) == 44 - 8


def test_each_is_named_with_its_line_in_the_rejects_of_the_build(desk: Path):
    lines = (Releases(desk / "new").current().folder / "rejects.jsonl").read_text(encoding="utf-8").splitlines()
    notices = [each for each in map(json.loads, lines) if each["item"] == "review"]
    assert Counter(each["reason"] for each in notices) == {
        "review-retired-skill": 6, "review-unknown-outcome": 1, "review-changed-text": 1,
    }  # fmt: skip
    log = (desk / "reviews.sssom.tsv").read_text(encoding="utf-8").splitlines()
    for each in notices:
        assert each["file"] == "reviews.sssom.tsv"
        assert any(name in log[each["line"] - 1] for name in (HEIGHT[-36:], GRIDS[-36:], WORDED, ITALIAN))


def test_they_are_exported_with_what_had_been_decided_and_a_correction_settles_one(desk: Path):
    path = desk / "queue.sssom.tsv"
    review(desk, "export", "--to", str(path), "--state", "sent-back")
    lines = path.read_text(encoding="utf-8").splitlines()
    head = [line for line in lines if line.startswith("#")]
    rows = list(csv.DictReader(lines[len(head) :], delimiter="\t"))
    assert len(rows) == 8
    assert all("2026-" in row["review_earlier"] for row in rows)
    assert {row["object_source_version"] for row in rows} == {"1.2.1"}
    retired = next(row for row in rows if row["object_id"].endswith(HEIGHT.removeprefix(SKILL)))
    # another skill instead of the retired one: one row, which takes the earlier decision back and makes the new one
    retired.update(mapping_justification="semapv:ManualMappingCuration", review_corrected_skill=MAINTAIN)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("\n".join(head) + "\n")
        writer = csv.DictWriter(file, list(rows[0]), delimiter="\t", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    log = str(desk / "reviews.sssom.tsv")
    review(desk, "import", str(path), "--log", log, "--reviewer", "A. Person", "--date", "2026-11-21")
    assert len(decisions(desk)) == 46
    assert Counter(each["reason"] for each in waiting(desk))["retired-skill"] == 3
    assert held(desk) == 44 - 8 + 1
