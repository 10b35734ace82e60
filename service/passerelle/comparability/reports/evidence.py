"""The parts of a report that rest on single outcomes and elements: what is shown, what is lacking, what is stated."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from passerelle.comparability.coverage_parameters import parameters
from passerelle.comparability.documents import STATES
from passerelle.comparability.outcome_states import Group, states_in
from passerelle.comparability.reports.arithmetic import match_arithmetic, sum_arithmetic
from passerelle.comparability.reports.blocks import Block, Cell, Column, Items, Phrase, Section, Table, paragraph, plain
from passerelle.comparability.reports.phrases import Phrases
from passerelle.comparability.words import Json

MATCHES_SHOWN = 2
"""Ways of one outcome that a reader sees; the JSON document has all."""

LINKS_SHOWN = 3
"""Skills that an outcome is linked to and that nothing meets."""


def in_group(outcomes: Iterable[Json], group: Group) -> list[Json]:
    """The outcomes whose state belongs to a group of `mappings/outcome-states.tsv`."""
    return [each for each in outcomes if each["state"]["name"] in states_in(group)]


def named_as_shown(outcomes: Iterable[Json]) -> list[Json]:
    """The outcomes that “covers named parts” names, what is expected most first."""
    least = parameters().named_from
    return sorted((each for each in outcomes if each["expected"] >= least), key=lambda each: -each["expected"])


def outcomes_section(direction: Json, phrases: Phrases, name: str) -> Section:
    """What is known of each outcome of the target, the best shown first."""
    order = {state: position for position, state in enumerate(STATES)}
    outcomes = sorted(direction["outcomes"], key=lambda each: order[each["state"]["name"]])
    counts = ", ".join(
        phrases.say(f"comparison-count-{state}", count=direction["states"][state])
        for state in STATES
        if direction["states"][state]
    )
    columns = (
        Column(phrases.say("comparison-column-outcome"), share=4),
        Column(phrases.say("comparison-column-state"), share=2),
        Column(phrases.say("comparison-number-expected"), numeric=True),
        Column(phrases.say("comparison-column-through"), share=6),
    )
    rows = tuple(
        (
            _outcome(each, phrases),
            plain(each["state"]["label"]),
            plain(phrases.share(each["expected"])),
            _through(each, phrases),
        )
        for each in outcomes
    )
    blocks: tuple[Block, ...] = (
        paragraph(phrases.say("comparison-counts", total=len(outcomes), counts=counts)),
        Table(phrases.say("comparison-caption-outcomes"), columns, rows),
        *sum_arithmetic(direction, phrases),
    )
    if not rows:
        blocks = (paragraph(phrases.say("comparison-no-outcomes")),)
    return Section(name, phrases.say("comparison-section-outcomes"), blocks)


def lacking_section(direction: Json, phrases: Phrases) -> Section:
    """What the holder would still lack, and what cannot be told; that nothing is lacking only where all is shown."""
    blocks: list[Block] = []
    leads: tuple[tuple[Group, str], ...] = (
        ("lacking", "comparison-lacking-text"),
        ("to-check", "comparison-check-text"),
        ("open", "comparison-unknown-text"),
    )
    for group, lead in leads:
        found = in_group(direction["outcomes"], group)
        if found:
            items = tuple(_with_share(each, phrases) for each in found)
            blocks += [paragraph(phrases.say(lead)), Items(items)]
    if not blocks:
        said = "comparison-lacking-nothing" if direction["outcomes"] else "comparison-no-outcomes"
        blocks.append(paragraph(phrases.say(said)))
    unlinked = direction["holderUnlinked"]
    if unlinked:
        may_show = bool(in_group(direction["outcomes"], "open"))
        said = "comparison-holder-unlinked-text" if may_show else "comparison-holder-unlinked-all"
        texts = tuple((phrases.text(each, quoted=True),) for each in unlinked)
        blocks += [paragraph(phrases.say(said)), Items(texts)]
    return Section("lacking", phrases.say("comparison-section-lacking"), tuple(blocks))


def essential_outcome(evidence: Json, phrases: Phrases) -> Cell:
    """An outcome that the analyst marked, its state, and the match that its expected value rests on."""
    found = (phrases.numbered(evidence["number"]), phrases.text(evidence, quoted=True))
    state = Phrase(phrases.say("comparison-in-brackets", text=evidence["state"]["label"]), strong=True)
    return (*found, state, *(phrases.match(evidence["matches"][0]) if evidence["matches"] else ()))


def elements_section(document: Json, phrases: Phrases) -> Section:
    """What both sides state of each element, the grade in view of the purpose, and its rule."""
    columns = (
        Column(phrases.say("comparison-column-element"), share=2),
        Column(phrases.say("comparison-column-first"), share=3),
        Column(phrases.say("comparison-column-second"), share=3),
        Column(phrases.say("comparison-column-grade"), share=2),
        Column(phrases.say("comparison-rule"), share=2),
    )
    rows = tuple(
        (
            plain(each["element"]["label"]),
            _facts(each["holder"], phrases) or _nothing(each, phrases),
            _facts(each["target"], phrases) or _nothing(each, phrases),
            plain(each["grade"]["label"]),
            plain(each["rule"]["label"]),
        )
        for each in document["elements"]
    )
    note = paragraph(phrases.say("comparison-elements-note"), "hint")
    table = Table(phrases.say("comparison-caption-elements"), columns, rows)
    return Section("elements", phrases.say("comparison-section-elements"), (table, note))


def _outcome(evidence: Json, phrases: Phrases) -> Cell:
    found = (phrases.numbered(evidence["number"]), phrases.text(evidence, thing=evidence["outcome"]))
    return (*found, Phrase(phrases.say("comparison-essential"))) if evidence["essential"] else found


def _with_share(evidence: Json, phrases: Phrases) -> Cell:
    found = (phrases.numbered(evidence["number"]), phrases.text(evidence))
    if not evidence["expected"]:
        return found
    return (
        *found,
        Phrase(phrases.say("comparison-in-brackets", text=phrases.share(evidence["expected"]))),
    )


def _through(evidence: Json, phrases: Phrases) -> Cell:
    """The best ways in which the outcome is shown; else what it is linked to; else the nearest wording."""
    found: list[Phrase] = []
    for match in evidence["matches"][:MATCHES_SHOWN]:
        found += (*phrases.match(match), *match_arithmetic(match, phrases))
    more = len(evidence["matches"]) - MATCHES_SHOWN
    if more > 0:
        found.append(Phrase(phrases.say("comparison-more-matches", count=more)))
    if not evidence["matches"]:
        links = sorted(evidence["links"], key=lambda each: -each["confidence"])
        linked = [f"{phrases.quoted(each['skill']['label'])} ({phrases.link(each)})" for each in links[:LINKS_SHOWN]]
        if len(links) > LINKS_SHOWN:
            linked.append(phrases.say("comparison-and-more", count=len(links) - LINKS_SHOWN))
        if linked:
            found.append(Phrase(phrases.say("comparison-linked-to", skills=", ".join(linked))))
        else:
            found.append(Phrase(phrases.say("comparison-no-link")))
        nearest = evidence["nearestWording"]
        if nearest:
            found.append(Phrase(phrases.say("comparison-wording", similarity=phrases.decimal(nearest["similarity"]))))
            found.append(phrases.text(nearest, quoted=True))
    return tuple(found)


def _nothing(row: Json, phrases: Phrases) -> Cell:
    """What stands where nothing is stated; outcomes are stated one by one."""
    outcomes = row["element"]["name"] == "learning-outcomes"
    return plain(phrases.say("comparison-see-evidence" if outcomes else "comparison-not-stated"))


def _facts(facts: list[Json], phrases: Phrases) -> Cell:
    """What sources state, the values of one fact together, and after those of one source who states them."""
    found: list[Phrase] = []
    for (source, whole), stated in groupby(
        facts, lambda each: (each["source"]["title"], each["inheritedFrom"] and each["inheritedFrom"]["label"])
    ):
        for (_, label), values in groupby(stated, lambda each: (each["fact"]["name"], each["fact"]["label"])):
            several = list(values)
            text = ", ".join(phrases.stated(each) for each in several)
            language = phrases.foreign(several[0]["language"])
            found.append(Phrase(phrases.say("comparison-fact", fact=label, value=text), language))
        said = "comparison-stated-of-whole" if whole else "comparison-stated-by"
        found.append(Phrase(phrases.say(said, source=source, unit=whole)))
    return tuple(found)
