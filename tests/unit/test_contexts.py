"""The frozen contexts: what they define, and that every difference from the official ones is documented."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from passerelle.contexts import known_contexts, local_contexts, repairs

OFFICIAL = {
    "edc-ap.jsonld": "http://data.europa.eu/snb/model/context/edc-ap",
    "credentials-v1.jsonld": "https://www.w3.org/2018/credentials/v1",
    "credentials-v2.jsonld": "https://www.w3.org/ns/credentials/v2",
}


def meanings(context: Mapping[str, Any], inherited: Mapping[str, str], within: str = "") -> dict[str, str]:
    """What each term means, in one form: prefixes written out, scoped terms below their type or property."""
    prefixes = {**inherited, **{key: value for key, value in context.items() if isinstance(value, str)}}

    def whole(name: str) -> str:
        start, colon, rest = name.partition(":")
        usable = colon and start in prefixes and not rest.startswith("//") and prefixes[start][-1:] in ("/", "#")
        return prefixes[start] + rest if usable else name

    found = {}
    for term, value in context.items():
        entry = {"@id": value} if isinstance(value, str) else value
        if not isinstance(entry, dict):
            continue
        parts = [whole(entry["@id"]), whole(entry.get("@type", "")), entry.get("@container", "")]
        found[within + term] = ", ".join(each for each in parts if each)
        if isinstance(entry.get("@context"), dict):
            found |= meanings(entry["@context"], prefixes, f"{within}{term} ")
    return found


def test_every_address_has_a_context_and_every_file_one_official_address(root: Path) -> None:
    files = {path.name for path in (root / "data" / "contexts").glob("*.jsonld")}
    assert {known.file for known in known_contexts().values()} == files
    for file in files:
        kinds = [known.kind for known in known_contexts().values() if known.file == file]
        assert kinds.count("official") == 1
        assert kinds[0] == "official"
    assert all(local_contexts()[url] for url in known_contexts())
    assert all(known.remark_en and known.remark_fr for known in known_contexts().values())


def test_contexts_stand_on_their_own() -> None:
    """Nothing in them depends on what stands before them: they are compiled once and laid over one another."""
    for url, context in local_contexts().items():
        keywords = {key for key in context if key.startswith("@")}
        assert keywords <= {"@version", "@protected"}, url


@pytest.mark.parametrize(
    "alias",
    ["http://dev.everisdx.io/datamodel/test/edc-ap", "http://dev.everisdx.io/datamodel/test/edc-ap-context.jsonld"],
)
def test_aliases_of_the_official_test_files(alias: str) -> None:
    assert known_contexts()[alias].kind == "alias"
    assert local_contexts()[alias] is local_contexts()[OFFICIAL["edc-ap.jsonld"]]


@pytest.mark.parametrize("file", OFFICIAL)
def test_differences_from_the_official_context_are_the_documented_ones(file: str, reference: Path) -> None:
    official = json.loads((reference / "elm" / "context" / file).read_text(encoding="utf-8"))["@context"]
    before, after = meanings(official, {}), meanings(local_contexts()[OFFICIAL[file]], {})
    different = {term for term in before.keys() | after.keys() if before.get(term) != after.get(term)}
    documented = {each.term: each for each in repairs() if each.file == file}
    assert different == documented.keys()
    for term, repair in documented.items():
        assert bool(repair.official) == (term in before), term
        assert repair.reason_en
        assert repair.reason_fr


def test_documented_differences_are_in_our_files() -> None:
    for repair in repairs():
        url = next(url for url, known in known_contexts().items() if known.file == repair.file)
        ours = meanings(local_contexts()[url], {})
        term, _, place = repair.term.partition(" (")
        found = [
            meaning
            for name, meaning in ours.items()
            if name.split(" ")[-1] == term and (not place or name.split(" ")[0] == place.removesuffix(")"))
        ]
        expected = repair.ours.rpartition(", ")[2].rpartition(":")[2].rpartition("/")[2].rpartition("#")[2]
        assert found, repair
        assert any(expected in each for each in found), repair


def test_protection_is_that_of_the_official_contexts(reference: Path) -> None:
    for file, url in OFFICIAL.items():
        official = json.loads((reference / "elm" / "context" / file).read_text(encoding="utf-8"))["@context"]
        assert official.get("@protected") == local_contexts()[url].get("@protected"), file
