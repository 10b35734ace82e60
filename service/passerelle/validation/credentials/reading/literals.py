"""JSON values as RDF literals: numbers in the canonical forms of JSON-LD, and JSON literals in canonical JSON."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from passerelle.namespaces import PREFIXES, expand

XSD = PREFIXES["xsd"]
XSD_STRING = expand("xsd:string")
RDF_JSON = expand("rdf:JSON")

_BOOLEAN, _INTEGER, _DOUBLE = expand("xsd:boolean"), expand("xsd:integer"), expand("xsd:double")
_ZEROS = re.compile(r"(\d)0*E\+?(-?)0*(\d)")
_NO_EXPONENT = frozenset(
    XSD + name
    for name in (
        *("decimal", "integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger"),
        *("nonPositiveInteger", "negativeInteger", "unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte"),
        *("date", "dateTime", "duration", "gYear", "boolean"),
    )
)
"""Datatypes whose values are never written as 1.5E0."""


def native(value: bool | int | float, datatype: str) -> tuple[str, str]:
    """Lexical form and datatype of a JSON boolean or number, `datatype` where the term sets one (else "").

    >>> native(1.5, "")
    ('1.5E0', 'http://www.w3.org/2001/XMLSchema#double')
    """
    if isinstance(value, bool):
        return ("true" if value else "false"), datatype or _BOOLEAN
    if datatype == _DOUBLE or abs(value) >= 1e21 or value != math.floor(value):
        return double(float(value)), datatype or _DOUBLE
    return str(int(value)), datatype or _INTEGER


def double(value: float) -> str:
    """The canonical form of an xsd:double, with at most 16 digits (JSON-LD 1.1 API, section 8.6)."""
    return _ZEROS.sub(r"\1E\2\3", f"{value:.15E}")


def misfits(lexical: str, datatype: str) -> bool:
    """Whether a number came out in a form that its datatype does not have: `"1.5E0"^^xsd:decimal`."""
    return datatype in _NO_EXPONENT and "E" in lexical


def canonical_json(value: Any) -> str:
    """JSON in the canonical form of RFC 8785."""
    if isinstance(value, dict):
        items = sorted(value.items(), key=lambda item: item[0].encode("utf-16-be"))
        return "{" + ",".join(f"{_text(key)}:{canonical_json(each)}" for key, each in items) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical_json, value)) + "]"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return _number(float(value)) if abs(value) >= 2**53 else str(value)
    return _text(value)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _number(value: float) -> str:
    """A double as ECMAScript writes it (`Number.prototype.toString`)."""
    if value == 0:
        return "0"
    if value == math.floor(value) and abs(value) < 1e21:
        return str(int(value))
    mantissa, _, exponent = repr(value).partition("e")
    if not exponent:
        if abs(value) >= 1e-6:
            return mantissa
        mantissa, _, exponent = f"{value:e}".partition("e")
    power = int(exponent)
    if -7 < power < 0:
        digits = mantissa.lstrip("-").replace(".", "")
        return ("-" if value < 0 else "") + "0." + "0" * (-power - 1) + digits
    return f"{mantissa.removesuffix('.0')}e{power:+d}"
