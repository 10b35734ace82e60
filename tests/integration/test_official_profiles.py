"""Our profiles say what the official shapes say under pySHACL, on every sample and on many planted faults."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pyoxigraph as ox
import pytest

from passerelle.namespaces import expand
from passerelle.validation.credentials.model import Triple
from passerelle.validation.credentials.profiles.results import observation_of
from passerelle.validation.credentials.rules import files
from passerelle.validation.engine import Reference, Turbo
from passerelle.validation.shapes import Profile, structure_of
from passerelle.validation.terms import triples_of
from unit.validation.credentials.profiles.lexical_forms import FORMS, written
from unit.validation.credentials.profiles.mutations import mutations
from unit.validation.credentials.profiles.samples import samples
from unit.validation.credentials.profiles.verdicts import FAMILIES, official, ours, ours_by_reference

_MADE = Path(__file__).parents[1] / "unit" / "validation" / "credentials" / "profiles"
_DIFFERENCES = Path(__file__).with_name("engine_differences.tsv")
_OFFICIAL_DIFFERENCES = Path(__file__).with_name("official_differences.tsv")
_SMALL = ("credential-sample-turtle.ttl", "cred1.jsonld", "credential-sample.jsonld", "Sample-CertOfPart-signed.jsonld")
_COUNTS = {"edc": 116, "loq": 52, "ams": 32}
_PARTS = 3

_TARGETS = {expand(f"sh:{name}") for name in ("targetClass", "targetNode", "targetObjectsOf", "targetSubjectsOf")}

# what the table of known results says of the generic profile with vocabularies: (property, component) of each result
_ISSUER = ("issuer", "Node")
_ISSUED = ("issued", "MinCount")
_KNOWN = {
    "AA-Annex1-MC-signed.jsonld": set(),
    "Sample-CertOfPart-signed.jsonld": set(),
    "Sample-MC-Annex1-signed.jsonld": set(),
    "Sample-MastersDegree-signed.jsonld": set(),
    "cred1.jsonld": set(),
    "credNoType.jsonld": set(),
    "AA-Annex1-MC-unsigned.json": {("issuer", "MinCount")},
    "Sample-CertOfPart-unsigned.json": {("issuer", "MinCount")},
    "Sample-CertOfPart-unsigned-uploadable.json": {_ISSUER, _ISSUED},
    "Sample-CertOfPart-unsigned.jsonld": {_ISSUER, _ISSUED},
    "Sample-MC-Annex1-unsigned-uploadable.json": {_ISSUER, _ISSUED},
    "Sample-MC-Annex1-unsigned.jsonld": {_ISSUER, _ISSUED},
    "cred_noLegalName_shouldFail.jsonld": {("displayParameter", "MinCount"), ("credentialSchema", "MinCount")},
    "credential_shouldValidate.jsonld": {_ISSUER, _ISSUED},
    "credential-sample.jsonld": {("individualDisplay", "MinCount"), _ISSUER},
    "credential-sample-turtle.ttl": {
        ("individualDisplay", "MinCount"),
        ("credentialProfiles", "MinCount"),
        ("awardedBy", "MinCount"),
    },
}


def made(name: str) -> tuple[Triple, ...]:
    return tuple(triples_of(ox.parse(path=str(_MADE / f"{name}.ttl"), format=ox.RdfFormat.TURTLE)))


def of_family(reference: Path, family: str) -> dict[str, tuple[Triple, ...]]:
    """The samples that a family of profiles is tried on: its own made ones, and every official one."""
    own = {} if family == "edc" else {f"{family}.ttl": made(family)}
    return {**own, **samples(reference)}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_sample_gets_the_official_verdict(family: str, reference: Path) -> None:
    for name, triples in of_family(reference, family).items():
        wanted = official(reference, family, triples)
        assert ours(family, triples) == wanted, name
        assert ours_by_reference(family, triples) == wanted, name


def test_the_official_verdicts_are_the_known_ones(reference: Path) -> None:
    found = {
        name: {
            (
                path.rpartition("#")[2].rpartition("/")[2],
                component.removeprefix("sh:").removesuffix("ConstraintComponent"),
            )
            for _, path, component in official(reference, "edc", triples)["edc-generic-full"]
        }
        for name, triples in samples(reference).items()
    }
    assert found == _KNOWN


@pytest.mark.parametrize("part", range(_PARTS))
@pytest.mark.parametrize("family", FAMILIES)
def test_planted_faults_get_the_official_verdict(family: str, part: int, reference: Path) -> None:
    """200 in all over the three families, at least half of each part faults that some profile sees."""
    own = [samples(reference)[name] for name in _SMALL] if family == "edc" else [made(family)]
    unchanged = [official(reference, family, triples) for triples in own]
    seen = 0
    planted = list(mutations(own, _COUNTS[family], seed=20261122))[part::_PARTS]
    for name, triples in planted:
        wanted = official(reference, family, triples)
        assert ours(family, triples) == wanted, name
        assert ours_by_reference(family, triples) == wanted, name
        seen += wanted not in unchanged
    assert seen >= len(planted) / 2


def test_two_hundred_faults_are_planted() -> None:
    assert sum(_COUNTS.values()) == 200


def test_unusual_writing_gets_the_official_verdict_but_for_what_is_listed(reference: Path) -> None:
    """pySHACL asks rdflib whether a value is of its datatype, and that asks Python; an old entry fails as well."""
    found, tried = set(), set()
    for family, profiles in FAMILIES.items():
        triples, nodes = written(profiles)
        wanted = official(reference, family, triples)
        assert ours_by_reference(family, triples) == wanted
        fast = ours(family, triples)
        tried |= {each.datatype for each in nodes.values()}
        for profile in profiles:
            for result in fast[profile] ^ wanted[profile]:
                node, _, constraint = result
                by = "ours" if result in fast[profile] else "official"
                found.add((*nodes[node], constraint, by))
    assert tried == FORMS.keys()
    rows = _rows(_OFFICIAL_DIFFERENCES)
    assert found == {(row["datatype"], json.loads(row["form"]), row["constraint"], row["violation_by"]) for row in rows}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert all(row["reason"] for row in rows)
    return rows


def _listed() -> set[tuple[str, str, str]]:
    return {(row["shapes"], row["sample"], row["code"]) for row in _rows(_DIFFERENCES)}


def test_both_engines_say_the_same_but_for_what_is_listed(reference: Path) -> None:
    """All our shapes on all samples; an entry of the list that no longer differs fails as well."""
    data = {**{f"{name}.ttl": made(name) for name in ("loq", "ams")}, **samples(reference)}
    sets = {path.stem: tuple(structure_of((path,))) for path in files()}
    sets["release"] = Profile.of_release().structure
    # most rules are checked by the program: what no engine ever runs aims at nothing
    run = {name: shapes for name, shapes in sets.items() if any(each[1].value in _TARGETS for each in shapes)}
    assert run.keys() >= {"repaired", "release", *(each for family in FAMILIES.values() for each in family)}
    found = set()
    for name, shapes in run.items():
        fast, slow = Turbo(shapes), Reference(shapes)
        for sample, triples in data.items():
            ours, theirs = (
                {
                    (each.code, each.node, each.path, each.value, each.component)
                    for each in map(observation_of, engine.results(triples))
                }
                for engine in (fast, slow)
            )
            found |= {(name, sample, each[0]) for each in ours ^ theirs}
    assert found == _listed()
