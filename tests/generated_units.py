"""Small random units for properties: outcomes that share texts, words, skills, and skills next to each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from passerelle.comparability.index.coverage_index import CoverageIndex
from passerelle.comparability.index.postings import inverse_of
from passerelle.comparability.index.table_reading import read_tables
from passerelle.comparability.index.text_keys import TextKeys
from passerelle.comparability.proximity import SkillHierarchy
from passerelle.graph.all_units import AllUnits, UnitRow
from passerelle.records.compared_unit import LINK_CLASSES, ComparedOutcome, ComparedUnit, OutcomeLink
from passerelle.records.text import LanguageText

SKILLS = tuple(f"http://data.europa.eu/esco/skill/{letter}" for letter in "abcdef")
RELATIONS = ("skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:narrowMatch", "skos:relatedMatch")
TEXTS = (
    LanguageText("Souder des câbles électriques de puissance", "fr"),
    LanguageText("• Souder des câbles électriques de puissance", "fr-BE"),
    LanguageText("souder un câble électrique de la puissance", "fr"),
    LanguageText("Souder des câbles électriques de puissance", "en"),
    LanguageText("Contrôler une éolienne en mer", "fr"),
    LanguageText("Contrôler", "fr"),
    LanguageText("contrôler", "fr"),
    LanguageText("", "fr"),
)


@dataclass(frozen=True)
class Units:
    """Units, and the pairs (narrower, broader) of their skills."""

    units: tuple[ComparedUnit, ...]
    broader: frozenset[tuple[str, str]]

    @property
    def hierarchy(self) -> SkillHierarchy:
        return SkillHierarchy.of_pairs(self.broader)


links = st.builds(
    lambda skill, link_class, relation, confidence, calibrated: (
        OutcomeLink(skill, link_class, relation, confidence, calibrated)
        if link_class == "machine"
        else OutcomeLink(skill, link_class, relation)
    ),
    st.sampled_from(SKILLS),
    st.sampled_from(LINK_CLASSES),
    st.sampled_from(RELATIONS),
    st.integers(0, 100).map(lambda percent: percent / 100),
    st.booleans(),
)
link_sets = st.lists(links, max_size=3, unique_by=lambda link: link.skill).map(
    lambda found: tuple(sorted(found, key=lambda link: link.skill))
)


@st.composite
def units(draw: st.DrawFn, most: int = 5) -> Units:
    """Up to `most` units; the first may be the whole of the second, and two units may state the same outcome."""
    known = [
        (
            f"https://example.org/outcome/{number}",
            tuple(draw(st.sets(st.sampled_from(TEXTS), max_size=2))),
            draw(link_sets),
        )
        for number in range(draw(st.integers(0, 7)))
    ]
    count = draw(st.integers(1, most))
    own = [draw(st.sets(st.sampled_from(range(len(known))), max_size=4)) if known else set() for _ in range(count)]
    nested = count > 1 and draw(st.booleans())
    iris = [f"https://example.org/unit/{number}" for number in range(count)]
    made = []
    for number in range(count):
        found = own[number] | own[1] if nested and number == 0 else own[number]
        outcomes = tuple(
            ComparedOutcome(known[each][0], iris[number], known[each][1], known[each][2]) for each in sorted(found)
        )
        made.append(
            ComparedUnit(
                iri=iris[number],
                identifier=iris[number],
                kind="bloc",
                titles=(),
                country="FR" if number % 2 == 0 else "IT",
                parts=(iris[1],) if nested and number == 0 else (),
                wholes=(iris[0],) if nested and number == 1 else (),
                outcomes=outcomes,
            )
        )
    pairs = draw(st.sets(st.tuples(st.sampled_from(SKILLS), st.sampled_from(SKILLS)), max_size=5))
    return Units(tuple(made), frozenset((narrow, broad) for narrow, broad in pairs if narrow < broad))


class Given(AllUnits):
    """Units at hand in place of those of a store."""

    def __init__(self, given: Sequence[ComparedUnit], broader: frozenset[tuple[str, str]], texts: TextKeys) -> None:
        self._given = sorted(given, key=lambda unit: unit.iri)
        self._broader = broader
        self._texts = texts

    def naming(self, curie: str) -> Iterator[tuple[str, str]]:
        return iter(())

    def rows(self) -> Iterator[UnitRow]:
        for unit in self._given:
            outcomes = sorted(
                (each.iri, tuple(sorted({self._texts.number(text) for text in each.texts}))) for each in unit.outcomes
            )
            yield UnitRow(
                unit.iri,
                unit.kind,
                unit.country,
                unit.level,
                unit.level_basis,
                unit.parts,
                unit.wholes,
                tuple(outcomes),
                tuple(sorted({self._texts.number(text) for text in unit.titles})),
            )

    def links(self) -> Iterator[tuple[str, OutcomeLink]]:
        yield from sorted(
            {(outcome.iri, link) for unit in self._given for outcome in unit.outcomes for link in outcome.links},
            key=lambda pair: (pair[0], pair[1].skill),
        )

    def closer(self) -> Iterator[tuple[str, str]]:
        yield from sorted(self._broader)


def index_of(given: Sequence[ComparedUnit], broader: frozenset[tuple[str, str]] = frozenset()) -> CoverageIndex:
    """The index of these units."""
    texts = TextKeys()
    tables = read_tables(Given(given, broader, texts), texts)
    return CoverageIndex(tables, inverse_of(tables))
