"""What a demonstration says of the sources that were invented for it."""

from __future__ import annotations

from dataclasses import replace

from passerelle.messages import message
from passerelle.records.provenance import Licence, Provenance
from passerelle.sources.source import Source

INVENTED = frozenset({"rncp", "rs", "france-competences-csv", "qualifications", "units", "rdf", "reviews"})
"""Kinds of sources that a demonstration makes up; ESCO and ROME are real, cut down."""

_CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"


def provenance_of(source: Source, *, demo: bool) -> Provenance:
    """What a source says of itself; in a demonstration the invented ones are not passed off as anybody's real data."""
    provenance = source.provenance()
    if not demo or source.kind not in INVENTED:
        return provenance
    title, attribution = message("demo-title"), message("demo-attribution")
    licence = Licence(_CC0, "CC0 1.0", attribution.what("en"), attribution.what("fr"))
    return replace(
        provenance,
        title_en=title.what("en", title=provenance.title_en),
        title_fr=title.what("fr", title=provenance.title_fr),
        publisher="Passerelle",
        licence=licence,
    )
