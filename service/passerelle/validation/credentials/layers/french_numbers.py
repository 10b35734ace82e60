"""Recognises numbers of the French catalogues (RNCP, RS) and codes of blocs in codes, addresses and titles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_WITH_SIGN = r"n\s?[°ºo]\.?|num[ée]ro"
_TEXT = re.compile(
    r"(?<![^\W_])(?P<catalogue>RNCP|RS)(?P<between>\s{0,3}(?:[-–:/]|(?P<sign>" + _WITH_SIGN + r"))?\s{0,3})"
    r"(?P<digits>\d{1,6})(?:\s?[-–]?\s?BC\s?(?P<bloc>\d{1,3}))?(?![^\W_])",
    re.IGNORECASE,
)
_CODE = re.compile(r"(?P<catalogue>RNCP|RS)[\s-]*(?P<digits>\d{1,6})(?:[\s-]*BC\s?(?P<bloc>\d{1,3}))?", re.IGNORECASE)
_DIGITS = re.compile(r"0*(?P<digits>[1-9]\d{0,5})(?:[\s-]*BC\s?(?P<bloc>\d{1,3}))?", re.IGNORECASE)
_PAGE = re.compile(
    r"francecompetences\.fr/recherche/(?P<catalogue>rncp|rs)/(?P<digits>\d{1,6})(?!\d)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"(?<![a-z0-9])rncp(?P<between>[:/_-]?)(?P<digits>\d{3,6})(?:-?bc(?P<bloc>\d{1,3}))?(?![a-z0-9])", re.IGNORECASE
)
_OURS = re.compile(r"/(?P<catalogue>rncp|rs)/(?P<digits>[1-9]\d{0,8})(?:/bloc/(?P<code>[^/?#]+))?(?:[/?#]|$)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_REGISTERS = (
    ("RNCP", re.compile(r"\bRNCP\b|r[ée]pertoire national des certifications", re.IGNORECASE)),
    ("RS", re.compile(r"\bRS\b|(?i:r[ée]pertoire sp[ée]cifique)")),
)
_SERIAL_INTERFACES = frozenset({"232", "422", "423", "449", "485", "530"})
"""RS-232 and its kind are electrical standards, and stand in titles of training in electronics."""


class Mention(NamedTuple):
    """A number in its canonical form (`RNCP37674`, `RS5000`), and the code of the bloc where one is named."""

    number: str
    bloc: str = ""

    @property
    def text(self) -> str:
        """The narrower of the two, as people write it."""
        return self.bloc if self.bloc.startswith(self.number) else f"{self.number} {self.bloc}".rstrip()


def in_title(text: str) -> Iterator[Mention]:
    """The numbers that a title names; what could as well be a year or an electrical standard is none.

    >>> [each.text for each in in_title("Titre RNCP n° 35585, bloc RNCP35585BC02")]
    ['RNCP35585', 'RNCP35585BC02']
    >>> list(in_title("Inscrit au RNCP 2024 · liaison RS485"))
    []
    """
    for match in _TEXT.finditer(text):
        catalogue, digits, sign = match["catalogue"], match["digits"], match["sign"]
        # one or two digits are a level ("niveau RNCP 5"), a car, a paragraph
        doubtful = len(digits) < 3
        if catalogue.upper() == "RS":
            doubtful |= catalogue != "RS" or digits in _SERIAL_INTERFACES
        elif match["between"] and not match["bloc"]:
            doubtful |= _YEAR.fullmatch(digits) is not None
        if not doubtful or (sign and catalogue == catalogue.upper()):
            yield from _mention(catalogue, digits, match["bloc"])


def in_code(code: str, scheme: str = "") -> Iterator[Mention]:
    """The number that an identifier is, or that stands in it. `scheme` is the name of its scheme, where it has one.

    `RS` is also a country, so a code of another named scheme that begins with it is no number of the catalogue.

    >>> [each.text for each in in_code("35585", "Répertoire national des certifications professionnelles (RNCP)")]
    ['RNCP35585']
    >>> list(in_code("RS2024001", "Certificate number"))
    []
    """
    code = code.strip()
    register = next((name for name, pattern in _REGISTERS if scheme and pattern.search(scheme)), "")
    match = _CODE.fullmatch(code)
    if match is not None:
        if match["catalogue"].upper() == "RNCP" or register or not scheme:
            yield from _mention(match["catalogue"], match["digits"], match["bloc"])
    elif register and (match := _DIGITS.fullmatch(code)) is not None:
        yield from _mention(register, match["digits"], match["bloc"])
    else:
        yield from in_title(code)


def in_address(iri: str, base: str) -> Iterator[Mention]:
    """The number that an IRI names: a page of France compétences, an IRI under `base`, an address with `rncp12345`.

    >>> [each.text for each in in_address("https://www.francecompetences.fr/recherche/rs/6553/", "https://x.example")]
    ['RS6553']
    """
    page = _PAGE.search(iri)
    if page is not None:
        yield from _mention(page["catalogue"], page["digits"])
    elif iri.startswith(f"{base}/id/"):
        ours = _OURS.match(iri, len(base) + 3)
        if ours is not None:
            yield Mention(ours["catalogue"].upper() + ours["digits"], ours["code"] or "")
    else:
        for match in _ADDRESS.finditer(iri):
            if match["bloc"] or not match["between"] or _YEAR.fullmatch(match["digits"]) is None:
                yield from _mention("RNCP", match["digits"], match["bloc"])


def _mention(catalogue: str, digits: str, bloc: str | None = None) -> Iterator[Mention]:
    digits = digits.lstrip("0")
    if digits:
        number = catalogue.upper() + digits
        is_bloc = bloc is not None and number.startswith("RNCP")
        yield Mention(number, f"{number}BC{bloc:0>2}" if is_bloc else "")
