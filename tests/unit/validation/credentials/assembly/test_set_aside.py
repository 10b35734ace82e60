"""What is told under another finding or set aside: repairs, drafts, what the sealing adds."""

from __future__ import annotations

from passerelle.namespaces import expand
from passerelle.validation.credentials.assembly import assemble, every
from passerelle.validation.credentials.graph import CredentialGraph
from passerelle.validation.credentials.model import (
    Observation,
    Spot,
    Stage,
)
from unit.validation.credentials.assembly.small_catalogue import (
    CLAIM,
    DATATYPE,
    EQF_5,
    HAS_VALUE,
    INFO,
    ISSUED,
    ISSUER,
    ISSUER_OF,
    LEGAL,
    MIN_COUNT,
    NODE,
    PERSON,
    ROOT,
    SPEC,
    SPECIFIED_BY,
    TITLE,
    VIOLATION,
    Source,
    assembled,
    lost_key,
    term,
    told,
    triples,
)


def test_profile_and_fields_say_the_same_once() -> None:
    findings, _ = assembled(
        Observation("ELM-EDC-title-datatype", SPEC, TITLE, "Master", DATATYPE),
        Observation("ELM-FIELDS-TITLE-LANGUAGE", SPEC, TITLE, "Master"),
        Observation("ELM-FIELDS-TITLE-LANGUAGE", SPEC, TITLE, "Bachelor"),
    )
    assert told(findings) == {
        "ELM-EDC-title-datatype": ["ELM-FIELDS-TITLE-LANGUAGE"],
        "ELM-FIELDS-TITLE-LANGUAGE": [],
    }


def test_a_repair_sets_aside_when_it_ran() -> None:
    official = Observation("ELM-EDC-scheme-hasValue", EQF_5, expand("skos:inScheme"), "", HAS_VALUE)
    for repaired, expected in ((True, "ELM-REPAIRED-SCHEME"), (False, "")):
        (finding,), _ = assembled(official, repaired=repaired)
        assert finding.set_aside_by == expected
        assert finding.severity is VIOLATION


def test_what_a_repair_finds_too_is_told_under_it() -> None:
    findings, _ = assembled(
        Observation("ELM-EDC-scheme-hasValue", EQF_5, expand("skos:inScheme"), "", HAS_VALUE),
        Observation("ELM-REPAIRED-SCHEME", EQF_5),
    )
    assert told(findings) == {"ELM-REPAIRED-SCHEME": ["ELM-EDC-scheme-hasValue"]}
    assert findings[0].consequences[0].set_aside_by == "ELM-REPAIRED-SCHEME"


def test_a_layer_can_set_aside_single_observations() -> None:
    findings, _ = assembled(
        Observation(
            "ELM-EDC-title-minCount", SPEC, TITLE, component=MIN_COUNT, set_aside_by="ELM-READING-MISSPELT-TYPE"
        ),
        Observation("ELM-EDC-title-minCount", CLAIM, TITLE, component=MIN_COUNT),
        Observation("ELM-READING-MISSPELT-TYPE", ROOT),
    )
    assert [(each.code, each.node, [of.node for of in each.consequences]) for each in findings] == [
        ("ELM-READING-MISSPELT-TYPE", ROOT, [SPEC]),
        ("ELM-EDC-title-minCount", CLAIM, []),
    ]


def test_what_follows_from_something_set_aside_does_not_count_either() -> None:
    findings, _ = assembled(
        Observation("ELM-EDC-scheme-hasValue", SPEC, expand("skos:inScheme"), "", HAS_VALUE),
        Observation("ELM-EDC-spec-node", CLAIM, SPECIFIED_BY, SPEC, NODE),
    )
    assert told(findings) == {"ELM-EDC-scheme-hasValue": ["ELM-EDC-spec-node"]}
    assert {each.set_aside_by for each in every(findings)} == {"ELM-REPAIRED-SCHEME"}


def test_a_draft_needs_nothing_that_sealing_adds() -> None:
    observations = (
        Observation("ELM-EDC-issuer-node", ROOT, ISSUER_OF, ISSUER, NODE),
        Observation("ELM-EDC-eidas-minCount", ISSUER, LEGAL, component=MIN_COUNT),
        Observation("ELM-EDC-issued-minCount", ROOT, ISSUED, component=MIN_COUNT),
        Observation("ELM-EDC-eidas-minCount", PERSON, LEGAL, component=MIN_COUNT),
    )
    issued, _ = assembled(*observations)
    assert {each.severity for each in every(issued)} == {VIOLATION}
    draft, _ = assembled(*observations, stage=Stage.DRAFT)
    assert [(each.code, each.node, each.severity) for each in draft] == [
        ("ELM-EDC-eidas-minCount", PERSON, VIOLATION),
        ("ELM-EDC-issued-minCount", ROOT, INFO),
        ("ELM-EDC-eidas-minCount", ISSUER, INFO),
    ]
    assert [each.severity for each in draft[2].consequences] == [INFO]
    assert draft[1].message_en == "ELM-EDC-issued-minCount is broken. Sealing mends this: a draft may still lack it."
    assert draft[1].remedy_fr.startswith("Rien tant qu'il s'agit d'un projet")


def test_a_draft_whose_issuer_has_no_legal_identifier_is_left_to_the_sealing() -> None:
    refused = Observation("ELM-EDC-issuer-node", ROOT, ISSUER_OF, ISSUER, NODE)
    assert [each.severity for each in assembled(refused, stage=Stage.DRAFT)[0]] == [INFO]
    identified = [*triples(), (term(ISSUER), term(LEGAL), term("_:identifier"))]
    findings = assemble([refused], Source(), CredentialGraph(identified), Stage.DRAFT, 100).findings
    assert [each.severity for each in findings] == [VIOLATION]


def test_the_issuer_is_refused_because_a_key_of_it_is_misspelt() -> None:
    findings, _ = assembled(
        Observation("ELM-EDC-issuer-node", ROOT, ISSUER_OF, ISSUER, NODE),
        Observation(
            "ELM-READING-UNKNOWN-KEY",
            ISSUER,
            spot=Spot("/issuer/eIDASΙdentifier", 4, 2),
            parameters={"key": "eIDASΙdentifier", "nearest": "eIDASIdentifier"},
        ),
    )
    assert told(findings) == {"ELM-READING-UNKNOWN-KEY": ["ELM-EDC-issuer-node"]}


def test_an_object_that_is_not_a_lost_key_explains_nothing_within_it() -> None:
    findings, _ = assembled(
        Observation("ELM-READING-UNKNOWN-KEY", spot=Spot("/s", 1, 1), parameters={"key": "title", "nearest": ""}),
        lost_key("titel", "title", "/s/titel"),
    )
    assert [each.consequences for each in findings] == [(), ()]
