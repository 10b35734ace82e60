"""Plain text out of texts that may hold HTML: older fiches carry tags and entities, newer ones do not."""

from __future__ import annotations

import html
import re

_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)(?:\s[^<>]*)?/?>")
_BLOCK = frozenset(
    {
        "p",
        "br",
        "div",
        "li",
        "ul",
        "ol",
        "tr",
        "table",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "pre",
        "dd",
        "dl",
        "dt",
    }
    | {"blockquote", "section", "article"}
)
_INLINE = frozenset(
    {
        "a",
        "abbr",
        "b",
        "big",
        "center",
        "cite",
        "code",
        "del",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "mark",
        "o",
        "q",
        "s",
        "u",
    }
    | {
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tt",
        "style",
        "script",
    }
)

HTML_TAGS = _BLOCK | _INLINE
"""Tags that count as markup inside a text; anything else in angle brackets is left as the text it is."""


def _replacement(match: re.Match[str]) -> str:
    tag = match[1].lower()
    if tag == "li" and not match[0].startswith("</"):
        return "\n- "
    if tag in {"td", "th"}:
        return " "
    if tag in _BLOCK:
        return "\n"
    return "" if tag in _INLINE else match[0]


def _without(text: str, start: str, end: str) -> str:
    """`text` without what stands from `start` to `end`, both included; an end that never comes removes nothing."""
    if start not in text:
        return text
    kept: list[str] = []
    position = 0
    while (opening := text.find(start, position)) >= 0 and (closing := text.find(end, opening)) >= 0:
        kept.append(text[position:opening])
        position = closing + len(end)
    return "".join([*kept, text[position:]])


def plain_text(text: str) -> str:
    """`text` without HTML tags and with its entities resolved; trimmed, inner runs of spaces kept.

    Block elements become line ends, a list item starts with `- `. Text without markup comes back as it is.

    >>> plain_text("<p>Souder&nbsp;:</p><ul><li>un c&acirc;ble</li></ul>")
    'Souder\\xa0:\\n- un câble'
    """
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        for start, end in (("<!--", "-->"), ("<style", "</style>"), ("<script", "</script>")):
            text = _without(text, start, end)
        text = _TAG.sub(_replacement, text)
        text = "\n".join(stripped for line in text.split("\n") if (stripped := line.strip()))
    return text.strip()
