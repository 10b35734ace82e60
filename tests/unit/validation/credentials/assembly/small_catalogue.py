"""A catalogue of a dozen rules and a credential of five nodes, to assemble observations of."""

from __future__ import annotations

from typing import ClassVar

from passerelle.namespaces import expand
from passerelle.records.finding import Severity
from passerelle.validation.credentials.assembly import assemble
from passerelle.validation.credentials.graph import CredentialGraph
from passerelle.validation.credentials.model import (
    BLANK,
    IRI,
    CredentialFinding,
    Layer,
    Observation,
    Spot,
    Stage,
    Term,
    Triple,
)
from passerelle.validation.credentials.rules import CredentialRule

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
