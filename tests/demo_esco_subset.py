"""Cuts the ESCO and ROME files of `data/demo` out of the official ones (`python tests/demo_esco_subset.py`).

Facts only: IRIs, codes, labels and relations; descriptions and notes are left out. The same input gives the same
members (fixed time stamps, order of the official files kept). ESCO: CC BY 4.0, "This service uses the ESCO
classification of the European Commission." ROME and its crosswalk: France Travail, Licence Ouverte 2.0.
"""

from __future__ import annotations

import csv
import io
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from python_calamine import CalamineWorkbook

ROOT = Path(__file__).parents[1]
DEMO = ROOT / "data" / "demo"
ESCO_FILE = "ESCO dataset - v1.2.0 - classification - {language} - csv.zip"
ROME_FILE = "rome_metiers.xlsx"
CROSSWALK_FILE = "FR_20230607_mapping_esco_rome.csv"
DEMO_CROSSWALK_FILE = "FR_demo_mapping_esco_rome.csv"
STAMP = (2026, 11, 22, 0, 0, 0)

SKILL = "http://data.europa.eu/esco/skill/"
OCCUPATION = "http://data.europa.eu/esco/occupation/"

USED = (
    "52242966-692f-4a4f-8279-cadbc7874183",
    "b7a26b32-c457-49aa-9a78-25ade10090e3",
    "fafbb75f-ec35-4cc2-996a-20c85ef6c266",
    "334e3e49-fb02-4051-809a-f06adfdc1c40",
    "7d913551-e17a-40ba-baf7-48d0c3b12e50",
    "5a29fbb3-3b5c-44f2-b07a-e84faa790088",
    "182915aa-3470-433a-9b12-347511befcde",
    "60c78287-22eb-4103-9c8c-28deaa460da0",
    "08a5f6dd-d3dd-4371-9919-6d730f34499c",
    "18d3f89a-6ac5-4ca6-bf93-0baec4e13bcd",
    "33784b61-bd86-4451-8a89-741ada5f8475",
    "13879c29-3c14-4a53-945c-5a8c0f8984db",
    "6360d655-3494-45f6-bfc6-d5f63afc355b",
    "79a5bc25-5b59-47bc-a4c2-fb8e8cb1ddf6",
    "2b76cbbf-eddc-4a12-a120-f4ea370820a5",
    "2b92a5b2-6758-4ee3-9fb4-b6387a55cc8f",
    "f191c306-f0eb-4cb8-82fb-3331adbbc6f1",
    "8eebf05f-4495-4fd5-b1f0-cb85750295be",
    "6542601c-92ee-4a03-abd9-fde0635727a2",
    "5bf756dd-a54a-47cd-80fe-3418fedd1c51",
    "2179e0fd-7431-41a3-bbf4-76451c615ce2",
    "445b65c5-5b16-4f66-94ce-f2a7f49f9ee7",
    "1d21f6ad-340f-45da-a0a3-4e83867f47a6",
    "4e0a7f6e-b546-4cc6-9f8b-53e4fa31a426",
    "7263d760-f114-42b8-8d60-3b9e8107e990",
)
"""Skills that the demonstration's units and reviews name."""

MAIN_OCCUPATIONS = (
    "a32187fa-bc37-4fc2-8e89-296632bfc271",
    "1a165cb5-99ff-4a4e-9e08-97a0fb7ed6f8",
    "75b63949-1b93-4bf2-a777-ccf978dc3e8a",
    "6d823dbb-4008-4fb7-b98d-f9d934478647",
    "c89afd9a-7dad-4bae-9315-5fcadd9ad8b6",
    "ac37627c-a999-4779-997e-9795cc4f9a3d",
)
"""Wind, solar and grid occupations, all of whose essential skills are kept."""

OTHER_OCCUPATIONS = (
    "74332fd0-4a50-464e-9116-98fa9b8127ac",
    "9aa2a36f-296e-45fe-9798-b7839e0ed389",
    "5d009d45-3bb9-4e33-8760-294f59adec8c",
    "ba490796-46f7-45b7-827b-db6882fca3e1",
    "4910419f-b4af-4f59-b544-9dbebc8a74f0",
)

NEIGHBOURS = (
    "wind",
    "photovolt",
    "solar",
    "smart grid",
    "predictive",
    "troubleshoot",
    "electrical safety",
    "power line",
    "teamwork",
    "work in teams",
    "renewable",
    "energy storage",
    "maintenance work",
    "preventive maintenance",
)
"""Words of further English labels, so that searches in the demonstration have wrong answers to find as well."""

