"""Sentences that several forms of the report share: the verdict, the official one beside it, numbers, places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from passerelle import __version__
from passerelle.messages import Language, catalogue, message
from passerelle.records.finding import Severity
from passerelle.validation.credentials.layers.authority import lists
from passerelle.validation.credentials.many import shown_name
from passerelle.validation.credentials.model import (
    AnnexElement,
    CredentialFinding,
    CredentialReport,
    Form,
    Layer,
    LayerOutcome,
    ProfileVerdict,
    SealFacts,
    SealStatus,
    Spot,
    Stage,
    Verdict,
)
from passerelle.validation.credentials.profiles.names import descriptions
from passerelle.validation.credentials.wording import SEPARATOR, path_words, shown, shown_pointer

LONGEST_NAME = 300

_NARROW_SPACE = "\N{NARROW NO-BREAK SPACE}"
_LARGEST_UNGROUPED = 9999
_SEMICOLON: dict[Language, str] = {"en": "; ", "fr": "\N{NO-BREAK SPACE}; "}
_Counted = Literal["cause", "violation", "warning", "info", "file"]
_NAME_PARTS = ("CN", "O", "organizationIdentifier", "C")
_DISTINGUISHED = re.compile(r"(?:^|[,+])([A-Za-z][\w.-]*)=((?:\\.|[^,+\\])*)")
_ESCAPED = re.compile(r"\\(.)")
_NOT_A_MICRO_CREDENTIAL = "ELM-MICRO-NOT-STATED"


class Findings(NamedTuple):
    """The findings of a report as a reader needs them: what makes it not valid, warnings, the user's own, the rest."""

    errors: list[CredentialFinding]
    warnings: list[CredentialFinding]
    shapes: list[CredentialFinding]
    notes: list[CredentialFinding]


def divided(report: CredentialReport) -> Findings:
    """The findings by what they ask of the reader; what a repair sets aside asks nothing."""
    found = Findings([], [], [], [])
    for each in report.findings:
        if each.layer is Layer.SHAPES:
            found.shapes.append(each)
        elif each.set_aside_by or each.severity is Severity.INFO:
            found.notes.append(each)
        elif each.severity is Severity.VIOLATION:
            found.errors.append(each)
        else:
            found.warnings.append(each)
    return found


def named(name: str, text: str, language: Language) -> str:
    """A name and what it stands for, with the colon of the language."""
    return message("credential-named").what(language, name=name, text=text)


def listed(parts: Iterable[str], language: Language) -> str:
    """Several texts in one line."""
    return _SEMICOLON[language].join(parts)


def counted(number: int, what: _Counted, language: Language) -> str:
    """A number with its noun: "1 cause", "2 causes"."""
    single = number == 1 or (language == "fr" and number == 0)
    return message(f"credential-count-{what}-{'one' if single else 'many'}").what(
        language, number=figure(number, language)
    )


def figure(number: int, language: Language) -> str:
    """A whole number with the separators of the language from five digits on."""
    if number <= _LARGEST_UNGROUPED:
        return str(number)
    return f"{number:,}".replace(",", _NARROW_SPACE) if language == "fr" else f"{number:,}"


def name_of(report: CredentialReport, language: Language) -> str:
    """The name of the file, fit to be shown, or "the text submitted"."""
    # not `shown`, which takes a long path for encoded data; the end of a name tells more than its start
    return shown_name(report.name)[-LONGEST_NAME:] or message("credential-unnamed").what(language)


def counts(report: CredentialReport) -> dict[Severity, int]:
    """How many causes there are by severity, those beyond the cap included.

    What is set aside and what the user's own shapes say is left out.
    """
    found = dict.fromkeys(Severity, 0) | dict(zip(Severity, report.left_out, strict=False))
    for each in report.findings:
        if not each.set_aside_by and each.layer is not Layer.SHAPES:
            found[each.severity] += 1
    return found


def verdict(report: CredentialReport, language: Language) -> str:
    """Our verdict in one sentence."""
    found = counts(report)
    if report.verdict is Verdict.INVALID:
        causes = counted(found[Severity.VIOLATION], "cause", language)
        return message("credential-verdict-invalid").what(language, causes=causes)
    if report.verdict is Verdict.NOT_CHECKABLE:
        return message("credential-verdict-not-checkable").what(language)
    remarks = [counted(found[severity], what, language) for severity, what in _REMARKS if found[severity]]
    if not remarks:
        return message("credential-verdict-valid").what(language)
    return message("credential-verdict-valid-remarks").what(language, remarks=", ".join(remarks))


_REMARKS: tuple[tuple[Severity, _Counted], ...] = ((Severity.WARNING, "warning"), (Severity.INFO, "info"))


