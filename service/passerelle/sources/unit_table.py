"""Reads the unit table: a CSV with one row an outcome, by which any country can bring its units.

Columns: `mappings/unit-table.fields.tsv`. The first row of a unit says its fields; later rows may leave them empty.
Units are streamed: what stays in memory is one small entry a unit and eight bytes an outcome.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from passerelle.errors import UnexpectedInput
from passerelle.messages import message
from passerelle.namespaces import Minting, short_hash
from passerelle.records.place import Place
from passerelle.records.provenance import Licence, Provenance, SourceFile
from passerelle.records.tally import Reject, Tally
from passerelle.records.text import LanguageText, Outcome, normalised
from passerelle.records.unit import Unit
from passerelle.records.unit_tables import Country, countries, unit_table_columns
from passerelle.sources.archive import ArchiveLimits, open_input
from passerelle.sources.slug import slug_of
from passerelle.sources.unit_columns import is_identifier, is_iri, language_of, skills_of, unit_iri, unit_of
from passerelle.sources.unit_rows import UnitRows

_OF_THE_ROW = (
    *("unit_id", "unit_title", "country", "language", "qualification_title"),
    *("outcome_no", "outcome_text", "esco_skills"),
)
_OF_THE_UNIT = tuple(column.name for column in unit_table_columns() if column.name not in _OF_THE_ROW)
"""Columns that describe the unit, so that its rows should agree on them."""


@dataclass(slots=True)
class _Known:
    """What is kept of a unit after its rows: first titles by language, first cells, and itself once it was written."""

    titles: dict[str, str] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    noticed: set[str] = field(default_factory=set)
    unit: Unit | None = None


@dataclass(slots=True)
class _Open:
    """The unit whose rows are being read."""

    iri: str
    known: _Known
    country: Country
    place: Place
    outcomes: list[Outcome] = field(default_factory=list)


class UnitTable:
    """The units of one `.csv` or `.csv.gz` (comma or semicolon, UTF-8). See `sources.source.Source`."""

    kind = "units"

    def __init__(self, path: Path, limits: ArchiveLimits | None = None, minting: Minting | None = None) -> None:
        self.path = path
        self._limits = limits or ArchiveLimits()
        self._minting = minting or Minting()

    @property
    def slug(self) -> str:
        """`units-` and the file's name without endings."""
        return slug_of(self.kind, self.path)

    def provenance(self) -> Provenance:
        """The file as measured; the licence is the one that each row states."""
        try:
            measured = SourceFile.of(self.path)
        except OSError as error:
            raise UnexpectedInput("input-missing", place=Place(file=self.path.name)) from error
        title, licence = message("unit-table-title"), message("unit-table-licence")
        attribution = message("unit-table-attribution")
        return Provenance(
            title_en=title.what("en", name=self.path.name),
            title_fr=title.what("fr", name=self.path.name),
            publisher="",
            licence=Licence("", licence.what("en"), attribution.what("en"), attribution.what("fr")),
            files=(measured,),
        )

    def read(self, tally: Tally) -> Iterator[Unit]:
        """Yield units; counts rows, units, outcomes and qualifications (the wholes that have no rows of their own).

        Raises MalformedInput for another encoding or a quote that does not end, UnexpectedInput for missing columns.
        """
        with open_input(self.path, self._limits) as files:
            name = files.only(".csv")
            with files.open(name) as stream:
                rows = UnitRows(stream, files, name, tally)
                yield from _Reading(rows, tally, self._minting).units()


