"""What a demonstration says of the sources that were invented for it."""

from __future__ import annotations

from dataclasses import replace

from passerelle.messages import message
from passerelle.records.provenance import Licence, Provenance

INVENTED = frozenset({"rncp", "rs", "france-competences-csv", "qualifications", "units", "rdf", "reviews"})
"""Kinds of sources that a demonstration makes up; ESCO and ROME are real, cut down."""

_CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"


def of_demo(provenance: Provenance) -> Provenance:
    """The same files, with a title, publisher and licence that do not pass them off as anybody's real data."""
    title, attribution = message("demo-title"), message("demo-attribution")
    licence = Licence(_CC0, "CC0 1.0", attribution.what("en"), attribution.what("fr"))
    return replace(
        provenance,
        title_en=title.what("en", title=provenance.title_en),
        title_fr=title.what("fr", title=provenance.title_fr),
        publisher="Passerelle",
        licence=licence,
    )
