"""Look-ups of single facts in a release: against the demonstration, and against a store made of two editions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from passerelle.errors import DamagedRelease
from passerelle.graph.certification import ReferencedCertification, RegistrationStatus
from passerelle.graph.manifest import Manifest, SourceEntry
from passerelle.graph.reference import EscoStanding, ReleaseReference
from passerelle.graph.release import Release
from passerelle.graph.statements.fiches import write_fiche
from passerelle.graph.statements.writer import GraphWriter
from passerelle.namespaces import Minting, expand
from passerelle.records.fiche import Bloc, Certifier, Dates, Fiche, Partner
from passerelle.resources import folder
from small_manifest import manifest, source

BASE = "https://example.org/passerelle"
ESCO = "http://data.europa.eu/esco/"


@pytest.fixture(scope="module")
def demo(demo_release: Release) -> ReleaseReference:
    return ReleaseReference.open(demo_release)


def of(*sources: SourceEntry, retired: tuple[str, ...] = ()) -> Manifest:
    return manifest(BASE, demo=False, sources=sources, retired=list(retired))


def store_of(**fiches: tuple[Fiche, ...]) -> ox.Store:
    """Fiches by the slug of their source, with `_` for `-`."""
    store = ox.Store()
    minting = Minting(BASE)
    for slug, records in fiches.items():
        writer = GraphWriter(minting.graph(slug.replace("_", "-")), minting)
        for each in records:
            write_fiche(writer, each)
        store.extend(writer.drain())
    return store


def test_a_fiche_as_the_demonstration_describes_it(demo: ReleaseReference) -> None:
    found = demo.certification("RNCP990002")
    assert found is not None
    assert found.iri == "https://w3id.org/passerelle/demo/id/rncp/990002"
    assert found.title == "Technicien supérieur de maintenance d'éoliennes (démonstration)"
    assert found.page == "https://www.francecompetences.fr/recherche/rncp/990002/"
    assert (found.level, found.start, found.end, found.award_deadline) == (5, "2022-01-31", "2027-01-31", "")
    assert (found.registration_type, found.active, found.state) == ("on-request", True, "Publiée")
    assert (found.source, found.edition, found.catalogue) == ("rncp", "2026-11-22", "rncp")
    assert (found.predecessors, found.successors) == (("RNCP990001",), ("RNCP990003",))
    assert [(each.name, each.active, each.since) for each in found.certifying_bodies] == [
        ("CERTIFICATEUR FICTIF DE L'ÉNERGIE ÉOLIENNE (DÉMONSTRATION)", True, "2022-01-31"),
        ("ANCIEN CERTIFICATEUR FICTIF (DÉMONSTRATION)", False, "2024-06-30"),
    ]
    # partners exist, and are not published
    assert (found.has_partners, found.partners) == (True, ())
    assert [each.code for each in found.blocs] == [f"RNCP990002BC0{each}" for each in (1, 2, 3)]
    assert found.blocs[0].title == "Maintenir une éolienne"


def test_numbers_in_any_zeros_and_numbers_that_are_none(demo: ReleaseReference) -> None:
    assert demo.certification("RNCP0990002") is demo.certification("RNCP990002")
    for number in ("RNCP1", "RS990002X", "990002", "RNCP990099", "", "RNCP" + "9" * 400):
        assert demo.certification(number) is None, number
    assert demo.is_named("RNCP990099")
    assert not demo.is_named("RNCP1")


def test_entries_of_the_specific_register_have_no_level(demo: ReleaseReference) -> None:
    found = demo.certification("RS990003")
    assert found is not None
    assert (found.catalogue, found.level, found.blocs, found.active) == ("rs", None, (), True)


def test_blocs_by_code(demo: ReleaseReference) -> None:
    bloc = demo.bloc("RNCP990002BC02")
    assert bloc is not None
    assert (bloc.number, bloc.title) == ("RNCP990002", "Exploiter les données de surveillance d'un parc éolien")
    assert demo.bloc("RNCP990002BC09") is None
    assert demo.bloc("01") is None
    fiche = demo.certification("RNCP990007")
    assert fiche is not None
    assert [each.code for each in fiche.blocs] == ["01", "02"]
    assert fiche.bloc("01") is not None


def test_status_is_that_of_the_named_query(demo: ReleaseReference, demo_release: Release) -> None:
    text = (folder("data").parent / "service/passerelle/queries/status-on-a-day.rq").read_text(encoding="utf-8")
    store = ox.Store.read_only(str(demo_release.store))
    for number in ("RNCP990001", "RNCP990002", "RNCP990003", "RS990003"):
        fiche = demo.certification(number)
        assert fiche is not None
        for day in ("2019-08-31", "2024-12-31", "2025-01-01", "2026-09-30", "2026-11-22", "2027-12-31", "2032-01-01"):
            asked = text.replace("$fiche", f"<{fiche.iri}>").replace("BIND($day AS", f'BIND("{day}"^^xsd:date AS')
            prefix = "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"
            rows = store.query(prefix + asked, use_default_graph_as_union=True)
            assert isinstance(rows, ox.QuerySolutions)
            statuses = [str(row["status"].value).rpartition("/")[2] for row in rows]
            assert statuses == [fiche.status_on(day)], (number, day)


def test_status_without_dates() -> None:
    bare = ReferencedCertification("urn:x", "RNCP1", "rncp", "rncp", "")
    assert bare.status_on("2026-01-01") is RegistrationStatus.NOT_STATED
    begun = replace(bare, decision="2020-01-01")
    assert begun.status_on("2026-01-01") is RegistrationStatus.NOT_STATED
    assert begun.status_on("2019-12-31") is RegistrationStatus.NOT_YET_EFFECTIVE
    # the date of effect comes before that of the decision
    assert replace(begun, effect="2021-01-01").start == "2021-01-01"


def test_newest_source_that_describes_the_fiche_speaks_alone() -> None:
    old = Fiche("RNCP1", "rncp", "Ancien", active=True, dates=Dates(decision="2019-01-01", award_deadline="2030-01-01"))
    new = Fiche("RNCP1", "rncp", "Nouveau", active=False, dates=Dates(decision="2019-01-01", end="2025-01-01"))
    other = Fiche("RNCP2", "rncp", "Successeur", replaces=("RNCP1",))
    store = store_of(rncp=(new,), france_competences_csv=(old, other))
    csv = source("france-competences-csv", edition="2024-02-22")
    reference = ReleaseReference(store, of(csv, source("rncp", edition="2026-08-16")))
    found = reference.certification("RNCP1")
    assert found is not None
    assert (found.title, found.active, found.edition) == ("Nouveau", False, "2026-08-16")
    assert (found.end, found.award_deadline) == ("2025-01-01", "")
    # a succession counts from whichever side, and whichever source states it
    assert found.successors == ("RNCP2",)
    older = reference.certification("RNCP2")
    assert older is not None
    assert (older.edition, older.predecessors) == ("2024-02-22", ("RNCP1",))
    assert reference.edition("rncp") == "2026-08-16"
    assert not reference.holds("rs")
    assert reference.edition("rs") == ""
    # on the same day the XML speaks, which says more
    same_day = ReleaseReference(store, of(replace(csv, edition="2026-08-16"), source("rncp", edition="2026-08-16")))
    spoken = same_day.certification("RNCP1")
    assert spoken is not None
    assert spoken.source == "rncp"


def test_organisations_with_siret_and_published_partners() -> None:
    fiche = Fiche(
        "RNCP1",
        "rncp",
        "Titre",
        level=5,
        certifiers=(Certifier("ORGANISME", "13002526500013", "Actif", trade_name="Marque"),),
        partners=(Partner("LYCEE FICTIF", "19940608300014", "pslv:authorisation-scope/train", "Actif"),),
        partners_exist=True,
        blocs=(Bloc("RNCP1BC01", "Un bloc", "RNCP1BC01"),),
    )
    found = ReleaseReference(store_of(rncp=(fiche,)), of(source("rncp"))).certification("RNCP1")
    assert found is not None
    body = found.certifying_bodies[0]
    assert (body.name, body.siret, body.other_names) == ("ORGANISME", "13002526500013", ("Marque",))
    assert [(each.name, each.siret) for each in found.partners] == [("LYCEE FICTIF", "19940608300014")]


def test_standing_of_esco_concepts() -> None:
    store = ox.Store()
    graph = ox.NamedNode(f"{BASE}/graph/esco")
    foreign = ox.NamedNode(f"{BASE}/graph/qualifications-x")

    def state(iri: str, name: str, predicate: str = "rdf:type", where: ox.NamedNode = graph) -> None:
        store.add(ox.Quad(ox.NamedNode(ESCO + iri), ox.NamedNode(expand(predicate)), ox.NamedNode(name), where))

    for iri, kind in (("skill/a", "esco:Skill"), ("occupation/b", "esco:Occupation"), ("skill/S1", "skos:Concept")):
        state(iri, expand(kind))
        state(iri, expand("skos:Concept"))
    state("skill/old", expand("skos:Concept"))
    state("skill/old", ESCO + "skill/a", "dcterms:isReplacedBy")
    # what a file of another source says of an IRI of ESCO makes it no skill
    state("skill/invented", expand("esco:Skill"), where=foreign)
    described = of(source("esco", edition="1.2.0"), retired=(ESCO + "occupation/gone", ESCO + "skill/a"))
    reference = ReleaseReference(store, described)
    assert (reference.has_esco, reference.esco_edition) == (True, "1.2.0")
    for iri, standing in (
        ("skill/a", EscoStanding.SKILL),
        ("occupation/b", EscoStanding.OCCUPATION),
        ("skill/S1", EscoStanding.GROUP),
        ("skill/old", EscoStanding.OBSOLETE),
        ("occupation/gone", EscoStanding.OBSOLETE),
        ("skill/invented", EscoStanding.UNKNOWN),
        ("skill/not an iri", EscoStanding.UNKNOWN),
        ("skill/" + "a" * 10_000, EscoStanding.UNKNOWN),
    ):
        assert reference.esco_standing(ESCO + iri) is standing, iri[:40]
    assert reference.esco_replacement(ESCO + "skill/old") == ESCO + "skill/a"
    assert reference.esco_replacement(ESCO + "skill/a") == ""
    assert not ReleaseReference(store, of(source("rncp"))).has_esco


def test_standing_in_the_demonstration(demo: ReleaseReference) -> None:
    wind = ESCO + "skill/4e7d6b10-0000-0000-0000-000000000000"
    assert demo.esco_standing(wind) is EscoStanding.UNKNOWN
    assert demo.esco_standing(ESCO + "isced-f/0713") is EscoStanding.GROUP
    assert demo.esco_standing(ESCO + "occupation/98562ce3-9632-4226-b129-c67eb9c54f0f") is EscoStanding.OBSOLETE
    assert demo.demo


def test_opening_by_release_folder_and_store(demo_release: Release, tmp_path: Path) -> None:
    opened = [ReleaseReference.open(each) for each in (demo_release, demo_release.folder, demo_release.store)]
    assert {each.release for each in opened} == {demo_release.identifier}
    with pytest.raises(DamagedRelease):
        ReleaseReference.open(tmp_path)
    demo_release.manifest.write(tmp_path)
    with pytest.raises(DamagedRelease):
        ReleaseReference.open(tmp_path)


def test_nothing_is_kept_but_what_the_release_holds(demo: ReleaseReference) -> None:
    """A look-up can hold whatever stands in somebody's credential."""

    def kept() -> int:
        return demo._standing.cache_info().currsize + demo._certification.cache_info().currsize

    found = demo.certification("RNCP990002")
    assert found is not None
    assert demo.certification("RNCP990002") is found
    before = kept()
    for foreign in ("skill/Marie-Dupont", "skill/a b", "skill/" + "x" * 1000):
        assert demo.esco_standing(ESCO + foreign) is EscoStanding.UNKNOWN
    assert demo.certification("RNCP123456789") is None
    assert kept() == before
