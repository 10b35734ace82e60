"""JSON from the outside in: seals, wrappers, presentations, tokens; where the credential stands in the file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from passerelle.validation.credentials.model import Form, NotReadable, SealStatus
from passerelle.validation.credentials.reading.limits import Limits
from passerelle.validation.credentials.reading.unwrapping import Unwrapped, unwrap
from passerelle.validation.credentials.seal.verification import verify
from unit.validation.credentials.reading.told import filled
from unit.validation.credentials.seal.made_seals import NOW, Seal

CREDENTIAL: dict[str, Any] = {
    "@context": ["https://www.w3.org/2018/credentials/v1", "http://data.europa.eu/snb/model/context/edc-ap"],
    "id": "urn:credential:1",
    "type": ["VerifiableCredential", "EuropeanDigitalCredential"],
    "note": "é “zwölf” \U0001f393",
}
TEXT = json.dumps(CREDENTIAL, ensure_ascii=False, indent=1)
BARE = {key: value for key, value in CREDENTIAL.items() if key != "@context"}


def opened(content: Any, limits: Limits | None = None) -> Unwrapped:
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    return unwrap(text, limits or Limits())


def refused(content: Any) -> tuple[list[str], tuple[Form, ...]]:
    with pytest.raises(NotReadable) as refusal:
        opened(content)
    return filled(refusal.value.observations), refusal.value.forms


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256", "ES512", "EdDSA"])
@pytest.mark.parametrize("plain", [True, False])
@pytest.mark.parametrize("form", [Form.JADES_FLATTENED, Form.JADES_GENERAL])
def test_a_sealed_file_is_opened_and_its_seal_verifies(algorithm: str, plain: bool, form: Form) -> None:
    seal = Seal(algorithm, plain, unprotected={"etsiU": []})
    whole = seal.general(TEXT) if form is Form.JADES_GENERAL else seal.flattened(TEXT)
    for indent in (None, 2):
        found = opened(json.dumps(whole, indent=indent))
        assert (found.value, found.forms, found.pointer, found.bare) == (CREDENTIAL, (form,), "", False)
        (parts,) = found.seals
        assert parts.header == {"etsiU": []}
        assert verify(parts, NOW)[0].status is SealStatus.VERIFIED


def test_a_compact_token_is_opened_and_its_seal_verifies() -> None:
    found = opened("\n" + Seal("ES256", plain=False).compact(TEXT) + "\n")
    assert (found.value, found.forms) == (CREDENTIAL, (Form.COMPACT_JWS,))
    assert verify(found.seals[0], NOW)[0].status is SealStatus.VERIFIED


def test_several_signatures_are_verified_one_by_one() -> None:
    first, second = Seal().flattened(TEXT), Seal("ES256").flattened(TEXT)
    signatures = [{name: each[name] for name in ("protected", "signature")} for each in (first, second)]
    signatures[0]["signature"] = signatures[1]["signature"]
    found = opened({"payload": TEXT, "signatures": signatures})
    assert [verify(each, NOW)[0].status for each in found.seals] == [SealStatus.FAILED, SealStatus.VERIFIED]


@pytest.mark.parametrize("plain", [True, False])
@pytest.mark.parametrize("indent", [None, 2])
def test_places_in_a_payload_are_those_of_the_file(plain: bool, indent: int | None) -> None:
    seal = Seal("EdDSA", plain)
    file = json.dumps(seal.flattened(TEXT), indent=indent)
    line, column = opened(file).document.position("/note")
    start = file.split("\n")[line - 1][column - 1 :]
    if plain:
        assert start.startswith(json.dumps('"é “z')[1:-1])
    else:
        """Base64 shows it: from the character that begins with the bits of the quotation mark."""
        offset = len(TEXT[: TEXT.index('"é “')].encode())
        payload = seal.parts(TEXT).payload.decode()
        assert start.startswith(payload[offset * 4 // 3 :][:20])


def test_places_in_a_compact_token() -> None:
    token = Seal("EdDSA", plain=False).compact(TEXT)
    line, column = opened(token).document.position("")
    assert (line, column) == (1, token.index(".") + 2)


def test_a_sealed_sample(reference: Path) -> None:
    text = (reference / "elm" / "samples" / "Sample-MC-Annex1-signed.jsonld").read_text()
    found = opened(text)
    assert found.forms == (Form.JADES_GENERAL,)
    line, column = found.document.position("/type/1")
    assert (line, text[column - 1 :].startswith('\\"EuropeanDigitalCredential')) == (1, True)


@pytest.mark.parametrize(
    ("content", "pointer", "bare", "forms"),
    [
        (CREDENTIAL, "", False, ()),
        (BARE, "", True, ()),
        ([CREDENTIAL], "/0", False, ()),
        ({"credential": BARE, "deliveryDetails": {}}, "/credential", True, (Form.UPLOADABLE,)),
        ({"credential": CREDENTIAL}, "/credential", False, (Form.UPLOADABLE,)),
        ({"credential": [CREDENTIAL]}, "/credential/0", False, (Form.UPLOADABLE,)),
        ({"@context": [], "credential": BARE}, "/credential", False, (Form.UPLOADABLE,)),
        (
            {"type": "VerifiablePresentation", "verifiableCredential": [CREDENTIAL]},
            "/verifiableCredential/0",
            False,
            (),
        ),
        ({"type": ["EuropeanDigitalPresentation"], "verifiableCredential": BARE}, "/verifiableCredential", True, ()),
        ({"iss": "x", "vc": BARE}, "/vc", True, ()),
        ([{"@id": "urn:a", "http://e.org/p": [{"@id": "urn:b"}]}], "", False, ()),
        ([{"@id": "urn:a", "@type": ["urn:t"]}, {"@id": "urn:b"}], "", False, ()),
        ({"@graph": [{"@id": "urn:a"}]}, "", False, ()),
        ({"@context": {}, "@graph": [BARE]}, "", False, ()),
    ],
)
def test_what_is_around_a_credential(content: Any, pointer: str, bare: bool, forms: tuple[Form, ...]) -> None:
    found = opened(content)
    assert (found.pointer, found.bare, found.forms) == (pointer, bare, forms)


def test_containers_in_containers() -> None:
    sealed = Seal().general(json.dumps({"credential": CREDENTIAL, "deliveryDetails": {}}))
    found = opened(sealed)
    assert (found.forms, found.pointer) == ((Form.JADES_GENERAL, Form.UPLOADABLE), "/credential")
    twice = Seal("ES256").flattened(json.dumps(sealed))
    found = opened(twice)
    assert found.forms == (Form.JADES_FLATTENED, Form.JADES_GENERAL, Form.UPLOADABLE)
    assert [verify(each, NOW)[0].algorithm for each in found.seals] == ["ES256", "RS256"]


def test_a_token_within_a_presentation() -> None:
    token = Seal("EdDSA", plain=False).compact(TEXT)
    found = opened({"type": "VerifiablePresentation", "verifiableCredential": [token]})
    assert (found.value, found.forms, len(found.seals)) == (CREDENTIAL, (Form.COMPACT_JWS,), 1)
    assert filled(found.observations) == ["PRESENTATION"]


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        ([CREDENTIAL, CREDENTIAL], ["SEVERAL-CREDENTIALS"]),
        ([BARE, BARE, BARE], ["SEVERAL-CREDENTIALS"]),
        ([Seal().flattened(TEXT), CREDENTIAL], ["SEVERAL-CREDENTIALS"]),
        ([CREDENTIAL, 5], ["NOT-AN-OBJECT"]),
        ({"credential": 5}, ["WRAPPER"]),
        ({"credential": "text"}, ["WRAPPER"]),
        ({"credential": []}, ["WRAPPER"]),
        ({"credential": [BARE, BARE]}, ["SEVERAL-CREDENTIALS"]),
        ({"type": "VerifiablePresentation"}, ["PRESENTATION-EMPTY"]),
        (
            {"type": "VerifiablePresentation", "verifiableCredential": [BARE, BARE]},
            ["SEVERAL-CREDENTIALS", "PRESENTATION"],
        ),
        ({"protected": "e30", "signature": "x"}, ["PAYLOAD-MISSING"]),
        ({"payload": BARE, "signatures": []}, ["PAYLOAD"]),
        ({"payload": None}, ["PAYLOAD"]),
        ({"name": "nothing known"}, ["NO-CREDENTIAL"]),
        (Seal().flattened("5"), ["PAYLOAD-NOT-JSON"]),
        (Seal(plain=False).flattened("hello"), ["PAYLOAD-NOT-JSON"]),
        (Seal().flattened('{"a":'), ["NOT-JSON"]),
        (Seal().flattened("[5]"), ["NOT-AN-OBJECT"]),
        (Seal().flattened('{"name": 5}'), ["NO-CREDENTIAL"]),
        ({"payload": "{}", "signatures": [{}] * 17}, ["TOO-MANY-SIGNATURES"]),
    ],
)
def test_what_is_not_one_credential(content: Any, codes: list[str]) -> None:
    assert refused(content)[0] == codes


def test_a_refusal_tells_the_forms_that_were_opened() -> None:
    assert refused(Seal().general('{"credential": 5}')) == (["WRAPPER"], (Form.JADES_GENERAL, Form.UPLOADABLE))


def test_containers_do_not_nest_for_ever() -> None:
    content = TEXT
    for _ in range(4):
        content = json.dumps(Seal("EdDSA").flattened(content))
    assert len(opened(content).seals) == 4
    assert refused(Seal("EdDSA").flattened(content))[0] == ["NESTED"]
    assert refused('{"credential":' * 5 + TEXT + "}" * 5)[0] == ["NESTED"]


@pytest.mark.parametrize(
    ("signatures", "told"),
    [
        ([], []),
        (5, ["SEAL-MEMBER"]),
        ([5], ["SEAL-MEMBER"]),
        ([{}], []),
        ([{"protected": 5, "signature": None, "header": []}], ["SEAL-MEMBER"] * 3),
    ],
)
def test_a_seal_without_a_signature_fails_and_the_credential_is_read(signatures: Any, told: list[str]) -> None:
    found = opened({"payload": TEXT, "signatures": signatures})
    assert filled(found.observations) == told
    assert [verify(each, NOW)[0].status for each in found.seals] == [SealStatus.FAILED]
    assert found.value == CREDENTIAL


def test_a_payload_alone_fails_too() -> None:
    found = opened({"payload": TEXT})
    assert [each.code for each in verify(found.seals[0], NOW)[1]] == ["ELM-SEAL-HEADER-MISSING"]


def test_both_forms_at_once() -> None:
    seal = Seal()
    found = opened({**seal.general(TEXT), "signature": "AAAA", "protected": "e30"})
    assert (found.forms, filled(found.observations)) == ((Form.JADES_GENERAL,), ["SEAL-BOTH-FORMS"])
    assert [verify(each, NOW)[0].status for each in found.seals] == [SealStatus.VERIFIED]


def test_what_stands_beside_the_credential_is_told() -> None:
    found = opened({"credential": CREDENTIAL, "deliveryDetails": {}, "issuer": {}, "a/b": 1})
    assert [each.parameters["key"] for each in found.observations] == ["issuer", "a/b"]
    assert [each.spot.pointer for each in found.observations if each.spot] == ["/issuer", "/a~1b"]
    assert filled(found.observations) == ["MEMBER-IGNORED"] * 2


def test_the_context_around_a_seal_is_no_context_of_what_is_in_it() -> None:
    wrapped = {"@context": [], "credential": Seal().flattened(json.dumps(BARE))}
    assert opened(wrapped).bare
