"""A release of the size of the catalogues, for measuring comparisons as a user asks for them: nothing in it is true.

python comparison_release.py RELEASES                      builds it there; prints a line of JSON

10,000 certifications of 5 blocs each, and 20,000 foreign qualifications of 4 parts each: 60,000 French and 100,000
foreign units. A bloc has 6 outcomes in the mean, a foreign part 4 (as real units of Switzerland, Germany and Estonia).
Each has 0 to 3 links of all classes to the 13,939 skills, of which some are met by many (see `generated_index`).
A tenth of the outcomes is worded as others are. Statements are written by the product's own writers, links, index and
assertions by its own build.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import time
from collections.abc import Iterator
from decimal import Decimal
from itertools import count
from pathlib import Path

import numpy as np
import pyoxigraph as ox

from generated_catalogue import FIELDS, OCCUPATIONS, sentences
from generated_index import BROADER_SKILLS, PAIRS_OF_SKILLS, SKILLS
from passerelle.build.comparability import write_comparability
from passerelle.build.staged import StagedStore
from passerelle.build.versions import versions
from passerelle.build.vocabularies import vocabulary_quads
from passerelle.graph.links import LinkGraph
from passerelle.graph.manifest import Manifest, SourceEntry
from passerelle.graph.release import Releases
from passerelle.graph.statements.dispatch import write_record
from passerelle.graph.statements.provenance import write_provenance
from passerelle.graph.statements.writer import GraphWriter
from passerelle.namespaces import ESCO_SKILL, Minting
from passerelle.records.fiche import Bloc, Certifier, Dates, Fiche, RouteOpening, Texts
from passerelle.records.link import Candidate, Link, LinkState
from passerelle.records.provenance import Licence, Provenance
from passerelle.records.text import Code, LanguageText, Outcome
from passerelle.records.unit import Credits, Unit
from passerelle.records.unit_tables import countries
from passerelle.settings import Settings

FICHES, BLOCS = 10_000, 5
QUALIFICATIONS, PARTS = 20_000, 4
BASE = "https://example.org/passerelle"
IDENTIFIER = "20260831T000000Z-0b5e55ed"
LANGUAGES = {"BE": "fr", "CH": "de", "DE": "de", "EE": "et", "ES": "es", "GR": "el", "IT": "it", "NL": "nl", "PT": "pt"}
COMMON_WORDINGS = 2_000
STATES: tuple[LinkState, ...] = ("accepted", "official", "declared", "candidate")
STATE_SHARES = (0.05, 0.05, 0.2, 0.7)
RELATIONS = ("skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:narrowMatch", "skos:relatedMatch")
RELATION_SHARES = (0.4, 0.3, 0.15, 0.1, 0.05)
CHUNK = 1_000
LICENCE = Licence("https://example.org/licence", "Test data", "Generated.", "Données générées.")
ROUTES = ("initial-training", "apprenticeship", "continuing-training", "recognition-of-prior-learning")


class Wordings:
    """Outcomes in the words of `generated_catalogue`; each tenth is one that many units have."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._common = sentences(chance, COMMON_WORDINGS)

    def outcomes(self, mean: int, language: str) -> tuple[Outcome, ...]:
        """Between 2 and twice `mean` less 2 of them, each once."""
        texts = [
            self._chance.choice(self._common) if self._chance.random() < 0.1 else sentences(self._chance, 1)[0]
            for _ in range(self._chance.randint(2, 2 * mean - 2))
        ]
        return tuple(Outcome(text, language) for text in dict.fromkeys(texts))

    def text(self, most: int) -> str:
        """A longer text."""
        return ". ".join(sentences(self._chance, self._chance.randint(1, most)))

    def title(self) -> str:
        """A shorter one."""
        return sentences(self._chance, 1)[0].split(" et ")[0]


