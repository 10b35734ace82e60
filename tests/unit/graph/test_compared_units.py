"""Units as a comparison reads them: who is believed, what is a part, which links count, how a unit is named."""

from __future__ import annotations

import gc
from pathlib import Path

import pyoxigraph as ox
import pytest

from passerelle.errors import DamagedRelease, UnknownUnit
from passerelle.graph.all_units import AllUnits
from passerelle.graph.compared_units import UnitReader
from passerelle.graph.release import Release
from passerelle.namespaces import PREFIXES, Minting, expand
from passerelle.records.compared_unit import OutcomeLink, UnitOutline
from passerelle.records.text import LanguageText

BASE = "https://example.org/passerelle"
MINTING = Minting(BASE)
PREFIX_LINES = "\n".join(f"@prefix {name}: <{iri}> ." for name, iri in PREFIXES.items())
PREFIX_LINES += f"\n@prefix our: <{BASE}/id/> .\n@prefix esco-skill: <http://data.europa.eu/esco/skill/> .\n"

FRENCH = """
<{base}/id/rncp/12> a psl:ComparableSpecification, psl:FullQualification ; dcterms:identifier "RNCP12" ;
    dcterms:title "Maintenir un parc"@fr ;
    psl:unitKind <https://w3id.org/passerelle/vocabulary/unit-kind/full-qualification> ;
    dcterms:spatial <http://publications.europa.eu/resource/authority/country/FRA> ;
    psl:eqfLevelNumber 5 ; psl:levelBasis <https://w3id.org/passerelle/vocabulary/level-basis/stated> ;
    psl:targetOccupation <{base}/id/rome/I1304> ; foaf:page <https://example.org/fiche> ;
    dcterms:hasPart <{base}/id/rncp/12/bloc/RNCP12BC01>, <{base}/id/rncp/12/bloc/01> ;
    psl:hasOutcome our:o1 .
<{base}/id/rncp/12/bloc/RNCP12BC01> a psl:ComparableSpecification, psl:Bloc ; dcterms:identifier "RNCP12BC01" ;
    dcterms:title "Bloc un"@fr ; psl:blocOf <{base}/id/rncp/12> ; psl:hasOutcome our:o2, our:o1 ;
    psl:eqfLevelNumber 5 ; psl:levelBasis <https://w3id.org/passerelle/vocabulary/level-basis/inherited> .
<{base}/id/rncp/12/bloc/01> a psl:ComparableSpecification, psl:Bloc ; dcterms:identifier "01" ;
    dcterms:title "Bloc deux"@fr ; psl:blocOf <{base}/id/rncp/12> ; psl:hasOutcome our:o3 .
<{base}/id/rncp/13/bloc/01> a psl:ComparableSpecification, psl:Bloc ; dcterms:identifier "01" ;
    dcterms:title "Autre"@fr .
our:o1 a psl:LearningOutcome ; dcterms:title "Un"@fr .
our:o2 a psl:LearningOutcome ; dcterms:title "Deux"@fr .
our:o3 a psl:LearningOutcome ; dcterms:title "Trois"@fr .
"""
ESCO = """
esco-skill:a a esco:Skill, skos:Concept ; skos:broader esco-skill:b, esco-skill:group .
esco-skill:b a esco:Skill, skos:Concept ; skos:broader esco-skill:group ;
    skos:prefLabel "b"@en, "b (fr)"@fr, "b (it)"@it .
esco-skill:group a skos:Concept .
<http://data.europa.eu/esco/occupation/x> a esco:Occupation, skos:Concept .
"""
LINKS = """
our:l1 psl:linkedOutcome our:o2 ; psl:linkedSkill esco-skill:b ; psl:matchRelation skos:broadMatch ;
    psl:linkState <https://w3id.org/passerelle/vocabulary/link-state/accepted> .
our:l2 psl:linkedOutcome our:o2 ; psl:linkedSkill esco-skill:a ; psl:matchRelation skos:closeMatch ;
    psl:confidence 0.71 ;
    psl:linkState <https://w3id.org/passerelle/vocabulary/link-state/candidate> ;
    psl:confidenceStatus <https://w3id.org/passerelle/vocabulary/confidence-status/uncalibrated> .
our:l3 psl:linkedOutcome our:o2 ; psl:linkedSkill esco-skill:c ; psl:matchRelation skos:exactMatch ;
    psl:linkState <https://w3id.org/passerelle/vocabulary/link-state/rejected> .
our:l4 psl:linkedOutcome our:o3 ; psl:linkedSkill esco-skill:group ; psl:matchRelation skos:exactMatch ;
    psl:linkState <https://w3id.org/passerelle/vocabulary/link-state/accepted> .
our:l5 psl:linkedOutcome our:o3 ; psl:linkedSkill <http://data.europa.eu/esco/occupation/x> ;
    psl:matchRelation skos:mappingRelation ;
    psl:linkState <https://w3id.org/passerelle/vocabulary/link-state/declared> .
our:l6 psl:linkedOutcome our:o3 ; psl:linkedSkill esco-skill:retired ; psl:matchRelation skos:mappingRelation ;
    psl:linkState <https://w3id.org/passerelle/vocabulary/link-state/declared> .
"""
# a file that has its own unit, and things to say about the units of others and about ESCO
MEDDLING = """
<https://autre.example.org/1> a psl:ComparableSpecification ; dcterms:title "Autre"@fr ; dcterms:identifier "XX:1" ;
    dcterms:spatial <http://publications.europa.eu/resource/authority/country/ITA> ;
    elm:isPartOf <{base}/id/rncp/12> ; psl:hasOutcome <https://autre.example.org/o> .
<https://autre.example.org/o> a psl:LearningOutcome ; dcterms:title "Altro"@it .
<{base}/id/rncp/12/bloc/RNCP12BC01> psl:hasOutcome <https://autre.example.org/o> ; dcterms:title "Autre bloc"@fr ;
    psl:eqfLevelNumber 8 ; elm:hasPart <https://autre.example.org/1> .
our:o2 dcterms:title "Otro"@es .
<https://autre.example.org/pill> a psl:LearningActivity, psl:ComparableSpecification ; dcterms:title "Pill"@en ;
    psl:mayLeadTo <https://autre.example.org/1> .
esco-skill:d a esco:Skill ; skos:broader esco-skill:b .
<{base}/id/rncp/99> a psl:Unresolved .
"""


