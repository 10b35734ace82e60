"""The sentences of the rules read like sentences, in both languages."""

from __future__ import annotations

import re

import pytest

from passerelle.resources import rows
from passerelle.validation.credentials.profiles import sentences
from passerelle.validation.credentials.profiles.names import PROFILES, profile_folder
from passerelle.validation.credentials.profiles.sentences import Name, listed
from passerelle.validation.credentials.profiles.tables import alternatives, iri, table
from passerelle.validation.credentials.rules import CredentialRule, rules_of

_SPACE = "\N{NO-BREAK SPACE}"


def rule(profile: str, code: str) -> CredentialRule:
    return rules_of(profile_folder() / f"{profile}.ttl")[code]


def test_a_missing_title() -> None:
    found = rule("edc-generic-no-cv", "ELM-EDC-LearningAchievement-title-minCount")
    assert found.message_en == "The learning achievement has no title (`title`): at least one is required."
    assert found.message_fr == (
        f"La réalisation d'apprentissage n'a pas d'intitulé (`title`){_SPACE}: il en faut au moins un."
    )
    assert found.remedy_fr == "Ajoutez un intitulé (`title`)."
    assert found.link == "http://data.europa.eu/snb/model/ap/edc-generic-no-cv"
    assert found.path == "http://purl.org/dc/terms/title"
    assert found.source_en.endswith("1.1.0: elm:LearningAchievement, dcterms:title")


def test_exactly_one() -> None:
    found = rule("edc-generic-no-cv", "ELM-EDC-Address-countryCode-minCount")
    assert found.message_en == "The address has no country (`countryCode`): exactly one is required."
    assert found.message_fr == f"L'adresse n'a pas de pays (`countryCode`){_SPACE}: il en faut exactement un."


def test_the_json_key_is_named_where_it_differs() -> None:
    found = rule("edc-generic-full", "ELM-EDC-FULL-Qualification-ISCEDFCode-node")
    assert "(`thematicArea`)" in found.message_en
    assert "<http://data.europa.eu/snb/isced-f/25831c2>" in found.remedy_fr
    assert "(`elm:ISCEDFCode`)" in rule("loq", "ELM-LOQ-Qualification-ISCEDFCode-minCount").message_en


def test_alternatives() -> None:
    found = rule("edc-generic-no-cv", "ELM-EDC-EuropeanDigitalCredential-issuer-or")
    assert found.message_en == (
        "The issuer (`issuer`) of the European digital credential is not described as "
        "an agent, a person or an organisation."
    )
    assert found.message_fr == (
        "L'émetteur (`issuer`) du justificatif numérique européen n'est pas décrit comme "
        "un agent, une personne ou une organisation."
    )


def test_agreement() -> None:
    found = rule("edc-generic-no-cv", "ELM-EDC-LearningAchievement-specifiedBy-or")
    assert found.message_fr.startswith(
        "La spécification (`specifiedBy`) de la réalisation d'apprentissage n'est pas décrite"
    )
    assert found.remedy_fr.startswith("Décrivez-la dans le fichier")


def test_what_a_closed_shape_allows_is_told() -> None:
    found = rule("loq", "ELM-LOQ-Amount-closed")
    assert found.remedy_en.endswith("Allowed are: `elm:unit`, `rdf:value`.")


@pytest.mark.parametrize("profile", PROFILES)
def test_sentences_are_whole(profile: str) -> None:
    for found in rules_of(profile_folder() / f"{profile}.ttl").values():
        for text in (found.message_en, found.message_fr, found.remedy_en, found.remedy_fr):
            assert re.fullmatch(r"[A-ZÀÉÊÎ].*\.", text), (found.code, text)
            assert "{" not in text, found.code
            assert "  " not in text, found.code
        for text in (found.message_fr, found.remedy_fr, found.source_fr):
            assert not re.search(r"\w [:;?!](?= |$)", text), (found.code, text)
            assert not re.search(r"\b[dl]e [aeiouéèêàâîôû]", text), (found.code, text)
            assert not re.search(r"\b(de le|à le|de les) ", text), (found.code, text)


def test_every_term_and_every_template_is_used() -> None:
    used = set()
    for profile in PROFILES:
        for row in table(profile):
            used |= {iri(each) for each in (row.target, row.path) if each}
            used |= {iri(row.cells[column]) for column in ("class", "disjoint") if column in row.cells}
            used |= {iri(each) for kind, each in alternatives(row.cells.get("or", "")) if kind == "class"}
            used |= {row.cells.get("node", "")} & sentences.names().keys()
    assert used == sentences.names().keys()
    codes = {code.rpartition("-")[2] for each in PROFILES for code in rules_of(profile_folder() / f"{each}.ttl")}
    assert {kind.partition(".")[0] for kind in sentences.templates()} == codes


def test_the_tables_of_words_are_complete() -> None:
    for table_name in ("messages", "terms", "profiles", "addresses"):
        found = list(rows(profile_folder() / f"{table_name}.tsv"))
        first = next(iter(found[0]))
        keys = [row[first] + row.get("iri", "") for row in found]
        assert len(keys) == len(set(keys)), table_name
        for row in found:
            assert all(row[column] for column in row if column not in ("key", "base")), row


@pytest.mark.parametrize(
    ("english", "wanted"),
    [
        ("title", "a title"),
        ("identifier", "an identifier"),
        ("European digital credential", "a European digital credential"),
        ("unit", "a unit"),
        ("EQF level", "an EQF level"),
        ("HTML description", "an HTML description"),
        ("eIDAS legal identifier", "an eIDAS legal identifier"),
    ],
)
def test_indefinite_article(english: str, wanted: str) -> None:
    assert Name("", english, "x", "m").a == wanted


def test_words_in_a_row() -> None:
    assert listed(["a"], "ou") == "a"
    assert listed(["a", "b"], "ou") == "a ou b"
    assert listed(["a", "b", "c"], "ou") == "a, b ou c"