NOT_OURS = (
    "window",
    "windshield",
    "winding",
    "winds and currents",
    "musical",
    "website",
    "cosmetics",
    "students",
    "rail",
    "grounds",
    "fire fighting",
)

ROME_CODES = {("I", "13", "21"), ("I", "13", "04"), ("F", "16", "10"), ("F", "16", "05"), ("F", "16", "02")}

BLANKED = ("description", "Description", "scopeNote", "Scope note", "definition", "hiddenLabels")

Row = dict[str, str]


class Official:
    """The members of one official zip of CSV files, read whole."""

    def __init__(self, path: Path) -> None:
        self._archive = zipfile.ZipFile(path)
        self.names = sorted(name for name in self._archive.namelist() if name.endswith(".csv"))

    def header(self, name: str) -> list[str]:
        """The columns of a member in their order."""
        with self._archive.open(name) as member:
            return next(csv.reader(io.TextIOWrapper(member, encoding="utf-8-sig", newline="")))

    def rows(self, name: str) -> Iterator[Row]:
        """The rows of a member; missing last fields are empty."""
        with self._archive.open(name) as member:
            yield from csv.DictReader(io.TextIOWrapper(member, encoding="utf-8-sig", newline=""), restval="")


def chosen_occupations(english: Official, crosswalk: list[list[str]]) -> set[str]:
    """The occupations of the demonstration: the listed ones and the targets of the kept crosswalk rows.

    Targets that this version of ESCO has retired stay out, although a concept scheme may still list them.
    """
    wanted = {OCCUPATION + identifier for identifier in MAIN_OCCUPATIONS + OTHER_OCCUPATIONS}
    wanted |= {row[0] for row in crosswalk}
    return wanted & {row["conceptUri"] for row in english.rows("occupations_en.csv")}


def chosen_skills(english: Official) -> set[str]:
    """The skills of the demonstration."""
    main = {OCCUPATION + identifier for identifier in MAIN_OCCUPATIONS}
    kept = {SKILL + identifier for identifier in USED}
    for row in english.rows("occupationSkillRelations_en.csv"):
        if row["occupationUri"] in main and row["relationType"] == "essential":
            kept.add(row["skillUri"])
    for row in english.rows("skills_en.csv"):
        label = row["preferredLabel"].lower()
        if any(word in label for word in NEIGHBOURS) and not any(word in label for word in NOT_OURS):
            kept.add(row["conceptUri"])
    return kept


def with_ancestors(official: Official, name: str, kept: set[str]) -> set[str]:
    """`kept` and everything above it in a member of broader relations."""
    parents: dict[str, list[str]] = {}
    for row in official.rows(name):
        parents.setdefault(row["conceptUri"], []).append(row["broaderUri"])
    found, queue = set(kept), sorted(kept)
    while queue:
        for parent in parents.get(queue.pop(), []):
            if parent not in found:
                found.add(parent)
                queue.append(parent)
    return found


def members(official: Official, skills: set[str], occupations: set[str]) -> Iterator[tuple[str, str]]:
    """Name and text of each member of the cut zip: the official columns, the rows about the kept concepts."""
    kept = skills | occupations
    ends = {
        "broaderRelations": ("conceptUri", "broaderUri"),
        "occupationSkillRelations": ("occupationUri", "skillUri"),
        "skillSkillRelations": ("originalSkillUri", "relatedSkillUri"),
    }
    for name in official.names:
        columns = official.header(name)
        pair = next((columns_ for start, columns_ in ends.items() if name.startswith(start)), None)
        levels = [column for column in columns if column.endswith(" URI")]
        text = io.StringIO()
        writer = csv.DictWriter(text, columns, lineterminator="\n")
        writer.writeheader()
        for row in official.rows(name):
            if pair is not None:
                keep = all(row[column] in kept for column in pair)
            elif levels:
                keep = all(row[column] in kept for column in levels if row[column])
            elif "conceptSchemeUri" in row:
                tops = [iri for iri in row["hasTopConcept"].replace(",", " ").split() if iri in kept]
                row["hasTopConcept"] = ",\n".join(tops)
                keep = True
            else:
                keep = row["conceptUri"] in kept
            if keep:
                writer.writerow(row | {column: "" for column in BLANKED if column in row})
        yield name, text.getvalue()


