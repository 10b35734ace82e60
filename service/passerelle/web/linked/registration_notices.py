"""What a page says first of a certification that is still described: its registration ended, it was replaced."""

from __future__ import annotations

from dataclasses import dataclass

from passerelle.web.linked.thing_queries import Found, registrations_of, successors_of
from passerelle.web.releases.publication import Served


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice: its kind, an ISO date, the IRI of the source that states it, the IRIs of successors; empty: none."""

    kind: str
    day: str = ""
    source: str = ""
    successors: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The identifier of its message, which may have the parameter `day`."""
        return f"thing-notice-{self.kind}"


def notices_of(served: Served, iri: str, found: Found, today: str) -> tuple[Notice, ...]:
    """What must not be overlooked on `today` (ISO date), from what the sources state and nothing else.

    The end of a registration is its last day, as the vocabulary `registration-status` has it. Sources are told apart:
    they may differ.
    """
    concerned = any(found.has(name) for name in ("psl:registration", "psl:blocOf", "psl:endDate", "psl:ficheState"))
    if not concerned:
        return ()
    rows = registrations_of(served, iri)
    notices: dict[Notice, None] = {}
    for row in rows:
        source = row["source"]["value"] if "source" in row else ""
        end = row["end"]["value"] if "end" in row else ""
        deadline = row["deadline"]["value"] if "deadline" in row else ""
        if end and end < today:
            notices[Notice("ended", end, source)] = None
            if deadline >= today:
                notices[Notice("award", deadline, source)] = None
        if "active" in row and row["active"]["value"] in ("false", "0"):
            notices[Notice("inactive", "", source)] = None
    units = dict.fromkeys(row["unit"]["value"] for row in rows if "unit" in row)
    successors = tuple(successors_of(served, units)) if units else ()
    if successors:
        notices[Notice("replaced", successors=successors)] = None
    return tuple(notices)