def fiches(chance: random.Random) -> Iterator[Fiche]:
    """Certifications with the statements that elements of a comparison are made of."""
    words = Wordings(chance)
    for number in range(FICHES):
        name = f"RNCP{900_001 + number}"
        year = chance.randint(2019, 2025)
        yield Fiche(
            number=name,
            catalogue="rncp",
            title=words.title(),
            state="Publiée",
            active=True,
            level=chance.randint(3, 8),
            registration_type="pslv:registration-type/on-request",
            registration_years=5,
            dates=Dates(decision=f"{year}-03-31", effect=f"{year}-04-01", end=f"{year + 5}-03-31"),
            texts=Texts(
                targeted_activities=words.text(6),
                attested_capabilities=words.text(6),
                activity_sectors=words.text(3),
                accessible_jobs=words.text(2),
                objectives=words.text(6),
                entry_prerequisites=words.text(3),
            ),
            speciality_fields=tuple(Code(code, FIELDS[code]) for code in chance.sample(sorted(FIELDS), 2)),
            occupations=tuple(Code(code, OCCUPATIONS[code]) for code in chance.sample(sorted(OCCUPATIONS), 2)),
            certifiers=(Certifier(f"ORGANISME FICTIF {chance.randrange(3_000)}", state="Actif"),),
            routes=tuple(
                RouteOpening(f"pslv:access-route/{each}", chance.random() < 0.6, "Jury fictif.") for each in ROUTES
            ),
            blocs=tuple(
                Bloc(
                    key=code,
                    code=code,
                    title=words.title(),
                    competences_text=words.text(3),
                    assessment_methods=words.text(2),
                    outcomes=words.outcomes(6, "fr"),
                )
                for code in (f"{name}BC{place:02}" for place in range(1, BLOCS + 1))
            ),
        )


def foreign(chance: random.Random, minting: Minting, country: str) -> Iterator[Unit]:
    """Qualifications of a country, each followed by its parts."""
    words, language = Wordings(chance), LANGUAGES[country]
    place = sorted(LANGUAGES).index(country)
    for number in range(place, QUALIFICATIONS, len(LANGUAGES)):
        whole = minting.identifier("unit", country, f"{number:05}")
        level, isced = chance.choice((None, 3, 4, 5, 6)), chance.choice(("0713", "0714", "061", "07"))
        for part in range(PARTS + 1):
            yield Unit(
                iri=f"{whole}/{part}" if part else whole,
                identifier=f"{country}:{number:05}:{part}" if part else f"{country}:{number:05}",
                kind="component" if part else "full-qualification",
                titles=(LanguageText(words.title(), language), LanguageText(words.title(), "en")),
                country=country,
                country_iri=countries()[country].iri,
                outcomes=words.outcomes(4, language) if part else (),
                whole=whole if part else "",
                eqf_level=level,
                isced_f=(isced,),
                credits=Credits(str(chance.randint(1, 30)), "ECVET"),
                hours=Decimal(chance.randint(10, 600)),
                awarding_body=f"Fictitious body {chance.randrange(500)}",
                page=f"https://example.org/page/{country}/{number}/{part}",
            )


def skill_iris() -> list[str]:
    """The skills; which of them are met often has nothing to do with their order."""
    return [f"{ESCO_SKILL}{place:08x}-0000-4000-8000-000000000000" for place in range(SKILLS)]


def esco_quads(minting: Minting) -> list[ox.Quad]:
    """Skills with labels in both languages, and which of them stand directly below which."""
    writer = GraphWriter(minting.graph("esco"), minting)
    nodes = [ox.NamedNode(iri) for iri in skill_iris()]
    labels = sentences(random.Random("skills"), SKILLS)
    for node, label in zip(nodes, labels, strict=True):
        writer.a(node, "esco:Skill", "skos:Concept")
        writer.text(node, "skos:prefLabel", label, "fr")
        writer.text(node, "skos:prefLabel", f"{label} (en)", "en")
    chance = np.random.default_rng(7)
    popularity = 1 / (np.arange(BROADER_SKILLS) + 5) ** 0.7
    broad = chance.choice(BROADER_SKILLS, PAIRS_OF_SKILLS, p=popularity / popularity.sum())
    for above, below in zip(broad, chance.integers(BROADER_SKILLS, SKILLS, PAIRS_OF_SKILLS), strict=True):
        writer.add(nodes[below], "skos:broader", nodes[above])
    return writer.drain()


