"""The tables that findings rest on: complete, without doubles, with sources, and naming nothing that does not exist."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path
from typing import get_args

import pytest

from passerelle.comparability.element_conditions import CONDITIONS
from passerelle.comparability.elements import ANY, element_rules, elements
from passerelle.comparability.findings import deciding_elements, finding_rules, kind_matrix, strengths
from passerelle.comparability.outcome_states import Group
from passerelle.comparability.sensitivity import assumptions
from passerelle.comparability.weightings import weightings
from passerelle.graph.unit_facts import FORMS, fact_rows
from passerelle.namespaces import VOCABULARY, expand
from passerelle.records.comparison import OutcomeState
from passerelle.records.mapping_table import rows
from passerelle.records.unit_tables import step_kinds
from unit.ontology.ontology_files import graph_of, ontology_files, vocabulary_files

STRONGEST = "no-potentially-substantial-difference-found"
TABLES = {
    "element-facts.tsv": "name",
    "element-rules.tsv": "rule",
    "finding-rules.tsv": "rule",
    "kind-matrix.tsv": "row",
    "purposes.tsv": "purpose",
    "sensitivity.tsv": "variant",
    "contextual-findings.tsv": "finding",
    "finding-strengths.tsv": "finding",
    "outcome-states.tsv": "state",
    "cited-sources.tsv": "citation_en",
    "element-conditions.tsv": "condition",
    "weightings.tsv": "weighting",
    "outcome-matches.tsv": "kind",
    "link-classes.tsv": "class",
    "match-relations.tsv": "relation",
    "coverage-parameters.tsv": "name",
    "assertion-rules.tsv": "rule",
    "neighbour-bases.tsv": "basis",
    "path-requirements.tsv": "requirement",
    "path-search.tsv": "name",
    "link-methods.tsv": "method",
    "link-context.tsv": "context",
    "clause-openers.tsv": "language opener",
    "review-choices.tsv": "list value",
    "review-columns.tsv": "column",
}


def concepts(scheme: str) -> set[str]:
    prefix = f"{VOCABULARY}{scheme}/"
    graph = graph_of(vocabulary_files())
    return {str(subject).removeprefix(prefix) for subject in set(graph.subjects()) if str(subject).startswith(prefix)}


@pytest.mark.parametrize(("table", "key"), TABLES.items())
def test_each_row_has_a_name_of_its_own_and_says_all_in_both_languages(table: str, key: str) -> None:
    found = rows(table)
    assert len({tuple(row[each] for each in key.split()) for row in found}) == len(found) > 0
    assert any(column.endswith("_en") for column in found[0])
    for row in found:
        for column, value in row.items():
            if column.endswith("_en"):
                french = row[column.removesuffix("_en") + "_fr"]
                assert value, (table, row, column)
                assert french, (table, row, column)
                # a sentence left in English, or one that nobody wrote yet
                assert french != value or len(value.split()) < 5 or column.startswith("source"), (table, value)
                assert not re.search(r"[A-Z]{4,}[0-9]\b", value + french), (table, value, french)


def test_the_matrix_has_one_row_for_each_pair_of_kinds() -> None:
    kinds = concepts("unit-kind")
    assert len(kinds) == 7
    assert set(kind_matrix()) == set(product(kinds, kinds))
    assert len(rows("kind-matrix.tsv")) == 49


def test_no_row_of_the_matrix_lets_a_part_or_a_micro_credential_reach_a_whole() -> None:
    strongest = {pair: row.strongest for pair, row in kind_matrix().items()}
    assert set(strongest.values()) == {STRONGEST, "covers-named-parts"}
    for part, whole in product(
        ("bloc", "component", "micro-credential"), ("full-qualification", "partial-qualification")
    ):
        assert strongest[part, whole] == "covers-named-parts"
    # a partial qualification and an RS certification are no full qualification either
    for part in ("partial-qualification", "specific-certification"):
        assert strongest[part, "full-qualification"] == "covers-named-parts"
    # a micro-credential stands for nothing but a micro-credential
    assert {
        target for (holder, target), found in strongest.items() if holder == "micro-credential" and found == STRONGEST
    } == {"micro-credential"}
    # a component is not certified apart
    assert {
        target for (holder, target), found in strongest.items() if holder == "component" and found == STRONGEST
    } == {"component"}


def test_a_kind_that_is_not_stated_is_never_taken_for_more_than_any_kind_that_it_may_be() -> None:
    strongest = {pair: strengths()[row.strongest] for pair, row in kind_matrix().items()}
    kinds = concepts("unit-kind") - {"not-stated"}
    for kind in kinds:
        assert strongest["not-stated", kind] <= min(strongest[each, kind] for each in kinds)
        assert strongest[kind, "not-stated"] <= min(strongest[kind, each] for each in kinds)


def test_whoever_holds_a_full_qualification_may_reach_each_kind_that_is_stated() -> None:
    for kind in concepts("unit-kind") - {"not-stated"}:
        assert kind_matrix()["full-qualification", kind].strongest == STRONGEST


def test_units_are_named_for_a_path_or_a_completion_only_where_the_matrix_allows_parts_to_be_named() -> None:
    least = strengths()["covers-named-parts"]
    for kind, target in product(step_kinds(), concepts("unit-kind")):
        assert strengths()[kind_matrix()[kind, target].strongest] >= least
    # a qualification that stands for itself, and nothing else, is no step
    assert concepts("unit-kind") - set(step_kinds()) == {"full-qualification"}


def test_conditions_are_a_closed_vocabulary_each_worded() -> None:
    assert {row["condition"] for row in rows("element-conditions.tsv")} == set(CONDITIONS)
    assert {row["condition"] for row in rows("element-rules.tsv")} == set(CONDITIONS)


def test_purposes_elements_grades_and_findings_are_those_of_the_vocabularies() -> None:
    purposes = concepts("comparison-purpose")
    assert {row["purpose"] for row in rows("purposes.tsv")} == purposes
    assert set(elements()) == concepts("comparison-element")
    assert {row["grade"] for row in rows("element-rules.tsv")} == concepts("element-grade")
    named = {
        each
        for table in ("element-rules.tsv", "finding-rules.tsv")
        for row in rows(table)
        for each in row["purpose"].split()
    }
    assert named <= purposes | {ANY}
    beside = {row["finding"] for row in rows("contextual-findings.tsv")}
    assert set(strengths()) | beside == concepts("finding")
    assert {row["finding"] for row in rows("finding-rules.tsv")} == set(strengths())


@pytest.mark.parametrize("purpose", sorted(concepts("comparison-purpose")))
def test_each_purpose_grades_each_element_and_always_comes_to_a_finding(purpose: str) -> None:
    rules = element_rules(purpose)
    assert set(rules) == set(elements())
    for element in elements():
        assert rules[element][-1].holds is CONDITIONS["otherwise"]
    found = finding_rules(purpose)
    assert [rule.finding for rule in found if not rule.target_kinds] == list(reversed(strengths()))
    # what the purpose does not apply to is said before anything else
    assert [rule.name for rule in found if rule.target_kinds] == [
        rule.name for rule in found[: len(found) - len(strengths())]
    ]
    assert deciding_elements(purpose) <= set(elements())
    assert "learning-outcomes" in deciding_elements(purpose)


def test_the_strongest_finding_on_a_regulated_profession_and_on_a_bloc_rests_on_the_lower_bound() -> None:
    for purpose in ("regulated-profession", "bloc-exemption"):
        strongest = next(rule for rule in finding_rules(purpose) if not rule.target_kinds)
        assert (strongest.finding, strongest.number) == (STRONGEST, "lower")
        assert float(strongest.at_least) > 0.1, "a threshold lower by 0.1 still asks for something reviewed"


def test_no_finding_of_no_overlap_where_little_was_assessed_or_much_is_possible() -> None:
    for purpose in concepts("comparison-purpose"):
        rule = next(each for each in finding_rules(purpose) if each.finding == "no-overlap-found")
        assert float(rule.firmly_assessed_at_least) >= 0.5
        assert float(rule.upper_below) <= 0.5
        assert rule.expected_at_most == "0"


def test_no_strongest_finding_where_one_skill_stands_for_most_or_a_machine_guessed_most_or_nobody_looked() -> None:
    for purpose in concepts("comparison-purpose"):
        rule = next(each for each in finding_rules(purpose) if each.finding == STRONGEST)
        assert 0 < float(rule.collapsed_below) <= 0.5
        assert rule.number == "lower" or float(rule.machine_share_at_most) <= 0.5
        # something that a person looked at, an authority published, or the same text: also with lower thresholds
        assert float(rule.lower_at_least if rule.number == "expected" else rule.at_least) > 0.1


def test_what_is_not_stated_is_never_graded_as_a_difference() -> None:
    for row in rows("element-rules.tsv"):
        if row["condition"] in {
            "not-both-state",
            "level-not-stated",
            "workload-not-comparable",
            "essential-open",
            "no-field",
            "indistinct-from",
            "machine-share-above",
        }:
            assert row["grade"] == "not-stated", row["rule"]


def test_all_weightings_are_tried_and_named_once() -> None:
    tried = [each.weighting for each in assumptions() if each.kind == "weighting"]
    # the first is that of the figures which are shown, and would be counted as one more under which they stay
    assert tried == list(weightings())[1:]
    classes = {name for each in assumptions() if each.kind == "links" for name in each.argument.split()}
    assert classes <= {row["class"] for row in rows("link-classes.tsv")}


def test_facts_belong_to_elements_and_use_declared_terms() -> None:
    assert {row.element for row in fact_rows()} <= concepts("comparison-element")
    assert {row.form for row in fact_rows()} <= set(FORMS)
    declared = {str(subject) for subject in graph_of(ontology_files()).subjects()}
    for row in rows("element-facts.tsv"):
        for curie in re.findall(r"psl:\w+", f"{row['path']} {row['qualifier']}"):
            assert expand(curie) in declared, (row["name"], curie)
        assert row["inherited"] in {"bloc", "no"}
        assert row["compared"] in {"yes", "no"}


def test_each_state_of_an_outcome_belongs_to_a_group() -> None:
    assert {row["state"] for row in rows("outcome-states.tsv")} == set(get_args(OutcomeState))
    assert {row["group"] for row in rows("outcome-states.tsv")} == set(get_args(Group))


def test_no_fact_leads_to_who_may_be_a_natural_person() -> None:
    paths = " ".join(row["path"] for row in rows("element-facts.tsv"))
    for curie in ("psl:authorisation", "psl:authorisedOrganisation", "psl:juryComposition", "elm:contactPoint"):
        assert curie not in paths


def test_facts_that_rules_compare_are_facts_that_exist() -> None:
    names = {row.name for row in fact_rows()}
    for row in rows("element-rules.tsv"):
        if row["condition"] in {"same-value", "states-all", "both-state", "not-both-state"}:
            assert set(row["argument"].split()) <= names, row["rule"]


def test_autonomy_phrases_are_small_letters_with_straight_apostrophes_and_stand_once(root: Path) -> None:
    found = [(row["language"], row["phrase"]) for row in rows("autonomy-phrases.tsv")]
    assert len(set(found)) == len(found)
    for _, phrase in found:
        assert phrase == phrase.lower().strip()
        assert "’" not in phrase
