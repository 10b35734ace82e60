"""A path for readers: the units, what the set shows, what stays open, and what else the target asks for."""

from __future__ import annotations

from passerelle.comparability.outcome_states import Group
from passerelle.comparability.reports.blocks import (
    Block,
    Cell,
    Column,
    Items,
    Phrase,
    Report,
    Section,
    Table,
    Terms,
    paragraph,
    plain,
)
from passerelle.comparability.reports.evidence import in_group
from passerelle.comparability.reports.phrases import Phrases
from passerelle.comparability.words import Json

_FACT_LENGTH = 160
_NUMBERS = ("lower", "expected", "upper")


def path_report(document: Json) -> Report:
    """The document of `comparability.path_documents` as a report."""
    phrases = Phrases(document["language"])
    say = phrases.say
    target = document["target"]
    sections = (
        Section("path", say("path-section-set"), tuple(_set(document, phrases))),
        Section("open", say("path-section-open"), tuple(_open(document, phrases))),
        *([Section("parts", say("comparison-section-parts"), _parts(document, phrases))] if document["parts"] else []),
        Section("needs", say("path-section-needs"), tuple(_needs(document, phrases))),
        Section(
            "caution",
            say("comparison-caution"),
            (
                paragraph(document["notTheTarget"], "notice"),
                paragraph(document["notRecognition"]),
                paragraph(document["silence"]),
                paragraph(made_from(document, phrases), "hint"),
            ),
        ),
    )
    return Report(say("path-title", unit=phrases.unit(target)), phrases.language, sections)


def made_from(document: Json, phrases: Phrases) -> str:
    """Release and method."""
    return phrases.say("comparison-made-from", release=document["release"]["identifier"], method=document["method"])


def _set(document: Json, phrases: Phrases) -> list[Block]:
    say, share = phrases.say, phrases.share
    target, together, before = document["target"], document["together"], document["before"]
    rows: list[tuple[str, Cell]] = [
        (say("comparison-second"), (
            phrases.text(target["title"], thing=target["iri"], strong=True),
            Phrase(f"{target['identifier']}, {phrases.about(target)}"),
        )),
    ]  # fmt: skip
    if document["purpose"]:
        purpose = document["purpose"]
        rows.append((say("comparison-purpose"), (Phrase(purpose["label"]), Phrase(purpose["remark"]))))
    if document["have"]:
        rows.append((say("path-before"), plain(_numbers(before, phrases))))
    rows += [
        (say("path-together"), (Phrase(_numbers(together, phrases)), Phrase(document["named"]))),
        (say("path-rests-on"), plain(
            say("path-machine-share", share=share(together["machineShare"]), links=together["links"]["all"])
            if together["links"]["all"] else say("comparison-no-links")
        )),
        (say("path-workload"), plain(document["workload"]["sentence"])),
        (say("path-search"), plain(document["search"]["sentence"])),
    ]  # fmt: skip
    blocks: list[Block] = [Terms(tuple(rows))]
    if not document["units"]:
        blocks.append(paragraph(say("path-none")))
    if document["have"] or document["units"]:
        blocks.append(_units(document, phrases))
    return blocks


def _numbers(coverage: Json, phrases: Phrases) -> str:
    numbers = {name: phrases.share(coverage[name]) for name in (*_NUMBERS, "unlinked")}
    return phrases.say("path-numbers", best=phrases.share(coverage["upperAtMost"]), **numbers)


