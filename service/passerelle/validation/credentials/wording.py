"""How findings read: sentences filled in, values fit to be shown, and the path to a place in words."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import NamedTuple

from passerelle.messages import LANGUAGES, Language
from passerelle.namespaces import PREFIXES, expand
from passerelle.resources import folder, rows
from passerelle.validation.credentials.graph import CredentialGraph

LONGEST_VALUE = 120
"""Characters of a value that a report shows."""

LONGEST_POINTER = 1000
"""Characters of a JSON pointer that a report shows; the end tells more than the beginning."""

_LONGEST_READ = 4000
_LONGEST_PARAMETER = 400
_SHORT = 60
SEPARATOR = " \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} "
_ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
_MOST_STEPS = 9
_IRI_STARTS = ("http://", "https://", "urn:")
_SPACES = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}"
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_OPTIONAL = re.compile(r"\[([^\[\]]*\{[a-z_]+\}[^\[\]]*)\]")
_PLACEHOLDER_AT_END = re.compile(r"\{[a-z_]+\}\.?(?=\s|$)")
_DATA_URI = re.compile(r"(data:[\w.+-]{1,80}/[\w.+-]{1,80}(?:;[\w=.-]{1,80})*,)\S{16,}", re.ASCII)
_ENCODED = re.compile(r"([A-Za-z0-9+/_-]{12})(?:[A-Za-z0-9+/_-]{60,}\s?)+[A-Za-z0-9+/_-]*={0,2}")
_BLANKS = re.compile(r"[\t\n\r\f\v \u2028\u2029]+")
_NAME_IN_PATH = re.compile(r"<([^<>]*)>|([a-z][a-z0-9+.-]*://[^\s|()*]+)|([a-z]\w*:\w[\w.-]*)")
_TYPE = expand("rdf:type")
_CREDENTIALS = (
    expand("elm:EuropeanDigitalCredential"),
    expand("ob:OpenBadgeCredential"),
    expand("cred:VerifiableCredential"),
)


class Label(NamedTuple):
    """A name of a property or a class."""

    en: str
    fr: str

    def of(self, language: Language) -> str:
        """The name in this language."""
        return self.fr if language == "fr" else self.en


def shown(value: str, longest: int = LONGEST_VALUE) -> str:
    """A value as a report shows it: on one line, at most `longest` characters, pictures left out.

    Encoded data (data URIs, base64) keep their first characters alone. Control characters, directional marks and lone
    surrogates become U+FFFD: what is shown must not steer the terminal that shows it.
    """
    if len(value) <= _SHORT and value.isprintable():
        return value
    cut = len(value) > _LONGEST_READ
    text = _BLANKS.sub(" ", value[:_LONGEST_READ]).strip()
    text = _DATA_URI.sub(rf"\1{_ELLIPSIS}", text)
    if not text.startswith(_IRI_STARTS):
        text = _ENCODED.sub(rf"\1{_ELLIPSIS}", text)
    text = _printable(text)
    if len(text) > longest:
        return text[: longest - 1].rstrip() + _ELLIPSIS
    return text + _ELLIPSIS if cut and not text.endswith(_ELLIPSIS) else text


def shown_pointer(pointer: str) -> str:
    """A JSON pointer as a report shows it: in full, and its end alone where it is longer than `LONGEST_POINTER`.

    Its steps look like encoded data to `shown`. Control characters become U+FFFD, as there.
    """
    cut = len(pointer) > LONGEST_POINTER
    text = _printable(pointer[1 - LONGEST_POINTER :] if cut else pointer)
    return _ELLIPSIS + text if cut else text


def _printable(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() or each in _SPACES else "\N{REPLACEMENT CHARACTER}" for each in text)


def fill(sentence: str, parameters: Mapping[str, str], language: Language) -> str:
    """The sentence with its `{names}` filled from `parameters`; one that is not given stays as it is.

    A parameter `name_fr` (or `name_en`) is preferred to `name` in its language. A value is never read as a template.
    What stands in square brackets around names is left out where one of them is empty or not given.

    >>> fill("Use a member.[ The nearest is {nearest}.]", {"nearest": ""}, "en")
    'Use a member.'
    """
    if "{" not in sentence:
        return sentence

    def value_of(name: str) -> str | None:
        return parameters.get(f"{name}_{language}", parameters.get(name))

    def kept(match: re.Match[str]) -> str:
        return match[1] if all(value_of(name) for name in _PLACEHOLDER.findall(match[1])) else ""

    def given(match: re.Match[str]) -> str:
        value = value_of(match[1])
        return match[0] if value is None else shown(value, _LONGEST_PARAMETER)

    return _PLACEHOLDER.sub(given, _OPTIONAL.sub(kept, sentence) if "[" in sentence else sentence)


def generic(sentence: str) -> str:
    """The sentence of a rule as it stands for every case: an ellipsis for each of its `{names}`, and no stop behind it.

    >>> generic("It ended on {end}.")
    'It ended on …'
    """
    sentence = _OPTIONAL.sub(r"\1", sentence)
    return _PLACEHOLDER.sub(_ELLIPSIS, _PLACEHOLDER_AT_END.sub(_ELLIPSIS, sentence))


@cache
def terms() -> Mapping[str, Label]:
    """The names of properties and classes by IRI, from `shapes/credential/profile/terms.tsv`."""
    return {row["iri"]: Label(row["en"], row["fr"]) for row in _rows() if row["en"] and row["fr"]}


def property_of(key: str) -> str:
    """The IRI of the property that a JSON key stands for, by the same table; empty where it is in none."""
    return _properties().get(key, "")


@cache
def _properties() -> Mapping[str, str]:
    """The properties by key, by IRI and by local name; the first of the table where several share one."""
    found: dict[str, str] = {}
    for row in _rows():
        if row["kind"] == "property":
            for each in (row["key"], row["iri"], local_name(row["iri"])):
                found.setdefault(each, row["iri"])
    return found


@cache
def _rows() -> Sequence[Mapping[str, str]]:
    return list(rows(folder("shapes") / "credential" / "profile" / "terms.tsv"))


def label(iri: str) -> Label:
    """The name of a property or class: from the table of terms, else the local name of its IRI."""
    found = terms().get(iri)
    if found is not None:
        return found
    local = local_name(iri)
    return Label(local, local)


def local_name(iri: str) -> str:
    """The last part of an IRI."""
    return re.split(r"[/#:]", iri.rstrip("/#"))[-1] or iri


class Places:
    """Where the nodes of one credential stand, in words: the shortest way from a credential down to them."""

    def __init__(self, graph: CredentialGraph) -> None:
        self._graph = graph
        self._came: dict[str, tuple[str, str, int]] = {}
        self._walk = _walk(graph, self._came)

    def words(self, node: str, path: str = "") -> Label:
        """The way to a node, and from there along a property, in both languages: `credential › subject › title`.

        Where one of several values is meant its number stands behind, from 1. A node that the graph does not know
        has no way.
        """
        texts = [self._way(node, language) + path_words(path, language) for language in LANGUAGES]
        return Label(*(SEPARATOR.join(_shortened(each)) for each in texts))

    def _way(self, node: str, language: Language) -> list[str]:
        while node not in self._came and next(self._walk, None) is not None:
            pass  # most findings are about the credential itself, so the walk seldom goes far
        steps: list[str] = []
        while node in self._came:
            before, property_, number = self._came[node]
            if not before:
                classes = sorted(self._graph.types(node), key=lambda each: (each not in terms(), each))
                return [*([label(classes[0]).of(language)] if classes else ()), *reversed(steps)]
            step = label(property_).of(language)
            steps.append(f"{step} ({number})" if number else step)
            node = before
        return steps


def path_words(path: str, language: Language) -> list[str]:
    """The properties of a path (an IRI, or the notation of SPARQL property paths), each by its name."""
    if not path:
        return []
    if path.startswith(_IRI_STARTS) and not set(path) & set(" |()<>^"):
        return [label(path).of(language)]
    return [label(_full(match)).of(language) for match in _NAME_IN_PATH.finditer(path)]


def _full(match: re.Match[str]) -> str:
    if match[3] is None:
        return match[1] or match[2]
    prefix = match[3].partition(":")[0]
    return expand(match[3]) if prefix in PREFIXES else match[3]


def _shortened(steps: list[str]) -> list[str]:
    return steps if len(steps) <= _MOST_STEPS else [steps[0], _ELLIPSIS, *steps[2 - _MOST_STEPS :]]


def _walk(graph: CredentialGraph, came: dict[str, tuple[str, str, int]]) -> Iterator[str]:
    """Each node, put into `came`: from which node one comes to it, by which property, and as which of several values.

    The number is 0 for the only value. Breadth first from the credentials, then from what nothing points to, then from
    the rest (circles).
    """
    starts = chain(
        graph.instances(*_CREDENTIALS), (each for each in graph.nodes if not graph.subjects(each)), graph.nodes
    )
    for start in starts:
        if start in came:
            continue
        came[start] = ("", "", 0)
        yield start
        queue = deque([start])
        while queue:
            node = queue.popleft()
            for property_ in graph.properties(node):
                if property_ == _TYPE:
                    continue
                values = graph.objects(node, property_)
                for number, value in enumerate(values, 1):
                    if value not in came:
                        came[value] = (node, property_, number if len(values) > 1 else 0)
                        queue.append(value)
                        yield value
