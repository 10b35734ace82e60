"""Review logs: what is read, what is refused, and where the refusal points."""

from __future__ import annotations

import pytest

from passerelle.errors import InputError, MalformedInput, UnexpectedInput
from passerelle.linking.review_log import ReviewLog
from passerelle.messages import message
from passerelle.records.tally import Reject, Tally

HEADER = (
    "#mapping_set_id: https://example.org/reviews\n"
    "#license: https://creativecommons.org/publicdomain/zero/1.0/\n"
    "#mapping_set_version: '3'\n"
    "#curie_map:\n"
    "#  o: https://w3id.org/passerelle/demo/id/\n"
    "#  skill: http://data.europa.eu/esco/skill/\n"
)
COLUMNS = (
    "subject_id\tsubject_label\tpredicate_id\tpredicate_modifier\tobject_id\tmapping_justification\treviewer_label"
    "\tmapping_date\n"
)
ROW = "o:u/outcome/1\tSouder\tskos:exactMatch\t\tskill:a\tsemapv:ManualMappingCuration\tA. Person\t2026-03-01\n"
FIRST_ROW = 8


def read(path, text):
    path.write_text(text, encoding="utf-8")
    rejects: list[Reject] = []
    tally = Tally(on_reject=rejects.append)
    return list(ReviewLog(path).read(tally)), rejects, tally


@pytest.fixture
def log(tmp_path):
    return tmp_path / "Équipe 1.sssom.tsv"


def test_curies_are_expanded_and_the_reviewed_text_is_kept(log):
    reviews, rejects, tally = read(log, HEADER + COLUMNS + ROW)
    (review,) = reviews
    assert review.outcome == "https://w3id.org/passerelle/demo/id/u/outcome/1"
    assert review.skill == "http://data.europa.eu/esco/skill/a"
    assert (review.relation, review.accepted, review.date) == ("skos:exactMatch", True, "2026-03-01")
    assert (review.text, review.place.file, review.place.line) == ("Souder", "Équipe 1.sssom.tsv", FIRST_ROW)
    assert (rejects, tally.read["review"]) == ([], 1)


def test_full_iris_and_not_are_understood(log):
    row = ROW.replace("o:u/", "https://example.org/u/").replace(
        "\t\tskill:a", "\tNot\thttp://data.europa.eu/esco/skill/a"
    )
    (review,), _, _ = read(log, HEADER + COLUMNS + row)
    assert (review.outcome, review.accepted) == ("https://example.org/u/outcome/1", False)


def test_the_reviewer_is_not_in_the_record(log):
    (review,), _, _ = read(log, HEADER + COLUMNS + ROW)
    assert "Person" not in repr(review)


def test_a_date_in_the_header_fills_rows_without_one_and_no_other(log):
    header = HEADER + "#mapping_date: '2026-01-15'\n"
    reviews, _, _ = read(log, header + COLUMNS + ROW + ROW.replace("2026-03-01", ""))
    assert [review.date for review in reviews] == ["2026-03-01", "2026-01-15"]


@pytest.mark.parametrize(
    ("old", "new", "message_id"),
    [
        ("skos:exactMatch", "owl:sameAs", "review-relation"),
        ("semapv:ManualMappingCuration", "semapv:LexicalMatching", "review-justification"),
        ("2026-03-01", "", "review-undated"),
        ("2026-03-01", "2026-02-30", "review-row"),
        ("A. Person", "", "review-anonymous"),
        ("skill:a", "nowhere:a", "review-iri"),
        ("skill:a", "http://data.europa.eu/esco/skill/a>b", "review-iri"),
        ("skill:a", "", "review-row"),
        ("\t\tskill", "\tnot\tskill", "review-row"),
        ("2026-03-01", "2026-03-01\ttoo\tmany", "review-row"),
        ("Souder", '"Souder', "review-row"),
    ],
)
def test_a_bad_row_is_set_aside_with_its_line_and_the_rest_is_read(log, old, new, message_id):
    reviews, rejects, tally = read(log, HEADER + COLUMNS + ROW + ROW.replace(old, new) + "\n" + ROW)
    assert len(reviews) == 2
    (reject,) = rejects
    assert (reject.item, reject.message_id, reject.place.line) == ("review", message_id, FIRST_ROW + 1)
    assert tally.read["review"] == tally.accepted["review"] + tally.rejected["review"] == 3
    for language in ("en", "fr"):
        assert message(message_id).what(language, **reject.parameters)


def test_missing_columns_are_named(log):
    with pytest.raises(UnexpectedInput) as error:
        read(log, HEADER + "subject_id\tobject_id\tmapping_justification\n")
    assert error.value.parameters["columns"] == "predicate_id"


@pytest.mark.parametrize("text", ["", HEADER])
def test_a_file_without_a_table_is_unusable(log, text):
    with pytest.raises(InputError):
        read(log, text)


@pytest.mark.parametrize(
    "header",
    ["#curie_map: [\n", "#curie_map: 3\n", "#just words\n", "#other: &a x\n#comment: *a\n", "#a: " + "[" * 5000 + "\n"],
)
def test_a_broken_header_is_unusable(log, header):
    with pytest.raises(MalformedInput):
        read(log, header + COLUMNS + ROW)


def test_another_encoding_is_unusable(log):
    log.write_bytes((HEADER + COLUMNS + ROW.replace("Souder", "Contrôler")).encode("latin-1"))
    with pytest.raises(MalformedInput):
        list(ReviewLog(log).read(Tally()))


def test_provenance_states_licence_edition_and_measured_file(log):
    log.write_text(HEADER + COLUMNS + ROW, encoding="utf-8")
    source = ReviewLog(log)
    provenance = source.provenance()
    assert (source.kind, source.slug) == ("reviews", "reviews-quipe-1")
    assert provenance.licence.iri == "https://creativecommons.org/publicdomain/zero/1.0/"
    assert (provenance.edition, provenance.files[0].size) == ("3", log.stat().st_size)
