"""The tables under `mappings/` that units rest on: countries, kinds, credit frameworks, columns of the unit table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from passerelle.records.mapping_table import rows


@dataclass(frozen=True, slots=True)
class Country:
    """`alpha2` is the ISO 3166-1 code (the EU's own EL and UK lead to GR and GB), `iri` the EU authority's."""

    alpha2: str
    iri: str
    label_en: str
    label_fr: str


@dataclass(frozen=True, slots=True)
class UnitKind:
    """`classes` are CURIEs, none where the kind has no class of its own; `taken`: a unit table may say it.

    `step`: units of this kind are proposed on the way to another unit, unless others are asked for.
    """

    name: str
    classes: tuple[str, ...]
    taken: bool
    step: bool


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the unit table, as `mappings/unit-table.fields.tsv` documents it."""

    name: str
    required: bool
    datatype: str
    meaning_en: str
    meaning_fr: str
    target: str
    example: str


@cache
def countries() -> dict[str, Country]:
    """Countries by alpha-2 code, aliases included."""
    return {
        row["alpha2"]: Country(row["same_as"] or row["alpha2"], row["iri"], row["label_en"], row["label_fr"])
        for row in rows("countries.tsv")
    }


@cache
def unit_kinds() -> dict[str, UnitKind]:
    """All concepts of the unit-kind vocabulary by name."""
    return {
        row["kind"]: UnitKind(
            row["kind"], tuple(filter(None, [row["class"]])), row["unit_table"] == "yes", row["step"] == "yes"
        )
        for row in rows("unit-kinds.tsv")
    }


@cache
def step_kinds() -> tuple[str, ...]:
    """The kinds of units that are steps on the way to another unit."""
    return tuple(name for name, kind in unit_kinds().items() if kind.step)


@cache
def credit_frameworks() -> dict[str, str]:
    """IRIs of the credit frameworks that ELM knows, by name in capitals."""
    return {row["name"]: row["iri"] for row in rows("credit-frameworks.tsv")}


@cache
def unit_table_columns() -> tuple[Column, ...]:
    """The columns of the unit table in their documented order."""
    return tuple(
        Column(
            row["column"],
            row["required"] == "yes",
            row["type"],
            row["meaning_en"],
            row["meaning_fr"],
            row["target"],
            row["example"] or "",
        )
        for row in rows("unit-table.fields.tsv")
    )
