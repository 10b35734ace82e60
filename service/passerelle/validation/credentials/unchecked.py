"""The report about a file that could not be checked: it cannot be read, or its check had to be broken off."""

from __future__ import annotations

from passerelle.errors import PasserelleError, ValidationOutOfMemory, ValidationTimeout, WorkerLost
from passerelle.messages import LANGUAGES, Language
from passerelle.validation.credentials.model import (
    CredentialFinding,
    CredentialReport,
    Layer,
    LayerOutcome,
    Stage,
    Verdict,
)
from passerelle.validation.credentials.rules import rule
from passerelle.validation.credentials.wording import fill

_CODES: tuple[tuple[type[PasserelleError], str], ...] = (
    (ValidationTimeout, "ELM-FILE-TIME"),
    (ValidationOutOfMemory, "ELM-FILE-MEMORY"),
    (WorkerLost, "ELM-FILE-STOPPED"),
    (PasserelleError, "ELM-FILE-UNREADABLE"),
)
_BY_MESSAGE = {"input-too-large": "ELM-FILE-TOO-LARGE"}


def unchecked(name: str, size: int, stage: Stage, error: PasserelleError) -> CredentialReport:
    """A report with one finding, which says what `error` says; `size` is in bytes."""
    broken = rule(_BY_MESSAGE.get(error.message_id) or next(code for kind, code in _CODES if isinstance(error, kind)))
    said = {each: error.what(each) for each in LANGUAGES}
    finding = CredentialFinding(
        broken.code,
        Layer.FILE,
        broken.severity,
        _sentence(broken.message_en, said["en"], "en"),
        _sentence(broken.message_fr, said["fr"], "fr"),
        error.remedy("en") or broken.remedy_en,
        error.remedy("fr") or broken.remedy_fr,
        broken.source_en,
        broken.source_fr,
        broken.link,
    )
    outcome = LayerOutcome(Layer.FILE, ran=True, violations=1)
    return CredentialReport(name, Verdict.NOT_CHECKABLE, stage, size=size, findings=(finding,), layers=(outcome,))


def _sentence(of_rule: str, said: str, language: Language) -> str:
    return fill(of_rule, {"reason": said}, language) if "{reason}" in of_rule else said
