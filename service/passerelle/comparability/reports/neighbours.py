"""A list of neighbours for readers, and as a table for spreadsheets and programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Literal

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
from passerelle.comparability.reports.evidence import in_group, named_as_shown
from passerelle.comparability.reports.phrases import Phrases
from passerelle.comparability.words import Json

COLUMNS = (
    "rank", "unit", "identifier", "title", "title_language", "kind", "kind_label", "country", "level", "level_basis",
    "status", "lower", "expected", "upper", "assessed", "unlinked", "collapsed", "outcomes", "named", "links",
    "reviewed_links", "declared_links", "machine_links", "uncalibrated_links", "reviewed_share", "wording",
    "by_wording", "reverse_lower",
    "reverse_expected", "reverse_upper", "finding", "finding_label", "rule", "matrix_row", "target", "purpose",
    "method", "release", "not_recognition",
)  # fmt: skip
"""Columns of the table; `forward` numbers have no prefix."""

NUMBERS = ("lower", "expected", "upper")
"""The numbers of a row that a reader sees."""

_LACKING_SHOWN = 12


def neighbours_report(document: Json) -> Report:
    """The list with what each holder would still lack, where the document says so."""
    phrases = Phrases(document["language"])
    say = phrases.say
    target = document["target"]
    rows: list[tuple[str, Cell]] = [
        (say("comparison-second"), (
            phrases.text(target["title"], thing=target["iri"], strong=True),
            Phrase(f"{target['identifier']}, {phrases.about(target)}"),
        )),
        (say("comparison-purpose"), plain(document["purpose"]["label"])),
        (say("comparison-asked"), plain(asked_for(document["asked"], phrases))),
    ]  # fmt: skip
    blocks: list[Block] = [Terms(tuple(rows))]
    if document["rows"]:
        blocks += [
            paragraph(say("comparison-neighbours-read")),
            _table(document, phrases),
            Terms(tuple((say(f"comparison-number-{name}"), plain(document["meanings"][name])) for name in NUMBERS)),
        ]
    else:
        blocks.append(paragraph(say("comparison-no-neighbours")))
    blocks.append(Items(tuple(plain(text) for text in looked_at(document, phrases))))
    caution = (paragraph(document["notRecognition"], "notice"), paragraph(document["silence"]))
    release = document["release"]
    about = say("comparison-made-from", release=release["identifier"], method=document["method"])
    sections = (
        Section("neighbours", say("comparison-section-neighbours"), tuple(blocks)),
        Section("caution", say("comparison-caution"), (*caution, paragraph(about, "hint"))),
    )
    return Report(say("comparison-neighbours-title", unit=phrases.unit(target)), phrases.language, sections)


def neighbours_table(document: Json, form: Literal["csv", "tsv"]) -> str:
    """The list as CSV (RFC 4180) or TSV, a row a unit, with the names of COLUMNS in the first line.

    A text that a spreadsheet would take for a formula has an apostrophe in front (OWASP, "CSV Injection"). In TSV,
    which has no quoting, tabs and line ends within a value become spaces.
    """
    rows = [COLUMNS, *([_guarded(cell) for cell in row] for row in _records(document))]
    if form == "tsv":
        return "".join("\t".join(" ".join(str(cell).split()) for cell in row) + "\n" for row in rows)
    output = io.StringIO()
    csv.writer(output).writerows(rows)
    return output.getvalue()


def _guarded(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else cell


def _table(document: Json, phrases: Phrases) -> Table:
    say, share = phrases.say, phrases.share
    explained = any("outcomes" in row for row in document["rows"])
    columns = [
        Column(say("comparison-column-unit"), share=5),
        *(Column(say(f"comparison-number-{name}"), numeric=True, share=2) for name in NUMBERS),
        Column(say("comparison-number-reviewed"), numeric=True, share=2),
        Column(say("comparison-column-finding"), share=4),
        *([Column(say("comparison-section-lacking"), share=6)] if explained else []),
    ]
    rows = []
    for row in document["rows"]:
        forward = row["forward"]
        title = phrases.text(row["title"], thing=row["unit"], strong=True)
        reviewed = share(row["reviewedShare"]) if forward["links"]["all"] else say("comparison-no-number")
        cells: list[Cell] = [
            (
                Phrase(f"{row['rank']}."),
                title,
                Phrase(f"{row['identifier']}, {about(row, phrases)}"),
                *(Phrase(text) for text in by_wording(row, document, phrases)),
            ),
            *(plain(share(forward[name])) for name in NUMBERS),
            plain(reviewed),
            (
                Phrase(row["finding"]["label"]),
                Phrase(phrases.rule(row["finding"]["rule"])),
                *_some(named_as_shown(row.get("outcomes", ())), "comparison-named-are", phrases),
                Phrase(phrases.rests_on(forward)),
            ),
        ]
        if explained:
            cells.append(_lacking(row, phrases))
        rows.append(tuple(cells))
    return Table(say("comparison-caption-neighbours"), tuple(columns), tuple(rows))


def _lacking(row: Json, phrases: Phrases) -> Cell:
    found: list[Phrase] = []
    outcomes = row.get("outcomes", ())
    found += _some(in_group(outcomes, "lacking"), "comparison-lacking-count", phrases)
    found += _some(in_group(outcomes, "open"), "comparison-open-count", phrases)
    to_check = len(in_group(outcomes, "to-check"))
    if to_check:
        found.append(Phrase(phrases.say("comparison-check-count", count=to_check)))
    return tuple(found) or plain(phrases.say("comparison-lacking-nothing"))


def _some(named: Sequence[Json], heading: str, phrases: Phrases) -> list[Phrase]:
    """How many outcomes there are of a sort, and the first of them; nothing of none."""
    if not named:
        return []
    more = len(named) - _LACKING_SHOWN
    return [
        Phrase(phrases.say(heading, count=len(named))),
        *(phrases.text(each, quoted=True) for each in named[:_LACKING_SHOWN]),
        *([Phrase(phrases.say("comparison-and-more", count=more))] if more > 0 else []),
    ]


def about(row: Json, phrases: Phrases) -> str:
    """Kind, country and level of a unit, and what catalogues state of its registration, each with its day."""
    return ", ".join([phrases.about(row), *(phrases.stated(each) for each in row["status"])])


def by_wording(row: Json, document: Json, phrases: Phrases) -> tuple[str, ...]:
    """That a unit is listed for its wording alone, if it is."""
    if not row["byWording"]:
        return ()
    floor = phrases.share(document["looked"]["floor"])
    return (phrases.say("nearest-by-wording", wording=phrases.share(row["wording"]), floor=floor),)


def asked_for(asked: Json, phrases: Phrases) -> str:
    """The filters as they were understood."""
    say = phrases.say
    parts = []
    if asked["countries"]:
        parts.append(", ".join(each["label"] for each in asked["countries"]))
    if asked["level"] is not None:
        apart = asked["levelsApart"]
        level = say("comparison-level", level=asked["level"])
        parts.append(say("comparison-levels-apart", level=level, apart=apart) if apart else level)
    if asked["kinds"]:
        parts.append(", ".join(each["label"] for each in asked["kinds"]))
    parts.append(say("comparison-top", top=asked["top"]))
    return phrases.listed(parts)


def looked_at(document: Json, phrases: Phrases) -> tuple[str, ...]:
    """How many units were looked at, of how many nothing could be said, and how many are not near enough."""
    say, looked = phrases.say, document["looked"]
    found = [say("nearest-looked-at", units=looked["units"], compared=looked["compared"])]
    if looked["withoutLinks"]:
        languages = ", ".join(
            f"{each['language'] or say('nearest-no-language')} {each['units']}"
            for each in looked["withoutLinksByLanguage"]
        )
        found.append(say("nearest-without-links", count=looked["withoutLinks"], languages=languages))
    if looked["withoutOutcomes"]:
        found.append(say("nearest-without-outcomes", count=looked["withoutOutcomes"]))
    if looked["belowFloor"]:
        floor, best = phrases.share(looked["floor"]), phrases.share(looked["bestBelow"])
        found.append(say("nearest-below-floor", count=looked["belowFloor"], floor=floor, best=best))
    if looked["nothingMet"]:
        found.append(say("nearest-nothing-met", count=looked["nothingMet"]))
    if looked["byWordingAtLeast"]:
        found.append(say("nearest-by-wording-at-least", count=looked["byWording"]))
    elif looked["byWording"]:
        found.append(say("nearest-by-wording-count", count=looked["byWording"]))
    if looked["levelNotStated"]:
        found.append(say("nearest-level-not-stated", count=looked["levelNotStated"]))
    if looked["siblings"]:
        found.append(say("nearest-siblings", count=looked["siblings"]))
    if not looked["targetLinked"]:
        found.append(say("nearest-target-not-linked"))
    return tuple(found)


def _records(document: Json) -> Iterator[tuple[object, ...]]:
    phrases = Phrases(document["language"])
    for row in document["rows"]:
        forward, reverse, links = row["forward"], row["reverse"], row["forward"]["links"]
        yield (
            row["rank"], row["unit"], row["identifier"], row["title"]["text"], row["title"]["language"],
            row["kind"]["name"], row["kind"]["label"], row["country"]["name"] if row["country"] else "",
            "" if row["level"] is None else row["level"], row["levelBasis"]["name"],
            phrases.listed(phrases.stated(each) for each in row["status"]),
            *(forward[name] for name in ("lower", "expected", "upper", "assessed", "unlinked", "collapsed")),
            forward["outcomes"], forward["named"],
            links["all"], links["reviewed"], links["declared"], links["machine"], links["uncalibrated"],
            row["reviewedShare"] if links["all"] else "", row["wording"], "yes" if row["byWording"] else "no",
            reverse["lower"], reverse["expected"], reverse["upper"],
            row["finding"]["name"], row["finding"]["label"], row["finding"]["rule"]["name"],
            row["finding"]["matrixRow"]["name"], document["target"]["iri"], document["purpose"]["name"],
            document["method"], document["release"]["identifier"], row["notRecognition"],
        )  # fmt: skip
