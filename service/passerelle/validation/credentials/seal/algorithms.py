"""The signature algorithms that are verified here (RFC 7518, RFC 8037), and the verification itself."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, Hash, HashAlgorithm

from passerelle.validation.credentials.seal.refusal import SealRefused


class _Family(Enum):
    PKCS1 = "RSASSA-PKCS1-v1_5"
    PSS = "RSASSA-PSS"
    CURVE = "ECDSA"
    EDWARDS = "EdDSA"


class Algorithm(NamedTuple):
    """A name of `alg`: the `family` of keys, the hash (EdDSA brings its own), and the curve that it demands."""

    name: str
    family: _Family
    hash: HashAlgorithm
    curve: str = ""


class Outcome(Enum):
    """`CHANGED`: the signature is one of this key, over other bytes."""

    VERIFIED = "verified"
    CHANGED = "changed"
    BROKEN = "broken"


ALGORITHMS = {
    each.name: each
    for each in (
        Algorithm("RS256", _Family.PKCS1, SHA256()),
        Algorithm("RS384", _Family.PKCS1, SHA384()),
        Algorithm("RS512", _Family.PKCS1, SHA512()),
        Algorithm("PS256", _Family.PSS, SHA256()),
        Algorithm("PS384", _Family.PSS, SHA384()),
        Algorithm("PS512", _Family.PSS, SHA512()),
        Algorithm("ES256", _Family.CURVE, SHA256(), "secp256r1"),
        Algorithm("ES384", _Family.CURVE, SHA384(), "secp384r1"),
        Algorithm("ES512", _Family.CURVE, SHA512(), "secp521r1"),
        Algorithm("EdDSA", _Family.EDWARDS, SHA512()),
    )
}
_SECRETS = frozenset({"HS256", "HS384", "HS512"})


def algorithm_of(name: object) -> Algorithm:
    """The algorithm of this name. Raises SealRefused: for none, for those of a shared secret, and for all others."""
    if not isinstance(name, str) or not name:
        raise SealRefused("ELM-SEAL-ALGORITHM-MISSING")
    if name.lower() == "none":
        raise SealRefused("ELM-SEAL-ALGORITHM-NONE")
    if name.upper() in _SECRETS:
        raise SealRefused("ELM-SEAL-ALGORITHM-SECRET", algorithm=name)
    if name not in ALGORITHMS:
        raise SealRefused("ELM-SEAL-ALGORITHM-UNKNOWN", algorithm=name)
    return ALGORITHMS[name]


def check(algorithm: Algorithm, key: PublicKeyTypes, signed: bytes, signature: bytes) -> Outcome:
    """Whether `signature` is that of `key` over the bytes `signed`.

    Raises SealRefused where the key is not one for this algorithm: a signature may not choose how it is verified.
    """
    try:
        if algorithm.family is _Family.EDWARDS and isinstance(key, (ed25519.Ed25519PublicKey, ed448.Ed448PublicKey)):
            key.verify(signature, signed)
        elif algorithm.family is _Family.CURVE and isinstance(key, ec.EllipticCurvePublicKey):
            _check_curve(algorithm, key, signed, signature)
        elif isinstance(key, rsa.RSAPublicKey) and algorithm.family in (_Family.PKCS1, _Family.PSS):
            return _check_rsa(algorithm, key, signed, signature)
        else:
            raise _other_key(algorithm, key)
    except InvalidSignature:
        return Outcome.BROKEN
    except (UnsupportedAlgorithm, ValueError):
        raise SealRefused("ELM-SEAL-KEY-UNREADABLE") from None
    return Outcome.VERIFIED


def describe(key: PublicKeyTypes) -> str:
    """The kind and size of a key, as the standards write it: `RSA 2048`, `secp256r1`."""
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA {key.key_size}"
    if isinstance(key, ec.EllipticCurvePublicKey):
        return key.curve.name
    return type(key).__name__.removesuffix("PublicKey")


def _check_curve(algorithm: Algorithm, key: ec.EllipticCurvePublicKey, signed: bytes, signature: bytes) -> None:
    if key.curve.name != algorithm.curve:
        raise _other_key(algorithm, key)
    half = (key.curve.key_size + 7) // 8
    if len(signature) != 2 * half:
        raise InvalidSignature
    r, s = (int.from_bytes(part, "big") for part in (signature[:half], signature[half:]))
    key.verify(encode_dss_signature(r, s), signed, ec.ECDSA(algorithm.hash))


def _check_rsa(algorithm: Algorithm, key: rsa.RSAPublicKey, signed: bytes, signature: bytes) -> Outcome:
    if algorithm.family is _Family.PSS:
        salted = padding.PSS(padding.MGF1(algorithm.hash), algorithm.hash.digest_size)
        key.verify(signature, signed, salted, algorithm.hash)
        return Outcome.VERIFIED
    try:
        key.verify(signature, signed, padding.PKCS1v15(), algorithm.hash)
    except InvalidSignature:
        return _why(algorithm.hash, key, signed, signature)
    return Outcome.VERIFIED


def _why(used: HashAlgorithm, key: rsa.RSAPublicKey, signed: bytes, signature: bytes) -> Outcome:
    """Whether a failed signature is one of this key all the same: with this padding it carries what was signed."""
    digest = Hash(used)
    digest.update(signed)
    try:
        recovered = key.recover_data_from_signature(signature, padding.PKCS1v15(), used)
    except (InvalidSignature, ValueError):
        return Outcome.BROKEN
    return Outcome.BROKEN if recovered == digest.finalize() else Outcome.CHANGED


def _other_key(algorithm: Algorithm, key: PublicKeyTypes) -> SealRefused:
    return SealRefused("ELM-SEAL-KEY-ALGORITHM", algorithm=algorithm.name, key=describe(key))
