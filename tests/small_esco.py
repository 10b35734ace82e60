"""Makes tiny packages in the layout of ESCO's CSV zips, for tests that need a few concepts and their relations."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

ESCO = "http://data.europa.eu/esco/"
SCHEMES = ESCO + "concept-scheme/"

Table = Sequence[Sequence[str]]
"""The header and the rows of one table."""


def small_esco_tables(language: str = "en") -> dict[str, Table]:
    """Two skills, one piece of knowledge, one occupation, their groups and relations.

    `skill/mount-panels` and `skill/wire-panels` stand below the group `skill/install`, that below `skill/all`;
    `skill/solar-energy` (knowledge, in the green collection) stands below `isced-f/0713`; the occupation
    `occupation/solar-technician` (ISCO 7411) needs the first and the knowledge, and may need the second.
    """
    words = {
        "mount-panels": {"en": "mount panels", "fr": "monter des panneaux"},
        "wire-panels": {"en": "wire panels", "fr": "câbler des panneaux"},
        "solar-energy": {"en": "solar energy", "fr": "énergie solaire"},
        "solar-technician": {"en": "solar technician", "fr": "technicien solaire/technicienne solaire"},
        "other": {"en": "install panels\nput up panels", "fr": "poser des panneaux"},
    }

    def say(word: str) -> str:
        return words[word].get(language, f"{word} ({language})")

    skills = SCHEMES + "skills"
    occupations = SCHEMES + "occupations"
    k, s = "KnowledgeSkillCompetence", ESCO + "skill/"
    technician = ESCO + "occupation/solar-technician"
    return {
        "skills": (
            ("conceptType", "conceptUri", "skillType", "reuseLevel", "preferredLabel", "altLabels", "status",
             "inScheme", "description"),
            (k, s + "mount-panels", "skill/competence", "sector-specific", say("mount-panels"), say("other"),
             "released", f"{skills},\n{SCHEMES}member-skills", ""),
            (k, s + "wire-panels", "skill/competence", "sector-specific", say("wire-panels"), "", "released", skills,
             ""),
            (k, s + "solar-energy", "", "", say("solar-energy"), "", "released", skills, ""),
        ),
        "occupations": (
            ("conceptType", "conceptUri", "iscoGroup", "preferredLabel", "altLabels", "inScheme", "description",
             "code"),
            ("Occupation", technician, "7411", say("solar-technician"), "", occupations, "", "7411.1"),
        ),
        "skillGroups": (
            ("conceptType", "conceptUri", "preferredLabel", "altLabels", "inScheme", "description", "code"),
            ("SkillGroup", s + "all", "skills", "", f"{skills}\n{SCHEMES}skills-hierarchy", "", "S"),
            ("SkillGroup", s + "install", "installing", "", skills, "", "S1"),
            ("SkillGroup", ESCO + "isced-f/0713", "electricity and energy", "", skills, "", "0713"),
        ),
        "ISCOGroups": (
            ("conceptType", "conceptUri", "code", "preferredLabel", "altLabels", "inScheme", "description"),
            ("ISCOGroup", ESCO + "isco/C741", "741", "Electrical installers", "", SCHEMES + "isco", ""),
            ("ISCOGroup", ESCO + "isco/C7411", "7411", "Building electricians", "", SCHEMES + "isco", ""),
        ),
        "broaderRelationsSkillPillar": (
            ("conceptType", "conceptUri", "broaderType", "broaderUri"),
            (k, s + "mount-panels", "SkillGroup", s + "install"),
            (k, s + "wire-panels", "SkillGroup", s + "install"),
            (k, s + "solar-energy", "SkillGroup", ESCO + "isced-f/0713"),
            ("SkillGroup", s + "install", "SkillGroup", s + "all"),
        ),
        "broaderRelationsOccPillar": (
            ("conceptType", "conceptUri", "broaderType", "broaderUri"),
            ("ISCOGroup", ESCO + "isco/C7411", "ISCOGroup", ESCO + "isco/C741"),
            ("Occupation", technician, "ISCOGroup", ESCO + "isco/C7411"),
        ),
        "occupationSkillRelations": (
            ("occupationUri", "relationType", "skillType", "skillUri"),
            (technician, "essential", "skill/competence", s + "mount-panels"),
            (technician, "essential", "knowledge", s + "solar-energy"),
            (technician, "optional", "skill/competence", s + "wire-panels"),
        ),
        "skillSkillRelations": (
            ("originalSkillUri", "originalSkillType", "relationType", "relatedSkillType", "relatedSkillUri"),
            (s + "mount-panels", "knowledge", "optional", "knowledge", s + "solar-energy"),
        ),
        "greenSkillsCollection": (
            ("conceptType", "conceptUri", "preferredLabel", "skillType", "reuseLevel", "altLabels", "description"),
            (k, s + "solar-energy", "power of the sun", "knowledge", "cross-sector", "sun power | solar power",
             "Energy that the sun gives."),
        ),
    }  # fmt: skip


def write_small_esco(
    folder: Path, tables: Mapping[str, Table] | None = None, language: str = "en", version: str = "1.2.0"
) -> Path:
    """Write `tables` (those of `small_esco_tables` by default) as an official-looking zip in `folder`."""
    path = folder / f"ESCO dataset - v{version} - classification - {language} - csv.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in (small_esco_tables(language) if tables is None else tables).items():
            text = io.StringIO(newline="")
            csv.writer(text).writerows(rows)
            archive.writestr(f"{name}_{language}.csv", text.getvalue())
    return path
