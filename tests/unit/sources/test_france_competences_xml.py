"""The RNCP and RS exports: the real extracts to the last element, and every trap, one by one."""

from __future__ import annotations

import zipfile
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from french_fixture import Stated, export, minimum, read_source, read_xml
from passerelle.errors import InputError, MalformedInput, UnexpectedInput, UnsafeInput
from passerelle.records.fiche import Correspondence, RouteOpening
from passerelle.records.tally import Tally
from passerelle.records.text import Code
from passerelle.sources.archive import ArchiveLimits
from passerelle.sources.field_table import Element, element_tree
from passerelle.sources.france_competences_values import TRANSFORMS
from passerelle.sources.france_competences_xml import FIELDS, FranceCompetencesXml


@pytest.fixture(scope="module")
def extracts(reference: Path) -> dict[str, Path]:
    folder = reference / "french-catalogue"
    return {name: folder / f"export_fiches_{name.upper()}_V4_1_extract.xml" for name in ("rncp", "rs")}


def test_the_real_rncp_extract_is_accounted_for(extracts: dict[str, Path]) -> None:
    reading = read_source(FranceCompetencesXml(extracts["rncp"], "rncp"))
    assert reading.tally.accepted == {"fiche": 9, "bloc": 39, "outcome": 262, "correspondence": 31}
    assert reading.tally.rejected == {}
    assert [(r.message_id, r.place.record, r.place.line) for r in reading.rejects] == [("value-url", "RNCP37488", 686)]
    assert [fiche.number for fiche in reading.fiches] == [
        f"RNCP{digits}" for digits in (34762, 35809, 35625, 35419, 37488, 40344, 36612, 37674, 36490)
    ]


def test_the_real_rs_extract_is_accounted_for(extracts: dict[str, Path]) -> None:
    reading = read_source(FranceCompetencesXml(extracts["rs"], "rs"))
    assert reading.tally.accepted == {"fiche": 5, "outcome": 31}
    assert reading.tally.rejected == {}
    assert sorted((r.message_id, r.place.record) for r in reading.rejects) == [
        ("rs-open-to-vae", "RS5000"),
        ("value-url", "RS6232"),
    ]
    assert all(fiche.level is None and not fiche.blocs and fiche.outcomes for fiche in reading.fiches)


def test_source_facts_stay_apart(extracts: dict[str, Path]) -> None:
    fiches = {fiche.number: fiche for fiche in read_source(FranceCompetencesXml(extracts["rncp"], "rncp")).fiches}
    assert fiches["RNCP35809"].active is True
    assert fiches["RNCP35809"].dates.end == "2026-08-31"
    assert fiches["RNCP35625"].active is False
    assert fiches["RNCP35625"].state == "Modifications à valider par le ministère"
    assert fiches["RNCP34762"].active is False
    assert fiches["RNCP34762"].replaced_by == ("RNCP39568",)
    assert fiches["RNCP34762"].replaces == ("RNCP24998",)
    assert fiches["RNCP34762"].short_form == Code("DipViGrM", "Diplôme visé grade de master")
    assert fiches["RNCP40344"].dates.award_deadline == "2032-03-28"
    assert fiches["RNCP34762"].outcomes == ()
    assert "A1C1. Evaluer" in fiches["RNCP34762"].texts.attested_capabilities


def test_a_correspondence_without_codes_is_kept(extracts: dict[str, Path]) -> None:
    reading = read_source(FranceCompetencesXml(extracts["rncp"], "rncp"))
    found = {fiche.number: fiche.correspondences for fiche in reading.fiches if fiche.correspondences}
    assert {number: len(each) for number, each in found.items()} == {"RNCP40344": 8, "RNCP37674": 3, "RNCP36490": 20}
    assert Correspondence("RNCP31114") in found["RNCP37674"]
    assert Correspondence("RS6626", ("RNCP36490BC04",), ()) in found["RNCP36490"]