def _units(document: Json, phrases: Phrases) -> Table:
    say, share = phrases.say, phrases.share
    columns = (
        Column(say("comparison-column-unit"), share=5),
        Column(say("path-column-adds"), numeric=True, share=2),
        Column(say("path-column-alone"), numeric=True, share=2),
        Column(say("path-column-machine"), numeric=True, share=2),
        Column(say("path-column-workload"), share=3),
        Column(say("path-column-shows"), share=6),
    )
    texts = {each["outcome"]: each for each in document["outcomes"]}
    rows = []
    for held, found in ((True, document["have"]), (False, document["units"])):
        for each in found:
            unit = each["unit"]
            shows: list[Phrase] = [phrases.text(texts[iri], quoted=True) for iri in each["shows"]]
            if each["touches"]:
                shows.append(Phrase(say("path-touches", count=len(each["touches"]))))
            if each["insteadInAll"]:
                shows.append(Phrase(say("path-instead", count=each["insteadInAll"])))
            rows.append(
                (
                    (
                        phrases.text(unit["title"], thing=unit["iri"], strong=True),
                        Phrase(f"{unit['identifier']}, {phrases.about(unit)}"),
                        *([Phrase(say("path-held"))] if held else []),
                        *([Phrase(each["finding"]["label"])] if each["finding"] else []),
                    ),
                    plain(share(each["adds"])),
                    plain(share(each["alone"]["expected"])),
                    plain(
                        share(each["alone"]["machineShare"])
                        if each["alone"]["links"]["all"]
                        else say("comparison-no-number")
                    ),
                    plain(_hours(each, phrases)),
                    tuple(shows) or plain(say("path-shows-nothing-more")),
                )
            )
    return Table(say("path-caption-units"), columns, tuple(rows))


def _hours(each: Json, phrases: Phrases) -> str:
    if each["hours"] is not None:
        return phrases.say("comparison-hours", hours=f"{each['hours']:g}")
    if each["credits"]:
        return phrases.say("path-credits", credits=" + ".join(fact["label"] for fact in each["credits"]))
    return phrases.say("comparison-not-stated")


def _open(document: Json, phrases: Phrases) -> list[Block]:
    blocks: list[Block] = []
    headings: tuple[tuple[Group, str], ...] = (
        ("lacking", "comparison-lacking-text"),
        ("open", "comparison-unknown-text"),
        ("to-check", "comparison-check-text"),
    )
    for group, heading in headings:
        named = in_group(document["outcomes"], group)
        if named:
            blocks.append(paragraph(phrases.say(heading)))
            blocks.append(Items(tuple((phrases.text(each, quoted=True),) for each in named)))
    if not document["outcomes"]:
        return [paragraph(phrases.say("comparison-no-outcomes"))]
    return blocks or [paragraph(phrases.say("comparison-lacking-nothing"))]


def _parts(document: Json, phrases: Phrases) -> tuple[Block, ...]:
    say = phrases.say
    columns = (
        Column(say("comparison-column-part"), share=4),
        Column(say("path-before"), share=3),
        Column(say("path-together"), share=3),
    )
    rows = tuple(
        (
            (phrases.thing(each["unit"]),),
            plain(_numbers(each["before"], phrases)),
            plain(_numbers(each["together"], phrases)),
        )
        for each in document["parts"]
    )
    table = Table(say("comparison-caption-parts"), columns, rows)
    note, more = paragraph(say("comparison-parts-upper"), "hint"), document["partsInAll"] - len(rows)
    return (table, paragraph(say("comparison-and-more", count=more)), note) if more else (table, note)


def _needs(document: Json, phrases: Phrases) -> list[Block]:
    rows: list[tuple[str, Cell]] = []
    for each in document["needs"]:
        cell: list[Phrase] = [Phrase(each["state"]["label"], strong=True), Phrase(each["requirement"]["note"])]
        if each["value"]:
            cell.append(Phrase(phrases.say("path-on-day", day=each["day"], status=each["value"]["label"])))
        cell += [_fact(fact, phrases) for fact in each["facts"]]
        cell += [
            Phrase(phrases.say("path-bloc-held", unit=unit["label"]) if unit["held"] else unit["label"])
            for unit in each["units"]
        ]
        rows.append((each["requirement"]["label"], tuple(cell)))
    return [Terms(tuple(rows))]


def _fact(fact: Json, phrases: Phrases) -> Phrase:
    value = phrases.stated(fact, _FACT_LENGTH)
    return Phrase(phrases.say("comparison-fact", fact=fact["fact"]["label"], value=value))
