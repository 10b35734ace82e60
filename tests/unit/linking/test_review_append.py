"""Appending to a review log: what a new one looks like, what an old one keeps, and two writers at once."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest
import sssom_pydantic

from passerelle.errors import InputError
from passerelle.linking import review_append
from passerelle.linking.review_append import appending
from passerelle.linking.review_lines import COLUMNS, LogDecision, LogHeader
from passerelle.linking.review_log import ReviewLog
from passerelle.records.tally import Tally

BASE = "https://example.org/r"
HEADER = LogHeader(
    f"{BASE}/id/review/log", "Review log of a test", BASE, "https://creativecommons.org/licenses/by/4.0/"
)
SKILL = "http://data.europa.eu/esco/skill/"


def decision(number: int = 1, **given: object) -> LogDecision:
    plain = LogDecision(
        f"{BASE}/id/rncp/1/outcome/{number}", SKILL + "weld", "skos:closeMatch", True, "2026-01-02", "A. Person",
        "Souder", "weld", "2026-01-01", "1.2.0", "",
    )  # fmt: skip
    return LogDecision(**{**{name: getattr(plain, name) for name in plain.__slots__}, **given})


def append(path: Path, *decisions: LogDecision) -> None:
    with appending(path, HEADER) as log:
        log.append(decisions)


def read(path: Path):
    tally = Tally()
    reviews = list(ReviewLog(path).read(tally))
    assert not tally.rejected
    return [(each.outcome, each.skill, each.relation, each.accepted, each.date, each.text) for each in reviews]


def test_a_new_log_is_valid_for_the_sssom_library_with_reviewer_date_and_versions(tmp_path: Path):
    log = tmp_path / "new" / "log.sssom.tsv"
    foreign = decision(outcome="https://ufficio.example.it/q#esito-1", accepted=False, comment="No: another trade")
    append(log, decision(), foreign)
    mappings, _, about, errors = sssom_pydantic.read(log, return_errors=True)
    assert errors == []
    assert (str(about.id), about.title, str(about.license)) == (HEADER.identifier, HEADER.title, HEADER.licence)
    assert [each.predicate_modifier for each in mappings] == [None, "Not"]
    # the library's mappings leave out labels of people, its records keep them
    record = sssom_pydantic.read_unprocessed(log).records[0]
    assert record.reviewer_label == ["A. Person"]
    assert (str(record.mapping_date), record.subject_source_version, record.object_source_version) == (
        "2026-01-02", "2026-01-01", "1.2.0",
    )  # fmt: skip
    assert record.mapping_justification == "semapv:ManualMappingCuration"
    assert mappings[1].comment == "No: another trade"
    assert read(log) == [
        (each.outcome, each.skill, each.relation, each.accepted, each.date, each.text) for each in (decision(), foreign)
    ]
    lines = log.read_text().splitlines()
    columns = next(line for line in lines if not line.startswith("#")).split("\t")
    assert columns == [name for name in COLUMNS if name in columns], "in SSSOM's own order"


def test_an_orcid_is_an_identifier(tmp_path: Path):
    log = tmp_path / "log.tsv"
    append(log, decision(reviewer="https://orcid.org/0000-0002-1825-0097"))
    (mapping,), *_ = sssom_pydantic.read(log)
    assert mapping.to_record().reviewer_id == ["orcid:0000-0002-1825-0097"]


def test_the_demo_log_keeps_every_line_and_takes_foreign_outcomes(root: Path, tmp_path: Path):
    original = root / "data" / "demo" / "reviews.sssom.tsv"
    log = tmp_path / original.name
    log.write_bytes(original.read_bytes())
    before = read(log)
    append(log, decision(outcome="https://italia.example.org/qualifica/x/outcome/1", comment='says "no"\tand more'))
    after = read(log)
    assert after[: len(before)] == before
    assert len(after) == len(before) + 1
    kept = [line for line in original.read_text().splitlines() if "\tsemapv:Manual" in line]
    assert [line.rstrip("\t") for line in log.read_text().splitlines() if "\tsemapv:Manual" in line][:-1] == kept
    mappings, *_, errors = sssom_pydantic.read(log, return_errors=True)
    assert (len(mappings), errors) == (len(after), [])
    assert mappings[-1].comment == 'says "no" and more'


def test_nothing_to_append_leaves_no_file(tmp_path: Path):
    append(tmp_path / "log.tsv")
    assert list(tmp_path.iterdir()) == []


def test_a_log_that_would_not_read_the_same_is_left_alone(tmp_path: Path):
    log = tmp_path / "log.tsv"
    append(log, decision())
    before = log.read_bytes()
    with pytest.raises(InputError):
        append(log, decision(2, date="2026-02-30"))
    assert log.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["log.tsv"], "nothing is left beside it"


def _append_many(path: Path, start: int) -> None:
    for number in range(start, start + 15):
        append(path, decision(number))


def test_two_writers_at_once_lose_nothing(tmp_path: Path):
    log = tmp_path / "log.tsv"
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_append_many, args=(log, start)) for start in (0, 100)]
    for each in writers:
        each.start()
    for each in writers:
        each.join(60)
    assert [each.exitcode for each in writers] == [0, 0]
    outcomes = [int(each[0].rpartition("/")[2]) for each in read(log)]
    assert sorted(outcomes) == [*range(15), *range(100, 115)]
    assert [each for each in outcomes if each < 100] == list(range(15)), "each in its own order"


def test_who_waits_too_long_for_another_import_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(review_append, "PATIENCE", 0.0)
    log = tmp_path / "log.sssom.tsv"
    with appending(log, HEADER), pytest.raises(InputError) as refused:
        append(log, decision())
    assert refused.value.message_id == "review-log-held"
    assert not log.exists()
    append(log, decision())
    assert len(read(log)) == 1