def loaded(**graphs: str) -> ox.Store:
    store = ox.Store()
    for name, text in graphs.items():
        turtle = PREFIX_LINES + text.replace("{base}", BASE)
        store.load(turtle.encode(), format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(MINTING.graph(name)))
    return store


@pytest.fixture
def reader() -> UnitReader:
    return UnitReader(loaded(rncp=FRENCH, esco=ESCO, links=LINKS), MINTING)


@pytest.fixture
def meddled() -> UnitReader:
    return UnitReader(loaded(rncp=FRENCH, esco=ESCO, links=LINKS, elsewhere=MEDDLING), MINTING)


FICHE, BLOC, ODD_BLOC = (f"{BASE}/id/rncp/12{path}" for path in ("", "/bloc/RNCP12BC01", "/bloc/01"))
SKILL = "http://data.europa.eu/esco/skill/"


def test_a_whole_has_its_own_outcomes_and_those_of_its_parts_each_once(reader: UnitReader) -> None:
    whole = reader.unit(FICHE)
    assert whole is not None
    assert (whole.kind, whole.country, whole.level, whole.level_basis) == ("full-qualification", "FR", 5, "stated")
    assert (whole.parts, whole.wholes) == ((ODD_BLOC, BLOC), ())
    # o1 is stated by the whole and by a part: it is the whole's
    assert [(each.iri.rpartition("/")[2], each.unit) for each in whole.outcomes] == [
        ("o1", FICHE),
        ("o2", BLOC),
        ("o3", ODD_BLOC),
    ]
    assert whole.titles == (LanguageText("Maintenir un parc", "fr"),)


def test_a_bloc_takes_page_and_occupations_from_its_certification(reader: UnitReader) -> None:
    bloc = reader.unit(BLOC)
    assert bloc is not None
    assert (bloc.wholes, bloc.level_basis, bloc.kind) == ((FICHE,), "inherited", "not-stated")
    assert bloc.occupations == (f"{BASE}/id/rome/I1304",)
    assert bloc.page == "https://example.org/fiche"