def links(outcomes: list[str]) -> Iterator[Link]:
    """Up to three links of each outcome, as many skills as often as in `generated_index`."""
    chance = np.random.default_rng(11)
    skills = skill_iris()
    popularity = 1 / (np.arange(SKILLS) + 20) ** 0.9
    often = chance.permutation(SKILLS)
    for begin in range(0, len(outcomes), CHUNK):
        some = outcomes[begin : begin + CHUNK]
        shape = (len(some), 3)
        chosen = often[chance.choice(SKILLS, shape, p=popularity / popularity.sum())].tolist()
        states = chance.choice(len(STATES), shape, p=STATE_SHARES).tolist()
        relations = chance.choice(len(RELATIONS), shape, p=RELATION_SHARES).tolist()
        confidences = chance.integers(30, 100, shape).tolist()
        for outcome, how_many, *drawn in zip(
            some, chance.integers(0, 4, len(some)).tolist(), chosen, states, relations, confidences, strict=True
        ):
            kinds = {skill: rest for skill, *rest in list(zip(*drawn, strict=True))[:how_many]}
            for skill, (state, relation, confidence) in kinds.items():
                yield link(outcome, skills[skill], STATES[state], RELATIONS[relation], confidence / 100)


def link(outcome: str, skill: str, state: LinkState, relation: str, confidence: float) -> Link:
    """The node of a pair; a machine's has its confidence."""
    justification = "semapv:LexicalMatching" if state == "candidate" else "semapv:ManualMappingCuration"
    found = Candidate(skill, "generated", relation, justification, f"{confidence:.2f}", "calibrated")
    return Link(outcome, skill, state, relation, justification, "link", found if state == "candidate" else None)


def build(folder: Path) -> dict[str, float]:
    """Publish the release in a folder of releases; returns sizes, seconds and the peak of memory in bytes."""
    started = time.perf_counter()
    minting = Minting(BASE)
    releases = Releases(folder)
    sources: dict[str, Iterator[Fiche] | Iterator[Unit]] = {
        "rncp": fiches(random.Random("rncp")),
        **{f"units-{name.lower()}": foreign(random.Random(name), minting, name) for name in sorted(LANGUAGES)},
    }
    provenances = {
        slug: Provenance(f"Generated: {slug}", f"Engendré : {slug}", "", LICENCE, "2026-08-31")
        for slug in ("esco", *sources)
    }
    with releases.writing():
        staging = releases.stage(IDENTIFIER)
        with StagedStore(staging.store, Settings().chunk_quads) as staged:
            staged.add(vocabulary_quads(minting))
            staged.add(esco_quads(minting))
            for slug, provenance in provenances.items():
                writer = GraphWriter(minting.graph("provenance"), minting)
                write_provenance(writer, slug, provenance)
                staged.add(writer.drain())
            for slug, records in sources.items():
                writer = GraphWriter(minting.graph(slug), minting)
                for record in records:
                    write_record(writer, record)
                    if len(writer) > CHUNK:
                        staged.add(writer.drain())
                staged.add(writer.drain())
            staged.flush()
            graph = LinkGraph(staged.store, minting)
            outcomes = [each.iri for each in graph.outcomes()]
            links_written = count()
            for each in links(outcomes):
                staged.add(graph.quads([each]))
                next(links_written)
            staged.flush()
            del outcomes, graph
            stored = time.perf_counter() - started
            comparability = write_comparability(staged, staging.folder, minting, Settings().comparability_triples, None)
            triples = len(staged.store)
            staged.compact()
        Manifest(
            identifier=IDENTIFIER,
            created="2026-08-31T00:00:00+00:00",
            base=BASE,
            demo=True,
            software="passerelle",
            versions=versions(),
            inputs_sha256="0" * 64,
            sources=tuple(
                SourceEntry.of(
                    slug,
                    "units",
                    provenance,
                    read={},
                    accepted={},
                    rejected={},
                    notices={},
                    unresolved=0,
                    quads=0,
                    seconds=0.0,
                    peak_bytes=0,
                )
                for slug, provenance in provenances.items()
            ),
            triples=triples,
            graphs={},
            links={"links": next(links_written)},
            validation={},
            seconds=1.0,
            peak_bytes=1,
            comparability=comparability,
        ).write(staging.folder)
        releases.publish(staging)
    return {
        **{name: comparability[name] for name in ("units", "outcomes", "links", "assertions")},
        "triples": triples,
        "stored": round(stored, 1),
        "seconds": round(time.perf_counter() - started, 1),
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }


if __name__ == "__main__":
    print(json.dumps(build(Path(sys.argv[1]))))