@pytest.mark.parametrize("catalogue", ["rncp", "rs"])
def test_every_element_of_the_extracts_is_in_the_field_table(extracts: dict[str, Path], catalogue: str) -> None:
    """Walks the file without the reader's code: a path is mapped to a field and target, or dropped with a reason."""
    root = element_tree(FIELDS)
    unknown: Counter[str] = Counter()
    for element in etree.parse(extracts[catalogue]).getroot().iterdescendants():
        steps = [*[above.tag for above in reversed(list(element.iterancestors()))][1:], element.tag]
        known: Element | None = root
        for step in steps:
            known = known.children.get(str(step)) if known is not None else None
        if known is None or known.catalogue not in {"both", catalogue}:
            unknown["/".join(map(str, steps))] += 1
    assert unknown == {}


def test_the_field_table_is_whole() -> None:
    def walk(element: Element, path: str) -> None:
        assert element.catalogue in {"both", "rncp", "rs"}, path
        if element.kind == "value":
            assert element.field, path
            assert element.transform in TRANSFORMS, path
        if element.kind == "dropped":
            assert element.reason, path
        for child in element.children.values():
            walk(child, f"{path}/{child.tag}")

    walk(element_tree(FIELDS), "")


DESCRIBED = """
<CCN_1><NUMERO>3109</NUMERO><LIBELLE>Métallurgie (fictive)</LIBELLE></CCN_1>
<CCN_3><NUMERO>44</NUMERO></CCN_3>
<CODES_IDCC><IDCC><CODE>0833</CODE><LIBELLE>Industries (fictives)</LIBELLE></IDCC></CODES_IDCC>
<PREREQUIS_VALIDATION_CERTIFICATION>Avoir validé les blocs.</PREREQUIS_VALIDATION_CERTIFICATION>
<DATE_DERNIER_JO>4/10/2016</DATE_DERNIER_JO>
<ANNEES_PROMOTIONS_NIVEAU><ANNEE>2022</ANNEE><ANNEE>2021</ANNEE></ANNEES_PROMOTIONS_NIVEAU>
<ACCESSIBLE_NOUVELLE_CALEDONIE>Oui</ACCESSIBLE_NOUVELLE_CALEDONIE>
<BLOCS_COMPETENCES><BLOC_COMPETENCES><CODE>01</CODE><LIBELLE>Souder</LIBELLE>
<LISTE_COMPETENCES>&lt;ul&gt;&lt;li&gt;Souder&amp;nbsp;un c&amp;acirc;ble&lt;/li&gt;
&lt;li&gt;Lire un plan&lt;/li&gt;&lt;/ul&gt;</LISTE_COMPETENCES>
<PREREQUIS_ENTREE_FORMATION_BLOC>Aucun prérequis.</PREREQUIS_ENTREE_FORMATION_BLOC>
<PREREQUIS_VALIDATION_BLOC>Avoir suivi le bloc.</PREREQUIS_VALIDATION_BLOC></BLOC_COMPETENCES></BLOCS_COMPETENCES>
"""


def test_elements_that_no_extract_shows(tmp_path: Path) -> None:
    reading = read_xml(tmp_path, export(minimum(more=DESCRIBED)))
    fiche = reading.fiche
    assert reading.reasons() == []
    assert fiche.collective_agreements == (
        Code("3109", "Métallurgie (fictive)"), Code("44"), Code("0833", "Industries (fictives)")
    )  # fmt: skip
    assert fiche.texts.validation_prerequisites == "Avoir validé les blocs."
    assert fiche.dates.last_gazette == "2016-10-04"
    assert fiche.level_years == (2022, 2021)
    assert fiche.territories == ("NCL",)
    (bloc,) = fiche.blocs
    assert (bloc.key, bloc.code, bloc.entry_prerequisites) == ("01", "01", "Aucun prérequis.")
    assert bloc.competences_text == "- Souder\xa0un câble\n- Lire un plan"
    assert [outcome.text for outcome in bloc.outcomes] == ["Souder un câble", "Lire un plan"]


