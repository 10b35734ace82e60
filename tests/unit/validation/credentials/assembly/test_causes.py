"""Which of several findings is the cause of the others."""

from __future__ import annotations

import pytest

from passerelle.namespaces import expand
from passerelle.validation.credentials.model import (
    Observation,
    Spot,
)
from unit.validation.credentials.assembly.small_catalogue import (
    CLAIM,
    CLASS,
    DATATYPE,
    EQF,
    FIELD,
    HAS_CLAIM,
    HAS_VALUE,
    ISSUED,
    MIN_COUNT,
    NODE,
    NODE_KIND,
    OUTCOME,
    PERSON,
    ROOT,
    SPEC,
    SPECIFIED_BY,
    TITLE,
    VIOLATION,
    WARNING,
    assembled,
    lost_key,
    told,
)


def test_a_shape_fails_because_of_what_is_wrong_within_its_value() -> None:
    findings, _ = assembled(
        Observation("ELM-EDC-spec-node", CLAIM, SPECIFIED_BY, SPEC, NODE),
        Observation("ELM-EDC-title-minCount", SPEC, TITLE, component=MIN_COUNT),
    )
    assert told(findings) == {"ELM-EDC-title-minCount": ["ELM-EDC-spec-node"]}


def test_a_shape_whose_value_has_nothing_else_stands_alone() -> None:
    findings, _ = assembled(
        Observation("ELM-EDC-spec-node", CLAIM, SPECIFIED_BY, SPEC, NODE),
        Observation("ELM-FIELDS-TITLE-LANGUAGE", SPEC, TITLE, "x"),
    )
    assert told(findings) == {"ELM-EDC-spec-node": [], "ELM-FIELDS-TITLE-LANGUAGE": []}


def test_what_fails_in_a_circle_keeps_one_cause() -> None:
    findings, _ = assembled(
        Observation("ELM-EDC-spec-node", CLAIM, SPECIFIED_BY, SPEC, NODE),
        Observation("ELM-EDC-issuer-node", SPEC, expand("elm:hasPart"), CLAIM, NODE),
    )
    assert told(findings) == {"ELM-EDC-spec-node": ["ELM-EDC-issuer-node"]}


@pytest.mark.parametrize(
    "key",
    [
        lost_key("learningOutcom", "learningOutcome", "/s/claim/spec/learningOutcom"),
        lost_key("outcomes", "", "/s/claim/spec/outcomes", property=OUTCOME),
        Observation("ELM-READING-UNKNOWN-KEY", SPEC, parameters={"key": "x", "nearest": "learningoutcome"}),
    ],
)
def test_what_is_missing_follows_from_the_misspelt_key(key: Observation) -> None:
    findings, _ = assembled(
        Observation("ELM-EDC-outcome-minCount", SPEC, OUTCOME, component=MIN_COUNT),
        Observation("ELM-MICRO-LEARNING-OUTCOMES", ROOT),
        Observation("ELM-EDC-spec-node", CLAIM, SPECIFIED_BY, SPEC, NODE),
        key,
    )
    assert told(findings) == {
        "ELM-READING-UNKNOWN-KEY": ["ELM-EDC-spec-node", "ELM-EDC-outcome-minCount", "ELM-MICRO-LEARNING-OUTCOMES"]
    }
    assert findings[0].severity is VIOLATION  # the warning has become the cause of violations


@pytest.mark.parametrize("code", ["ELM-READING-RELATIVE-IRI", "ELM-READING-NULL"])
def test_what_is_missing_follows_from_the_value_that_was_lost(code: str) -> None:
    findings, _ = assembled(
        Observation(code, SPEC, OUTCOME),
        Observation("ELM-EDC-outcome-minCount", SPEC, OUTCOME, component=MIN_COUNT),
        Observation("ELM-MICRO-LEARNING-OUTCOMES", ROOT),
        Observation("ELM-EDC-title-minCount", SPEC, TITLE, component=MIN_COUNT),
        Observation("ELM-EDC-field-minCount", CLAIM, OUTCOME, component=MIN_COUNT),
    )
    assert told(findings) == {
        code: ["ELM-EDC-outcome-minCount", "ELM-MICRO-LEARNING-OUTCOMES"],
        "ELM-EDC-field-minCount": [],
        "ELM-EDC-title-minCount": [],
    }
    assert findings[0].severity is VIOLATION


