"""What `read` says of a file, in the short form that tests compare; every sentence is filled on the way."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from passerelle.resources import folder
from passerelle.validation.credentials.model import NotReadable, Observation, Reading
from passerelle.validation.credentials.reading.limits import Limits
from passerelle.validation.credentials.reading.reading import read
from passerelle.validation.credentials.rules import rules_of

RULES = rules_of(folder("shapes") / "credential" / "file.ttl")


def as_bytes(content: Any) -> bytes:
    if isinstance(content, bytes):
        return content
    return (content if isinstance(content, str) else json.dumps(content)).encode()


def filled(observations: Iterable[Observation]) -> list[str]:
    """The codes without their common start, of layer 1; each rule's sentences must accept the parameters."""
    codes = []
    for each in observations:
        if not each.code.startswith("ELM-FILE-"):
            continue
        rule = RULES[each.code]
        for text in (rule.message_en, rule.message_fr, rule.remedy_en, rule.remedy_fr):
            assert text.format(value=each.value, node=each.node, **each.parameters)
        codes.append(each.code.removeprefix("ELM-FILE-"))
    return codes


def refused(content: Any, name: str = "", media_type: str = "", limits: Limits | None = None) -> list[str]:
    """The codes with which a file is refused; empty where it is read."""
    try:
        read(as_bytes(content), name, media_type, limits)
    except NotReadable as refusal:
        return filled(refusal.observations)
    return []


def refusal_of(content: Any, name: str = "") -> NotReadable:
    try:
        read(as_bytes(content), name)
    except NotReadable as refusal:
        filled(refusal.observations)
        return refusal
    raise AssertionError("the file was read")


def accepted(content: Any, name: str = "", media_type: str = "", limits: Limits | None = None) -> Reading:
    reading = read(as_bytes(content), name, media_type, limits)
    filled(reading.observations)
    return reading


def codes(reading: Reading) -> list[str]:
    return filled(reading.observations)
