"""The report as JSON for programs: stable keys, described by `data/schemas/validation-report.schema.json`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from passerelle import __version__
from passerelle.messages import LANGUAGES, Language, message
from passerelle.records.finding import Severity
from passerelle.validation.credentials.model import (
    AnnexElement,
    CredentialFinding,
    CredentialReport,
    LayerOutcome,
    ProfileVerdict,
    SealFacts,
)
from passerelle.validation.credentials.reports import phrases
from passerelle.validation.credentials.reports.summary import Summary, counting
from passerelle.validation.credentials.rules import RULES

FORMAT = "1.0"
"""Version of the keys: a new one of the second number adds keys, of the first changes or takes away some."""

_Json = dict[str, Any]


def write(reports: Iterable[CredentialReport], language: Language) -> str:
    """One JSON object with all reports and their summary; sentences of findings stand in it in all languages."""
    return "".join(chunks(reports, language))


def chunks(reports: Iterable[CredentialReport], language: Language) -> Iterator[str]:
    """The same piece by piece, holding one report at a time."""
    head = {"format": FORMAT, "software": f"passerelle {__version__}", "language": language}
    caution = {"caution": message("credential-caution").what(language)}
    yield _text({**head, **caution})[:-1] + ',"reports":['
    summary = Summary()
    for number, report in enumerate(counting(reports, summary)):
        yield (",\n" if number else "\n") + _text(as_json(report))
    yield '\n],"summary":' + _text(_summary(summary)) + "}\n"


def as_json(report: CredentialReport) -> _Json:
    """One report as the object that the schema calls `report`."""
    found = phrases.counts(report)
    return {
        "name": report.name,
        "verdict": report.verdict.value,
        "stage": report.stage.value,
        "profile": report.profile,
        "declared": list(report.declared),
        "fitting": report.fitting,
        "official": _profile(report.official) if report.official else None,
        "repaired": _profile(report.repaired) if report.repaired else None,
        "shapes": [_profile(each) for each in report.shapes],
        "counts": {
            "violations": found[Severity.VIOLATION],
            "warnings": found[Severity.WARNING],
            "infos": found[Severity.INFO],
        },
        "findings": [_finding(each) for each in report.findings],
        "omitted": report.omitted,
        "layers": [_layer(each) for each in report.layers],
        "microCredential": [_element(each) for each in report.micro_credential],
        "seals": [_seal(each) for each in report.seals],
        "forms": [each.value for each in report.forms],
        "contexts": list(report.contexts),
        "size": report.size,
        "triples": report.triples,
        "roots": list(report.roots),
        "release": report.release,
        "editions": dict(report.editions),
        "summary": {each: phrases.verdict(report, each) for each in LANGUAGES},
        "caution": {each: message("credential-caution").what(each) for each in LANGUAGES},
    }


def _finding(each: CredentialFinding) -> _Json:
    return {
        "code": each.code,
        "rule": RULES + each.code,
        "layer": each.layer.value,
        "severity": each.severity.lower(),
        "message": {"en": each.message_en, "fr": each.message_fr},
        "remedy": {"en": each.remedy_en, "fr": each.remedy_fr},
        "source": {"en": each.source_en, "fr": each.source_fr, "link": each.link},
        "node": each.node,
        "path": each.path,
        "pathInWords": {"en": each.path_en, "fr": each.path_fr},
        "value": each.value,
        "component": each.component,
        "places": [{"pointer": spot.pointer, "line": spot.line, "column": spot.column} for spot in each.spots],
        "count": each.count,
        "setAsideBy": each.set_aside_by,
        "consequences": [_finding(consequence) for consequence in each.consequences],
    }


def _profile(each: ProfileVerdict) -> _Json:
    return {
        "name": each.name,
        "conforms": each.conforms,
        "violations": each.violations,
        "reason": _reason(each.reason),
    }


def _layer(each: LayerOutcome) -> _Json:
    return {
        "layer": each.layer.value,
        "ran": each.ran,
        "violations": each.violations,
        "warnings": each.warnings,
        "infos": each.infos,
        "reason": _reason(each.reason),
    }


def _element(each: AnnexElement) -> _Json:
    return {
        "code": each.code,
        "label": {"en": each.label_en, "fr": each.label_fr},
        "mandatory": each.mandatory,
        "present": each.present,
        "found": list(each.found),
    }


def _seal(each: SealFacts) -> _Json:
    return {
        "status": each.status.value,
        "algorithm": each.algorithm,
        "subject": each.subject,
        "issuer": each.issuer,
        "serial": each.serial,
        "validFrom": each.valid_from,
        "validUntil": each.valid_until,
        "signedAt": each.signed_at,
        "selfIssued": each.self_issued,
        "notChecked": [_reason(identifier) for identifier in each.not_checked],
    }


def _reason(identifier: str) -> _Json | None:
    if not identifier:
        return None
    return {"id": identifier, **{each: phrases.reason(identifier, each) for each in LANGUAGES}}


def _summary(summary: Summary) -> _Json:
    return {
        "files": summary.files,
        "verdicts": {each.value: number for each, number in sorted(summary.verdicts.items())},
        "officialConforms": summary.official_conforms,
        "missedByOfficial": summary.missed,
        "codes": [{"code": code, "files": files} for code, files in summary.most_frequent()],
    }


def _text(value: _Json) -> str:
    """JSON on one line; lone surrogates, which UTF-8 cannot write, become escapes."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace").decode()
