"""Seals that tests make for themselves: keys and certificates in memory, signatures by the book, not by our code."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.x509.oid import NameOID

from passerelle.validation.credentials.model import SealedParts

NOW = datetime(2026, 11, 22, tzinfo=UTC)
SIGNED_AT = "2026-02-01T10:00:00Z"
HASHES = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}
CURVES = {"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1(), "ES512": ec.SECP521R1()}

RSA = rsa.generate_private_key(65537, 2048)
SHORT_RSA = rsa.generate_private_key(65537, 1024)
KEYS: dict[str, Any] = {
    **dict.fromkeys(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"), RSA),
    **{name: ec.generate_private_key(curve) for name, curve in CURVES.items()},
    "EdDSA": ed25519.Ed25519PrivateKey.generate(),
}
OTHER = ec.generate_private_key(ec.SECP256R1())
ED448 = ed448.Ed448PrivateKey.generate()


def b64url(data: bytes | str) -> str:
    data = data.encode() if isinstance(data, str) else data
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def certificate(
    key: Any,
    *,
    issuer: str = "Test trust service",
    usage: bool | None = True,
    since: datetime = datetime(2026, 1, 1, tzinfo=UTC),
    until: datetime = datetime(2027, 1, 1, tzinfo=UTC),
    signer: Any = None,
) -> bytes:
    """DER; issued by another key, or `signer`, unless the issuer has the same name. `usage` None: no extension."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test seal")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(0xABC)
        .not_valid_before(since)
        .not_valid_after(until)
    )
    if usage is not None:
        others = dict.fromkeys(
            ("data_encipherment", "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"), False
        )
        builder = builder.add_extension(
            x509.KeyUsage(digital_signature=usage, content_commitment=False, key_encipherment=not usage, **others),
            critical=True,
        )
    signer = signer or (OTHER if issuer != "Test seal" else key)
    hashed = None if isinstance(signer, (ed25519.Ed25519PrivateKey, ed448.Ed448PrivateKey)) else hashes.SHA256()
    return builder.sign(signer, hashed).public_bytes(serialization.Encoding.DER)


def thumbprint(der: bytes) -> str:
    return b64url(hashlib.sha256(der).digest())


def sign(key: Any, algorithm: str, data: bytes) -> bytes:
    hashed = HASHES.get(algorithm[-3:])
    if isinstance(key, rsa.RSAPrivateKey):
        salted = algorithm.startswith("PS")
        how = padding.PSS(padding.MGF1(hashed), hashed.digest_size) if salted else padding.PKCS1v15()
        return key.sign(data, how, hashed)
    if isinstance(key, ec.EllipticCurvePrivateKey):
        size = (key.key_size + 7) // 8
        r, s = decode_dss_signature(key.sign(data, ec.ECDSA(hashed)))
        return r.to_bytes(size, "big") + s.to_bytes(size, "big")
    return key.sign(data)


@dataclass
class Seal:
    """Makes one signature; `header` is added to the protected one, where None takes a parameter away."""

    algorithm: str = "RS256"
    plain: bool = True
    header: dict[str, Any] = field(default_factory=dict)
    unprotected: dict[str, Any] = field(default_factory=dict)
    key: Any = None
    der: bytes | None = None

    def __post_init__(self) -> None:
        self.key = self.key or KEYS[self.algorithm]
        self.der = self.der or certificate(self.key)

    def protected(self) -> dict[str, Any]:
        header = {
            "alg": self.algorithm,
            "x5c": [base64.b64encode(self.der).decode()],
            "x5t#S256": thumbprint(self.der),
            "sigT": SIGNED_AT,
            "crit": ["sigT"],
        }
        if self.plain:
            header |= {"b64": False, "crit": ["b64", "sigT"]}
        return {name: value for name, value in {**header, **self.header}.items() if value is not None}

    def parts(self, payload: str = '{"type": "x"}') -> SealedParts:
        protected = b64url(json.dumps(self.protected()))
        standing = payload if self.plain else b64url(payload)
        signature = sign(self.key, self.algorithm, f"{protected}.{standing}".encode())
        return SealedParts(protected, standing.encode(), b64url(signature), self.unprotected)

    def flattened(self, payload: str) -> dict[str, Any]:
        parts = self.parts(payload)
        unprotected = {"header": self.unprotected} if self.unprotected else {}
        return {
            "payload": parts.payload.decode(),
            "protected": parts.protected,
            **unprotected,
            "signature": parts.signature,
        }

    def general(self, payload: str) -> dict[str, Any]:
        whole = self.flattened(payload)
        return {"payload": whole.pop("payload"), "signatures": [whole]}

    def compact(self, payload: str) -> str:
        parts = self.parts(payload)
        return f"{parts.protected}.{parts.payload.decode()}.{parts.signature}"
