"""Signed containers: their parts as they stand, and the text that was signed.

RFC 7515, section 7 (compact, flattened and general serialization), RFC 7797 (payload that is not base64url).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from passerelle.validation.credentials.model import Form, NotReadable, Observation, SealedParts
from passerelle.validation.credentials.reading.json_text import JsonText, Place, inside
from passerelle.validation.credentials.reading.limits import Limits
from passerelle.validation.credentials.seal.base64url import decode

_OF_A_CREDENTIAL = frozenset({"@context", "@graph", "@type", "credential", "credentialSubject", "type"})


@dataclass(frozen=True, slots=True)
class SealedText:
    """A container that was opened: the signed `text` and where its characters stand in the submitted file."""

    form: Form
    text: str
    place: Place
    seals: tuple[SealedParts, ...]
    observations: tuple[Observation, ...] = ()


def is_sealed(value: Mapping[str, Any]) -> bool:
    """Whether a JSON object is a JWS, complete or not."""
    if _OF_A_CREDENTIAL & value.keys():
        return False
    return "payload" in value or ("protected" in value and "signature" in value) or "signatures" in value


def open_json(document: JsonText, pointer: str, value: Mapping[str, Any], limits: Limits) -> SealedText:
    """Open the flattened or general JWS that stands at `pointer`. Raises NotReadable."""
    form = Form.JADES_GENERAL if "signatures" in value else Form.JADES_FLATTENED
    observations: list[Observation] = []
    if "payload" not in value:
        raise NotReadable(Observation("ELM-FILE-PAYLOAD-MISSING", spot=document.spot(pointer)), forms=(form,))
    payload = value["payload"]
    place = f"{pointer}/payload"
    if not isinstance(payload, str):
        raise NotReadable(Observation("ELM-FILE-PAYLOAD", spot=document.spot(place)), forms=(form,))
    if not payload:
        raise NotReadable(Observation("ELM-FILE-PAYLOAD-MISSING", spot=document.spot(place)), forms=(form,))
    if form is Form.JADES_GENERAL and ("signature" in value or "protected" in value):
        observations.append(Observation("ELM-FILE-SEAL-BOTH-FORMS", spot=document.spot(pointer)))
    seals = tuple(_signatures(document, pointer, value, payload, limits, observations))
    standing = inside(document, place)
    text = payload
    if not payload.lstrip().startswith(("{", "[")) and not _stands_plain(seals):
        try:
            text = decode(payload).decode("utf-8")
        except ValueError:
            refusal = Observation("ELM-FILE-PAYLOAD-BASE64", spot=document.spot(place))
            raise NotReadable(refusal, *observations, forms=(form,)) from None
        standing = _decoded(text, standing)
    return SealedText(form, text, standing, seals, tuple(observations))


def open_compact(text: str, place: Place) -> SealedText:
    """Open a compact JWS. Raises NotReadable."""
    protected, payload, signature = text.split(".")
    forms = (Form.COMPACT_JWS,)
    if not payload:
        raise NotReadable(Observation("ELM-FILE-PAYLOAD-MISSING"), forms=forms)
    try:
        signed = decode(payload).decode("utf-8")
    except ValueError:
        raise NotReadable(Observation("ELM-FILE-PAYLOAD-BASE64"), forms=forms) from None
    start = len(protected) + 1
    seal = SealedParts(protected, payload.encode("ascii"), signature)
    return SealedText(Form.COMPACT_JWS, signed, _decoded(signed, lambda offset: place(start + offset)), (seal,))


def _signatures(
    document: JsonText,
    pointer: str,
    value: Mapping[str, Any],
    payload: str,
    limits: Limits,
    observations: list[Observation],
) -> Iterator[SealedParts]:
    """The signatures one by one; where none is well-formed, an empty one, which the verification then refuses."""
    data = payload.encode("utf-8")
    listed = value.get("signatures", [value])
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        observations.append(_misshapen(document, pointer, "signatures"))
        listed = []
    if len(listed) > limits.signatures:
        counts = {"count": str(len(listed)), "limit": str(limits.signatures)}
        raise NotReadable(Observation("ELM-FILE-TOO-MANY-SIGNATURES", parameters=counts), forms=(Form.JADES_GENERAL,))
    if not listed:
        yield SealedParts("", data, "", pointer=pointer, payload_pointer=f"{pointer}/payload")
    for index, each in enumerate(listed):
        here = f"{pointer}/signatures/{index}" if "signatures" in value else pointer
        parts: dict[str, str] = {}
        for name in ("protected", "signature"):
            part = each.get(name, "")
            if not isinstance(part, str):
                observations.append(_misshapen(document, f"{here}/{name}", name))
                part = ""
            parts[name] = part
        header = each.get("header", {})
        if not isinstance(header, dict):
            observations.append(_misshapen(document, f"{here}/header", "header"))
            header = {}
        yield SealedParts(parts["protected"], data, parts["signature"], header, here, f"{pointer}/payload")


def _misshapen(document: JsonText, pointer: str, name: str) -> Observation:
    return Observation("ELM-FILE-SEAL-MEMBER", spot=document.spot(pointer), parameters={"member": name})


def _stands_plain(seals: tuple[SealedParts, ...]) -> bool:
    """Whether a signature says that the payload is no base64url (RFC 7797)."""
    for each in seals:
        try:
            header = json.loads(decode(each.protected))
        except (ValueError, RecursionError):
            continue
        if isinstance(header, dict) and header.get("b64") is False:
            return True
    return False


def _decoded(text: str, place: Place) -> Place:
    """The place of characters that stood in base64url: three bytes in four characters."""
    plain = text.isascii()

    def found(offset: int) -> tuple[int, int]:
        size = offset if plain else len(text[:offset].encode("utf-8"))
        return place(size * 4 // 3)

    return found
