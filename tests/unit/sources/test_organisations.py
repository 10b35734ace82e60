"""Whose name may be published, and what markup in a text becomes."""

from __future__ import annotations

import pytest

from passerelle.sources.markup import plain_text
from passerelle.sources.organisations import is_organisation, shows_a_person

PERSON_SIRET, PUBLIC_SIRET = "80000000000001", "19000000000001"


@pytest.mark.parametrize(
    "name",
    ["M. Camille FICTIF", "Mme FICTIVE", "MADAME DOMINIQUE FICTIVE", "monsieur fictif", "FICTIF CAMILLE EI",
     "Mr. Fictif", "FORMATION (EI) CAMILLE", "Entrepreneur individuel Fictif", "Dr. Fictif"],
)  # fmt: skip
def test_names_that_show_a_person(name: str) -> None:
    assert shows_a_person(name)
    assert not is_organisation(name, PERSON_SIRET)
    assert not is_organisation(name, PUBLIC_SIRET)


@pytest.mark.parametrize("name", ["MMA FORMATION", "MINISTERE DU TRAVAIL", "MS FORMATION", "Dream Institut", "M2I"])
def test_names_that_only_look_like_titles(name: str) -> None:
    assert not shows_a_person(name)


@pytest.mark.parametrize(
    ("name", "siret", "expected"),
    [
        ("CAMILLE FICTIVE", PERSON_SIRET, False),
        ("FICTIVE", PERSON_SIRET, False),
        ("ASSASSIN", PERSON_SIRET, False),
        ("Écoles et Lycée fictifs", PERSON_SIRET, True),
        ("ASSOCIATION FICTIVE", PERSON_SIRET, True),
        ("ASSOCIATION FICTIVE", "", False),
        ("FICTIVE", PUBLIC_SIRET, True),
        ("MARIE DE SA", PERSON_SIRET, False),
        ("JEAN MAISON", PERSON_SIRET, False),
        ("CAMILLE FICTIVE FORMATION", PERSON_SIRET, False),
        ("FICTIVE CONSEIL", PERSON_SIRET, False),
        ("FICTIVE CAMILLE EI ASSOCIATION", PERSON_SIRET, False),
        ("SARL FICTIVE", PERSON_SIRET, True),
    ],
)
def test_partners_must_be_recognisable(name: str, siret: str, expected: bool) -> None:
    assert is_organisation(name, siret) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Souder   un câble ", "Souder   un câble"),
        ("a < b et R&D", "a < b et R&D"),
        ("&lt;p&gt;x&lt;/p&gt; &eacute;", "x\né"),
        ("<p>un</p>\n\n<p>deux<br />trois</p>", "un\ndeux\ntrois"),
        ("<ul><li>un</li><li>deux</li></ul>", "- un\n- deux"),
        ("<!-- <p>Normal 0 21</p> -->texte<style>p {}</style>", "texte"),
        ("<!-- jamais fermé texte", "<!-- jamais fermé texte"),
        ("<XML>5</XML> <strong class='x'>gras</strong>", "<XML>5</XML> gras"),
    ],
)
def test_markup_becomes_text(text: str, expected: str) -> None:
    assert plain_text(text) == expected
