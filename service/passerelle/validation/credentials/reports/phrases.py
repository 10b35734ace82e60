"""Sentences that several forms of the report share: the verdict, the official one beside it, numbers, places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from passerelle import __version__
from passerelle.messages import Language, catalogue, message
from passerelle.records.finding import Severity
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
    Spot,
    Verdict,
)
from passerelle.validation.credentials.wording import SEPARATOR, path_words, shown

TESTED_VERSION = "1.1.0"
"""Version of the official profiles that ours were tested to be equivalent to."""

LONGEST_NAME = 300

_NARROW_SPACE = "\N{NARROW NO-BREAK SPACE}"
_LARGEST_UNGROUPED = 9999
_Counted = Literal["cause", "violation", "warning", "info", "file"]


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
    """How many causes there are by severity, without what is set aside and without the user's own shapes."""
    found = dict.fromkeys(Severity, 0)
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
    """What the official profile says; empty where none was asked."""
    if report.official is None:
        return ""
    asked = report.official
    words = {"profile": profile_name(asked.name, language), "version": TESTED_VERSION}
    if asked.conforms is None:
        return message("credential-official-not-asked").what(language, **words, reason=reason(asked.reason, language))
    if asked.conforms:
        return message("credential-official-conforms").what(language, **words)
    violations = counted(asked.violations, "violation", language)
    return message("credential-official-fails").what(language, **words, violations=violations)


def difference(report: CredentialReport, language: Language) -> str:
    """Why the official verdict is another than ours, or that it is not; empty where no profile was asked."""
    if report.official is None or report.official.conforms is None:
        return ""
    conforms = report.official.conforms
    if report.verdict is Verdict.NOT_CHECKABLE:
        return message("credential-difference-nothing-seen").what(language) if conforms else ""
    if conforms and report.verdict is Verdict.INVALID:
        return message("credential-difference-missed").what(language)
    if not conforms and report.verdict is Verdict.VALID:
        return message("credential-difference-set-aside").what(language)
    return message("credential-difference-none").what(language)


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
    """The name of a profile with its words: "edc-accredited (…)"."""
    found = catalogue().get(f"profile-name-{name}")
    return f"{name} ({found.what(language)})" if found is not None else name


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
        parts.append(shown(each.pointer, LONGEST_NAME))
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


def layer_counts(each: LayerOutcome, language: Language) -> list[str]:
    """How many findings of each severity a layer has, those that it has none of left out."""
    numbers: tuple[tuple[int, _Counted], ...] = (
        (each.violations, "violation"),
        (each.warnings, "warning"),
        (each.infos, "info"),
    )
    return [counted(number, what, language) for number, what in numbers if number]


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


def seal_facts(each: SealFacts, language: Language) -> Iterator[tuple[str, str]]:
    """What a seal says, as pairs of a heading and a text."""
    validity = ""
    if each.valid_from or each.valid_until:
        validity = message("credential-seal-from-to").what(
            language, start=shown(each.valid_from), end=shown(each.valid_until)
        )
    issuer = message("credential-seal-self").what(language) if each.self_issued else shown(each.issuer, LONGEST_NAME)
    for identifier, text in (
        ("credential-seal-subject", shown(each.subject, LONGEST_NAME)),
        ("credential-seal-issuer", issuer),
        ("credential-seal-serial", shown(each.serial)),
        ("credential-seal-validity", validity),
        ("credential-seal-signed-at", shown(each.signed_at)),
        ("credential-seal-algorithm", shown(each.algorithm)),
    ):
        if text:
            yield message(identifier).what(language), text


def about(report: CredentialReport, language: Language) -> Iterator[tuple[str, str]]:
    """What was checked, with what, as pairs of a heading and a text."""
    none = message("credential-about-none").what(language)
    editions = "; ".join(f"{name} {edition}" for name, edition in report.editions.items())
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


def licences(report: CredentialReport, language: Language) -> str:
    """Licences and attributions of what the file was compared with."""
    text = message("credential-licence-lists").what(language)
    return f"{text} {message('credential-licence-release').what(language)}" if report.release else text
