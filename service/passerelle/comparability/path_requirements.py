"""What a target asks for beside learning outcomes, as far as sources state it: `mappings/path-requirements.tsv`.

Nothing is inferred: what no source states is "not stated", which is no leave to do without.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from passerelle.graph.certification import ReferencedCertification
from passerelle.namespaces import VOCABULARY
from passerelle.records.compared_unit import ComparedUnit
from passerelle.records.mapping_table import rows
from passerelle.records.path import Requirement

_PRIOR_LEARNING = f"{VOCABULARY}access-route/recognition-of-prior-learning"
_STATUS = f"{VOCABULARY}registration-status/"
_ANY = "any"
_BLOC, _SPECIFIC = "bloc", "specific-certification"
_OPEN = "true"


def requirements(
    target: ComparedUnit, parts: Sequence[ComparedUnit], units: Sequence[ComparedUnit], day: str = ""
) -> tuple[Requirement, ...]:
    """What `target` asks for of a holder of `units`, in the order of the table.

    `target` with its facts; `parts` are its parts. `day` (ISO 8601) is that of the registration's status; where it is
    empty, the source's own.
    """
    found = []
    for row in rows("path-requirements.tsv"):
        if row["kinds"] != _ANY and target.kind not in row["kinds"].split():
            continue
        facts = tuple(fact for fact in target.facts if fact.name in row["facts"].split())
        stated = Requirement(row["requirement"], "stated" if facts else "not-stated", facts)
        rule = _RULES.get(row["requirement"])
        made = stated if rule is None else rule(stated, target, parts, units, day)
        if made is not None:
            found.append(made)
    return tuple(found)


_Rule = Callable[
    [Requirement, ComparedUnit, Sequence[ComparedUnit], Sequence[ComparedUnit], str],
    Requirement | None,
]


def _decision(
    stated: Requirement,
    _target: ComparedUnit,
    _parts: Sequence[ComparedUnit],
    _units: Sequence[ComparedUnit],
    _day: str,
) -> Requirement:
    return replace(stated, state="required")


def _blocs(
    stated: Requirement, _target: ComparedUnit, parts: Sequence[ComparedUnit], _units: Sequence[ComparedUnit], _day: str
) -> Requirement | None:
    blocs = tuple(part.iri for part in parts if part.kind == _BLOC)
    return replace(stated, state="required", units=blocs) if blocs else None


def _jury(
    stated: Requirement,
    _target: ComparedUnit,
    _parts: Sequence[ComparedUnit],
    _units: Sequence[ComparedUnit],
    _day: str,
) -> Requirement:
    # a route that the source calls closed is no jury to go before
    opened = tuple(fact for fact in stated.facts if fact.qualifier == _OPEN)
    return replace(stated, state="required" if opened else "closed" if stated.facts else "not-stated", facts=opened)


def _prior_learning(
    stated: Requirement, target: ComparedUnit, _parts: Sequence[ComparedUnit], _units: Sequence[ComparedUnit], _day: str
) -> Requirement:
    facts = tuple(fact for fact in stated.facts if fact.value == _PRIOR_LEARNING)
    if target.kind == _SPECIFIC:
        # whatever its jury says: the law opens the route to the RNCP alone
        return replace(stated, state="closed", facts=facts)
    if not facts:
        return replace(stated, state="not-stated", facts=())
    return replace(stated, state="open" if any(fact.qualifier == _OPEN for fact in facts) else "closed", facts=facts)


def _level(
    stated: Requirement, target: ComparedUnit, _parts: Sequence[ComparedUnit], units: Sequence[ComparedUnit], _day: str
) -> Requirement:
    if target.level is None:
        return replace(stated, state="not-stated")
    below = tuple(unit.iri for unit in units if unit.level is None or unit.level < target.level)
    return replace(stated, state="lower" if below else "none-lower", units=below)


def _registration(
    stated: Requirement, target: ComparedUnit, _parts: Sequence[ComparedUnit], _units: Sequence[ComparedUnit], day: str
) -> Requirement:
    status = next((fact for fact in stated.facts if fact.name == "registration-status"), None)
    if status is None:
        return stated
    dates = tuple(fact for fact in stated.facts if fact is not status)
    if not day or day == status.qualifier:
        return replace(stated, facts=dates, value=status.value, day=status.qualifier)

    def on(name: str) -> str:
        return min((fact.value for fact in stated.facts if fact.name == name), default="")

    described = ReferencedCertification(
        iri=target.iri,
        number="",
        catalogue="rncp",
        source=status.source,
        edition=status.qualifier,
        decision=on("registration-decision"),
        effect=on("registration-effect"),
        end=on("registration-end"),
        award_deadline=on("award-deadline"),
    )
    return replace(stated, facts=dates, value=f"{_STATUS}{described.status_on(day).value}", day=day)


_RULES: dict[str, _Rule] = {
    "decision": _decision,
    "validation-of-blocs": _blocs,
    "jury": _jury,
    "prior-learning": _prior_learning,
    "level": _level,
    "registration": _registration,
}
"""Rows that need more than whether their facts are stated."""
