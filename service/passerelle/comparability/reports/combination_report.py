"""A combination of competences for readers: what occurs together, and what occupations need of it."""

from __future__ import annotations

from passerelle.comparability.reports.blocks import (
    Block,
    Cell,
    Column,
    Items,
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


def combination_report(document: Json) -> Report:
    """The document of `comparability.combination_documents` as a report."""
    phrases = Phrases(document["language"])
    say = phrases.say
    sections = [Section("activities", say("combination-section-activities"), tuple(_activities(document, phrases)))]
    for number, each in enumerate(document["occupations"]):
        heading = say("combination-section-occupation", occupation=phrases.quoted(each["occupation"]["label"]))
        sections.append(Section(f"occupation-{number}", heading, tuple(_occupation(each, phrases))))
    notes = [paragraph(document["noCombination"])]
    if document["occupationsInAll"] > len(document["occupations"]):
        shown = say(
            "combination-occupations-shown",
            shown=len(document["occupations"]),
            found=document["occupationsInAll"],
        )
        notes.append(paragraph(shown))
    if document["withoutOccupation"]:
        named = ", ".join(each["label"] for each in document["withoutOccupation"])
        notes.append(paragraph(say("combination-without-occupation", units=named)))
    notes += [
        paragraph(document["notAPerson"], "notice"),
        paragraph(document["notRecognition"]),
        paragraph(made_from(document, phrases), "hint"),
    ]
    sections.append(Section("caution", say("comparison-caution"), tuple(notes)))
    return Report(say("combination-title"), phrases.language, tuple(sections))


def _activities(document: Json, phrases: Phrases) -> list[Block]:
    blocks: list[Block] = []
    for each in document["activities"]:
        unit = each["unit"]
        columns = (
            Column(phrases.say("combination-column-skill"), share=4),
            Column(phrases.say("combination-column-link"), share=3),
            Column(phrases.say("combination-column-outcome"), share=6),
        )
        rows = tuple(
            (
                (phrases.thing(row["link"]["skill"]),) if row["link"] else plain(phrases.say("comparison-no-link")),
                plain(phrases.link(row["link"]) if row["link"] else phrases.say("comparison-no-number")),
                (phrases.text(row, quoted=True),),
            )
            for row in each["outcomes"]
        )
        blocks.append(Paragraph((Phrase(f"{phrases.unit(unit)}, {phrases.about(unit)}", strong=True),), "lead"))
        blocks.append(Table(phrases.say("combination-caption-activity"), columns, rows))
        blocks += [Paragraph((phrases.text({"text": fact["label"], "language": fact["language"]}),))
                   for fact in each["stated"]]  # fmt: skip
    return blocks


def _occupation(each: Json, phrases: Phrases) -> list[Block]:
    say = phrases.say
    reached = [
        say(
            "combination-reached", origin=one["from"]["label"], relation=one["relationLabel"], count=one["appellations"]
        )
        for one in each["reached"]
        if one["appellations"]
    ]
    columns = (
        Column(say("combination-column-skill"), share=4),
        Column(say("combination-column-shown"), share=7),
    )
    shown = [one for one in each["essential"] if one["shown"]]
    missing = [one for one in each["essential"] if not one["shown"]]
    blocks: list[Block] = [paragraph(text, "hint") for text in reached]
    blocks.append(paragraph(say("combination-essential", shown=len(shown), count=len(each["essential"]))))
    if shown:
        rows = tuple(((phrases.thing(one["skill"]),), _ways(one, phrases)) for one in shown)
        blocks.append(Table(say("combination-caption-essential"), columns, rows))
    if missing:
        blocks.append(paragraph(say("combination-not-shown")))
        blocks.append(Items(tuple((phrases.thing(one["skill"]),) for one in missing)))
    if each["optional"]:
        blocks.append(paragraph(say("combination-optional", shown=len(each["optional"]), count=each["optionalInAll"])))
        rows = tuple(((phrases.thing(one["skill"]),), _ways(one, phrases)) for one in each["optional"])
        blocks.append(Table(say("combination-caption-optional"), columns, rows))
    return blocks


def _ways(one: Json, phrases: Phrases) -> Cell:
    found: list[Phrase] = []
    for way in one["ways"]:
        found.append(phrases.text(way, quoted=True))
        link = phrases.link(way["link"]) if way["link"] else ""
        found.append(Phrase(phrases.say("combination-way", kind=way["kind"]["label"], link=link)))
    return tuple(found)
