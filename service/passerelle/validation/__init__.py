"""Runs the profiles of `shapes/` over data: releases while they are built, and submitted credentials.

As a library: one call, a typed report.

    from passerelle.validation import validate
    report = validate(Path("credential.jsonld").read_bytes(), "credential.jsonld")
    report.verdict, report.official, report.findings
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from passerelle.validation.credentials.model import CredentialReport
    from passerelle.validation.credentials.validator import CredentialValidator


def validate(data: bytes, name: str = "", media_type: str = "", *, profile: str | None = None) -> CredentialReport:
    """The report about one submitted file, without a release; never raises for what the file holds.

    `CredentialValidator` takes more: a release, a stage, the user's own shapes. Raises ParameterError for an unknown
    profile.
    """
    return _validator().validate(data, name, media_type, profile=profile)


@cache
def _validator() -> CredentialValidator:
    # a build of a release imports this package as well, and needs neither seals nor reports
    from passerelle.validation.credentials.validator import CredentialValidator  # noqa: PLC0415

    return CredentialValidator()