def test_links_carry_their_class_and_rejected_ones_are_none(reader: UnitReader) -> None:
    bloc, odd = reader.unit(BLOC), reader.unit(ODD_BLOC)
    assert bloc is not None
    assert odd is not None
    assert bloc.outcomes[1].links == (
        OutcomeLink(SKILL + "a", "machine", "skos:closeMatch", 0.71, calibrated=False),
        OutcomeLink(SKILL + "b", "reviewed", "skos:broadMatch", 1.0),
    )
    # a skill group and an occupation are no skills; a skill of an older ESCO may still be shared
    assert [each.skill for each in odd.outcomes[0].links] == [SKILL + "retired"]


def test_neighbours_are_skills_of_esco_alone(reader: UnitReader, meddled: UnitReader) -> None:
    for each in (reader, meddled):
        assert each.closer_skills(SKILL + "a") == ((SKILL + "b",), ())
        assert each.closer_skills(SKILL + "b") == ((), (SKILL + "a",))
        assert each.closer_skills(SKILL + "group") == ((), ())
        assert sorted(each.skills()) == [SKILL + "a", SKILL + "b"]


def test_what_another_file_says_about_a_unit_changes_nothing(reader: UnitReader, meddled: UnitReader) -> None:
    for iri in (FICHE, BLOC, ODD_BLOC):
        before, after = reader.unit(iri), meddled.unit(iri)
        assert before is not None
        assert after is not None
        assert (before.outcomes, before.parts, before.titles) == (after.outcomes, after.parts, after.titles)
        assert (before.level, before.level_basis) == (after.level, after.level_basis)
    stranger = meddled.unit("https://autre.example.org/1")
    assert stranger is not None
    # the whole does not know it as a part
    assert (stranger.country, stranger.wholes, len(stranger.outcomes)) == ("IT", (), 1)


def test_activities_stubs_and_strangers_are_no_units(meddled: UnitReader) -> None:
    assert meddled.unit("https://autre.example.org/pill") is None
    assert meddled.unit(f"{BASE}/id/rncp/99") is None
    assert meddled.unit("https://example.org/nothing") is None
    assert list(meddled.units()) == sorted(
        [FICHE, BLOC, ODD_BLOC, f"{BASE}/id/rncp/13/bloc/01", "https://autre.example.org/1"]
    )


def test_parts_that_contain_each_other_end(reader: UnitReader) -> None:
    reader.store.add(
        ox.Quad(
            ox.NamedNode(BLOC),
            ox.NamedNode(expand("dcterms:hasPart")),
            ox.NamedNode(FICHE),
            ox.NamedNode(MINTING.graph("rncp")),
        )
    )
    bloc = reader.unit(BLOC)
    assert bloc is not None
    assert bloc.parts == (FICHE, ODD_BLOC)
    assert len(bloc.outcomes) == 3


@pytest.mark.parametrize(
    ("written", "iri"),
    [
        ("RNCP12", FICHE),
        (" rncp 0012 ", FICHE),
        ("RNCP12BC01", BLOC),
        ("rncp12bc01", BLOC),
        ("RNCP12/01", ODD_BLOC),
        ("RNCP12:01", ODD_BLOC),
        ("xx:1", "https://autre.example.org/1"),
        (FICHE, FICHE),
    ],
)
def test_a_unit_is_found_by_every_name_it_has(meddled: UnitReader, written: str, iri: str) -> None:
    assert meddled.identified(written) == iri


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("RNCP404", "unit-unknown"),
        ("", "unit-unknown"),
        ("12> ; drop", "unit-unknown"),
        ("RNCP99", "unit-unresolved"),
        ("https://autre.example.org/pill", "unit-not-comparable"),
        ("01", "unit-ambiguous"),
    ],
)
def test_what_names_no_unit_is_refused_with_its_reason(meddled: UnitReader, written: str, message: str) -> None:
    with pytest.raises(UnknownUnit) as raised:
        meddled.identified(written)
    assert raised.value.message_id == message
    assert raised.value.http_status == 404
    assert raised.value.remedy("fr")
    if message == "unit-ambiguous":
        assert "RNCP12/01, RNCP13/01" in raised.value.remedy()


