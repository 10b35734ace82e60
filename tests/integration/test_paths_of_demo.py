"""Paths, combinations and neighbours of the demonstration, worked out from its truth table (data/demo/README.md)."""

from __future__ import annotations

import html
import json
import re
from dataclasses import astuple
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from passerelle.cli import main
from passerelle.comparability.answering import Answering
from passerelle.comparability.comparisons import Comparisons
from passerelle.comparability.path_questions import combination_question, path_question, surroundings_question
from passerelle.comparability.reports import text_report
from passerelle.comparability.reports.combination_report import combination_report
from passerelle.comparability.reports.path_report import path_report
from passerelle.comparability.reports.surroundings_report import surroundings_report
from passerelle.comparability.stated_context import contexts
from passerelle.graph.release import Release
from passerelle.messages import LANGUAGES, Language

ABROAD = ("IT", "PT", "ES", "DE", "NL", "BE", "GR")
ITALY = "https://italia.example.org/qualifica/manutenzione-eolica"
PORTUGAL = "https://portugal.example.org/ufcd/inspecao-eolica"
NETHERLANDS = "https://nederland.example.org/certificaat/onderhoud-windturbines"
GERMANY = "https://deutschland.example.org/teilqualifikation/windenergieanlagen"
BLOC, WHOLE = "RNCP990002BC01", "RNCP990002"


@pytest.fixture(scope="module")
def answering(demo_release: Release) -> Answering:
    return Answering(demo_release)


def path(answering: Answering, target: str, *have: str, language: Language = "en", **given: Any) -> dict[str, Any]:
    return answering.path(path_question(target, have, **given), language)


def needs(document: dict[str, Any]) -> dict[str, Any]:
    return {each["requirement"]["name"]: each for each in document["needs"]}


def test_units_of_other_countries_that_cover_most_of_a_bloc(answering: Answering) -> None:
    # 990002 BC01 asks for S01, S02, S03, S04 and one more that no issuer declares. Parts abroad: Portugal S01 S03,
    # Germany S02, the Netherlands S03 S04, each declared: 0.8 of an outcome in five. All four: 4 · 0.8 / 5 = 0.64.
    found = path(answering, BLOC, given_countries=ABROAD)
    assert {each["unit"]["iri"] for each in found["units"]} == {PORTUGAL, NETHERLANDS, GERMANY}
    together = found["together"]
    assert (together["lower"], together["expected"]) == (0.0, 0.64)
    assert together["machineShare"] == 0
    assert sum(each["adds"] for each in found["units"]) == pytest.approx(0.64)
    # without Germany S02 is lost: 0.8 / 5
    assert next(each for each in found["units"] if each["unit"]["iri"] == GERMANY)["without"] == 0.16
    search = found["search"]
    assert (search["proven"], search["fewProven"], search["gap"]) == (True, True, 0)
    assert search["share"] == search["bound"] == together["expected"]
    # Germany states 420 hours, Portugal 50, the Netherlands none: the sum is of two, and says so
    assert (found["workload"]["hours"], found["workload"]["unitsWithout"]) == (470, 1)
    left = [each["text"] for each in found["outcomes"] if each["state"]["name"] not in ("shown", "partly-shown")]
    assert left == ["Décider en autonomie des réglages à effectuer et en rendre compte"]


def test_what_is_held_is_free_and_two_units_are_no_more_than_needed(answering: Answering) -> None:
    # Italy's qualification shows S01, S02, S03: 3 · 0.16; the Netherlands add S04
    found = path(answering, BLOC, ITALY, given_countries=ABROAD, most_units="5")
    assert found["before"]["expected"] == 0.48
    assert [each["unit"]["iri"] for each in found["units"]] == [NETHERLANDS]
    assert found["together"]["expected"] == 0.64
    assert found["have"][0]["unit"]["iri"] == ITALY


def test_what_was_not_searched_is_said(answering: Answering) -> None:
    # of the parts of these countries the Netherlands' alone shows something: S03, S04. Italy's qualification (S01, S02,
    # S03: 0.48) and Spain's stand for themselves
    countries = ("IT", "ES", "NL")
    found = path(answering, BLOC, given_countries=countries)
    assert [each["unit"]["iri"] for each in found["units"]] == [NETHERLANDS]
    left_out = found["search"]["leftOut"]
    assert [each["name"] for each in left_out["kinds"]] == ["full-qualification"]
    assert (left_out["otherKinds"], left_out["otherParts"]) == (2, 0)
    sentence = "not searched: full qualification; units of them that would show something more: 2."
    assert sentence in " ".join(text_report.write(path_report(found)).split())
    asked = path(answering, BLOC, given_countries=countries, kinds=["full-qualification"], most_units="1")
    assert [each["unit"]["iri"] for each in asked["units"]] == [ITALY]


