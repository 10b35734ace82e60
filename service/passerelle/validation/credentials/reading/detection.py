"""What kind of text a file is, told from its content; its name and media type only help where the content does not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import PurePath

from passerelle.validation.credentials.model import Form, NotReadable, Observation

_JSON_FORMS = frozenset({Form.JADES_FLATTENED, Form.JADES_GENERAL, Form.UPLOADABLE, Form.JSON_LD, Form.OPEN_BADGE})
_JWS_FORMS = frozenset({Form.COMPACT_JWS, Form.JADES_FLATTENED, Form.JADES_GENERAL})
_TURTLE_FORMS = frozenset({Form.TURTLE, Form.N_TRIPLES})
_TRIG_FORMS = frozenset({Form.TRIG, Form.TURTLE, Form.N_TRIPLES})
_QUADS_FORMS = frozenset({Form.N_QUADS, Form.N_TRIPLES})
_ENDINGS: dict[str, frozenset[Form]] = {
    ".json": _JSON_FORMS,
    ".jsonld": _JSON_FORMS,
    ".json-ld": _JSON_FORMS,
    ".jwt": _JWS_FORMS,
    ".jws": _JWS_FORMS,
    ".jose": _JWS_FORMS,
    ".ttl": _TURTLE_FORMS,
    ".turtle": _TURTLE_FORMS,
    ".nt": frozenset({Form.N_TRIPLES}),
    ".nq": _QUADS_FORMS,
    ".trig": _TRIG_FORMS,
    ".rdf": frozenset({Form.RDF_XML}),
    ".owl": frozenset({Form.RDF_XML}),
    ".xml": frozenset({Form.RDF_XML}),
}
_MEDIA_TYPES: dict[str, frozenset[Form]] = {
    "application/json": _JSON_FORMS,
    "application/ld+json": _JSON_FORMS,
    "application/vc": _JSON_FORMS,
    "application/vc+ld+json": _JSON_FORMS,
    "application/jose": _JWS_FORMS,
    "application/jose+json": _JWS_FORMS,
    "application/jwt": _JWS_FORMS,
    "application/vc+jwt": _JWS_FORMS,
    "text/turtle": _TURTLE_FORMS,
    "application/n-triples": frozenset({Form.N_TRIPLES}),
    "application/n-quads": _QUADS_FORMS,
    "application/trig": _TRIG_FORMS,
    "application/rdf+xml": frozenset({Form.RDF_XML}),
    "application/xml": frozenset({Form.RDF_XML}),
    "text/xml": frozenset({Form.RDF_XML}),
}
_NAMES = {
    Form.COMPACT_JWS: "JWS",
    Form.TURTLE: "Turtle",
    Form.N_TRIPLES: "N-Triples",
    Form.N_QUADS: "N-Quads",
    Form.TRIG: "TriG",
    Form.RDF_XML: "RDF/XML",
}
_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*")
_COMPACT_START = re.compile(r"eyJ[A-Za-z0-9_-]*(\.[A-Za-z0-9_-]*){2,}~?")
_ATTRIBUTE = r"\s+[\w.:-]+\s*=\s*[\"']"
_ELEMENT = re.compile(
    rf"<(?:\?xml\b|!|[A-Za-z_][\w.-]*(?:{_ATTRIBUTE}|\s*/?>)|[A-Za-z_][\w.-]*:[A-Za-z_][\w.-]*{_ATTRIBUTE})"
)
"""N-Triples start with `<urn:x>`, which only the attributes of XML tell from an element."""
_HTML = re.compile(r"(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_TURTLE_LIST = re.compile(r"\[\s*(?:\]\s*[^\s,\]]|a\s|<|[A-Za-z][\w.-]*:[A-Za-z])")
_RDF = re.compile(r"(?:@prefix|@base|prefix|base)\s|<[^<>\n]*>|_:|\[|\(|[A-Za-z][\w.-]*:[\w]|:[A-Za-z]", re.IGNORECASE)
_BLANK_START = re.compile(r"\s*+(?:#[^\n]*+\n\s*+)*+")
_LONGEST_SHOWN = 40


class Family(StrEnum):
    """Kinds of text that are read in different ways."""

    JSON = "json"
    COMPACT = "compact"
    XML = "xml"
    RDF_TEXT = "rdf-text"


def is_compact(text: str) -> bool:
    """Whether a text is a compact JWS: three parts in base64url, the first of which starts like a JSON object."""
    return text.startswith("eyJ") and _COMPACT.fullmatch(text) is not None


def family_of(text: str, name: str, media_type: str) -> Family:
    """The family of a text that is not empty. Raises NotReadable for one of none of them, and for a web page."""
    body = text.strip()
    expected = _expected(name, media_type)
    found = _by_bracket(body, expected) if body[0] in "{[" else _by_start(body)
    if found is None and (expected & _JSON_FORMS or body[0] in '"-0123456789' or body in {"null", "true", "false"}):
        found = Family.JSON
    if found is None and expected & (_TRIG_FORMS | _QUADS_FORMS):
        found = Family.RDF_TEXT
    if found is None:
        raise NotReadable(Observation("ELM-FILE-UNKNOWN-FORM"))
    return found


def _by_bracket(body: str, expected: frozenset[Form]) -> Family:
    """JSON starts like this, and a graph of TriG or a node without name in Turtle does too."""
    if body[0] == "[":
        return Family.RDF_TEXT if _TURTLE_LIST.match(body) else Family.JSON
    first = body[1 : 1 + _LONGEST_SHOWN].lstrip()[:1]
    return Family.RDF_TEXT if Form.TRIG in expected and first not in {'"', "}", ""} else Family.JSON


def _by_start(body: str) -> Family | None:
    """What other starts tell. Raises NotReadable for a web page and for credentials of kinds not read here."""
    if _HTML.match(body[:4096]):
        raise NotReadable(Observation("ELM-FILE-HTML"))
    if is_compact(body):
        return Family.COMPACT
    start = _COMPACT_START.match(body)
    if start is not None and (kind := _other_credential(start[0])):
        raise NotReadable(Observation("ELM-FILE-OTHER-CREDENTIAL", parameters={"kind": kind}))
    if _ELEMENT.match(body):
        return Family.XML
    content = _BLANK_START.match(body)
    return Family.RDF_TEXT if _RDF.match(body, content.end() if content else 0) else None


def notes(forms: Sequence[Form], name: str, media_type: str) -> Iterator[Observation]:
    """What the ending of the name or the media type says that the content does not bear out."""
    form = forms[0]
    named = _NAMES.get(form, "JSON")
    ending = _ending(name)
    if form not in _ENDINGS.get(ending, {form}):
        yield Observation("ELM-FILE-ENDING", value=ending, parameters={"ending": ending, "form": named})
    stated = _media_type(media_type)
    if form not in _MEDIA_TYPES.get(stated, {form}):
        yield Observation("ELM-FILE-MEDIA-TYPE", value=stated, parameters={"media_type": stated, "form": named})


def _expected(name: str, media_type: str) -> frozenset[Form]:
    none: frozenset[Form] = frozenset()
    return _ENDINGS.get(_ending(name), none) | _MEDIA_TYPES.get(_media_type(media_type), none)


def _ending(name: str) -> str:
    return PurePath(name).suffix.lower()


def _media_type(text: str) -> str:
    return text.partition(";")[0].strip().lower()[:_LONGEST_SHOWN]


def _other_credential(start: str) -> str:
    """Kinds of credentials that look like a JWS at the start: their proper names are the same in all languages."""
    if start.endswith("~"):
        return "SD-JWT"
    return "JWE" if start.count(".") == 4 else ""