def official(report: CredentialReport, language: Language) -> str:
    """What our equivalent of the official profile says; empty where none was asked."""
    if report.official is None:
        return ""
    asked = report.official
    profile = profile_name(asked.name, language)
    if asked.conforms is None:
        return message("credential-official-not-asked").what(
            language, profile=profile, reason=reason(asked.reason, language)
        )
    if report.verdict is (Verdict.VALID if asked.conforms else Verdict.INVALID):
        version = descriptions()[asked.name].version if asked.name in descriptions() else ""
        return message("credential-official-same").what(language, name=asked.name, version=version)
    if asked.conforms:
        return message("credential-official-conforms").what(language, profile=profile)
    violations = counted(asked.violations, "violation", language)
    return message("credential-official-fails").what(language, profile=profile, violations=violations)


def difference(report: CredentialReport, language: Language) -> str:
    """Why the official verdict is another than ours; empty where it is the same, or where no profile was asked."""
    if report.official is None or report.official.conforms is None:
        return ""
    conforms = report.official.conforms
    if report.verdict is Verdict.NOT_CHECKABLE:
        return message("credential-difference-nothing-seen").what(language) if conforms else ""
    if conforms and report.verdict is Verdict.INVALID:
        return message("credential-difference-missed").what(language)
    if not conforms and report.verdict is Verdict.VALID:
        return message("credential-difference-set-aside").what(language)
    return ""


def hint(report: CredentialReport, language: Language) -> str:
    """What the reader may have overlooked: that a file made for upload is checked as if it were issued."""
    if Form.UPLOADABLE in report.forms and report.stage is Stage.ISSUED and report.verdict is Verdict.INVALID:
        return message("credential-hint-draft").what(language)
    return ""


def shapes(each: ProfileVerdict, language: Language) -> str:
    """What a set of shapes of the user says."""
    name = shown(each.name, LONGEST_NAME)
    if each.conforms is None:
        return message("credential-shapes-not-asked").what(language, name=name, reason=reason(each.reason, language))
    if each.conforms:
        return message("credential-shapes-conform").what(language, name=name)
    violations = counted(each.violations, "violation", language)
    return message("credential-shapes-fail").what(language, name=name, violations=violations)


def reason(identifier: str, language: Language) -> str:
    """The sentence of a message, the identifier itself where it has none."""
    found = catalogue().get(identifier)
    return found.what(language) if found is not None else identifier


def profile_name(name: str, language: Language) -> str:
    """The words for a profile with its version and its name; the name alone of one that is not ours."""
    found = descriptions().get(name)
    if found is None:
        return name
    words = found.fr if language == "fr" else found.en
    return message("credential-profile-named").what(language, words=words, version=found.version, name=name)


def forms(report: CredentialReport, language: Language) -> str:
    """How the file was written, from the inside out."""
    names = [form(each, language) for each in report.forms]
    if not names:
        return ""
    text = names[-1]
    for outer in reversed(names[:-1]):
        text = message("credential-form-within").what(language, inner=text, outer=outer)
    return text


def form(each: Form, language: Language) -> str:
    """The name of one form."""
    return message(f"credential-form-{each}").what(language)


def severity(each: CredentialFinding, language: Language) -> str:
    """The word for how grave a finding is."""
    return message(f"credential-severity-{each.severity.lower()}").what(language)


def sentence(each: CredentialFinding, language: Language) -> str:
    """What is wrong."""
    return each.message_fr if language == "fr" else each.message_en


def remedy(each: CredentialFinding, language: Language) -> str:
    """What to do."""
    return each.remedy_fr if language == "fr" else each.remedy_en


def advice(each: CredentialFinding, language: Language) -> str:
    """What to do; empty where there is nothing to do."""
    found = remedy(each, language)
    return "" if found == message("credential-nothing-to-do").what(language) else found


def value(each: CredentialFinding, language: Language) -> str:
    """The offending value, unless the sentence says it already."""
    return "" if each.value.startswith("_:") or each.value in sentence(each, language) else each.value


def source(each: CredentialFinding, language: Language) -> str:
    """Where the rule comes from."""
    return each.source_fr if language == "fr" else each.source_en


def path(each: CredentialFinding, language: Language) -> str:
    """The path in words."""
    return shown(each.path_fr if language == "fr" else each.path_en, LONGEST_NAME)


def spot(each: Spot, language: Language) -> str:
    """Line and column, and the JSON pointer."""
    parts = []
    if each.line:
        parts.append(message("credential-line").what(language, line=each.line, column=max(each.column, 1)))
    if each.pointer:
        parts.append(shown_pointer(each.pointer))
    return ", ".join(parts)


def layer(each: LayerOutcome, language: Language) -> str:
    """The name of a layer."""
    return message(f"credential-layer-name-{each.layer}").what(language)


def layer_state(each: LayerOutcome, language: Language) -> str:
    """Whether a layer ran, and why not, or why only in part."""
    if not each.ran:
        state = message("credential-layer-not-run").what(language)
    else:
        state = message("credential-layer-in-part" if each.reason else "credential-layer-ran").what(language)
    return f"{state}. {reason(each.reason, language)}" if each.reason else state


