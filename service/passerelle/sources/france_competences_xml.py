"""Reads the RNCP and RS exports of France compétences, XML flux V4.1, streaming: one fiche in memory at a time.

What each element means stands in `mappings/rncp-rs-xml-v4.1.fields.tsv`; an element that the table does not know, or
that belongs into the other catalogue, becomes a notice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from lxml import etree

from passerelle.errors import MalformedInput, UnexpectedInput
from passerelle.records.fiche import Catalogue, Fiche
from passerelle.records.mapping_table import rows, value_table
from passerelle.records.place import Place
from passerelle.records.provenance import Provenance, SourceFile
from passerelle.records.tally import Reject, Tally
from passerelle.sources.archive import ArchiveLimits, InputFiles, open_input
from passerelle.sources.fiche_assembly import FicheAssembly, Problem, Values
from passerelle.sources.field_table import Element, element_tree
from passerelle.sources.france_competences_licence import PUBLISHER, edition_of, open_licence
from passerelle.sources.france_competences_values import TRANSFORMS, Unusable
from passerelle.sources.markup import HTML_TAGS
from passerelle.sources.xml_prolog import CheckedXml

FIELDS = "rncp-rs-xml-v4.1.fields.tsv"
VERSION = "4.1"
_ROOT = "FICHES"
_PERSONAL = re.compile(r"PARTENAIRES?/|CERTIFICATEURS?/|COMPOSITION")
_PROGRESS = 200
_ENCODING_ERRORS = frozenset({9, 32, 81})
"""libxml2 codes for bytes or characters that UTF-8 XML cannot hold (ERR_INVALID_CHAR, ERR_INVALID_ENCODING …)."""


class FranceCompetencesXml:
    """The source of one export: `path` is the XML, its zip, or a folder that holds it alone."""

    def __init__(
        self,
        path: Path,
        catalogue: Catalogue,
        limits: ArchiveLimits | None = None,
        *,
        publish_partners: bool = False,
    ) -> None:
        self._path = path
        self._catalogue = catalogue
        self._limits = limits
        self._publish_partners = publish_partners

    @property
    def slug(self) -> str:
        """`rncp` or `rs`."""
        return self._catalogue

    @property
    def kind(self) -> str:
        """The command line's option of the same name."""
        return self._catalogue

    def provenance(self) -> Provenance:
        """Who published the file, and what it is. Raises InputError when it cannot be read."""
        with open_input(self._path, self._limits) as files:
            name = files.only(".xml")
        titles = next(row for row in rows("catalogues.tsv") if row["catalogue"] == self._catalogue)
        measured = SourceFile.of(self._path if self._path.is_file() else self._path / name)
        return Provenance(
            titles["title_en"], titles["title_fr"], PUBLISHER, open_licence(), edition_of(name), (measured,)
        )

    def read(self, tally: Tally) -> Iterator[Fiche]:
        """Yield the fiches. Raises UnsafeInput, MalformedInput or UnexpectedInput for a file that cannot be used."""
        with open_input(self._path, self._limits) as files:
            name = files.only(".xml")
            with files.open(name) as stream:
                yield from self._fiches(files, name, stream, tally)

    def _fiches(self, files: InputFiles, name: str, stream: BinaryIO, tally: Tally) -> Iterator[Fiche]:
        place = files.place(name)
        assembly = FicheAssembly((self._catalogue,), tally, publish_partners=self._publish_partners)
        reader = _FicheReader(self._catalogue, publish_partners=self._publish_partners)
        source = CheckedXml(stream, place)
        total = files.size(name)
        count = 0
        try:
            for element in _elements(source, place, tally):
                source.record_ends()
                count += 1
                values, problems = reader.read(element)
                fiche = assembly.fiche(values, Place(file=place.file, line=_line(element)), problems)
                if count % _PROGRESS == 0:
                    tally.progress(source.done, total)
                if fiche is not None:
                    yield fiche
        except etree.XMLSyntaxError as error:
            raise _unreadable(error, place) from error
        if count == 0:
            raise UnexpectedInput("fiches-none", place=place)
        if assembly.other_catalogue == count:
            raise UnexpectedInput("fiches-other-catalogue", place=place, catalogue=self._catalogue.upper())
        tally.progress(total, total)


def _unreadable(error: etree.XMLSyntaxError, place: Place) -> MalformedInput:
    """The same error in our words. libxml2's log knows the line where the exception itself does not."""
    code, line, reason = getattr(error, "code", None), error.lineno, error.msg
    logged = getattr(error.error_log, "last_error", None)
    if not line and logged is not None:
        code, line, reason = logged.type, logged.line, logged.message
    message_id = "xml-encoding-line" if code in _ENCODING_ERRORS else "xml-malformed"
    return MalformedInput(message_id, place=Place(file=place.file, line=line or None), reason=reason or "")


