"""A key that stands in the header itself (`jwk`, RFC 7517): read, never looked up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

from passerelle.validation.credentials.seal.base64url import decode
from passerelle.validation.credentials.seal.refusal import SealRefused

_CURVES: dict[str, ec.EllipticCurve] = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1(), "P-521": ec.SECP521R1()}
_LIMIT = 4096
"""Characters of a number of a key: 16,384 bits of RSA have 2,731."""


def key_of(jwk: Mapping[str, Any]) -> PublicKeyTypes:
    """The public key that a JWK writes. Raises SealRefused."""
    kind, curve = jwk.get("kty"), str(jwk.get("crv"))
    try:
        if kind == "RSA":
            return rsa.RSAPublicNumbers(_number(jwk.get("e")), _number(jwk.get("n"))).public_key()
        if kind == "EC" and curve in _CURVES:
            return ec.EllipticCurvePublicNumbers(
                _number(jwk.get("x")), _number(jwk.get("y")), _CURVES[curve]
            ).public_key()
        if kind == "OKP" and curve == "Ed25519":
            return ed25519.Ed25519PublicKey.from_public_bytes(_bytes(jwk.get("x")))
        if kind == "OKP" and curve == "Ed448":
            return ed448.Ed448PublicKey.from_public_bytes(_bytes(jwk.get("x")))
    except (ValueError, UnsupportedAlgorithm):
        pass
    raise SealRefused("ELM-SEAL-KEY-UNREADABLE")


def _bytes(value: object) -> bytes:
    if not isinstance(value, str) or len(value) > _LIMIT:
        raise ValueError("no base64url")
    return decode(value)


def _number(value: object) -> int:
    return int.from_bytes(_bytes(value), "big")
