"""Named queries: the `*.rq` files beside this module, each a question with a title, a description and parameters.

A file starts with its header, one `# key: value` a line, in any order:

    # name: successors                           (the file's name)
    # title_en: … # title_fr: … # description_en: … # description_fr: …
    # keywords_en: … # keywords_fr: …              (may be left out; separated by commas)
    # none_en: … # none_fr: …                      (may be left out; what an answer without rows means)
    # parameter: fiche | fiche | required | Fiche | Fiche | RNCP37674     (once for each, in the order of forms)

Parameters stand in the query as `$name`; variables are written `?name`. A line that ends with `#? name` belongs to an
open parameter and is left out where that has no value; one that ends with `#! name` stands only where it has none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from passerelle.errors import ParameterError, UnknownName
from passerelle.messages import Language
from passerelle.queries.parameters import Parameter, parse

_HEADER = re.compile(r"# (?P<key>[a-z_]+): (?P<value>\S.*)")
_TEXTS = ("title_en", "title_fr", "description_en", "description_fr")
_OPEN_TEXTS = ("keywords_en", "keywords_fr", "none_en", "none_fr")
_REFERENCE = re.compile(r"\$([A-Za-z][A-Za-z0-9]*)")
_CONDITION = re.compile(r"\s*#(?P<when>[?!]) (?P<name>[A-Za-z0-9]+)\s*$")


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A question with its texts; `text` is the SPARQL with `$parameters`, without the header."""

    name: str
    title_en: str
    title_fr: str
    description_en: str
    description_fr: str
    parameters: tuple[Parameter, ...]
    text: str
    keywords_en: str = ""
    keywords_fr: str = ""
    none_en: str = ""
    none_fr: str = ""

    def title(self, language: Language) -> str:
        """The question in a few words."""
        return self.title_fr if language == "fr" else self.title_en

    def description(self, language: Language) -> str:
        """What a row is, and the rule behind it."""
        return self.description_fr if language == "fr" else self.description_en

    def none(self, language: Language) -> str:
        """What it means that no row answers; empty where nothing more is to be said than of any question."""
        return self.none_fr if language == "fr" else self.none_en

    def keywords(self, language: Language) -> list[str]:
        """What it is found by in a list of queries."""
        words = self.keywords_fr if language == "fr" else self.keywords_en
        return [word.strip() for word in words.split(",") if word.strip()]

    def things(self, values: Mapping[str, str], base: str) -> dict[str, str]:
        """The certifications and units that the values name: what the user wrote, and the term that it becomes.

        Raises ParameterError for a bad value.
        """
        named = (parameter for parameter in self.parameters if parameter.kind in {"unit", "fiche"})
        given = ((parameter, values.get(parameter.name, "").strip()) for parameter in named)
        return {value: parameter.term(value, base) for parameter, value in given if value}

    def bind(self, values: Mapping[str, str], base: str) -> str:
        """The SPARQL with its parameters set; `base` is that of the release, for short forms such as RNCP37674BC01.

        An empty value counts as none. Raises ParameterError for an unknown name, a missing one or a bad value.
        """
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in values:
            if name not in known:
                raise ParameterError(
                    "query-parameter-unknown", query=self.name, name=name, known=", ".join(known) or "–"
                )
        terms: dict[str, str] = {}
        for parameter in self.parameters:
            value = values.get(parameter.name, "").strip() or parameter.default
            if value:
                terms[parameter.name] = parameter.term(value, base)
            elif parameter.required:
                raise ParameterError(
                    "query-parameter-missing", query=self.name, name=parameter.name, example=parameter.example
                )
        kept = []
        for line in self.text.splitlines():
            condition = _CONDITION.search(line)
            if condition is None or (condition["name"] in terms) == (condition["when"] == "?"):
                kept.append(_CONDITION.sub("", line))
        return _REFERENCE.sub(lambda match: terms[match[1]], "\n".join(kept) + "\n")


def read_query(path: Path) -> NamedQuery:
    """Read one file. Raises ValueError for a header or a parameter that is not as this module describes."""
    lines = path.read_text(encoding="utf-8").splitlines()
    end = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    texts: dict[str, str] = {}
    parameters: list[Parameter] = []
    for line in lines[:end]:
        match = _HEADER.fullmatch(line)
        if match is None or match["key"] not in {"name", "parameter", *_TEXTS, *_OPEN_TEXTS} or match["key"] in texts:
            raise ValueError(f"{path.name}: not a header, or given twice: {line}")
        if match["key"] == "parameter":
            parameters.append(parse(match["value"]))
        else:
            texts[match["key"]] = match["value"]
    missing = {"name", *_TEXTS} - texts.keys()
    if missing or texts["name"] != path.stem:
        raise ValueError(f"{path.name}: header lacks {sorted(missing)}, or the name is not the file's")
    text = "\n".join(lines[end:]).strip() + "\n"
    _check(path.name, text, parameters)
    return NamedQuery(**texts, parameters=tuple(parameters), text=text)


def _check(file: str, text: str, parameters: list[Parameter]) -> None:
    """Every parameter is declared once and used, and an open one stands on lines that can be left out."""
    declared = [parameter.name for parameter in parameters]
    if len(set(declared)) != len(declared) or set(declared) != set(_REFERENCE.findall(text)):
        raise ValueError(f"{file}: parameters declared {declared}, used {sorted(set(_REFERENCE.findall(text)))}")
    for parameter in parameters:
        may_be_open = not parameter.required and not parameter.default
        for line in text.splitlines():
            condition = _CONDITION.search(line)
            if condition and condition["name"] not in declared:
                raise ValueError(f"{file}: no such parameter: {line}")
            guarded = condition is not None and condition["name"] == parameter.name and condition["when"] == "?"
            if may_be_open and parameter.name in _REFERENCE.findall(line) and not guarded:
                raise ValueError(
                    f"{file}: {parameter.name} may be open, so this line needs '#? {parameter.name}': {line}"
                )


@cache
def catalogue() -> dict[str, NamedQuery]:
    """All named queries by name, in alphabetical order. Raises ValueError for a defective file."""
    return {path.stem: read_query(path) for path in sorted(Path(__file__).parent.glob("*.rq"))}


def named_query(name: str) -> NamedQuery:
    """The query of that name. Raises UnknownName."""
    found = catalogue().get(name)
    if found is None:
        raise UnknownName("query-unknown", name=name, known=", ".join(catalogue()))
    return found