def test_texts_in_another_form_have_no_language() -> None:
    findings, _ = assembled(
        Observation("ELM-READING-TEXTS-IN-ARRAY", SPEC, TITLE),
        Observation("ELM-EDC-title-datatype", SPEC, TITLE, "_:b1", DATATYPE),
    )
    assert told(findings) == {"ELM-READING-TEXTS-IN-ARRAY": ["ELM-EDC-title-datatype"]}


def test_keys_are_out_of_place_because_a_type_is_missing() -> None:
    keys = [
        Observation(
            "ELM-READING-KEY-OUT-OF-PLACE", node, spot=Spot(f"/{key}", 5, 1), parameters={"key": key, "type": "A"}
        )
        for node, key in ((ROOT, "issued"), (ROOT, "issuer"), (PERSON, "issued"))
    ]
    findings, _ = assembled(
        Observation("ELM-READING-TYPE-MISSING", ROOT, spot=Spot("/type", 2, 1), parameters={"type": "A", "keys": "…"}),
        *keys,
        Observation("ELM-EDC-issued-minCount", ROOT, ISSUED, component=MIN_COUNT),
    )
    assert told(findings) == {
        "ELM-READING-TYPE-MISSING": ["ELM-READING-KEY-OUT-OF-PLACE", "ELM-EDC-issued-minCount"],
        "ELM-READING-KEY-OUT-OF-PLACE": [],
    }


@pytest.mark.parametrize("keys", [(), ("issued",)])
def test_what_the_second_version_does_not_have_follows_from_the_clash(keys: tuple[str, ...]) -> None:
    findings, _ = assembled(
        Observation("ELM-READING-CONTEXT-CLASH", parameters={"key": "description"}),
        *(
            Observation("ELM-READING-KEY-OF-VERSION-1", ROOT, parameters={"key": each, "nearest": "validFrom"})
            for each in keys
        ),
        Observation("ELM-EDC-issued-minCount", ROOT, ISSUED, component=MIN_COUNT),
    )
    assert [each.code for each in findings] == ["ELM-READING-CONTEXT-CLASH"]
    assert len(findings[0].consequences) == 1 + len(keys)


def test_the_context_is_missing_because_its_key_is_misspelt() -> None:
    key = {"key": "context", "nearest": "@context"}
    findings, _ = assembled(
        Observation("ELM-FILE-CONTEXT-MISSING"),
        Observation("ELM-READING-MISSPELT-KEY", ROOT, spot=Spot("/context", 2, 3), parameters=key),
    )
    assert told(findings) == {"ELM-READING-MISSPELT-KEY": ["ELM-FILE-CONTEXT-MISSING"]}


def test_two_things_under_one_id_are_one_cause() -> None:
    findings, _ = assembled(
        Observation("ELM-READING-SAME-ID", SPEC, parameters={"key": "title"}),
        Observation("ELM-EDC-title-maxCount", SPEC, TITLE, component="sh:MaxCountConstraintComponent"),
        Observation("ELM-FIELDS-CYCLE", SPEC, value=SPEC),
        Observation("ELM-FIELDS-CYCLE", CLAIM, value=CLAIM),
        Observation("ELM-FIELDS-NOTE", SPEC),
    )
    assert told(findings) == {
        "ELM-READING-SAME-ID": ["ELM-EDC-title-maxCount", "ELM-FIELDS-CYCLE"],
        "ELM-FIELDS-CYCLE": [],
        "ELM-FIELDS-NOTE": [],
    }


def test_a_file_that_says_nothing_is_told_once() -> None:
    findings, _ = assembled(
        Observation("ELM-READING-FREE-FLOATING", spot=Spot("", 1, 1)), Observation("ELM-READING-NO-TRIPLES")
    )
    assert told(findings) == {"ELM-READING-NO-TRIPLES": ["ELM-READING-FREE-FLOATING"]}


