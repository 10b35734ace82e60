"""The report as SARIF 2.1.0 (OASIS), which editors and code hosts show at the line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from passerelle import __version__
from passerelle.messages import Language, message
from passerelle.records.finding import Severity
from passerelle.validation.credentials import rules
from passerelle.validation.credentials.model import CredentialFinding, CredentialReport, Spot
from passerelle.validation.credentials.reports import phrases
from passerelle.validation.credentials.rules import RULES
from passerelle.validation.credentials.wording import generic

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
INFORMATION = "https://w3id.org/passerelle/ontology"

_Json = dict[str, Any]
_LEVELS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_UNNAMED = "credential"
_MARKS = str.maketrans({"{": "{{", "}": "}}", "[": "\\[", "]": "\\]"})


def write(reports: Iterable[CredentialReport], language: Language, rules_base: str = RULES) -> str:
    """One log with one run about all files. `rules_base` and a code make the address of help about a rule."""
    return "".join(chunks(reports, language, rules_base))


def chunks(reports: Iterable[CredentialReport], language: Language, rules_base: str = RULES) -> Iterator[str]:
    """The same piece by piece, holding one report at a time; rules stand at the end, when they are known."""
    yield f'{{"$schema":{json.dumps(SCHEMA)},"version":"2.1.0","runs":[{{"columnKind":"unicodeCodePoints",'
    yield f'"language":{json.dumps(language)},"results":['
    places: dict[str, int] = {}
    separator = "\n"
    for report in reports:
        for each in report.findings:
            index = places.setdefault(each.code, len(places))
            yield separator + _text(_result(each, report, index, language))
            separator = ",\n"
    driver = {
        "name": "Passerelle",
        "version": __version__,
        "semanticVersion": __version__,
        "informationUri": INFORMATION,
        "language": language,
        "rules": [_rule(code, language, rules_base) for code in places],
    }
    yield f'\n],"tool":{_text({"driver": driver})}}}]}}\n'


def _rule(code: str, language: Language, rules_base: str) -> _Json:
    rule = rules.rule(code)
    source = rule.source_fr if language == "fr" else rule.source_en
    words = {
        "shortDescription": rule.message_fr if language == "fr" else rule.message_en,
        "fullDescription": f"{rule.message_fr if language == 'fr' else rule.message_en} ({source})",
        "help": rule.remedy_fr if language == "fr" else rule.remedy_en,
    }
    return {
        "id": code,
        **{name: {"text": generic(text).translate(_MARKS)} for name, text in words.items()},
        "helpUri": rules_base + quote(code),
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"layer": rule.layer.value, "source": rule.link},
    }


def _result(each: CredentialFinding, report: CredentialReport, index: int, language: Language) -> _Json:
    text = f"{phrases.sentence(each, language)} {phrases.remedy(each, language)}".strip()
    if each.set_aside_by:
        text += " " + message("credential-set-aside").what(language, code=each.set_aside_by)
    uri = quote(report.name.encode("utf-8", "replace").decode() or _UNNAMED, safe="/-._~")
    result: _Json = {
        "ruleId": each.code,
        "ruleIndex": index,
        "level": "note" if each.set_aside_by else _LEVELS[each.severity],
        "message": {"text": text.translate(_MARKS)},
        "locations": [_location(uri, spot, each, language) for spot in (each.spots or (Spot(),))[:1]],
        "occurrenceCount": each.count,
        "properties": {
            "layer": each.layer.value,
            "path": each.path,
            "pathInWords": phrases.path(each, language),
            "value": each.value,
            "consequences": [
                {
                    "ruleId": consequence.code,
                    "message": phrases.sentence(consequence, language),
                    "count": consequence.count,
                }
                for consequence in each.consequences
            ],
        },
    }
    if len(each.spots) > 1:
        result["relatedLocations"] = [_location(uri, spot, each, language) for spot in each.spots[1:]]
    return result


def _location(uri: str, spot: Spot, each: CredentialFinding, language: Language) -> _Json:
    physical: _Json = {"artifactLocation": {"uri": uri}}
    if spot.line:
        physical["region"] = {"startLine": spot.line, "startColumn": max(spot.column, 1)}
    location: _Json = {"physicalLocation": physical}
    if spot.pointer:
        logical = {"fullyQualifiedName": spot.pointer, "kind": "object"}
        if words := phrases.path(each, language):
            logical["name"] = words
        location["logicalLocations"] = [logical]
    return location


def _text(value: _Json) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace").decode()
