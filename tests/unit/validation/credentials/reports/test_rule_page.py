"""The pages of rules are made from the shape files."""

from __future__ import annotations

import pytest
import rdflib

from passerelle.messages import LANGUAGES
from passerelle.validation.credentials import rules
from passerelle.validation.credentials.reports.rule_page import rule_page


@pytest.fixture(autouse=True)
def small_catalogue() -> None:
    """Here the real rules are asked."""


def test_every_rule_has_a_page_in_both_languages() -> None:
    catalogue = list(rules.catalogue())
    for code in catalogue[:: max(1, len(catalogue) // 60)]:
        for language in LANGUAGES:
            page = rule_page(code, language)
            assert page.sentence
            assert page.remedy
            assert "{" not in page.sentence
            graph = rdflib.Graph().parse(data=page.turtle, format="turtle")
            assert (rdflib.URIRef(page.iri), None, None) in graph


def test_a_page_tells_property_class_and_shape() -> None:
    page = rule_page("ELM-EDC-FULL-Accreditation-type-node", "fr")
    assert page.path == "http://purl.org/dc/terms/type"
    assert page.target == "http://data.europa.eu/snb/model/elm/Accreditation"
    assert page.target_name == "accréditation"
    assert page.layer_name.startswith("Profil officiel")
    assert "rule:EDC-FULL-AccreditationTypeRestriction a sh:NodeShape" in page.turtle
    assert page.turtle == rule_page("ELM-EDC-FULL-Accreditation-type-node", "en").turtle


def test_a_repair_and_what_it_sets_aside_name_each_other() -> None:
    for code, rule in rules.catalogue().items():
        for aside in sorted(rule.sets_aside)[:2]:
            assert rule_page(aside, "en").repair
            assert aside in rule_page(code, "en").sets_aside


def test_an_unknown_code_has_no_page() -> None:
    with pytest.raises(KeyError):
        rule_page("ELM-NOT-THERE", "en")
