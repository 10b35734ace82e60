"""Reports on a comparison as text, HTML and PDF: the same contents, in both languages, whatever a source holds."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser

import pytest

from hand_made_comparison import GREEK, HOSTILE, comparison_json
from passerelle.comparability.reports import html_report, pdf_report, text_report
from passerelle.comparability.reports.blocks import Paragraph, Phrase, Report, Section, Table, plain
from passerelle.comparability.reports.contents import Signature, comparison_report
from passerelle.comparability.reports.phrases import Phrases
from passerelle.messages import LANGUAGES, Language

ANALYST = "Zoë Ünal <b>"
DAY = "2026-11-23"


def report(language: Language = "en", *, signed: bool = True) -> Report:
    return comparison_report(comparison_json(language), Signature(ANALYST, DAY) if signed else None)


class Elements(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attributes)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "en",
            [
                "26.7%",
                "66.7%",
                "covers named parts",
                "What a holder would still lack",
                "of them unreviewed: 1",
                "Marked essential, and how each stands",
                "at best",
            ],
        ),
        (
            "fr",
            [
                "26,7\u202f%",
                "66,7\u202f%",
                "couvre des parties nommées",
                "Ce qui manquerait encore",
                "dont non revus : 1",
            ],
        ),
    ],
)
def test_text_and_html_say_the_same_numbers(language: Language, expected: list[str]) -> None:
    text = text_report.write(report(language)).replace("\N{NO-BREAK SPACE}", " ")
    document = Elements(html_report.write(report(language))).text
    for each in expected:
        assert each.lower() in re.sub(r"[ \n]+", " ", text).lower()
        assert each.lower() in document.replace("\N{NO-BREAK SPACE}", " ").lower()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_has_what_an_analyst_must_be_able_to_defend(language: Language) -> None:
    names = [section.name for section in report(language).sections]
    assert names == [
        "report", "finding", "lacking", "completion", "related", "coverage", "outcomes", "parts", "elements",
        "sensitivity", "nearer", "reverse", "method", "sources", "caution", "conclusion",
    ]  # fmt: skip
    text = text_report.write(report(language))
    for each in (ANALYST, DAY, "coverage-1", "2026-11-22", "Licence Ouverte 2.0", "CC BY 4.0", "ESCO"):
        assert each in text


def test_an_answer_that_nobody_signs_names_nobody() -> None:
    assert "report" not in [section.name for section in report(signed=False).sections]
    assert ANALYST not in text_report.write(report(signed=False))


def test_what_was_not_reviewed_is_told_apart_from_what_is_lacking() -> None:
    lacking = next(each for each in report().sections if each.name == "lacking")
    said = [block.phrases[0].text for block in lacking.blocks if isinstance(block, Paragraph)]
    assert said[0].startswith("Linked, and shown by nothing")
    assert said[1].startswith("Shown only in part")
    assert said[2].startswith("Nothing certain")


def test_the_html_stands_alone_and_is_accessible() -> None:
    document = html_report.write(report("fr"))
    elements = Elements(document).found
    tags = [tag for tag, _ in elements]
    assert tags.count("h1") == 1
    assert "script" not in tags
    assert "link" not in tags
    assert "img" not in tags
    assert ("html", {"lang": "fr"}) in elements
    assert tags.count("table") == tags.count("caption") > 3
    # only what says its own language in the text of others is marked
    assert 'lang="it"' in document
    assert html_report.POLICY in document.replace("&#39;", "'")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_of_a_source_becomes_markup(language: Language) -> None:
    document = html_report.write(report(language))
    assert "<script>" not in document
    assert "Ünal &lt;b&gt;" in document
    assert HOSTILE in Elements(document).text


def test_no_character_of_a_title_steers_the_terminal() -> None:
    cell = plain("red \x1b[31malert\x07\u202e")
    made = Report("t\x1b]0;x\x07", "en", (Section("s", "h", (Paragraph(cell),)),))
    assert not set("\x1b\x07\u202e") & set(text_report.write(made))


def test_lines_of_a_text_stay_within_the_width() -> None:
    for width in (60, 100):
        lines = text_report.write(report(), width).splitlines()
        assert max(map(len, lines)) <= width


def test_no_line_of_a_french_text_begins_with_a_mark() -> None:
    lines = text_report.write(report("fr"), 60).splitlines()
    assert [line for line in lines if line.strip().startswith((":", ";", "»"))] == []
    assert [line for line in lines if line.endswith("«")] == []


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.0, "0%"),
        (0.0001, "0.1%"),
        (0.0349, "3.5%"),
        (0.48, "48%"),
        (0.9994, "99.9%"),
        (0.9999, "99.9%"),
        (1.0, "100%"),
    ],
)
def test_nothing_and_all_are_said_of_nothing_and_all_alone(value: float, said: str) -> None:
    assert Phrases("en").share(value) == said


def test_a_confidence_is_certain_only_where_it_is() -> None:
    assert [Phrases("fr").decimal(value) for value in (0.001, 0.634, 0.996, 1.0)] == ["0,01", "0,63", "0,99", "1,00"]


def test_a_link_is_told_with_its_relation_and_how_far_a_machine_trusts_it() -> None:
    outcomes = comparison_json()["forward"]["outcomes"]
    phrases = Phrases("en")
    assert phrases.link(outcomes[1]["links"][0]).endswith("nearly the same, confidence 0.63, not calibrated")
    text = " ".join(text_report.write(report()).split())
    assert "confidence 0.63, not calibrated" in text
    assert "the skill is narrower" in text
    # an issuer says no more than that a skill is related
    assert "related" not in phrases.link(outcomes[0]["matches"][0]["holderLink"])


def test_a_closed_route_is_told_as_closed_and_credits_with_their_system() -> None:
    for text in (text_report.write(report()), Elements(html_report.write(report())).text):
        flat = " ".join(text.split())
        assert "individual (closed)" in flat
        assert "12 (ects)" in flat


def test_a_part_and_its_whole_are_no_correspondence() -> None:
    section = next(each for each in report().sections if each.name == "related")
    sentence, table, _ = section.blocks
    assert isinstance(sentence, Paragraph)
    assert [each.text for each in sentence.phrases] == ["RNCP990002BC01", "is a part of", "990002"]
    assert isinstance(table, Table)
    # the two units of one side are meant together
    assert [[each.text for each in row[1]] for row in table.rows] == [["RNCP990002BC01", "990003", "together"]]


def test_that_nothing_is_lacking_is_said_only_where_all_is_shown() -> None:
    document = comparison_json()
    direction = document["forward"]
    said = "Nothing that is described is lacking"
    for state, expected in (("possible", False), ("partly-shown", False), ("unlinked", False), ("shown", True)):
        for each in direction["outcomes"]:
            each["state"]["name"] = state
        lacking = next(each for each in comparison_report(document).sections if each.name == "lacking")
        texts = [block.phrases[0].text for block in lacking.blocks if isinstance(block, Paragraph)]
        assert any(text.startswith(said) for text in texts) is expected


def test_every_figure_and_label_of_a_document_stands_in_its_report() -> None:
    document = comparison_json()
    text = " ".join(Elements(html_report.write(report())).text.split())
    phrases = Phrases("en")
    shown = [document["forward"]["coverage"], *(each["coverage"] for each in document["forward"]["variants"])]
    for coverage in shown:
        assert all(phrases.share(coverage[name]) in text for name in ("lower", "expected", "upper"))
    counted = document["forward"]["coverage"]
    assert f"{counted['named']} of {counted['outcomes']}" in text
    labels = {
        *(each["element"]["label"] for each in document["elements"]),
        *(each["rule"]["label"] for each in document["elements"]),
        *(each["grade"]["label"] for each in document["elements"]),
        *(each["state"]["label"] for each in document["forward"]["outcomes"]),
        *(each["label"] for each in document["forward"]["variants"]),
        *(fact["fact"]["label"] for each in document["elements"] for fact in each["holder"]),
        *(fact["source"]["title"] for each in document["elements"] for fact in each["holder"]),
        *(match["kind"]["label"] for each in document["forward"]["outcomes"] for match in each["matches"]),
        *(source["attribution"].rstrip(".") for source in document["sources"]),
        document["forward"]["finding"]["label"],
        document["forward"]["finding"]["rule"]["label"],
        document["forward"]["sensitivity"]["sentence"],
        document["purpose"]["remark"],
    }
    assert [label for label in labels if label not in text] == []


@pytest.mark.parametrize("tag", ["x-private", "i-klingon", "abcd", "zh-Hant", "1a", "de-CH"])
def test_any_tag_of_a_language_gives_a_pdf(tag: str) -> None:
    made = Report("T", "en", (Section("s", "h", (Paragraph((Phrase("half a pair \ud800", tag),)),)),))
    assert pdf_report.write(made, author="", day=DAY, footer="").startswith(b"%PDF-")


def test_a_pdf_is_tagged_and_says_its_language_title_and_author() -> None:
    pypdf = pytest.importorskip("pypdf", reason="pypdf reads the PDF that we write")
    content = pdf_report.write(report("fr"), author=ANALYST, day=DAY, footer="Passerelle")
    read = pypdf.PdfReader(io.BytesIO(content))
    catalogue = read.trailer["/Root"]
    assert catalogue["/Lang"] == "fr"
    assert catalogue["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in catalogue
    assert read.metadata.title == report("fr").title
    assert read.metadata.author == ANALYST
    assert "pdfuaid" in catalogue["/Metadata"].get_data().decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pdf_holds_the_same_contents(language: Language) -> None:
    pypdf = pytest.importorskip("pypdf", reason="pypdf reads the PDF that we write")
    content = pdf_report.write(report(language), author=ANALYST, day=DAY, footer="Passerelle 1")
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    # a word may be divided at the end of a line
    text = re.sub(r"\s+", "", "".join(page.extract_text() for page in pages)).replace("-", "").replace("\u2010", "")
    for section in report(language).sections:
        assert re.sub(r"\s+", "", section.heading).replace("-", "") in text
    for each in (ANALYST, "26.7%" if language == "en" else "26,7", "Encadrerune", "LicenceOuverte2.0", "#panic()$x$"):
        assert re.sub(r"\s+", "", each) in text
    assert all("Passerelle1" in re.sub(r"\s+", "", page.extract_text()) for page in pages)


@pytest.mark.parametrize(
    "text",
    [
        GREEK + " Ωάέήίόύώΐΰ",
        "Монтаж солнечных панелей",
        "Überprüfung großer Anlagen",
        "Tuulegeneraatori hooldus õäöü šž",
        "« œuvre » l'éolienne ≥ 5 – « ç »",
    ],
)
def test_letters_of_our_languages_show(text: str) -> None:
    pypdf = pytest.importorskip("pypdf", reason="pypdf reads the PDF that we write")
    made = Report(text, "en", (Section("s", text, (Paragraph(plain(text)),)),))
    content = pdf_report.write(made, author=text, day=DAY, footer="")
    # PDF/UA-1 refuses a character without a glyph, so that this says that there is one for each
    read = pypdf.PdfReader(io.BytesIO(content))
    assert text in read.pages[0].extract_text()
    assert "pdfuaid" in read.trailer["/Root"]["/Metadata"].get_data().decode()


def test_a_script_that_no_font_has_still_gives_a_report() -> None:
    made = Report("漢字", "en", (Section("s", "h", (Paragraph(plain("漢字 العربية")),)),))
    assert pdf_report.write(made, author="", day=DAY, footer="").startswith(b"%PDF-")


def test_the_same_report_is_the_same_file() -> None:
    first, second = (pdf_report.write(report(), author=ANALYST, day=DAY, footer="") for _ in range(2))
    assert first == second


def test_every_table_names_its_columns_and_fills_its_rows() -> None:
    for section in report().sections:
        for block in section.blocks:
            if isinstance(block, Table):
                assert block.caption
                assert {len(row) for row in block.rows} <= {len(block.columns)}
