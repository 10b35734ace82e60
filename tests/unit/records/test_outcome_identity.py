"""The identity of an outcome: unit plus hash of its normalised text, never its position."""

from __future__ import annotations

import hashlib

import pytest

from passerelle.namespaces import Minting
from passerelle.records.text import Outcome, normalised, outcome_hash


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- Analyser le dossier", "Analyser le dossier"),
        ("•\u00a0Analyser   le\u202fdossier", "Analyser le dossier"),
        ("A1C1. Evaluer", "Evaluer"),
        ("A1C2.Apprécier", "Apprécier"),
        ("A5.C1. Réaliser", "Réaliser"),
        ("C.10. Développer", "Développer"),
        ("1.1.2 Formaliser", "Formaliser"),
        ("1 : Préparer", "Préparer"),
        ("* C1. Concevoir", "Concevoir"),
        ("o  un sous-item", "un sous-item"),
        ("a) une lettre", "une lettre"),
        ("3D printing", "3D printing"),
        ("5S appliquer la méthode", "5S appliquer la méthode"),
        ("3-phase motors", "3-phase motors"),
        ("Ὁρισμός ﬁnal", "Ὁρισμός final"),
    ],
)
def test_bullets_numbering_and_white_space_do_not_count(text: str, expected: str) -> None:
    assert normalised(text) == expected


def test_normalising_twice_changes_nothing() -> None:
    once = normalised(" • C1.2 : 1) Souder ")
    assert normalised(once) == once == "Souder"


def test_case_accents_and_language_count() -> None:
    plain = outcome_hash("Souder", "fr")
    assert plain != outcome_hash("souder", "fr")
    assert outcome_hash("Évaluer", "fr") != outcome_hash("Evaluer", "fr")
    assert plain != outcome_hash("Souder", "en")
    assert plain == outcome_hash(" - Souder ", "FR")


def test_the_hash_is_the_first_half_of_sha256_over_text_and_language() -> None:
    assert outcome_hash("C1. Souder", "fr") == hashlib.sha256(b"Souder\nfr").hexdigest()[:32]


def test_an_outcome_lives_under_its_unit_or_under_the_hash_of_a_foreign_one() -> None:
    minting = Minting("https://example.org/base")
    outcome = Outcome("Souder", "fr")
    bloc = minting.bloc("RNCP37674", "RNCP37674BC01")
    assert minting.outcome(bloc, outcome.hash) == f"{bloc}/outcome/{outcome.hash}"
    foreign = minting.outcome("https://elsewhere.example/unit/1", outcome.hash)
    assert foreign.startswith("https://example.org/base/id/outcome/")
    assert foreign.endswith(outcome.hash)


def test_a_fiche_is_three_things_with_three_iris() -> None:
    minting = Minting("https://example.org")
    names = {minting.fiche("RNCP37674"), minting.record("RNCP37674"), minting.registration("RNCP37674")}
    assert names == {
        "https://example.org/id/rncp/37674",
        "https://example.org/id/rncp/37674/record",
        "https://example.org/id/rncp/37674/registration",
    }


def test_a_bloc_code_is_unique_within_its_fiche_only() -> None:
    minting = Minting("https://example.org")
    assert minting.bloc("RNCP1", "01") != minting.bloc("RNCP2", "01")
    assert minting.bloc("RNCP1", "BC 01/a") == "https://example.org/id/rncp/1/bloc/BC%2001%2Fa"


@pytest.mark.parametrize("number", ["37674", "RNCP", "RNCP12A", "XX12", ""])
def test_what_is_no_fiche_number_gets_no_iri(number: str) -> None:
    with pytest.raises(ValueError, match=number or "^$"):
        Minting().fiche(number)


@pytest.mark.parametrize("text", ["1" * 50_000 + "x", "A1" * 30_000, "1." * 30_000, "- " * 30_000, "C1.C" * 20_000])
def test_no_text_takes_more_than_linear_time(text: str) -> None:
    # with a rule that can cut a run in two ways this would not end
    assert normalised(text)