def test_labels_fall_back_from_language_to_language(reader: UnitReader) -> None:
    assert reader.label(SKILL + "b", "it-CH") == LanguageText("b (it)", "it")
    assert reader.label(SKILL + "b", "de") == LanguageText("b", "en")
    assert reader.label(FICHE, "en") == LanguageText("Maintenir un parc", "fr")
    assert reader.label(SKILL + "a", "en") == LanguageText(SKILL + "a", "")


def test_every_unit_of_the_demonstration_is_found_by_its_own_identifier(demo_release: Release) -> None:
    store = ox.Store.read_only(str(demo_release.store))
    reader = UnitReader(store, Minting(demo_release.manifest.base))
    units = list(reader.units())
    assert len(units) == 42
    for iri in units:
        unit = reader.unit(iri)
        assert unit is not None
        assert reader.identified(unit.identifier) == iri
    portuguese = reader.unit("https://portugal.example.org/qualificacao/energias-renovaveis")
    assert portuguese is not None
    # two of its own, two of its component
    assert len(portuguese.outcomes) == 4
    assert portuguese.parts == ("https://portugal.example.org/ufcd/inspecao-eolica",)


# units of another source that call themselves by French numbers, and one that calls itself as another does
IMPOSTORS = """
<https://autre.example.org/2> a psl:ComparableSpecification ; dcterms:identifier "RNCP12" .
<https://autre.example.org/3> a psl:ComparableSpecification ; dcterms:identifier "RNCP404" .
<https://autre.example.org/4> a psl:ComparableSpecification ; dcterms:identifier "RNCP99", "RNCP99BC01" .
<https://autre.example.org/5> a psl:ComparableSpecification ; dcterms:identifier "XX:7" .
<https://autre.example.org/6> a psl:ComparableSpecification ; dcterms:identifier "XX:7" .
<{base}/id/rncp/12/bloc/RNCP404BC01> a psl:ComparableSpecification, psl:Bloc ; dcterms:identifier "RNCP404BC01" ;
    psl:blocOf <{base}/id/rncp/12> .
<{base}/id/rncp/99> a psl:Unresolved .
"""


def test_a_french_number_never_leads_to_a_unit_of_another_source() -> None:
    reader = UnitReader(loaded(rncp=FRENCH, elsewhere=IMPOSTORS), MINTING)
    assert reader.identified("RNCP12") == FICHE
    for written, message in (
        ("RNCP404", "unit-unknown"),
        ("RNCP99BC01", "unit-unknown"),
        ("RNCP99", "unit-unresolved"),
        ("XX:7", "unit-ambiguous"),
    ):
        with pytest.raises(UnknownUnit) as raised:
            reader.identified(written)
        assert raised.value.message_id == message
    # a bloc of a loaded fiche may have a code that names another
    assert reader.identified("rncp404bc01") == f"{FICHE}/bloc/RNCP404BC01"


@pytest.mark.parametrize("number", range(2, 7))
def test_a_unit_whose_identifier_leads_elsewhere_is_called_by_its_iri(number: int) -> None:
    reader = UnitReader(loaded(rncp=FRENCH, elsewhere=IMPOSTORS), MINTING)
    iri = f"https://autre.example.org/{number}"
    unit = reader.unit(iri)
    assert unit is not None
    assert unit.identifier == iri
    assert reader.identified(unit.identifier) == iri


OF_O1 = "our:l9 psl:linkedOutcome our:o1 ; psl:linkedSkill esco-skill:a "
CLOSE = "; psl:matchRelation skos:closeMatch "
STATE = "https://w3id.org/passerelle/vocabulary/link-state/"
STATUS = "; psl:confidenceStatus <https://w3id.org/passerelle/vocabulary/confidence-status/calibrated> "


