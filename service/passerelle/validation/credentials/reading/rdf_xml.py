"""XML before and beside the RDF parser: no DOCTYPE, well-formed, RDF at all, and where its elements stand.

The RDF parser reads truncated files without a word and deep ones in quadratic time; expat does neither.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.parsers import expat

from passerelle.validation.credentials.model import BLANK, Form, NotReadable, Observation, Spot, Triple
from passerelle.validation.credentials.reading.content import spot_in
from passerelle.validation.credentials.reading.limits import Limits

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_LOQ = "http://data.europa.eu/snb/model/ap/"
_DECLARED_TYPE = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODING = re.compile(r"\s*<\?xml\s[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_NAMED = ("about", "ID", "nodeID")
_SHOWN = 100
_MOST_PARENTS = 20


@dataclass(slots=True)
class Element:
    """A start tag: `name` is its full IRI, `node` what rdf:about, rdf:ID or rdf:nodeID name, `inner` its children."""

    name: str
    node: str
    resource: str
    line: int
    column: int
    inner: list[Element] = field(default_factory=list)


def examine(text: str, limits: Limits) -> Sequence[Element]:
    """The elements of an RDF/XML document that can name a node. Raises NotReadable for anything else.

    A DOCTYPE is refused wherever the characters stand, even in a comment: parsers disagree about where comments end.
    """
    declared = _DECLARED_TYPE.search(text)
    if declared:
        raise NotReadable(Observation("ELM-FILE-DOCTYPE", spot=spot_in(text, declared.start())))
    encoding = _ENCODING.match(text)
    if encoding and encoding[1].upper() not in {"UTF-8", "UTF8", "US-ASCII"} and not text.isascii():
        parameters = {"encoding": encoding[1]}
        raise NotReadable(Observation("ELM-FILE-OTHER-ENCODING", spot=spot_in(text, 0), parameters=parameters))
    reader = _Reader(limits)
    reader.run(text)
    return reader.named


class _Reader:
    """One run of expat."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._stack: list[Element] = []
        self.named: list[Element] = []
        self._parser = expat.ParserCreate("utf-8", " ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def run(self, text: str) -> None:
        """Raises NotReadable."""
        try:
            self._parser.Parse(text.encode("utf-8"), True)
        except expat.ExpatError as error:
            spot = Spot(None, error.lineno, error.offset + 1)
            reason = expat.ErrorString(error.code)
            observation = Observation("ELM-FILE-NOT-XML", spot=spot, parameters={"reason": reason})
            raise NotReadable(observation) from None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._stack:
            _check_root(name, attributes)
        if len(self._stack) >= self._limits.depth:
            limit = {"limit": str(self._limits.depth)}
            raise NotReadable(Observation("ELM-FILE-TOO-DEEP", parameters=limit), forms=(Form.RDF_XML,))
        element = Element(
            _joined(name),
            _named(attributes),
            attributes.get(f"{_RDF} resource", ""),
            self._parser.CurrentLineNumber,
            self._parser.CurrentColumnNumber + 1,
        )
        if self._stack:
            self._stack[-1].inner.append(element)
        if element.node:
            self.named.append(element)
        self._stack.append(element)

    def _end(self, _: str) -> None:
        self._stack.pop()


class RdfXmlSource:
    """Places of nodes by their names, and of their properties; a node without name stands where its property is."""

    def __init__(self, elements: Sequence[Element], triples: Sequence[Triple]) -> None:
        """`elements` are those that name a node."""
        self._triples = triples
        self._nodes: dict[str, list[Element]] = {}
        self._parents: dict[str, tuple[str, str]] | None = None
        for each in elements:
            self._nodes.setdefault(each.node, []).append(each)

    def spot(self, node: str, path: str = "", value: str = "") -> Spot:
        """The place of the value of this property of this node, or the nearest thing around it that is known."""
        element = self._element(node, path.strip("<>"), value, _MOST_PARENTS) if node else None
        return Spot() if element is None else Spot(None, element.line, element.column)

    def at(self, pointer: str) -> Spot:  # noqa: ARG002 - as all maps of sources
        """Nothing: the text is not JSON."""
        return Spot()

    def _element(self, node: str, path: str, value: str, depth: int) -> Element | None:
        elements = self._nodes.get(node, [])
        properties = [inner for each in elements for inner in each.inner if inner.name == path]
        for each in properties:
            if value and (each.resource == value or any(inner.node == value for inner in each.inner)):
                return each
        if properties or elements:
            return (properties or elements)[0]
        parent = self._parent(node) if depth else None
        if parent is None:
            return None
        around = self._element(*parent, "", depth - 1)
        pending = [around] if around else []
        while pending and path:
            each = pending.pop(0)
            if each.name == path:
                return each
            pending.extend(each.inner)
        return around

    def _parent(self, node: str) -> tuple[str, str] | None:
        if self._parents is None:
            self._parents = {}
            for subject, predicate, value in self._triples:
                if value.kind == BLANK:
                    self._parents.setdefault(value.node, (subject.node, predicate.value))
        return self._parents.get(node)


def _check_root(name: str, attributes: dict[str, str]) -> None:
    """RDF/XML starts with rdf:RDF, or with one node element that names its node. Raises NotReadable."""
    namespace, _, local = name.rpartition(" ")
    if namespace.startswith(_LOQ) and local == "Courses":
        raise NotReadable(Observation("ELM-FILE-LOQ-XML"))
    if name == f"{_RDF} RDF" or any(f"{_RDF} {each}" in attributes for each in _NAMED):
        return
    raise NotReadable(
        Observation("ELM-FILE-OTHER-XML", value=_joined(name)[:_SHOWN], parameters={"root": local[:_SHOWN]})
    )


def _named(attributes: dict[str, str]) -> str:
    if f"{_RDF} nodeID" in attributes:
        return f"_:{attributes[f'{_RDF} nodeID']}"
    return attributes.get(f"{_RDF} about") or attributes.get(f"{_RDF} ID", "")


def _joined(name: str) -> str:
    """The IRI of an expanded name."""
    namespace, _, local = name.rpartition(" ")
    return namespace + local
