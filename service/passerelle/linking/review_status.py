"""How far the review of a release is: links by source and language, reviewed, waiting and in conflict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from passerelle.graph.links import LinkGraph, Pair
from passerelle.graph.reviewable_links import ReviewableLinks
from passerelle.linking.decisions import Decisions
from passerelle.linking.labels import primary
from passerelle.linking.waiting import Waiting

REVIEWED = ("accepted", "rejected")


@dataclass(frozen=True, slots=True)
class StatusRow:
    """One source (slug) and language (primary subtag; empty where nothing says it).

    `sent_back` and `conflicts` count pairs; the other numbers count links of the release.
    """

    source: str
    language: str
    reviewed: int
    official: int
    declared: int
    candidate: int
    sent_back: int
    conflicts: int


def review_status(
    graph: LinkGraph, links: ReviewableLinks, decided: Decisions, waiting: Iterable[Waiting]
) -> tuple[StatusRow, ...]:
    """The rows, sorted by source and language; decisions of `decided` count although the release may not show them."""
    sources = links.outcome_sources()
    languages = {each.iri: _language(each.texts[0].language if each.texts else "") for each in graph.outcomes()}
    counts: Counter[tuple[str, str, str]] = Counter()
    shown: set[Pair] = set()

    def count(outcome: str, name: str) -> None:
        counts[sources.get(outcome, ""), languages.get(outcome, ""), name] += 1

    for link in links.links():
        pair = (link.outcome, link.skill)
        shown.add(pair)
        reviewed = pair in decided.by_pair or link.state in REVIEWED
        count(link.outcome, "reviewed" if reviewed else link.state)
    for outcome, _ in decided.by_pair.keys() - shown:
        count(outcome, "reviewed")
    for each in waiting:
        count(each.pair[0], "conflicts" if each.reason == "conflict" else "sent-back")
    return tuple(
        StatusRow(
            source,
            language,
            *(
                counts[source, language, name]
                for name in ("reviewed", "official", "declared", "candidate", "sent-back", "conflicts")
            ),
        )
        for source, language in sorted({(source, language) for source, language, _ in counts})
    )


def _language(tag: str) -> str:
    return primary(tag) if tag else ""