def test_elements_of_rs_alone(tmp_path: Path) -> None:
    more = """<MODALITES_RENOUVELLEMENT>Tous les ans.</MODALITES_RENOUVELLEMENT><DUREE_VALIDITE>3 ans</DUREE_VALIDITE>
    <VALIDATION_PARTIELLE>Oui</VALIDATION_PARTIELLE>
    <VALIDATION_PARTIELLE_PERIMETRE>Niveaux A1 à C2</VALIDATION_PARTIELLE_PERIMETRE>
    <CAPACITES_ATTESTEES>- Souder    - Percer    - Souder</CAPACITES_ATTESTEES>"""
    reading = read_xml(tmp_path, export(minimum("RS900001", more)), "rs")
    fiche = reading.fiche
    assert (fiche.texts.renewal_terms, fiche.texts.validity_terms) == ("Tous les ans.", "3 ans")
    assert (fiche.partial_validation, fiche.texts.partial_validation_scope) == (True, "Niveaux A1 à C2")
    assert [outcome.text for outcome in fiche.outcomes] == ["Souder", "Percer"]
    assert reading.tally.read["outcome"] == 3
    assert reading.tally.rejected["outcome"] == 1
    assert reading.reasons() == ["outcome-repeated"]


def test_old_rncp_without_blocs_has_its_outcomes_from_the_capabilities(tmp_path: Path) -> None:
    fiche = read_xml(
        tmp_path, export(minimum(more="<CAPACITES_ATTESTEES>Souder    Percer</CAPACITES_ATTESTEES>"))
    ).fiche
    assert [outcome.text for outcome in fiche.outcomes] == ["Souder", "Percer"]


def test_actif_of_a_route_is_not_the_fiches(tmp_path: Path) -> None:
    more = """<SI_JURY_FI><ACTIF>Oui</ACTIF><COMPOSITION>Deux professionnels</COMPOSITION></SI_JURY_FI>
    <SI_JURY_VAE><ACTIF>Non</ACTIF></SI_JURY_VAE><ACTIF>Non</ACTIF>"""
    fiche = read_xml(tmp_path, export(minimum(more=more))).fiche
    assert fiche.active is False
    assert fiche.routes == (
        RouteOpening("pslv:access-route/initial-training", True, "Deux professionnels"),
        RouteOpening("pslv:access-route/recognition-of-prior-learning", False),
    )
    assert read_xml(tmp_path, export(minimum(more="<SI_JURY_FI><ACTIF>Oui</ACTIF></SI_JURY_FI>"))).fiche.active is None


VALUES = [
    ("<NOMENCLATURE_EUROPE><NIVEAU>NIV9</NIVEAU></NOMENCLATURE_EUROPE>", ["value-level"]),
    ("<NOMENCLATURE_EUROPE><NIVEAU>AUCUN</NIVEAU></NOMENCLATURE_EUROPE>", []),
    ("<DATE_EFFET>31/02/2026</DATE_EFFET>", ["value-date"]),
    ("<DATE_EFFET>2026-01-31</DATE_EFFET>", ["value-date"]),
    ("<DATE_EFFET>  </DATE_EFFET>", []),
    ("<ACTIF>Vrai</ACTIF>", ["value-boolean"]),
    ("<TYPE_ENREGISTREMENT>Enregistrement spontané</TYPE_ENREGISTREMENT>", ["value-registration-type"]),
    ("<DUREE_ENREGISTREMENT>cinq</DUREE_ENREGISTREMENT>", ["value-integer"]),
    ("<LIEN_URL_DESCRIPTION>*       *</LIEN_URL_DESCRIPTION>", ["value-url"]),
    ("<NOUVEAUTE>x</NOUVEAUTE>", ["element-unknown"]),
    ("<ACTIF>Oui</ACTIF><ACTIF>Non</ACTIF>", ["element-repeated"]),
    ("<ETAT_FICHE lang='fr'>Publiée</ETAT_FICHE>", ["attribute-unknown"]),
    ("<CODES_ROME>I1304<ROME><CODE>I1304</CODE></ROME></CODES_ROME>", ["element-text"]),
    ("<CODES_NSF><NSF><LIBELLE>sans code</LIBELLE></NSF></CODES_NSF>", ["code-missing"]),
    ("<VALIDATION_PARTIELLE>Non</VALIDATION_PARTIELLE>", ["element-other-catalogue"]),
    ("<STATISTIQUES_PROMOTIONS><STATISTIQUES_PROMOTION><NOMBRE_CERTIFIES>3</NOMBRE_CERTIFIES></STATISTIQUES_PROMOTION>"
     "</STATISTIQUES_PROMOTIONS>", ["cohort-without-year"]),
    ("<NOUVELLES_CERTIFICATIONS><NOUVELLE_CERTIFICATION><ID_FICHE_NOUVELLE_CERTIFICATION>RNCP900001"
     "</ID_FICHE_NOUVELLE_CERTIFICATION></NOUVELLE_CERTIFICATION></NOUVELLES_CERTIFICATIONS>",
     ["succession-of-itself"]),
]  # fmt: skip


