"""Seals: those of the official samples hold, one changed byte breaks them, and a signature cannot talk its way out."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from passerelle.messages import message
from passerelle.validation.credentials.model import SealedParts, SealStatus, Spot
from passerelle.validation.credentials.rules import rule
from passerelle.validation.credentials.seal.verification import verify
from unit.validation.credentials.seal.made_seals import (
    ED448,
    KEYS,
    NOW,
    RSA,
    SHORT_RSA,
    Seal,
    b64url,
    certificate,
    sign,
    thumbprint,
)

SAMPLES = {
    "AA-Annex1-MC-signed.jsonld": "2024-05-28T09:51:19Z",
    "Sample-CertOfPart-signed.jsonld": "2025-02-12T12:09:45Z",
    "Sample-MC-Annex1-signed.jsonld": "2023-09-27T11:54:17Z",
    "Sample-MastersDegree-signed.jsonld": "2025-02-19T14:28:34Z",
}
FAILED, VERIFIED, NOT_VERIFIED = SealStatus.FAILED, SealStatus.VERIFIED, SealStatus.NOT_VERIFIED


def outcome(parts: SealedParts) -> tuple[SealStatus, list[str]]:
    facts, observations = verify(parts, NOW)
    for each in observations:
        known = rule(each.code)
        for text in (known.message_en, known.message_fr, known.remedy_en, known.remedy_fr):
            assert text.format(value=each.value, node=each.node, **each.parameters)
    for each in facts.not_checked:
        assert message(each).what("fr")
    codes = [each.code.removeprefix("ELM-SEAL-") for each in observations]
    # told of every certificate whose key fits, and of no other
    assert codes.count("CHAIN-NOT-VERIFIED") == (facts.status is VERIFIED and facts.subject != "")
    return facts.status, [each for each in codes if each != "CHAIN-NOT-VERIFIED"]


def sample(reference: Path, name: str) -> SealedParts:
    whole = json.loads((reference / "elm" / "samples" / name).read_bytes())
    (signature,) = whole["signatures"]
    return SealedParts(signature["protected"], whole["payload"].encode(), signature["signature"], signature["header"])


def changed(text: str, index: int) -> str:
    """The text with another character of the alphabet at this place."""
    return (
        text[:index] + ("B" if text[index] == "A" else "A") + text[index + 1 :]
        if index >= 0
        else changed(text, len(text) + index)
    )


def resealed(parts: SealedParts, **header: Any) -> SealedParts:
    """The same signature under a changed protected header."""
    protected = json.loads(base64.urlsafe_b64decode(parts.protected + "=="))
    protected.update(header)
    return replace(parts, protected=b64url(json.dumps(protected)))


class TestOfficialSamples:
    @pytest.mark.parametrize("name", SAMPLES)
    def test_the_signature_holds_and_its_facts_are_told(self, reference: Path, name: str) -> None:
        facts, observations = verify(sample(reference, name), NOW)
        assert facts.status is VERIFIED
        assert facts.algorithm == "RS256"
        assert facts.signed_at == SAMPLES[name]
        assert "CN=TEST SEAL" in facts.subject
        assert "organizationIdentifier=VATES-A00000000" in facts.subject
        assert facts.issuer.startswith("CN=ANF AC Qualified Certificates for eSeal")
        assert (facts.serial, facts.self_issued) == ("3378f4d568b289fb8ed0c03", False)
        assert (facts.valid_from, facts.valid_until) == ("2023-05-11T14:31:15Z", "2025-05-10T14:31:15Z")
        assert facts.not_checked == (
            "seal-time-stamp",
            "seal-chain",
            "seal-trusted-list",
            "seal-revocation",
            "seal-qualified",
        )
        codes = [each.code for each in observations]
        assert codes == ["ELM-SEAL-CERTIFICATE-EXPIRED", "ELM-SEAL-CHAIN-NOT-VERIFIED"]

    def test_the_certificate_had_not_expired_when_it_was_sealed(self, reference: Path) -> None:
        then = datetime(2025, 3, 1, tzinfo=UTC)
        observations = verify(sample(reference, "Sample-MastersDegree-signed.jsonld"), then)[1]
        assert [each.code for each in observations] == ["ELM-SEAL-CHAIN-NOT-VERIFIED"]

    @pytest.mark.parametrize("name", SAMPLES)
    @pytest.mark.parametrize("place", [0, 0.5, 0.999999])
    def test_one_byte_of_the_payload(self, reference: Path, name: str, place: float) -> None:
        parts = sample(reference, name)
        payload = bytearray(parts.payload)
        payload[int(place * len(payload))] ^= 1
        status, codes = outcome(replace(parts, payload=bytes(payload)))
        assert (status, codes[-1]) == (FAILED, "CONTENT-CHANGED")

    @pytest.mark.parametrize("name", SAMPLES)
    @pytest.mark.parametrize("addition", [b"\n", b" ", b"\0"])
    def test_one_byte_more(self, reference: Path, name: str, addition: bytes) -> None:
        parts = sample(reference, name)
        assert outcome(replace(parts, payload=parts.payload + addition))[0] is FAILED

    @pytest.mark.parametrize("name", SAMPLES)
    @pytest.mark.parametrize("index", [0, 1, 100, 340, -2, -1])
    def test_one_character_of_the_signature(self, reference: Path, name: str, index: int) -> None:
        parts = sample(reference, name)
        assert outcome(replace(parts, signature=changed(parts.signature, index)))[0] is FAILED

    @pytest.mark.parametrize("name", SAMPLES)
    @pytest.mark.parametrize("change", [{"sigT": "2024-06-01T00:00:00Z"}, {"cty": "other"}, {"adoTst": {}}])
    def test_the_protected_header(self, reference: Path, name: str, change: dict[str, Any]) -> None:
        status, codes = outcome(resealed(sample(reference, name), **change))
        assert (status, codes[-1]) == (FAILED, "CONTENT-CHANGED")

    @pytest.mark.parametrize("name", SAMPLES)
    def test_the_certificate(self, reference: Path, name: str) -> None:
        parts = sample(reference, name)
        other = certificate(RSA)
        swapped = resealed(parts, x5c=[base64.b64encode(other).decode()])
        assert outcome(swapped) == (FAILED, ["THUMBPRINT"])
        with_its_thumbprint = resealed(swapped, **{"x5t#S256": thumbprint(other)})
        status, codes = outcome(with_its_thumbprint)
        assert (status, codes[-1]) == (FAILED, "BROKEN")


class TestAlgorithms:
    @pytest.mark.parametrize("plain", [True, False])
    @pytest.mark.parametrize("algorithm", KEYS)
    def test_each_algorithm_verifies_what_it_signed_and_nothing_else(self, algorithm: str, plain: bool) -> None:
        parts = Seal(algorithm, plain).parts()
        assert outcome(parts) == (VERIFIED, [])
        other = Seal(algorithm, plain).parts('{"type": "y"}').payload
        assert outcome(replace(parts, payload=other))[0] is FAILED
        assert outcome(replace(parts, signature=changed(parts.signature, 5)))[0] is FAILED
        assert outcome(replace(parts, signature=parts.signature[:-4]))[0] is FAILED

    def test_ed448(self) -> None:
        assert outcome(Seal("EdDSA", key=ED448).parts()) == (VERIFIED, [])

    @pytest.mark.parametrize("name", ["none", "None", "NONE"])
    def test_none_is_no_algorithm(self, name: str) -> None:
        parts = resealed(Seal().parts(), alg=name)
        assert outcome(parts) == (FAILED, ["ALGORITHM-NONE"])
        assert outcome(replace(parts, signature="")) == (FAILED, ["ALGORITHM-NONE"])

    def test_a_public_key_is_no_shared_secret(self) -> None:
        assert outcome(resealed(Seal().parts(), alg="HS256")) == (FAILED, ["ALGORITHM-SECRET"])

    @pytest.mark.parametrize("name", ["RS1", "ES256K", "rs256", " RS256", "A128KW", "\ud800"])
    def test_other_algorithms_are_refused(self, name: str) -> None:
        assert outcome(resealed(Seal().parts(), alg=name)) == (FAILED, ["ALGORITHM-UNKNOWN"])

    def test_an_algorithm_outside_of_the_signed_header_is_none(self) -> None:
        parts = Seal(header={"alg": None}, unprotected={"alg": "RS256"}).parts()
        assert outcome(parts) == (FAILED, ["ALGORITHM-MISSING"])

    @pytest.mark.parametrize(
        ("algorithm", "key"), [("RS256", "ES256"), ("ES256", "RS256"), ("ES384", "ES256"), ("EdDSA", "ES256")]
    )
    def test_the_key_decides_which_algorithm_is_possible(self, algorithm: str, key: str) -> None:
        parts = Seal(key, header={"alg": algorithm}).parts()
        assert outcome(parts) == (FAILED, ["KEY-ALGORITHM"])

    def test_a_short_key_is_weak(self) -> None:
        assert outcome(Seal(key=SHORT_RSA).parts()) == (VERIFIED, ["WEAK-KEY"])


class TestHeader:
    @pytest.mark.parametrize(
        ("protected", "code"),
        [
            ("", "HEADER-MISSING"),
            ("not base64!", "HEADER-BASE64"),
            ("eyJh=", "HEADER-BASE64"),
            (b64url(b"\xff\xfe"), "HEADER-BASE64"),
            (b64url("{"), "HEADER-JSON"),
            (b64url("[1]"), "HEADER-JSON"),
            (b64url('{"iat": NaN}'), "HEADER-JSON"),
            (b64url('{"iat": ' + "9" * 5000 + "}"), "HEADER-JSON"),
            (b64url('{"a":' * 20_000), "HEADER-JSON"),
            (b64url('{"alg": "RS256", "alg": "none"}'), "HEADER-TWICE"),
            (b64url('{"alg": 5}'), "HEADER-VALUE"),
            (b64url('{"alg": "RS256", "x5c": "text"}'), "HEADER-VALUE"),
            (b64url('{"alg": "RS256", "b64": "false"}'), "HEADER-VALUE"),
            (b64url("{}"), "ALGORITHM-MISSING"),
            ("A" * 1_048_576, "HEADER-TOO-LARGE"),
        ],
    )
    def test_a_header_that_is_none(self, protected: str, code: str) -> None:
        assert outcome(SealedParts(protected, b"{}", "AAAA")) == (FAILED, [code])

    @pytest.mark.parametrize("other", ["none", "ES256", "RS256"])
    def test_a_parameter_stands_in_one_header_only(self, other: str) -> None:
        assert outcome(Seal(unprotected={"alg": other}).parts()) == (FAILED, ["HEADER-TWICE"])

    @pytest.mark.parametrize(
        ("header", "code"),
        [
            ({"crit": ["b64", "sigT", "urn:new"], "urn:new": 1}, "CRITICAL-UNKNOWN"),
            ({"crit": ["alg", "b64"]}, "CRITICAL-UNKNOWN"),
            ({"crit": ["b64", "adoTst"]}, "CRITICAL-ABSENT"),
            ({"crit": []}, "CRITICAL-WRONG"),
            ({"crit": "b64"}, "CRITICAL-WRONG"),
            ({"crit": ["b64", "b64"]}, "CRITICAL-WRONG"),
            ({"crit": [["b64"]]}, "CRITICAL-WRONG"),
            ({"crit": ["sigT"]}, "CRITICAL-B64"),
            ({"crit": None}, "CRITICAL-B64"),
        ],
    )
    def test_what_is_critical_must_be_understood(self, header: dict[str, Any], code: str) -> None:
        assert outcome(Seal(header=header).parts()) == (FAILED, [code])

    def test_critical_stands_in_the_protected_header(self) -> None:
        seal = Seal(plain=False, header={"crit": None}, unprotected={"crit": ["sigT"]})
        assert outcome(seal.parts()) == (FAILED, ["CRITICAL-WRONG"])

    def test_b64_in_the_unprotected_header_does_not_count(self) -> None:
        seal = Seal(header={"b64": None, "crit": None}, unprotected={"b64": False})
        assert outcome(seal.parts()) == (FAILED, ["HEADER-VALUE"])

    def test_data_that_stand_elsewhere(self) -> None:
        seal = Seal(header={"sigD": {"mId": "x"}, "crit": ["b64", "sigT", "sigD"]})
        assert outcome(seal.parts()) == (NOT_VERIFIED, ["DETACHED"])


class TestSignature:
    def test_none(self) -> None:
        assert outcome(replace(Seal().parts(), signature="")) == (FAILED, ["NO-SIGNATURE"])

    @pytest.mark.parametrize("signature", ["!!!!", "AAAA=", "A", "é", "AA AA"])
    def test_no_base64url(self, signature: str) -> None:
        assert outcome(replace(Seal().parts(), signature=signature)) == (FAILED, ["SIGNATURE-BASE64"])

    def test_unused_bits_are_no_second_spelling(self) -> None:
        """The last of 342 characters carries two bits; the four others could be set without changing the bytes."""
        parts = Seal().parts()
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        last = alphabet.index(parts.signature[-1])
        spelled = parts.signature[:-1] + alphabet[last + 1]
        assert base64.urlsafe_b64decode(spelled + "==") == base64.urlsafe_b64decode(parts.signature + "==")
        assert outcome(replace(parts, signature=spelled)) == (FAILED, ["SIGNATURE-BASE64"])

    def test_plain_text_without_saying_so(self) -> None:
        encoded = Seal(plain=False).parts()
        assert outcome(replace(encoded, payload=b'{"type": "x"}')) == (VERIFIED, ["PAYLOAD-PLAIN"])


class TestCertificate:
    @pytest.mark.parametrize("chain", [[], [5], ["rubbish!"], ["AAAA"], ["A" * 100_000], [None]])
    def test_rubbish(self, chain: list[Any]) -> None:
        assert outcome(Seal(header={"x5c": chain}).parts()) == (FAILED, ["CERTIFICATE-UNREADABLE"])

    def test_signed_before_it_was_valid(self) -> None:
        assert outcome(Seal(header={"sigT": "2025-12-31T23:59:59Z"}).parts()) == (VERIFIED, ["SIGNED-OUTSIDE"])

    def test_signed_tomorrow(self) -> None:
        assert outcome(Seal(header={"sigT": "2026-11-23T00:00:00Z"}).parts()) == (VERIFIED, ["SIGNED-IN-FUTURE"])

    @pytest.mark.parametrize("stated", ["yesterday", "2026-02-30T00:00:00Z", "2026-02-01T10:00:00", "\udc00"])
    def test_a_time_that_is_none(self, stated: str) -> None:
        assert outcome(Seal(header={"sigT": stated}).parts()) == (VERIFIED, ["SIGNING-TIME", "NO-SIGNING-TIME"])

    @pytest.mark.parametrize("stated", [True, 1e300, -1e300, "5"])
    def test_seconds_that_are_none(self, stated: object) -> None:
        header = {"sigT": None, "crit": ["b64"], "iat": stated}
        assert outcome(Seal(header=header).parts()) == (VERIFIED, ["SIGNING-TIME", "NO-SIGNING-TIME"])

    def test_seconds(self) -> None:
        parts = Seal(header={"sigT": None, "crit": ["b64"], "iat": 1_769_940_000}).parts()
        assert verify(parts, NOW)[0].signed_at == "2026-02-01T10:00:00Z"
        assert outcome(parts) == (VERIFIED, [])

    def test_no_time(self) -> None:
        assert outcome(Seal(header={"sigT": None, "crit": ["b64"]}).parts()) == (VERIFIED, ["NO-SIGNING-TIME"])

    def test_self_issued(self) -> None:
        parts = Seal(der=certificate(RSA, issuer="Test seal")).parts()
        assert verify(parts, NOW)[0].self_issued
        assert outcome(parts) == (VERIFIED, ["SELF-ISSUED"])

    @pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256", "ES512", "EdDSA"])
    def test_an_invented_issuer_does_not_hide_that_the_key_is_its_own(self, algorithm: str) -> None:
        key = KEYS[algorithm]
        parts = Seal(algorithm, key=key, der=certificate(key, issuer="Invented trust service", signer=key)).parts()
        assert verify(parts, NOW)[0].self_issued
        assert outcome(parts) == (VERIFIED, ["SELF-ISSUED"])

    def test_not_made_for_signing(self) -> None:
        assert outcome(Seal(der=certificate(RSA, usage=False)).parts()) == (VERIFIED, ["KEY-USAGE"])
        assert outcome(Seal(der=certificate(RSA, usage=None)).parts()) == (VERIFIED, [])

    def test_only_a_protected_thumbprint_ties_the_certificate_to_the_signature(self) -> None:
        chain = [base64.b64encode(certificate(RSA)).decode()]
        tied = Seal(der=base64.b64decode(chain[0]), header={"x5c": None}, unprotected={"x5c": chain})
        assert outcome(tied.parts()) == (VERIFIED, [])
        loose = Seal(header={"x5c": None, "x5t#S256": None}, unprotected={"x5c": chain})
        assert outcome(loose.parts()) == (VERIFIED, ["CERTIFICATE-UNPROTECTED"])

    def test_found_by_its_thumbprint_among_the_validation_data(self) -> None:
        der = certificate(RSA)
        values = [{"x509Cert": {"val": base64.b64encode(each).decode()}} for each in (certificate(KEYS["ES256"]), der)]
        for entry in ({"xVals": values}, b64url(json.dumps({"xVals": values}))):
            seal = Seal(der=der, header={"x5c": None}, unprotected={"etsiU": [5, "rubbish", entry]})
            assert outcome(seal.parts()) == (VERIFIED, [])

    @pytest.mark.parametrize("name", ["x5t#S256", "x5t", "x5t#o", "sigX5ts"])
    def test_thumbprints(self, name: str) -> None:
        import hashlib

        der = certificate(RSA)
        long = {"digAlg": "S512", "digVal": b64url(hashlib.sha512(der).digest())}
        right: dict[str, Any] = {
            "x5t#S256": thumbprint(der),
            "x5t": b64url(hashlib.sha1(der).digest()),
            "x5t#o": long,
            "sigX5ts": [long],
        }
        wrong: dict[str, Any] = {
            "x5t#S256": thumbprint(b""),
            "x5t": 5,
            "x5t#o": {**long, "digVal": "x"},
            "sigX5ts": [{"digAlg": "S256", "digVal": None}],
        }
        only = {"x5t#S256": None}
        assert outcome(Seal(der=der, header={**only, name: right[name]}).parts()) == (VERIFIED, [])
        assert outcome(Seal(der=der, header={**only, name: wrong[name]}).parts()) == (FAILED, ["THUMBPRINT"])


class TestKeys:
    @staticmethod
    def jwk(algorithm: str) -> dict[str, Any]:
        key = KEYS[algorithm].public_key()
        if algorithm.startswith("ES"):
            numbers, size = key.public_numbers(), (key.key_size + 7) // 8
            names = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}
            x, y = (b64url(each.to_bytes(size, "big")) for each in (numbers.x, numbers.y))
            return {"kty": "EC", "crv": names[algorithm], "x": x, "y": y}
        if algorithm == "EdDSA":
            return {"kty": "OKP", "crv": "Ed25519", "x": b64url(key.public_bytes_raw())}
        numbers = key.public_numbers()
        return {"kty": "RSA", "n": b64url(numbers.n.to_bytes(256, "big")), "e": "AQAB"}

    @pytest.mark.parametrize("algorithm", ["RS256", "ES256", "ES384", "ES512", "EdDSA"])
    def test_a_signature_that_brings_its_own_key_says_so(self, algorithm: str) -> None:
        parts = Seal(algorithm, header={"x5c": None, "x5t#S256": None, "jwk": self.jwk(algorithm)}).parts()
        facts, _ = verify(parts, NOW)
        assert (facts.subject, facts.not_checked) == ("", ("seal-key-owner",))
        assert outcome(parts) == (VERIFIED, ["OWN-KEY"])
        assert outcome(replace(parts, payload=b"{}"))[0] is FAILED

    @pytest.mark.parametrize(
        "jwk",
        [
            {},
            {"kty": "oct", "k": "AAAA"},
            {"kty": "RSA", "n": "AQAB", "e": 3},
            {"kty": "RSA", "n": "A" * 10_000, "e": "AQAB"},
            {"kty": "RSA", "n": "AA", "e": "AA"},
            {"kty": "EC", "crv": "P-256", "x": "AQ", "y": "AQ"},
            {"kty": "EC", "crv": "secp256k1", "x": "AQ", "y": "AQ"},
            {"kty": "OKP", "crv": "Ed25519", "x": "AQ"},
            {"kty": ["RSA"], "crv": {}},
        ],
    )
    def test_keys_that_are_none(self, jwk: dict[str, Any]) -> None:
        parts = Seal(header={"x5c": None, "x5t#S256": None, "jwk": jwk}).parts()
        assert outcome(parts) == (FAILED, ["KEY-UNREADABLE"])

    @pytest.mark.parametrize(
        ("header", "code"),
        [
            ({}, "KEY-ABSENT"),
            ({"kid": "key-1"}, "KEY-ABSENT"),
            ({"kid": "https://example.org/keys#1"}, "KEY-ELSEWHERE"),
            ({"kid": "did:web:example.org#1"}, "KEY-ELSEWHERE"),
            ({"x5u": "https://example.org/seal.pem"}, "KEY-ELSEWHERE"),
            ({"jku": "https://example.org/keys"}, "KEY-ELSEWHERE"),
        ],
    )
    def test_a_key_that_is_not_here_is_never_fetched(self, header: dict[str, Any], code: str) -> None:
        parts = Seal(header={"x5c": None, "x5t#S256": None, **header}).parts()
        assert outcome(parts) == (NOT_VERIFIED, [code])


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
PARAMETERS = ["alg", "crit", "b64", "x5c", "x5t#S256", "x5t#o", "sigX5ts", "sigT", "iat", "jwk", "kid", "etsiU", "sigD"]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(st.sampled_from(PARAMETERS), json_values, max_size=4),
    st.dictionaries(st.sampled_from(PARAMETERS), json_values, max_size=3),
)
def test_no_header_makes_the_verification_stumble(protected: dict[str, Any], unprotected: dict[str, Any]) -> None:
    parts = resealed(Seal(key=KEYS["ES256"], algorithm="ES256").parts(), **protected)
    status, codes = outcome(replace(parts, header=unprotected))
    assert status is VERIFIED or codes


@settings(deadline=None)
@given(st.text(max_size=30), st.binary(max_size=30), st.text(max_size=30))
def test_no_parts_make_the_verification_stumble(protected: str, payload: bytes, signature: str) -> None:
    assert outcome(SealedParts(protected, payload, signature))[0] is FAILED


def test_the_signing_input_is_the_one_of_the_standard() -> None:
    """RFC 7515, appendix A.3: the key, the header, the payload and a signature, as printed there."""
    jwk = {
        "kty": "EC",
        "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    }
    payload = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    signature = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
    parts = SealedParts("eyJhbGciOiJFUzI1NiJ9", payload.encode(), signature, {"jwk": jwk})
    assert outcome(parts) == (VERIFIED, ["OWN-KEY"])


def test_signing_by_hand_is_what_the_helper_does() -> None:
    assert len(sign(KEYS["ES512"], "ES512", b"x")) == 132


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"payload": b"{}"}, "ELM-SEAL-CONTENT-CHANGED", "/payload"),
        ({"signature": "AAAA"}, "ELM-SEAL-BROKEN", "/signatures/1/signature"),
        ({"signature": "?"}, "ELM-SEAL-SIGNATURE-BASE64", "/signatures/1/signature"),
        ({"signature": ""}, "ELM-SEAL-NO-SIGNATURE", "/signatures/1"),
        ({"protected": ""}, "ELM-SEAL-HEADER-MISSING", "/signatures/1"),
    ],
)
def test_a_refusal_says_where_to_look(change: dict[str, Any], code: str, pointer: str) -> None:
    standing = replace(Seal().parts(), pointer="/signatures/1", payload_pointer="/payload", **change)
    told = verify(standing, NOW)[1][-1]
    assert (told.code, told.spot) == (code, Spot(pointer))
    compact = replace(standing, pointer=None, payload_pointer=None)
    assert verify(compact, NOW)[1][-1].spot is None
