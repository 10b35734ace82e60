"""The address that was most likely meant by a code or a name that stands where an IRI is expected."""

from __future__ import annotations

from passerelle.validation.credentials.layers import authority

_ANY = "https://…"
_USUAL = {"country": "FRA", "language": "FRA", "currency": "EUR"}
"""The member that shows how the others are written, for lists whose first member is little known."""

_OF_COUNTRIES = "qdr"
"""The list of all national levels: which one is meant cannot be told from a number, and another country's misleads."""


def example(property_: str, value: str) -> str:
    """An address as a value of the property (its IRI) may be: of the list it draws on, else in the form of `value`.

    >>> example("http://data.europa.eu/snb/model/elm/EQFLevel", "5")
    'http://data.europa.eu/snb/eqf/5'
    >>> example("", "info@example.org")
    'mailto:info@example.org'
    """
    by_class = authority.uses().get(property_, {})
    use = by_class.get("") or (next(iter(by_class.values())) if len(by_class) == 1 else None)
    if use is not None:
        found = authority.lists()[use.lists[0]]
        if found.name == _OF_COUNTRIES:
            return found.namespace + (value if found.member(found.namespace + value) else "c_…")
        last = value.rpartition(" ")[2]
        value = last if last.isdecimal() else value
        usual = _USUAL.get(found.name) or next(iter(found.members), "…")
        return found.nearest(value) or found.namespace + usual
    if " " in value or ":" in value:
        return _ANY
    if "@" in value.strip("@"):
        return f"mailto:{value}"
    return f"https://{value}" if "." in value.strip(".") else _ANY
