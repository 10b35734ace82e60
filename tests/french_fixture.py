"""Small hand-made exports of France compétences for tests, and the reading of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from passerelle.graph.statements.fiches import write_fiche
from passerelle.graph.statements.writer import GraphWriter
from passerelle.namespaces import Minting, expand
from passerelle.records.fiche import Catalogue, Fiche
from passerelle.records.tally import Reject, Tally
from passerelle.sources.france_competences_xml import FranceCompetencesXml

MINTING = Minting("https://example.org/b")
MINIMUM = "<ID_FICHE>1</ID_FICHE><NUMERO_FICHE>{number}</NUMERO_FICHE><INTITULE>Certification fictive</INTITULE>"


def export(*fiches: str, version: str = "4.1", head: str = "<?xml version='1.0' encoding='UTF-8'?>") -> str:
    """An export with these FICHE contents."""
    inner = "\n".join(f"<FICHE>{fiche}</FICHE>" for fiche in fiches)
    return f"{head}\n<FICHES>\n<VERSION_FLUX>{version}</VERSION_FLUX>\n{inner}\n</FICHES>\n"


def minimum(number: str = "RNCP900001", more: str = "") -> str:
    """The content of a FICHE with number and title, and whatever comes after them."""
    return MINIMUM.format(number=number) + more


@dataclass
class Reading:
    """What came out of a source."""

    fiches: list[Fiche]
    tally: Tally
    rejects: list[Reject] = field(default_factory=list)

    @property
    def fiche(self) -> Fiche:
        """The only fiche."""
        assert len(self.fiches) == 1, [fiche.number for fiche in self.fiches]
        return self.fiches[0]

    def reasons(self) -> list[str]:
        """Message identifiers of rejects and notices, in their order."""
        return [reject.message_id for reject in self.rejects]


def read_source(source: object) -> Reading:
    """Read any of the French sources to its end."""
    rejects: list[Reject] = []
    tally = Tally(on_reject=rejects.append)
    fiches = list(source.read(tally))  # type: ignore[attr-defined]
    return Reading(fiches, tally, rejects)


def read_xml(
    folder: Path, content: str | bytes, catalogue: Catalogue = "rncp", *, publish_partners: bool = False
) -> Reading:
    """Write `content` as an export and read it."""
    path = folder / "export.xml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_source(FranceCompetencesXml(path, catalogue, publish_partners=publish_partners))


class Stated:
    """The quads of fiches, to be asked with CURIEs; IRIs of ours are given from `/id/` on."""

    def __init__(self, fiches: list[Fiche], graph: str = "rncp") -> None:
        writer = GraphWriter(MINTING.graph(graph), MINTING)
        for fiche in fiches:
            write_fiche(writer, fiche)
        self.quads = writer.drain()

    def objects(self, subject: str, predicate: str) -> set[str]:
        """Objects of subject and predicate: texts, or IRIs (ours from `/id/` on)."""
        node = ox.NamedNode(MINTING.base + subject if subject.startswith("/id/") else subject)
        wanted = ox.NamedNode(expand(predicate))
        found = (quad.object for quad in self.quads if quad.subject == node and quad.predicate == wanted)
        return {each.value.removeprefix(MINTING.base) for each in found if isinstance(each, ox.NamedNode | ox.Literal)}
