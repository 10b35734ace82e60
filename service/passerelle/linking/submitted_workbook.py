"""The rows that a reviewer hands in as a workbook (XLSX): values only, within limits, never a formula."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import cast

import python_calamine

from passerelle.errors import MalformedInput, UnexpectedInput
from passerelle.linking.review_columns import chosen, review_columns
from passerelle.linking.sssom_table import Unusable
from passerelle.linking.submitted import Decision, SubmittedRow, unguarded
from passerelle.linking.workbook_guard import formulas_of
from passerelle.records.iri import is_iri
from passerelle.records.place import Place
from passerelle.records.tally import Reject, Tally

_NEEDED = ("outcome", "skill", "decision", "relation")


def submitted_workbook(path: Path, tally: Tally) -> Iterator[SubmittedRow]:
    """The rows of the first sheet with the columns of a review; one that cannot be read is rejected (item: row).

    Headers and choices are understood in both languages, in any order of columns and rows. Raises InputError.
    """
    place = Place(path.name)
    formulas = formulas_of(path)
    try:
        with python_calamine.CalamineWorkbook.from_path(path) as workbook:
            for name in workbook.sheet_names:
                cells = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
                columns = _columns(cells[0]) if cells else {}
                if all(each in columns for each in _NEEDED):
                    break
            else:
                wanted = ", ".join(each.header_en for each in review_columns() if each.name in _NEEDED)
                raise UnexpectedInput("review-workbook-columns", place=place, columns=wanted)
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise MalformedInput("review-workbook", place=place, reason=str(error)[:300]) from error
    positions = set(columns.values())
    for line, row in enumerate(cells[1:], 2):
        where = Place(path.name, line)
        if not any(_text(row[position]) for position in positions):
            continue
        try:
            if any((line, position + 1) in formulas.get(name, ()) for position in positions):
                raise Unusable("review-import-formula")
            yield _submitted({column: row[position] for column, position in columns.items()}, where)
        except Unusable as reason:
            tally.reject(Reject("row", reason.message_id, where, reason.parameters))


def _columns(header: Sequence[object]) -> dict[str, int]:
    """The position of each column by its name; of two with one header the first counts."""
    found: dict[str, int] = {}
    for position, cell in enumerate(header):
        written = _text(cell).casefold()
        for column in review_columns():
            if written in (column.header_en.casefold(), column.header_fr.casefold(), column.name):
                found.setdefault(column.name, position)
    return found


def _submitted(cells: dict[str, object], place: Place) -> SubmittedRow:
    texts = {name: _text(cell) for name, cell in cells.items()}
    for name in ("outcome", "skill", "corrected_skill"):
        if texts.get(name) and not is_iri(texts[name]):
            raise Unusable("review-import-iri", value=texts[name][:200])
    if not texts["outcome"] or not texts["skill"]:
        raise Unusable("review-import-iri", value="")
    decision, relation = chosen("decision", texts["decision"]), chosen("relation", texts["relation"])
    if texts["decision"] and decision is None:
        raise Unusable("review-import-decision", value=texts["decision"][:100])
    if texts["relation"] and relation is None:
        raise Unusable("review-relation", value=texts["relation"][:100])
    corrected = texts.get("corrected_skill", "")
    if (decision == "correct") != bool(corrected):
        raise Unusable("review-import-correction")
    return SubmittedRow(
        place,
        texts["outcome"],
        texts["skill"],
        cast(Decision, decision or ""),
        relation or "",
        corrected,
        texts.get("reviewer", ""),
        _day(cells.get("date", "")) if decision else "",
        texts.get("comment", ""),
        unguarded(texts.get("text", "")),
        unguarded(texts.get("skill_label", "")),
    )


def _day(cell: object) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    written = _text(cell)
    if not written:
        return ""
    try:
        return date.fromisoformat(written).isoformat()
    except ValueError:
        raise Unusable("review-import-date", value=written[:50]) from None


def _text(cell: object) -> str:
    """A cell on one line; a number that is whole without its decimals."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).split())