@pytest.mark.parametrize(
    "said",
    [
        CLOSE,
        f"; psl:linkState <{STATE}accepted> ",
        f"{CLOSE}; psl:linkState <{STATE}candidate> ",
        f"{CLOSE}; psl:linkState <{STATE}candidate> ; psl:confidence 0.5 ",
        f'{CLOSE}; psl:linkState <{STATE}candidate> ; psl:confidence "much" {STATUS}',
        f"{CLOSE}; psl:linkState <{STATE}accepted>, <{STATE}candidate> ; psl:confidence 0.5 {STATUS}",
        f"{CLOSE}, skos:exactMatch ; psl:linkState <{STATE}accepted> ",
        f"; psl:matchRelation skos:broader ; psl:linkState <{STATE}accepted> ",
    ],
)
def test_a_node_that_is_no_link_is_a_damaged_release_however_it_is_read(said: str) -> None:
    store = loaded(rncp=FRENCH, esco=ESCO, links=f"{OF_O1}{said}.")
    with pytest.raises(DamagedRelease) as raised:
        UnitReader(store, MINTING).unit(FICHE)
    assert f"{BASE}/id/l9" in str(raised.value)
    with pytest.raises(DamagedRelease):
        list(AllUnits(store, MINTING, lambda _: 0).links())


def test_what_a_machine_said_before_a_review_is_no_damage() -> None:
    store = loaded(
        rncp=FRENCH, esco=ESCO, links=f"{OF_O1}{CLOSE}; psl:linkState <{STATE}accepted> ; psl:confidence 0.5 {STATUS}."
    )
    link = OutcomeLink(SKILL + "a", "reviewed", "skos:closeMatch")
    assert list(AllUnits(store, MINTING, lambda _: 0).links()) == [(f"{BASE}/id/o1", link)]
    unit = UnitReader(store, MINTING).unit(FICHE)
    assert unit is not None
    assert [outcome.links for outcome in unit.outcomes] == [(link,), (), ()]


def test_nothing_read_of_a_store_that_is_being_built_goes_stale() -> None:
    store = loaded(rncp=FRENCH, esco=ESCO, links=LINKS)
    reader, outcome = UnitReader(store, MINTING), ox.NamedNode(f"{BASE}/id/o9")
    before = reader.unit(FICHE)
    assert before is not None
    for predicate, text in (("dcterms:title", "Parc"), ("psl:objectives", "Produire")):
        store.add(_said_of(FICHE, predicate, ox.Literal(text, language="fr")))
    store.add(_said_of(FICHE, "psl:hasOutcome", outcome))
    after = reader.unit(FICHE)
    assert after is not None
    assert len(after.titles) == len(before.titles) + 1
    assert reader.titles(FICHE) == after.titles
    assert {each.iri for each in after.outcomes} - {each.iri for each in before.outcomes} == {outcome.value}
    assert {fact.value for fact in after.facts} - {fact.value for fact in before.facts} == {"Produire"}


def _said_of(subject: str, predicate: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
    graph = ox.NamedNode(MINTING.graph("rncp"))
    return ox.Quad(ox.NamedNode(subject), ox.NamedNode(expand(predicate)), value, graph)


def test_links_that_are_not_those_of_the_outcomes_are_a_damaged_release() -> None:
    class OtherIndex:
        def outline_of(self, _unit: str) -> UnitOutline:
            return UnitOutline("bloc", "FR", 5, "stated", (), ())

        def links_of(self, _unit: str) -> list[tuple[OutcomeLink, ...]]:
            return [(), ()]

    # the certification has one outcome without its parts
    reader = UnitReader(loaded(rncp=FRENCH, esco=ESCO, links=LINKS), MINTING, lasting=True, index=OtherIndex())
    with pytest.raises(DamagedRelease):
        reader.unit(FICHE)


def test_a_reader_lets_its_store_go(tmp_path: Path) -> None:
    # what nobody refers to any more is closed at once: a store that is open for writing cannot be opened otherwise
    gc.disable()
    try:
        written = ox.Store(str(tmp_path / "store"))
        written.extend(loaded(rncp=FRENCH, esco=ESCO, links=LINKS))
        reader = UnitReader(written, MINTING, lasting=True)
        assert reader.unit(FICHE) is not None
        del reader, written
        assert len(ox.Store(str(tmp_path / "store"))) > 0
    finally:
        gc.enable()
