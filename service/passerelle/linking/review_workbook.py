"""Writes links that wait for a person as a workbook (XLSX) to be filled in: choices to pick from, instructions, texts.

Every cell that we fill is a text, also after editing (format `@`), so that nothing in it becomes a formula or a link.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from passerelle.linking.review_columns import choice_label, choices, review_columns
from passerelle.linking.review_export import ExportedRelease, export_purpose, values_of
from passerelle.messages import LANGUAGES, Language, message
from passerelle.records.review_item import ReviewItem

_PLAIN_TEXT = {"num_format": "@", "text_wrap": True, "valign": "top"}
_ASKED = "#FFF4CC"
_FIRST = datetime(2000, 1, 1)  # noqa: DTZ001 - a day of a calendar, as spreadsheets have them


def write_review_workbook(
    path: Path, items: Sequence[ReviewItem], release: ExportedRelease, language: Language
) -> None:
    """Write a workbook: a sheet with a row for each item, instructions in both languages, lists to choose from.

    The relation is filled in where the machine or an earlier decision proposes one. Raises OSError.
    """
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as workbook:
        created = datetime.fromisoformat(release.created).astimezone(UTC).replace(tzinfo=None)
        workbook.set_properties({"title": _say("review-export-title", language, release), "created": created})
        sheet = workbook.add_worksheet(message("review-sheet-links").what(language))
        help_sheet = workbook.add_worksheet(message("review-sheet-help").what(language))
        lists = workbook.add_worksheet(message("review-sheet-lists").what(language))
        formats = {
            "head": workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
            "head-asked": workbook.add_format(
                {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": _ASKED}
            ),
            "text": workbook.add_format(_PLAIN_TEXT),
            "asked": workbook.add_format({**_PLAIN_TEXT, "bg_color": _ASKED}),
            "day": workbook.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "bg_color": _ASKED}),
            "title": workbook.add_format({"bold": True, "font_size": 14}),
        }
        ranges = _write_lists(lists, language)
        _write_links(sheet, items, language, formats)
        _offer(sheet, ranges, len(items))
        _write_help(help_sheet, release, formats)
        lists.hide()


def _write_links(sheet: Worksheet, items: Sequence[ReviewItem], language: Language, formats: dict[str, Format]) -> None:
    columns = review_columns()
    for place, column in enumerate(columns):
        asked = column.role == "decision"
        sheet.write_string(0, place, column.header(language), formats["head-asked" if asked else "head"])
        sheet.write_comment(0, place, column.explanation(language))
        cells = formats["day" if column.datatype == "date" else "asked" if asked else "text"]
        sheet.set_column(place, place, column.width, cells)
    for line, item in enumerate(items, 1):
        values = values_of(item, language)
        values["state"] = choice_label("state", item.state, language)
        if item.confidence_status:
            values["confidence_status"] = choice_label("confidence-status", item.confidence_status, language)
        if item.relation:
            values["relation"] = choice_label("relation", item.relation, language)
        for place, column in enumerate(columns):
            if column.datatype == "date":
                continue
            text = values.get(column.name, "")
            cells = formats["asked" if column.role == "decision" else "text"]
            if text:
                sheet.write_string(line, place, text, cells)
            else:
                sheet.write_blank(line, place, None, cells)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(items), 1), len(columns) - 1)


def _write_lists(sheet: Worksheet, language: Language) -> dict[str, str]:
    """Write the labels to choose from; returns where each list stands."""
    ranges: dict[str, str] = {}
    for place, name in enumerate(("decision", "relation")):
        labels = [each.label(language) for each in choices("decision" if name == "decision" else "relation")]
        for line, label in enumerate(labels):
            sheet.write_string(line, place, label)
        letter = "AB"[place]
        ranges[name] = f"='{sheet.get_name()}'!${letter}$1:${letter}${len(labels)}"
    return ranges


def _offer(sheet: Worksheet, ranges: dict[str, str], rows: int) -> None:
    for place, column in enumerate(review_columns()):
        if column.name in ranges:
            rule: dict[str, object] = {"validate": "list", "source": ranges[column.name]}
        elif column.datatype == "date":
            rule = {"validate": "date", "criteria": ">=", "value": _FIRST}
        else:
            continue
        sheet.data_validation(1, place, max(rows, 1), place, rule)


def _write_help(sheet: Worksheet, release: ExportedRelease, formats: dict[str, Format]) -> None:
    """Instructions, English and French side by side."""
    sheet.set_column(0, 1, 80, formats["text"])
    for place, language in enumerate(LANGUAGES):
        sheet.write_string(0, place, _say("review-export-title", language, release), formats["title"])
        lines = [export_purpose(release, language)]
        lines += [message(f"review-help-{name}").what(language) for name in ("what", "decide", "empty", "import")]
        lines += [f"{each.label(language)} – {each.explanation(language)}." for each in choices("decision")]
        lines += [f"{each.label(language)} – {each.explanation(language)}." for each in choices("relation")]
        lines += [f"{each.header(language)} – {each.explanation(language)}." for each in review_columns()]
        lines += [message("review-help-is-not").what(language), *release.attributions]
        for number, line in enumerate(lines, 2):
            sheet.write_string(number, place, line, formats["text"])


def _say(name: str, language: Language, release: ExportedRelease) -> str:
    return message(name).what(language, release=release.identifier)
