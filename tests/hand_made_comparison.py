"""A comparison written by hand, for tests of documents and reports that need no release."""

from __future__ import annotations

from dataclasses import replace

from passerelle.comparability.words import Json, Words
from passerelle.graph.manifest import Manifest, SourceEntry
from passerelle.messages import Language
from passerelle.namespaces import VOCABULARY
from passerelle.records.compared_unit import ComparedOutcome, ComparedUnit, Fact, OutcomeLink
from passerelle.records.comparison import (
    Comparison,
    Coverage,
    Direction,
    ElementRow,
    Finding,
    Match,
    NamedPart,
    OutcomeEvidence,
    Related,
    Variant,
)
from passerelle.records.neighbours import Looked, Neighbour
from passerelle.records.other_units import Completion, Nearer
from passerelle.records.text import LanguageText

BASE = "https://example.org/test"
FIRST, SECOND = "https://example.org/it/turbine", f"{BASE}/id/rncp/990002/bloc/RNCP990002BC01"
SKILL = "http://data.europa.eu/esco/skill/inspect"
GREEK = "Εγκατάσταση ανεμογεννητριών"
HOSTILE = '<script>alert("x")</script> =cmd|calc #panic() $x$ \\u{7} @import'

_SOURCE = SourceEntry(
    "rncp", "rncp", "RNCP (test)", "RNCP (essai)", "France compétences", "https://example.org/lo",
    "Licence Ouverte 2.0", "Source: France compétences", "Source : France compétences",
    "2026-11-22", (), {}, {}, {}, {}, 0, 0, 0.0, 0,
)  # fmt: skip
_ESCO = SourceEntry(
    "esco", "esco", "ESCO", "ESCO", "European Commission", "https://creativecommons.org/licenses/by/4.0/", "CC BY 4.0",
    "This service uses the ESCO classification of the European Commission.",
    "Ce service utilise la classification ESCO de la Commission européenne.",
    "1.2.0", (), {}, {}, {}, {}, 0, 0, 0.0, 0,
)  # fmt: skip
MANIFEST = Manifest(
    "20261122T120000Z-0a1b2c3d", "2026-11-22T12:00:00+00:00", BASE, True, "passerelle 0.1", {}, "", (_SOURCE, _ESCO),
    0, {}, {}, {}, 0.0, 0,
)  # fmt: skip

_LABELS = {
    SKILL: {"en": "inspect wind turbines", "fr": "inspecter des éoliennes"},
    f"{VOCABULARY}finding/covers-named-parts": {"en": "covers named parts", "fr": "couvre des parties nommées"},
}


class HandMadeLabels:
    """Labels out of a dictionary; what it does not have goes by the end of its IRI."""

    def label(self, iri: str, language: Language) -> LanguageText:
        found = _LABELS.get(iri)
        return LanguageText(found[language], language) if found else LanguageText(iri.rpartition("/")[2], "")


def words(language: Language = "en") -> Words:
    return Words(HandMadeLabels(), MANIFEST, language)


def outcome(unit: str, name: str, text: str, language: str, *links: OutcomeLink) -> ComparedOutcome:
    return ComparedOutcome(f"{unit}/outcome/{name}", unit, (LanguageText(text, language),), links)


REVIEWED = OutcomeLink(SKILL, "reviewed", "skos:narrowMatch")
DECLARED = OutcomeLink(SKILL, "declared", "skos:mappingRelation")
MACHINE = OutcomeLink(f"{SKILL}-2", "machine", "skos:closeMatch", 0.63, calibrated=False)

HELD = ComparedUnit(
    FIRST, "IT:1", "full-qualification", (LanguageText(GREEK, "el"), LanguageText("Turbines (test)", "en")),
    country="IT", level=5, level_basis="stated",
    outcomes=(outcome(FIRST, "a", "Ispezionare turbine eoliche", "it", DECLARED),),
    facts=(
        Fact("level", "eqf-level", "5", f"{BASE}/graph/rncp"),
        Fact("assessment", "route", f"{VOCABULARY}access-route/individual", f"{BASE}/graph/rncp", qualifier="false"),
        Fact("workload", "credits", "12", f"{BASE}/graph/rncp", qualifier="https://example.org/ects"),
    ),
)  # fmt: skip
TARGET = ComparedUnit(
    SECOND, "RNCP990002BC01", "bloc", (LanguageText("Maintenir une éolienne", "fr"),),
    country="FR", level=5, level_basis="inherited", wholes=(f"{BASE}/id/rncp/990002",),
    outcomes=(
        outcome(SECOND, "a", "Inspecter une éolienne", "fr", REVIEWED),
        outcome(SECOND, "b", HOSTILE, "fr", MACHINE),
        outcome(SECOND, "c", "Encadrer une équipe", "fr"),
    ),
)  # fmt: skip

