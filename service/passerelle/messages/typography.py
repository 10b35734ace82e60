"""French spacing: signs of two parts and quotation marks are set off by spaces at which no line ends.

Rule: Lexique des règles typographiques en usage à l'Imprimerie nationale, "Ponctuation" (a thin space before ; ! ? and
a space between words before : and within guillemets, none of them breaking).
"""

from __future__ import annotations

import re

_SPACE, _THIN = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"
# a sign that a word or a name goes on behind is code, such as ?variable
_WIDE_SIGN = re.compile(r" (?=:(?!\S)|»)|(?<=«) ")
_THIN_SIGN = re.compile(r" (?=[;!?%](?![^\s.,)»]))")


def set_off(text: str) -> str:
    """A French text with the spaces that keep its lines together.

    >>> set_off("Lignes : 2 ; « oui »").replace("\N{NO-BREAK SPACE}", "_").replace("\N{NARROW NO-BREAK SPACE}", "-")
    'Lignes_: 2-; «_oui_»'
    """
    return _THIN_SIGN.sub(_THIN, _WIDE_SIGN.sub(_SPACE, text))
