"""The claims of a badge or credential signed as a JWT, compared with the credential that they speak about.

Verifiable Credentials Data Model 1.1, section 6.3.1, and Open Badges 3.0, section on JSON Web Token proofs: `iss` is
the issuer, `jti` the id, `sub` the id of the subject, `nbf` and `exp` the dates from and until which it is valid.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from passerelle.validation.credentials.model import Observation
from passerelle.validation.credentials.reading.json_text import JsonText
from passerelle.validation.credentials.reading.positions import member

CLAIMS = frozenset({"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "nonce", "cnf", "vc", "vp"})
"""Names that belong to the JWT and not to the credential (RFC 7519, section 4.1)."""
_SHOWN = 200
_DATES = {"nbf": ("validFrom", "issuanceDate", "issued"), "exp": ("validUntil", "expirationDate")}


def claims_unlike(
    document: JsonText, pointer: str, claims: Mapping[str, Any], credential: Mapping[str, Any]
) -> Iterator[Observation]:
    """Each claim that says something else than the credential; `pointer` is that of the claims."""
    subject = credential.get("credentialSubject")
    said = {
        "iss": _identifier(credential.get("issuer")),
        "jti": _identifier(credential.get("id")),
        "sub": _identifier(subject) if isinstance(subject, dict) else None,
    }
    for claim, other in said.items():
        stated = claims.get(claim)
        if isinstance(stated, str) and other is not None and stated != other:
            yield _differs(document, member(pointer, claim), claim, stated, other)
    for claim, keys in _DATES.items():
        moment = _moment(claims.get(claim))
        dates = [credential[key] for key in keys if isinstance(credential.get(key), str)]
        if moment is not None and dates and _instant(dates[0]) not in (None, moment):
            yield _differs(document, member(pointer, claim), claim, moment.strftime("%Y-%m-%dT%H:%M:%SZ"), dates[0])


def _identifier(value: Any) -> str | None:
    identifier = value.get("id") if isinstance(value, dict) else value
    return identifier if isinstance(identifier, str) else None


def _moment(value: Any) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return datetime.fromtimestamp(int(value), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _instant(text: str) -> datetime | None:
    """A dateTime to the second; None for what is none, which the profile reports."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)


def _differs(document: JsonText, pointer: str, claim: str, stated: str, other: str) -> Observation:
    return Observation(
        "ELM-FILE-CLAIM-DIFFERS",
        value=stated[:_SHOWN],
        spot=document.spot(pointer),
        parameters={"claim": claim, "other": other[:_SHOWN]},
    )
