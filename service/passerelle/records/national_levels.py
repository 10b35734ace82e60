"""Names of national qualifications frameworks and of their levels, which issuers cite by an IRI alone.

They come from the list of the European Learning Model (`data/vocabularies/authority/qdr.tsv`), which is in English.
"""

from __future__ import annotations

from functools import cache

from passerelle.records.text import LanguageText
from passerelle.resources import folder, rows

LIST = "http://data.europa.eu/snb/qdr/"


def national_level_name(iri: str) -> LanguageText | None:
    """What the list calls a framework or a level; None for what is not in it.

    >>> national_level_name("http://data.europa.eu/snb/qdr/c_334b891b")
    LanguageText(text='IT NQF Level 5', language='en')
    """
    if not iri.startswith(LIST):
        return None
    name = _names().get(iri.removeprefix(LIST))
    return LanguageText(name, "en") if name else None


@cache
def _names() -> dict[str, str]:
    table = folder("data") / "vocabularies" / "authority" / "qdr.tsv"
    return {row["code"]: row["label_en"] for row in rows(table)}