def test_no_unit_is_said_to_show_what_it_gives_a_faint_guess_of(answering: Answering) -> None:
    for target in (BLOC, "RNCP990001BC01", "RNCP990005BC02", WHOLE):
        found = path(answering, target, "RNCP990001BC02", most_units="10")
        shown = {each["outcome"]: (each["expected"], each["shownBy"]) for each in found["outcomes"]}
        assert all((expected >= 0.5) is bool(units) for expected, units in shown.values())
        for unit in (*found["have"], *found["units"]):
            assert all(shown[outcome][0] < 0.5 for outcome in unit["touches"])
        # no unit is taken for faint guesses alone
        assert all(unit["shows"] for unit in found["units"])


def test_least_workload_prefers_what_states_it(answering: Answering) -> None:
    # S02 by Germany (420 h) or by Denmark's second unit (nothing stated); S04 by Denmark's first alone
    kinds = ("component", "partial-qualification")
    found = path(answering, BLOC, given_countries=("PT", "DE", "DK"), kinds=kinds, fewest="workload")
    chosen = {each["unit"]["iri"]: each["hours"] for each in found["units"]}
    assert (chosen.pop(PORTUGAL), chosen.pop(GERMANY), list(chosen.values())) == (50, 420, [None])
    assert (found["workload"]["hours"], found["workload"]["unitsWithout"]) == (470, 1)


def test_a_whole_qualification_says_what_else_it_asks_for(answering: Answering) -> None:
    found = path(answering, WHOLE, BLOC, given_countries=ABROAD, purpose="prior-learning-file")
    asked = needs(found)
    assert asked["validation-of-blocs"]["state"]["name"] == "required"
    assert [each["held"] for each in asked["validation-of-blocs"]["units"]] == [True, False, False]
    assert asked["jury"]["state"]["name"] == "required"
    assert asked["prior-learning"]["state"]["name"] == "open"
    assert asked["accumulation"]["state"]["name"] == "not-stated"
    assert asked["level"]["state"]["name"] == "lower"
    assert (asked["registration"]["value"]["name"], asked["registration"]["day"]) == ("registered", "2026-11-22")
    # its own bloc in full, nothing of the others before
    parts = {each["unit"]["iri"].rpartition("/")[2]: each for each in found["parts"]}
    assert parts[BLOC]["before"]["expected"] == 1
    assert parts["RNCP990002BC02"]["before"]["expected"] == 0
    assert all(each["finding"]["name"] == "covers-named-parts" for each in found["units"])


def test_dates_and_routes_are_those_of_the_target(answering: Answering) -> None:
    def asked(target: str, day: str = "") -> dict[str, Any]:
        return needs(path(answering, target, day=day))

    assert asked(WHOLE, "2027-03-01")["registration"]["value"]["name"] == "ended"
    assert asked("RNCP990001")["registration"]["value"]["name"] == "award-period"
    assert asked("RNCP990004")["prior-learning"]["state"]["name"] == "closed"
    # an RS entry with a jury for it: the law does not open the route
    assert asked("RS990002")["prior-learning"]["state"]["name"] == "closed"
    foreign = asked(ITALY)
    assert {foreign[name]["state"]["name"] for name in ("jury", "prior-learning", "registration")} == {"not-stated"}
    assert "validation-of-blocs" not in foreign


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_set_of_units_is_called_the_target(answering: Answering, language: Language) -> None:
    whole = path(answering, WHOLE, "RNCP990002BC01", "RNCP990002BC02", "RNCP990002BC03", language=language)
    # all its blocs are held, and still nothing is claimed
    assert whole["together"]["expected"] == 1
    text = text_report.write(path_report(whole))
    assert " ".join(whole["notTheTarget"].split()) in " ".join(text.split())
    for document in (text, json.dumps(whole, ensure_ascii=False)):
        assert not re.search(
            r"equivalen|équivalen|comparable to|is obtained|est obtenue?\b|complete[sd]? the", document
        )
    assert needs(whole)["decision"]["state"]["name"] == "required"


def test_the_target_is_not_held(answering: Answering) -> None:
    for have in (BLOC, WHOLE):
        with pytest.raises(Exception, match="RNCP990002BC01"):
            path(answering, BLOC, have)


