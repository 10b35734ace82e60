"""An empty unit table to start from, and its CSV on the Web metadata; both follow `mappings/unit-table.fields.tsv`."""

from __future__ import annotations

import csv
import io
import json

from passerelle.records.unit_tables import Column, unit_table_columns


def unit_template() -> str:
    """A unit table as text: the header, and one example row to be replaced."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.name for column in unit_table_columns()])
    writer.writerow([column.example for column in unit_table_columns()])
    return text.getvalue()


def unit_table_metadata() -> str:
    """`mappings/unit-table.csvw.json`: the table's schema in the W3C's metadata vocabulary for tabular data."""
    document = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "@type": "TableSchema",
        "@id": "https://w3id.org/passerelle/mappings/unit-table.csvw.json",
        "columns": [_column(column) for column in unit_table_columns()],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _column(column: Column) -> dict[str, object]:
    described: dict[str, object] = {
        "name": column.name,
        "titles": column.name,
        "datatype": _datatype(column),
        "required": column.required,
        "dcterms:description": [
            {"@value": column.meaning_en, "@language": "en"},
            {"@value": column.meaning_fr, "@language": "fr"},
        ],
    }
    if column.name in ("isced_f", "esco_skills"):
        described["separator"] = " "
    return described


def _datatype(column: Column) -> object:
    if column.name == "eqf_level":
        return {"base": "integer", "minimum": 1, "maximum": 8}
    if column.datatype == "decimal":
        return {"base": "decimal", "minExclusive": 0}
    return column.datatype
