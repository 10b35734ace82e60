"""Cuts the competence text of a fiche into single learning outcomes.

Official exports hold no line ends in these texts: items stand apart by two or more spaces, often with a bullet or a
number, and the same runs of spaces also occur inside sentences. The rules, in order (SPLITTER_VERSION names them):

1. Markup becomes text; the text is cut at line ends, at runs of two or more spaces, before round bullets, before
   numbers like the text's first one ("A1C2."), at the dashes of "Titre : - a - b", and behind a lead-in's colon.
2. A piece without bullet or number goes on with the piece before it when it starts in lower case or with punctuation,
   when the piece before ends in an article, preposition or comma, or when the gap before it is narrower than the gaps
   that stand before the items. A bullet or number that stands alone belongs to the piece after it.
3. A piece that ends with a colon announces what follows and is no outcome. If it carries a bullet or number itself and
   what follows lies deeper and starts in lower case, the list finishes its sentence: the whole is one outcome.
4. Phrases of `competence-phrases.tsv` (lead-ins, headings of parts, "sans objet") are no outcomes.
5. What is left is an outcome each: parents (1.1) as well as their sub-items (1.1.1), because either states a
   competence. Items that run into one another without any mark stay together: guessing would invent texts.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise, zip_longest

from passerelle.records.mapping_table import rows
from passerelle.records.text import Outcome
from passerelle.sources.markup import plain_text

SPLITTER_VERSION = "1"
"""Changes whenever the same text may be cut otherwise; stands in every manifest."""

_ROUND = "•●▪■◦‣◆◇○▫□⁃∙➢➤►▶✓✔→⇒➔\uf0b7\uf0a7\uf0d8\uf0fc\uf02d"
_GAP = re.compile(r"\s{2,}|[\t\n\r\f\v\u2028]")
_LINE_GAP = 100
_WIDE_GAP = 4
_LONGEST_PHRASE = 400
_PARTS = r"(?:(?:[.-]|[.-]?[A-Z]{1,2}\.?)\d{1,3}){0,5}"
_NUMBER = rf"(?:[A-Z]{{1,3}}\s?\.?\s?)?\d{{1,3}}{_PARTS}"
_CAPITAL = r"[A-ZÀ-ÖØ-ÝŒ«\"“]"
_MARK = re.compile(
    rf"""
      (?P<bullet>[{_ROUND}·*]+|[-–—]{{1,2}}(?=\s|{_CAPITAL}|$)|o(?=\s))\s*
    | (?P<word>(?:[Cc]ompétence|[Cc]apacité)\s(?:n°\s?)?{_NUMBER})\s?[.):–—-]+\s*
    | \(?(?P<number>{_NUMBER})(?:\s?[.):]+(?=\s|{_CAPITAL}|$)|\s?[–—-](?=\s|$))\s*
    | \(?(?P<lettered>[A-Z]{{1,3}}\s?\.?\s?\d{{1,3}}{_PARTS})(?:\s+(?={_CAPITAL})|$)
    | (?P<dotted>\d{{1,3}}(?:\.\d{{1,3}}){{1,5}})(?:\s+|(?={_CAPITAL})|$)
    | (?P<letter>[a-zA-Z]|[IVX]{{1,4}})[.)](?:\s+|$)
    """,
    re.VERBOSE,
)
_STRONG = re.compile(r"(?:[A-Z]{1,3}\.?)\d{1,3}(?:(?:\.|\.?[A-Z]{1,2}\.?)\d{1,3}){0,5}")
_OPEN_END = re.compile(
    r"(?:^|[\s'’(])(?:de|du|des|d['’]|la|le|les|l['’]|et|ou|à|au|aux|en|par|pour|avec|sur|dans|un|une|sans|sous|vers|chez|"
    r"que|qu['’]|qui|dont|leurs?|ses?|son|sa|ce|cette|ces|selon|entre|afin|via)$|[,(\-–/&]$",
    re.IGNORECASE,
)
_LINKING_WORD = re.compile(
    r"(?:de|du|des|d['’]|la|le|les|l['’]|un|une|et|ou|à|au|aux|en|par|pour|avec|sur|dans|sans|afin|ainsi|selon|qui|que|dont|"
    r"tout|y)(?:\b|(?<=['’]))"
)
_LETTER = re.compile(r"[^\W\d_]")
_INLINE_LIST = re.compile(r":\s+[-–]\s")
_ROUND_INSIDE = re.compile(rf"(?<=\s)[{_ROUND}]")
_INLINE_DASH = re.compile(r"(?<=\s)[-–](?=\s)")
_AFTER_STRONG = re.compile(rf"\s?[.):–—-]*\s?{_CAPITAL}")
_DIGITS = re.compile(r"\d+")


@dataclass(slots=True)
class _Piece:
    """A piece of text: width of the gap before it, its bullet, its number, the rest."""

    gap: int
    bullet: str
    number: str
    text: str

    @property
    def marked(self) -> bool:
        return bool(self.bullet or self.number)

    @property
    def depth(self) -> int:
        """How deep its mark lies: numbers by their parts, bullets below all numbers, `o` below all bullets."""
        if self.bullet:
            return 11 if self.bullet == "o" else 10
        return len(_DIGITS.findall(self.number)) or 1

    @property
    def announces(self) -> bool:
        return self.text.endswith(":")

    @property
    def goes_on(self) -> bool:
        """Whether its first character cannot start a sentence."""
        first = self.text[:1]
        return first.islower() or first in ",;:.)»…/&+%?!(=>≥≤" or first.isdigit()


@cache
def _phrases(kind: str) -> re.Pattern[str]:
    patterns = [row["pattern"] for row in rows("competence-phrases.tsv") if row["kind"] == kind]
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


def _is(kind: str, text: str) -> bool:
    if len(text) > _LONGEST_PHRASE:
        return False
    folded = text.replace("’", "'").rstrip(" .:…")
    return _phrases(kind).fullmatch(folded) is not None


def split(text: str, language: str = "fr") -> list[Outcome]:
    """The outcomes of a competence text, in the order of the text, repetitions included.

    >>> [outcome.text for outcome in split("Être capable de :    - Souder un   câble ;  - Lire un plan")]
    ['Souder un câble', 'Lire un plan']
    """
    pieces = _with_their_lists(_joined(_pieces(plain_text(text))))
    outcomes: list[Outcome] = []
    for piece, following in zip_longest(pieces, pieces[1:]):
        words = piece.text.rstrip(" ;,")
        if not _LETTER.search(words) or _is("nothing", words):
            continue
        if following is None or not _names_a_part(piece, following):
            outcomes.append(Outcome(words, language, piece.number))
    return outcomes


def _pieces(text: str) -> list[_Piece]:
    """Rule 1, and the lonely marks of rule 2."""
    found: list[_Piece] = []
    pending: _Piece | None = None
    style = ""
    for gap, raw in _raw_pieces(text):
        for number, part in enumerate(_inner(raw, style)):
            piece = _piece(gap if number == 0 else 1, part)
            if pending is not None and not piece.marked:
                piece = _Piece(pending.gap, pending.bullet, pending.number, piece.text)
            elif pending is not None and pending.bullet and not piece.bullet:
                piece = _Piece(pending.gap, pending.bullet, piece.number, piece.text)
            pending = None
            if not piece.text:
                pending = piece if piece.marked else None
                continue
            style = style or _style(piece.number)
            found.append(piece)
    return found


def _raw_pieces(text: str) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    position, gap = 0, _LINE_GAP
    for match in _GAP.finditer(text):
        if match.start() > position:
            found.append((gap, text[position : match.start()].strip()))
            gap = 0
        width = _LINE_GAP if any(mark in match[0] for mark in "\n\r\u2028") else len(match[0])
        gap = max(gap, width)
        position = match.end()
    if text[position:].strip():
        found.append((gap, text[position:].strip()))
    return found


def _inner(raw: str, style: str) -> list[str]:
    """Cut a piece at marks that single spaces surround."""
    cuts = [match.start() for match in _ROUND_INSIDE.finditer(raw)]
    colon = raw.find(":", 0, _LONGEST_PHRASE)
    if colon > 0 and _is("lead-in", raw[:colon]):
        cuts.append(colon + 1)
    if ":" in raw and (listed := _INLINE_LIST.search(raw)) is not None:
        cuts += [match.start() for match in _INLINE_DASH.finditer(raw, listed.start() + 1)]
    if not style and _STRONG.match(raw):
        style = _style(_piece(0, raw).number)
    if style:
        cuts += [
            match.start()
            for match in _STRONG.finditer(raw)
            if match.start()
            and raw[match.start() - 1].isspace()
            and _style(match[0]) == style
            and _AFTER_STRONG.match(raw, match.end()) is not None
        ]
    if not cuts:
        return [raw]
    edges = [0, *sorted(set(cuts)), len(raw)]
    return [part for start, end in pairwise(edges) if (part := raw[start:end].strip())]


def _style(number: str) -> str:
    """The shape of a lettered number ("A1C2" → "A0C0"); empty for numbers without letters."""
    return _DIGITS.sub("0", number.replace(" ", "")) if number[:1].isalpha() else ""


def _piece(gap: int, raw: str) -> _Piece:
    bullet = number = ""
    rest = " ".join(raw.split())
    for _ in range(3):
        match = _MARK.match(rest)
        if match is None:
            break
        if match["bullet"]:
            if number:
                break
            bullet = bullet or match["bullet"][0]
        elif number:
            break
        else:
            number = next(match[name] for name in ("word", "number", "lettered", "dotted", "letter") if match[name])
        rest = rest[match.end() :]
    return _Piece(gap, bullet, number.replace(" ", "") if not number[:2].istitle() else number, rest)


def _joined(pieces: list[_Piece]) -> list[_Piece]:
    """Rule 2: put sentences together again."""
    marked = [piece.gap for piece in pieces if piece.marked]
    narrow = min(marked) if len(marked) > 1 else _usual_gap(pieces)
    lower_case_list = _is_lower_case_list(pieces)
    found: list[tuple[_Piece, list[str]]] = []
    before: _Piece | None = None
    for piece in pieces:
        if before is not None and not piece.marked and _continues(before, piece, narrow, lower_case_list):
            found[-1][1].append(("" if piece.text[0] in ",.)…" else " ") + piece.text)
        else:
            found.append((piece, []))
        before = piece
    return [replace(head, text="".join([head.text, *rest])) if rest else head for head, rest in found]


def _continues(before: _Piece, piece: _Piece, narrow: int, lower_case_list: bool) -> bool:
    if before.announces:
        return False
    if piece.goes_on:
        starts = lower_case_list and piece.gap >= max(narrow, _WIDE_GAP) and not _LINKING_WORD.match(piece.text)
        return not (starts and piece.text[0].islower())
    return piece.gap < narrow or _OPEN_END.search(before.text[-12:]) is not None


def _usual_gap(pieces: list[_Piece]) -> int:
    """Where most unmarked items stand behind wide gaps, narrow ones do not start an item."""
    gaps = Counter(piece.gap >= _WIDE_GAP for piece in pieces[1:] if not piece.goes_on)
    return _WIDE_GAP if gaps[True] and gaps[True] >= gaps[False] else 0


def _is_lower_case_list(pieces: list[_Piece]) -> bool:
    """Whether a list without marks has items in lower case ("être capable de :    souder    percer")."""
    items = [piece for piece in pieces if not piece.announces]
    lower = sum(piece.text[:1].islower() for piece in items)
    return (
        len(items) > 1
        and lower > len(items) / 2
        and items[0].text[0].islower()
        and not any(piece.marked for piece in items)
    )


def _with_their_lists(pieces: list[_Piece]) -> list[_Piece]:
    """Rule 3: a marked piece with a colon takes the deeper, lower-case pieces after it into its sentence."""
    found: list[tuple[_Piece, list[str]]] = []
    parent: _Piece | None = None
    for piece in pieces:
        if parent is not None and piece.marked and piece.depth > parent.depth and piece.goes_on:
            found[-1][1].append(piece.text.rstrip(" ;,"))
        else:
            parent = piece if piece.marked and piece.announces else None
            found.append((piece, []))
    return [replace(head, text=f"{head.text} {' ; '.join(rest)}") if rest else head for head, rest in found]


def _names_a_part(piece: _Piece, following: _Piece) -> bool:
    """Rules 3 and 4: whether a piece only announces or names what comes after it."""
    if piece.announces or _is("lead-in", piece.text):
        return True
    if not piece.marked and _is("heading", piece.text):
        return following.marked or not _is("heading", following.text)
    return piece.text.isupper() and len(piece.text.split()) > 1 and not following.text.isupper()
