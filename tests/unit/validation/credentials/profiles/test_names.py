"""Which profile an address declares."""

from __future__ import annotations

import pytest

from passerelle.errors import ParameterError
from passerelle.validation.credentials.profiles.names import (
    PROFILES,
    components,
    declared_profile,
    descriptions,
    profile_folder,
    profile_of,
    rows,
    specialisations,
)


@pytest.mark.parametrize(
    ("addresses", "wanted"),
    [
        (["http://data.europa.eu/snb/model/ap/edc-generic-full"], "edc-generic-full"),
        (["https://data.europa.eu/snb/model/ap/edc-generic-full/"], "edc-generic-full"),
        (["http://dev.everisdx.io/datamodel/test/EDC-issuedByMandate"], "edc-issued-by-mandate"),
        (["http://data.europa.eu/snb/model/ap/loq-constraints-mdr"], "loq-mdr"),
        (["http://data.europa.eu/snb/model/ap/edc-accredited", "http://data.europa.eu/snb/model/ap/edc-generic-full"],
         "edc-accredited"),
        (["https://example.org/schema", "http://data.europa.eu/snb/model/ap/edc-generic-no-cv"], "edc-generic-no-cv"),
        (["https://example.org/schema"], None),
        ([""], None),
        ([], None),
    ],
)  # fmt: skip
def test_declared_profile(addresses: list[str], wanted: str | None) -> None:
    assert declared_profile(addresses) == wanted


def test_every_profile_can_be_declared() -> None:
    assert {row["profile"] for row in rows(profile_folder() / "addresses.tsv")} == set(PROFILES)
    official = {each.iri: each.name for each in descriptions().values() if each.name != "open-badges-3"}
    assert {iri: declared_profile([iri]) for iri in official} == official


def test_an_unknown_profile_is_refused_by_name() -> None:
    with pytest.raises(ParameterError) as caught:
        components("edc-genric")
    assert caught.value.message_id == "profile-unknown"
    assert "edc-genric" in caught.value.what("fr")


def test_specialisations() -> None:
    assert specialisations("edc-accredited") == ("edc-diploma-supplement",)
    assert specialisations("edc-diploma-supplement") == ()
    assert specialisations("ams") == ("ams-mdr",)


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("ELM-EDC-Person-hasClaim-minCount", "edc-generic-no-cv"),
        ("ELM-EDC-FULL-Address-countryCode-node", "edc-generic-full"),
        ("ELM-LOQ-MDR-Qualification-EQFLevel-node", "loq-mdr"),
        ("ELM-REPAIRED-ESCO-SKILL", ""),
    ],
)
def test_profile_of_a_code(code: str, wanted: str) -> None:
    assert profile_of(code) == wanted
