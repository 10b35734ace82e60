"""The JSON document of what stands around a unit. `data/schemas/unit-sets.schema.json` is its schema."""

from __future__ import annotations

from passerelle.comparability.coverage import METHOD
from passerelle.comparability.neighbours import Basis, Surrounding, Surroundings
from passerelle.comparability.path_documents import framed, set_coverage
from passerelle.comparability.unit_documents import unit_summary
from passerelle.comparability.words import Json, Words


def surroundings_document(found: Surroundings, words: Words) -> Json:
    """Units one level up in the same occupation, and at the same level elsewhere."""
    return {
        **framed(words, METHOD),
        "unit": unit_summary(found.unit, words),
        "level": found.level,
        "up": [_row(each, words) for each in found.up],
        "upInAll": found.up_in_all,
        "elsewhere": [_row(each, words) for each in found.elsewhere],
        "elsewhereInAll": found.elsewhere_in_all,
    }


def _row(each: Surrounding, words: Words) -> Json:
    return {
        "unit": unit_summary(each.unit, words),
        "bases": [_basis(basis, words) for basis in each.bases],
        "forward": set_coverage(each.forward),
        "reverse": set_coverage(each.reverse),
    }


def _basis(basis: Basis, words: Words) -> Json:
    return {
        "basis": words.rule("neighbour-bases.tsv", basis.name),
        "shared": words.thing(basis.shared) if basis.shared else None,
    }