def _elements(source: CheckedXml, place: Place, tally: Tally) -> Iterator[etree._Element]:
    """The FICHE elements one by one; each is emptied when the next one is asked for."""
    events = etree.iterparse(
        source,
        events=("start", "end"),
        tag=(_ROOT, "FICHE", "VERSION_FLUX"),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
    )
    version = ""
    root: etree._Element | None = None
    for event, element in events:
        parent = element.getparent()
        if event == "start":
            if parent is None:
                root = element
        elif parent is None or parent is not root:
            continue
        elif element.tag == "VERSION_FLUX":
            version = (element.text or "").strip()
            _check_version(version, place)
        else:
            _check_version(version, place)
            yield element
            _notice_strangers(root, place, tally)
            element.clear()
            while element.getprevious() is not None:
                del root[0]
    found = events.root
    if root is None:
        raise UnexpectedInput("xml-root", place=place, found=_short(found.tag if found is not None else "–"))
    _notice_strangers(root, place, tally)


def _check_version(version: str, place: Place) -> None:
    if version != VERSION:
        raise UnexpectedInput("flux-version", place=place, found=version or "–", wanted=VERSION)


def _notice_strangers(root: etree._Element, place: Place, tally: Tally) -> None:
    for element in root.iterchildren():
        if element.tag not in {"FICHE", "VERSION_FLUX"}:
            where = Place(file=place.file, line=_line(element))
            tally.notice(Reject("value", "element-unknown", where, {"element": _short(element.tag), "value": ""}))
            root.remove(element)


def _line(element: etree._Element) -> int | None:
    line: object = element.sourceline
    return line if isinstance(line, int) else None


def _short(tag: object) -> str:
    return str(tag)[:80]


class _FicheReader:
    """Walks a FICHE by the field table and collects its values."""

    def __init__(self, catalogue: Catalogue, *, publish_partners: bool) -> None:
        self._catalogue = catalogue
        self._counted_only = frozenset() if publish_partners else frozenset({"partners"})
        self._root = element_tree(FIELDS).children["FICHE"]
        self._routes = value_table("access-routes.tsv", key="xml_element")
        self._problems: list[Problem] = []
        self._any_attribute = etree.XPath(".//@*")

    def read(self, fiche: etree._Element) -> tuple[Values, list[Problem]]:
        """The values of one fiche, and what could not be used."""
        self._problems = []
        values: Values = {}
        self._collect(fiche, self._root, values)
        found = self._any_attribute(fiche)
        for attribute in found if isinstance(found, list) else ():
            self._problems.append(Problem("attribute-unknown", getattr(attribute, "attrname", "") or ""))
        return values, self._problems

    def _collect(self, parent: etree._Element, rule: Element, values: Values) -> None:
        children = rule.children
        for element in parent:
            known = children.get(element.tag)
            if known is None:
                self._problem("element-unknown", element)
            elif known.catalogue not in {"both", self._catalogue}:
                self._problem("element-other-catalogue", element)
            elif known.kind == "value":
                self._value(element, known, values)
            elif known.kind == "group":
                self._collect(element, known, values)
            elif known.kind != "dropped":
                self._record(element, known, values)
        if parent.text is not None and not parent.text.isspace():
            self._problem("element-text", parent)

    def _record(self, element: etree._Element, rule: Element, values: Values) -> None:
        record: Values = {}
        if rule.field in self._counted_only:
            for inner in element:
                if inner.tag not in rule.children:
                    self._problem("element-unknown", inner)
        else:
            self._collect(element, rule, record)
        if rule.transform == "route":
            record["route"] = self._routes[rule.tag.removeprefix("SI_JURY_")]
        if rule.kind == "list":
            values.setdefault(rule.field, []).append(record)
        elif rule.field in values:
            self._problem("element-repeated", element)
        else:
            values[rule.field] = record

    def _value(self, element: etree._Element, rule: Element, values: Values) -> None:
        text = element.text if len(element) == 0 else self._marked_up(element)
        if text is None or text == "" or text.isspace():
            return
        if not rule.many and rule.field in values:
            self._problem("element-repeated", element)
            return
        try:
            value = TRANSFORMS[rule.transform](text)
        except Unusable as unusable:
            self._problem(unusable.message_id, element)
            value = unusable.usable
        if value is None:
            return
        if rule.many:
            values.setdefault(rule.field, []).append(value)
        else:
            values[rule.field] = value

    def _marked_up(self, element: etree._Element) -> str:
        """The markup inside an element whose HTML was not escaped, as text for `plain_text`."""
        for inner in element.iterdescendants():
            if str(inner.tag).lower() not in HTML_TAGS:
                self._problem("element-unknown", inner)
        written = etree.tostring(element, encoding="unicode", with_tail=False)
        return written[written.index(">") + 1 : written.rindex("<")]

    def _problem(self, message_id: str, element: etree._Element) -> None:
        path = _path(element)
        # what a partner's or certifier's element holds may be a person's name: not even the rejects file repeats it
        value = "" if _PERSONAL.search(path) else (element.text or "").strip()
        self._problems.append(Problem(message_id, path, value))


def _path(element: etree._Element) -> str:
    """The element's path below FICHES, as the field table writes it."""
    steps = [_short(element.tag)]
    steps += [_short(above.tag) for above in element.iterancestors() if above.tag != _ROOT]
    return "/".join(reversed(steps))
