"""The JSON documents of comparisons: complete under their schema, labelled, the same numbers as the records."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from hand_made_comparison import (
    BASE,
    COMPARISON,
    EVIDENCE,
    FINDING,
    HOSTILE,
    LOOKED,
    NEIGHBOUR,
    SECOND,
    TARGET,
    comparison_json,
    words,
)
from passerelle.comparability.documents import comparison_document, unit_document
from passerelle.comparability.neighbour_documents import neighbours_document
from passerelle.comparability.reports import neighbours_text, text_report
from passerelle.comparability.reports.neighbours import COLUMNS, neighbours_report, neighbours_table
from passerelle.comparability.unit_documents import unit_summary
from passerelle.comparability.words import Json
from passerelle.messages import LANGUAGES, Language

ASKED: Json = {"countries": [], "level": 5, "levelsApart": 1, "kinds": [], "top": 20}


def neighbours(language: Language = "en", *, explained: bool = False) -> Json:
    made = words(language)
    return neighbours_document(
        unit_summary(TARGET, made),
        (NEIGHBOUR, NEIGHBOUR),
        "bloc-exemption",
        "coverage-1",
        made,
        asked=ASKED,
        looked=LOOKED,
        outcomes={NEIGHBOUR.unit: EVIDENCE} if explained else None,
        wordings={each.iri: each for each in TARGET.outcomes},
    )


@pytest.fixture(scope="module")
def schema(root: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((root / "data" / "schemas" / "comparison.schema.json").read_text())
    Draft202012Validator.check_schema(found)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_document_is_one_of_the_schema(schema: dict[str, Any], language: Language) -> None:
    documents = {
        "comparison": comparison_json(language, arithmetic=True),
        "neighbours": neighbours(language, explained=True),
        "unit": unit_document(TARGET, words(language)),
    }
    for name, document in documents.items():
        validator = Draft202012Validator({**schema, "oneOf": [{"$ref": f"#/$defs/{name}"}]})
        # through JSON, as a client gets it
        errors = list(validator.iter_errors(json.loads(json.dumps(document))))
        assert [(list(each.absolute_path), each.message) for each in errors] == []


def test_numbers_are_those_of_the_records() -> None:
    document = comparison_json()
    assert document["forward"]["coverage"] == {
        "lower": 0.0, "expected": 0.2667, "upper": 0.6667, "upperAtMost": 1.0, "assessed": 0.6667, "unlinked": 0.3333,
        "collapsed": 0.0, "outcomes": 3, "named": 1,
        "links": {"all": 2, "reviewed": 1, "declared": 1, "machine": 0, "uncalibrated": 0},
        "reviewedShare": 0.5,
    }  # fmt: skip
    assert document["forward"]["states"] == {
        "shown": 0, "partly-shown": 1, "possible": 0, "not-shown": 1, "unlinked": 1,
    }  # fmt: skip
    assert document["essential"] == list(COMPARISON.essential)


def test_every_number_has_a_meaning_and_every_answer_says_what_it_is_not() -> None:
    document = comparison_json()
    numbers = {name for name in document["forward"]["coverage"] if name != "reviewedShare"} | {"reviewedShare"}
    assert numbers <= set(document["meanings"])
    assert "not recognition" in document["notRecognition"]
    assert "score persons" in document["notRecognition"]


def test_labels_stand_beside_identifiers_in_the_language_asked_for() -> None:
    english, french = comparison_json("en"), comparison_json("fr")
    skill = english["forward"]["outcomes"][0]["matches"][0]["holderLink"]["skill"]
    assert skill["label"] == "inspect wind turbines"
    assert french["forward"]["outcomes"][0]["matches"][0]["holderLink"]["skill"]["label"] == "inspecter des éoliennes"
    assert english["purpose"]["label"] == "exemption from a bloc"
    assert french["purpose"]["label"] == "dispense d'un bloc"
    assert french["purpose"]["remark"].startswith("L'organisme certificateur décide")
    # the title in the reader's language where there is one, else in English
    assert english["first"]["title"] == {"text": "Turbines (test)", "language": "en"}


def test_the_sentence_on_sensitivity_counts_what_was_not_reviewed() -> None:
    # 2 links, 1 of them reviewed; 2 weightings, 1 of them with the same finding
    found = comparison_json()["forward"]["sensitivity"]
    assert found["unreviewedLinks"] == 1
    assert found["variants"] == {"weighting": {"stable": 1, "of": 2}}
    assert "1 of 2" in found["sentence"]
    # what changes nothing is shown, and is no sign of firmness
    assert [each["changes"] for each in comparison_json()["forward"]["variants"]] == [True, True, False]


def test_outcomes_have_the_numbers_by_which_they_can_be_named() -> None:
    forward = comparison_json()["forward"]
    assert [each["number"] for each in forward["outcomes"]] == [1, 2, 3]
    assert comparison_json()["completion"]["units"][0]["outcomes"][0]["number"] == 2
    # all that is held is linked
    assert forward["holderUnlinked"] == []
    assert [each["text"] for each in comparison_json()["reverse"]["holderUnlinked"]] == ["Encadrer une équipe"]


def test_units_that_could_complete_are_never_said_to_be_the_target() -> None:
    found = comparison_json()["completion"]
    assert found["name"] == "could-be-completed-by"
    assert "No set of units is the target" in found["note"]
    # 0.2667 and 0.3333 more, of which nothing is reviewed
    assert found["together"] == {"lower": 0.0, "expected": 0.6}


def test_that_a_purpose_does_not_apply_is_said_in_place_of_too_little_being_known() -> None:
    finding = replace(FINDING, finding="not-assessable", rule="exemption-of-no-bloc", applies=False)
    found = comparison_document(replace(COMPARISON, forward=replace(COMPARISON.forward, finding=finding)), words())
    told = found["forward"]["finding"]
    assert (told["name"], told["applies"]) == ("not-assessable", False)
    assert told["label"].startswith("this purpose does not apply")
    assert "nothing to do with such a target" in found["forward"]["sensitivity"]["sentence"]


def test_machine_links_say_their_confidence_and_that_it_is_uncalibrated() -> None:
    link = comparison_json()["forward"]["outcomes"][1]["links"][0]
    assert (link["class"]["name"], link["confidence"], link["calibrated"]) == ("machine", 0.63, False)


def test_a_link_says_what_it_says_of_the_skill() -> None:
    match = comparison_json("fr")["forward"]["outcomes"][0]["matches"][0]
    assert match["targetLink"]["relation"] == {"name": "skos:narrowMatch", "label": "la compétence est plus étroite"}
    assert match["holderLink"]["relation"] == {"name": "skos:mappingRelation", "label": "comme le dit l'émetteur"}


def test_a_statement_says_of_what_kind_it_is_and_whether_a_route_is_closed() -> None:
    facts = {row["holder"][0]["fact"]["name"]: row["holder"][0] for row in comparison_json("fr")["elements"]}
    assert facts["eqf-level"]["qualifier"] is None
    assert facts["route"]["qualifier"] == {"value": "false", "label": "fermée", "language": "fr"}
    assert facts["credits"]["qualifier"] == {"value": "https://example.org/ects", "label": "ects", "language": ""}


def test_a_list_says_of_how_many_units_nothing_could_be_said() -> None:
    looked = neighbours()["looked"]
    assert (looked["units"], looked["compared"], looked["withoutLinks"]) == (2000, 14, 1986)
    assert looked["withoutLinksByLanguage"] == [{"language": "de", "units": 1900}, {"language": "", "units": 86}]


def test_a_row_has_the_title_that_a_reader_understands_best() -> None:
    # neither French nor English first: the order in which sources give titles does not matter
    assert neighbours("fr")["rows"][0]["title"]["language"] == "en"


def test_attributions_and_licences_of_the_sources_are_there() -> None:
    sources = comparison_json("fr")["sources"]
    assert [each["licence"]["name"] for each in sources] == ["Licence Ouverte 2.0", "CC BY 4.0"]
    assert sources[1]["attribution"] == "Ce service utilise la classification ESCO de la Commission européenne."


def test_each_row_of_a_list_says_what_it_is_not_and_how_much_was_reviewed() -> None:
    for row in neighbours()["rows"]:
        assert "not recognition" in row["notRecognition"]
        assert row["reviewedShare"] == 0.5
        assert "outcomes" not in row
    assert [row["rank"] for row in neighbours()["rows"]] == [1, 2]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_row_that_words_alone_brought_into_a_list_says_so(language: Language) -> None:
    document = neighbours(language)
    told = {"en": "no evidence", "fr": "pas une preuve"}[language]
    assert told not in neighbours_text.write(document, 10_000)
    document["rows"] = [{**document["rows"][0], "byWording": True}]
    text = neighbours_text.write(document, 10_000)
    assert told in text
    # a list without any evidence names the way that needs none
    assert document["around"]["command"] in text
    report = text_report.write(neighbours_report(document), 10_000)
    assert told in report


def test_an_explained_row_says_what_its_holder_would_lack() -> None:
    row = neighbours(explained=True)["rows"][0]
    assert [(each["state"]["name"], each["text"]) for each in row["outcomes"]] == [
        ("partly-shown", "Inspecter une éolienne"),
        ("not-shown", HOSTILE),
        ("unlinked", "Encadrer une équipe"),
    ]


def test_a_table_is_safe_in_a_spreadsheet_and_exact_otherwise() -> None:
    rows = list(csv.DictReader(StringIO(neighbours_table(neighbours(), "csv"))))
    assert len(rows) == 2
    assert rows[0]["title"] == '\'=HYPERLINK("http://x")'
    assert (rows[0]["lower"], rows[0]["expected"], rows[0]["upper"]) == ("0.0", "0.2667", "0.6667")
    assert (rows[0]["country"], rows[0]["level"], rows[0]["target"]) == ("IT", "5", SECOND)
    assert (rows[0]["named"], rows[0]["outcomes"], rows[0]["status"]) == ("1", "3", "ended (2026-11-20)")
    assert "not recognition" in rows[1]["not_recognition"]


def test_a_share_of_no_links_is_empty_in_a_table() -> None:
    document = neighbours()
    document["rows"][0]["forward"]["links"] = dict.fromkeys(document["rows"][0]["forward"]["links"], 0)
    rows = list(csv.DictReader(StringIO(neighbours_table(document, "csv"))))
    assert [row["reviewed_share"] for row in rows] == ["", "0.5"]


def test_a_tsv_has_as_many_cells_in_each_line_whatever_a_title_holds() -> None:
    document = neighbours()
    document["rows"][0]["title"]["text"] = "one\ttwo\nthree"
    lines = neighbours_table(document, "tsv").splitlines()
    assert {len(line.split("\t")) for line in lines} == {len(COLUMNS)}
    assert lines[1].split("\t")[COLUMNS.index("title")] == "one two three"


def test_a_unit_document_has_its_outcomes_and_what_sources_state() -> None:
    unit = unit_document(TARGET, words())["unit"]
    assert [each["text"] for each in unit["outcomes"]] == ["Inspecter une éolienne", HOSTILE, "Encadrer une équipe"]
    assert unit["wholes"] == [{"iri": f"{BASE}/id/rncp/990002", "label": "990002", "language": ""}]
    assert unit["levelBasis"]["name"] == "inherited"
