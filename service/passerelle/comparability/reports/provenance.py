"""The parts of a report that say where it comes from: what sources say of the two units, method, sources."""

from __future__ import annotations

from passerelle.comparability.reports.blocks import (
    Block,
    Cell,
    Column,
    Items,
    Paragraph,
    Phrase,
    Section,
    Table,
    Terms,
    paragraph,
    plain,
)
from passerelle.comparability.reports.phrases import Phrases
from passerelle.comparability.words import Json


def related_section(document: Json, phrases: Phrases) -> Section:
    """Whether one is a part of the other, then the correspondences and successions that sources state."""
    say = phrases.say
    blocks: list[Block] = [
        Paragraph((phrases.thing(part), Phrase(say("comparison-is-part-of")), phrases.thing(whole)))
        for each in document["related"]
        if each["kind"]["name"] == "part-of"
        for part in each["sources"]
        for whole in each["targets"]
    ]
    stated = [each for each in document["related"] if each["kind"]["name"] != "part-of"]
    if stated:
        blocks += [_table(stated, phrases), paragraph(say("comparison-related-note"), "hint")]
    else:
        blocks.append(paragraph(say("comparison-none-related")))
    return Section("related", say("comparison-section-related"), tuple(blocks))


def _table(stated: list[Json], phrases: Phrases) -> Table:
    say = phrases.say
    columns = (
        Column(say("comparison-column-kind")),
        Column(say("comparison-column-from"), share=2),
        Column(say("comparison-column-to"), share=2),
        Column(say("comparison-column-extent")),
        Column(say("comparison-column-declared-by"), share=2),
    )
    rows = tuple(
        (
            plain(each["kind"]["label"]),
            _side(each["sources"], phrases),
            _side(each["targets"], phrases),
            plain(each["extent"]["label"]),
            (phrases.thing(each["declaredBy"]),) if each["declaredBy"] else plain(say("comparison-none-named")),
        )
        for each in stated
    )
    return Table(say("comparison-caption-related"), columns, rows)


def _side(units: list[Json], phrases: Phrases) -> Cell:
    """The units of one side; several of them only together."""
    named = tuple(map(phrases.thing, units))
    if len(named) > 1:
        return (*named, Phrase(phrases.say("comparison-together")))
    return named or plain(phrases.say("comparison-none-named"))


def method_section(document: Json, phrases: Phrases, *, signed: bool) -> Section:
    """Method, purpose, release and software; in a signed report also the rules that were applied."""
    say = phrases.say
    release = document["release"]
    rows: list[tuple[str, Cell]] = [
        (say("comparison-method"), plain(document["method"])),
        (say("comparison-purpose"), plain(f"{document['purpose']['label']} ({document['purpose']['name']})")),
        (say("comparison-release"), plain(f"{release['identifier']} ({release['created'][:10]})")),
        (say("comparison-software"), plain(release["software"])),
    ]
    blocks: list[Block] = [paragraph(say("comparison-method-text")), Terms(tuple(rows))]
    if signed:
        blocks.append(paragraph(say("comparison-rules-applied")))
        blocks.append(Items(tuple(plain(f"{name}: {label}") for name, label in _rules(document).items())))
    return Section("method", say("comparison-section-method"), tuple(blocks))


def _rules(document: Json) -> dict[str, str]:
    """The rules behind findings and grades, each once."""
    forward, reverse = document["forward"]["finding"], document["reverse"]["finding"]
    found = (
        forward["rule"],
        forward["matrixRow"],
        reverse["rule"],
        reverse["matrixRow"],
        *(row["rule"] for row in document["elements"]),
    )
    return {each["name"]: each["label"] for each in found if each["name"]}


def sources_section(document: Json, phrases: Phrases) -> Section:
    """The sources of the release with licence and attribution."""
    say = phrases.say
    groups: dict[tuple[str, str, str], list[str]] = {}
    for each in document["sources"]:
        edition = say("comparison-in-brackets", text=each["edition"]) if each["edition"] else ""
        key = (each["publisher"], each["licence"]["name"], each["attribution"])
        groups.setdefault(key, []).append(f"{each['title']} {edition}".strip())
    items = tuple(
        plain(
            say(
                "comparison-source",
                titles=phrases.listed(titles),
                publisher=publisher,
                licence=licence,
                attribution=attribution.rstrip("."),
            )
        )
        for (publisher, licence, attribution), titles in groups.items()
    )
    ours = paragraph(say("comparison-our-licence"))
    return Section("sources", say("comparison-section-sources"), (Items(items), ours))
