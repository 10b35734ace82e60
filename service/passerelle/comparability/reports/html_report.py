"""A report as HTML: a fragment for a page of the service, and a document of its own for printing and filing."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from passerelle.comparability.reports.blocks import Block, Report

_TEMPLATES = Path(__file__).parent / "templates"


def _style() -> str:
    return (_TEMPLATES / "report.css").read_text(encoding="utf-8")


# the style that stands within, by its hash, and nothing else (Content Security Policy Level 3, 6.7.3.3)
POLICY = (
    f"default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-"
    f"{b64encode(sha256(_style().encode()).digest()).decode()}'"
)
"""The Content-Security-Policy of a document."""


def fragment(report: Report, address_of: Callable[[str], str] | None = None) -> str:
    """The sections without the page around them; `address_of` gives the address of a page about a thing."""
    return _clean(_render("sections.html", report=report, address_of=address_of))


def write(report: Report) -> str:
    """A document that stands alone: style within, no scripts, nothing loaded from elsewhere."""
    style = Markup(_style())  # noqa: S704  # our own file
    return _clean(_render("document.html", report=report, address_of=None, style=style, policy=POLICY))


def _clean(text: str) -> str:
    """The text without lone surrogates, which UTF-8 cannot write."""
    return text.encode("utf-8", "replace").decode()


def _render(template: str, **values: Any) -> str:
    return _environment().get_template(template).render(**values)


def _kind(block: Block) -> str:
    return type(block).__name__.lower()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["kind"] = _kind
    return environment
