"""Nothing of a credential stays in memory after its report: no cache of ours, of `re` or of anybody else grows."""

from __future__ import annotations

import functools
import gc
import re

import pytest

from passerelle.validation import validate

_PREFIXES = (
    "@prefix elm: <http://data.europa.eu/snb/model/elm/> . @prefix cred: <https://www.w3.org/2018/credentials#> . "
    "@prefix foaf: <http://xmlns.com/foaf/0.1/> . "
)
_TURTLE = _PREFIXES + (
    "<urn:MARK> a elm:EuropeanDigitalCredential ; cred:credentialSubject <mailto:MARK@example.org> ; "
    '<https://example.org/MARK> "x" ; cred:issued "MARK" . '
    '<mailto:MARK@example.org> a elm:Person ; foaf:familyName "MARK"@en ; elm:dateOfBirth "MARK" ; '
    "elm:relatedSkill <http://data.europa.eu/esco/skill/MARK> ."
)
_JSON = """{"@context": ["https://www.w3.org/2018/credentials/v1", "http://data.europa.eu/snb/model/context/edc-ap"],
 "id": "urn:MARK", "type": ["VerifiableCredential", "EuropeanDigitalCredential"], "MARK": "x",
 "issuer": {"id": "urn:issuer:MARK", "type": "https://example.org/MARK"},
 "credentialSubject": {"id": "did:x:MARK", "type": "https://example.org/Class/MARK",
  "https://example.org/property/MARK": {"type": "Organisation", "id": "urn:o:MARK"},
  "hasClaim": {"id": "urn:c:MARK", "type": "LearningAchievement", "title": {"en": "MARK"},
               "awardedBy": {"id": "urn:a:MARK", "type": "AwardingProcess"}}}}"""


def _caches() -> dict[int, tuple[str, int]]:
    gc.collect()
    found = [each for each in gc.get_objects() if isinstance(each, functools._lru_cache_wrapper)]
    # hypothesis wraps partial functions, which have no name
    return {id(each): (getattr(each, "__qualname__", repr(each)), each.cache_info().currsize) for each in found}


@pytest.mark.parametrize(("document", "name"), [(_TURTLE, "a.ttl"), (_JSON, "a.jsonld")])
def test_no_cache_grows_with_a_credential(document: str, name: str) -> None:
    for warm in ("Aubert", "Bernard"):
        validate(document.replace("MARK", warm).encode(), name)
    before = _caches()
    validate(document.replace("MARK", "Dupont").encode(), name)
    grown = {label for key, (label, size) in _caches().items() if key in before and size > before[key][1]}
    assert grown == set()
    assert [each for each in re._cache if "Dupont" in str(each)] == []  # type: ignore[attr-defined]
