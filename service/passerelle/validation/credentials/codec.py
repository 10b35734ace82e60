"""Carries a report over a pipe as JSON, checked field by field on arrival: nothing in it can be anything but a report.

The process that sends it has read a stranger's file. So it is not unpickled, which would run whatever that process
says; what does not have the shape of a `CredentialReport` is refused. Objects travel as arrays in the order of their
fields: both ends are of the same program.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, ForwardRef, Union, get_args, get_origin, get_type_hints

from passerelle.validation.credentials.model import CredentialReport

_Convert = Callable[[Any], Any]
_SCALARS = (str, int, bool)


class NotAReport(ValueError):
    """What came over the pipe is not a report."""


def encode(report: CredentialReport) -> bytes:
    """The report as JSON (ASCII)."""
    return json.dumps(_plain(CredentialReport)(report), separators=(",", ":")).encode("ascii")


def decode(data: bytes) -> CredentialReport:
    """The report out of what `encode` gave. Raises NotAReport."""
    try:
        report = _typed(CredentialReport)(json.loads(data))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise NotAReport from error
    if not isinstance(report, CredentialReport):
        raise NotAReport
    return report


@cache
def _plain(kind: Any) -> _Convert:
    """How a value of this type becomes JSON."""
    origin, arguments = get_origin(kind), get_args(kind)
    if is_dataclass(kind):
        return _plain_fields(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return lambda value: value.value
    if origin is tuple:
        convert = _plain(arguments[0])
        return lambda value: [convert(each) for each in value]
    if origin in (Union, types.UnionType):
        convert = _plain(_other_than_none(arguments))
        return lambda value: None if value is None else convert(value)
    if origin is Mapping:
        return dict
    return lambda value: value


def _plain_fields(kind: Any) -> _Convert:
    converts: list[tuple[str, _Convert]] = []

    def convert(value: Any) -> list[Any]:
        if not converts:  # at the first use, as a finding holds findings
            hints = get_type_hints(kind)
            converts[:] = [(each.name, _plain(hints[each.name])) for each in fields(kind)]
        return [one(getattr(value, name)) for name, one in converts]

    return convert


@cache
def _typed(kind: Any) -> _Convert:
    """How JSON becomes a value of this type. The functions raise ValueError, TypeError or KeyError."""
    origin, arguments = get_origin(kind), get_args(kind)
    if is_dataclass(kind):
        return _typed_fields(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {each.value: each for each in kind}.__getitem__
    if origin is tuple:
        return _typed_tuple(_typed(arguments[0]))
    if origin in (Union, types.UnionType):
        convert = _typed(_other_than_none(arguments))
        return lambda value: None if value is None else convert(value)
    if origin is Mapping:
        return _typed_mapping
    if kind not in _SCALARS:
        raise AssertionError(f"a report cannot hold {kind}")
    return _exactly(kind)


def _typed_fields(kind: Any) -> _Convert:
    # with each, the type that needs no conversion: most fields are texts, and calls for them would take longest
    converts: list[tuple[type | None, _Convert]] = []

    def convert(value: Any) -> Any:
        if not converts:
            hints = get_type_hints(kind)
            found = [hints[each.name] for each in fields(kind)]
            # at once, as another thread may be here as well
            converts[:] = [(each if each in _SCALARS else None, _typed(each)) for each in found]
        if type(value) is not list or len(value) != len(converts):
            raise NotAReport
        return kind(
            *[each if type(each) is scalar else one(each) for (scalar, one), each in zip(converts, value, strict=True)]
        )

    return convert


def _typed_tuple(convert: _Convert) -> _Convert:
    def typed(value: Any) -> tuple[Any, ...]:
        if type(value) is not list:
            raise NotAReport
        return tuple([convert(each) for each in value])

    return typed


def _typed_mapping(value: Any) -> dict[str, str]:
    if type(value) is not dict or not all(type(each) is str for each in value.values()):
        raise NotAReport
    return value


def _exactly(kind: type) -> _Convert:
    def typed(value: Any) -> Any:
        if type(value) is not kind:  # not isinstance: true is no number
            raise NotAReport
        return value

    return typed


def _other_than_none(arguments: tuple[Any, ...]) -> Any:
    (kind,) = (each for each in arguments if each is not type(None) and not isinstance(each, ForwardRef))
    return kind
