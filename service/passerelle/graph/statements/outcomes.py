"""What a learning outcome says in the graph, whichever source words it."""

from __future__ import annotations

import re

import pyoxigraph as ox

from passerelle.graph.statements.writer import GraphWriter
from passerelle.records.text import Outcome, normalised

_SPACE = re.compile(r"\s+")
_LONGEST_NUMBERING = 40


def write_outcome(writer: GraphWriter, unit: ox.NamedNode, outcome: Outcome) -> None:
    """State one outcome of `unit`; a skill that the issuer declares becomes a direct `elm:relatedESCOSkill`."""
    text_hash = outcome.hash
    node = ox.NamedNode(outcome.iri or writer.minting.outcome(unit.value, text_hash))
    writer.add(unit, "psl:hasOutcome", node)
    writer.a(node, "psl:LearningOutcome")
    writer.text(node, "dcterms:title", without_bullet(outcome.text), outcome.language)
    writer.add(node, "psl:outcomeHash", ox.Literal(text_hash))
    if outcome.number:
        writer.add(node, "psl:sourceNumber", ox.Literal(outcome.number))
    writer.add(node, "elm:relatedESCOSkill", *(ox.NamedNode(skill) for skill in outcome.skills))


def without_bullet(text: str) -> str:
    """The text on one line, without bullet or number; otherwise in the source's own characters.

    >>> without_bullet("• C1.2 : Souder   un câble de 4 mm²")
    'Souder un câble de 4 mm²'
    """
    folded = _SPACE.sub(" ", text).strip()
    identity = normalised(text)
    if folded.endswith(identity):
        return identity
    # the shortest rest that still has the outcome's identity; bullets and numbers are short
    for start in range(min(len(folded) - 1, _LONGEST_NUMBERING), 0, -1):
        if normalised(folded[start:]) == identity:
            return folded[start:]
    return folded
