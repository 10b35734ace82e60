"""Long outcomes fall into clauses; short ones stay whole."""

from __future__ import annotations

from passerelle.linking.clauses import clauses

LONG = (
    "Réaliser la maintenance préventive et corrective d'une éolienne terrestre en appliquant les consignes de sécurité"
    " du site, afin de garantir la disponibilité du parc"
)


def test_circumstances_are_told_from_the_main_clause() -> None:
    found = clauses(LONG, "fr")
    assert [(each.text, each.main) for each in found] == [
        ("Réaliser la maintenance préventive et corrective d’une éolienne terrestre", True),
        ("en appliquant les consignes de sécurité du site", False),
        ("afin de garantir la disponibilité du parc", False),
    ]


def test_en_without_a_gerund_opens_nothing() -> None:
    text = (
        "Poser des charpentes en bois massif selon le plan d'exécution du bureau d'études, régler les ouvrages"
        " et nettoyer le chantier"
    )
    assert clauses(text, "fr")[0].text == "Poser des charpentes en bois massif"


def test_short_texts_are_not_cut() -> None:
    assert clauses("Souder un câble, poser un tuyau", "fr") == ()


def test_a_language_without_openers_is_cut_at_its_marks() -> None:
    text = (
        "Anlagen planen und auslegen; Anlagen montieren und anschliessen; Anlagen in Betrieb nehmen und die Kunden in"
        " die Bedienung der Anlage einweisen"
    )
    assert [each.text for each in clauses(text, "de")][:2] == [
        "Anlagen planen und auslegen",
        "Anlagen montieren und anschliessen",
    ]
    assert all(each.main for each in clauses(text, "de"))
