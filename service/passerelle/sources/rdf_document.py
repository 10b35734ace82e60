"""Opens one RDF file: format by its ending, nothing unsafe, no network, and no blank nodes in what comes out.

Blank nodes and names that mean something inside their document only (`urn:epass:…`, hosts without a dot, relative
IRIs) become skolem IRIs under `{base}/.well-known/genid/`, from the SHA-256 of the document's content: the same file
always gives the same names, and two files never share one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import BinaryIO

import pyoxigraph as ox
from lxml import etree

from passerelle.errors import MalformedInput, UnexpectedInput, UnsafeInput
from passerelle.messages import message
from passerelle.namespaces import PREFIXES, Minting
from passerelle.records.place import Place
from passerelle.records.provenance import Licence, Provenance, SourceFile
from passerelle.records.tally import Tally
from passerelle.sources.archive import ArchiveLimits, InputFiles, open_input
from passerelle.sources.rdf_json_ld import KeyNotice, with_local_contexts
from passerelle.sources.xml_prolog import CheckedXml

FORMATS: dict[str, ox.RdfFormat] = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".json": ox.RdfFormat.JSON_LD,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
}
_LINE_FORMATS = (ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS)
_PIECE = 1024 * 1024
_XML_DEPTH = 256
"""Elements within elements; libxml2's own limit for trees."""
_XML_ATTRIBUTES = 1_000
"""Attributes and namespace declarations of one element; a root that declares all common prefixes has a hundred."""
_DOCTYPE = re.compile(rb"<!doctype", re.IGNORECASE)
_LOCAL = re.compile(r"urn:epass:|https?://(?:[^/?#@]*@)?(?![^/?#]*[.\[])[^/?#]*(?:[/?#]|$)", re.IGNORECASE)
_RDF_ROOT = "{" + PREFIXES["rdf"] + "}RDF"


def rdf_provenance(path: Path) -> Provenance:
    """The file as measured; its licence is whatever its own statements say. Raises UnexpectedInput without a file."""
    try:
        measured = SourceFile.of(path)
    except OSError as error:
        raise UnexpectedInput("input-missing", place=Place(file=path.name)) from error
    title, licence, attribution = message("rdf-title"), message("rdf-licence"), message("rdf-attribution")
    return Provenance(
        title_en=title.what("en", name=path.name),
        title_fr=title.what("fr", name=path.name),
        publisher="",
        licence=Licence("", licence.what("en"), attribution.what("en"), attribution.what("fr")),
        files=(measured,),
    )


class RdfDocument:
    """One RDF file, read as often as needed; each pass yields the same statements under the same names.

    Raises UnexpectedInput for an ending that names no RDF format or an unknown JSON-LD context, UnsafeInput for a
    DOCTYPE, MalformedInput with the line for a syntax error.
    """

    def __init__(self, path: Path, limits: ArchiveLimits | None, minting: Minting) -> None:
        self.path = path
        self._minting = minting
        self._limits = limits or ArchiveLimits()
        with open_input(path, self._limits) as files:
            self._name = files.only(*FORMATS)
            self.place = files.place(self._name)
            self.format = FORMATS[PurePosixPath(self._name.lower()).suffix]
            self._size = files.size(self._name)
            self._sha256 = self._inspected(files)

    def _inspected(self, files: InputFiles) -> str:
        """The SHA-256 of the content. The parser expands a DOCTYPE wherever it stands, so none may stand anywhere."""
        digest = hashlib.sha256()
        xml = self.format == ox.RdfFormat.RDF_XML
        tail = b""
        with files.open(self._name) as stream:
            while piece := stream.read(_PIECE):
                digest.update(piece)
                if xml and _DOCTYPE.search(tail + piece):
                    raise UnsafeInput("xml-doctype", place=self.place)
                tail = piece[-16:]
        if xml:
            with files.open(self._name) as stream:
                self._check_xml(stream)
        return digest.hexdigest()

    def _check_xml(self, stream: BinaryIO) -> None:
        """Root, depth and attributes.

        RDF/XML takes any root element for a statement, so an XML file of another kind would pass as RDF; and its
        parser takes quadratic time where elements are nested deeply or have very many attributes.
        """
        checked = CheckedXml(stream, self.place)
        shape = _XmlShape(self.place)
        parser = etree.XMLParser(target=shape, resolve_entities=False, no_network=True, huge_tree=False)
        try:
            while piece := checked.read(_PIECE):
                parser.feed(piece)
                checked.record_ends()  # what is refused is long records, and nothing is kept here
            parser.close()
        except etree.XMLSyntaxError as error:
            raise MalformedInput("rdf-syntax", place=self._line(error.lineno), reason=error.msg) from error

    def quads(self, tally: Tally | None = None, notice: KeyNotice = lambda key, pointer: None) -> Iterator[ox.Quad]:
        """The statements, skolemised, in the order of the file. `notice` is told of JSON keys without a meaning."""
        naming = _Naming(self._sha256, self._minting, labelled=self.format in _LINE_FORMATS)
        with open_input(self.path, self._limits) as files, files.open(self._name) as stream:
            counted = _Counted(stream, tally, self._size)
            source: bytes | _Counted = counted
            if self.format == ox.RdfFormat.JSON_LD:
                source = with_local_contexts(counted, self.place, notice)
            base = None if self.format in _LINE_FORMATS else self._minting.genid(self._sha256, "")
            try:
                # the parser reads any object with `read`, whatever its stub says
                for quad in ox.parse(source, self.format, base_iri=base):  # type: ignore[arg-type]
                    yield naming.quad(quad)
            except SyntaxError as error:
                raise MalformedInput("rdf-syntax", place=self._line(error.lineno), reason=error.msg) from error
            except MemoryError as error:  # the parser's word for a token that does not fit into its buffer
                raise UnsafeInput("rdf-large", place=self.place, reason=str(error)) from error

    def _line(self, line: int | None) -> Place:
        known = line if self.format != ox.RdfFormat.JSON_LD else None
        return Place(file=self.place.file, line=known)


