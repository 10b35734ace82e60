"""A list of neighbours for a terminal: a few lines for each unit, without the evidence."""

from __future__ import annotations

from collections.abc import Iterator

from passerelle.comparability.reports.evidence import in_group, named_as_shown
from passerelle.comparability.reports.neighbours import about, asked_for, by_wording, looked_at
from passerelle.comparability.reports.phrases import SHORT_TEXT, Phrases, shortened
from passerelle.comparability.reports.text_report import WIDTH, wrapped
from passerelle.comparability.words import Json

_LACKING_SHOWN = 3
_INDENT = " " * 4


def write(document: Json, width: int = WIDTH) -> str:
    """The list in lines of at most `width` columns, where words allow."""
    return "\n".join(_lines(document, width)) + "\n"


def _lines(document: Json, width: int) -> Iterator[str]:
    phrases = Phrases(document["language"])
    say = phrases.say
    target = document["target"]
    yield from wrapped(say("comparison-neighbours-title", unit=phrases.unit(target)), width)
    for text in (phrases.about(target), document["purpose"]["label"], asked_for(document["asked"], phrases)):
        yield from wrapped(text, width, _INDENT, _INDENT)
    yield ""
    yield from wrapped(say("comparison-neighbours-read" if document["rows"] else "comparison-no-neighbours"), width)
    for row in document["rows"]:
        yield ""
        yield from _unit(row, document, phrases, width)
    yield ""
    for text in looked_at(document, phrases):
        yield from wrapped(f"- {text}", width, "  ")
    if document["looked"]["withoutLinks"] or all(row["byWording"] for row in document["rows"]):
        yield from wrapped(f"- {say('nearest-around', command=document['around']['command'])}", width, "  ")
    yield ""
    for text in (document["notRecognition"], document["silence"]):
        yield from wrapped(text, width)
    release = document["release"]["identifier"]
    yield from wrapped(say("comparison-made-from", release=release, method=document["method"]), width)


def _unit(row: Json, document: Json, phrases: Phrases, width: int) -> Iterator[str]:
    """Rank and title, what it is, the numbers, the finding, and what its holder would still lack."""
    say, share, forward = phrases.say, phrases.share, row["forward"]
    reviewed = share(row["reviewedShare"]) if forward["links"]["all"] else say("comparison-no-number")
    numbers = {name: share(forward[name]) for name in ("expected", "lower", "upper")}
    yield from wrapped(phrases.unit({**row, "iri": row["unit"]}), width, _INDENT, f"{row['rank']:>2}. ")
    for text in (
        # who wants to compare it needs its name
        *([row["unit"]] if row["identifier"] == row["unit"] else []),
        about(row, phrases),
        *by_wording(row, document, phrases),
        say("comparison-neighbour-numbers", **numbers, reviewed=reviewed),
        say(
            "comparison-neighbour-finding",
            finding=row["finding"]["label"],
            rule=phrases.rule(row["finding"]["rule"]),
        ),
        *_lacking(row.get("outcomes", ()), phrases),
    ):
        yield from wrapped(text, width, _INDENT * 2, _INDENT)


def _lacking(outcomes: list[Json], phrases: Phrases) -> Iterator[str]:
    say = phrases.say
    lacking, to_check, unclear = (in_group(outcomes, group) for group in ("lacking", "to-check", "open"))
    for found, heading in ((named_as_shown(outcomes), "comparison-named-are"), (lacking, "comparison-lacking-count")):
        if found:
            named = [phrases.quoted(shortened(each["text"], SHORT_TEXT)) for each in found[:_LACKING_SHOWN]]
            if len(found) > _LACKING_SHOWN:
                named.append(say("comparison-and-more", count=len(found) - _LACKING_SHOWN))
            yield f"{say(heading, count=len(found))} {phrases.listed(named)}"
    counts = [
        say(name, count=len(found))
        for found, name in ((to_check, "comparison-check-count"), (unclear, "comparison-open-are"))
        if found
    ]
    if counts:
        yield phrases.listed(counts)
    if outcomes and not lacking and not counts:
        yield say("comparison-lacking-nothing")
