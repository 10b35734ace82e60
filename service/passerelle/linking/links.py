"""Merges what is declared, official, reviewed and proposed into one link node for each outcome and skill."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from passerelle.graph.links import MATCH_RELATIONS, LinkGraph, Pair
from passerelle.linking.decisions import Decisions, decide
from passerelle.linking.labels import primary
from passerelle.linking.linker import Linker
from passerelle.linking.tagging import TaggedUnit, abundant, report
from passerelle.records.link import UNSTATED_RELATION, Candidate, Link, LinkState, OutcomeText, Statement
from passerelle.records.place import Place
from passerelle.records.review import Review
from passerelle.records.tally import Reject, Tally

if TYPE_CHECKING:
    from pyoxigraph import Quad

CHUNK = 5_000
"""Links a chunk: about 50,000 quads, well under the build's limit for one bulk load."""

BATCH = 2_000
"""Outcomes that a linker is asked for at once: ranking one by one takes many times as long."""

_REVIEW = "semapv:ManualMappingCuration"
_STATED = "semapv:UnspecifiedMatching"


def write_links(
    graph: LinkGraph, linker: Linker, reviews: Iterable[Review], tally: Tally, unlinked: Counter[str] | None = None
) -> Iterator[list[Quad]]:
    """The quads of graph `links`, and of the activities in graph `provenance`, in chunks, streaming over the outcomes.

    Links are counted by their state (`candidate link`, `accepted link` …); decisions that do not apply, and units that
    declare far more skills than their peers, are notices. `unlinked` is given, by language (primary subtag), the texts
    of outcomes that no link leads from; one that a person rejected is none.
    A chunk may be loaded into the same store before the next is asked for.
    """
    decisions = decide(graph, reviews, tally)
    decided: dict[str, list[str]] = {}
    for iri, skill in decisions.by_pair:
        decided.setdefault(iri, []).append(skill)
    declared, official = graph.declared(), graph.official()
    esco = _Esco(graph)
    links: list[Link] = []
    for outcomes in _batches(graph.outcomes()):
        for outcome, proposed in zip(outcomes, linker.candidates(outcomes), strict=True):
            candidates = {each.skill: each for each in proposed}
            stated = _by_skill(official.get(outcome.iri, ()), declared.get(outcome.iri, ()))
            linked = False
            for skill in sorted({*candidates, *stated, *decided.get(outcome.iri, ())}):
                review = decisions.by_pair.get((outcome.iri, skill))
                link = _merged((outcome.iri, skill), review, stated.get(skill), candidates.get(skill), linker.version)
                if link is not None:
                    tally.accept(f"{link.state} link")
                    esco.check(link, tally)
                    links.append(link)
                    linked |= link.state != "rejected"
            if unlinked is not None and not linked:
                unlinked.update(primary(text.language) for text in outcome.texts)
        if len(links) >= CHUNK:
            yield graph.quads(links)
            links.clear()
    yield graph.quads(links)
    yield [*_linking_activity(graph, linker.version), *_review_activities(graph, decisions)]
    flagged = abundant(TaggedUnit(*each) for each in graph.declaring_units())
    report(flagged, tally)
    yield [quad for each in flagged for quad in graph.abundance_quads(each.unit, each.skills, each.fence)]


def relink(graph: LinkGraph, linker: Linker, reviews: Iterable[Review], tally: Tally) -> set[Pair]:
    """Bring the links of a store in line with the whole log `reviews`; returns the pairs that changed.

    For derived releases: the store must hold the links that `write_links` made with the same linker and an earlier
    state of the log. Only pairs that the log names, or that were reviewed before, are read and written, so the time
    grows with the log, not with the store. The content is the same as that of a rebuild with the same log.
    """
    decisions = decide(graph, reviews, tally)
    changed: set[Pair] = set()
    old: set[Quad] = graph.review_activities()
    new: set[Quad] = set(_review_activities(graph, decisions))
    pairs = sorted(graph.reviewed() | decisions.by_pair.keys())
    outcomes = [found for iri in sorted({iri for iri, _ in pairs}) if (found := graph.outcome(iri)) is not None]
    proposed = dict(zip((each.iri for each in outcomes), linker.candidates(outcomes), strict=True))
    for pair in pairs:
        iri, skill = pair
        candidate = next((each for each in proposed.get(iri, ()) if each.skill == skill), None)
        stated = _by_skill(graph.official(iri).get(iri, ()), graph.declared(iri).get(iri, ()))
        link = _merged(pair, decisions.by_pair.get(pair), stated.get(skill), candidate, linker.version)
        before, after = graph.of_pair(iri, skill), set(graph.quads([link] if link is not None else []))
        if before != after:
            changed.add(pair)
            old |= before
            new |= after
        if link is not None:
            tally.accept(f"{link.state} link")
    graph.replace(old, new)
    return changed


