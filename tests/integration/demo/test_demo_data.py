"""The demonstration says only what is true: fictitious numbers and bodies, real codes, reviews that find outcomes."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from lxml import etree

import demo_esco_subset
from passerelle.namespaces import Minting, expand

DEMO = Path(__file__).parents[3] / "data" / "demo"
EXPORTS = ("export_fiches_RNCP_V4_1_demo_2026-11-22.xml", "export_fiches_RS_V4_1_demo_2026-11-22.xml")
COUNTRIES = ("belgium", "germany", "greece", "italy", "netherlands", "portugal", "spain")
ISSUED = (*(DEMO / f"{country}.ttl" for country in COUNTRIES), DEMO / "denmark.csv", DEMO / "reviews.sssom.tsv")
SKILL = re.compile(r"(?:esco:|skill:|http://data\.europa\.eu/esco/skill/)([0-9a-f]{8}-[0-9a-f-]{27})")


def fiches() -> list[etree._Element]:
    return [fiche for name in EXPORTS for fiche in etree.parse(DEMO / name).iter("FICHE")]


def members(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def reviews() -> list[dict[str, str]]:
    lines = (DEMO / "reviews.sssom.tsv").read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"))


@pytest.fixture(scope="module")
def store(demo_release) -> ox.Store:
    return ox.Store.read_only(str(demo_release.store))


def test_numbers_are_fictitious() -> None:
    numbers = [re.fullmatch(r"(RNCP|RS)(\d+)", fiche.findtext("NUMERO_FICHE")) for fiche in fiches()]
    assert len(numbers) == 10
    assert all(int(number[2]) >= 990001 for number in numbers)


def test_titles_and_bodies_say_that_they_are_made_up() -> None:
    for fiche in fiches():
        assert fiche.findtext("INTITULE").endswith("(démonstration)")
        for name in (*fiche.iter("NOM_CERTIFICATEUR"), *fiche.iter("NOM_PARTENAIRE")):
            assert "FICTI" in name.text
            assert "DÉMONSTRATION" in name.text
        assert not list(fiche.iter("SIRET_CERTIFICATEUR", "SIRET_PARTENAIRE"))


def test_every_skill_named_is_a_skill_of_the_esco_part() -> None:
    table = members(DEMO / demo_esco_subset.ESCO_FILE.format(language="en"))["skills_en.csv"]
    known = {row["conceptUri"].rpartition("/")[2] for row in csv.DictReader(io.StringIO(table))}
    for path in ISSUED:
        named = set(SKILL.findall(path.read_text(encoding="utf-8")))
        assert named
        assert named <= known, path.name


def test_codes_of_levels_and_fields_are_real(reference: Path) -> None:
    with (reference / "elm" / "vocabularies" / "codelists-from-xsd.tsv").open(encoding="utf-8", newline="") as file:
        known = {row["iri"] for row in csv.DictReader(file, delimiter="\t")}
    for path in DEMO.glob("*.ttl"):
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
            if quad.predicate.value in (expand("elm:NQFLevel"), expand("elm:EQFLevel"), expand("elm:ISCEDFCode")):
                assert quad.object.value in known, path.name


def test_codes_of_fields_and_occupations_are_real(reference: Path) -> None:
    def codes(path: Path, column: str) -> set[str]:
        with path.open(encoding="utf-8", newline="") as file:
            return {row[column] for row in csv.DictReader(file)}

    fields = codes(reference / "french-catalogue" / "nsf_nomenclature.csv", "code")
    occupations = codes(reference / "rome" / "unix_referentiel_code_rome_v460_utf8.csv", "code_rome")
    for fiche in fiches():
        # a letter after the three digits tells the function
        assert {code.text[:3] for code in fiche.iterfind("CODES_NSF/NSF/CODE")} <= fields
        assert {code.text for code in fiche.iterfind("CODES_ROME/ROME/CODE")} <= occupations


@pytest.fixture(scope="module")
def cut_again(reference: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ESCO and ROME files cut out of the official ones once more."""
    folder = tmp_path_factory.mktemp("cut")
    demo_esco_subset.write(reference, folder)
    return folder


@pytest.mark.parametrize("language", ["en", "fr"])
def test_esco_part_is_cut_from_the_official_files(language: str, cut_again: Path) -> None:
    name = demo_esco_subset.ESCO_FILE.format(language=language)
    assert members(DEMO / name) == members(cut_again / name)


def test_rome_part_is_cut_from_the_official_files(cut_again: Path) -> None:
    name = demo_esco_subset.DEMO_CROSSWALK_FILE
    assert (DEMO / name).read_bytes() == (cut_again / name).read_bytes()
    workbook = demo_esco_subset.ROME_FILE
    assert members(DEMO / workbook) == members(cut_again / workbook)


def test_every_review_is_about_an_outcome_and_a_skill_of_the_release(store: ox.Store) -> None:
    base = Minting().identifier()
    kind, outcome, skill = (ox.NamedNode(expand(each)) for each in ("rdf:type", "psl:LearningOutcome", "esco:Skill"))
    for review in reviews():
        subject = ox.NamedNode(base + review["subject_id"].removeprefix("demo:"))
        target = ox.NamedNode(demo_esco_subset.SKILL + review["object_id"].removeprefix("esco:"))
        assert any(store.quads_for_pattern(subject, kind, outcome, None)), review["subject_label"]
        assert any(store.quads_for_pattern(target, kind, skill, None)), review["object_label"]


def test_reviews_name_no_person() -> None:
    assert {review["reviewer_label"] for review in reviews()} == {"Passerelle demo reviewer"}


def test_reviews_decide_the_state_of_links(store: ox.Store) -> None:
    links = ox.NamedNode(Minting().graph("links"))
    states = Counter(
        quad.object.value.rpartition("/")[2]
        for quad in store.quads_for_pattern(None, ox.NamedNode(expand("psl:linkState")), None, links)
    )
    # 43 decisions of the log; 33 skills declared in ELM, 2 in the unit table; the rest are guesses of the linker
    del states["candidate"]
    assert states == {"accepted": 41, "rejected": 2, "declared": 35}


def test_outcomes_worded_like_labels_are_proposed_as_the_same(store: ox.Store) -> None:
    links = ox.NamedNode(Minting().graph("links"))
    candidates = {
        quad.subject
        for quad in store.quads_for_pattern(
            None, ox.NamedNode(expand("psl:linkState")), ox.NamedNode(expand("pslv:link-state/candidate")), links
        )
    }
    same = {
        quad.subject
        for quad in store.quads_for_pattern(
            None, ox.NamedNode(expand("psl:matchRelation")), ox.NamedNode(expand("skos:exactMatch")), links
        )
    }
    outcomes = {
        quad.object.value.rpartition("/outcome/")[0].rpartition("/rncp/")[2]
        for node in candidates & same
        for quad in store.quads_for_pattern(node, ox.NamedNode(expand("psl:linkedOutcome")), None, links)
    }
    # the skills in brackets of the truth table that are worded like their labels: S01 and S03, S06, S15
    assert len(candidates & same) == 4
    assert outcomes == {"990003/bloc/RNCP990003BC01", "990003/bloc/RNCP990003BC02", "990007/bloc/02"}


def test_nothing_of_the_demonstration_is_rejected(demo_release) -> None:
    assert sum(sum(entry.rejected.values()) for entry in demo_release.manifest.sources) == 0
