"""A large index of random units with the skew of real ones: few skills that everybody has, many that nearly nobody has.

Sizes are those of the catalogues (55,761 blocs and 5,518 active fiches on 16 August 2026; ESCO 1.2.0: 13,939 skills, of
which 4,977 stand directly below another, 6,463 such pairs, up to 270 below one). How often a skill is met falls with
its rank to the power of 0.9: an assumption, by which a tenth of all units have the commonest skill, and a unit meets a
tenth of all others.
"""

from __future__ import annotations

import numpy as np

from passerelle.comparability.index.coverage_index import CoverageIndex
from passerelle.comparability.index.postings import inverse_of
from passerelle.comparability.index.ragged import Integers, Lists, Truths, starts_of
from passerelle.comparability.index.strings import SortedTexts
from passerelle.comparability.index.tables import TEXT, Links, Tables
from passerelle.comparability.index.unit_contexts import UnitContexts, UnitsByThing
from passerelle.comparability.index.unit_words import UnitWords

SKILLS = 13_939
PAIRS_OF_SKILLS = 6_463
BROADER_SKILLS = 2_277
COUNTRIES = ("", "AT", "BE", "CH", "DE", "EE", "ES", "FR", "IT", "NL", "PT")
FRANCE = COUNTRIES.index("FR")
BASE = "https://example.org/passerelle"

_UNNAMED = UnitsByThing.read((), {})


def index(french: int, foreign: int, seed: int = 5) -> CoverageIndex:
    """So many units, of 7 outcomes in the mean with 0 to 3 links each; a tenth of the outcomes read like another."""
    random = np.random.default_rng(seed)
    units = french + foreign
    sizes = 1 + random.geometric(1 / 6, units)
    outcomes = int(sizes.sum())
    closer, below = _hierarchy(random)
    keys = Lists.of(
        chosen := np.flatnonzero(random.random(outcomes) < 0.1),
        random.integers(0, max(1, len(chosen) // 3), len(chosen)).astype(np.int32),
        outcomes,
    )
    country = np.full(units, FRANCE, np.uint8)
    country[french:] = random.choice([place for place in range(1, len(COUNTRIES)) if place != FRANCE], foreign)
    tables = Tables(
        iris=SortedTexts.of(
            [f"{BASE}/id/rncp/{number:08d}" for number in range(french)]
            + [f"{BASE}/id/unit/{number:08d}" for number in range(foreign)]
        ),
        kinds=("", "bloc", "component"),
        countries=COUNTRIES,
        bases=("", "stated"),
        languages=("",),
        kind=np.where(np.arange(units) < french, 1, 2).astype(np.uint8),
        country=country,
        language=np.zeros(units, np.uint8),
        level=random.integers(0, 9, units).astype(np.int8),
        basis=np.ones(units, np.uint8),
        parts=_none(units),
        wholes=_none(units),
        words=UnitWords.none(units),
        contexts=UnitContexts(_UNNAMED, _UNNAMED, _UNNAMED),
        outcomes=Lists(starts_of(sizes), np.arange(outcomes, dtype=np.int32)),
        links=_links(random, outcomes),
        skills=SortedTexts.of([f"http://data.europa.eu/esco/skill/{number:05d}" for number in range(SKILLS)]),
        closer=closer,
        closer_below=below,
        keys=keys,
        key_kind=np.full(int(keys.values.max(initial=-1)) + 1, TEXT, np.uint8),
    )
    return CoverageIndex(tables, inverse_of(tables))


def _none(units: int) -> Lists:
    return Lists(np.zeros(units + 1, np.int64), np.empty(0, np.int32))


def _links(random: np.random.Generator, outcomes: int) -> Links:
    owner = np.repeat(np.arange(outcomes), random.integers(0, 4, outcomes))
    popularity = 1 / (np.arange(SKILLS) + 20) ** 0.9
    skill = random.permutation(SKILLS)[random.choice(SKILLS, len(owner), p=popularity / popularity.sum())]
    pairs = np.unique(owner * SKILLS + skill)
    count = len(pairs)
    link_class = random.choice(4, count, p=(0.05, 0.05, 0.2, 0.7)).astype(np.uint8)
    confidence = np.where(link_class == 3, random.integers(30, 100, count) / 100, 1.0)
    return Links(
        starts=starts_of(np.bincount(pairs // SKILLS, minlength=outcomes)),
        skill=(pairs % SKILLS).astype(np.int32),
        link_class=link_class,
        relation=random.choice(5, count, p=(0.4, 0.3, 0.15, 0.1, 0.05)).astype(np.uint8),
        confidence=confidence,
        calibrated=np.ones(count, np.bool_),
    )


def _hierarchy(random: np.random.Generator) -> tuple[Lists, Truths]:
    popularity = 1 / (np.arange(BROADER_SKILLS) + 5) ** 0.7
    broad = random.choice(BROADER_SKILLS, PAIRS_OF_SKILLS, p=popularity / popularity.sum())
    narrow = random.integers(BROADER_SKILLS, SKILLS, PAIRS_OF_SKILLS)
    pairs = np.unique(np.stack((broad, narrow)), axis=1)
    owner = np.concatenate((pairs[0], pairs[1]))
    below = np.concatenate((np.ones(pairs.shape[1], np.bool_), np.zeros(pairs.shape[1], np.bool_)))
    order = np.argsort(owner, kind="stable")
    values: Integers = np.concatenate((pairs[1], pairs[0]))[order].astype(np.int32)
    return Lists(starts_of(np.bincount(owner, minlength=SKILLS)), values), below[order]
