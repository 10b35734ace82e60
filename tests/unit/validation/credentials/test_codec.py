"""A report over a pipe: what goes in comes out, and nothing that is not a report comes out."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from passerelle.records.finding import Severity
from passerelle.validation.credentials.codec import NotAReport, decode, encode
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

FOLLOWED = CredentialFinding("ELM-B", Layer.READING, Severity.INFO, "b", "b", spots=(Spot("/a", 3, 4), Spot()))
FINDING = CredentialFinding(
    "ELM-A", Layer.FIELDS, Severity.VIOLATION, "é \n\0", "\ud800 \U0001f600", value="x" * 1000, consequences=(FOLLOWED,)
)
REPORT = CredentialReport(
    "name.json",
    Verdict.INVALID,
    Stage.DRAFT,
    profile="loq",
    declared=("https://example.org/a", ""),
    official=ProfileVerdict("loq", conforms=False, violations=2),
    repaired=ProfileVerdict("loq", conforms=None, reason="why-not"),
    shapes=(ProfileVerdict("own.ttl", conforms=True),),
    forms=(Form.JADES_GENERAL, Form.JSON_LD),
    size=2**40,
    findings=(FINDING, FOLLOWED),
    layers=tuple(LayerOutcome(each, ran=True, warnings=1) for each in Layer),
    micro_credential=tuple(AnnexElement("A", each is None, each, "a", "b", ("p",)) for each in (True, False, None)),
    seals=(SealFacts(SealStatus.FAILED, not_checked=("chain",)),),
    editions={"ESCO": "1.2.1"},
)


def test_a_report_comes_back_as_it_was() -> None:
    assert decode(encode(REPORT)) == REPORT
    empty = CredentialReport("", Verdict.NOT_CHECKABLE, Stage.ISSUED)
    assert decode(encode(empty)) == empty


@pytest.mark.parametrize(
    "change",
    [
        lambda report: report[:-1],
        lambda report: [*report, 0],
        lambda report: dict(enumerate(report)),
        lambda report: [None, *report[1:]],
        lambda report: [report[0], "right", *report[2:]],
        lambda report: [report[0], ["valid"], *report[2:]],
        lambda report: [report[0], report[1], "draft", True, *report[4:]],
        lambda report: ["valid" if each == "loq" else [each] if isinstance(each, list) else each for each in report],
        lambda report: [*report[:-1], {"ESCO": 1}],
        lambda report: [True if each == 2**40 else each for each in report],
        lambda report: [float(each) if each == 2**40 else each for each in report],
    ],
)
def test_what_differs_from_a_report_in_one_place_is_refused(change: Callable[[Any], Any]) -> None:
    with pytest.raises(NotAReport):
        decode(json.dumps(change(json.loads(encode(REPORT)))).encode())


@pytest.mark.parametrize("data", [b"", b"\x80\x04", b"null", b'"', b"[" * 100_000, b"1" * 10_000, b"NaN", b"\xff"])
def test_what_is_not_json_or_not_an_array_is_refused(data: bytes) -> None:
    with pytest.raises(NotAReport):
        decode(data)


def test_consequences_without_end_are_refused() -> None:
    outer, inner = json.loads(encode(REPORT)), json.dumps(json.loads(encode(REPORT))[14][1])
    deep = inner
    for _ in range(2000):
        deep = f"{inner.removesuffix('[]]')}[{deep}]]"
    outer[14] = "here"
    with pytest.raises(NotAReport):
        decode(json.dumps(outer).replace('"here"', f"[{deep}]").encode())
    # the way there is right: with one consequence it is a report
    one = f"{inner.removesuffix('[]]')}[{inner}]]"
    found = decode(json.dumps(outer).replace('"here"', f"[{one}]").encode())
    assert found.findings == (replace(FOLLOWED, consequences=(FOLLOWED,)),)