@pytest.mark.parametrize(("more", "reasons"), VALUES, ids=[more[:40] for more, _ in VALUES])
def test_a_bad_value_is_dropped_and_the_fiche_kept(tmp_path: Path, more: str, reasons: list[str]) -> None:
    reading = read_xml(tmp_path, export(minimum(more=more)))
    assert reading.tally.accepted["fiche"] == 1
    assert reading.reasons() == reasons
    assert all(reject.item == "value" and reject.place.record == "RNCP900001" for reject in reading.rejects)
    fiche = reading.fiche
    assert (fiche.level, fiche.dates.effect, fiche.registration_type, fiche.pages) == (None, "", "", ())


def test_urls_in_free_text(tmp_path: Path) -> None:
    more = "<LIEN_URL_DESCRIPTION>https://a.example.org/x    https://b.example.org</LIEN_URL_DESCRIPTION>"
    reading = read_xml(tmp_path, export(minimum(more=more)))
    assert (reading.fiche.pages, reading.reasons()) == (("https://a.example.org/x", "https://b.example.org"), [])
    more = "<LIEN_URL_DESCRIPTION>voir https://a.example.org/x (javascript:alert)</LIEN_URL_DESCRIPTION>"
    reading = read_xml(tmp_path, export(minimum(more=more)))
    assert (reading.fiche.pages, reading.reasons()) == (("https://a.example.org/x",), ["value-url"])


def test_an_rs_entry_with_a_level_or_occupations(tmp_path: Path) -> None:
    more = """<NOMENCLATURE_EUROPE><NIVEAU>NIV5</NIVEAU></NOMENCLATURE_EUROPE>
    <CODES_ROME><ROME><CODE>I1304</CODE></ROME></CODES_ROME>"""
    reading = read_xml(tmp_path, export(minimum("RS900001", more)), "rs")
    assert (reading.fiche.level, reading.fiche.occupations) == (None, ())
    assert reading.reasons() == ["element-other-catalogue", "element-other-catalogue"]


REFUSED = [
    ("<INTITULE>Sans numéro</INTITULE>", "fiche-number-missing"),
    (minimum("37674"), "fiche-number-malformed"),
    ("<NUMERO_FICHE>RNCP900002</NUMERO_FICHE><INTITULE>  </INTITULE>", "fiche-title-missing"),
    (minimum("RS900001"), "fiche-other-catalogue"),
    (minimum("RNCP0900001"), "fiche-duplicate"),
]


@pytest.mark.parametrize(("fiche", "reason"), REFUSED, ids=[reason for _, reason in REFUSED])
def test_a_fiche_that_cannot_be_identified_is_set_aside(tmp_path: Path, fiche: str, reason: str) -> None:
    reading = read_xml(tmp_path, export(minimum("RNCP900001"), fiche, minimum("RNCP900003")))
    assert [each.number for each in reading.fiches] == ["RNCP900001", "RNCP900003"]
    assert (reading.tally.accepted["fiche"], reading.tally.rejected["fiche"]) == (2, 1)
    assert reading.reasons() == [reason]
    assert reading.rejects[0].place.line == 5


def bloc(code: str, title: str, competences: str = "Souder") -> str:
    return (
        f"<BLOC_COMPETENCES><CODE>{code}</CODE><LIBELLE>{title}</LIBELLE>"
        f"<LISTE_COMPETENCES>{competences}</LISTE_COMPETENCES></BLOC_COMPETENCES>"
    )


