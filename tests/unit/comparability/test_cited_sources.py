"""What the rules cite: each has a source, and what nobody could confirm says so."""

from __future__ import annotations

import pytest

from passerelle.records.mapping_table import rows

OURS = (
    "design",
    "document de conception",
    "assumption",
    "hypothèse",
    "the rules of",
    "les règles de",
    "RNCP",
    "RS,",
    "ELM",
    "ESCO",
)
"""How what is no citation of law or of a manual begins: the project's own, and fields of formats."""
WITH_SOURCES = ("element-rules.tsv", "finding-rules.tsv", "kind-matrix.tsv", "purposes.tsv")


@pytest.mark.parametrize("table", WITH_SOURCES)
def test_each_rule_has_a_source(table: str) -> None:
    assert [row for row in rows(table) if not (row["source_en"] and row["source_fr"])] == []


def test_what_rules_cite_is_listed_and_marked_where_nobody_could_confirm_it() -> None:
    cited = {language: {row[f"citation_{language}"]: row["checked"] for row in rows("cited-sources.tsv")}
             for language in ("en", "fr")}  # fmt: skip
    assert set(cited["en"].values()) == {"yes", "no"}
    seen: dict[str, set[str]] = {"en": set(), "fr": set()}
    tables = {**dict.fromkeys(WITH_SOURCES, "source"), "path-requirements.tsv": "basis"}
    for table, column in tables.items():
        for row in rows(table):
            for language, mark, between in (("en", " (to be checked)", "; "), ("fr", " (à vérifier)", " ; ")):
                for part in row[f"{column}_{language}"].split(between):
                    citation = part.removesuffix(mark)
                    if not citation.startswith(OURS):
                        assert cited[language][citation] == ("no" if part.endswith(mark) else "yes"), (table, part)
                        seen[language].add(citation)
    # nothing is listed that no rule cites
    assert seen == {language: set(found) for language, found in cited.items()}
