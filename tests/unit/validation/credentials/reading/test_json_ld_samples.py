"""On the real credentials our triples are PyLD's: with our contexts, and with the official ones but for the repairs."""

from __future__ import annotations

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyld import jsonld

from passerelle.contexts import local_contexts, repairs
from passerelle.validation.credentials.reading.json_ld import read_json_ld
from passerelle.validation.credentials.reading.json_text import inside, parse
from unit.validation.credentials.reading.oracle import EDC, ours, pyld, read, samples

NAMES = (
    "AA-Annex1-MC-signed.jsonld",
    "AA-Annex1-MC-unsigned.json",
    "Sample-CertOfPart-signed.jsonld",
    "Sample-CertOfPart-unsigned-uploadable.json",
    "Sample-CertOfPart-unsigned.json",
    "Sample-CertOfPart-unsigned.jsonld",
    "Sample-MC-Annex1-signed.jsonld",
    "Sample-MC-Annex1-unsigned-uploadable.json",
    "Sample-MC-Annex1-unsigned.jsonld",
    "Sample-MastersDegree-signed.jsonld",
    "cred1.jsonld",
    "cred_noLegalName_shouldFail.jsonld",
    "credential-sample.jsonld",
    "credential_shouldValidate.jsonld",
)


def official_contexts(reference: Path) -> dict[str, Any]:
    folder = reference / "elm" / "context"
    return {path.name: json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.jsonld")}


def well_tagged(value: Any) -> Any:
    """Two samples write the language "en ", which no parser takes as it is."""
    return json.loads(json.dumps(value).replace('"en "', '"en"'))


def test_every_sample_is_compared(reference: Path) -> None:
    assert tuple(samples(reference)) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_triples_are_those_of_pyld_with_our_contexts(name: str, reference: Path) -> None:
    value = well_tagged(samples(reference)[name])
    assert ours(value) == pyld(value)


@pytest.mark.parametrize("name", NAMES)
def test_triples_are_those_of_the_official_contexts_but_for_the_repairs(name: str, reference: Path) -> None:
    value = well_tagged(samples(reference)[name])
    official = official_contexts(reference)
    plain, mended = pyld(value, official), copy.deepcopy(official)
    for repair in repairs():
        if repair.file == "edc-ap.jsonld":
            mended[repair.file]["@context"][repair.term] = local_contexts()[EDC][repair.term]
    found = ours(value)
    assert found == pyld(value, mended)
    different = {each.split(" ")[1] for each in found ^ plain}
    assert different <= {
        "<http://purl.org/dc/terms/modified>",
        "<http://data.europa.eu/snb/model/elm/nationalID>",
        "<http://data.europa.eu/snb/model/elm/nationalId>",
    }


@pytest.mark.parametrize("name", ["Sample-CertOfPart-signed.jsonld", "cred1.jsonld", "credential-sample.jsonld"])
def test_compact_expanded_and_flattened_are_one(name: str, reference: Path) -> None:
    value = well_tagged(samples(reference)[name])

    def load(url: str, options: Any) -> dict[str, Any]:
        document = {"@context": json.loads(json.dumps(local_contexts()[url]))}
        return {"contentType": None, "contextUrl": None, "documentUrl": url, "document": document}

    loader = {"documentLoader": load}
    expanded = jsonld.expand(value, loader)
    flattened = jsonld.flatten(value, None, loader)
    context = local_contexts()[EDC]
    recompacted = jsonld.flatten(value, json.loads(json.dumps(dict(context))), loader)
    found = ours(value)
    assert ours(expanded) == found
    assert ours(flattened) == found
    assert ours(recompacted) == found
    assert not [each for each in read(expanded).observations if each.code.endswith(("KEY", "TYPE", "CONTEXT"))]


def test_places_in_a_sealed_sample(reference: Path) -> None:
    text = (reference / "elm" / "samples" / "Sample-CertOfPart-signed.jsonld").read_text(encoding="utf-8")
    outer = parse(text)
    document = parse(outer.value["payload"], None, inside(outer, "/payload"))
    reading = read_json_ld(document)
    lines = text.split("\n")
    seen = 0
    for subject, predicate, value in reading.triples:
        spot = reading.source.spot(subject.node, predicate.value, value.node)
        stands = lines[spot.line - 1][spot.column - 1 :]
        if value.kind == 2 and "\\" not in json.dumps(value.value):
            text = json.dumps(value.value)[1:-1]
            assert stands.startswith((f'\\"{text}\\"', text))
            seen += 1
    assert seen > 40


class Mutation:
    """Changes a copy of a credential: keys dropped, doubled, moved, misspelt, values changed in kind."""

    VALUES = (None, True, 5, 1.5, "x", "urn:x", "http://e.org/y", [], ["a", "b"], {}, {"id": "urn:z"}, {"en": "t"})

    def __init__(self, draw: Any) -> None:
        self._draw = draw

    def objects(self, value: Any) -> list[dict[str, Any]]:
        pending, found = [value], []
        while pending:
            each = pending.pop()
            if isinstance(each, dict):
                found.append(each)
            if isinstance(each, (dict, list)):
                pending.extend(each.values() if isinstance(each, dict) else each)
        return found

    def applied(self, value: Any) -> Any:
        # not within language maps and contexts: what is wrong there PyLD refuses as a whole
        objects = [each for each in self.objects(value) if "type" in each]
        one = self._draw(st.sampled_from(objects))
        keys = [key for key in one if key not in ("@context", "id")]
        if not keys:
            return value
        key = self._draw(st.sampled_from(keys))
        other = self._draw(st.sampled_from(objects))
        match self._draw(st.sampled_from(("drop", "move", "copy", "rename", "change", "wrap", "type"))):
            case "drop":
                del one[key]
            case "move":
                other[key] = copy.deepcopy(one.pop(key))
            case "copy":
                other.setdefault(key, copy.deepcopy(one[key]))
            case "rename":
                one[self._draw(st.sampled_from((key + "x", key.upper(), "title", "hasPart", "elm:" + key)))] = one.pop(
                    key
                )
            case "change" if key != "type":
                changed = self._draw(st.sampled_from(self.VALUES))
                if not (isinstance(changed, dict) and "id" not in changed and isinstance(one[key], dict)):
                    one[key] = changed
            case "wrap" if key != "type":
                one[key] = [one[key], [one[key]]]
            case _:
                one["type"] = self._draw(st.sampled_from(("Person", "Nothing", ["Person", "Concept"], "elm:Person")))
        return value


@cache
def originals(reference: Path) -> tuple[str, ...]:
    """The two smallest credentials: each mutation is expanded by PyLD as well."""
    found = samples(reference)
    return json.dumps(well_tagged(found["cred1.jsonld"])), json.dumps(well_tagged(found["credential-sample.jsonld"]))


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_triples_are_those_of_pyld_on_mutated_samples(data: st.DataObject, reference: Path) -> None:
    value = json.loads(data.draw(st.sampled_from(originals(reference))))
    mutation = Mutation(data.draw)
    for _ in range(data.draw(st.integers(1, 4))):
        value = mutation.applied(value)
    try:
        expected = pyld(value)
    except jsonld.JsonLdError:
        assert any(each.code == "ELM-READING-NOT-JSON-LD" for each in read(value).observations)
        return
    except ValueError:  # what PyLD lets through and RDF does not
        return
    assert ours(value) == expected