def test_skills_that_occur_together_and_what_occupations_need_of_them(answering: Answering) -> None:
    found = answering.combination(combination_question(["RNCP990005BC01", "RS990001"]), "en")
    first = found["activities"][0]
    linked = {each["link"]["skill"]["label"]: each["link"]["class"]["name"] for each in first["outcomes"]}
    assert linked["smart grids systems"] == linked["ensure safety in electrical power operations"] == "reviewed"
    assert [each["label"] for each in found["withoutOccupation"]] == [
        each["title"]["text"] for each in found["units"] if each["identifier"] == "RS990001"
    ]
    for occupation in found["occupations"]:
        assert occupation["reached"][0]["from"]["iri"].endswith("/rome/F1605")
        for skill in (*occupation["essential"], *occupation["optional"]):
            assert skill["shown"] is bool(skill["ways"])
            assert all(way["units"] for way in skill["ways"])
    assert "score" not in json.dumps(found["occupations"])
    assert "SKILL" in text_report.write(combination_report(found)).upper()


def test_neighbours_say_by_what_they_are_some(answering: Answering) -> None:
    # 990005 and 990007 have F1605, levels 4 and 5; 990006 has level 6
    found = answering.surroundings(surroundings_question("RNCP990005BC01"), "en")
    assert {each["unit"]["identifier"] for each in found["up"]} == {"RNCP990007", "RNCP990007/01", "RNCP990007/02"}
    assert {basis["basis"]["name"] for each in found["up"] for basis in each["bases"]} == {"same-occupation"}
    elsewhere = {each["unit"]["iri"]: each for each in found["elsewhere"]}
    smart = elsewhere["https://deutschland.example.org/beruf/intelligente-netze"]
    # S14, S15 of three outcomes, declared: 2 · 0.8 / 3
    assert smart["reverse"]["expected"] == 0.5333
    assert [each["basis"]["name"] for each in smart["bases"]] == ["same-field-by-crosswalk", "coverage"]
    assert all(each["unit"]["country"]["name"] != "FR" for each in found["elsewhere"])
    # beside it: its successor two levels up; the others of F1605 stand one level up, or are parts of the same
    assert {each["unit"]["identifier"][:10] for each in found["beside"]} == {"RNCP990006"}
    assert not {"same-field-by-crosswalk", "coverage"} & {
        basis["basis"]["name"] for each in found["beside"] for basis in each["bases"]
    }
    unknown = answering.surroundings(surroundings_question("RS990001"), "fr")
    assert (unknown["level"], unknown["up"], unknown["occupations"]) == (None, [], [])
    # no level is held against it: units of any level
    assert {each["unit"]["level"] for each in unknown["elsewhere"]} >= {3, 4}
    assert "aucun n'est deviné" in " ".join(text_report.write(surroundings_report(unknown)).split())


def test_countries_are_counted_as_their_units_are_read_one_by_one(demo_release: Release) -> None:
    comparisons = Comparisons(demo_release)
    units = {iri: comparisons.unit(iri) for iri in comparisons.reader.units()}
    in_field = {
        iri for iri, unit in units.items() if {"field-of-education", "speciality"} & {each.name for each in unit.facts}
    }
    counted: dict[str, list[int]] = {}
    for iri, unit in units.items():
        has = (
            True,
            unit.level is not None,
            bool(unit.occupations),
            bool(in_field & {iri, *unit.wholes}),
            any(outcome.links for outcome in unit.outcomes),
        )
        counted[unit.country] = [n + each for n, each in zip(counted.get(unit.country, [0] * 5), has, strict=True)]
    found = {country: counts for country, *counts in map(astuple, contexts(comparisons.index))}
    assert found == counted


def test_neighbours_tell_what_no_bridge_can_reach(answering: Answering) -> None:
    found = answering.surroundings(surroundings_question("RNCP990005BC01"), "en")
    stated = {each["country"]["name"]: each for each in found["contexts"]}
    # 7 fiches with 15 blocs have a ROME code, the 3 entries of the RS have none; three Danish units, of two a field
    assert (stated["FR"]["units"], stated["FR"]["withOccupation"]) == (25, 22)
    assert [stated["DK"][name] for name in ("units", "withOccupation", "withField")] == [3, 0, 2]
    assert "none can be found through them" not in " ".join(text_report.write(surroundings_report(found)).split())
    stated["DK"]["withField"] = 0
    text = " ".join(text_report.write(surroundings_report(found)).split())
    assert "None of the 3 units of Denmark names an occupation or a field of education" in text
    assert "not evidence" in text


@pytest.fixture(scope="module")
def application(comparing: Flask) -> Flask:
    return comparing