def write_zip(path: Path, parts: Iterator[tuple[str, str]]) -> None:
    """A zip whose bytes depend on its parts alone."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in parts:
            entry = zipfile.ZipInfo(name, STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, text.encode("utf-8"))


def rome_rows(reference: Path) -> list[list[str]]:
    """The rows of the official sheet that lead to the ROME codes of the demonstration, header first."""
    workbook = CalamineWorkbook.from_path(reference / "rome" / ROME_FILE)
    sheet = next(name for name in workbook.sheet_names if name.startswith("Arbo Principale"))
    rows = [[str(cell) for cell in row] for row in workbook.get_sheet_by_name(sheet).to_python()]
    domains = {code[:2] for code in ROME_CODES}
    kept = [rows[0]]
    for row in rows[1:]:
        letter, domain, code = (cell.strip() for cell in row[:3])
        if code:
            keep = (letter, domain, code) in ROME_CODES
        elif domain:
            keep = (letter, domain) in domains
        else:
            keep = letter in {each[0] for each in domains}
        if keep:
            kept.append(row)
    return kept


def crosswalk_rows(reference: Path, appellations: set[str]) -> tuple[list[list[str]], list[list[str]]]:
    """The preamble with the header, and the rows about these appellations."""
    with (reference / "rome" / CROSSWALK_FILE).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    header = next(index for index, row in enumerate(rows) if row[:1] == ["classification 1 ID"])
    return rows[: header + 1], [row for row in rows[header + 1 :] if len(row) > 2 and row[2] in appellations]


def sheet(rows: list[list[str]]) -> str:
    """A worksheet part with its cells as inline strings."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>',
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>',
    ]
    for number, row in enumerate(rows, start=1):
        cells = "".join(
            f'<c r="{chr(65 + column)}{number}" t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
            for column, cell in enumerate(row)
        )
        lines.append(f'<row r="{number}">{cells}</row>')
    lines.append("</sheetData></worksheet>")
    return "\n".join(lines)


def workbook_parts(sheets: dict[str, list[list[str]]]) -> Iterator[tuple[str, str]]:
    """The parts of a plain xlsx file (ECMA-376), written here so that no library puts the time of day into it."""
    declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    numbers = range(1, len(sheets) + 1)
    yield (
        "[Content_Types].xml",
        declaration
        + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        + '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        + f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kind}.worksheet+xml"/>' for n in numbers
        )
        + "</Types>",
    )
    yield (
        "_rels/.rels",
        f'{declaration}<Relationships xmlns="{relations}"><Relationship Id="rId1" Type="{office}/officeDocument"'
        ' Target="xl/workbook.xml"/></Relationships>',
    )
    yield (
        "xl/workbook.xml",
        f'{declaration}<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        + "".join(
            f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(sheets, start=1)
        )
        + "</sheets></workbook>",
    )
    yield (
        "xl/_rels/workbook.xml.rels",
        f'{declaration}<Relationships xmlns="{relations}">'
        + "".join(
            f'<Relationship Id="rId{n}" Type="{office}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
        )
        + "</Relationships>",
    )
    for n, rows in zip(numbers, sheets.values(), strict=True):
        yield f"xl/worksheets/sheet{n}.xml", sheet(rows)


def write(reference: Path, target: Path) -> None:
    """Write the ESCO zips, the ROME workbook and the crosswalk of the demonstration into `target`."""
    before = csv.field_size_limit(10_000_000)  # one for the whole process, so it is put back
    try:
        _write(reference, target)
    finally:
        csv.field_size_limit(before)


def _write(reference: Path, target: Path) -> None:
    english = Official(reference / "esco" / ESCO_FILE.format(language="en"))
    rome = rome_rows(reference)
    preamble, crosswalk = crosswalk_rows(reference, {row[4].strip() for row in rome if row[4].strip()})
    skills = with_ancestors(english, "broaderRelationsSkillPillar_en.csv", chosen_skills(english))
    occupations = with_ancestors(english, "broaderRelationsOccPillar_en.csv", chosen_occupations(english, crosswalk))
    for language in ("en", "fr"):
        name = ESCO_FILE.format(language=language)
        write_zip(target / name, members(Official(reference / "esco" / name), skills, occupations))
    definition = [["Définition"], ["Extrait de démonstration de l'arborescence principale du ROME (Passerelle)"]]
    sheets = {"Définition": definition, "Arbo Principale 18-09-2025": rome}
    write_zip(target / ROME_FILE, workbook_parts(sheets))
    with (target / DEMO_CROSSWALK_FILE).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(preamble + crosswalk)


if __name__ == "__main__":
    write(Path(os.environ.get("PASSERELLE_REFERENCE", ROOT.parent / "shared" / "reference")), DEMO)
