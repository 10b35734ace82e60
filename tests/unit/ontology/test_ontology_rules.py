"""The quality rules find nothing in what we publish, and each finds what is planted for it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest

from unit.ontology.ontology_files import HEADERS, Rule, ontology_files, rules, store_of, vocabulary_files

RULES = rules()
SMALL_RELEASE = (Path(__file__).parent / "small_release.trig").read_text(encoding="utf-8")
VOCABULARY = "https://w3id.org/passerelle/vocabulary"
TERM = """
    rdfs:isDefinedBy <https://w3id.org/passerelle/ontology/specifications> ;
    rdfs:label "planted"@en , "planté"@fr ; skos:definition "A"@en , "B"@fr ; skos:example "A"@en , "B"@fr
"""
UNIT = f"""
    a psl:ComparableSpecification ; psl:unitKind <{VOCABULARY}/unit-kind/not-stated> ; dcterms:title "A"@en ;
    dcterms:spatial <http://publications.europa.eu/resource/authority/country/ITA>
"""
LINK = """
    a psl:SkillLink ; psl:linkedOutcome ex:outcome ; psl:linkedSkill ex:other ; psl:matchRelation skos:closeMatch ;
    prov:wasGeneratedBy ex:run
"""

# rule, what is planted (into one named graph), the local names or IRIs that the rule must find, no more and no fewer
PLANTED: list[tuple[str, str, list[str]]] = [
    (
        "missing-label",
        """psl:Planted a owl:Class ; rdfs:subClassOf owl:Thing ; rdfs:label "planted"@en .""",
        ["psl:Planted"],
    ),
    ("missing-definition", """psl:Planted a owl:Class ; skos:definition "A"@en , ""@fr .""", ["psl:Planted"]),
    ("missing-example", """psl:planted a owl:DatatypeProperty ; skos:example "B"@fr .""", ["psl:planted"]),
    ("undeclared-term", """ex:unit psl:unitKinds "x" .""", ["psl:unitKinds"]),
    ("undeclared-term", """ex:unit a psl:Bolc .""", ["psl:Bolc"]),
    ("undeclared-term", """ex:class rdfs:subClassOf psl:Gone .""", ["psl:Gone"]),
    (
        "labels-alike",
        """psl:Aplanted rdfs:label "PLANTED"@en . psl:Zplanted rdfs:label "planted"@en .""",
        ["psl:Aplanted"],
    ),
    (
        "property-without-domain-or-range",
        f"psl:planted a owl:ObjectProperty ; rdfs:range skos:Concept ; {TERM} .",
        ["psl:planted"],
    ),
    (
        "text-without-expected-datatype",
        "psl:planted a owl:DatatypeProperty ; rdfs:range rdfs:Literal .",
        ["psl:planted"],
    ),
    ("property-of-two-kinds", "psl:planted a owl:ObjectProperty , owl:DatatypeProperty .", ["psl:planted"]),
    (
        "deprecated-term-in-use",
        f"psl:planted a owl:DatatypeProperty ; owl:deprecated true ; {TERM} . ex:unit psl:planted 1 .",
        ["psl:planted"],
    ),
    (
        "deprecated-term-in-use",
        f"<{VOCABULARY}/unit-kind/component> owl:deprecated true .",
        [f"{VOCABULARY}/unit-kind/component"],
    ),
    ("class-without-superclass", f"psl:Planted a owl:Class ; {TERM} .", ["psl:Planted"]),
    ("wrong-module", "psl:Planted a owl:Class .", ["psl:Planted"]),
    ("wrong-module", "psl:Planted a owl:Class ; rdfs:isDefinedBy ex:ontology .", ["psl:Planted"]),
    (
        "wrong-module",
        """psl:Bloc rdfs:isDefinedBy <https://w3id.org/passerelle/ontology/catalogue> .""",
        ["psl:Bloc"],
    ),
    (
        "incomplete-module",
        """<https://w3id.org/passerelle/ontology/planted> a owl:Ontology ; dcterms:title "A"@en .""",
        ["https://w3id.org/passerelle/ontology/planted"],
    ),
    (
        "concept-without-label",
        f"""<{VOCABULARY}/unit-kind/new> a skos:Concept ; skos:inScheme <{VOCABULARY}/unit-kind> ;
            skos:prefLabel "new"@en .""",
        [f"{VOCABULARY}/unit-kind/new"],
    ),
    (
        "concept-without-definition",
        f"<{VOCABULARY}/unit-kind/new> a skos:Concept .",
        [f"{VOCABULARY}/unit-kind/new"],
    ),
    (
        "concept-outside-scheme",
        f"<{VOCABULARY}/unit-kind/new> a skos:Concept ; skos:inScheme <{VOCABULARY}/link-state> .",
        [f"{VOCABULARY}/unit-kind/new"],
    ),
    (
        "concept-labels-alike",
        f"""<{VOCABULARY}/unit-kind/a> skos:inScheme <{VOCABULARY}/unit-kind> ; skos:prefLabel "component"@en .""",
        [f"{VOCABULARY}/unit-kind/a"],
    ),
    (
        "undescribed-concept",
        f"ex:unit psl:unitKind <{VOCABULARY}/unit-kind/blok> .",
        [f"{VOCABULARY}/unit-kind/blok"],
    ),
    ("value-outside-scheme", f"ex:planted psl:linkState <{VOCABULARY}/link-state/pending> .", ["ex:planted"]),
    ("value-outside-scheme", f"ex:planted psl:levelBasis <{VOCABULARY}/unit-kind/not-stated> .", ["ex:planted"]),
    ("statement-in-default-graph", "ex:planted rdfs:label 'A' .", ["ex:planted"]),
    ("unit-without-country", "ex:planted a psl:ComparableSpecification .", ["ex:planted"]),
    ("unit-without-country", "ex:planted a psl:ComparableSpecification ; dcterms:spatial ex:FR .", ["ex:planted"]),
    ("unit-without-kind", "ex:planted a psl:ComparableSpecification .", ["ex:planted"]),
    ("unit-without-kind", f"ex:unit psl:unitKind <{VOCABULARY}/unit-kind/not-stated> .", ["ex:unit"]),
    ("unit-without-title", """ex:planted a psl:ComparableSpecification ; dcterms:title ""@fr .""", ["ex:planted"]),
    ("kind-unlike-class", f"ex:planted {UNIT} ; a psl:FullQualification .", ["ex:planted"]),
    ("bloc-without-qualification", "ex:planted a psl:Bloc .", ["ex:planted"]),
    (
        "outcome-without-text-or-hash",
        """ex:unit psl:hasOutcome ex:planted . ex:planted a psl:LearningOutcome ; dcterms:title "A"@en .""",
        ["ex:planted"],
    ),
    (
        "outcome-without-text-or-hash",
        """ex:planted a psl:LearningOutcome ; dcterms:title "A"@en ; psl:outcomeHash "00" .""",
        ["ex:planted"],
    ),
    ("incomplete-link", f"ex:planted {LINK} .", ["ex:planted"]),
    (
        "candidate-without-confidence",
        f"ex:planted {LINK} ; psl:linkState <{VOCABULARY}/link-state/candidate> ; psl:linkMethod ex:m ;"
        f" psl:confidence 0.5 .",
        ["ex:planted"],
    ),
    ("candidate-stated-as-fact", "ex:outcome elm:relatedESCOSkill ex:skill .", ["ex:link"]),
    ("share-out-of-range", f"ex:planted {LINK} ; psl:confidence 1.2 .", ["ex:planted"]),
    ("share-out-of-range", "ex:planted psl:coverageLower 0.6 ; psl:coverageUpper 0.5 .", ["ex:planted"]),
    ("level-out-of-range", "ex:planted psl:eqfLevelNumber 9 .", ["ex:planted"]),
    ("level-out-of-range", "ex:planted psl:eqfLevelNumber '5' .", ["ex:planted"]),
    (
        "level-out-of-range",
        "ex:planted psl:eqfLevelNumber 5 ; elm:EQFLevel <http://data.europa.eu/snb/eqf/6> .",
        ["ex:planted"],
    ),
    ("level-without-basis", "ex:planted psl:eqfLevelNumber 5 .", ["ex:planted"]),
    ("level-without-basis", f"ex:planted psl:levelBasis <{VOCABULARY}/level-basis/stated> .", ["ex:planted"]),
    ("level-without-basis", "ex:unit psl:eqfLevelNumber 5 .", ["ex:unit"]),
    (
        "inherited-level-without-whole",
        f"ex:planted {UNIT} ; psl:levelBasis <{VOCABULARY}/level-basis/inherited> .",
        ["ex:planted"],
    ),
    (
        "inherited-level-without-whole",
        "ex:bloc elm:EQFLevel <http://data.europa.eu/snb/eqf/5> .",
        ["ex:bloc"],
    ),
    (
        "registration-ends-before-effect",
        """ex:planted psl:effectDate "2026-09-01"^^xsd:date ; psl:endDate "2026-08-31"^^xsd:date .""",
        ["ex:planted"],
    ),
    (
        "registration-without-certification",
        "ex:planted a psl:Registration ; psl:registrationOf ex:qualification .",
        ["ex:planted"],
    ),
    ("described-stub", """ex:successor dcterms:title "Suite"@fr .""", ["ex:successor"]),
    ("part-of-itself", "ex:qualification dcterms:isReplacedBy ex:qualification .", ["ex:qualification"]),
    (
        "incomplete-correspondence",
        """ex:planted a psl:OfficialCorrespondence ; psl:declaredBy ex:record ;
            psl:correspondenceSourceQualification ex:a ; psl:correspondenceTargetQualification ex:b .""",
        ["ex:planted"],
    ),
    ("comparable-activity", "ex:pill a psl:MicroCredential .", ["ex:pill"]),
    ("refusal-stated-as-recognition", "ex:decision psl:recognisedTowards ex:unit .", ["ex:decision"]),
]


