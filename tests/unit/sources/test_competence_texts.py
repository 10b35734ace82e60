"""The splitter: real blocs of each style, read by hand, and the traps that the extracts do not show."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from passerelle.records.text import Outcome
from passerelle.sources.competence_texts import split

REAL = [
    # unit, style, how many, first number, how the first begins, how the last ends
    (
        "RNCP34762BC01",
        "A1C1. and A1C2. without a space behind",
        7,
        "A1C1",
        "Evaluer, depuis son",
        "décision managériale",
    ),
    (
        "RNCP34762BC02",
        "numbers past 9",
        10,
        "A2C1",
        "Evaluer, sur son",
        "(sauf pour la VAE où seul l’anglais est exigé)",
    ),
    ("RNCP34762BC05", "A5.C1. behind a lead-in", 5, "A5.C1", "Réaliser un diagnostic", "auprès de la Direction"),
    ("RNCP35809BC01", "dashes, two spaces apart", 9, "", "Analyser le dossier", "une offre de prix du projet"),
    (
        "RNCP35809BC02",
        "runs of spaces inside sentences",
        20,
        "",
        "Valider une solution technique",
        "ouverture de chantier",
    ),
    (
        "RNCP35625BC02",
        "a dash three spaces before its text",
        5,
        "",
        "Mobiliser des savoirs",
        "évolutions de la réglementation",
    ),
    (
        "RNCP35625BC03",
        "sentences broken by three spaces",
        2,
        "",
        "Identifier, sélectionner",
        "au moins une langue étrangère",
    ),
    ("RNCP35625BC05", "two items run together stay one", 3, "", "Comprendre et", "préparer le travail de conception"),
    (
        "RNCP35419BC03",
        "C.10. with two digits",
        4,
        "C.10",
        "Développer les fonctionnalités",
        "manipulation par les tiers.",
    ),
    ("RNCP37488BC01", "asterisks, one of a single word", 5, "", "Valider le fonctionnement", "Maintenir un réseau"),
    (
        "RNCP40344BC01",
        "sentences without any mark",
        6,
        "",
        "Accueillir un propriétaire",
        "établissement de soins vétérinaires.",
    ),
    ("RNCP36612BC02", "long sentences without any mark", 9, "", "Paramétrer le logiciel", "de les corriger."),
    ("RNCP37674BC01", "titles two spaces apart", 4, "", "Installer et configurer", "utilisateur web ou web mobile"),
    ("RNCP37674BC02", "titles two spaces apart", 4, "", "Mettre en place", "web ou web mobile"),
    ("RNCP36490BC01", "1.1 with its 1.1.1: both", 10, "1.1", "Recueillir, le besoin", "dans le respect du RGPD"),
    (
        "RNCP36490BC03",
        "3.1 and 3.1.2. with a dot",
        12,
        "3.1",
        "Organiser le déploiement",
        "de l’application logicielle",
    ),
    ("RS6232", "RS: dashes and semicolons", 4, "", "Analyser la commande", "norme NFX 46-101."),
    ("RS5719", "RS: lead-in, and 4. with its 4.1 to 4.7", 6, "1", "évoluer dans le cadre", "l'état de la victime."),
    ("RS6547", "RS: 1 : with spaces round the colon", 4, "1", "Préparer des sessions", "pour les participants."),
    (
        "RS5000",
        "RS: asterisk, number, asterisks inside words",
        7,
        "C1",
        "Concevoir un projet",
        "pour l’utilisateur final.",
    ),
    ("RS5568", "RS: sentences with broken words", 10, "", "Identifier les enjeux", "en matière de cybersécurité"),
]


@pytest.fixture(scope="module")
def texts(reference: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in ("RNCP", "RS"):
        root = etree.parse(reference / "french-catalogue" / f"export_fiches_{name}_V4_1_extract.xml").getroot()
        for fiche in root.iterfind("FICHE"):
            found[fiche.findtext("NUMERO_FICHE", "")] = fiche.findtext("CAPACITES_ATTESTEES", "")
            for bloc in fiche.iterfind("BLOCS_COMPETENCES/BLOC_COMPETENCES"):
                found[bloc.findtext("CODE", "")] = bloc.findtext("LISTE_COMPETENCES", "")
    return found


@pytest.mark.parametrize(("unit", "style", "count", "number", "first", "last"), REAL, ids=[row[0] for row in REAL])
def test_real_unit(
    texts: dict[str, str], unit: str, style: str, count: int, number: str, first: str, last: str
) -> None:
    outcomes = split(texts[unit])
    assert len(outcomes) == count, style
    assert outcomes[0].number == number
    assert outcomes[0].text.startswith(first)
    assert outcomes[-1].text.endswith(last)
    assert all(outcome.language == "fr" and "  " not in outcome.text for outcome in outcomes)


def test_an_enumeration_that_finishes_a_sentence_stays_one_outcome(texts: dict[str, str]) -> None:
    fourth = split(texts["RS5719"])[3]
    assert fourth.number == "4"
    assert fourth.text.startswith("Réaliser les gestes de premiers secours face à une personne : victime d'une")
    assert fourth.text.endswith("; présentant un traumatisme des membres ou de la peau.")


def test_all_real_blocs(texts: dict[str, str]) -> None:
    blocs = [text for unit, text in texts.items() if "BC" in unit]
    assert len(blocs) == 39
    assert sum(len(split(text)) for text in blocs) == 262


CASES = [
    ("<p>Être capable de&nbsp;:</p><ul><li>Souder un c&acirc;ble ;</li><li>Lire un plan</li></ul>",
     ["Souder un câble", "Lire un plan"]),
    ("<b>Souder</b><br/>Percer<br>Lire un plan", ["Souder", "Percer", "Lire un plan"]),
    ("Souder\nPercer\r\nLire un plan", ["Souder", "Percer", "Lire un plan"]),
    ("•\u00a0\u00a0Souder un câble\u00a0\u00a0•\u00a0\u00a0Lire un plan", ["Souder un câble", "Lire un plan"]),
    ("• Souder • Percer • Lire un plan", ["Souder", "Percer", "Lire un plan"]),
    ("-Souder un câble    –  Lire un plan", ["Souder un câble", "Lire un plan"]),
    ("a) Souder    b) Percer", ["Souder", "Percer"]),
    ("Préparer le chantier : - Lire un plan - Commander les matériaux", ["Lire un plan", "Commander les matériaux"]),
    ("C1.1 Faire un audit C1.2 Conduire un projet, cf. C1.1 et suivants",
     ["Faire un audit", "Conduire un projet, cf. C1.1 et suivants"]),
    ("- Valider une solution   technique    - Percer", ["Valider une solution technique", "Percer"]),
    ("- Concevoir l’architecture   RGPD du projet    - Piloter les   Ressources humaines",
     ["Concevoir l’architecture RGPD du projet", "Piloter les Ressources humaines"]),
    ("Réaliser le suivi  de la production  et des stocks", ["Réaliser le suivi de la production et des stocks"]),
    ("Être capable de :    gérer les stocks    suivre    la production    rédiger un rapport",
     ["gérer les stocks", "suivre la production", "rédiger un rapport"]),
    ("Compétences attestées : Souder un câble", ["Souder un câble"]),
    ("COMPETENCES TECHNIQUES    Souder    COMPETENCES TRANSVERSALES    Travailler en équipe",
     ["Souder", "Travailler en équipe"]),
    ("Activité 1 : Relation client    C1. Organiser une réunion    Activité 2 : Pilotage    C2. Planifier",
     ["Organiser une réunion", "Planifier"]),
    ("1.1 Gérer le projet :    1.1.1 Planifier les travaux    1.1.2 Suivre le budget",
     ["Planifier les travaux", "Suivre le budget"]),
    ("- Réaliser les contrôles suivants :    o visuel    o dimensionnel    - Rédiger le rapport",
     ["Réaliser les contrôles suivants : visuel ; dimensionnel", "Rédiger le rapport"]),
    ("Contrôler :  o Vérifier la pression  o Mesurer le débit", ["Vérifier la pression", "Mesurer le débit"]),
    ("La gestion de la paie    La tenue des dossiers", ["La gestion de la paie", "La tenue des dossiers"]),
    ("Utiliser la norme 2015 du réseau", ["Utiliser la norme 2015 du réseau"]),
    ("Sans objet", []),
    ("*       *", []),
    ("", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text[:30] for text, _ in CASES])
def test_styles_that_the_extracts_do_not_show(text: str, expected: list[str]) -> None:
    assert [outcome.text for outcome in split(text)] == expected


def test_numbers_are_kept_apart_from_the_text() -> None:
    found = split("* C1.  Souder    Compétence 2 : Percer    BC01-C3 Lire un plan    4- Monter")
    assert found == [
        Outcome("Souder", "fr", "C1"),
        Outcome("Percer", "fr", "Compétence 2"),
        Outcome("Lire un plan", "fr", "BC01-C3"),
        Outcome("Monter", "fr", "4"),
    ]


def test_cutting_is_repeatable_on_its_own_results(texts: dict[str, str]) -> None:
    """An outcome is one outcome: what has been cut is not cut again."""
    for unit, text in texts.items():
        for outcome in split(text) if "BC" in unit else ():
            assert [again.text for again in split(outcome.text)] == [outcome.text]


@pytest.mark.parametrize("piece", ["1", "a  ", "- ", ": - ", "<", "A1.", "(1", "<!--", "Les compétences ", "• a "])
def test_hostile_texts_come_back(piece: str) -> None:
    """Regular expressions stay linear: 100,000 repetitions take no noticeable time (a power law would never end)."""
    split(piece * 100_000)
