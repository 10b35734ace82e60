"""The report as a W3C validation report in Turtle (SHACL, section 3.6), one for each file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from passerelle.messages import LANGUAGES, Language, message
from passerelle.namespaces import PREFIXES, expand
from passerelle.records.finding import Severity
from passerelle.validation.credentials.model import CredentialFinding, CredentialReport, Verdict
from passerelle.validation.credentials.reports import phrases
from passerelle.validation.credentials.reports.property_path import NotAPath, iri, is_iri, turtle
from passerelle.validation.credentials.rules import RULES

OWN_COMPONENT = expand("psl:ProgramConstraintComponent")
"""The component of rules that the program checks, not SHACL."""

_USED_PREFIXES = ("dcterms", "psl", "sh", "rdfs", "xsd")
_LITERALS = frozenset(
    f"sh:{name}ConstraintComponent"
    for name in ("Datatype", "LanguageIn", "UniqueLang", "MinLength", "MaxLength", "MinInclusive", "MaxInclusive")
)
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"})


def write(reports: Iterable[CredentialReport], language: Language) -> str:
    """The reports in one Turtle document; labels of files that have no name are in `language`."""
    return "".join(chunks(reports, language))


def chunks(reports: Iterable[CredentialReport], language: Language) -> Iterator[str]:
    """The same piece by piece, holding one report at a time.

    `sh:conforms` is our verdict. Warnings and informations are results too, as SHACL 1.2 allows when the report names
    what it disallows (`sh:conformanceDisallows`); what a repair sets aside is an information here.
    """
    yield "".join(f"@prefix {each}: <{PREFIXES[each]}> .\n" for each in _USED_PREFIXES)
    for number, report in enumerate(reports, 1):
        yield from _Writer(f"r{number}", report, language).lines()


class _Writer:
    """One report; `stem` starts the labels of its blank nodes, so that no two reports share any."""

    def __init__(self, stem: str, report: CredentialReport, language: Language) -> None:
        self._stem = stem
        self._report = report
        self._file = f"_:{stem}file"
        self._name = phrases.name_of(report, language)
        self._nodes: dict[str, str] = {}

    def lines(self) -> Iterator[str]:
        report = self._report
        labels = [f"_:{self._stem}f{number}" for number in range(1, len(report.findings) + 1)]
        conforms = "true" if report.verdict is Verdict.VALID else "false"
        yield f"\n_:{self._stem} a sh:ValidationReport ;\n"
        yield f"    sh:conforms {conforms} ;\n    sh:conformanceDisallows sh:Violation"
        yield f" ;\n    dcterms:title {_literal(self._name)} ;\n    dcterms:source {self._file}"
        for label in labels:
            yield f" ;\n    sh:result {label}"
        yield f" .\n{self._file} rdfs:label {_literal(self._name)} .\n"
        for label, each in zip(labels, report.findings, strict=True):
            yield from self._result(label, each)

    def _result(self, label: str, each: CredentialFinding) -> Iterator[str]:
        details = [f"{label}d{number}" for number in range(1, len(each.consequences) + 1)]
        severity = Severity.INFO if each.set_aside_by else each.severity
        yield f"\n{label} a sh:ValidationResult ;\n    sh:focusNode {self._node(each.node)}"
        path = _path(each.path)
        if path:
            yield f" ;\n    sh:resultPath {path}"
        if each.value:
            yield f" ;\n    sh:value {self._value(each)}"
        yield f" ;\n    sh:resultSeverity sh:{severity}"
        yield f" ;\n    sh:sourceConstraintComponent {_component(each.component)}"
        yield f" ;\n    sh:sourceShape <{RULES}{each.code}>"
        for language in LANGUAGES:
            text = phrases.sentence(each, language)
            if each.set_aside_by:
                text += " " + message("credential-set-aside").what(language, code=each.set_aside_by)
            yield f" ;\n    sh:resultMessage {_literal(text)}@{language}"
        if each.set_aside_by:
            yield f" ;\n    psl:setAsideBy <{RULES}{each.set_aside_by}>"
        if each.count > 1:
            yield f" ;\n    psl:occurrences {each.count}"
        for spot in each.spots:
            yield f" ;\n    psl:place {_literal(_spot(spot.pointer, spot.line, spot.column))}"
        for detail in details:
            yield f" ;\n    sh:detail {detail}"
        yield " .\n"
        for detail, consequence in zip(details, each.consequences, strict=True):
            yield from self._result(detail, consequence)

    def _node(self, node: str) -> str:
        """A focus node: the IRI; a fresh blank node for each of the file's; the file itself where there is none."""
        if not node:
            return self._file
        if not node.startswith("_:") and is_iri(node):
            return f"<{node}>"
        return self._nodes.setdefault(node, f"_:{self._stem}n{len(self._nodes) + 1}")

    def _value(self, each: CredentialFinding) -> str:
        if each.component in _LITERALS:
            return _literal(each.value)
        if each.value.startswith("_:"):
            return self._node(each.value)
        if is_iri(each.value) and "\N{HORIZONTAL ELLIPSIS}" not in each.value:
            return f"<{each.value}>"
        return _literal(each.value)


def _path(path: str) -> str:
    if not path:
        return ""
    try:
        return turtle(path)
    except NotAPath:
        return ""


def _component(component: str) -> str:
    try:
        return iri(component.strip("<>")) if component else f"<{OWN_COMPONENT}>"
    except NotAPath:
        return f"<{OWN_COMPONENT}>"


def _spot(pointer: str | None, line: int, column: int) -> str:
    """Line, column and JSON pointer in one text: `12:5 /credentialSubject/hasClaim`."""
    return f"{line}:{column} {pointer or ''}".strip() if line else pointer or ""


def _literal(text: str) -> str:
    clean = text.encode("utf-8", "replace").decode().translate(_ESCAPES)
    return '"' + "".join(each if each >= " " else f"\\u{ord(each):04X}" for each in clean) + '"'
