"""Reads the judged links between outcomes and ESCO skills (`data/judgements`): what two passes said, and what holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import sssom_pydantic
from sssom_pydantic import SemanticMapping

from passerelle.namespaces import ESCO_SKILL
from passerelle.resources import folder

JUDGEMENTS_FILE = "judgements/outcome-skill-judgements.sssom.tsv"
"""Below folder `data`: SSSOM TSV, one judged pair a row."""

Relation = Literal["exact", "close", "broad", "narrow", "related", "none"]
"""How a skill stands to an outcome; `broad`: the skill is the broader one. Source: data/judgements/README.md."""

RELATIONS: tuple[Relation, ...] = get_args(Relation)

CORRECT: frozenset[Relation] = frozenset(("exact", "close", "broad", "narrow"))
"""What counts as a correct link wherever quality or calibration is measured on judgements."""

NO_TERM = "sssom:NoTermFound"
"""The object of a row that says: neither pass, nor the third reading, found a correct skill in ESCO."""

RELATION_OF_PREDICATE: dict[str, Relation] = {
    "skos:exactMatch": "exact",
    "skos:closeMatch": "close",
    "skos:broadMatch": "broad",
    "skos:narrowMatch": "narrow",
    "skos:relatedMatch": "related",
    "skos:mappingRelation": "none",
}
"""The predicate of a row (CURIE) and the relation; `skos:mappingRelation` stands with the modifier `Not` only."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """One judged pair.

    `first` and `second` are what the two passes said (`None`: that pass did not judge the pair, because the other one
    added the skill); `relation` is what holds, `adjudicated` whether a third reading decided it, `pooled` whether the
    pair was put before both passes; the others were added by a judge. `round` numbers the occasions of judging:
    data/judgements/README.md says who judged in each.
    """

    skill: str
    relation: Relation
    first: Relation | None
    second: Relation | None
    adjudicated: bool
    pooled: bool = True
    round: int = 1

    @property
    def correct(self) -> bool:
        """Whether the link is a correct one (see `CORRECT`)."""
        return self.relation in CORRECT


@dataclass(frozen=True, slots=True)
class JudgedOutcome:
    """An outcome by its hash (`records.text.outcome_hash`) and the judgements on it, sorted by skill IRI.

    `origin` is `rncp`, `rs`, `titre-2003-2015` or a country; `level` is the EQF level and `sector` the NSF code of the
    unit, each empty where its source states none.
    """

    hash: str
    language: str
    unit_kind: str
    origin: str
    level: str
    sector: str
    judgements: tuple[Judgement, ...]

    @property
    def correct(self) -> frozenset[str]:
        """The skills (IRIs) judged correct; empty means "no match"."""
        return frozenset(each.skill for each in self.judgements if each.correct)

    def relation(self, skill: str) -> Relation | None:
        """What holds between the outcome and a skill (IRI); None where the pair was not judged."""
        return next((each.relation for each in self.judgements if each.skill == skill), None)


def read_judgements(path: Path | None = None) -> dict[str, JudgedOutcome]:
    """The judged outcomes by hash, in the file's order; the project's own set unless another `path` is given.

    Raises OSError where there is no such file, and ValueError for a row that is no judgement.
    """
    pack = sssom_pydantic.read(path or folder("data") / JUDGEMENTS_FILE, return_errors=False)
    found: dict[str, list[SemanticMapping]] = {}
    for mapping in pack.mappings:
        found.setdefault(mapping.subject.identifier, []).append(mapping)
    return {key: _outcome(key, mappings) for key, mappings in found.items()}


def _outcome(key: str, mappings: Iterable[SemanticMapping]) -> JudgedOutcome:
    mappings = list(mappings)
    first = _slots(mappings[0])
    judgements = [_judgement(each) for each in mappings if each.object.curie != NO_TERM]
    return JudgedOutcome(
        key,
        first["outcome_language"],
        first["unit_kind"],
        first["outcome_origin"],
        first.get("eqf_level", ""),
        first.get("nsf_code", ""),
        tuple(sorted(judgements, key=lambda each: each.skill)),
    )


def _judgement(mapping: SemanticMapping) -> Judgement:
    slots = _slots(mapping)
    relation = RELATION_OF_PREDICATE.get(mapping.predicate.curie)
    if relation is None or (mapping.predicate_modifier == "Not") != (relation == "none"):
        raise ValueError(f"no judgement: {mapping.subject.curie} {mapping.predicate.curie} {mapping.object.curie}")
    return Judgement(
        ESCO_SKILL + mapping.object.identifier.removeprefix("skill/"),
        relation,
        _pass(slots.get("first_pass")),
        _pass(slots.get("second_pass")),
        slots.get("adjudicated") == "true",
        slots.get("pooled") == "true",
        int(slots.get("judging_round", "1")),
    )


def _pass(value: str | None) -> Relation | None:
    if value is not None and value not in RELATIONS:
        raise ValueError(f"no relation: {value}")
    return value


def _slots(mapping: SemanticMapping) -> dict[str, str]:
    return {name: str(slot.value) for name, slot in (mapping.extensions or {}).items()}