@pytest.fixture(scope="module")
def validators(root: Path) -> dict[str, Any]:
    folder = root / "data" / "schemas"
    schemas = [json.loads((folder / f"{name}.schema.json").read_text()) for name in ("comparison", "unit-sets")]
    registry: Registry[Any] = Registry().with_resources((each["$id"], Resource.from_contents(each)) for each in schemas)
    return {
        name: Draft202012Validator({**schemas[1], "oneOf": [{"$ref": f"#/$defs/{name}"}]}, registry=registry)
        for name in ("path", "combination", "surroundings", "correspondences")
    }


def test_the_service_answers_the_same(client: FlaskClient, answering: Answering, validators: dict[str, Any]) -> None:
    told = {
        "path": (f"/api/v1/units/{WHOLE}/path?have={BLOC}&country=IT&country=NL&max_units=4",
                 path(answering, WHOLE, BLOC, given_countries=("IT", "NL"), most_units="4")),
        "surroundings": (f"/api/v1/units/{quote(ITALY, safe='')}/neighbours?top=3",
                         answering.surroundings(surroundings_question(ITALY, "3"), "en")),
        "combination": ("/api/v1/combination?unit=RNCP990005BC01&unit=RS990001",
                        answering.combination(combination_question(["RNCP990005BC01", "RS990001"]), "en")),
    }  # fmt: skip
    for name, (address, expected) in told.items():
        response = client.get(address + "&lang=en")
        assert response.status_code == 200, response.text
        assert response.get_json() == json.loads(json.dumps(expected))
        assert [each.message for each in validators[name].iter_errors(response.get_json())] == []
    checked = json.loads(json.dumps(answering.correspondences(None, "fr")))
    assert [each.message for each in validators["correspondences"].iter_errors(checked)] == []


