"""Numbers of a credential: credits, hours, percentages and scores, of parts against the whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from passerelle.namespaces import EQF, expand
from passerelle.validation.credentials.graph import CredentialGraph
from passerelle.validation.credentials.layers.moments import Duration, duration
from passerelle.validation.credentials.layers.statements import Statements
from passerelle.validation.credentials.layers.wholes import Edge
from passerelle.validation.credentials.model import Observation

_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,12}(?:[.,][0-9]{0,12})?|[.,][0-9]{1,12})")
_POINT, _FRAMEWORK = expand("elm:point"), expand("elm:framework")
_CREDIT, _RECEIVED = expand("elm:creditPoint"), expand("elm:creditReceived")
_OB_AVAILABLE, _OB_EARNED = expand("ob:creditsAvailable"), expand("ob:creditsEarned")
_OB_ACHIEVEMENT = expand("ob:achievement")
_SPECIFIED_BY = expand("elm:specifiedBy")
_VOLUME, _WORKLOAD = expand("elm:volumeOfLearning"), expand("elm:workload")
_LENGTHS = (_VOLUME, _WORKLOAD, expand("elm:maximumDuration"), expand("elm:duration"))
_COMPLETION = expand("elm:levelOfCompletion")
_SHARES = tuple(expand(f"elm:percentage{each}") for each in ("Lower", "Equal", "Higher"))
_SCORE, _MIN_SCORE, _MAX_SCORE = expand("elm:score"), expand("elm:minScore"), expand("elm:maxScore")
_OB_MIN, _OB_MAX = expand("ob:valueMin"), expand("ob:valueMax")
_EQF_LEVEL = expand("elm:EQFLevel")
_ECTS = "http://data.europa.eu/snb/education-credit/6fcec5c5af"
_LEAST_HOURS, _MOST_HOURS = 15, 40
"""Hours of learning that one ECTS credit can reasonably stand for: systems count from 20 (United Kingdom) to 30."""
_MOST_VOLUME = 20_000
"""Hours of learning beyond which a volume is a slip: ten years of full-time study come to 16,000."""


def number(text: str) -> Decimal | None:
    """The number that a text states, with point or comma, None where it is none.

    >>> number("6,0") == number("6.00")
    True
    """
    match = _NUMBER.fullmatch(text.strip())
    return Decimal(match[0].replace(",", ".")) if match else None


class Quantities:
    """The numbers of one credential."""

    def __init__(self, graph: CredentialGraph, statements: Statements, parts: Sequence[Edge]) -> None:
        self._graph = graph
        self._statements = statements
        self._parts = parts

    def observe(self) -> Iterator[Observation]:
        """Numbers that are none, out of range, or against each other."""
        yield from self._points()
        yield from self._sums()
        yield from self._received()
        yield from self._levels()
        yield from self._lengths()
        yield from self._hours_of_credits()
        yield from self._percentages()
        yield from self._scores()

    def _points(self) -> Iterator[Observation]:
        for node, path, value in self._statements.literals(_POINT, _OB_AVAILABLE, _OB_EARNED):
            points = number(value.value)
            if points is None:
                code = "ELM-FIELDS-CREDITS-NO-NUMBER"
            elif points < 0:
                code = "ELM-FIELDS-CREDITS-NEGATIVE"
            elif points == 0:
                code = "ELM-FIELDS-CREDITS-ZERO"
            else:
                continue
            yield Observation(code, node, path, value.value)

    def _credits(self, node: str, *paths: str) -> dict[str, Decimal]:
        """The credits of a node by framework: the first of each that is a number."""
        found: dict[str, Decimal] = {}
        for credit in self._graph.objects(node, *(paths or (_CREDIT,))):
            framework = next(iter(self._graph.objects(credit, _FRAMEWORK)), "")
            points = _first_number(self._graph.texts(credit, _POINT))
            if points is not None:
                found.setdefault(framework, points)
        return found

    def _credits_of(self, node: str) -> dict[str, Decimal]:
        """The credits of a specification, or of what specifies an achievement."""
        found = self._credits(node)
        for specification in () if found else self._graph.objects(node, _SPECIFIED_BY):
            found = self._credits(specification)
            if found:
                break
        return found

    def _sums(self) -> Iterator[Observation]:
        """Credits of all parts together against those of the whole, framework by framework."""
        by_whole: dict[str, list[str]] = {}
        for edge in self._parts:
            by_whole.setdefault(edge.whole, []).append(edge.part)
        for whole, parts in by_whole.items():
            of_whole = self._credits_of(whole)
            of_parts = [self._credits_of(part) for part in parts] if of_whole else []
            for framework, points in of_whole.items():
                stated = [each[framework] for each in of_parts if framework in each]
                total = sum(stated, Decimal(0))
                if not framework or not stated or points <= 0:
                    continue
                told = {"parts": _plain(total), "whole": _plain(points), "count": str(len(stated))}
                if total > points:
                    yield Observation("ELM-FIELDS-PARTS-ABOVE-CREDITS", whole, _CREDIT, parameters=told)
                elif total < points and len(stated) == len(parts):
                    yield Observation("ELM-FIELDS-PARTS-BELOW-CREDITS", whole, _CREDIT, parameters=told)

    def _received(self) -> Iterator[Observation]:
        """Credits received against those that the specification gives."""
        for node in self._statements.nodes(_RECEIVED):
            received = self._credits(node, _RECEIVED)
            for specification in self._graph.objects(node, _SPECIFIED_BY):
                for framework, points in self._credits(specification).items():
                    if framework and received.get(framework, points) > points:
                        told = {"received": _plain(received[framework]), "specified": _plain(points)}
                        yield Observation("ELM-FIELDS-CREDITS-ABOVE-SPECIFIED", node, _RECEIVED, parameters=told)
        for node, path, value in self._statements.literals(_OB_EARNED):
            earned = number(value.value)
            for achievement in self._graph.objects(node, _OB_ACHIEVEMENT):
                for text in self._graph.texts(achievement, _OB_AVAILABLE):
                    available = number(text)
                    if earned is not None and available is not None and earned > available:
                        told = {"received": value.value, "specified": text}
                        yield Observation(
                            "ELM-FIELDS-CREDITS-ABOVE-SPECIFIED", node, path, value.value, parameters=told
                        )

    def _level(self, node: str) -> int | None:
        """The EQF level of a specification, or of what specifies an achievement."""
        for each in (node, *self._graph.objects(node, _SPECIFIED_BY)):
            for level in self._graph.objects(each, _EQF_LEVEL):
                code = level.removeprefix(EQF)
                if len(code) == 1 and code in "12345678":
                    return int(code)
        return None

    def _levels(self) -> Iterator[Observation]:
        for edge in self._parts:
            whole, part = self._level(edge.whole), self._level(edge.part)
            if whole is not None and part is not None and part > whole:
                told = {"part": str(part), "whole": str(whole)}
                yield Observation("ELM-FIELDS-PART-ABOVE-WHOLE", edge.node, edge.path, edge.value, parameters=told)

    def _lengths(self) -> Iterator[Observation]:
        for node, path, value in self._statements.literals(*_LENGTHS):
            length = duration(value.value)
            if length is None:
                code = "ELM-FIELDS-BAD-DURATION"
            elif length.negative:
                code = "ELM-FIELDS-DURATION-NEGATIVE"
            elif length.zero:
                code = "ELM-FIELDS-WORKLOAD-ZERO"
            elif path in (_VOLUME, _WORKLOAD) and length.months:
                code = "ELM-FIELDS-WORKLOAD-IN-MONTHS"
            elif path in (_VOLUME, _WORKLOAD) and length.hours > _MOST_VOLUME:
                code = "ELM-FIELDS-WORKLOAD-TOO-LONG"
            else:
                continue
            yield Observation(code, node, path, value.value, parameters=_told(length))

    def _hours_of_credits(self) -> Iterator[Observation]:
        """The volume of learning against the ECTS credits of the same specification."""
        for node, path, value in self._statements.literals(_VOLUME):
            length = duration(value.value)
            points = self._credits(node).get(_ECTS, Decimal(0))
            if length is None or length.negative or length.months or length.zero or points <= 0:
                continue
            hours = length.hours / float(points)
            if not _LEAST_HOURS <= hours <= _MOST_HOURS:
                told = {"hours": f"{length.hours:g}", "points": _plain(points), "each": f"{hours:.1f}"}
                yield Observation("ELM-FIELDS-WORKLOAD-UNLIKE-CREDITS", node, path, value.value, parameters=told)

    def _percentages(self) -> Iterator[Observation]:
        for node, path, value in self._statements.literals(_COMPLETION):
            share = number(value.value)
            if share is not None and share > 100:
                yield Observation("ELM-FIELDS-COMPLETION-ABOVE-100", node, path, value.value)
        for node in self._statements.nodes(*_SHARES):
            shares = [each for text in self._graph.texts(node, *_SHARES) if (each := number(text)) is not None]
            total = sum(shares, Decimal(0))
            if total > 100 or any(each < 0 for each in shares):
                told = {"total": _plain(total)}
                yield Observation("ELM-FIELDS-PERCENTAGES", node, _SHARES[0], parameters=told)

    def _scores(self) -> Iterator[Observation]:
        for low_path, high_path, score_path in ((_MIN_SCORE, _MAX_SCORE, _SCORE), (_OB_MIN, _OB_MAX, "")):
            for node in self._statements.nodes(low_path, high_path):
                low, high = self._number(node, low_path), self._number(node, high_path)
                score = self._number(node, score_path)
                told = {"low": _shown(low), "high": _shown(high), "score": _shown(score)}
                if low is not None and high is not None and low > high:
                    yield Observation("ELM-FIELDS-SCORES-SWAPPED", node, low_path, _plain(low), parameters=told)
                elif score is not None and ((low is not None and score < low) or (high is not None and score > high)):
                    yield Observation("ELM-FIELDS-SCORE-OUTSIDE", node, score_path, _plain(score), parameters=told)

    def _number(self, node: str, path: str) -> Decimal | None:
        return _first_number(self._graph.texts(node, path)) if path else None


def _first_number(texts: Iterable[str]) -> Decimal | None:
    return next((each for text in texts if (each := number(text)) is not None), None)


def _told(length: Duration | None) -> Mapping[str, str]:
    if length is None:
        return {}
    return {"hours": f"{length.hours:g}", "months": str(length.months)}


def _shown(value: Decimal | None) -> str:
    return "–" if value is None else _plain(value)


def _plain(value: Decimal) -> str:
    """The number as people write it: no trailing zeros, no exponent."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