def test_repeated_and_missing_bloc_codes_get_stable_keys(tmp_path: Path) -> None:
    blocs = [bloc("01", "Souder"), bloc("01", "Percer"), bloc("", "Lire"), bloc("01", "Souder"), bloc("02", "", "")]
    keys = []
    for order in (blocs, blocs[::-1]):
        reading = read_xml(tmp_path, export(minimum(more=f"<BLOCS_COMPETENCES>{''.join(order)}</BLOCS_COMPETENCES>")))
        keys.append({each.title: each.key for each in reading.fiche.blocs})
        assert (reading.tally.accepted["bloc"], reading.tally.rejected["bloc"]) == (3, 2)
        assert Counter(reading.reasons()) == {
            "bloc-code-repeated": 2, "bloc-code-missing": 1, "bloc-duplicate": 1, "bloc-empty": 1
        }  # fmt: skip
    assert keys[0] == keys[1]
    assert keys[0]["Souder"].startswith("01~")
    assert keys[0]["Lire"].startswith("~")
    assert len(set(keys[0].values())) == 3


def test_blocs_of_equal_code_and_title_differ_by_their_competences(tmp_path: Path) -> None:
    both = bloc("01", "Souder", "Souder") + bloc("01", "Souder", "Percer")
    reading = read_xml(tmp_path, export(minimum(more=f"<BLOCS_COMPETENCES>{both}</BLOCS_COMPETENCES>")))
    assert len({each.key for each in reading.fiche.blocs}) == 2


def test_correspondences_are_counted_one_by_one(tmp_path: Path) -> None:
    one = (
        "<CORRESPONDANCE><SOURCE><BLOC_COMPETENCES><CODE>A</CODE></BLOC_COMPETENCES><BLOC_COMPETENCES><CODE>B</CODE>"
        "</BLOC_COMPETENCES></SOURCE><DESTINATION><NUMERO_FICHE>RNCP900002</NUMERO_FICHE></DESTINATION></CORRESPONDANCE>"
    )
    without = "<CORRESPONDANCE><DESTINATION></DESTINATION></CORRESPONDANCE>"
    reading = read_xml(tmp_path, export(minimum(more=f"<CORRESPONDANCES>{one}{one}{without}</CORRESPONDANCES>")))
    assert reading.fiche.correspondences == (Correspondence("RNCP900002", ("A", "B")),)
    assert reading.tally.read["correspondence"] == 3
    assert reading.reasons() == ["correspondence-duplicate", "correspondence-without-target"]


PEOPLE = """<CERTIFICATEURS>
<CERTIFICATEUR><NOM_CERTIFICATEUR>Mme Camille FICTIVE</NOM_CERTIFICATEUR></CERTIFICATEUR>
<CERTIFICATEUR><NOM_CERTIFICATEUR>ECOLE FICTIVE</NOM_CERTIFICATEUR>
<ETAT_CERTIFICATEUR>Actif</ETAT_CERTIFICATEUR></CERTIFICATEUR>
<CERTIFICATEUR><SIRET_CERTIFICATEUR>99000000000001</SIRET_CERTIFICATEUR>
<NOM_CERTIFICATEUR>CLUB</NOM_CERTIFICATEUR>
<ETAT_CERTIFICATEUR>Inactif</ETAT_CERTIFICATEUR></CERTIFICATEUR>
</CERTIFICATEURS><PARTENAIRES>
<PARTENAIRE><NOM_PARTENAIRE>DOMINIQUE FICTIVE</NOM_PARTENAIRE><SIRET_PARTENAIRE>98000000000001</SIRET_PARTENAIRE>
<HABILITATION_PARTENAIRE>HABILITATION_FORMER</HABILITATION_PARTENAIRE></PARTENAIRE>
<PARTENAIRE><NOM_PARTENAIRE>ASSOCIATION FICTIVE</NOM_PARTENAIRE><SIRET_PARTENAIRE>98000000000002</SIRET_PARTENAIRE>
<HABILITATION_PARTENAIRE>HABILITATION_FORMER</HABILITATION_PARTENAIRE>
<TELEPHONE>0600000000</TELEPHONE></PARTENAIRE>
</PARTENAIRES>"""


