"""What a fiche says in the graph: three things with three IRIs, each date on the right one."""

from __future__ import annotations

from pathlib import Path

import pytest

from french_fixture import MINTING, Stated, export, minimum, read_source, read_xml
from passerelle.namespaces import VOCABULARY, short_hash
from passerelle.records.text import outcome_hash
from passerelle.sources.france_competences_xml import FranceCompetencesXml

UNIT = "/id/rncp/40344"


@pytest.fixture(scope="module")
def real(reference: Path) -> Stated:
    path = reference / "french-catalogue" / "export_fiches_RNCP_V4_1_extract.xml"
    return Stated(read_source(FranceCompetencesXml(path, "rncp")).fiches)


@pytest.fixture(scope="module")
def real_rs(reference: Path) -> Stated:
    path = reference / "french-catalogue" / "export_fiches_RS_V4_1_extract.xml"
    return Stated(read_source(FranceCompetencesXml(path, "rs")).fiches, "rs")


def concept(name: str) -> str:
    return VOCABULARY + name


def test_record_registration_and_qualification_are_three(real: Stated) -> None:
    assert real.objects(UNIT + "/record", "foaf:primaryTopic") == {UNIT}
    assert real.objects(UNIT + "/record", "dcterms:isPartOf") == {"/id/catalogue/rncp"}
    assert real.objects(UNIT + "/record", "foaf:page") == {"https://www.francecompetences.fr/recherche/rncp/40344/"}
    assert real.objects(UNIT + "/record", "psl:sourceActive") == {"true"}
    assert real.objects(UNIT, "psl:registration") == {UNIT + "/registration"}
    assert real.objects(UNIT + "/registration", "psl:awardDeadline") == {"2032-03-28"}
    assert real.objects(UNIT + "/registration", "psl:registrationType") == {concept("registration-type/on-request")}
    assert real.objects(UNIT, "psl:awardDeadline") == set()
    assert real.objects("/id/rncp/34762/record", "dcterms:issued") == {"2020-07-23"}


def test_level_is_stated_for_the_whole_and_inherited_by_its_blocs(real: Stated) -> None:
    assert real.objects("/id/rncp/37674", "elm:EQFLevel") == {"http://data.europa.eu/snb/eqf/5"}
    assert real.objects("/id/rncp/37674", "psl:levelBasis") == {concept("level-basis/stated")}
    assert real.objects("/id/rncp/37674", "psl:frameworkLevel") == {concept("french-level/5")}
    bloc = "/id/rncp/37674/bloc/RNCP37674BC01"
    assert real.objects(bloc, "psl:levelBasis") == {concept("level-basis/inherited")}
    assert real.objects(bloc, "psl:eqfLevelNumber") == {"5"}
    assert real.objects(bloc, "elm:EQFLevel") == set()
    assert real.objects(bloc, "psl:blocOf") == {"/id/rncp/37674"}
    assert bloc in real.objects("/id/rncp/37674", "dcterms:hasPart")


def test_outcomes_are_their_unit_and_their_text(real: Stated) -> None:
    bloc = "/id/rncp/37488/bloc/RNCP37488BC01"
    expected = f"{bloc}/outcome/{outcome_hash('Coder', 'fr')}"
    assert expected in real.objects(bloc, "psl:hasOutcome")
    assert real.objects(expected, "dcterms:title") == {"Coder"}
    assert len(real.objects(bloc, "psl:hasOutcome")) == 5
    numbered = f"/id/rncp/36490/bloc/RNCP36490BC01/outcome/{short_hash('x')}"
    assert real.objects(numbered, "psl:sourceNumber") == set()


def test_correspondences_are_nodes_of_their_own(real: Stated) -> None:
    found = [quad.subject for quad in real.quads if str(quad.object).endswith("OfficialCorrespondence>")]
    nodes = [node.value.removeprefix(MINTING.base) for node in found]
    assert len(set(nodes)) == 31
    targets = {node: real.objects(node, "psl:correspondenceTargetQualification") for node in nodes}
    (bare,) = [
        node
        for node in nodes
        if not real.objects(node, "psl:correspondenceSource") | real.objects(node, "psl:correspondenceTarget")
    ]
    assert targets[bare] == {"/id/rncp/31114"}
    assert real.objects(bare, "psl:correspondenceSourceQualification") == {"/id/rncp/37674"}
    assert real.objects(bare, "psl:declaredBy") == {"/id/rncp/37674/record"}
    assert real.objects(bare, "psl:correspondenceExtent") == {concept("correspondence-extent/not-stated")}
    (to_rs,) = [node for node in nodes if targets[node] == {"/id/rs/6626"}]
    assert real.objects(to_rs, "psl:correspondenceSource") == {"/id/rncp/36490/bloc/RNCP36490BC04"}


def test_an_inactive_certifier_keeps_its_role_and_certifies_nothing(real_rs: Stated) -> None:
    assert len(real_rs.objects("/id/rs/6232", "psl:certifierRole")) == 3
    assert real_rs.objects("/id/rs/6232", "psl:certifiedBy") == {"/id/organisation/siret/93905426800023"}
    role = "/id/rs/6232/certifier/84210466300039"
    assert real_rs.objects(role, "psl:sourceState") == {"Inactif"}
    assert real_rs.objects(role, "psl:stateDate") == {"2025-11-27"}


def test_an_rs_entry_has_no_level_and_keeps_its_anomaly(real_rs: Stated) -> None:
    unit = "/id/rs/5000"
    assert real_rs.objects(unit, "psl:unitKind") == {concept("unit-kind/specific-certification")}
    assert real_rs.objects(unit, "psl:levelBasis") == {concept("level-basis/not-stated")}
    assert real_rs.objects(unit, "psl:eqfLevelNumber") == set()
    assert real_rs.objects(unit + "/route/recognition-of-prior-learning", "psl:routeOpen") == {"true"}
    assert len(real_rs.objects(unit, "psl:hasOutcome")) == 7


def test_no_statement_is_made_twice_and_none_is_about_a_blank_node(real: Stated) -> None:
    assert len(set(map(repr, real.quads))) == len(real.quads)
    assert not any("BlankNode" in repr(quad) for quad in real.quads)


def test_shared_codes_are_stated_once_with_each_label(tmp_path: Path) -> None:
    codes = "<CODES_NSF><NSF><CODE>227</CODE><LIBELLE>{}</LIBELLE></NSF></CODES_NSF>"
    fiches = read_xml(
        tmp_path,
        export(*(minimum(f"RNCP90000{n}", codes.format(label)) for n, label in ((1, "A"), (2, "A"), (3, "B")))),
    ).fiches
    stated = Stated(fiches)
    assert stated.objects("/id/nsf/227", "skos:prefLabel") == {"A"}
    assert stated.objects("/id/nsf/227", "skos:altLabel") == {"B"}
    assert stated.objects("/id/nsf/227", "skos:notation") == {"227"}
    assert len(set(map(repr, stated.quads))) == len(stated.quads)


def test_an_odd_bloc_code_is_one_segment(tmp_path: Path) -> None:
    bloc = "<BLOC_COMPETENCES><CODE>01/a b</CODE><LIBELLE>Souder</LIBELLE></BLOC_COMPETENCES>"
    fiches = read_xml(tmp_path, export(minimum(more=f"<BLOCS_COMPETENCES>{bloc}</BLOCS_COMPETENCES>"))).fiches
    assert Stated(fiches).objects("/id/rncp/900001", "dcterms:hasPart") == {"/id/rncp/900001/bloc/01%2Fa%20b"}
