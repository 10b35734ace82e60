"""The header of a signature: decoded, free of contradictions, its critical parameters understood.

RFC 7515 (JWS), RFC 7797 (b64), ETSI TS 119 182-1 (JAdES).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from passerelle.validation.credentials.model import SealedParts
from passerelle.validation.credentials.seal.base64url import decode
from passerelle.validation.credentials.seal.refusal import SealRefused

HEADER_LIMIT = 256 * 1024
"""Characters of a protected header; those of the official samples, with certificate and time-stamp, have 15,000."""

UNDERSTOOD = frozenset(
    {"adoTst", "b64", "iat", "sigD", "sigPId", "sigPl", "sigT", "sigX5ts", "srAts", "srCms", "x5t#o"}
)
"""Parameters that `crit` may name: b64 of RFC 7797, the others of JAdES. What RFC 7515 defines may not stand there."""


@dataclass(frozen=True, slots=True)
class SealHeader:
    """What a signature says about itself: `protected` is signed, `unprotected` is not."""

    protected: Mapping[str, Any]
    unprotected: Mapping[str, Any] = field(default_factory=dict)

    def get(self, name: str) -> Any:
        """The parameter of this name, the protected one first; None where there is none."""
        return self.protected.get(name, self.unprotected.get(name))

    @property
    def plain_payload(self) -> bool:
        """Whether the signature is over the payload itself instead of its base64url (RFC 7797)."""
        return self.protected.get("b64") is False

    def unsigned_properties(self) -> Iterator[tuple[str, Any]]:
        """The JAdES properties of `etsiU`, which can be objects or base64url of objects; what is neither is passed."""
        properties = self.unprotected.get("etsiU")
        for each in properties if isinstance(properties, list) else ():
            described = _decoded(each) if isinstance(each, str) else each
            if isinstance(described, dict):
                yield from described.items()


def read_header(sealed: SealedParts) -> SealHeader:
    """The header, whose parameters have the types that they must have and occur once. Raises SealRefused."""
    if not sealed.protected:
        raise SealRefused("ELM-SEAL-HEADER-MISSING")
    if len(sealed.protected) > HEADER_LIMIT:
        raise SealRefused("ELM-SEAL-HEADER-TOO-LARGE", size=len(sealed.protected), limit=HEADER_LIMIT)
    try:
        text = decode(sealed.protected).decode("utf-8")
    except ValueError:
        raise SealRefused("ELM-SEAL-HEADER-BASE64") from None
    try:
        protected = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise SealRefused("ELM-SEAL-HEADER-JSON") from None
    if not isinstance(protected, dict):
        raise SealRefused("ELM-SEAL-HEADER-JSON")
    header = SealHeader(protected, sealed.header)
    for name in protected:
        if name in sealed.header:
            raise SealRefused("ELM-SEAL-HEADER-TWICE", name=name)
    _check_types(header)
    return header


def check_critical(header: SealHeader) -> None:
    """Every parameter that must be understood is. Raises SealRefused."""
    critical = header.protected.get("crit")
    if "crit" in header.unprotected:
        raise SealRefused("ELM-SEAL-CRITICAL-WRONG")
    if critical is None:
        if header.plain_payload:
            raise SealRefused("ELM-SEAL-CRITICAL-B64")
        return
    if not isinstance(critical, list) or not critical or not all(isinstance(each, str) for each in critical):
        raise SealRefused("ELM-SEAL-CRITICAL-WRONG")
    if len(set(critical)) != len(critical):
        raise SealRefused("ELM-SEAL-CRITICAL-WRONG")
    for name in critical:
        if name not in UNDERSTOOD:
            raise SealRefused("ELM-SEAL-CRITICAL-UNKNOWN", name=name)
        if name not in header.protected:
            raise SealRefused("ELM-SEAL-CRITICAL-ABSENT", name=name)
    if header.plain_payload and "b64" not in critical:
        raise SealRefused("ELM-SEAL-CRITICAL-B64")


def _check_types(header: SealHeader) -> None:
    """Types of what is used here."""
    if "b64" in header.unprotected:
        raise SealRefused("ELM-SEAL-HEADER-VALUE", name="b64")
    for name, kind in (("alg", str), ("b64", bool), ("kid", str), ("x5c", list), ("jwk", dict), ("sigT", str)):
        value = header.get(name)
        if value is not None and not isinstance(value, kind):
            raise SealRefused("ELM-SEAL-HEADER-VALUE", name=name)


def _decoded(text: str) -> object:
    try:
        return json.loads(decode(text))
    except (ValueError, RecursionError):
        return None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise SealRefused("ELM-SEAL-HEADER-TWICE", name=name)
        found[name] = value
    return found


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)
