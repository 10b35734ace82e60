"""What the ESCO of a store gives a ranker to know: the texts of each skill in each language, and what ranks beside."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable

from passerelle.graph.skills import SkillGraph
from passerelle.linking.labels import primary
from passerelle.linking.skill_texts import SkillTexts


def loaded_skills(graph: SkillGraph) -> list[SkillTexts]:
    """The skills with a preferred label, one entry a language, sorted by language and IRI.

    Alternative labels and description are those of the same primary language; a description or a second preferred
    label that a store has in two variants of a language (`fr`, `fr-BE`) counts once, the first by its text.
    """
    preferred = _by_language(graph.texts("skos:prefLabel"))
    alternatives = _by_language(graph.texts("skos:altLabel"))
    descriptions = _by_language(graph.texts("dcterms:description"))
    broader = graph.relations("skos:broader")
    types, reuse = graph.relations("esco:skillType"), graph.relations("esco:skillReuseLevel")
    needed = Counter(graph.needs())
    return [
        SkillTexts(
            skill,
            language,
            labels[0],
            tuple(alternatives.get((language, skill), ())),
            next(iter(descriptions.get((language, skill), ())), ""),
            broader.get(skill, ()),
            next(iter(types.get(skill, ())), ""),
            next(iter(reuse.get(skill, ())), ""),
            needed[skill],
        )
        for (language, skill), labels in sorted(preferred.items())
    ]


def digest_of(skills: Iterable[SkillTexts]) -> str:
    """A hash of everything that a ranker was given: candidates made from equal skills are equal."""
    digest = hashlib.sha256()
    for each in skills:
        digest.update(repr(each).encode())
    return digest.hexdigest()


def _by_language(texts: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for skill, language, text in texts:
        found[primary(language), skill].add(text)
    return {key: sorted(each) for key, each in found.items()}
