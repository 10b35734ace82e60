"""Coverage of the bloc "Maintenir une éolienne" by every unit of the truth table (data/demo/README.md)."""

from __future__ import annotations

from dataclasses import replace

import pyoxigraph as ox
import pytest

from passerelle.comparability.coverage import covered
from passerelle.comparability.index.coverage_index import CoverageIndex
from passerelle.comparability.proximity import SkillHierarchy
from passerelle.graph import node_reader
from passerelle.graph.compared_units import UnitReader
from passerelle.graph.release import Release
from passerelle.namespaces import Minting

ITALY, SPAIN, PORTUGAL = "https://italia.example.org/", "https://espana.example.org/", "https://portugal.example.org/"
GERMANY, NETHERLANDS = "https://deutschland.example.org/", "https://nederland.example.org/"

# The bloc has five outcomes of 0.2 each: S01 exact, S02 close, S03 exact, S04 close (all reviewed), and one on autonomy
# without a link, which is possible for every holder (0.2 in upper). Machine links are left out: they change with the
# linker. A declared skill is expected at 0.8 and possible at 1: 0.2 · 0.8 = 0.16.
EXPECTED = {
    # S01, S02, S03 declared: 3 · 0.16 = 0.48; 3 · 0.2 + 0.2
    f"{ITALY}qualifica/manutenzione-eolica": (0.0, 0.48, 0.8),
    # S06, S05: none of the bloc's, nor directly above or below one of them
    f"{ITALY}microcredenziale/sensori-e-manutenzione-predittiva": (0.0, 0.0, 0.2),
    # S01, S03: 2 · 0.16; 2 · 0.2 + 0.2
    f"{PORTUGAL}ufcd/inspecao-eolica": (0.0, 0.32, 0.6),
    # the qualification that the component is a part of adds S08 and S10, which the bloc does not ask
    f"{PORTUGAL}qualificacao/energias-renovaveis": (0.0, 0.32, 0.6),
    # S02, S04
    f"{SPAIN}certificado/mantenimiento-eolico": (0.0, 0.32, 0.6),
    f"{SPAIN}certificado-b/paneles-solares": (0.0, 0.0, 0.2),
    # S02
    f"{GERMANY}teilqualifikation/windenergieanlagen": (0.0, 0.16, 0.4),
    f"{GERMANY}beruf/intelligente-netze": (0.0, 0.0, 0.2),
    # S03, S04
    f"{NETHERLANDS}certificaat/onderhoud-windturbines": (0.0, 0.32, 0.6),
    # S03
    "https://ellada.example.org/mikropistopoiitiko/ergasia-se-ypsos": (0.0, 0.16, 0.4),
    # S04 declared, and an outcome without a link that may show one more: 0.16; 0.2 + 0.2 + 0.2
    "DK:demo-vind:1": (0.0, 0.16, 0.6),
    "DK:demo-vind:2": (0.0, 0.16, 0.4),
    # both parts of the Danish whole: S04, S02, and the silent outcome
    "DK:demo-vind": (0.0, 0.32, 0.8),
    # S02 and S03 reviewed, and a silent outcome: 2 · 0.2; 2 · 0.2 + 0.2 + 0.2
    "RNCP990001BC01": (0.4, 0.4, 0.8),
    # S04 by broadMatch: the skill is broader than the outcome, which shows half of it: 0.2 · 0.5; 0.2 + 0.2
    "RNCP990001BC02": (0.0, 0.1, 0.4),
    # both blocs: 0.4 + 0.1; everything is possible
    "RNCP990001": (0.4, 0.5, 1.0),
    # S02 reviewed; its two outcomes without a reviewed link may show two more
    "RNCP990003BC01": (0.2, 0.2, 0.8),
    # S02 by narrowMatch (the skill is narrower, and shown), S05, and one outcome without a reviewed link
    "RNCP990003BC02": (0.2, 0.2, 0.6),
    # S03 by broadMatch: 0.2 · 0.5
    "RNCP990004BC01": (0.0, 0.1, 0.4),
    # the very text of the bloc's outcome on work at height: 0.2
    "RS990002": (0.2, 0.2, 0.4),
    "RS990001": (0.0, 0.0, 0.2),
    # the whole has the bloc's own outcomes
    "RNCP990002": (1.0, 1.0, 1.0),
    "RNCP990002BC01": (1.0, 1.0, 1.0),
    "RNCP990002BC02": (0.0, 0.0, 0.2),
}


@pytest.fixture(scope="module")
def reader(demo_release: Release) -> UnitReader:
    return UnitReader(ox.Store.read_only(str(demo_release.store)), Minting(demo_release.manifest.base))


@pytest.mark.parametrize("written", EXPECTED)
def test_coverage_of_the_bloc_by_a_unit_of_the_truth_table(reader: UnitReader, written: str) -> None:
    holder, target = reader.unit(reader.identified(written)), reader.unit(reader.identified("RNCP990002BC01"))
    assert holder is not None
    assert target is not None
    hierarchy = SkillHierarchy(reader.closer_skills, reader.skills)
    coverage, evidence = covered(holder, target, hierarchy, links=lambda link: link.link_class != "machine")
    assert (coverage.lower, coverage.expected, coverage.upper) == EXPECTED[written]
    assert (coverage.outcomes, coverage.unlinked, coverage.collapsed) == (5, 0.2, 0.0)
    assert coverage.machine_links == 0
    assert len(evidence) == 5


def test_the_links_behind_the_nearest_foreign_unit(reader: UnitReader) -> None:
    holder, target = (
        reader.unit(f"{ITALY}qualifica/manutenzione-eolica"),
        reader.unit(reader.identified("RNCP990002BC01")),
    )
    assert holder is not None
    assert target is not None
    hierarchy = SkillHierarchy(reader.closer_skills, reader.skills)
    coverage, evidence = covered(holder, target, hierarchy, links=lambda link: link.link_class != "machine")
    # three skills, each with the issuer's link on one side and a reviewed one on the other
    assert (coverage.links, coverage.declared_links, coverage.reviewed_links) == (6, 3, 3)
    assert sorted(row.state for row in evidence) == ["not-shown", *["partly-shown"] * 3, "unlinked"]


def test_what_the_index_and_memory_say_of_a_unit_is_what_the_store_says(
    demo_release: Release, reader: UnitReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    # so few that most of what is kept is soon pushed out
    monkeypatch.setattr(node_reader, "NODES_KEPT", 5)
    lasting = UnitReader(reader.store, reader.minting, lasting=True, index=CoverageIndex.open(demo_release.folder))
    for iri in reader.units():
        unit = reader.unit(iri)
        assert unit is not None
        assert lasting.unit(iri) == unit
        assert lasting.unit(iri, facts=False) == replace(unit, facts=())
        assert lasting.summary(iri, {"registration-status"}) == replace(
            unit,
            parts=(),
            outcomes=(),
            occupations=(),
            page="",
            facts=tuple(fact for fact in unit.facts if fact.name == "registration-status"),
        )
        assert lasting.titles(iri) == unit.titles
    assert lasting.titles("https://example.org/nothing") == ()
