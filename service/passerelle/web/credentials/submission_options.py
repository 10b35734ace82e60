"""What a client asks of a validation: profile, stage, number of findings, and the format of the report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from passerelle.errors import NotAcceptable, ParameterError
from passerelle.sparql.negotiate import best
from passerelle.validation.credentials.model import MAX_RESULTS, Stage

MOST_RESULTS = 1000
"""Findings that a client can ask for at most."""
PARAMETERS = ("profile", "stage", "lang", "max-results", "format")
"""Names of the parameters of an address, and of the fields of a form."""

_WHOLE_NUMBER = re.compile(r"[0-9]{1,6}")
_LONGEST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Format:
    """A format of reports: its short name, what a client asks for, and the name of a file in it."""

    name: str
    media_type: str
    suffix: str

    @property
    def content_type(self) -> str:
        """The value of the header Content-Type."""
        return f"{self.media_type}; charset=utf-8" if self.media_type.startswith("text/") else self.media_type


FORMATS = (
    Format("json", "application/json", "json"),
    Format("html", "text/html", "html"),
    Format("turtle", "text/turtle", "ttl"),
    Format("sarif", "application/sarif+json", "sarif"),
    Format("text", "text/plain", "txt"),
)
"""What a report can be had as; the first is the default."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a validation is asked for; `profile` is None where the file's own declaration decides."""

    profile: str | None
    stage: Stage
    max_results: int


def given_in(address: Iterable[tuple[str, str]], form: Mapping[str, str]) -> dict[str, str]:
    """The parameters that are set; a field of the form goes before the address. Raises ParameterError for others."""
    given = [(name, value.strip()) for name, value in (*address, *form.items())]
    for name, _ in given:
        if name not in PARAMETERS:
            raise ParameterError("validate-parameter-unknown", name=_shown(name), known=", ".join(PARAMETERS))
    return {name: value for name, value in given if value}


def options_of(values: Mapping[str, str], profiles: Sequence[str]) -> Options:
    """The options, with the defaults for what is not set. Raises ParameterError."""
    profile = _choice(values, "profile", profiles)
    stage = _choice(values, "stage", [each.value for each in Stage])
    number = values.get("max-results", str(MAX_RESULTS))
    if not _WHOLE_NUMBER.fullmatch(number) or not 1 <= int(number) <= MOST_RESULTS:
        raise ParameterError(
            "validate-parameter-number", name="max-results", value=_shown(number), minimum=1, maximum=MOST_RESULTS
        )
    return Options(profile, Stage(stage or Stage.ISSUED), int(number))


def format_of(asked: str | None, accept: str | None) -> Format:
    """The format that the parameter or else the Accept header asks for. Raises NotAcceptable."""
    if asked:
        for each in FORMATS:
            if each.name == asked:
                return each
        raise NotAcceptable(
            "validate-report-format", format=_shown(asked), offered=", ".join(each.name for each in FORMATS)
        )
    found = best(accept, [each.media_type for each in FORMATS])
    if found is None:
        raise NotAcceptable("validate-not-acceptable", offered=", ".join(each.media_type for each in FORMATS))
    return next(each for each in FORMATS if each.media_type == found)


def _choice(values: Mapping[str, str], name: str, known: Sequence[str]) -> str | None:
    value = values.get(name)
    if value is not None and value not in known:
        raise ParameterError("validate-parameter-choice", name=name, value=_shown(value), known=", ".join(known))
    return value


def _shown(value: str) -> str:
    return value if len(value) <= _LONGEST_SHOWN else value[:_LONGEST_SHOWN] + "…"
