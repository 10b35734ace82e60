"""The XML and the CSV exports of one generated catalogue say the same, as far as both can say it."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from french_fixture import Stated, read_source
from generated_catalogue import write_csv, write_xml
from passerelle.namespaces import expand
from passerelle.records.fiche import Fiche
from passerelle.sources.france_competences_csv import FranceCompetencesCsv
from passerelle.sources.france_competences_xml import FranceCompetencesXml

XML_ONLY = {
    expand(curie)
    for curie in (
        "psl:ficheState",
        "psl:sourceState",
        "psl:stateDate",
        "psl:targetedActivities",
        "psl:attestedCapabilities",
        "psl:activitySectors",
        "psl:accessibleJobs",
        "psl:objectives",
        "psl:entryPrerequisites",
        "psl:competencesText",
        "psl:assessmentMethods",
        "psl:hasOutcome",
        "psl:juryComposition",
        "psl:cohortStatistics",
    )
}
"""Predicates that only the XML carries: states, texts, outcomes, statistics."""
XML_ONLY_THINGS = ("/outcome/", "/cohort/", "/correspondence/")
"""Things that only the XML describes, by a part of their IRI."""


def comparable(fiches: list[Fiche]) -> set[tuple[str, str, str]]:
    quads = Stated(fiches).quads
    # the CSV export lists open routes alone
    closed = {
        quad.subject
        for quad in quads
        if quad.predicate.value == expand("psl:routeOpen") and quad.object == ox.Literal(False)
    }
    return {
        (str(quad.subject), quad.predicate.value, str(quad.object))
        for quad in quads
        if quad.predicate.value not in XML_ONLY
        and not any(part in str(quad.subject) for part in XML_ONLY_THINGS)
        and quad.subject not in closed
        and quad.object not in closed
    }


def test_both_exports_give_the_same_graph(tmp_path: Path) -> None:
    write_xml(tmp_path / "rncp.xml", 60, seed=3)
    write_xml(tmp_path / "rs.xml", 20, seed=3, catalogue="rs")
    (tmp_path / "csv").mkdir()
    write_csv(tmp_path / "csv", 60, 20, seed=3)
    rncp = read_source(FranceCompetencesXml(tmp_path / "rncp.xml", "rncp", publish_partners=True))
    rs = read_source(FranceCompetencesXml(tmp_path / "rs.xml", "rs", publish_partners=True))
    table = read_source(FranceCompetencesCsv(tmp_path / "csv", publish_partners=True))
    assert set(rncp.reasons() + rs.reasons() + table.reasons()) <= {"rs-open-to-vae"}
    assert len(table.fiches) == 80
    from_xml, from_csv = comparable(rncp.fiches + rs.fiches), comparable(table.fiches)
    assert from_xml - from_csv == set()
    assert from_csv - from_xml == set()
    assert len(from_csv) > 80 * 25
    used = {predicate for _, predicate, _ in from_csv}
    for curie in ("psl:targetOccupation", "psl:authorisation", "psl:collectiveAgreement", "dcterms:isReplacedBy",
                  "elm:EQFLevel", "psl:partialValidation", "psl:lastGazetteDate", "psl:blocOf"):  # fmt: skip
        assert expand(curie) in used


def test_the_generator_is_seeded(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_xml(tmp_path / name, 5, seed)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert (tmp_path / "a").read_bytes() != (tmp_path / "c").read_bytes()