def test_no_natural_person_is_published(tmp_path: Path) -> None:
    closed = read_xml(tmp_path, export(minimum(more=PEOPLE)))
    assert (closed.fiche.partner_count, closed.fiche.partners) == (2, ())
    assert [each.name for each in closed.fiche.certifiers] == ["ECOLE FICTIVE", "CLUB"]
    opened = read_xml(tmp_path, export(minimum(more=PEOPLE)), publish_partners=True)
    assert opened.fiche.partner_count == 2
    assert [each.name for each in opened.fiche.partners] == ["ASSOCIATION FICTIVE"]
    for reading in (closed, opened):
        assert sorted(reading.reasons()) == ["certifier-withheld", "element-unknown"]
        said = repr(reading.rejects) + "".join(map(str, Stated(reading.fiches).quads))
        assert not any(word in said for word in ("Camille", "DOMINIQUE", "0600000000"))
    stated = Stated(opened.fiches)
    assert len(stated.objects("/id/rncp/900001", "psl:certifierRole")) == 2
    assert len(stated.objects("/id/rncp/900001", "psl:certifiedBy")) == 1
    assert stated.objects("/id/rncp/900001/authorisation/98000000000002", "psl:authorisationScope") == {
        "https://w3id.org/passerelle/vocabulary/authorisation-scope/train"
    }


def test_a_certifier_known_by_its_siret_alone(tmp_path: Path) -> None:
    one = "<CERTIFICATEUR><SIRET_CERTIFICATEUR>99000000000001</SIRET_CERTIFICATEUR>{}</CERTIFICATEUR>"
    states = [one.format(f"<ETAT_CERTIFICATEUR>{state}</ETAT_CERTIFICATEUR>") for state in ("Inactif", "Actif")]
    more = f"<CERTIFICATEURS>{''.join(states)}<CERTIFICATEUR/></CERTIFICATEURS>"
    reading = read_xml(tmp_path, export(minimum(more=more)))
    assert [(each.siret, each.name, each.state) for each in reading.fiche.certifiers] == [
        ("99000000000001", "", "Actif")
    ]
    assert reading.reasons() == ["certifier-repeated", "certifier-unnamed"]


UNUSABLE = [
    ("not xml at all", MalformedInput, "xml-none", None),
    ("", MalformedInput, "xml-none", None),
    (export(minimum())[:-20], MalformedInput, "xml-malformed", 4),
    (export(minimum()).replace("</INTITULE>", ""), MalformedInput, "xml-malformed", 4),
    (export("<INTITULE>&inconnue;</INTITULE>"), MalformedInput, "xml-malformed", 4),
    (
        export(minimum(more="<ETAT_FICHE>Publiée</ETAT_FICHE>")).encode("latin-1"),
        MalformedInput,
        "xml-encoding-line",
        4,
    ),
    (export(minimum(), head="<?xml version='1.0' encoding='ISO-8859-1'?>"), MalformedInput, "xml-encoding", None),
    (export(minimum()).encode("utf-16"), MalformedInput, "xml-encoding", None),
    ("<FICHES><VERSION_FLUX>3.0</VERSION_FLUX><FICHE/></FICHES>", UnexpectedInput, "flux-version", None),
    (export(minimum(), version="5"), UnexpectedInput, "flux-version", None),
    ("<FICHES><FICHE/></FICHES>", UnexpectedInput, "flux-version", None),
    ("<Courses/>", UnexpectedInput, "xml-root", None),
    (export(), UnexpectedInput, "fiches-none", None),
    (export(minimum("RS900001")), UnexpectedInput, "fiches-other-catalogue", None),
]


@pytest.mark.parametrize(
    ("content", "kind", "reason", "line"), UNUSABLE, ids=[f"{i}-{r[2]}" for i, r in enumerate(UNUSABLE)]
)
def test_a_file_that_cannot_be_used(
    tmp_path: Path, content: str | bytes, kind: type[InputError], reason: str, line: int | None
) -> None:
    with pytest.raises(kind) as caught:
        read_xml(tmp_path, content)
    assert caught.value.message_id == reason
    assert caught.value.place.file == "export.xml"
    if line is not None:
        assert caught.value.place.line == line
    assert caught.value.what("fr") != caught.value.what("en")


