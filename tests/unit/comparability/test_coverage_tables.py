"""The tables that coverage rests on: complete, in order, reasoned in both languages."""

from __future__ import annotations

from typing import get_args

import pytest

from passerelle.comparability.coverage_parameters import parameters
from passerelle.comparability.link_values import Values, class_values, match_values, needs, shows
from passerelle.comparability.weightings import weightings, weights
from passerelle.graph.links import MATCH_RELATIONS
from passerelle.records.compared_unit import LINK_CLASSES
from passerelle.records.comparison import MatchKind
from passerelle.records.mapping_table import rows
from small_units import link, outcome, unit

TABLES = ("link-classes.tsv", "match-relations.tsv", "outcome-matches.tsv", "weightings.tsv")


@pytest.mark.parametrize("table", [class_values(), shows(), needs(), match_values()])
def test_each_row_keeps_lower_expected_and_upper_in_order(table: dict[str, Values]) -> None:
    assert all(0 <= values.lower <= values.expected <= values.upper <= 1 for values in table.values())


def test_every_class_relation_kind_and_weighting_has_one_row() -> None:
    assert tuple(class_values()) == LINK_CLASSES
    assert tuple(shows()) == (*MATCH_RELATIONS, "skos:mappingRelation")
    assert tuple(match_values()) == get_args(MatchKind)
    target = unit("B", outcome("B/1", link("S1")))
    for name in weightings():
        assert weights(target, name, _NoSkills()) == {"B/1": 1.0}


def test_what_nobody_reviewed_gives_no_lower_bound() -> None:
    assert class_values()["declared"].lower == class_values()["machine"].lower == 0
    assert match_values()["same-words"].lower == 0


@pytest.mark.parametrize("name", TABLES)
def test_each_row_has_labels_and_reasons_in_both_languages(name: str) -> None:
    for row in rows(name):
        assert all(
            row[column] for column in ("label_en", "label_fr", "source_en", "source_fr", "reason_en", "reason_fr")
        )
        assert row["label_en"] != row["label_fr"]


def test_the_numbers_that_stand_alone_have_labels_and_reasons() -> None:
    found = parameters()
    assert 0 < found.linked_from <= 1
    assert 0 < found.named_from <= 1
    assert found.fewest_words > 1
    assert found.most_matches > 0
    table = rows("coverage-parameters.tsv")
    assert [row["name"].replace("-", "_") for row in table] == list(found.__slots__)
    for row in table:
        assert all(row[column] for column in ("label_en", "label_fr", "reason_en", "reason_fr"))


class _NoSkills:
    """A hierarchy of nothing."""

    def broader(self, skill: str) -> tuple[str, ...]:
        return ()

    def narrower(self, skill: str) -> tuple[str, ...]:
        return ()

    def information(self, skill: str) -> float | None:
        return None
