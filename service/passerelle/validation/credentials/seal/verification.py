"""Verifies one signature over the exact bytes, and tells what a certificate says and what was not verified."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

from passerelle.validation.credentials.model import Observation, SealedParts, SealFacts, SealStatus, Spot
from passerelle.validation.credentials.seal import base64url
from passerelle.validation.credentials.seal.algorithms import Outcome, algorithm_of, check, describe
from passerelle.validation.credentials.seal.certificates import Certificate, certificate_of
from passerelle.validation.credentials.seal.header import SealHeader, check_critical, read_header
from passerelle.validation.credentials.seal.keys import key_of
from passerelle.validation.credentials.seal.refusal import SealRefused, shown

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)")
_RSA_BITS = 2048
"""ETSI TS 119 312 asks for more by now; below this nobody does."""
_WEAK_HASHES = frozenset({"md5", "sha1"})
_OF_THE_SIGNATURE = frozenset({"ELM-SEAL-SIGNATURE-BASE64", "ELM-SEAL-BROKEN"})
_STAMPS = frozenset({"sigTst", "arcTst", "rfsTst", "sigRTst"})


def verify(sealed: SealedParts, now: datetime | None = None) -> tuple[SealFacts, list[Observation]]:
    """What the signature comes to, and what is to be said about it; never raises for what the file holds.

    The signing input is `protected`, a full stop and the payload as it stands in the file: with b64 false that is
    the payload itself (RFC 7797, section 3), else its base64url (RFC 7515, section 5.1). Nothing is fetched: a key
    that stands elsewhere leaves the signature unverified. `now` is the moment for what has expired since.
    """
    work = _Verification(sealed, now or datetime.now(UTC))
    try:
        work.run()
    except SealRefused as refusal:
        work.status = refusal.status
        work.observations.append(replace(refusal.observation, spot=_spot(sealed, refusal.observation.code)))
    return work.facts(), work.observations


class _Verification:
    """One run: what is known so far is kept where a step refuses to go on."""

    def __init__(self, sealed: SealedParts, now: datetime) -> None:
        self._sealed = sealed
        self._now = now
        self._header = SealHeader({})
        self._algorithm = ""
        self._certificate: Certificate | None = None
        self._own_key = False
        self._signed_at = ""
        self.status = SealStatus.FAILED
        self.observations: list[Observation] = []

    def run(self) -> None:
        """Raises SealRefused where the verification ends early."""
        header = self._header = read_header(self._sealed)
        self._algorithm = shown(header.get("alg") or "")
        algorithm = algorithm_of(header.protected.get("alg"))
        check_critical(header)
        if not self._sealed.signature:
            raise SealRefused("ELM-SEAL-NO-SIGNATURE")
        try:
            signature = base64url.decode(self._sealed.signature)
        except ValueError:
            raise SealRefused("ELM-SEAL-SIGNATURE-BASE64") from None
        self._certificate = certificate_of(header)
        self.observations.extend(self._about_certificate())
        key = self._key()
        if "sigD" in header.protected:
            raise SealRefused("ELM-SEAL-DETACHED", SealStatus.NOT_VERIFIED)
        outcome = check(algorithm, key, self._signing_input(), signature)
        if outcome is not Outcome.VERIFIED:
            raise SealRefused("ELM-SEAL-CONTENT-CHANGED" if outcome is Outcome.CHANGED else "ELM-SEAL-BROKEN")
        self.status = SealStatus.VERIFIED
        if self._own_key:
            self.observations.append(Observation("ELM-SEAL-OWN-KEY"))
        elif self._certificate is not None:
            self.observations.append(Observation("ELM-SEAL-CHAIN-NOT-VERIFIED"))

    def facts(self) -> SealFacts:
        """What is known at the end."""
        known = SealFacts(
            self.status, self._algorithm, signed_at=self._signed_at, not_checked=tuple(self._not_checked())
        )
        certificate = self._certificate
        if certificate is None:
            return known
        return replace(
            known,
            subject=certificate.subject,
            issuer=certificate.issuer,
            serial=certificate.serial,
            valid_from=_text(certificate.valid_from),
            valid_until=_text(certificate.valid_until),
            self_issued=certificate.self_issued,
        )

    def _signing_input(self) -> bytes:
        payload = self._sealed.payload
        if not self._header.plain_payload:
            try:
                base64url.decode(payload.decode("ascii"))
            except ValueError:
                self.observations.append(Observation("ELM-SEAL-PAYLOAD-PLAIN"))
                payload = base64url.encode(payload).encode("ascii")
        return self._sealed.protected.encode("ascii") + b"." + payload

    def _key(self) -> PublicKeyTypes:
        header = self._header
        if self._certificate is not None:
            key = self._certificate.key
        elif header.get("jwk") is not None:
            key = key_of(header.get("jwk"))
            self._own_key = True
        else:
            raise self._no_key()
        if isinstance(key, rsa.RSAPublicKey) and key.key_size < _RSA_BITS:
            self.observations.append(Observation("ELM-SEAL-WEAK-KEY", parameters={"key": describe(key)}))
        return key

    def _no_key(self) -> SealRefused:
        for name in ("x5u", "jku", "kid"):
            address = self._header.get(name)
            if isinstance(address, str) and re.match(r"(https?|did):", address):
                return SealRefused("ELM-SEAL-KEY-ELSEWHERE", SealStatus.NOT_VERIFIED, name=name, address=address)
        return SealRefused("ELM-SEAL-KEY-ABSENT", SealStatus.NOT_VERIFIED)

    def _about_certificate(self) -> Iterator[Observation]:
        moment = self._signing_time()
        if self._signed_at and moment is None:
            yield Observation("ELM-SEAL-SIGNING-TIME", value=self._signed_at)
        if moment is not None and moment > self._now:
            yield Observation(
                "ELM-SEAL-SIGNED-IN-FUTURE", value=self._signed_at, parameters={"signed": self._signed_at}
            )
        certificate = self._certificate
        if certificate is None:
            return
        span = {"from": _text(certificate.valid_from), "until": _text(certificate.valid_until)}
        if moment is None:
            yield Observation("ELM-SEAL-NO-SIGNING-TIME")
        elif not certificate.valid_from <= moment <= certificate.valid_until:
            yield Observation(
                "ELM-SEAL-SIGNED-OUTSIDE",
                value=self._signed_at,
                spot=_spot(self._sealed, "ELM-SEAL-SIGNED-OUTSIDE"),
                parameters={"signed": self._signed_at, **span},
            )
        if certificate.valid_until < self._now:
            yield Observation("ELM-SEAL-CERTIFICATE-EXPIRED", value=span["until"], parameters=span)
        if not certificate.protected:
            yield Observation("ELM-SEAL-CERTIFICATE-UNPROTECTED")
        if certificate.self_issued:
            yield Observation("ELM-SEAL-SELF-ISSUED", value=certificate.subject)
        if not certificate.may_sign:
            yield Observation("ELM-SEAL-KEY-USAGE")
        if certificate.hash in _WEAK_HASHES:
            yield Observation("ELM-SEAL-WEAK-HASH", parameters={"hash": certificate.hash})

    def _signing_time(self) -> datetime | None:
        """The moment that the signer states: `sigT`, or `iat` (JAdES 1.2), in seconds since 1970."""
        protected = self._header.protected
        stated = protected.get("sigT", protected.get("iat"))
        if stated is None:
            return None
        self._signed_at = shown(stated)
        try:
            if isinstance(stated, str) and _MOMENT.fullmatch(stated):
                return datetime.fromisoformat(stated).astimezone(UTC)
            if isinstance(stated, (int, float)) and not isinstance(stated, bool):
                moment = datetime.fromtimestamp(stated, UTC)
                self._signed_at = _text(moment)
                return moment
        except (ValueError, OverflowError, OSError):
            pass
        return None

    def _not_checked(self) -> Iterator[str]:
        """What the signature holds, or what a full validation asks for, and was not verified here: message ids."""
        header = self._header
        if "adoTst" in header.protected or _STAMPS & {name for name, _ in header.unsigned_properties()}:
            yield "seal-time-stamp"
        if self._certificate is not None:
            yield from ("seal-chain", "seal-trusted-list", "seal-revocation", "seal-qualified")
        elif self._own_key:
            yield "seal-key-owner"


def _spot(sealed: SealedParts, code: str) -> Spot | None:
    """Where to look for what is wrong: the payload, the signature, or the object that holds it and its header."""
    if sealed.pointer is None or sealed.payload_pointer is None:
        return None
    if code == "ELM-SEAL-CONTENT-CHANGED":
        return Spot(sealed.payload_pointer)
    return Spot(f"{sealed.pointer}/signature" if code in _OF_THE_SIGNATURE else sealed.pointer)


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