PAGES: dict[str, dict[str, Any]] = {
    "path": {"unit": BLOC, "have": ["", ITALY], "country": ["NL"], "max_units": "2", "purpose": "bloc-exemption"},
    "neighbours": {"unit": "RNCP990005BC01", "top": "3"},
    "combination": {"unit": ["RNCP990005BC01", "", "RS990001"]},
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_pages_show_the_answer_and_where_else_it_can_be_had(client: FlaskClient, name: str, language: Language) -> None:
    page = client.get(f"/{name}", query_string={**PAGES[name], "lang": language}, headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert f'<html lang="{language}">' in page.text
    assert page.text.count("<table") == page.text.count("<caption") > 0
    download = re.search(r'href="([^"]*format=json[^"]*)"', page.text)
    assert download
    document = client.get(html.unescape(download[1])).get_json()
    assert document["language"] == language
    assert html.escape(document["notRecognition"], quote=False).replace("'", "&#39;") in page.text
    pairs = [html.unescape(each) for each in re.findall(r'href="(/compare\?first=[^"]*)"', page.text)]
    held = [each["unit"]["iri"] for group in ("have", "units") for each in document.get(group, ()) if "unit" in each]
    around = [each["unit"]["iri"] for group in ("up", "beside", "elsewhere") for each in document.get(group, ())]
    assert len(pairs) == len(held) + len(around)
    for pair in pairs:
        assert client.get(pair, headers={"Accept": "text/html"}).status_code == 200
    if name == "path":
        assert document["notTheTarget"] in html.unescape(page.text)
        assert document["search"]["sentence"] in html.unescape(page.text)
    # the interface for programs makes a page, too, which leads to the form
    answer = client.get(html.unescape(download[1]).replace("format=json", "format=html"))
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert f'href="/{name}?' in answer.text


def test_forms_take_words_of_a_title_in_each_field(client: FlaskClient) -> None:
    browser = {"Accept": "text/html", "Accept-Language": "en"}
    for name, fields in (("path", 5), ("combination", 3), ("neighbours", 2)):
        form = client.get(f"/{name}", headers=browser)
        assert (form.status_code, form.text.count('type="text"') >= fields) == (200, True)
        assert "alert" not in form.text
    asked = client.get("/path", query_string={**PAGES["path"], "have": [BLOC, "turbine"]}, headers=browser)
    assert asked.status_code == 404
    # the second of two fields is the one that is wrong; what is chosen takes its place alone
    assert asked.text.count("aria-invalid=true") == 1
    chosen = re.findall(r'<li><a href="(/path[^"]*)">', asked.text)
    assert all(f"have={BLOC}&amp;have=https" in each and "have=turbine" not in each for each in chosen)
    assert len(chosen) > 1
    wrong = client.get("/neighbours", query_string={"units": BLOC}, headers=browser)
    assert (wrong.status_code, "no parameter units" in wrong.text) == (400, True)
    # an unknown name is one field and one search, however often it is given, and only the first of many are sought
    again = client.get("/path", query_string={**PAGES["path"], "have": [BLOC, *["turbine"] * 19]}, headers=browser)
    assert re.findall(r'<li><a href="(/path[^"]*)">', again.text) == chosen
    assert again.text.count('name="have"') == 3
    many = client.get("/combination", query_string={"unit": [f"{each}ind" for each in "bfhkmprtw"]}, headers=browser)
    assert (many.status_code, many.text.count("aria-invalid=true"), many.text.count('name="unit"')) == (404, 3, 10)
    # a search is made for who asks for it; the page of a unit leads to the form alone
    assert "<table" not in client.get("/path", query_string={"unit": BLOC}, headers=browser).text


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        (f"/api/v1/units/{WHOLE}/path?max_units=11", 400, "1 "),
        (f"/api/v1/units/{WHOLE}/path?time_limit=3", 400, "2"),
        *(
            (address + f"&{name}=wind" * (most + 1), 400, f"More than {most} values are given for {name}")
            for name, most, address in (
                ("have", 20, f"/api/v1/units/{WHOLE}/path?lang=en"),
                ("have", 20, f"/path?unit={WHOLE}"),
                ("country", 252, f"/path?unit={WHOLE}"),
                ("kind", 7, f"/nearest?unit={WHOLE}"),
                ("essential", 150, f"/compare?first={WHOLE}"),
                ("unit", 20, "/combination?lang=en"),
                ("unit", 20, "/api/v1/combination?lang=en"),
            )
        ),
        (f"/api/v1/units/{WHOLE}/path?day=tomorrow", 400, "YYYY-MM-DD"),
        (f"/api/v1/units/{WHOLE}/path?top=3", 400, "max_units"),
        (f"/api/v1/units/{WHOLE}/path?have={WHOLE}", 400, WHOLE),
        ("/api/v1/units/RNCP1/neighbours", 404, "RNCP1"),
        ("/api/v1/combination", 400, "unit"),
    ],
)
def test_questions_out_of_bounds_are_refused(client: FlaskClient, address: str, status: int, said: str) -> None:
    response = client.get(address, headers={"Accept-Language": "en"})
    assert response.status_code == status
    assert said in response.text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["path", BLOC, "--have", ITALY, "--country", "NL", "--max-units", "2"], "Units on the way to RNCP990002BC01"),
        (["combination", BLOC, "RS990001"], "WHAT OCCURS TOGETHER"),
        (["neighbours", BLOC, "--top", "3"], "ONE LEVEL UP"),
        (["correspondences"], "So few pairs say nothing"),
    ],
)
def test_commands_show_it_and_pass_it_on(
    demo_release: Release, tmp_path: Path, arguments: list[str], said: str
) -> None:
    folder = ["--releases", str(demo_release.folder.parent), "--lang", "en"]
    shown = CliRunner().invoke(main, [*arguments, *folder])
    assert shown.exit_code == 0, shown.output
    assert said in shown.stdout
    assert "not a recognition decision" in shown.stderr
    target = tmp_path / "answer.json"
    passed = CliRunner().invoke(main, [*arguments, *folder, "--format", "json", "--to", str(target)])
    assert (passed.exit_code, passed.stdout) == (0, "")
    assert json.loads(target.read_text(encoding="utf-8"))["method"] == "coverage-1"


def test_pairs_of_a_file_are_checked_and_wrong_ones_named(answering: Answering, tmp_path: Path) -> None:
    file = tmp_path / "pairs.tsv"
    file.write_text("target\tsource\trule\tpredecessor\nRNCP990006BC02\tRNCP990005BC02\ta decree\t\n", encoding="utf-8")
    found = answering.correspondences(file, "en")
    group = next(each for each in found["groups"] if each["group"]["name"] == "correspondence")
    own = next(each for each in group["ranks"] if each["rule"] == "given")
    # both have S17, reviewed: one of two outcomes
    assert (own["declaredBy"], own["expected"], own["machineLinks"]) == ("a decree", 0.5, 0)
    assert group["few"]
    file.write_text("source\ttarget\trule\nRNCP1\tRNCP990005BC02\tx\n", encoding="utf-8")
    with pytest.raises(Exception, match=r"pairs\.tsv, line 2.*RNCP1"):
        answering.correspondences(file, "en")
    file.write_text("source\ttarget\n", encoding="utf-8")
    with pytest.raises(Exception, match="rule"):
        answering.correspondences(file, "en")
