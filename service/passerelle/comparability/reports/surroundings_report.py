"""What stands around a unit, for readers."""

from __future__ import annotations

from passerelle.comparability.reports.blocks import (
    Block,
    Column,
    Phrase,
    Report,
    Section,
    Table,
    Terms,
    paragraph,
    plain,
)
from passerelle.comparability.reports.path_report import made_from
from passerelle.comparability.reports.phrases import Phrases
from passerelle.comparability.words import Json

_SHOWN = 3
"""Things that a basis names; a ROME code leads to a dozen occupations of ESCO."""


def surroundings_report(document: Json) -> Report:
    """The document of `comparability.surroundings_documents` as a report."""
    phrases = Phrases(document["language"])
    say = phrases.say
    unit = document["unit"]
    about = Terms(
        (
            (say("surroundings-unit"), plain(f"{phrases.unit(unit)}, {phrases.about(unit)}")),
            *(
                (say(f"surroundings-{name}"), plain(_named(document[name], phrases)))
                for name in ("occupations", "fields")
            ),
        )
    )
    sections = [Section("unit", say("surroundings-section-unit"), (about,))]
    if document["level"] is None:
        sections.append(Section("up", say("surroundings-section-up"), (paragraph(say("surroundings-no-level")),)))
    else:
        sections.append(Section("up", say("surroundings-section-up"), _group(document, "up", phrases)))
    sections += [
        Section("beside", say("surroundings-section-beside"), _group(document, "beside", phrases)),
        Section("elsewhere", say("surroundings-section-elsewhere"), _group(document, "elsewhere", phrases)),
        Section("contexts", say("surroundings-section-contexts"), _contexts(document, phrases)),
    ]
    caution = (
        paragraph(say("surroundings-no-figure")),
        paragraph(document["notRecognition"], "notice"),
        paragraph(made_from(document, phrases), "hint"),
    )
    sections.append(Section("caution", say("comparison-caution"), caution))
    return Report(say("surroundings-title", unit=phrases.unit(unit)), phrases.language, tuple(sections))


def _group(document: Json, name: str, phrases: Phrases) -> tuple[Block, ...]:
    say = phrases.say
    rows = document[name]
    if not rows:
        return (paragraph(say(f"surroundings-none-{name}")),)
    columns = (
        Column(say("comparison-column-unit"), share=5),
        Column(say("surroundings-column-forward"), numeric=True, share=2),
        Column(say("surroundings-column-reverse"), numeric=True, share=2),
        Column(say("path-column-machine"), numeric=True, share=2),
        Column(say("surroundings-column-basis"), share=6),
    )
    table = Table(
        say(f"surroundings-caption-{name}", shown=len(rows), found=document[f"{name}InAll"]),
        columns,
        tuple(
            (
                (
                    phrases.text(row["unit"]["title"], thing=row["unit"]["iri"], strong=True),
                    Phrase(f"{row['unit']['identifier']}, {phrases.about(row['unit'])}"),
                ),
                plain(phrases.share(row["forward"]["expected"])),
                plain(phrases.share(row["reverse"]["expected"])),
                plain(
                    phrases.share(row["forward"]["machineShare"])
                    if row["forward"]["links"]["all"]
                    else say("comparison-no-number")
                ),
                tuple(Phrase(each) for each in _bases(row["bases"], phrases)),
            )
            for row in rows
        ),
    )
    return (table,)


def _bases(bases: list[Json], phrases: Phrases) -> list[str]:
    """Each basis once, with the first things that the two have in common by it."""
    shared: dict[str, list[str]] = {}
    for each in bases:
        named = shared.setdefault(each["basis"]["label"], [])
        if each["shared"] is not None:
            named.append(each["shared"]["label"])
    return [
        phrases.say("surroundings-shared", basis=label, shared=_first(named, phrases)) if named else label
        for label, named in shared.items()
    ]


def _named(things: list[Json], phrases: Phrases) -> str:
    return _first([each["label"] for each in things], phrases) if things else phrases.say("surroundings-none-stated")


def _first(labels: list[str], phrases: Phrases) -> str:
    text = ", ".join(labels[:_SHOWN])
    left = len(labels) - _SHOWN
    return phrases.say("surroundings-and-more", first=text, more=left) if left > 0 else text


def _contexts(document: Json, phrases: Phrases) -> tuple[Block, ...]:
    """What the units of other countries state, and what follows where they state nothing."""
    say = phrases.say
    own = document["unit"]["country"]
    others = [each for each in document["contexts"] if each["country"] and each["country"] != own]
    if not others:
        return (paragraph(say("surroundings-no-others")),)
    names = ("units", "withOccupation", "withField", "withLevel", "linked")
    stated = Terms(
        tuple(
            (
                each["country"]["label"],
                plain(say("surroundings-context", **{name.lower(): each[name] for name in names})),
            )
            for each in others
        )
    )
    silent = [each for each in others if not each["withOccupation"] and not each["withField"]]
    said = (
        paragraph(
            say(
                "surroundings-silent",
                units=sum(each["units"] for each in silent),
                countries=", ".join(each["country"]["label"] for each in silent),
            )
        ),
    )
    return (*(said if silent else ()), stated)
