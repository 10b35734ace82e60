"""The check on official correspondences for readers."""

from __future__ import annotations

from passerelle.comparability.reports.blocks import (
    Block,
    Column,
    Paragraph,
    Phrase,
    Report,
    Section,
    Table,
    paragraph,
    plain,
)
from passerelle.comparability.reports.path_report import made_from
from passerelle.comparability.reports.phrases import Phrases
from passerelle.comparability.words import Json


def correspondence_report(document: Json) -> Report:
    """The document of `comparability.correspondence_documents` as a report."""
    phrases = Phrases(document["language"])
    say = phrases.say
    sections = [
        Section(each["group"]["name"], each["group"]["label"], tuple(_group(each, document, phrases)))
        for each in document["groups"]
    ]
    if not sections:
        sections = [Section("none", say("correspondences-pairs"), (paragraph(say("correspondences-none")),))]
    notes: list[Block] = [
        paragraph(document["candidatesAre"]),
        *(paragraph(text, "hint") for text in document["rankings"].values()),
        paragraph(say("correspondences-left-out", count=len(document["leftOut"]))),
        paragraph(document["notRecognition"], "notice"),
        paragraph(made_from(document, phrases), "hint"),
    ]
    sections.append(Section("caution", say("correspondences-how"), tuple(notes)))
    return Report(say("correspondences-title"), phrases.language, tuple(sections))


def _group(group: Json, document: Json, phrases: Phrases) -> list[Block]:
    say = phrases.say
    candidates = group["candidates"]
    fewest, most = candidates["fewest"], candidates["most"]
    among = f"{fewest}" if fewest == most else say("correspondences-range", least=fewest, most=most)
    blocks: list[Block] = [Paragraph(plain(say("correspondences-count", pairs=group["pairs"], among=among)))]
    if group["few"]:
        blocks.append(paragraph(say("correspondences-few"), "notice"))
    columns = (
        Column(say("correspondences-column-ranking"), share=4),
        Column(say("correspondences-column-median"), numeric=True),
        Column(say("correspondences-column-mrr"), numeric=True),
        Column(say("correspondences-column-hits", places=1), numeric=True),
        Column(say("correspondences-column-hits", places=document["near"]), numeric=True),
    )
    for direction, rankings in group["directions"].items():
        rows = tuple(
            (
                plain(say(f"correspondences-by-{name}")),
                plain(f"{found['medianRank']:g}"),
                plain(phrases.decimal(found["meanReciprocalRank"])),
                plain(phrases.share(found["hitsAt1"])),
                plain(phrases.share(found[f"hitsAt{document['near']}"])),
            )
            for name, found in rankings.items()
        )
        caption = say(f"correspondences-{direction.replace('_', '-')}")
        blocks += [Paragraph((Phrase(caption, strong=True),)), Table(caption, columns, rows)]
    blocks.append(_pairs(group, phrases))
    return blocks


def _pairs(group: Json, phrases: Phrases) -> Table:
    say = phrases.say
    columns = (
        Column(say("correspondences-column-pair"), share=6),
        *(Column(say(f"correspondences-by-{name}"), numeric=True) for name in ("coverage", "nearest", "wording")),
        Column(say("comparison-number-expected"), numeric=True),
        Column(say("path-column-machine"), numeric=True),
    )
    rows = tuple(
        (
            (Phrase(f"{each['source']['label']} → {each['target']['label']}"),),
            *(plain(f"{each['for_target'][name]:g}") for name in ("coverage", "nearest", "wording")),
            plain(phrases.share(each["expected"])),
            plain(f"{each['machineLinks']}/{each['links']}"),
        )
        for each in group["ranks"]
    )
    return Table(say("correspondences-caption-pairs"), columns, rows)