@pytest.fixture(scope="module")
def published() -> ox.Store:
    """Ontology and vocabularies, a graph a file, as a release holds them."""
    return store_of([*ontology_files(), *vocabulary_files()])


def _full(name: str) -> str:
    for prefix, iri in (("psl:", "https://w3id.org/passerelle/ontology#"), ("ex:", "https://example.org/")):
        if name.startswith(prefix):
            return iri + name.removeprefix(prefix)
    return name


def test_there_are_enough_rules_and_each_says_what_it_is_in_both_languages() -> None:
    assert len(RULES) >= 15
    for rule in RULES:
        assert tuple(rule.header) == HEADERS, rule.path.name
        assert all(rule.header.values()), rule.path.name
        assert rule.header["id"] == rule.path.stem
        assert rule.header["applies_to"] in {"ontology", "release", "both"}
        assert rule.header["graph"] in {"union", "default"}


def test_each_rule_has_a_planted_violation() -> None:
    planted = Counter(name for name, _, _ in PLANTED)
    # a blank node has no IRI to expect: tested apart
    assert set(planted) | {"blank-node"} == {rule.header["id"] for rule in RULES}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.header["id"])
def test_ontology_and_vocabularies_violate_nothing(published: ox.Store, rule: Rule) -> None:
    assert rule.violations(published) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.header["id"])
def test_a_small_release_violates_nothing(rule: Rule) -> None:
    store = store_of([*ontology_files(), *vocabulary_files()], SMALL_RELEASE)
    assert rule.violations(store) == []


@pytest.mark.parametrize(("name", "planted", "expected"), PLANTED)
def test_rule_finds_exactly_what_is_planted(name: str, planted: str, expected: list[str]) -> None:
    (rule,) = [rule for rule in RULES if rule.header["id"] == name]
    if rule.header["graph"] == "union":
        planted = f"GRAPH ex:planted {{ {planted} }}"
    store = store_of([*ontology_files(), *vocabulary_files()], SMALL_RELEASE + planted)
    assert set(rule.violations(store)) == {_full(each) for each in expected}


def test_a_blank_node_is_found_at_either_end() -> None:
    (rule,) = [rule for rule in RULES if rule.header["id"] == "blank-node"]
    store = store_of([], "GRAPH ex:planted { _:a rdfs:label 'A' . ex:b rdfs:seeAlso _:c }")
    assert len(rule.violations(store)) == 2
