"""Credentials with planted faults: the same ones on every run."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence

from passerelle.namespaces import expand
from passerelle.validation.credentials.model import BLANK, IRI, LITERAL, Term, Triple

_TYPE = expand("rdf:type")
_DATATYPES = [
    expand(f"xsd:{name}")
    for name in ("date", "dateTime", "integer", "decimal", "boolean", "anyURI", "duration", "positiveInteger")
] + [expand("rdf:HTML"), "https://example.org/datatype"]
_LANGUAGES = ("fr", "en", "EN", "pt-BR", "de")
_CLASSES = [
    expand(f"elm:{name}")
    for name in [
        "Person",
        "Organisation",
        "Agent",
        "Identifier",
        "LegalIdentifier",
        "LearningAchievement",
        "LearningActivity",
        "Qualification",
        "Claim",
        "LearningAchievementSpecification",
        "Note",
        "WebResource",
        "MediaObject",
        "Evidence",
        "Accreditation",
        "Amount",
        "Address",
    ]
] + [expand("skos:Concept"), expand("skos:ConceptScheme"), expand("dcterms:Location")]

Change = Callable[[random.Random, list[Triple], int], list[Triple]]


def mutations(samples: Sequence[Sequence[Triple]], count: int, seed: int) -> Iterator[tuple[str, list[Triple]]]:
    """`count` credentials in turn from these samples, each with one to three changes, and the names of these."""
    chance = random.Random(seed)
    changes = list(_CHANGES)
    for number in range(count):
        triples = list(samples[number % len(samples)])
        names = []
        for turn in range(chance.choice((1, 1, 2, 3))):
            # the first in turn, so that each kind comes up
            change = changes[number % len(changes)] if turn == 0 else chance.choice(changes)
            names.append(change.__name__)
            triples = change(chance, triples, chance.randrange(len(triples)))
        yield f"{number}: {', '.join(names)}", list(dict.fromkeys(triples))


def drop(_: random.Random, triples: list[Triple], at: int) -> list[Triple]:
    return triples[:at] + triples[at + 1 :]


def drop_type(chance: random.Random, triples: list[Triple], _: int) -> list[Triple]:
    return drop(chance, triples, _one(chance, triples, lambda each: each[1].value == _TYPE))


def other_class(chance: random.Random, triples: list[Triple], _: int) -> list[Triple]:
    at = _one(chance, triples, lambda each: each[1].value == _TYPE)
    return _with_value(triples, at, Term(IRI, chance.choice(_CLASSES)))


def second_class(chance: random.Random, triples: list[Triple], _: int) -> list[Triple]:
    at = _one(chance, triples, lambda each: each[1].value == _TYPE)
    return [*triples, (triples[at][0], triples[at][1], Term(IRI, chance.choice(_CLASSES)))]


def other_datatype(chance: random.Random, triples: list[Triple], _: int) -> list[Triple]:
    at = _one(chance, triples, _is_literal)
    return _with_value(triples, at, Term(LITERAL, triples[at][2].value, chance.choice(_DATATYPES)))


def no_datatype(chance: random.Random, triples: list[Triple], _: int) -> list[Triple]:
    at = _one(chance, triples, _is_literal)
    return _with_value(triples, at, Term(LITERAL, triples[at][2].value))


def other_text(chance: random.Random, triples: list[Triple], _: int) -> list[Triple]:
    at = _one(chance, triples, _is_literal)
    text = chance.choice(("", "x", "101", "-1", "2024-02-31T00:00:00Z", "P", "ftp://example.org", "01"))
    return _with_value(triples, at, triples[at][2]._replace(value=text))


def other_language(chance: random.Random, triples: list[Triple], _: int) -> list[Triple]:
    at = _one(chance, triples, _is_literal)
    return _with_value(triples, at, Term(LITERAL, triples[at][2].value, None, chance.choice(_LANGUAGES)))


def second_text(chance: random.Random, triples: list[Triple], _: int) -> list[Triple]:
    subject, predicate, value = triples[_one(chance, triples, _is_literal)]
    return [*triples, (subject, predicate, value._replace(value=value.value + "?"))]


def second_value(chance: random.Random, triples: list[Triple], at: int) -> list[Triple]:
    subject, predicate, _ = triples[at]
    return [*triples, (subject, predicate, chance.choice(triples)[2])]


def other_node(chance: random.Random, triples: list[Triple], _: int) -> list[Triple]:
    at = _one(chance, triples, _is_node)
    node = chance.choice((Term(IRI, "https://example.org/nowhere"), Term(BLANK, "nowhere"), chance.choice(triples)[0]))
    return _with_value(triples, at, node)


def literal_for_node(chance: random.Random, triples: list[Triple], _: int) -> list[Triple]:
    at = _one(chance, triples, _is_node)
    return _with_value(triples, at, Term(LITERAL, triples[at][2].value))


def node_for_literal(chance: random.Random, triples: list[Triple], _: int) -> list[Triple]:
    at = _one(chance, triples, _is_literal)
    return _with_value(triples, at, Term(IRI, "https://example.org/was-text"))


def other_property(chance: random.Random, triples: list[Triple], at: int) -> list[Triple]:
    subject, _, value = triples[at]
    return [*triples[:at], (subject, chance.choice(triples)[1], value), *triples[at + 1 :]]


def unknown_property(_: random.Random, triples: list[Triple], at: int) -> list[Triple]:
    return [*triples, (triples[at][0], Term(IRI, "https://example.org/property"), Term(LITERAL, "x"))]


def blank_subject(_: random.Random, triples: list[Triple], at: int) -> list[Triple]:
    old, new = triples[at][0], Term(BLANK, "was-named")
    return [(new if s == old else s, p, new if o == old else o) for s, p, o in triples]


def merged_nodes(chance: random.Random, triples: list[Triple], at: int) -> list[Triple]:
    old, new = triples[at][0], chance.choice(triples)[0]
    return [(new if s == old else s, p, new if o == old else o) for s, p, o in triples]


def subclass_within(chance: random.Random, triples: list[Triple], _: int) -> list[Triple]:
    used = [each[2] for each in triples if each[1].value == _TYPE]
    axiom = (chance.choice(used), Term(IRI, expand("rdfs:subClassOf")), Term(IRI, chance.choice(_CLASSES)))
    return [*triples, axiom]


_CHANGES: tuple[Change, ...] = (
    drop, drop_type, other_class, second_class, other_datatype, no_datatype, other_text, other_language, second_text,
    second_value, other_node, literal_for_node, node_for_literal, other_property, unknown_property, blank_subject,
    merged_nodes, subclass_within,
)  # fmt: skip


def _one(chance: random.Random, triples: Sequence[Triple], wanted: Callable[[Triple], bool]) -> int:
    return chance.choice([at for at, each in enumerate(triples) if wanted(each)] or [0])


def _is_literal(triple: Triple) -> bool:
    return triple[2].kind == LITERAL


def _is_node(triple: Triple) -> bool:
    return triple[2].kind != LITERAL and triple[1].value != _TYPE


def _with_value(triples: list[Triple], at: int, value: Term) -> list[Triple]:
    subject, predicate, _ = triples[at]
    return [*triples[:at], (subject, predicate, value), *triples[at + 1 :]]
