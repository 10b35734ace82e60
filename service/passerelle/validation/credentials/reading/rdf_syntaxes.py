"""Turtle, TriG, N-Triples, N-Quads and RDF/XML read into triples, with the line of every mistake."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pyoxigraph as ox

from passerelle.validation.credentials.model import Form, NotReadable, Observation, SourceMap, Spot, Triple
from passerelle.validation.credentials.reading.content import spot_in
from passerelle.validation.credentials.reading.limits import Limits
from passerelle.validation.credentials.reading.rdf_source import RdfTextSource
from passerelle.validation.credentials.reading.rdf_terms import Terms
from passerelle.validation.credentials.reading.rdf_xml import RdfXmlSource, examine

_FORMATS = {
    Form.TURTLE: ox.RdfFormat.TURTLE,
    Form.N_TRIPLES: ox.RdfFormat.N_TRIPLES,
    Form.N_QUADS: ox.RdfFormat.N_QUADS,
    Form.TRIG: ox.RdfFormat.TRIG,
    Form.RDF_XML: ox.RdfFormat.RDF_XML,
}
_NODE = r"(?:<[^<>\n]*>|_:\S+)"
_LITERAL = r'"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"(?:@[\w-]+|\^\^<[^<>\n]*>)?'
_COMMENTS = r"\s*+(?:#[^\n]*+\n\s*+)*+"
_LINE = re.compile(rf"{_COMMENTS}{_NODE}[ \t]+<[^<>\n]*>[ \t]+(?:{_NODE}|{_LITERAL})[ \t]*({_NODE})?[ \t]*\.")
_PLACE = re.compile(r"^Parser error (?:at|between) .*?: ")
_REASON_SHOWN = 200
_BUFFER_FULL = "Reached the buffer maximal size"


@dataclass(frozen=True, slots=True)
class RdfReading:
    """What a file in an RDF syntax says: triples of all its graphs, each once, in the order of the file."""

    form: Form
    triples: tuple[Triple, ...]
    source: SourceMap
    observations: tuple[Observation, ...] = ()


def read_rdf_text(text: str, limits: Limits) -> RdfReading:
    """Read Turtle, TriG, N-Triples or N-Quads, whichever the text is. Raises NotReadable.

    Where it is none of them, the error of the syntax that got farthest is told.
    """
    refusals: list[_SyntaxRefusal] = []
    for form in _candidates(text):
        try:
            triples, observations, prefixes = _parsed(text, form, limits)
        except _SyntaxRefusal as refusal:
            refusals.append(refusal)
            continue
        return RdfReading(form, triples, RdfTextSource(text, prefixes, triples), observations)
    raise max(refusals, key=lambda each: each.place).as_not_readable()


def read_rdf_xml(text: str, limits: Limits) -> RdfReading:
    """Read RDF/XML. Raises NotReadable, for other XML and for any DOCTYPE too."""
    elements = examine(text, limits)
    try:
        triples, observations, _ = _parsed(text, Form.RDF_XML, limits)
    except _SyntaxRefusal as refusal:
        raise refusal.as_not_readable() from None
    return RdfReading(Form.RDF_XML, triples, RdfXmlSource(elements, triples), observations)


class _SyntaxRefusal(Exception):
    """A text that the parser of one syntax refuses."""

    def __init__(self, form: Form, error: SyntaxError) -> None:
        super().__init__(form)
        self.form = form
        self.reason = _PLACE.sub("", error.msg)[:_REASON_SHOWN]
        self.place = (error.lineno or 0, error.offset or 0)

    def as_not_readable(self) -> NotReadable:
        """With its place and the parser's own words."""
        spot = Spot(None, *self.place) if self.place[0] else None
        observation = Observation("ELM-FILE-NOT-RDF", spot=spot, parameters={"reason": self.reason})
        return NotReadable(observation, forms=(self.form,))


def _candidates(text: str) -> Sequence[Form]:
    """The syntaxes to try, in order: a first statement on a line of its own tells those of lines."""
    first = _LINE.match(text)
    if first is None:
        return Form.TURTLE, Form.TRIG
    if first[1]:
        return (Form.N_QUADS,)
    return Form.N_TRIPLES, Form.N_QUADS, Form.TURTLE, Form.TRIG


def _parsed(
    text: str, form: Form, limits: Limits
) -> tuple[tuple[Triple, ...], tuple[Observation, ...], dict[str, str]]:
    """Strictly where possible; else without the parser's checks of terms, which are then made one by one.

    Raises _SyntaxRefusal, NotReadable.
    """
    try:
        return _run(text, form, limits, doubtful=False)
    except SyntaxError as error:
        strict = _SyntaxRefusal(form, error)
    try:
        triples, observations, prefixes = _run(text, form, limits, doubtful=True)
    except SyntaxError:
        raise strict from None
    if not observations:
        raise strict
    return triples, observations, prefixes


def _run(
    text: str, form: Form, limits: Limits, *, doubtful: bool
) -> tuple[tuple[Triple, ...], tuple[Observation, ...], dict[str, str]]:
    """Raises SyntaxError, NotReadable."""
    parser = ox.parse(text, format=_FORMATS[form], lenient=doubtful)
    terms = Terms(text, doubtful=doubtful)
    found: dict[Triple, None] = {}
    for triple in terms.triples(_guarded(parser)):
        found[triple] = None
        if len(found) > limits.triples:
            counts = {"limit": str(limits.triples)}
            raise NotReadable(Observation("ELM-FILE-TOO-MANY-TRIPLES", parameters=counts), forms=(form,))
    observations = tuple(_placed(text, each) for each in list(terms.observations.values())[: limits.observations])
    return tuple(found), observations, dict(parser.prefixes)


def _guarded(parser: ox.QuadParser) -> Iterator[ox.Quad]:
    """The parser reports some mistakes as ValueError, and a token beyond its own 16 MB as MemoryError."""
    try:
        yield from parser
    except ValueError as error:
        raise SyntaxError(str(error)) from error
    except MemoryError as error:
        if not str(error).startswith(_BUFFER_FULL):
            raise
        raise SyntaxError(str(error)) from error


def _placed(text: str, observation: Observation) -> Observation:
    """With the first place where the value stands."""
    if not observation.value:
        return observation
    for written in (f"<{observation.value}>", f'"{observation.value}"', f"@{observation.value}", observation.value):
        offset = text.find(written)
        if offset >= 0:
            return replace(observation, spot=spot_in(text, offset))
    return observation
