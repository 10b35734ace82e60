"""The part of a report on units that could complete what is held."""

from __future__ import annotations

from passerelle.comparability.reports.blocks import Column, Phrase, Section, Table, paragraph, plain
from passerelle.comparability.reports.phrases import Phrases
from passerelle.comparability.words import Json


def completion_sections(document: Json, phrases: Phrases) -> tuple[Section, ...]:
    """One section, or none where the document names no such units."""
    found = document["completion"]
    if found is None:
        return ()
    say, together = phrases.say, found["together"]
    numbers = {name: phrases.share(together[name]) for name in ("lower", "expected")}
    columns = (
        Column(say("comparison-column-unit"), share=4),
        Column(say("comparison-column-adds"), numeric=True, share=2),
        Column(say("comparison-column-adds-lower"), numeric=True, share=2),
        Column(say("comparison-column-shows"), share=4),
        Column(say("comparison-column-links"), share=3),
    )
    rows = tuple(
        (
            (
                phrases.text(each["unit"]["title"], thing=each["unit"]["iri"], strong=True),
                Phrase(", ".join([_named(each["unit"], phrases), *(phrases.stated(fact) for fact in each["status"])])),
            ),
            plain(phrases.share(each["adds"])),
            plain(phrases.share(each["addsLower"])),
            tuple(piece for one in each["outcomes"] for piece in (phrases.numbered(one["number"]), phrases.text(one))),
            plain(_links(each["links"], phrases)),
        )
        for each in found["units"]
    )
    return (
        Section(
            "completion",
            say("comparison-section-completion"),
            (
                paragraph(say("comparison-completion-lead", **numbers)),
                Table(say("comparison-caption-completion"), columns, rows),
                paragraph(found["note"], "notice"),
            ),
        ),
    )


def _named(unit: Json, phrases: Phrases) -> str:
    return f"{unit['identifier']}, {phrases.about(unit)}"


def _links(links: Json, phrases: Phrases) -> str:
    if not links["all"]:
        return phrases.say("comparison-completion-no-links")
    return phrases.say("comparison-completion-links", **links)