def test_a_value_without_an_id_is_in_no_list() -> None:
    findings, _ = assembled(
        Observation("ELM-EDC-EQFLevel-nodeKind", SPEC, EQF, "_:b1", NODE_KIND),
        Observation("ELM-VOCABULARY-EQF", SPEC, EQF, "_:b1", parameters={"list": "eqf"}),
        Observation("ELM-EDC-EQFLevel-node", SPEC, EQF, "_:b1", NODE),
    )
    assert told(findings) == {"ELM-EDC-EQFLevel-nodeKind": ["ELM-EDC-EQFLevel-node", "ELM-VOCABULARY-EQF"]}


def test_an_object_without_an_id_is_never_shown_by_its_label() -> None:
    (finding,), _ = assembled(Observation("ELM-FIELDS-TEXT", SPEC, EQF, "_:b1"))
    assert finding.message_en == "It says “an object without an id”."
    assert finding.message_fr == "Il dit « un objet sans identifiant »."


def test_the_json_key_may_be_unlike_the_property() -> None:
    findings, _ = assembled(
        Observation("ELM-EDC-field-minCount", SPEC, FIELD, component=MIN_COUNT),
        lost_key("tematicArea", "thematicArea", "/s/claim/spec/tematicArea"),
    )
    assert told(findings) == {"ELM-READING-UNKNOWN-KEY": ["ELM-EDC-field-minCount"]}


def test_a_misspelt_key_elsewhere_explains_nothing() -> None:
    findings, _ = assembled(
        Observation("ELM-EDC-outcome-minCount", SPEC, OUTCOME, component=MIN_COUNT),
        lost_key("learningOutcom", "learningOutcome", "/s/learningOutcom"),
    )
    assert told(findings) == {"ELM-READING-UNKNOWN-KEY": [], "ELM-EDC-outcome-minCount": []}
    assert findings[0].severity is WARNING


def test_keys_within_a_lost_key_follow_from_it() -> None:
    findings, _ = assembled(
        lost_key("inner", "", "/s/specifedBy/2/inner"), lost_key("specifedBy", "specifiedBy", "/s/specifedBy")
    )
    assert told(findings) == {"ELM-READING-UNKNOWN-KEY": ["ELM-READING-UNKNOWN-KEY"]}
    assert "`specifedBy`" in findings[0].message_en


@pytest.mark.parametrize("node", [SPEC, ""])
def test_a_class_is_missing_because_the_type_is_misspelt(node: str) -> None:
    findings, _ = assembled(
        Observation("ELM-EDC-spec-class", CLAIM, SPECIFIED_BY, SPEC, CLASS),
        Observation("ELM-READING-MISSPELT-TYPE", node, spot=Spot("/s/claim/spec/type", 9, 1)),
    )
    assert told(findings) == {"ELM-READING-MISSPELT-TYPE": ["ELM-EDC-spec-class"]}


def test_a_value_without_a_type_is_told_once() -> None:
    findings, _ = assembled(
        Observation("ELM-EDC-spec-class", CLAIM, SPECIFIED_BY, PERSON, CLASS),
        Observation("ELM-EDC-claim-class", SPEC, HAS_CLAIM, PERSON, CLASS),
    )
    assert told(findings) == {"ELM-EDC-spec-class": ["ELM-EDC-claim-class"]}


def test_a_scheme_is_missing_because_the_value_is_of_no_list() -> None:
    wrong = "http://data.europa.eu/snb/eqf/99"
    findings, _ = assembled(
        Observation("ELM-EDC-EQFLevel-node", SPEC, EQF, wrong, NODE),
        Observation("ELM-EDC-scheme-hasValue", wrong, expand("skos:inScheme"), "", HAS_VALUE),
        Observation("ELM-VOCABULARY-EQF", SPEC, EQF, wrong, parameters={"list": "EQF"}),
        repaired=False,
    )
    assert told(findings) == {"ELM-VOCABULARY-EQF": ["ELM-EDC-EQFLevel-node", "ELM-EDC-scheme-hasValue"]}


def test_a_value_of_the_wrong_kind_is_told_once() -> None:
    findings, _ = assembled(
        Observation("ELM-EDC-EQFLevel-node", SPEC, EQF, "5", NODE),
        Observation("ELM-EDC-EQFLevel-nodeKind", SPEC, EQF, "5", NODE_KIND),
    )
    assert told(findings) == {"ELM-EDC-EQFLevel-nodeKind": ["ELM-EDC-EQFLevel-node"]}
