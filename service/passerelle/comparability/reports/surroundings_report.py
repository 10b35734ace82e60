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


def surroundings_report(document: Json) -> Report:
    """The document of `comparability.surroundings_documents` as a report."""
    phrases = Phrases(document["language"])
    say = phrases.say
    unit = document["unit"]
    about = Terms(((say("surroundings-unit"), plain(f"{phrases.unit(unit)}, {phrases.about(unit)}")),))
    sections = [Section("unit", say("surroundings-section-unit"), (about,))]
    if document["level"] is None:
        sections.append(Section("up", say("surroundings-section-up"), (paragraph(say("surroundings-no-level")),)))
    else:
        sections += [
            Section(name, say(f"surroundings-section-{name}"), _group(document, name, phrases))
            for name in ("up", "elsewhere")
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
                tuple(Phrase(_basis(each, phrases)) for each in row["bases"]),
            )
            for row in rows
        ),
    )
    return (table,)


def _basis(each: Json, phrases: Phrases) -> str:
    label = str(each["basis"]["label"])
    if each["shared"] is None:
        return label
    return phrases.say("surroundings-shared", basis=label, shared=each["shared"]["label"])
