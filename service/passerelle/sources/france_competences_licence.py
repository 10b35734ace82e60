"""Publisher, licence and edition of the exports of France compétences."""

from __future__ import annotations

import re

from passerelle.records.provenance import Licence

PUBLISHER = "France compétences"
_EDITION = re.compile(r"(20\d\d)[-_](\d\d)[-_](\d\d)")


def open_licence() -> Licence:
    """Licence Ouverte 2.0, which asks to name the source and the date of its last update."""
    return Licence(
        iri="https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
        name="Licence Ouverte 2.0",
        attribution_en="Source: France compétences, open data of RNCP and RS on data.gouv.fr",
        attribution_fr="Source : France compétences, données ouvertes du RNCP et du RS sur data.gouv.fr",
    )


def edition_of(name: str) -> str:
    """The day of the export out of its file name (ISO 8601); empty where the name has none."""
    match = _EDITION.search(name)
    return "-".join(match.groups()) if match else ""