def annex_state(each: AnnexElement, language: Language) -> str:
    """Whether an element of Annex I is there."""
    if each.present is None:
        return message("credential-micro-not-applicable").what(language)
    return message("credential-micro-present" if each.present else "credential-micro-missing").what(language)


def annex_found(each: AnnexElement, language: Language) -> str:
    """The properties that hold an element of Annex I, in words."""
    return ", ".join(dict.fromkeys(SEPARATOR.join(path_words(path, language)) or path for path in each.found))


def annex_counts(elements: Iterable[AnnexElement], language: Language) -> str:
    """How many elements are there, of those that apply."""
    apply = [each for each in elements if each.present is not None]
    mandatory = [bool(each.present) for each in apply if each.mandatory]
    optional = [bool(each.present) for each in apply if not each.mandatory]
    return message("credential-micro-count").what(
        language, present=sum(mandatory), all=len(mandatory), optional=sum(optional), options=len(optional)
    )


def says_micro_credential(report: CredentialReport) -> bool:
    """Whether the credential says that it is a micro-credential."""
    return bool(report.micro_credential) and all(each.code != _NOT_A_MICRO_CREDENTIAL for each in report.findings)


def seal_state(each: SealFacts, language: Language) -> str:
    """What verifying a seal came to, in a sentence."""
    if each.status is SealStatus.VERIFIED and not each.subject:
        return message("credential-seal-verified-key").what(language)
    return message(f"credential-seal-{each.status}").what(language)


def seal_facts(each: SealFacts, language: Language) -> Iterator[tuple[str, str]]:
    """What a seal says, as pairs of a heading and a text."""
    validity = ""
    if each.valid_from or each.valid_until:
        validity = message("credential-seal-from-to").what(
            language, start=shown(each.valid_from), end=shown(each.valid_until)
        )
    issuer = message("credential-seal-self").what(language) if each.self_issued else holder(each.issuer)
    for identifier, text in (
        ("credential-seal-subject", holder(each.subject)),
        ("credential-seal-signed-at", shown(each.signed_at)),
        ("credential-seal-issuer", issuer),
        ("credential-seal-validity", validity),
        ("credential-seal-serial", shown(each.serial)),
        ("credential-seal-algorithm", shown(each.algorithm)),
    ):
        if text:
            yield message(identifier).what(language), text


def holder(distinguished: str) -> str:
    """Whom a distinguished name (RFC 4514) names: name, organisation, its identifier, country; all of it without."""
    found: dict[str, str] = {}
    for name, text in _DISTINGUISHED.findall(distinguished):
        found.setdefault(name, _ESCAPED.sub(r"\1", text).strip())
    parts = dict.fromkeys(found[name] for name in _NAME_PARTS if found.get(name))
    return shown(", ".join(parts) or distinguished, LONGEST_NAME)


def about(report: CredentialReport, language: Language) -> Iterator[tuple[str, str]]:
    """What was checked, with what, as pairs of a heading and a text."""
    none = message("credential-about-none").what(language)
    editions = listed((f"{_list_name(name, language)} {each}" for name, each in report.editions.items()), language)
    rows = {
        "credential-about-file": name_of(report, language),
        "credential-about-form": forms(report, language),
        "credential-about-size": message("credential-bytes").what(language, number=figure(report.size, language)),
        "credential-about-triples": figure(report.triples, language),
        "credential-about-context": ", ".join(shown(each) for each in report.contexts),
        "credential-about-declared": ", ".join(shown(each) for each in report.declared),
        "credential-about-profile": profile_name(report.profile, language),
        "credential-about-fitting": profile_name(report.fitting, language),
        "credential-about-stage": message(f"credential-stage-{report.stage}").what(language),
        "credential-about-release": report.release or none,
        "credential-about-editions": editions,
        "credential-about-software": f"passerelle {__version__}",
    }
    for identifier, text in rows.items():
        if text:
            yield message(identifier).what(language), text
    yield message("credential-about-licences").what(language), licences(report, language)


def _list_name(name: str, language: Language) -> str:
    """What people call one of the controlled lists; the name itself of one that is not ours."""
    found = lists().get(name)
    if found is None:
        return name
    return found.name_fr if language == "fr" else found.name_en


def about_briefly(report: CredentialReport, language: Language) -> Iterator[tuple[str, str]]:
    """The part of `about` without which a verdict cannot be understood."""
    rows = {
        "credential-about-form": forms(report, language),
        "credential-about-stage": message(f"credential-stage-{report.stage}").what(language),
        "credential-about-release": report.release or message("credential-about-none").what(language),
    }
    for identifier, text in rows.items():
        if text:
            yield message(identifier).what(language), text


def licences(report: CredentialReport, language: Language) -> str:
    """Licences and attributions of what the file was compared with."""
    text = message("credential-licence-lists").what(language)
    return f"{text} {message('credential-licence-release').what(language)}" if report.release else text
