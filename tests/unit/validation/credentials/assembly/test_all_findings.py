"""All findings of a credential: none lost, repeated ones counted, the gravest kept, in their order."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from passerelle.namespaces import expand
from passerelle.validation.credentials.assembly import MOST_SPOTS, every
from passerelle.validation.credentials.graph import CredentialGraph
from passerelle.validation.credentials.model import (
    IRI,
    LITERAL,
    Observation,
    Spot,
    Stage,
    Term,
)
from unit.validation.credentials.assembly.small_catalogue import (
    CLAIM,
    CLASS,
    DATATYPE,
    EQF,
    EQF_5,
    HAS_VALUE,
    INFO,
    ISSUED,
    ISSUER,
    LEGAL,
    MIN_COUNT,
    NODE,
    NODE_KIND,
    OUTCOME,
    PERSON,
    ROOT,
    RULES,
    SPEC,
    SPECIFIED_BY,
    TITLE,
    VIOLATION,
    WARNING,
    assembled,
    lost_key,
)


def test_repetitions_are_one_finding_with_its_number() -> None:
    many = [
        Observation("ELM-FIELDS-NOTE", f"urn:{number}", spot=Spot(f"/{number}", number + 1, 1)) for number in range(50)
    ]
    (finding,), omitted = assembled(*many)
    assert (finding.count, len(finding.spots), omitted) == (50, MOST_SPOTS, 0)
    assert finding.spots[0] == Spot("/0", 1, 1)


def test_the_cap_leaves_out_infos_first_and_violations_last() -> None:
    notes = [Observation("ELM-FIELDS-TEXT", ROOT, value=str(number)) for number in range(10)]
    findings, omitted = assembled(
        *notes,
        Observation("ELM-FIELDS-NOTE", ROOT),
        Observation("ELM-VOCABULARY-EQF", SPEC, EQF, "x"),
        Observation("ELM-EDC-title-minCount", SPEC, TITLE, component=MIN_COUNT),
        limit=3,
    )
    assert [each.code for each in findings] == ["ELM-EDC-title-minCount", "ELM-VOCABULARY-EQF", "ELM-FIELDS-TEXT"]
    assert omitted == 10


def test_causes_stand_by_layer_then_severity_then_line() -> None:
    findings, _ = assembled(
        Observation("ELM-FIELDS-NOTE", ROOT),
        Observation("ELM-FIELDS-TEXT", SPEC, value="deeper"),
        Observation("ELM-FIELDS-TEXT", PERSON, value="higher"),
        Observation("ELM-EDC-title-minCount", SPEC, TITLE, component=MIN_COUNT),
        Observation("ELM-SHAPES-RESULT", ROOT),
    )
    assert [(each.code, each.value) for each in findings] == [
        ("ELM-EDC-title-minCount", ""),
        ("ELM-FIELDS-TEXT", "higher"),
        ("ELM-FIELDS-TEXT", "deeper"),
        ("ELM-FIELDS-NOTE", ""),
        ("ELM-SHAPES-RESULT", ""),
    ]


NODES = (ROOT, PERSON, CLAIM, SPEC, ISSUER, "")
OBSERVATIONS = st.builds(
    Observation,
    code=st.sampled_from([each.code for each in RULES]),
    node=st.sampled_from(NODES),
    path=st.sampled_from((TITLE, OUTCOME, EQF, LEGAL, ISSUED, expand("skos:inScheme"), "")),
    value=st.sampled_from((*NODES, "5", EQF_5)),
    component=st.sampled_from((MIN_COUNT, NODE, CLASS, DATATYPE, NODE_KIND, HAS_VALUE, "")),
    spot=st.sampled_from((None, Spot("/s/claim/spec/x", 2, 2), Spot("/s/claim/spec/x/y", 3, 2), Spot(line=4))),
    parameters=st.sampled_from(({}, {"key": "titel", "nearest": "title"}, {"list": "EQF"})),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(OBSERVATIONS, max_size=14), st.sampled_from(Stage), st.booleans())
def test_no_observation_is_lost_whatever_the_layers_saw(
    observations: list[Observation], stage: Stage, repaired: bool
) -> None:
    findings, omitted = assembled(*observations, stage=stage, repaired=repaired)
    assert omitted == 0
    counted: dict[str, int] = {}
    for each in every(findings):
        counted[each.code] = counted.get(each.code, 0) + each.count
    codes = [each.code for each in observations]
    assert counted == {code: codes.count(code) for code in codes}
    assert all(not consequence.consequences for each in findings for consequence in each.consequences)
    gravity = [VIOLATION, WARNING, INFO]
    for each in findings:
        counting = [other.severity for other in each.consequences if not other.set_aside_by]
        assert gravity.index(each.severity) <= min(map(gravity.index, counting), default=2)


def test_the_order_of_observations_is_of_no_account_to_causes() -> None:
    seen = [
        Observation("ELM-EDC-spec-node", CLAIM, SPECIFIED_BY, SPEC, NODE),
        Observation("ELM-EDC-outcome-minCount", SPEC, OUTCOME, component=MIN_COUNT),
        lost_key("learningOutcom", "learningOutcome", "/s/claim/spec/learningOutcom"),
    ]
    assert assembled(*seen) == assembled(*reversed(seen))


def test_a_literal_that_reads_like_a_node_is_none() -> None:
    graph = CredentialGraph([(Term(IRI, ROOT), Term(IRI, TITLE), Term(LITERAL, PERSON))])
    assert not graph.subjects(PERSON)
