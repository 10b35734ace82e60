"""JSON opened from the outside in, down to what holds the credential: seals, wrappers, presentations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from passerelle.validation.credentials.model import Form, NotReadable, Observation, SealedParts
from passerelle.validation.credentials.reading.detection import is_compact
from passerelle.validation.credentials.reading.jose import SealedText, is_sealed, open_compact, open_json
from passerelle.validation.credentials.reading.json_text import JsonText, Place, lines_of, parse
from passerelle.validation.credentials.reading.limits import Limits
from passerelle.validation.credentials.reading.positions import member

_WRAPPER = frozenset({"@context", "credential", "deliveryDetails"})
_PRESENTATIONS = frozenset({"VerifiablePresentation", "EuropeanDigitalPresentation"})
_CREDENTIALS = frozenset(
    {"AchievementCredential", "EuropeanDigitalCredential", "OpenBadgeCredential", "VerifiableCredential"}
)
_STARTS = ("{", "[")


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """What the containers came to: the JSON text, and the `pointer` of the part of it that says something.

    `forms` are those of the containers only; `claims` those of a VC-JWT around the credential.
    `bare` where no object down to there has a context, though its keys need one.
    """

    document: JsonText
    pointer: str
    forms: tuple[Form, ...]
    seals: tuple[SealedParts, ...]
    observations: tuple[Observation, ...]
    claims: Mapping[str, Any]
    bare: bool

    @property
    def value(self) -> Any:
        """The part of the document that `pointer` names."""
        value = self.document.value
        for step in self.pointer.split("/")[1:]:
            value = value[int(step)] if isinstance(value, list) else value[step]
        return value


@dataclass(slots=True)
class _Opening:
    """What one run has opened so far."""

    limits: Limits
    forms: list[Form] = field(default_factory=list)
    seals: list[SealedParts] = field(default_factory=list)
    observations: list[Observation] = field(default_factory=list)
    claims: Mapping[str, Any] = field(default_factory=dict)
    with_context: bool = False
    opened: int = 0

    def text(self, text: str, place: Place) -> Unwrapped:
        """Open a text that should be JSON or a compact JWS."""
        body = text.strip()
        if is_compact(body):
            start = text.index(body)
            return self.sealed(open_compact(body, lambda offset: place(start + offset)))
        document = parse(text, self.limits, place)
        self.observations.extend(document.observations)
        return self.value(document, "", document.value)

    def sealed(self, opened: SealedText) -> Unwrapped:
        """Go on with the text that was signed."""
        self.level()
        self.forms.append(opened.form)
        self.seals.extend(opened.seals)
        self.observations.extend(opened.observations)
        # what stands around a seal is no context for what is in it
        self.with_context = False
        body = opened.text.strip()
        if not body.startswith(_STARTS) and not is_compact(body):
            raise NotReadable(Observation("ELM-FILE-PAYLOAD-NOT-JSON"))
        return self.text(opened.text, opened.place)

    def level(self) -> None:
        """One container more. Raises NotReadable beyond the limit."""
        self.opened += 1
        if self.opened > self.limits.nesting:
            raise NotReadable(Observation("ELM-FILE-NESTED", parameters={"limit": str(self.limits.nesting)}))

    def value(self, document: JsonText, pointer: str, value: Any) -> Unwrapped:
        """Open what stands at `pointer` as far as it is a container."""
        if isinstance(value, list):
            return self.several(document, pointer, value)
        if not isinstance(value, dict):
            raise NotReadable(Observation("ELM-FILE-NOT-AN-OBJECT", spot=document.spot(pointer)))
        if is_sealed(value):
            return self.sealed(open_json(document, pointer, value, self.limits))
        self.with_context = self.with_context or "@context" in value
        if "credential" in value and "credentialSubject" not in value:
            return self.wrapper(document, pointer, value)
        if _PRESENTATIONS & _types(value) and not _CREDENTIALS & _types(value):
            return self.presentation(document, pointer, value)
        for claim in ("vc", "vp"):
            if isinstance(value.get(claim), dict) and "credentialSubject" not in value:
                self.level()
                self.claims = value
                return self.value(document, f"{pointer}/{claim}", value[claim])
        if "@context" not in value and not _is_expanded(value) and not _is_like_a_credential(value):
            raise NotReadable(Observation("ELM-FILE-NO-CREDENTIAL", spot=document.spot(pointer)))
        return self.end(document, pointer, value)

    def wrapper(self, document: JsonText, pointer: str, value: Mapping[str, Any]) -> Unwrapped:
        """The file that issuers upload: a credential with the details of its delivery."""
        self.level()
        self.forms.append(Form.UPLOADABLE)
        for key in [each for each in value if each not in _WRAPPER]:
            spot = document.key_spot(member(pointer, key))
            self.observations.append(
                Observation("ELM-FILE-MEMBER-IGNORED", value=key, spot=spot, parameters={"key": key})
            )
        return self.inner(document, f"{pointer}/credential", value["credential"])

    def presentation(self, document: JsonText, pointer: str, value: Mapping[str, Any]) -> Unwrapped:
        """A presentation of one credential is checked as that credential."""
        self.level()
        spot = document.spot(pointer)
        shown = value.get("verifiableCredential", [])
        if not shown:
            raise NotReadable(Observation("ELM-FILE-PRESENTATION-EMPTY", spot=spot))
        self.observations.append(Observation("ELM-FILE-PRESENTATION", spot=spot))
        return self.inner(document, f"{pointer}/verifiableCredential", shown)

    def inner(self, document: JsonText, pointer: str, value: Any) -> Unwrapped:
        """A credential within something: an object, a list of one, or the text of a JWS."""
        if isinstance(value, list) and len(value) == 1:
            pointer, value = f"{pointer}/0", value[0]
        if isinstance(value, list) and value:
            raise _several(document, pointer, len(value))
        if isinstance(value, str) and is_compact(value.strip()):
            # nothing shows where its characters stand, because it is a string of another document
            at = document.position(pointer)
            return self.text(value, lambda _: at)
        if not isinstance(value, dict):
            raise NotReadable(Observation("ELM-FILE-WRAPPER", spot=document.spot(pointer)))
        return self.value(document, pointer, value)

    def several(self, document: JsonText, pointer: str, value: list[Any]) -> Unwrapped:
        """An array is an expanded document, a list of credentials, or a list of one."""
        if not value or not all(isinstance(each, dict) for each in value):
            raise NotReadable(Observation("ELM-FILE-NOT-AN-OBJECT", spot=document.spot(pointer)))
        compact = [each for each in value if not _is_expanded(each)]
        if len(value) == 1 and compact:
            return self.value(document, f"{pointer}/0", value[0])
        credentials = [each for each in compact if is_sealed(each) or _is_like_a_credential(each)]
        if len(credentials) > 1:
            raise _several(document, pointer, len(credentials))
        self.with_context = self.with_context or any("@context" in each for each in value)
        return self.end(document, pointer, value)

    def end(self, document: JsonText, pointer: str, value: Any) -> Unwrapped:
        """Nothing is left to open."""
        keys_need_context = not (_is_expanded(value) if isinstance(value, dict) else all(map(_is_expanded, value)))
        return Unwrapped(
            document,
            pointer,
            tuple(self.forms),
            tuple(self.seals),
            tuple(self.observations),
            self.claims,
            keys_need_context and not self.with_context,
        )


def unwrap(text: str, limits: Limits) -> Unwrapped:
    """Open a JSON text or a compact JWS down to its credential.

    Raises NotReadable, with the forms seen so far, where nothing in it can be checked as one credential.
    """
    opening = _Opening(limits)
    try:
        return opening.text(text, lines_of(text))
    except NotReadable as refusal:
        forms = tuple(dict.fromkeys((*opening.forms, *refusal.forms)))
        raise NotReadable(*refusal.observations, *opening.observations, forms=forms) from None


def _types(value: Mapping[str, Any]) -> set[str]:
    stated = value.get("type", value.get("@type"))
    return {each for each in (stated if isinstance(stated, list) else [stated]) if isinstance(each, str)}


def _is_expanded(value: Mapping[str, Any]) -> bool:
    """Whether the keys are keywords and IRIs, which mean the same without any context."""
    return all(key.startswith("@") or ":" in key for key in value)


def _is_like_a_credential(value: Mapping[str, Any]) -> bool:
    """Whether the keys are those of a credential, or of a description of something with a type."""
    return bool(_types(value)) or not value.keys().isdisjoint({"credential", "credentialSubject"})


def _several(document: JsonText, pointer: str, count: int) -> NotReadable:
    observation = Observation(
        "ELM-FILE-SEVERAL-CREDENTIALS", spot=document.spot(pointer), parameters={"count": str(count)}
    )
    return NotReadable(observation)
