"""The shapes on the real extracts of the RNCP and RS: no violation, and the anomalies that the data really have."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pyoxigraph as ox
import pytest

from passerelle.graph.statements.fiches import write_fiche
from passerelle.graph.statements.provenance import write_provenance
from passerelle.graph.statements.writer import GraphWriter
from passerelle.namespaces import Minting
from passerelle.records.fiche import Catalogue
from passerelle.records.finding import Finding, Severity
from passerelle.records.provenance import Licence, Provenance
from passerelle.records.tally import Tally
from passerelle.sources.france_competences_xml import FranceCompetencesXml
from passerelle.validation.across import findings_across
from passerelle.validation.engine import Reference, ReleaseEngine
from passerelle.validation.shapes import Profile

SHAPES = "https://w3id.org/passerelle/shapes/"
CATALOGUES: tuple[Catalogue, ...] = ("rncp", "rs")


@pytest.fixture(scope="module")
def fiches(reference: Path) -> list[list[ox.Quad]]:
    """The quads of each of the 14 real fiches."""
    minting = Minting()
    found = []
    for catalogue in CATALOGUES:
        writer = GraphWriter(minting.graph(catalogue), minting)
        path = reference / "french-catalogue" / f"export_fiches_{catalogue.upper()}_V4_1_extract.xml"
        for fiche in FranceCompetencesXml(path, catalogue).read(Tally()):
            write_fiche(writer, fiche)
            found.append(writer.drain())
    return found


def _focuses(findings: list[Finding]) -> dict[str, list[str]]:
    base = f"{Minting().base}/id/"
    by_rule = defaultdict(set)
    for finding in findings:
        by_rule[finding.rule.removeprefix(SHAPES)].add(finding.focus.removeprefix(base))
    return {rule: sorted(focuses) for rule, focuses in by_rule.items()}


def test_real_fiches_one_by_one_have_only_their_real_anomalies(fiches: list[list[ox.Quad]]) -> None:
    engine = ReleaseEngine(Profile.of_release())
    findings = [finding for quads in fiches for finding in engine.validate(quads)]
    found = _focuses(findings)
    assert len(fiches) == 14
    assert not [finding for finding in findings if finding.severity is Severity.VIOLATION]
    assert found.pop("catalogue/record-state") == ["rncp/35625/record", "rncp/40344/record"]
    assert found.pop("catalogue/specific-certification-prior-learning") == ["rs/5000"]
    (without_bloc,) = found.pop("catalogue/correspondence-named-bloc")
    assert without_bloc.startswith("rncp/37674/correspondence/")
    assert len(found.pop("catalogue/certifying-body-siret-stated")) == 1
    assert found == {}


def test_both_engines_agree_on_the_real_fiches(fiches: list[list[ox.Quad]]) -> None:
    profile = Profile.of_release()
    quads = [quad for fiche in fiches for quad in fiche]
    fast = {finding.key for finding in ReleaseEngine(profile).validate(quads)}
    assert len(fast) == 5
    assert fast == {finding.key for finding in ReleaseEngine(profile, Reference).validate(quads)}


def test_rules_across_the_real_fiches(fiches: list[list[ox.Quad]]) -> None:
    # RNCP35809: ACTIF Oui, end 31/08/2026; on the day of the export it still ran, whenever the build is made
    findings = list(findings_across(_of_edition(fiches, "2026-08-16")))
    found = _focuses(findings)
    assert not [finding for finding in findings if finding.severity is Severity.VIOLATION]
    assert set(found) == {"across/correspondence-target-unknown", "across/successor-unknown"}
    assert set(_focuses(list(findings_across(_of_edition(fiches, ""))))) == set(found)
    # had the source said so in November, it would contradict its own dates
    later = _focuses(list(findings_across(_of_edition(fiches, "2026-11-22"))))
    assert later["across/active-after-end"] == ["rncp/35809/record", "rs/5568/record"]
    assert "across/inactive-before-end" not in later


def _of_edition(fiches: list[list[ox.Quad]], edition: str) -> ox.Store:
    """The real fiches in a store whose provenance graph says of which day their files are."""
    minting = Minting()
    licence = Licence("https://example.org/licence", "Licence", "", "")
    writer = GraphWriter(minting.graph("provenance"), minting)
    for catalogue in CATALOGUES:
        write_provenance(writer, catalogue, Provenance("A", "A", "", licence, edition))
    store = ox.Store()
    store.extend([quad for fiche in fiches for quad in fiche])
    store.extend(writer.drain())
    return store
