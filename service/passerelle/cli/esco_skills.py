"""ESCO's skills out of its CSV packages, as the ranker takes them; out of a release they come by `linking`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from passerelle.linking.skill_texts import SkillTexts
from passerelle.records.concept import BroaderRelation, Concept, ConceptTexts, OccupationSkillRelation
from passerelle.records.tally import Tally
from passerelle.sources.esco import EscoDataset


def skills_of_files(paths: Sequence[Path]) -> tuple[str, list[SkillTexts]]:
    """The version of ESCO and its skills with a preferred label, sorted by language and IRI. Raises InputError."""
    dataset = EscoDataset(paths)
    concepts: dict[str, Concept] = {}
    texts: list[ConceptTexts] = []
    broader: dict[str, set[str]] = defaultdict(set)
    needed: Counter[str] = Counter()
    for record in dataset.read(Tally()):
        if isinstance(record, Concept) and record.kind == "skill":
            concepts[record.iri] = record
        elif isinstance(record, ConceptTexts) and record.preferred:
            texts.append(record)
        elif isinstance(record, BroaderRelation):
            broader[record.concept].add(record.broader)
        elif isinstance(record, OccupationSkillRelation):
            needed[record.skill] += 1
    found = [
        SkillTexts(
            each.iri,
            each.language,
            each.preferred,
            each.alternative,
            each.description,
            tuple(sorted(broader[each.iri])),
            concepts[each.iri].skill_type,
            concepts[each.iri].reuse_level,
            needed[each.iri],
        )
        for each in texts
        if each.iri in concepts
    ]
    return dataset.version, sorted(found, key=lambda each: (each.language, each.skill))