class _Reading:
    """Groups rows into units and keeps what must be remembered between them."""

    def __init__(self, rows: UnitRows, tally: Tally, minting: Minting) -> None:
        self._rows, self._tally, self._minting = rows, tally, minting
        self._known: dict[str, _Known] = {}
        self._wholes: dict[str, Unit] = {}
        self._outcomes: set[int] = set()
        self._open: _Open | None = None

    def units(self) -> Iterator[Unit]:
        """The units in the order of the file, then the wholes that have no rows of their own."""
        for place, cells in self._rows:
            current = self._unit_of_row(cells, place)
            if current is None:
                continue
            if current is not self._open:
                yield from self._flush()
                self._open = current
            self._outcome(current, cells, place)
        yield from self._flush()
        for iri, whole in self._wholes.items():
            if iri not in self._known:
                self._tally.accept("qualification")
                yield whole

    def _reject(self, message_id: str, place: Place, **parameters: object) -> None:
        self._tally.reject(Reject("row", message_id, place, parameters))

    def _notice(self, message_id: str, place: Place, parameters: dict[str, object]) -> None:
        self._tally.notice(Reject("value", message_id, place, parameters))

    def _unit_of_row(self, cells: dict[str, str], place: Place) -> _Open | None:
        """The unit that the row is about, open for more; None when the row is rejected."""
        identifier, title = cells["unit_id"], cells["unit_title"]
        place = replace(place, record=identifier)
        for column in ("unit_id", "country"):
            if not cells[column]:
                self._reject("unit-table-required", place, column=column)
                return None
        country = countries().get(cells["country"].upper())
        if country is None:
            self._reject("unit-table-country", place, value=cells["country"])
            return None
        if not is_identifier(identifier, self._minting):
            self._reject("unit-table-identifier", place, value=identifier)
            return None
        language = language_of(cells["language"], lambda m, p: self._notice(m, place, p))
        cells["language"] = language
        iri = unit_iri(identifier, country, self._minting)
        first = self._known.get(iri)
        if not title and (first is None or not first.titles):
            self._reject("unit-table-required", place, column="unit_title")
            return None
        if first is not None and title and language in first.titles and _differ(first.titles[language], title):
            variant = short_hash(normalised(title), language)[:8]
            iri = unit_iri(identifier, country, self._minting, variant)
            if iri not in self._known:
                parameters: dict[str, object] = {
                    "unit": identifier,
                    "first": first.titles[language],
                    "value": title,
                    "iri": iri,
                }
                self._notice("unit-table-title-differs", place, parameters)
        return self._opened(iri, country, cells, place)

    def _opened(self, iri: str, country: Country, cells: dict[str, str], place: Place) -> _Open:
        current = self._open
        if current is None or current.iri != iri:
            if iri in self._known:
                self._notice("unit-table-reappears", place, {"unit": cells["unit_id"]})
            current = _Open(iri, self._known.setdefault(iri, _Known()), country, place)
        known = current.known
        if cells["unit_title"]:
            known.titles.setdefault(cells["language"], cells["unit_title"])
        for column in ("unit_id", *_OF_THE_UNIT):
            value, first = cells[column], known.cells.get(column, "")
            if not first and known.unit is None:
                known.cells[column] = value
            elif value and value != first and column not in known.noticed:
                known.noticed.add(column)
                parameters: dict[str, object] = {
                    "column": column,
                    "unit": cells["unit_id"],
                    "first": first or "–",
                    "value": value,
                }
                self._notice("unit-table-contradiction", place, parameters)
        self._remember_whole(cells, country, place)
        return current

    def _whole_iri(self, cells: dict[str, str], country: Country) -> str:
        """The IRI of the whole that the cells name (which may be one of ours), or nothing."""
        identifier = cells["qualification_id"]
        if identifier == cells["unit_id"]:
            return ""
        if is_iri(identifier) and self._minting.is_ours(identifier):
            return identifier
        return unit_iri(identifier, country, self._minting) if is_identifier(identifier, self._minting) else ""

    def _remember_whole(self, cells: dict[str, str], country: Country, place: Place) -> None:
        """Keep the title of the whole, for the case that it has no rows of its own. Ours are described elsewhere."""
        identifier = cells["qualification_id"]
        iri = self._whole_iri(cells, country)
        if not iri or (self._minting.is_ours(iri) and iri == identifier):
            return
        whole = self._wholes.get(iri)
        title = LanguageText(cells["qualification_title"], cells["language"])
        if whole is None:
            whole = Unit(iri, identifier, "not-stated", (), country.alpha2, country.iri)
            self._wholes[iri] = whole
        stated = next((each for each in whole.titles if each.language == title.language), None)
        if title.text and stated is None:
            self._wholes[iri] = replace(whole, titles=(*whole.titles, title))
        elif title.text and stated is not None and _differ(stated.text, title.text):
            values: dict[str, object] = {"first": stated.text, "value": title.text, "unit": identifier}
            self._notice("unit-table-contradiction", place, values | {"column": "qualification_title"})

    def _outcome(self, current: _Open, cells: dict[str, str], place: Place) -> None:
        text = cells["outcome_text"]
        place = replace(place, record=cells["unit_id"])
        if not any(character.isalpha() for character in text):
            self._reject("unit-table-no-outcome", place, value=text or "–")
            return
        self._tally.accept("row")
        skills = skills_of(cells["esco_skills"], lambda m, p: self._notice(m, place, p))
        outcome = Outcome(text, cells["language"], cells["outcome_no"], skills)
        seen = int(short_hash(current.iri, outcome.hash)[:16], 16)
        if seen in self._outcomes:
            self._notice("unit-table-repeated", place, {"unit": cells["unit_id"]})
            if not skills:
                return
        else:
            self._tally.accept("outcome")
        self._outcomes.add(seen)
        current.outcomes.append(outcome)

    def _flush(self) -> Iterator[Unit]:
        current, self._open = self._open, None
        if current is None:
            return
        known = current.known
        if known.unit is None:
            self._tally.accept("unit")
            known.unit = self._described(current)
        titles = tuple(LanguageText(text, language) for language, text in known.titles.items())
        yield replace(known.unit, titles=titles, outcomes=tuple(current.outcomes))

    def _described(self, current: _Open) -> Unit:
        cells = current.known.cells

        def notice(message_id: str, parameters: dict[str, object]) -> None:
            self._notice(message_id, current.place, parameters)

        whole = self._whole_iri(cells, current.country)
        named = cells["qualification_id"]
        if named and not whole and named != cells["unit_id"]:
            notice("unit-table-identifier", {"value": named})
        return unit_of(cells, current.iri, whole, current.country, notice)


def _differ(first: str, second: str) -> bool:
    return normalised(first).casefold() != normalised(second).casefold()
