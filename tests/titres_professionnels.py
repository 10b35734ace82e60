"""Reads the dated versions of *titres professionnels* of the reference folder into a unit table, and legal tables.

`python tests/titres_professionnels.py REFERENCE FOLDER` writes both into a folder, as `titles.csv` for `build --units`
and `pairs.tsv` for `correspondences --pairs`.

A title consists of *certificats de compétences professionnelles* (CCP), which are certified apart (arrêté of 9 March
2006 on titres professionnels), so they are partial qualifications of the unit table; `bloc` is kept for the RNCP. The
old levels (V, IV, III) are of the nomenclature before 2019: no European level is inferred from them.

The legal tables ("article 3 bis") say which CCP of a new version holders of an old one "sont réputés avoir obtenu".
"""

from __future__ import annotations

import csv
import re
import sys
from dataclasses import dataclass
from html import unescape
from pathlib import Path

FOLDER = Path("french-catalogue") / "titres-professionnels-2003-2015"
COLUMNS = (
    "unit_id", "unit_title", "unit_kind", "qualification_id", "qualification_title", "country", "language",
    "outcome_no", "outcome_text",
)  # fmt: skip
_NUMBERED = re.compile(r"\d+\.\s+(.*)")
_START = "des composantes de la certification"
_ENDS = ("<!--", "Code")
_BETWEEN = (
    "Certificat complémentaire de spécialisation"  # what follows is certified apart, too, and counted from 1 again
)


@dataclass(frozen=True)
class Certificate:
    """A CCP, or a complementary certificate (CCS): its place within the title, its heading, its competences."""

    number: int
    title: str
    competences: tuple[str, ...]


@dataclass(frozen=True)
class Title:
    """A version of a title; `decree` is the identifier of its arrêté, `text` that of the version."""

    decree: str
    text: str
    day: str
    title: str
    certificates: tuple[Certificate, ...]

    @property
    def identifier(self) -> str:
        """Unique among versions: two titles can have one text, and two versions one decree."""
        return f"FR:{self.decree}-{self.text}"


def titles(reference: Path) -> list[Title]:
    """All versions, in the order of their files."""
    return [_title(path) for path in sorted((reference / FOLDER).glob("*.md"))]


def write_unit_table(found: list[Title], path: Path) -> None:
    """The versions as a unit table, a row a competence."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for title in found:
            for certificate in title.certificates:
                unit = f"{title.identifier}:{certificate.number}"
                for number, text in enumerate(certificate.competences, 1):
                    writer.writerow(
                        (unit, certificate.title, "partial-qualification", title.identifier, title.title, "FR", "fr",
                         number, text)
                    )  # fmt: skip


def lawful_pairs(reference: Path, found: list[Title]) -> list[tuple[str, str, str]]:
    """Old CCP, new CCP (identifiers of the unit table) and the table that says so."""
    pairs = []
    for path in sorted((reference / FOLDER / "correspondences").glob("*.md")):
        decree, text = path.name.split("_")[0].split("@")
        new = next(title for title in found if (title.decree, title.text) == (decree, text))
        old = [title for title in found if title.decree == decree and title.text != text]
        for before, after in _rows(path.read_text(encoding="utf-8")):
            pairs.append((_unit(old, before), _unit([new], after), f"{decree}, article 3 bis"))
    return pairs


def write_tables(reference: Path, folder: Path) -> None:
    """`titles.csv`, the unit table, and `pairs.tsv`, the lawful pairs; each is of a title and its predecessor."""
    found = titles(reference)
    write_unit_table(found, folder / "titles.csv")
    rows = [("source", "target", "rule", "predecessor"), *((*pair, "yes") for pair in lawful_pairs(reference, found))]
    (folder / "pairs.tsv").write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")


def _title(path: Path) -> Title:
    day, rest = path.stem.split("_", 1)
    decree, text = rest.split("_")[0].split("@")
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    named = next(line for line in lines if line.startswith(("Titre professionnel", "Intitulé : ")))
    name = re.sub(r"^(?:Intitulé :|Titre professionnel(?: :| d'| de))\s*", "", named).rstrip(".")
    start = next(place for place, line in enumerate(lines) if line.endswith(_START)) + 1
    certificates: list[Certificate] = []
    heading = False
    for line in lines[start:]:
        if line.startswith(_ENDS):
            break
        numbered = _NUMBERED.fullmatch(line)
        if numbered:
            certificates.append(Certificate(len(certificates) + 1, numbered[1], ()))
            heading = True
        elif line.startswith(_BETWEEN):
            heading = False
        elif heading and line[0].islower():
            last = certificates[-1]
            certificates[-1] = Certificate(last.number, f"{last.title} {line}", ())
        else:
            heading = False
            last = certificates[-1]
            certificates[-1] = Certificate(last.number, last.title, (*last.competences, line))
    return Title(decree, text, day, name, tuple(certificates))


def _rows(text: str) -> list[tuple[str, str]]:
    """The cells of a table of two columns; a cell of the right column may stand for two rows."""
    found: list[tuple[str, str]] = []
    for row in re.findall(r"<tr>(.*?)</tr>", text, re.DOTALL):
        cells = [_words(re.sub(r"<[^>]+>", " ", cell)) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)]
        if cells:
            found.append((cells[0], cells[1] if len(cells) > 1 else found[-1][1]))
    return found


def _words(text: str) -> str:
    """Letters and digits only: the tables and the decrees differ in commas and spaces."""
    return " ".join(re.findall(r"\w+", unescape(text).lower()))


def _unit(among: list[Title], heading: str) -> str:
    matching = [
        f"{title.identifier}:{certificate.number}"
        for title in among
        for certificate in title.certificates
        if _words(certificate.title) == heading
    ]
    if len(matching) != 1:
        raise ValueError(f"{len(matching)} CCP are called {heading}")
    return matching[0]


if __name__ == "__main__":
    write_tables(Path(sys.argv[1]), Path(sys.argv[2]))
