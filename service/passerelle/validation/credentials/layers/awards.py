"""The awards that a credential tells of: what was awarded, on which day, by whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from passerelle.namespaces import expand
from passerelle.validation.credentials.graph import CredentialGraph

_ACHIEVEMENT, _SPECIFIED_BY = expand("elm:LearningAchievement"), expand("elm:specifiedBy")
_AWARDED_BY, _AWARDING_BODY = expand("elm:awardedBy"), expand("elm:awardingBody")
_AWARDING_DATE = expand("elm:awardingDate")
_INFLUENCED_BY, _TEMPORAL, _START = expand("elm:influencedBy"), expand("dcterms:temporal"), expand("elm:startDate")
_SUBJECT, _ISSUER = expand("cred:credentialSubject"), expand("cred:issuer")
_ISSUE_DATES = tuple(expand(f"cred:{each}") for each in ("issued", "issuanceDate", "validFrom"))
_OB_ACHIEVEMENT, _OB_AWARDED, _OB_STARTED = (
    expand(f"ob:{each}") for each in ("achievement", "awardedDate", "activityStartDate")
)

CREDENTIALS = frozenset(
    (expand("elm:EuropeanDigitalCredential"), expand("cred:VerifiableCredential"), expand("ob:OpenBadgeCredential"))
)
"""Classes of what is signed and handed over, apart from what is awarded."""


@dataclass(frozen=True, slots=True)
class Award:
    """One award of the achievement `node`.

    `day` is the day in France (ISO 8601), empty where none is stated; `date_node`, `date_path` and `date` are where
    it stands and how. `began` is the first day of the learning that led to it, where stated. `process` is the node
    that names the awarding `bodies`; `specifications` describe what is awarded.
    """

    node: str
    day: str = ""
    date_node: str = ""
    date_path: str = ""
    date: str = ""
    began: str = ""
    process: str = ""
    bodies: tuple[str, ...] = ()
    specifications: tuple[str, ...] = ()


def awards_of(graph: CredentialGraph, roots: Sequence[str]) -> Iterator[Award]:
    """The awards of a European credential (each LearningAchievement) or an Open Badge (each achievement).

    The day is that of the award (`elm:awardingDate`, Open Badges: `awardedDate`): what counts for a registration is
    when the certification was awarded, and a digital copy may be made years later. Only where it is not stated stands
    the day of issue for it (`cred:issued`, `issuanceDate`, `validFrom`, in this order).
    """
    for node in graph.instances(_ACHIEVEMENT):
        processes = graph.objects(node, _AWARDED_BY)
        places = [(each, _AWARDING_DATE) for each in processes] + [
            (each, date) for date in _ISSUE_DATES for each in roots
        ]
        activities = graph.objects(node, _INFLUENCED_BY)
        starts = (
            date
            for each in activities
            for period in graph.objects(each, _TEMPORAL)
            for date in graph.texts(period, _START)
        )
        yield Award(
            node,
            *_dated(graph, places),
            began=_first_day(starts),
            process=processes[0] if processes else "",
            bodies=tuple(body for each in processes for body in graph.objects(each, _AWARDING_BODY)),
            specifications=tuple(graph.objects(node, _SPECIFIED_BY)),
        )
    for root in roots:
        for subject in graph.objects(root, _SUBJECT):
            for achievement in graph.objects(subject, _OB_ACHIEVEMENT):
                yield Award(
                    subject,
                    *_dated(graph, [(root, date) for date in (_OB_AWARDED, *_ISSUE_DATES)]),
                    began=_first_day(graph.texts(subject, _OB_STARTED)),
                    process=root,
                    bodies=tuple(graph.objects(root, _ISSUER)),
                    specifications=(achievement,),
                )


def french_day(lexical: str) -> str:
    """The calendar day in France of an xsd:date or xsd:dateTime, ISO 8601; empty where it is neither.

    A moment with an offset is put into French time (directive 2000/84/EC): midnight in Paris is the day before in UTC.

    >>> french_day("2026-09-30T22:30:00Z"), french_day("2026-12-31T22:30:00Z"), french_day("2026-09-30")
    ('2026-10-01', '2026-12-31', '2026-09-30')
    """
    try:
        moment = datetime.fromisoformat(lexical)
        if moment.tzinfo is None:
            return moment.date().isoformat()
        utc = moment.astimezone(UTC)
        summer = _clock_change(utc.year, 3) <= utc < _clock_change(utc.year, 10)
        return (utc + timedelta(hours=2 if summer else 1)).date().isoformat()
    except (ValueError, OverflowError):
        # an xsd:date with an offset, or no date at all
        return _plain_day(lexical)


def _plain_day(lexical: str) -> str:
    try:
        return datetime.fromisoformat(lexical[:10]).date().isoformat()
    except ValueError:
        return ""


def _clock_change(year: int, month: int) -> datetime:
    # 01:00 UTC on the last Sunday; March and October have 31 days
    last = datetime(year, month, 31, 1, tzinfo=UTC)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def _dated(graph: CredentialGraph, places: Iterable[tuple[str, str]]) -> tuple[str, str, str, str]:
    """Day, node, path, and the date as written, of the first of these places that has a date."""
    for node, path in places:
        for text in graph.texts(node, path):
            day = french_day(text)
            if day:
                return day, node, path, text
    return "", "", "", ""


def _first_day(texts: Iterable[str]) -> str:
    return min(filter(None, map(french_day, texts)), default="")