def _batches(outcomes: Iterable[OutcomeText]) -> Iterator[list[OutcomeText]]:
    """Outcomes in batches of BATCH, each once: one that two graphs describe comes twice in a row."""
    batch: list[OutcomeText] = []
    previous = ""
    for outcome in outcomes:
        if outcome.iri == previous:
            continue
        previous = outcome.iri
        batch.append(outcome)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


class _Esco:
    """Notices stated links to what the loaded ESCO does not describe; each skill is looked up once."""

    def __init__(self, graph: LinkGraph) -> None:
        self._graph = graph
        self._known: dict[str, bool] = {}

    def check(self, link: Link, tally: Tally) -> None:
        if not link.sources:
            return
        if link.skill not in self._known:
            self._known[link.skill] = self._graph.is_skill(link.skill)
        if not self._known[link.skill]:
            parameters: dict[str, object] = {
                "outcome": link.outcome,
                "skill": link.skill,
                "graph": ", ".join(link.sources),
            }
            tally.notice(Reject("link", "link-skill-unknown", Place(record=link.outcome), parameters))


class _Stated:
    """What sources state about one pair: official before declared, the strongest relation named, all graphs."""

    def __init__(self) -> None:
        self.official: list[Statement] = []
        self.declared: list[Statement] = []

    @property
    def graphs(self) -> tuple[str, ...]:
        return tuple(sorted({each.graph for each in (*self.official, *self.declared)}))

    @property
    def relation(self) -> str:
        named = {each.relation for each in self.official}
        return min(named, key=MATCH_RELATIONS.index) if named else UNSTATED_RELATION


def _by_skill(official: Iterable[Statement], declared: Iterable[Statement]) -> dict[str, _Stated]:
    found: dict[str, _Stated] = {}
    for each in official:
        found.setdefault(each.skill, _Stated()).official.append(each)
    for each in declared:
        found.setdefault(each.skill, _Stated()).declared.append(each)
    return found


def _merged(
    pair: Pair, review: Review | None, stated: _Stated | None, candidate: Candidate | None, version: str
) -> Link | None:
    """One node from everything known: reviewed before official before declared before candidate; None from nothing."""
    linking = f"linking/{version}"
    sources = stated.graphs if stated else ()
    if review is not None:
        activity = f"review/{review.date}"
        state: LinkState = "accepted" if review.accepted else "rejected"
        return Link(*pair, state, review.relation, _REVIEW, activity, candidate, review.date, sources)
    if stated is not None:
        kind: LinkState = "official" if stated.official else "declared"
        return Link(*pair, kind, stated.relation, _STATED, linking, candidate, sources=sources)
    if candidate is not None:
        return Link(*pair, "candidate", candidate.relation, candidate.justification, linking, candidate)
    return None


def _linking_activity(graph: LinkGraph, version: str) -> list[Quad]:
    return graph.activity_quads(
        f"linking/{version}",
        f"Linking of learning outcomes to ESCO skills, linker {version}",
        f"Mise en relation des acquis et des compétences ESCO, procédé {version}",
    )


def _review_activities(graph: LinkGraph, decisions: Decisions) -> list[Quad]:
    quads: list[Quad] = []
    for day in sorted({review.date for review in decisions.by_pair.values()}):
        title_en, title_fr = f"Review of links on {day}", f"Revue des liens du {day}"
        quads += graph.activity_quads(f"review/{day}", title_en, title_fr, day)
    return quads
