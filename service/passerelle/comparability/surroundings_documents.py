"""The JSON document of what stands around a unit. `data/schemas/unit-sets.schema.json` is its schema."""

from __future__ import annotations

from passerelle.comparability.coverage import METHOD
from passerelle.comparability.neighbour_bases import Basis
from passerelle.comparability.neighbours import Surrounding, Surroundings
from passerelle.comparability.path_documents import framed, set_coverage
from passerelle.comparability.stated_context import CountryContext
from passerelle.comparability.unit_documents import unit_summary
from passerelle.comparability.words import Json, Words


def surroundings_document(found: Surroundings, words: Words) -> Json:
    """Units one level up in the same occupation, beside it in the same country, and in other countries."""
    return {
        **framed(words, METHOD),
        "unit": unit_summary(found.unit, words),
        "level": found.level,
        "occupations": [words.thing(each) for each in found.occupations],
        "fields": [words.thing(each) for each in found.fields],
        "up": [_row(each, words) for each in found.up.rows],
        "upInAll": found.up.in_all,
        "beside": [_row(each, words) for each in found.beside.rows],
        "besideInAll": found.beside.in_all,
        "elsewhere": [_row(each, words) for each in found.elsewhere.rows],
        "elsewhereInAll": found.elsewhere.in_all,
        "contexts": [_context(each, words) for each in found.contexts],
    }


def _row(each: Surrounding, words: Words) -> Json:
    return {
        "unit": unit_summary(each.unit, words),
        "bases": [_basis(basis, words) for basis in each.bases],
        "forward": set_coverage(each.forward),
        "reverse": set_coverage(each.reverse),
    }


def _context(each: CountryContext, words: Words) -> Json:
    return {
        "country": words.country(each.country),
        "units": each.units,
        "withLevel": each.with_level,
        "withOccupation": each.with_occupation,
        "withField": each.with_field,
        "linked": each.linked,
    }


def _basis(basis: Basis, words: Words) -> Json:
    return {
        "basis": words.rule("neighbour-bases.tsv", basis.name),
        "shared": words.thing(basis.shared) if basis.shared else None,
    }
