"""Runs shapes of the user beside ours: the untouched official files, or any others."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

from passerelle.namespaces import expand
from passerelle.validation.credentials.model import Observation, ProfileVerdict, Triple
from passerelle.validation.credentials.profiles.results import observation_of, ordered
from passerelle.validation.credentials.profiles.user_shapes_file import ShapesFile, read_shapes
from passerelle.validation.engine import Engine, Reference, Turbo
from passerelle.validation.report import Result, compact

_PATTERN = expand("sh:pattern")
_CODES = {
    expand("sh:Violation"): "ELM-SHAPES-RESULT",
    expand("sh:Warning"): "ELM-SHAPES-RESULT-WARNING",
    expand("sh:Info"): "ELM-SHAPES-RESULT-INFO",
}
_LONGEST = 300
_PREFERRED = ("en", "fr")


class ShapesSet:
    """The shapes of one file with those that it imports, as far as they were given too.

    `name` is that of all these files.
    """

    def __init__(self, files: Sequence[ShapesFile]) -> None:
        self.name = " + ".join(each.name for each in files)
        self._files = {subject.node: each.name for each in reversed(files) for subject, _, _ in each.triples}
        self._triples = tuple(dict.fromkeys(triple for each in files for triple in each.triples))
        self._unknown = tuple(
            Observation("ELM-SHAPES-UNKNOWN-TERM", parameters={"term": term, "file": each.name})
            for each in files
            for term in each.unknown
        )
        self._refused = next((each.refused for each in files if each.refused), "")

    def observe(self, triples: Sequence[Triple]) -> tuple[ProfileVerdict, tuple[Observation, ...]]:
        """The verdict of these shapes, and what they found; see `UserShapes.observe`."""
        if self._refused:
            return self._not_run("shapes-not-run-refused", "ELM-SHAPES-REFUSED", term=self._refused)
        try:
            results = self._results(triples)
        except MemoryError:
            raise
        except Exception as fault:  # noqa: BLE001  # see `_results`
            pattern = self._bad_pattern()
            if pattern is not None:
                return self._not_run(
                    "shapes-not-run-pattern", "ELM-SHAPES-PATTERN", pattern=pattern[0], detail=pattern[1]
                )
            return self._not_run("shapes-not-run-engine", "ELM-SHAPES-ENGINE", detail=_brief(fault))
        found = ordered(map(self._observation, results), triples)
        violations = sum(each.code == "ELM-SHAPES-RESULT" for each in found)
        return ProfileVerdict(self.name, not results, violations), (*self._unknown, *found)

    def _results(self, triples: Sequence[Triple]) -> list[Result]:
        """The results of the fast engine, or of the other one where that fails; what was validated before has no part.

        Engines raise what they like for shapes that they cannot run: ValueError, RuntimeError, re.error, KeyError …
        """
        if self._fast is not None:
            try:
                return self._fast.results(triples)
            except MemoryError:
                raise
            except Exception:  # noqa: BLE001, S110
                pass
        return self._slow.results(triples)

    @cached_property
    def _fast(self) -> Engine | None:
        """The fast engine, None where it refuses the shapes."""
        try:
            return Turbo(self._triples)
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001  # see `_results`
            return None

    @cached_property
    def _slow(self) -> Engine:
        return Reference(self._triples)

    def _observation(self, result: Result) -> Observation:
        plain = observation_of(result)
        words = {each.language or "": each.value for each in result.messages}
        message = next((words[each] for each in _PREFERRED if each in words), next(iter(words.values()), ""))
        parameters = {
            "message": message,
            "shape": _named(result.shape),
            "file": self._files.get(result.shape, self.name),
        }
        if "fr" in words:
            parameters["message_fr"] = words["fr"]
        code = _CODES.get(result.severity, "ELM-SHAPES-RESULT")
        return Observation(code, plain.node, plain.path, plain.value, plain.component, parameters=parameters)

    def _bad_pattern(self) -> tuple[str, str] | None:
        """The first pattern that is no regular expression here, and why."""
        for each in dict.fromkeys(value.value for _, predicate, value in self._triples if predicate.value == _PATTERN):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                try:
                    re.compile(each)
                except re.error as fault:
                    return each, str(fault)
        return None

    def _not_run(self, reason: str, code: str, **parameters: str) -> tuple[ProfileVerdict, tuple[Observation, ...]]:
        seen = Observation(code, parameters={"file": self.name, **parameters})
        return ProfileVerdict(self.name, None, reason=reason), (*self._unknown, seen)


class UserShapes:
    """Files of shapes: each that no other imports is run by itself, together with what it imports of the others.

    Serves one thread at a time. pyshacl-turbo runs them, or pySHACL where that refuses them; neither has a limit of
    time or memory of its own, so shapes of strangers belong into a process that can be ended.
    """

    def __init__(self, sets: Iterable[ShapesSet]) -> None:
        self._sets = tuple(sets)

    @classmethod
    def of(cls, paths: Sequence[Path]) -> UserShapes:
        """The shapes of these files. Raises InputError for one that cannot be read or has no shape."""
        files = [read_shapes(path) for path in paths]
        imported = [{id(other) for other in _closure(each, files)} - {id(each)} for each in files]
        below = set().union(*imported) if imported else set()
        # files that import each other: all of them are below another, and the first stands for them
        roots = [each for each in files if id(each) not in below] or files[:1]
        return cls(ShapesSet(_in_order(_closure(each, files), files)) for each in roots)

    def observe(self, triples: Sequence[Triple]) -> tuple[tuple[ProfileVerdict, ...], tuple[Observation, ...]]:
        """One verdict a root file, and what its shapes found (layer SHAPES, `message` among the parameters).

        A verdict without `conforms` was not reached: `reason` is the id of a message, an observation has the detail.
        """
        seen = [each.observe(triples) for each in self._sets]
        return tuple(verdict for verdict, _ in seen), tuple(each for _, found in seen for each in found)


def _closure(file: ShapesFile, files: Sequence[ShapesFile]) -> list[ShapesFile]:
    """The file, then those of `files` that it imports, straight or through others."""
    found = [file]
    for each in found:
        found += [
            other for other in files if other.ontologies & each.imports and all(other is not known for known in found)
        ]
    return found


def _in_order(some: Sequence[ShapesFile], files: Sequence[ShapesFile]) -> list[ShapesFile]:
    return [each for each in files if any(each is known for known in some)]


def _named(shape: str) -> str:
    return shape if shape.startswith("_:") else compact(shape).strip("<>")


def _brief(fault: Exception) -> str:
    """What an engine says, on one line; its words are about shapes, never about data."""
    return " ".join(str(fault).split())[:_LONGEST] or type(fault).__name__