# three outcomes of one third each: a through a declared link (0.8), b linked and not met, c without a link
FORWARD = Coverage(0.0, 0.2667, 0.6667, 0.6667, 0.3333, 0.0, 3, 2, 1, 1, 0, 0, named=1)
REVERSE = Coverage(0.0, 0.8, 1.0, 1.0, 0.0, 0.0, 1, 2, 1, 1, 0, 0, named=1)
FINDING = Finding("covers-named-parts", "rule-1", "full-to-bloc", "no-potentially-substantial-difference-found",
                  reasons=("workload",))  # fmt: skip
EVIDENCE = (
    OutcomeEvidence(
        TARGET.outcomes[0].iri, "partly-shown", 0.3333, 0.0, 0.8, 1.0, essential=True,
        matches=(Match(HELD.outcomes[0].iri, "same-skill", 0.0, 0.8, 1.0, DECLARED, REVIEWED),),
    ),
    OutcomeEvidence(TARGET.outcomes[1].iri, "not-shown", 0.3333, 0.0, 0.0, 0.0),
    OutcomeEvidence(TARGET.outcomes[2].iri, "unlinked", 0.3333, 0.0, 0.0, 1.0, nearest_wording=HELD.outcomes[0].iri,
                    similarity=0.125),
)  # fmt: skip
VARIANTS = (
    Variant("equal", "weighting", FORWARD, "covers-named-parts", stable=True),
    Variant("by-part", "weighting", FORWARD, "no-overlap-found", stable=False),
    Variant("without-official-links", "links", FORWARD, "covers-named-parts", stable=True, changes=False),
)
COMPARISON = Comparison(
    HELD,
    TARGET,
    "bloc-exemption",
    Direction(FIRST, SECOND, FORWARD, FINDING, EVIDENCE, (NamedPart(SECOND, FORWARD),), VARIANTS),
    Direction(SECOND, FIRST, REVERSE, FINDING, ()),
    tuple(ElementRow(fact.element, "not-stated", f"{fact.element}-not-stated", (fact,), ()) for fact in HELD.facts),
    (
        Related("part-of", "", (SECOND,), (f"{BASE}/id/rncp/990002",)),
        Related("correspondence", f"{BASE}/id/rncp/990002", (SECOND, f"{BASE}/id/rncp/990003"), (FIRST,)),
    ),
    (Nearer("https://example.org/fr/other", 0.75),),
    (TARGET.outcomes[0].iri,),
    "coverage-1",
    MANIFEST.identifier,
    (
        Completion(
            replace(TARGET, iri="https://example.org/nl/certificaat", identifier="NL:1", outcomes=(), wholes=()),
            0.3333, 0.0, 0.6, 0.0, (TARGET.outcomes[1].iri,), 2, 1, 1,
        ),
    ),
)  # fmt: skip
NEIGHBOUR = Neighbour(
    FIRST, "IT:1", (LanguageText("=QUALIFICA", "it"), LanguageText('=HYPERLINK("http://x")', "en")),
    "full-qualification", "IT", 5, "stated", FORWARD, REVERSE, FINDING,
    status=(Fact("registration-and-status", "registration-status", f"{VOCABULARY}registration-status/ended",
                 f"{BASE}/graph/rncp", qualifier="2026-11-20"),),
)  # fmt: skip
LOOKED = Looked(
    units=2000, compared=14, without_links=1986, without_links_by_language=(("de", 1900), ("", 86)), below_floor=12,
    floor=0.05, best_below=0.0349, level_not_stated=3,
)  # fmt: skip


def comparison_json(language: Language = "en", *, arithmetic: bool = False) -> Json:
    from passerelle.comparability.documents import comparison_document

    return comparison_document(COMPARISON, words(language), arithmetic=arithmetic)
