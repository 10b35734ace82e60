"""Learns from linked pairs what people call the words of labels: run by the fitting of weights, never in use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from passerelle.linking import terms
from passerelle.linking.linked_texts import LinkedText
from passerelle.linking.skill_texts import SkillTexts
from passerelle.linking.translation import translation
from passerelle.linking.word_associations import WordAssociations, hashed

_PAIR = {"skos:exactMatch": 1.0, "skos:closeMatch": 1.0, "skos:broadMatch": 0.6, "skos:narrowMatch": 0.6}
"""How much a pair counts for the associations of its words."""

_ITSELF = 0.5
"""How much each label counts as its own text, so that words keep standing for themselves."""

_LEAST = 0.01
_ROUNDS = 6


def associations(queries: Sequence[LinkedText], own: Mapping[str, SkillTexts], language: str) -> WordAssociations:
    """What people call the words of labels, learned from linked pairs."""
    columns: dict[str, int] = {}

    def known(stems: Sequence[str]) -> list[int]:
        return [columns.setdefault(stem, len(columns)) for stem in stems]

    given, said, weights = [], [], []
    used: Counter[str] = Counter()
    for query in queries:
        stems = sorted(set(terms.stems(query.text, language)))
        used.update(stems)
        for skill, relation in sorted(query.skills.items()):
            if skill in own and relation in _PAIR:
                labels = (own[skill].preferred, *own[skill].alternatives)
                for label in labels:
                    given.append(known(terms.stems(label, language)))
                    said.append(known(stems))
                    weights.append(_PAIR[relation] / len(labels))
    taught = sorted({column for each in given for column in each})
    for _, texts in sorted(own.items()):
        itself = known(terms.stems(texts.preferred, language))
        given.append(itself)
        said.append(itself)
        weights.append(_ITSELF)
    table = translation(given, said, (len(columns), len(columns)), weights, _ROUNDS).tocoo()
    kept = (table.data >= _LEAST) & np.isin(table.row, taught)
    hashes = np.array([hashed(stem) for stem in columns], np.uint32)
    return WordAssociations(
        language,
        hashes[table.row[kept]],
        hashes[table.col[kept]],
        table.data[kept].astype(np.float32),
        np.array([hashed(stem) for stem in sorted(used)], np.uint32),
        np.array([used[stem] for stem in sorted(used)], np.float32),
    )
