"""`passerelle link`: candidates for outcomes and texts, and the link sets of a release."""

from __future__ import annotations

import json
import re

import pytest
import sssom_pydantic
from click.testing import CliRunner

from passerelle.cli import main
from passerelle.cli.build_report import show_assertions, show_linking
from passerelle.graph.release import Release
from passerelle.linking.candidate_memory import CandidateMemory
from passerelle.linking.candidates import LEAST_CONFIDENCE
from passerelle.linking.link_set import file_name
from passerelle.records.compared_unit import LINK_CLASSES

ITALY = "https://italia.example.org/qualifica/manutenzione-eolica"
INSPECT = "http://data.europa.eu/esco/skill/52242966-692f-4a4f-8279-cadbc7874183"


@pytest.fixture
def link(demo_release: Release):
    def run(*arguments: str, code: int = 0) -> str:
        result = CliRunner().invoke(main, ["link", *arguments, "--releases", str(demo_release.folder.parent)])
        assert result.exit_code == code, result.output
        return result.output

    return run


def test_a_text_gets_ranked_candidates_with_confidence_and_status(link):
    answer = json.loads(link("--text", "Inspecter les éoliennes", "--language", "fr", "--format", "json"))
    assert answer["esco"] == "1.2.0"
    (text,) = answer["outcomes"]
    assert text["texts"] == [{"text": "Inspecter les éoliennes", "language": "fr"}]
    first = text["candidates"][0]
    assert (first["skill"], first["label"], first["state"]) == (INSPECT, "inspect wind turbines", "candidate")
    confidences = [each["confidence"] for each in text["candidates"]]
    assert confidences == sorted(confidences, reverse=True)
    assert all(LEAST_CONFIDENCE <= each <= 1 for each in confidences)
    assert {each["status"] for each in text["candidates"]} <= {"calibrated", "uncalibrated"}


@pytest.mark.parametrize(("language", "text"), [("fr", "Xyzzy plugh"), ("de", "Windkraftanlagen prüfen")])
def test_no_match_is_an_answer(link, language, text):
    answer = json.loads(link("--text", text, "--language", language, "--format", "json"))
    assert answer["outcomes"][0]["candidates"] == []
    assert "no match" in link("--text", text, "--language", language)


def test_outcomes_of_a_unit_with_what_they_are_linked_to(link):
    answer = json.loads(link("--unit", "RNCP990002BC01", "--format", "json"))
    # truth table: five outcomes, four links accepted and one rejected
    assert len(answer["outcomes"]) == 5
    states = [each["state"] for outcome in answer["outcomes"] for each in outcome["links"]]
    assert sorted(states) == ["accepted"] * 4 + ["rejected"]
    spoken = link("--unit", "RNCP990002BC01")
    assert "accepted by a reviewer" in spoken
    assert "rejected by a reviewer" in spoken


def test_both_languages_speak(link, demo_release):
    arguments = ["--lang", "fr", "link", "--unit", "RNCP990003BC01", "--releases", str(demo_release.folder.parent)]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0
    assert "inspecter des éoliennes" in result.output
    assert "candidat" in result.output
    assert re.search(r"^  0,\d+ \(non étalonnée\) candidat, .+ \(\w+Match\)\s: ", result.output, re.MULTILINE)
    assert "déclaré par l'émetteur, relation non précisée" in link("--lang", "fr", "--unit", ITALY)


def test_unknown_units_encoders_and_forms_are_explained(link):
    assert "RNCP1" in link("--unit", "RNCP1", code=2)
    assert "packaged" in link("--text", "x", "--encoder", "nothing", code=2)
    assert "--to" in link("--format", "sssom", code=2)


def test_candidates_as_sssom_are_those_of_the_release(link, demo_release, tmp_path):
    target = tmp_path / "candidates.sssom.tsv"
    said = link("--format", "sssom", "--to", str(target))
    proposed = {(each.subject, each.object) for each in sssom_pydantic.read(target).mappings}
    machine = sssom_pydantic.read(demo_release.folder / file_name("machine")).mappings
    # what a person or an issuer has spoken of is no mere candidate: it stands in another set, and is counted
    assert {(each.subject, each.object) for each in machine} == proposed
    assert "proposals were left out" in said


def test_the_order_of_proposals_is_explained_where_it_is_not_that_of_their_confidences(link):
    answer = json.loads(link("--unit", "RNCP990002", "--format", "json"))
    orders = [[each["confidence"] for each in outcome["candidates"]] for outcome in answer["outcomes"]]
    by_context = any(order != sorted(order, reverse=True) for order in orders)
    assert answer["order"].startswith("Order: by text and context")
    assert (answer["order"] in link("--unit", "RNCP990002")) == by_context
    assert answer["order"] not in link("--text", "Inspecter les éoliennes")


def test_the_release_holds_a_valid_set_of_each_class(link, demo_release, tmp_path):
    states = demo_release.manifest.links
    expected = {
        "reviewed": states["accepted"] + states["rejected"],
        "declared": states["declared"],
        "machine": states["candidate"],
        "official": 0,
    }
    link("export", "--to", str(tmp_path))
    for link_class in LINK_CLASSES:
        stored = demo_release.folder / file_name(link_class)
        assert len(sssom_pydantic.read(stored).mappings) == expected[link_class]
        assert (tmp_path / f"{link_class}.sssom.tsv").read_bytes() == stored.read_bytes()
    only = tmp_path / "only"
    link("export", "--class", "reviewed", "--to", str(only))
    assert [path.name for path in only.iterdir()] == ["reviewed.sssom.tsv"]


def test_reviewers_are_named_in_no_link_set(demo_release):
    reviewed = (demo_release.folder / file_name("reviewed")).read_text(encoding="utf-8")
    assert "Passerelle demo reviewer" not in reviewed


def test_the_manifest_counts_what_could_not_be_linked(demo_release):
    facts = demo_release.manifest.linking
    assert facts["de"]["without_candidate"] == facts["de"]["texts"] > 0
    assert facts["fr"]["without_candidate"] < facts["fr"]["texts"]
    # the machine has nothing for German, but the issuers of the demo link every outcome themselves
    assert facts["de"]["without_link"] == 0
    assert all(each["without_link"] <= each["without_candidate"] for each in facts.values())
    memory = CandidateMemory.open(demo_release.folder)
    assert memory is not None
    assert len(memory) == sum(each["distinct"] for each in facts.values())


def test_build_says_for_which_languages_no_link_could_be_made(demo_release, capsys):
    show_linking(demo_release.manifest)
    title, columns, _, *rows = [line.split("  ") for line in capsys.readouterr().out.splitlines() if line.strip()]
    assert "No link at all, declared or reviewed ones included" in map(str.strip, columns)
    german = next(row for row in rows if row[0].strip() == "de")
    assert german[-1].strip() == "0", title
    show_assertions(demo_release.manifest)
    assert f"{demo_release.manifest.comparability['assertions']} pairs" in capsys.readouterr().out
