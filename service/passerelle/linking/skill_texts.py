"""What a ranker knows of an ESCO skill in one language; where it was read from does not matter here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SkillTexts:
    """The texts of one skill (IRI) in one language (primary subtag), and what ranks beside them.

    `broader` are the IRIs of its direct broader concepts, `skill_type` and `reuse_level` ESCO's IRIs, `occupations` the
    number of occupations that need it; all of them empty or 0 where nothing is known. The same skill may come once for
    each language; the facts beside the texts are then the same each time.
    """

    skill: str
    language: str
    preferred: str
    alternatives: tuple[str, ...] = ()
    description: str = ""
    broader: tuple[str, ...] = ()
    skill_type: str = ""
    reuse_level: str = ""
    occupations: int = 0