BOMB = "".join(
    ["<!DOCTYPE FICHES [<!ENTITY a0 'boom'>"]
    + [f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10)]
    + ["]>"]
)
DOCTYPES = [
    f"<?xml version='1.0'?>\n{BOMB}<FICHES x='&a9;'>&a9;</FICHES>",
    "<!-- <FICHES> --><?pi x?>\n<!DOCTYPE FICHES SYSTEM 'file:///etc/passwd'><FICHES/>",
    "\ufeff<!DOCTYPE FICHES><FICHES/>",
    " " * 70_000 + "<!DOCTYPE FICHES><FICHES/>",
]


@pytest.mark.parametrize("content", DOCTYPES, ids=["bomb", "external", "byte order mark", "far away"])
def test_a_doctype_is_refused_before_parsing(tmp_path: Path, content: str) -> None:
    with pytest.raises(UnsafeInput) as caught:
        read_xml(tmp_path, content)
    assert caught.value.message_id == "xml-doctype"


def test_an_endless_prolog_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsafeInput) as caught:
        read_xml(tmp_path, "<!--" + "x" * 3_000_000 + "--><FICHES/>")
    assert caught.value.message_id == "xml-prolog"


def test_a_record_without_end_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("export.xml", "w") as file:
        file.write(export(minimum()).encode().removesuffix(b"</FICHES>\n") + b"<FICHE>")
        for _ in range(80):
            file.write(b"<X>" + b"x" * 1_000_000 + b"</X>")
    with pytest.raises(UnsafeInput) as caught:
        read_source(FranceCompetencesXml(path, "rncp", ArchiveLimits(ratio=5000)))
    assert caught.value.message_id == "xml-record-size"


def test_comments_that_speak_of_doctypes_are_no_doctypes(tmp_path: Path) -> None:
    content = export(minimum(), head="<?xml version='1.0' encoding='utf-8'?><!-- <!DOCTYPE x> -->")
    assert read_xml(tmp_path, "\ufeff" + content).tally.accepted["fiche"] == 1


def test_strangers_beside_the_fiches_are_noticed(tmp_path: Path) -> None:
    content = export(minimum(), minimum("RNCP900002")).replace("</FICHES>", "<TOTAL>2</TOTAL></FICHES>")
    reading = read_xml(tmp_path, content.replace("<FICHE>", "<DATE>x</DATE><FICHE>", 1))
    assert reading.tally.accepted["fiche"] == 2
    assert [reject.parameters["element"] for reject in reading.rejects] == ["DATE", "TOTAL"]


def test_the_zip_as_it_is_published(tmp_path: Path) -> None:
    path = tmp_path / "export-fiches-rncp-v4-1-2026-08-16.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("export_fiches_RNCP_V4_1_2026-08-16.xml", export(minimum()))
    source = FranceCompetencesXml(path, "rncp")
    assert (source.slug, source.kind) == ("rncp", "rncp")
    provenance = source.provenance()
    assert (provenance.edition, provenance.files[0].name) == ("2026-08-16", path.name)
    assert read_source(source).fiche.number == "RNCP900001"
    with pytest.raises(MalformedInput) as caught:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("export.xml", export(minimum())[:-30])
        read_source(FranceCompetencesXml(path, "rncp"))
    assert caught.value.place.file == f"{path.name}/export.xml"


def test_a_zip_bomb_of_fiches(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("export.xml", export(minimum(more=" " * 8_000_000)))
    with pytest.raises(UnsafeInput):
        read_source(FranceCompetencesXml(path, "rncp", ArchiveLimits(ratio=200)))


def test_progress_is_told_in_bytes(tmp_path: Path) -> None:
    path = tmp_path / "export.xml"
    path.write_text(export(*(minimum(f"RNCP{900_000 + n}") for n in range(1, 402))), encoding="utf-8")
    told: list[tuple[int, int]] = []
    size = path.stat().st_size
    assert len(list(FranceCompetencesXml(path, "rncp").read(Tally(on_progress=lambda *both: told.append(both))))) == 401
    assert len(told) == 3
    assert told[-1] == (size, size)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
