"""A question as a form, its answer as a table that reads without knowing RDF, and the thing behind it."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from integration.pages.page_reader import (
    BLOC,
    page,
)
from passerelle.errors import Overloaded
from passerelle.namespaces import COUNTRY, VOCABULARY
from small_release import BASE


def test_question_without_values_is_a_form_alone(client: FlaskClient) -> None:
    found = page(client, "/queries/titles")
    assert found.inputs == {"p-fiche", "p-language"}
    assert "table" not in found.elements
    assert "For example RNCP37674" in found.text


def test_answer_is_a_table_whose_texts_are_texts(client: FlaskClient) -> None:
    found = page(client, "/queries/titles?fiche=RNCP1")
    assert "Rows: 2." in found.text
    assert "<script>alert('1')</script>" in found.text
    assert "Poser des panneaux" in found.text
    assert f"/things?iri={BASE}/id/rncp/1&lang=en" in found.links
    assert found.elements.count("tr") == 3


def test_language_of_the_page_is_none_of_the_question(client: FlaskClient) -> None:
    assert "Lignes\N{NO-BREAK SPACE}: 2." in page(client, "/queries/titles?fiche=RNCP1&lang=fr").text
    assert "Lignes\N{NO-BREAK SPACE}: 1." in page(client, "/queries/titles?fiche=RNCP1&lang=fr&language=fr").text


def test_a_bad_value_is_told_in_the_form(client: FlaskClient) -> None:
    found = page(client, '/queries/titles?fiche="><script>alert(1)</script>', status=400)
    assert '"><script>alert(1)</script>' in found.text
    assert "table" not in found.elements


def test_answer_reads_without_knowing_rdf(client: FlaskClient) -> None:
    found = page(client, "/queries/answer?lang=fr&country=it")
    headings = "Unité Pays Nature Fondement du niveau Niveau CEC Position Liens revus reviewedShare"
    assert f"{headings} Active (source) Fin de l'enregistrement Odd new column En clair" in found.words
    row = (
        "Poser RNCP1BC01 Italie bloc hérité 12 345 première seule first-only 50 % oui 22 nov. 2026 <b>odd</b> en clair"
    )
    assert row in found.words
    assert "un deux" in found.words
    assert found.elements.count("th") == 12  # the title is the name of the unit, and one statement is enough
    assert f"/things?iri={BLOC}&lang=fr" in found.links
    assert "Une réponse de toute sorte – version 20261122T120000Z-0a1b2c3d du 22 nov. 2026 à 12:00 UTC" in found.words


def test_headings_and_values_in_english(client: FlaskClient) -> None:
    found = page(client, "/queries/answer?lang=en&country=IT")
    assert "Unit Country Kind Basis of the level EQF level" in found.words
    # a label that exists in French only is better than none, and says its language; so do titles
    assert "Poser RNCP1BC01 Italy bloc inherited from the whole 12,345 first only" in found.words
    assert "fr" in found.languages
    assert "50% yes 22 Nov 2026" in found.words


def test_what_no_source_states_is_said(client: FlaskClient) -> None:
    found = page(client, "/queries/answer?lang=fr")
    assert "Lignes\N{NO-BREAK SPACE}: 2." in found.text
    assert found.words.count("non précisé") == 6  # country, basis, level, share, odd column, texts


def test_texts_of_the_graph_never_become_markup(client: FlaskClient) -> None:
    found = page(client, "/queries/answer?lang=en")
    for text in ("<b>odd</b>", "<i>x</i>", "</a><img src=x onerror=alert(2)>"):
        assert text in found.text
    assert not {"b", "i", "img"} & set(found.elements)


def test_codes_are_explained_and_kept_in_downloads(client: FlaskClient) -> None:
    found = page(client, "/queries/answer?lang=fr&country=IT")
    assert "Liens revus reviewedShare" in found.words
    assert "première seule first-only hérité" not in found.words
    assert "hérité inherited" in found.words  # in the key
    address = next(link for link in found.links if "format=csv" in link)
    text = client.get(address).text
    assert text.startswith("unit,title,country,kind,levelBasis,level,position,reviewedShare,")
    assert f"{BLOC},Poser,{COUNTRY}ITA,{VOCABULARY}unit-kind/bloc,{VOCABULARY}level-basis/inherited,12345," in text
    downloads = [link for link in found.links if "/answer?" in link and "format=" in link]
    assert [link.partition("format=")[2][:4] for link in downloads][:2] == ["csv&", "json"]


def test_the_sparql_behind_an_answer_is_shown(client: FlaskClient) -> None:
    found = page(client, "/queries/answer?lang=fr&country=IT")
    assert f"FILTER(?country = <{COUNTRY}ITA>)" in found.text
    assert "Le SPARQL derrière cette réponse" in found.text


def test_titles_come_in_the_language_of_the_page_unless_another_is_asked_for(client: FlaskClient) -> None:
    assert 'BIND("fr" AS' in page(client, "/queries/answer?lang=fr").text
    assert 'BIND("el" AS' in page(client, "/queries/answer?lang=fr&language=el").text
    # of the page alone: who asks for data gets the default that the question documents
    assert client.get("/queries/answer?lang=fr&format=csv&country=IT").text.count(",en,") == 1


def test_what_was_asked_is_told_by_name(client: FlaskClient) -> None:
    found = page(client, "/queries/titles?fiche=RNCP1&lang=fr")
    assert "Numéro de fiche Poser des panneaux RNCP1" in found.words
    unknown = page(client, "/queries/titles?fiche=RNCP77&lang=fr")
    assert "Numéro de fiche non décrit dans cette version RNCP77" in unknown.words
    assert "Aucune ligne ne répond à cette question." in unknown.text
    assert "table" not in unknown.elements


def test_a_fault_stands_at_its_field(client: FlaskClient) -> None:
    found = page(client, "/queries/answer?lang=fr&level=9&day=demain&country=IT", status=400)
    assert found.described["p-level"] == ["e-level"]
    assert found.described["p-day"] == ["h-day", "e-day"]
    assert found.described["p-country"] == []
    assert {"#p-level", "#p-day"} <= set(found.links)
    assert "demain n'est pas une date (day)." in found.text
    assert 'value="demain"' in client.get("/queries/answer?format=html&day=demain").text
    other = page(client, "/queries/answer?lang=en&colour=red", status=400)
    assert "The query answer has no parameter colour." in other.text


def test_countries_to_choose_from_are_those_with_units(client: FlaskClient) -> None:
    found = page(client, "/queries/answer?lang=fr")
    levels, languages = [str(level) for level in range(1, 9)], ["de", "en", "da", "es", "fr", "el", "it", "nl", "pt"]
    assert found.choices == ["", "IT", "", *levels, *languages]
    assert "Pays (tous) Italie Niveau CEC" in found.words
    # a country without units is still what was asked for
    assert "Espagne" in page(client, "/queries/answer?lang=fr&country=es").text


def test_a_page_does_without_names_when_the_service_is_busy(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> None:
        raise Overloaded("workers-overloaded")

    monkeypatch.setattr("passerelle.web.questions.labels.results", busy)
    found = page(client, "/queries/answer?lang=fr&country=IT")
    assert "pslv:unit-kind/bloc" in found.text
    assert "Poser" in found.text


def test_a_thing_with_what_is_stated_about_it(client: FlaskClient) -> None:
    found = page(client, f"/things?iri={BLOC}&lang=fr")
    assert "Poser" in found.text
    assert "numéro RNCP1BC01" in found.words
    assert "pays Italie" in found.words
    # a long text is folded, and all there
    assert "details" in found.elements
    assert "très " * 200 + "long" in found.text
    assert BLOC in found.links
    assert "No source of this release describes it." in page(client, f"/things?iri={BASE}/id/x", status=404).text
    for address in ("/things", "/things?iri=javascript:alert(1)", "/things?iri=https://example.org/a>%20<b"):
        assert "does not hold the address" in page(client, address, status=400).text
