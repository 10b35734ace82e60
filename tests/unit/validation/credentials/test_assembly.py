"""From observations to findings: one fault is told once, nothing is lost, the gravest is never left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passerelle.namespaces import expand
from passerelle.records.finding import Severity
from passerelle.validation.credentials import assembly, rules
from passerelle.validation.credentials.assembly import MOST_SPOTS, assemble, every
from passerelle.validation.credentials.graph import CredentialGraph
from passerelle.validation.credentials.model import (
    BLANK,
    IRI,
    LITERAL,
    CredentialFinding,
    Layer,
    Observation,
    Spot,
    Stage,
    Term,
    Triple,
)
from passerelle.validation.credentials.rules import CredentialRule
from passerelle.validation.credentials.wording import shown

ROOT, PERSON, CLAIM, SPEC, ISSUER = "urn:credential:1", "urn:epass:person:1", "_:claim", "_:spec", "urn:epass:org:1"
TITLE, OUTCOME, EQF, FIELD = (
    expand(each) for each in ("dcterms:title", "elm:learningOutcome", "elm:EQFLevel", "elm:ISCEDFCode")
)
LEGAL, ISSUED, ISSUER_OF = expand("elm:eidasLegalIdentifier"), expand("cred:issued"), expand("cred:issuer")
SUBJECT, HAS_CLAIM, SPECIFIED_BY = expand("cred:credentialSubject"), expand("elm:hasClaim"), expand("elm:specifiedBy")
EQF_5 = "http://data.europa.eu/snb/eqf/5"
MIN_COUNT, NODE, CLASS = (f"sh:{each}ConstraintComponent" for each in ("MinCount", "Node", "Class"))
DATATYPE, NODE_KIND, HAS_VALUE = (f"sh:{each}ConstraintComponent" for each in ("Datatype", "NodeKind", "HasValue"))
VIOLATION, WARNING, INFO = Severity.VIOLATION, Severity.WARNING, Severity.INFO


def a_rule(code: str, layer: Layer, severity: Severity = VIOLATION, **more: object) -> CredentialRule:
    words = {
        "message_en": f"{code} is broken.",
        "message_fr": f"{code} est enfreinte.",
        "remedy_en": "Mend it.",
        "remedy_fr": "Corrigez.",
        "source_en": "A source",
        "source_fr": "Une source",
    }
    return CredentialRule(code, layer, severity, **{**words, **more})  # type: ignore[arg-type]


RULES = [
    a_rule("ELM-FILE-NOT-JSON", Layer.FILE),
    a_rule(
        "ELM-READING-UNKNOWN-KEY",
        Layer.READING,
        WARNING,
        message_en="`{key}` is not a term here: `{nearest}`?",
        message_fr="`{key}` n'est pas un terme ici : `{nearest}` ?",
    ),
    a_rule("ELM-FILE-CONTEXT-MISSING", Layer.FILE),
    a_rule("ELM-READING-MISSPELT-TYPE", Layer.READING),
    *(a_rule(f"ELM-READING-{each}", Layer.READING) for each in ("RELATIVE-IRI", "TEXTS-IN-ARRAY", "TYPE-MISSING")),
    *(a_rule(f"ELM-READING-{each}", Layer.READING) for each in ("KEY-OUT-OF-PLACE", "KEY-OF-VERSION-1", "NO-TRIPLES")),
    *(a_rule(f"ELM-READING-{each}", Layer.READING, WARNING) for each in ("SAME-ID", "CONTEXT-CLASH", "FREE-FLOATING")),
    a_rule("ELM-READING-NULL", Layer.READING, INFO),
    a_rule("ELM-READING-MISSPELT-KEY", Layer.READING),
    a_rule("ELM-EDC-title-maxCount", Layer.PROFILE),
    a_rule("ELM-FIELDS-CYCLE", Layer.FIELDS),
    a_rule("ELM-EDC-title-minCount", Layer.PROFILE),
    a_rule("ELM-EDC-title-datatype", Layer.PROFILE),
    a_rule("ELM-EDC-outcome-minCount", Layer.PROFILE),
    a_rule("ELM-EDC-field-minCount", Layer.PROFILE),
    a_rule("ELM-EDC-spec-node", Layer.PROFILE),
    a_rule("ELM-EDC-spec-class", Layer.PROFILE),
    a_rule("ELM-EDC-claim-class", Layer.PROFILE),
    a_rule("ELM-EDC-issuer-node", Layer.PROFILE),
    a_rule("ELM-EDC-eidas-minCount", Layer.PROFILE),
    a_rule("ELM-EDC-issued-minCount", Layer.PROFILE),
    a_rule("ELM-EDC-EQFLevel-node", Layer.PROFILE),
    a_rule("ELM-EDC-EQFLevel-nodeKind", Layer.PROFILE),
    a_rule("ELM-EDC-scheme-hasValue", Layer.PROFILE),
    a_rule("ELM-REPAIRED-SCHEME", Layer.REPAIRED, sets_aside=frozenset({"ELM-EDC-scheme-hasValue"})),
    a_rule("ELM-VOCABULARY-EQF", Layer.VOCABULARIES),
    a_rule("ELM-FIELDS-TITLE-LANGUAGE", Layer.FIELDS, WARNING, path=TITLE),
    a_rule("ELM-FIELDS-TEXT", Layer.FIELDS, WARNING, message_en="It says “{value}”.", message_fr="Il dit « {value} »."),
    a_rule("ELM-FIELDS-NOTE", Layer.FIELDS, INFO),
    a_rule("ELM-MICRO-LEARNING-OUTCOMES", Layer.MICRO_CREDENTIAL, WARNING, path=OUTCOME),
    a_rule("ELM-SHAPES-RESULT", Layer.SHAPES),
]

_DATA: list[tuple[str, str, str]] = [
    (ROOT, "rdf:type", expand("elm:EuropeanDigitalCredential")),
    (ROOT, "cred:issuer", ISSUER),
    (ROOT, "cred:credentialSubject", PERSON),
    (PERSON, "elm:hasClaim", "_:other"),
    (PERSON, "elm:hasClaim", CLAIM),
    (CLAIM, "elm:specifiedBy", SPEC),
    (ISSUER, "rdf:type", expand("org:Organization")),
]


def term(name: str) -> Term:
    return Term(BLANK, name[2:]) if name.startswith("_:") else Term(IRI, name)


def triples() -> list[Triple]:
    return [(term(subject), term(expand(predicate)), term(value)) for subject, predicate, value in _DATA]


class Source:
    """Nodes stand at these pointers; lines count the characters of the pointer, so that deeper is later."""

    POINTERS: ClassVar = {ROOT: "", PERSON: "/s", CLAIM: "/s/claim", SPEC: "/s/claim/spec", ISSUER: "/issuer"}

    def spot(self, node: str, path: str = "", value: str = "") -> Spot:
        pointer = self.POINTERS.get(node)
        return Spot() if pointer is None else self.at(pointer)

    def at(self, pointer: str) -> Spot:
        return Spot(pointer, len(pointer) + 1, 1)


@pytest.fixture(autouse=True)
def small_catalogue(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    order = list(Layer)
    found = {each.code: each for each in sorted(RULES, key=lambda each: (order.index(each.layer), each.code))}
    monkeypatch.setattr(rules, "catalogue", lambda: found)
    assembly._repairs.cache_clear()
    yield
    assembly._repairs.cache_clear()


def assembled(
    *observations: Observation, stage: Stage = Stage.ISSUED, limit: int = 100, repaired: bool = True
) -> tuple[tuple[CredentialFinding, ...], int]:
    found = assemble(observations, Source(), CredentialGraph(triples()), stage, limit, repaired=repaired)
    return found.findings, sum(found.left_out)


def told(findings: tuple[CredentialFinding, ...]) -> dict[str, list[str]]:
    """Codes of the causes, each with the codes of what follows."""
    return {each.code: [consequence.code for consequence in each.consequences] for each in findings}


def lost_key(key: str, nearest: str, pointer: str, **parameters: str) -> Observation:
    return Observation(
        "ELM-READING-UNKNOWN-KEY", spot=Spot(pointer, 3, 5), parameters={"key": key, "nearest": nearest, **parameters}
    )


def test_a_finding_has_its_rule_place_and_words() -> None:
    (finding,), omitted = assembled(Observation("ELM-EDC-title-minCount", SPEC, TITLE, component=MIN_COUNT))
    assert omitted == 0
    assert finding.severity is VIOLATION
    assert finding.layer is Layer.PROFILE
    assert finding.message_en == "ELM-EDC-title-minCount is broken."
    assert finding.spots == (Spot("/s/claim/spec", 14, 1),)
    assert finding.path_en.split(" › ") == [
        "European digital credential",
        "owner",
        "claim (2)",
        "specification",
        "title",
    ]
    assert finding.path_fr.startswith("justificatif numérique européen › titulaire › affirmation (2) › ")


def test_a_file_as_a_whole_has_no_place() -> None:
    (finding,), _ = assembled(Observation("ELM-FILE-NOT-JSON"))
    assert (finding.spots, finding.path_en, finding.node) == ((), "", "")


def test_an_unknown_code_is_a_defect() -> None:
    with pytest.raises(KeyError):
        assembled(Observation("ELM-FILE-WHO-KNOWS"))


def test_a_value_is_never_read_as_a_template_nor_shown_in_full() -> None:
    (finding,), _ = assembled(Observation("ELM-FIELDS-TEXT", ROOT, value="{node} " + "word " * 100))
    assert finding.message_en.startswith("It says “{node} word word")
    assert len(finding.value) <= 120
    assert finding.value.endswith("…")


@pytest.mark.parametrize(
    "value",
    [
        "data:image/png;base64," + "iVBORw0KGgo" * 1000,
        "iVBORw0KGgoAAAANSUhEUgAA" * 1000,
        "\n".join(["iVBORw0KGgoAAAANSUhEUgAAiVBORw0KGgoAAAANSUhEUgAAiVBORw0KGgoAAAANSUhEUgAA"] * 50),
    ],
)
def test_pictures_are_left_out(value: str) -> None:
    assert len(shown(value)) < 40
    assert shown(value).endswith("…")


@pytest.mark.parametrize("value", ["\x1b[31mred\x1b[0m", "a\x00b", "\u202eabc", "\ud800"])
def test_what_would_steer_a_terminal_is_replaced(value: str) -> None:
    assert shown(value).isprintable()
    assert "\N{REPLACEMENT CHARACTER}" in shown(value)


def test_a_long_iri_and_a_french_space_stay() -> None:
    iri = "http://data.europa.eu/esco/skill/" + "a" * 80
    assert shown(iri) == iri
    assert shown("Diplôme :\N{NO-BREAK SPACE}« oui »") == "Diplôme :\N{NO-BREAK SPACE}« oui »"


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