_Name = str | bytes


class _XmlShape:
    """Target of an XML parser: nothing is kept of the document, only its shape is looked at."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._depth = 0
        self._started = False

    def start(self, tag: _Name, attrib: dict[_Name, _Name], nsmap: Mapping[str, str] | None = None) -> None:
        if not self._started and tag != _RDF_ROOT:
            raise UnexpectedInput("rdf-xml-root", place=self._place, root=tag)
        self._started = True
        self._depth += 1
        if self._depth > _XML_DEPTH:
            raise UnsafeInput("rdf-xml-deep", place=self._place, limit=_XML_DEPTH)
        if len(attrib) + len(nsmap or ()) > _XML_ATTRIBUTES:
            raise UnsafeInput("rdf-xml-attributes", place=self._place, limit=_XML_ATTRIBUTES)

    def end(self, tag: _Name) -> None:  # noqa: ARG002 – the parser calls it so
        self._depth -= 1

    def data(self, data: _Name) -> None:
        pass

    def comment(self, text: _Name) -> None:
        pass

    def close(self) -> None:
        pass


class _Counted:
    """A stream that tells the tally how far it is."""

    def __init__(self, stream: BinaryIO, tally: Tally | None, total: int) -> None:
        self._stream, self._tally, self._total = stream, tally, total
        self._done = 0

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        before, self._done = self._done, self._done + len(data)
        if self._tally is not None and before // _PIECE != self._done // _PIECE:
            self._tally.progress(self._done, max(self._total, self._done))
        return data


class _Naming:
    """Names for what has none outside its document.

    Line formats keep their labels, so that nothing is remembered; elsewhere the parser invents labels at random, and
    nodes are numbered as they come.
    """

    def __init__(self, document: str, minting: Minting, *, labelled: bool) -> None:
        self._genid: Callable[[str], str] = lambda label: minting.genid(document, label)
        self._labelled = labelled
        self._numbers: dict[str, int] = {}

    def quad(self, quad: ox.Quad) -> ox.Quad:
        subject, value, graph = quad.subject, quad.object, quad.graph_name
        return ox.Quad(
            self._named(subject) if isinstance(subject, ox.NamedNode | ox.BlankNode) else subject,
            quad.predicate,
            self._named(value) if isinstance(value, ox.NamedNode | ox.BlankNode) else value,
            self._named(graph) if isinstance(graph, ox.NamedNode | ox.BlankNode) else graph,
        )

    def _named(self, node: ox.NamedNode | ox.BlankNode) -> ox.NamedNode:
        if isinstance(node, ox.BlankNode):
            if self._labelled:
                return ox.NamedNode(self._genid(f"b-{node.value}"))
            return ox.NamedNode(self._genid(f"n{self._numbers.setdefault(node.value, len(self._numbers))}"))
        if _LOCAL.match(node.value):
            return ox.NamedNode(self._genid(node.value))
        return node
