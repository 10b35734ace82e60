"""The table of a page from the result of a query: named things, words for codes, and what an empty cell means.

Conventions of the named queries that it rests on: a column `…Share` is a part of one, `duration` is a workload;
`…_en` and `…_fr` are one column in two languages; `…Texts` joins texts with " | ", `…States` and `fields` join words
with spaces, and joined IRIs are separated by spaces. `label_columns.tsv` says which column names the things of which
other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from passerelle.messages import LANGUAGES, Language
from passerelle.namespaces import PREFIXES, VOCABULARY, expand
from passerelle.web.questions.labels import Names, chosen, is_concept
from passerelle.web.responses.wording import blank_word, code_word, column_title, is_number, typed

ROWS_SHOWN = 1000
"""Rows of a page; the whole answer is one click away as CSV."""

LONG_TEXT = 280
"""Characters; what is longer is folded behind its beginning."""

LONG_WORD = 28
"""Characters; no word of a title in our languages is longer, hashes and addresses are."""

_WORKLOADS = frozenset({expand("elm:volumeOfLearning"), expand("elm:workload")})
"""Properties that say how long learning takes, as the European Learning Model has them."""
_WORKLOAD_COLUMN = "duration"
_FICHE = re.compile(r"(rncp|rs)/(\d+)(?:/bloc/([^/]+))?(/.*)?")
_HASH = re.compile(r"([0-9a-f]{8})[0-9a-f]{16,}")

Row = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Text:
    """One piece of a cell: how it is shown, its language, the thing that it names (an IRI), a short form beside it.

    `folded` is the whole of a long text; `shown` is then its beginning. `address` is where a thing of others stands of
    which the release knows no more than its IRI.
    """

    shown: str
    language: str = ""
    thing: str = ""
    note: str = ""
    folded: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """The pieces of one cell; where there are none, `blank` says what that means."""

    texts: tuple[Text, ...]
    blank: str = ""

    @property
    def unbroken(self) -> bool:
        """Whether it holds a word so long that it must be broken anywhere."""
        return any(len(word) > LONG_WORD for text in self.texts for word in f"{text.shown} {text.note}".split())


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, the variables of the query behind it, whether it holds numbers.

    `note` is the variable's name where the description of the question speaks of it.
    """

    title: str
    variables: tuple[str, ...]
    numeric: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """`total` counts all rows, `rows` holds the first ROWS_SHOWN; `codes` are the words shown, by code."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int
    codes: Mapping[str, str] = field(default_factory=dict)


@cache
def label_columns() -> tuple[tuple[str, str], ...]:
    """Which column (first) is named by which (second), the first pair that a result has being the one that counts."""
    lines = (Path(__file__).parent / "label_columns.tsv").read_text(encoding="utf-8").splitlines()[1:]
    pairs = [line.split("\t") for line in lines]
    return tuple((thing, label) for thing, label in pairs)


def things_in(document: Mapping[str, Any]) -> Iterator[str]:
    """The IRIs of the rows shown, those that no column of the result names first."""
    if "boolean" in document:
        return
    rows = document["results"]["bindings"][:ROWS_SHOWN]
    named = {thing for thing, label in _pairs(document["head"]["vars"]).items() if label}
    for late in (False, True):
        for row in rows:
            for variable, term in row.items():
                if (variable in named) is late:
                    yield from _iris(term)


def table_of(
    document: Mapping[str, Any], query: str, base: str, names: Names, language: Language, description: str = ""
) -> Table:
    """The table of a result in SPARQL Results JSON; ASK gives one cell. `base` shortens our own IRIs.

    Names of columns and codes that `description` uses stand beside the words for them, so that it can be followed.
    """
    if "boolean" in document:
        answer = typed(str(document["boolean"]).lower(), PREFIXES["xsd"] + "boolean", language)
        return Table((Column(column_title(query, "ASK", language), ("ASK",)),), ((Cell((Text(answer),)),),), 1)
    told = frozenset(re.findall(r"[\w-]+", description))
    return _Reading(query, base, names, language, told).table(document["head"]["vars"], document["results"]["bindings"])


def short_form(iri: str, base: str) -> str:
    """An IRI as a reader can take it in: a fiche or bloc by its number, a known prefix, else without base or scheme."""
    for start in (f"{base}/id/", f"{base}/graph/"):
        if iri.startswith(start) and len(iri) > len(start):
            return _number(_HASH.sub(r"\1…", iri[len(start) :]))
    prefixes = (item for item in PREFIXES.items() if iri.startswith(item[1]) and len(iri) > len(item[1]))
    prefix, start = max(prefixes, key=lambda item: len(item[1]), default=("", ""))
    if prefix:
        return f"{prefix}:{iri[len(start) :]}"
    return iri.partition("://")[2] or iri


def _number(path: str) -> str:
    """`rncp/1` as RNCP1, `rncp/1/bloc/RNCP1BC01` as RNCP1BC01, `rncp/1/bloc/02` as RNCP1/02: forms take these back."""
    match = _FICHE.fullmatch(path)
    if match is None:
        return path
    fiche, code, rest = match[1].upper() + match[2], match[3] or "", match[4] or ""
    if code:
        fiche = code if code.startswith(f"{fiche}BC") else f"{fiche}/{code}"
    return fiche if rest in ("", "/record") else fiche + rest


def _pairs(variables: Sequence[str]) -> dict[str, str]:
    """The columns that a table shows, each with the one that names its things (or none)."""
    pairs: dict[str, str] = {}
    for thing, label in label_columns():
        if thing in variables and label in variables and thing not in pairs and label not in pairs.values():
            pairs[thing] = label
    return {name: pairs.get(name, "") for name in variables if name not in pairs.values()}


def _iris(term: Mapping[str, Any]) -> tuple[str, ...]:
    value = term.get("value")
    if not isinstance(value, str):
        return ()
    if term["type"] == "uri":
        return (value,)
    pieces = value.split()
    if pieces and "datatype" not in term and all(piece.startswith(("http://", "https://")) for piece in pieces):
        return tuple(sorted(pieces))
    return ()


class _Reading:
    """Reads one result for one page."""

    def __init__(self, query: str, base: str, names: Names, language: Language, told: frozenset[str]) -> None:
        self._query = query
        self._base = base
        self._names = names
        self._language = language
        self._told = told
        self._codes: dict[str, str] = {}

    def table(self, variables: Sequence[str], bindings: Sequence[Row]) -> Table:
        others = tuple(f"_{language}" for language in LANGUAGES if language != self._language)
        pairs = _pairs([name for name in variables if not name.endswith(others)])
        kept = bindings[:ROWS_SHOWN]
        columns = tuple(self._column(name, label, kept) for name, label in pairs.items())
        rows = tuple(tuple(self._cell(name, label, row) for name, label in pairs.items()) for row in kept)
        return Table(columns, rows, len(bindings), self._codes)

    def _column(self, name: str, label: str, rows: Sequence[Row]) -> Column:
        title = column_title(self._query, name.removesuffix(f"_{self._language}"), self._language)
        datatypes = {row[name].get("datatype", "") for row in rows if name in row}
        numeric = bool(datatypes) and all(is_number(datatype) for datatype in datatypes)
        variables = (name, label) if label else (name,)
        note = next((each for each in variables if each in self._told and each.lower() not in title.lower()), "")
        return Column(title, variables, numeric, note)

    def _cell(self, name: str, label: str, row: Row) -> Cell:
        texts = tuple(text for text in self._texts(name, row.get(name, {}), row.get(label, {}), row) if text.shown)
        if texts:
            return Cell(texts)
        kind = row.get("row", row.get("position", {})).get("value", "")
        return Cell((), blank_word(self._query, name, kind, self._language))

    def _texts(self, name: str, term: Mapping[str, Any], label: Mapping[str, Any], row: Row) -> Iterator[Text]:
        value = term.get("value", label.get("value", ""))
        if not isinstance(value, str):  # a quoted triple
            return
        iris = _iris(term)
        if len(iris) == 1 and term["type"] == "uri" and label:
            yield self._named(iris[0], str(label["value"]), noted="identifier" not in row)
        elif iris:
            yield from (self._thing(name, iri) for iri in iris)
        elif name.endswith("Texts"):
            yield from (_folded(piece) for piece in value.split(" | "))
        elif name.endswith("States") or name == "fields":
            yield from (self._word(name, piece) for piece in value.split())
        elif "datatype" in term:
            share = name.endswith("Share")
            workload = name == _WORKLOAD_COLUMN or row.get("property", {}).get("value") in _WORKLOADS
            yield Text(typed(value, term["datatype"], self._language, share=share, workload=workload))
        elif "xml:lang" in term:
            yield _folded(value, term["xml:lang"])
        else:
            yield self._word(name, value)

    def _word(self, column: str, value: str) -> Text:
        word = code_word(column, value, self._language)
        if not word:
            return _folded(value)
        return self._coded(value, word)

    def _coded(self, code: str, word: str) -> Text:
        self._codes[code] = word
        return Text(word, note=code if code in self._told and code.lower() not in word.lower() else "")

    def _named(self, iri: str, label: str, *, noted: bool) -> Text:
        language = next((name.language for name in self._names.get(iri, ()) if name.text == label), "")
        return Text(label, language, iri, self._note(iri) if noted else "")

    def _thing(self, column: str, iri: str) -> Text:
        short = short_form(iri, self._base)
        code = short.rpartition("/")[2].rpartition(":")[2]
        word = code_word(column, code, self._language)
        if word:
            return self._coded(code, word)
        name = chosen(self._names.get(iri, ()), self._language, "en")
        if is_concept(iri):
            if name is None:
                return Text(short)
            return self._coded(code, name.text) if iri.startswith(VOCABULARY) else Text(name.text, name.language)
        if name is None:
            return Text(short, thing=iri) if iri.startswith(self._base) else Text(short, address=iri)
        note = self._note(iri)
        return Text(name.text, name.language, iri, note if note != name.text else "")

    def _note(self, iri: str) -> str:
        """What tells two things of one name apart: our number of it, or whose it is; ESCO's numbers say nothing."""
        if iri.startswith((f"{self._base}/id/source/", *PREFIXES.values())):
            return ""
        if iri.startswith(self._base):
            return short_form(iri.partition("/outcome/")[0], self._base)
        host = re.match(r"https?://([^/?#]+)", iri)
        return "" if host is None or host[1] == "data.europa.eu" else host[1]


def _folded(text: str, language: str = "") -> Text:
    if len(text) <= LONG_TEXT:
        return Text(text, language)
    beginning = text[: LONG_TEXT - 40]
    end = max(beginning.rfind(" "), LONG_TEXT // 2)  # at a space, unless a word without end follows it
    return Text(beginning[:end].rstrip() + " …", language, folded=text)
