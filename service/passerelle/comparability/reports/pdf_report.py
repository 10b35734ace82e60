"""A report as a PDF: typst sets it from a template of ours, and gets all texts as data, never as code.

The file is tagged and conforms to PDF/UA-1 (ISO 14289-1), with title and language. Its fonts are those typst brings
with it (Libertinus Serif has Latin, Greek and Cyrillic letters); nothing of the system and nothing of the network is
used, so that the same report is the same file everywhere.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Literal

import typst

from passerelle.comparability.reports.blocks import Block, Report

_TEMPLATE = Path(__file__).parent / "templates" / "report.typ"
_ACCESSIBLE: Literal["ua-1"] = "ua-1"


def write(report: Report, *, author: str, day: str, footer: str) -> bytes:
    """The PDF; `author` and `day` (ISO 8601) go into its properties, `footer` stands on each page."""
    data = {
        "title": report.title,
        "language": report.language,
        "author": author,
        "footer": footer,
        "sections": [
            {"heading": each.heading, "blocks": [_block(block) for block in each.blocks]} for each in report.sections
        ],
    }
    # half of a surrogate pair is no character, and typst reads no JSON that has one
    inputs = {"report": json.dumps(data, ensure_ascii=False).encode("utf-8", "replace").decode()}
    moment = datetime.fromisoformat(day).replace(tzinfo=UTC)
    try:
        return _compiled(inputs, moment, accessible=True)
    except typst.TypstError as error:
        # PDF/UA-1 wants a glyph for each character, and the fonts have none for every script of the world
        if "could not be displayed" not in error.message:
            raise
        return _compiled(inputs, moment, accessible=False)


def _compiled(inputs: dict[str, str], moment: datetime, *, accessible: bool) -> bytes:
    return typst.compile(
        str(_TEMPLATE),
        root=str(_TEMPLATE.parent),
        font_paths=_fonts(),
        format="pdf",
        sys_inputs=inputs,
        pdf_standards=[_ACCESSIBLE] if accessible else [],
        timestamp=moment,
    )


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)


def _block(block: Block) -> dict[str, object]:
    return {"kind": type(block).__name__.lower(), **asdict(block)}
