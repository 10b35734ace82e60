"""The certificate that a signature names: found, compared with its thumbprints, and what it says (RFC 5280)."""

from __future__ import annotations

import base64
import hashlib
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.x509.oid import NameOID

from passerelle.validation.credentials.seal.base64url import encode
from passerelle.validation.credentials.seal.header import SealHeader
from passerelle.validation.credentials.seal.refusal import SealRefused

_LIMIT = 64 * 1024
"""Characters of one certificate."""
_DIGESTS = {"S256": "sha256", "S384": "sha384", "S512": "sha512"}
NAMES = {NameOID.SERIAL_NUMBER: "serialNumber", NameOID.ORGANIZATION_IDENTIFIER: "organizationIdentifier"}
"""How attributes of a distinguished name are written, besides those of RFC 4514."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says. `hash` is the name of the hash that its issuer signed with, empty where unknown.

    `may_sign` is False where it states its uses and neither signing nor sealing is one of them. `protected` tells
    whether the signature covers the choice of this certificate, `self_issued` that nobody but its holder vouches for
    it: it is signed with its own key, whatever issuer it names, or names its holder as the issuer.
    """

    key: PublicKeyTypes
    subject: str
    issuer: str
    serial: str
    valid_from: datetime
    valid_until: datetime
    may_sign: bool
    hash: str
    protected: bool
    self_issued: bool


def certificate_of(header: SealHeader) -> Certificate | None:
    """The certificate of the signer, None where the header brings none. Raises SealRefused.

    It stands in `x5c`; else it is the one among the JAdES validation data that a thumbprint names.
    """
    chain = header.get("x5c")
    if chain is not None:
        data = _decoded(chain[0] if chain else None)
        protected = "x5c" in header.protected or any(True for _ in _thumbprints(header, data, protected=True))
        certificate = _read(data, protected)
        for name, matches in _thumbprints(header, data):
            if not matches:
                raise SealRefused("ELM-SEAL-THUMBPRINT", name=name)
        return certificate
    for data in _validation_data(header):
        named = [matches for _, matches in _thumbprints(header, data)]
        if named and all(named):
            return _read(data, any(True for _ in _thumbprints(header, data, protected=True)))
    return None


def _decoded(text: object) -> bytes:
    if not isinstance(text, str) or len(text) > _LIMIT:
        raise SealRefused("ELM-SEAL-CERTIFICATE-UNREADABLE")
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise SealRefused("ELM-SEAL-CERTIFICATE-UNREADABLE") from None


def _validation_data(header: SealHeader) -> Iterator[bytes]:
    for name, values in header.unsigned_properties():
        for each in values if name == "xVals" and isinstance(values, list) else ():
            holder = each.get("x509Cert") if isinstance(each, dict) else None
            text = holder.get("val") if isinstance(holder, dict) else None
            if isinstance(text, str) and len(text) <= _LIMIT:
                try:
                    yield base64.b64decode(text, validate=True)
                except ValueError:
                    continue


def _thumbprints(header: SealHeader, data: bytes, *, protected: bool = False) -> Iterator[tuple[str, bool]]:
    """Each thumbprint of the signer's certificate that the header states, and whether `data` has it."""
    place = header.protected.get if protected else header.get
    for name, digest in (("x5t#S256", "sha256"), ("x5t", "sha1")):
        stated = place(name)
        if stated is not None:
            yield name, stated == encode(hashlib.new(digest, data, usedforsecurity=False).digest())
    others = place("sigX5ts")
    first = others[0] if isinstance(others, list) and others else None
    for name, each in (("x5t#o", place("x5t#o")), ("sigX5ts", first)):
        stated = each if isinstance(each, dict) else {}
        kind = _DIGESTS.get(str(stated.get("digAlg")))
        if kind is not None:
            yield name, stated.get("digVal") == encode(hashlib.new(kind, data).digest())


def _read(data: bytes, protected: bool) -> Certificate:
    with warnings.catch_warnings():
        # what the library frowns upon in the certificates of others is no news for the reader of a report
        warnings.simplefilter("ignore")
        try:
            read = x509.load_der_x509_certificate(data)
            key = read.public_key()
            subject, issuer = (name.rfc4514_string(NAMES) for name in (read.subject, read.issuer))
            serial = format(read.serial_number, "x")
            dates = read.not_valid_before_utc.astimezone(UTC), read.not_valid_after_utc.astimezone(UTC)
            may_sign = _may_sign(read)
        except (ValueError, TypeError, UnsupportedAlgorithm, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
            raise SealRefused("ELM-SEAL-CERTIFICATE-UNREADABLE") from None
        try:
            used = read.signature_hash_algorithm
        except (ValueError, UnsupportedAlgorithm):
            used = None
        self_issued = subject == issuer or _signed_with(key, read)
    return Certificate(
        key, subject, issuer, serial, *dates, may_sign, used.name if used else "", protected, self_issued
    )


def _signed_with(key: PublicKeyTypes, read: x509.Certificate) -> bool:
    """Whether the signature of a certificate is one of this key."""
    signed = read.signature, read.tbs_certificate_bytes
    try:
        how = read.signature_algorithm_parameters
        hashed = read.signature_hash_algorithm
        if isinstance(key, rsa.RSAPublicKey) and isinstance(how, (padding.PKCS1v15, padding.PSS)) and hashed:
            key.verify(*signed, how, hashed)
        elif isinstance(key, ec.EllipticCurvePublicKey) and isinstance(how, ec.ECDSA):
            key.verify(*signed, how)
        elif isinstance(key, (ed25519.Ed25519PublicKey, ed448.Ed448PublicKey)):
            key.verify(*signed)
        else:
            return False
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return True


def _may_sign(read: x509.Certificate) -> bool:
    try:
        usage = read.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return usage.digital_signature or usage.content_commitment
