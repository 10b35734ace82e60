"""The round trip of a review on the demo: export, decide in a table or a workbook, import, and the answer changes."""

from __future__ import annotations

import csv
import datetime
import json
import shutil
import threading
from pathlib import Path

import openpyxl
import pyoxigraph as ox
import pytest
import sssom_pydantic
from click.testing import CliRunner, Result

from passerelle.build.reviews import missing_decisions
from passerelle.cli import main, review_command
from passerelle.comparability.comparisons import Comparisons
from passerelle.comparability.coverage import covered
from passerelle.comparability.nearest import Filters
from passerelle.comparability.proximity import SkillHierarchy
from passerelle.graph.compared_units import UnitReader
from passerelle.graph.release import Release, Releases
from passerelle.linking.review_log import ReviewLog
from passerelle.namespaces import Minting
from passerelle.queries import named_query
from passerelle.records.tally import Tally

ITALY = "https://italia.example.org/qualifica/manutenzione-eolica"
BLOC = "RNCP990002BC01"
SKILL = "http://data.europa.eu/esco/skill/"
MAINTAIN = SKILL + "b7a26b32-c457-49aa-9a78-25ade10090e3"
HYDRAULIC = SKILL + "8eebf05f-4495-4fd5-b1f0-cb85750295be"
HEIGHT = SKILL + "fafbb75f-ec35-4cc2-996a-20c85ef6c266"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day of the imports: what they may be dated does not hang on when the tests run."""
    day = datetime.date(2026, 11, 25)
    monkeypatch.setattr(review_command, "today", lambda ahead=datetime.timedelta(): day + ahead)


@pytest.fixture
def desk(demo_release: Release, root: Path, tmp_path: Path) -> Path:
    """A copy of the demo's releases and of its log: the session's own release stays the current one of its folder."""
    shutil.copytree(demo_release.folder, tmp_path / "releases" / demo_release.identifier)
    (tmp_path / "releases" / "current").symlink_to(demo_release.identifier)
    shutil.copyfile(root / "data" / "demo" / "reviews.sssom.tsv", tmp_path / "reviews.sssom.tsv")
    return tmp_path


def review(desk: Path, *arguments: str, language: str = "en", code: int = 0) -> Result:
    given = ["--lang", language, "review", *arguments, "--releases", str(desk / "releases")]
    result = CliRunner().invoke(main, given)
    assert result.exit_code == code, result.output
    return result


def imported(desk: Path, file: str, *arguments: str, code: int = 0, language: str = "en") -> list[int]:
    """The counts of the report: read, appended, unchanged, undecided, refused; they add up."""
    log = ["--log", str(desk / "reviews.sssom.tsv"), "--reviewer", "A. Person", "--date", "2026-11-23"]
    result = review(desk, "import", str(desk / file), *log, *arguments, code=code, language=language)
    lines = [line.split() for line in result.output.splitlines()]
    counts = [int(line[-1]) for line in lines if line and line[-1].isdigit()][:5]
    held_back = sum(int(line[-1]) for line in lines if line[:2] == ["held", "back"])
    assert counts[0] == sum(counts[1:]) + held_back
    return counts


def current(desk: Path) -> Release:
    return Releases(desk / "releases").current()


def coverage(desk: Path, first: str, second: str) -> tuple[float, float]:
    """Lower and expected."""
    release = current(desk)
    reader = UnitReader(ox.Store.read_only(str(release.store)), Minting(release.manifest.base))
    holder, target = (reader.unit(reader.identified(each)) for each in (first, second))
    assert holder
    assert target
    # the machine's own proposals are left out: this is about what people decide
    found, _ = covered(
        holder, target, SkillHierarchy(reader.closer_skills, reader.skills),
        links=lambda link: link.link_class != "machine", wordings=False,
    )  # fmt: skip
    return found.lower, found.expected


def table(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    head = [line for line in lines if line.startswith("#")]
    return head, list(csv.DictReader(lines[len(head) :], delimiter="\t"))


def write(path: Path, head: list[str], rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("\n".join(head) + "\n")
        writer = csv.DictWriter(file, list(rows[0]), delimiter="\t", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def export(desk: Path, name: str, *arguments: str, language: str = "en") -> Path:
    review(desk, "export", "--to", str(desk / name), "--top", "400", *arguments, language=language)
    return desk / name


def test_a_table_is_edited_and_the_coverage_changes_as_worked_out_by_hand(desk: Path):
    # data/demo/README.md, truth table. The Italian qualification declares S01, S02, S03, S18; the bloc has S01 … S04
    # reviewed and an outcome without any skill (S05 is rejected). Italy → bloc: three of five outcomes through declared
    # links, 0.8 each, "predictive" of none, and nothing is reviewed on the Italian side: lower 0, expected 2.4 / 5.
    assert coverage(desk, ITALY, BLOC) == (0, 0.48)
    head, rows = table(export(desk, "out.sssom.tsv", "--unit", ITALY, "--state", "declared"))
    assert {row["review_unit_identifier"] for row in rows} == {ITALY}
    assert len(rows) == 4
    # an issuer names no relation: a rejection needs none, an acceptance does
    assert {row["predicate_id"] for row in rows} == {"skos:mappingRelation"}
    for row in rows:
        if row["object_id"].endswith(MAINTAIN.removeprefix(SKILL)):
            row.update(mapping_justification="semapv:ManualMappingCuration", predicate_id="skos:exactMatch")
        elif row["object_id"].endswith(HEIGHT.removeprefix(SKILL)):
            row.update(mapping_justification="semapv:ManualMappingCuration", predicate_modifier="Not")
    write(desk / "in.sssom.tsv", head, rows)
    assert imported(desk, "in.sssom.tsv") == [4, 2, 0, 2, 0]
    # S02 is accepted: 1 in both readings; S03 is rejected: nothing; S01 stays declared: 0.8
    assert coverage(desk, ITALY, BLOC) == (0.2, 0.36)
    assert current(desk).manifest.links_changed == 2
    # the release after the review asserts what it computes
    comparisons = Comparisons(current(desk))
    (listed,) = comparisons.nearest(BLOC, "bloc-exemption", Filters(countries=("IT",), level=5), 5).neighbours
    query = named_query("nearest-units").bind({"unit": BLOC, "country": "IT"}, comparisons.manifest.base)
    told = {
        row["unit"].value: [float(row[name].value) for name in ("lower", "expected", "reverseExpected")]
        for row in comparisons.reader.store.query(query, use_default_graph_as_union=True)
    }
    assert listed.unit == ITALY
    assert told[ITALY] == [listed.forward.lower, listed.forward.expected, listed.reverse.expected]
    # the same file again says nothing new, and what was decided is no longer offered
    assert imported(desk, "in.sssom.tsv") == [4, 0, 2, 2, 0]
    assert len(table(export(desk, "again.tsv", "--unit", ITALY, "--state", "declared"))[1]) == 2


def test_a_workbook_is_filled_in_and_a_correction_moves_the_link(desk: Path):
    path = export(desk, "out.xlsx", "--unit", ITALY, "--state", "declared", language="fr")
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    assert sheet.freeze_panes == "B2"
    column = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        if sheet.cell(row, column["Compétence (IRI)"]).value == HYDRAULIC:
            sheet.cell(row, column["DÉCISION"]).value = "corriger"
            sheet.cell(row, column["RELATION"]).value = "closeMatch : presque identique"
            sheet.cell(row, column["COMPÉTENCE CORRECTE (IRI)"]).value = MAINTAIN
            sheet.cell(row, column["DATE"]).value = datetime.date(2026, 11, 24)
            sheet.cell(row, column["COMMENTAIRE"]).value = "freins hydrauliques"
    book.save(desk / "in.xlsx")
    # Italy → RNCP990001BC02 (S04 by a broad match, S18): S18 through a declared link, 0.8 / 2
    assert coverage(desk, ITALY, "RNCP990001BC02") == (0, 0.4)
    assert imported(desk, "in.xlsx", language="fr") == [4, 1, 0, 3, 0]
    # the Italian outcome shows S02 now, reviewed, and S18 no more
    assert coverage(desk, ITALY, "RNCP990001BC02") == (0, 0)
    # bloc: S01 0.8 declared, S02 1 reviewed, S03 0.8 declared; of five
    assert coverage(desk, ITALY, BLOC) == (0.2, 0.52)
    log = ReviewLog(desk / "reviews.sssom.tsv")
    rejected, accepted = list(log.read(Tally()))[-2:]
    assert (rejected.skill, rejected.accepted, accepted.skill, accepted.accepted) == (HYDRAULIC, False, MAINTAIN, True)
    assert {rejected.date, accepted.date} == {"2026-11-24"}
    mappings, *_, errors = sssom_pydantic.read(log.path, return_errors=True)
    assert (len(mappings), errors) == (45, [])
    assert (mappings[-1].comment, mappings[-1].object_source_version) == ("freins hydrauliques", "1.2.0")


@pytest.mark.parametrize("suffix", ["sssom.tsv", "xlsx"])
def test_an_untouched_export_decides_nothing(desk: Path, suffix: str):
    before = (desk / "reviews.sssom.tsv").read_bytes()
    export(desk, f"out.{suffix}")
    counts = imported(desk, f"out.{suffix}", "--no-derive")
    assert counts[0] > 40
    assert counts[0] == counts[3]
    assert (desk / "reviews.sssom.tsv").read_bytes() == before
    assert not list(desk.glob("*.rejects.jsonl"))


def test_an_exported_table_is_valid_sssom_in_the_order_of_what_it_changes(desk: Path):
    path = export(desk, "out.sssom.tsv")
    mappings, _, about, errors = sssom_pydantic.read(path, return_errors=True)
    assert errors == []
    assert "(bloc-exemption)" in about.comment
    assert "review_impact: In comparisons" in about.comment
    assert {each.justification.curie for each in mappings}.isdisjoint({"semapv:ManualMappingCuration"})
    _, rows = table(path)
    order = [(-float(row["review_impact_findings"]), -float(row["review_impact"])) for row in rows]
    assert order == sorted(order)
    again = export(desk, "again.sssom.tsv")
    assert again.read_bytes() == path.read_bytes()


def test_filters_choose_by_country_language_and_state(desk: Path):
    _, rows = table(export(desk, "out.tsv", "--country", "it", "--language", "en", "--state", "declared"))
    assert {row["review_country"] for row in rows} == {"IT"}
    assert {row["review_state"] for row in rows} == {"declared"}
    assert len(rows) == 6, "four of the qualification, two of the micro-credential"
    empty = review(desk, "export", "--to", str(desk / "none.tsv"), "--country", "FR", "--state", "declared")
    assert "Nothing waits" in empty.output
    review(desk, "export", "--to", str(desk / "x.tsv"), "--unit", "RNCP123", code=2)
    review(desk, "export", "--to", str(desk / "x.ods"), code=2)


def test_the_day_is_that_of_the_import_and_none_is_to_come(desk: Path):
    head, rows = table(export(desk, "out.sssom.tsv", "--unit", ITALY, "--state", "declared"))
    for row, day in zip(rows, ("", "2026-11-24", "2026-11-26", "2062-11-23"), strict=True):
        row.update(mapping_justification="semapv:ManualMappingCuration", predicate_id="skos:exactMatch")
        row.update(reviewer_label="A. Person", mapping_date=day)
    write(desk / "in.sssom.tsv", head, rows)
    log = desk / "reviews.sssom.tsv"
    command = ["import", str(desk / "in.sssom.tsv"), "--log", str(log), "--no-derive"]
    result = review(desk, *command, code=1, language="fr")
    refused = [json.loads(line) for line in (desk / "in.sssom.tsv.rejects.jsonl").read_text().splitlines()]
    # 26 November has not begun anywhere at midnight (UTC) of the 25th
    assert [each["reason"] for each in refused] == ["review-import-future"] * 2, result.output
    assert [each.date for each in ReviewLog(log).read(Tally())][-2:] == ["2026-11-25", "2026-11-24"]


def test_conflicts_and_unknown_things_are_named_and_none_is_applied(desk: Path):
    before = current(desk)
    head, rows = table(export(desk, "out.tsv", "--unit", ITALY, "--state", "declared"))
    unrelated = {"mapping_justification": "semapv:ManualMappingCuration"}
    decided = {**unrelated, "predicate_id": "skos:closeMatch"}
    good = {**rows[0], **decided}
    demo = {**rows[1], **decided, "subject_label": ""}
    # the demo's log accepts this pair on 5 October as closeMatch
    demo.update(
        subject_id="outcome:rncp/990001/bloc/RNCP990001BC01/outcome/3b94d99ea505efbddfeb0428c19f2f71",
        object_id="esco:b7a26b32-c457-49aa-9a78-25ade10090e3", predicate_modifier="Not", mapping_date="2026-10-05",
    )  # fmt: skip
    given = [
        good,
        demo,
        {**rows[1], **decided},
        {**rows[1], **decided, "predicate_modifier": "Not"},
        {**rows[2], **decided, "subject_id": "outcome:rncp/990001/bloc/RNCP990001BC01/outcome/0"},
        {**rows[2], **decided, "object_id": "esco:00000000-0000-0000-0000-000000000000"},
        {**rows[2], **decided, "predicate_id": "skos:broader"},
        {**rows[2], **decided, "subject_label": "Something else"},
        {**rows[2], **decided, "review_corrected_skill": "esco:00000000-0000-0000-0000-000000000000"},
        {**rows[2], **unrelated},
        rows[3],
    ]
    write(desk / "in.tsv", head, given)
    assert imported(desk, "in.tsv", "--strict", code=1) == [11, 0, 0, 1, 8]
    assert current(desk).identifier == before.identifier
    assert imported(desk, "in.tsv", code=1) == [11, 2, 0, 1, 8]
    # the others are published: the good row, and the pair whose decisions of one day contradict each other holds none
    links = current(desk).manifest.links
    assert links["accepted"] == before.manifest.links["accepted"]
    (row,) = (
        each for each in json.loads(review(desk, "status", "--format", "json").output)["links"] if each["conflicts"]
    )
    assert (row["source"], row["conflicts"]) == ("rncp", 1)
    refused = [json.loads(line) for line in (desk / "in.tsv.rejects.jsonl").read_text().splitlines()]
    assert all(each["record"] for each in refused if each["reason"] != "review-relation")
    first = len(head) + 2
    assert {each["line"] - first: each["reason"] for each in refused} == {
        1: "review-import-conflict",
        2: "review-import-contradiction",
        3: "review-import-contradiction",
        4: "review-import-unknown-outcome",
        5: "review-import-skill-not-loaded",
        6: "review-relation",
        7: "review-import-other-text",
        8: "review-import-skill-not-loaded",
        9: "review-import-no-relation",
    }
    assert "reviews.sssom.tsv:" in next(each["fr"] for each in refused if each["reason"] == "review-import-conflict")
    assert len(list(ReviewLog(desk / "reviews.sssom.tsv").read(Tally()))) == 45


def test_texts_that_look_like_formulas_stay_texts(desk: Path):
    release = current(desk)
    store = ox.Store(str(release.store))
    outcome = ox.NamedNode(ITALY + "/outcome/1")
    titled = ox.NamedNode("http://purl.org/dc/terms/title")
    graph = next(iter(store.quads_for_pattern(outcome, titled, None, None))).graph_name
    for quad in list(store.quads_for_pattern(outcome, titled, None, None)):
        store.remove(quad)
    text = '=HYPERLINK("http://evil.example";"x")'
    store.add(ox.Quad(outcome, titled, ox.Literal(text, language="en"), graph))
    store.flush()
    del store
    book = openpyxl.load_workbook(export(desk, "out.xlsx", "--unit", ITALY, "--state", "declared"))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    assert text in {cell.value for cell in cells}
    assert not any(cell.hyperlink for cell in cells)
    head, rows = table(export(desk, "out.tsv", "--unit", ITALY, "--state", "declared"))
    row = next(each for each in rows if "HYPERLINK" in each["subject_label"])
    assert row["subject_label"] == "'" + text
    row.update(mapping_justification="semapv:ManualMappingCuration", predicate_id="skos:closeMatch")
    write(desk / "in.tsv", head, rows)
    assert imported(desk, "in.tsv", "--no-derive") == [4, 1, 0, 3, 0]
    assert list(ReviewLog(desk / "reviews.sssom.tsv").read(Tally()))[-1].text == text


def test_two_imports_at_once_lose_nothing_and_one_release_has_both(desk: Path):
    head, rows = table(export(desk, "out.tsv", "--unit", ITALY, "--state", "declared"))
    decided = {"mapping_justification": "semapv:ManualMappingCuration", "predicate_id": "skos:closeMatch"}
    command = ["review", "import", "--log", str(desk / "reviews.sssom.tsv"), "--reviewer", "A. Person"]
    command += ["--releases", str(desk / "releases"), "--date", "2026-11-23"]
    codes: list[int] = []
    for number in (0, 1):
        write(desk / f"in{number}.tsv", head, [{**rows[number], **decided}])

    def run(number: int) -> None:
        arguments = [*command, str(desk / f"in{number}.tsv")]
        codes.append(main.main(arguments, standalone_mode=False) or 0)

    threads = [threading.Thread(target=_exits, args=(run, number, codes)) for number in (0, 1)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(120)
    assert codes == [0, 0]
    assert len(list(ReviewLog(desk / "reviews.sssom.tsv").read(Tally()))) == 45
    assert current(desk).manifest.links["accepted"] == 43


def _exits(run, number: int, codes: list[int]) -> None:
    try:
        run(number)
    except SystemExit as ended:
        codes.append(int(ended.code or 0))


def test_a_new_log_beside_the_others_and_one_that_would_lose_decisions(desk: Path):
    head, rows = table(export(desk, "out.tsv", "--unit", ITALY, "--state", "declared"))
    rows[0].update(mapping_justification="semapv:ManualMappingCuration", predicate_id="skos:closeMatch")
    write(desk / "in.tsv", head, rows)
    # an empty log of the same name would take the place of the demo's 43 decisions
    (desk / "reviews.sssom.tsv").unlink()
    log = ["--log", str(desk / "reviews.sssom.tsv"), "--reviewer", "A. Person"]
    lost = review(desk, "import", str(desk / "in.tsv"), *log, code=2)
    assert "43" in lost.output
    other = ["--log", str(desk / "team-2.sssom.tsv"), "--reviewer", "A. Person"]
    told = review(desk, "import", str(desk / "in.tsv"), *other).output
    assert "--reviews" in told.replace("\n", "")
    assert current(desk).manifest.links["accepted"] == 42
    assert {entry.slug for entry in current(desk).manifest.sources if entry.kind == "reviews"} == {
        "reviews-reviews", "reviews-team-2",
    }  # fmt: skip
    # of a build that is given no log, all 43 decisions and the new one are missing; of the demo's alone, one
    folder = current(desk).folder
    assert missing_decisions(folder, ()) == {"reviews.sssom.tsv": 43, "team-2.sssom.tsv": 1}
    held = list(ReviewLog(folder / "reviews" / "reviews.sssom.tsv").read(Tally()))
    assert missing_decisions(folder, held) == {"team-2.sssom.tsv": 1}


def test_the_queue_is_in_the_export_the_status_and_the_rejects_of_the_release(desk: Path):
    log = desk / "reviews.sssom.tsv"
    lines = log.read_text(encoding="utf-8").splitlines()
    decision = next(line for line in lines if line.startswith("demo:rs/990001/") and "6360d655" in line)
    # the outcome was worded a little otherwise when it was reviewed, and ESCO has lost a skill since
    reworded = decision.replace("f334cbd1413f51aaf8aa0d318c1dfc82", "0" * 32).replace("propres au", "relatives au")
    retired = decision.replace("6360d655-3494-45f6-bfc6-d5f63afc355b", "0" * 36)
    contrary = decision.replace("skos:closeMatch\t\t", "skos:closeMatch\tNot\t")
    log.write_text("\n".join([*lines, reworded, retired, contrary]) + "\n", encoding="utf-8")
    empty = export(desk, "none.tsv", "--state", "sent-back")
    write(desk / "in.tsv", *table(empty)) if table(empty)[1] else shutil.copyfile(empty, desk / "in.tsv")
    assert imported(desk, "in.tsv") == [0, 0, 0, 0, 0]
    refused = [json.loads(line) for line in (current(desk).folder / "rejects.jsonl").read_text().splitlines()]
    reasons = [each["reason"] for each in refused if each["item"] == "review"]
    assert sorted(reasons) == [
        "review-conflict", "review-conflict", "review-retired-skill", "review-unknown-outcome",
    ]  # fmt: skip
    status = json.loads(review(desk, "status", "--format", "json").output)
    assert sorted(each["reason"] for each in status["waiting"]) == ["conflict", "retired-skill", "reworded"]
    row = next(each for each in status["links"] if each["source"] == "rs")
    assert (row["language"], row["sent_back"], row["conflicts"]) == ("fr", 2, 1)
    for language, words in (("en", "contradict"), ("fr", "se contredisent")):
        _, rows = table(export(desk, f"out-{language}.tsv", "--state", "sent-back", language=language))
        assert {each["review_state"] for each in rows} == {"sent-back"}
        assert any(words in each["review_earlier"] for each in rows)
    # the conflict and the rewording are about one pair: one row settles both
    assert len(rows) == 2
    assert "Conflit" in review(desk, "status", language="fr").output.title()


def test_help_and_messages_speak_both_languages(desk: Path):
    for command in ("export", "import", "status"):
        helps = [CliRunner().invoke(main, ["review", command, "--help"]).output]
        assert "--releases" in helps[0]
    assert "Liens par source" in review(desk, "status", language="fr").output
    assert "Links by source" in review(desk, "status").output
    assert "Liens par source" in review(desk, "status", "--lang", "fr").output
