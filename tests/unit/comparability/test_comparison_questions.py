"""Questions about units: what is understood, what is refused, and that nothing is lost on the way to a process."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.comparability.questions import (
    MOST_ROWS,
    ComparisonQuestion,
    NearestQuestion,
    Question,
    ReportQuestion,
    UnitQuestion,
    analyst_name,
    comparison_question,
    decoded,
    encoded,
    nearest_question,
    purpose_labels,
    purposes,
)
from passerelle.errors import ParameterError
from passerelle.messages import LANGUAGES

COMPARISON = ComparisonQuestion("RNCP1BC01", "https://example.org/é", "bloc-exemption", ("https://example.org/o",))


@pytest.mark.parametrize(
    "question",
    [
        COMPARISON,
        NearestQuestion("x", "further-study", ("IT", "PT"), 5, 1, ("bloc",), 7, explained=True),
        NearestQuestion("x", "further-study"),
        UnitQuestion("RS990001"),
        ReportQuestion(COMPARISON, "Zoë \N{SNOWMAN}", "2026-11-23", "pdf"),
    ],
)
def test_a_question_arrives_as_it_was_sent(question: Question) -> None:
    for language in LANGUAGES:
        assert decoded(encoded(question, language)) == (question, language)


def test_what_a_user_writes_is_understood() -> None:
    question = nearest_question(
        " RNCP1 ",
        "bloc-exemption",
        given_countries=["it", "IT", "EL", ""],
        level="5",
        levels_apart=" 1 ",
        kinds=["bloc"],
    )
    assert question == NearestQuestion("RNCP1", "bloc-exemption", ("IT", "GR"), 5, 1, ("bloc",), 20)
    assert comparison_question("a", "b", "bloc-exemption", ["o", "", "o"]).essential == ("o",)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"level": "0"}, "comparison-number"),
        ({"level": "9"}, "comparison-number"),
        ({"level": "-1"}, "comparison-number"),
        ({"level": "٥"}, "comparison-number"),
        ({"levels_apart": "8"}, "comparison-number"),
        ({"top": "0"}, "comparison-number"),
        ({"top": str(MOST_ROWS + 1)}, "comparison-number"),
        ({"top": "9" * 5000}, "comparison-number"),
        ({"kinds": ["diploma"]}, "comparison-choice"),
        ({"given_countries": ["Italy"]}, "comparison-country"),
        ({"given_countries": ["\x00"]}, "comparison-country"),
    ],
)
def test_what_is_out_of_bounds_is_refused(arguments: dict[str, str], message: str) -> None:
    with pytest.raises(ParameterError) as raised:
        nearest_question("RNCP1", "bloc-exemption", **arguments)  # type: ignore[arg-type]
    assert raised.value.message_id == message
    assert len(raised.value.what("fr")) < 300
    assert raised.value.what("en").isprintable()


@given(st.text(max_size=300))
def test_a_name_of_an_analyst_is_one_line_or_refused(name: str) -> None:
    try:
        found = analyst_name(name)
    except ParameterError:
        return
    assert found == " ".join(found.split())
    assert 0 < len(found) <= 200
    assert not {"\n", "\x00", "\u202e"} & set(found)


def test_each_purpose_has_a_label_in_both_languages() -> None:
    for language in LANGUAGES:
        assert [name for name, label in purpose_labels(language) if label] == list(purposes())
