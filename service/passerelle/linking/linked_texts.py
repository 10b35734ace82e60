"""Texts with the skills that people linked them to: what the ranking is taught by, and measured on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from passerelle.graph.links import MATCH_RELATIONS


@dataclass(frozen=True, slots=True)
class LinkedText:
    """A query: its identifier, its text, and the relation (CURIE) to each skill (IRI) that it is linked to."""

    identifier: str
    text: str
    skills: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Retired:
    """Linked skills (IRIs) that the loaded ESCO lacks: how many, in how many pairs, and queries with no other skill."""

    skills: int
    pairs: int
    queries: int


def linked_texts(pairs: Iterable[tuple[str, str, str, str]], known: frozenset[str]) -> tuple[list[LinkedText], Retired]:
    """The queries of pairs (query, text, skill, relation), in their first order, with their skills in `known`.

    A query is an identifier with a text. Of two relations to one skill the stronger counts.
    """
    queries: dict[tuple[str, str], dict[str, str]] = {}
    retired: set[str] = set()
    lost = 0
    for identifier, text, skill, relation in pairs:
        skills = queries.setdefault((identifier, text), {})
        if skill not in known:
            retired.add(skill)
            lost += 1
        else:
            skills[skill] = min(skills.get(skill, relation), relation, key=MATCH_RELATIONS.index)
    found = [LinkedText(identifier, text, skills) for (identifier, text), skills in queries.items() if skills]
    return found, Retired(len(retired), lost, len(queries) - len(found))
