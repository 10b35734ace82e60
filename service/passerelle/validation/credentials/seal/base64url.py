"""Base64url as JOSE demands it (RFC 7515, section 2): no padding, no foreign characters, one spelling of each value."""

from __future__ import annotations

import base64
import re

_ALPHABET = re.compile(r"[A-Za-z0-9_-]*")


def decode(text: str) -> bytes:
    """The bytes that `text` writes.

    Raises ValueError for padding, other characters, an impossible length, and for a last character whose unused bits
    are set: otherwise one byte of a signature could be changed and it would still verify.
    """
    if not _ALPHABET.fullmatch(text) or len(text) % 4 == 1:
        raise ValueError("not base64url")
    decoded = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if encode(decoded) != text:
        raise ValueError("unused bits are set")
    return decoded


def encode(data: bytes) -> str:
    """`data` as base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
