"""Each rule across records finds its planted case, and nothing in the clean one."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from passerelle.namespaces import DEMO_BASE, PREFIXES
from passerelle.records.finding import Finding, Severity
from passerelle.validation.across import RULES, AcrossRule, across_rules, findings_across

ID = f"{DEMO_BASE}/id/"
STATE = "<https://w3id.org/passerelle/vocabulary/link-state/"

_HEADER = """# id: {}
# severity: {}
# message_en: a
# message_fr: b
# source_en: a
# source_fr: b
SELECT ?focus WHERE {{ ?focus ?p ?o }}
"""

CLEAN = """
<1/record> foaf:primaryTopic <1> ; dcterms:identifier "RNCP1" ; psl:sourceActive false .
<1> a psl:FullQualification ; dcterms:identifier "RNCP1" ; dcterms:title "Technicien"@fr ; psl:eqfLevelNumber 4 ;
    psl:registration <1/registration> ; dcterms:isReplacedBy <2> .
<1/registration> psl:effectDate "2019-01-01"^^xsd:date ; psl:endDate "2023-12-31"^^xsd:date .
<2/record> foaf:primaryTopic <2> ; dcterms:identifier "RNCP2" ; psl:sourceActive true .
<2> a psl:FullQualification ; dcterms:identifier "RNCP2" ; dcterms:title "Technicien"@fr ; psl:eqfLevelNumber 4 ;
    psl:registration <2/registration> ; dcterms:hasPart <2/bloc/A> ; psl:targetOccupation <rome/I1309> .
<2/registration> psl:decisionDate "2024-01-01"^^xsd:date ; psl:endDate "2026-11-22"^^xsd:date .
<1/bloc/A> psl:blocOf <1> ; dcterms:identifier "A" ; dcterms:title "Bloc"@fr ; psl:eqfLevelNumber 4 .
<2/bloc/A> psl:blocOf <2> ; dcterms:identifier "A" ; dcterms:title "Bloc"@fr ; psl:eqfLevelNumber 4 .
<2/correspondence> psl:declaredBy <2/record> ; psl:correspondenceSourceQualification <2> ;
    psl:correspondenceSource <2/bloc/A> ; psl:correspondenceTargetQualification <1> ;
    psl:correspondenceTarget <1/bloc/A> .
<rome/I1309> a psl:RomeOccupation .
<appellation> a psl:RomeAppellation ; skos:prefLabel "Électricien"@fr ; psl:rome4Code <rome/I1309> .
<skill> a esco:Skill, skos:Concept . <group> a skos:Concept .
<outcome> a psl:LearningOutcome .
<link> psl:linkedOutcome <outcome> ; psl:linkedSkill <skill> ; psl:linkState <state/accepted> .
<outcome> elm:relatedESCOSkill <skill> .
<unit> elm:isPartOf <whole> ; psl:eqfLevelNumber 3 . <whole> psl:eqfLevelNumber 4 .
<stub> a psl:Unresolved .
<body> a psl:CertifyingBody ; skos:prefLabel "Ministère"@fr .
<foreign-body> a psl:CertifyingBody ; rov:legalName "Instelling"@nl .
<../graph/rncp> prov:wasDerivedFrom <source/rncp> . <source/rncp> dcterms:issued "2026-11-22"^^xsd:date .
"""

# rule, update, focus below {base}/id/, value below it (or empty)
CASES = [
    ("succession-cycle", "INSERT DATA { <3> dcterms:isReplacedBy <3> }", "3", "3"),
    (
        "succession-order",
        "DELETE { <2/registration> psl:decisionDate ?d } "
        'INSERT { <2/registration> psl:effectDate "2018-01-01"^^xsd:date } '
        "WHERE { <2/registration> psl:decisionDate ?d }",
        "1",
        "2",
    ),
    ("bloc-without-certification", "INSERT DATA { <9/bloc/A> psl:blocOf <9> }", "9/bloc/A", "9"),
    ("certification-bloc-not-described", "INSERT DATA { <2> dcterms:hasPart <2/bloc/B> }", "2", "2/bloc/B"),
    (
        "correspondence-source-elsewhere",
        "INSERT DATA { <2/correspondence> psl:correspondenceSource <1/bloc/A> }",
        "2/correspondence",
        "1/bloc/A",
    ),
    (
        "correspondence-declared-for-another",
        "INSERT DATA { <2/correspondence> psl:correspondenceSourceQualification <1> }",
        "2/correspondence",
        "1",
    ),
    (
        "correspondence-target-bloc-missing",
        "INSERT DATA { <2/correspondence> psl:correspondenceTarget <1/bloc/Z> }",
        "2/correspondence",
        "1/bloc/Z",
    ),
    (
        "correspondence-target-unknown",
        "INSERT DATA { <2/c2> psl:declaredBy <2/record> ; psl:correspondenceTargetQualification <9> }",
        "2/c2",
        "9",
    ),
    ("successor-unknown", "INSERT DATA { <2> dcterms:isReplacedBy <9> }", "2", "9"),
    (
        "identifier-shared",
        'INSERT DATA { <1b/record> foaf:primaryTopic <1b> . <1b> dcterms:identifier "RNCP1" }',
        "1",
        "1b",
    ),
    ("part-above-whole", "INSERT DATA { <unit2> elm:isPartOf <whole> ; psl:eqfLevelNumber 5 }", "unit2", "whole"),
    ("part-cycle", "INSERT DATA { <loop> elm:isPartOf <loop> }", "loop", "loop"),
    (
        "active-after-end",
        "DELETE DATA { <1/record> psl:sourceActive false } ; INSERT DATA { <1/record> psl:sourceActive true }",
        "1/record",
        "1/registration",
    ),
    (
        "inactive-before-end",
        "DELETE DATA { <2/record> psl:sourceActive true } ; INSERT DATA { <2/record> psl:sourceActive false }",
        "2/record",
        "2/registration",
    ),
    (
        "link-to-skill-group",
        "INSERT DATA { <l2> psl:linkedOutcome <outcome> ; psl:linkedSkill <group> ; "
        f"psl:linkState {STATE}official> }}",
        "l2",
        "group",
    ),
    (
        "link-to-unknown-skill",
        "INSERT DATA { <l2> psl:linkedOutcome <outcome> ; psl:linkedSkill <retired> ; "
        f"psl:linkState {STATE}declared> }}",
        "l2",
        "retired",
    ),
    (
        "reviewed-link-without-outcome",
        f"INSERT DATA {{ <l2> psl:linkedOutcome <gone> ; psl:linkedSkill <skill> ; psl:linkState {STATE}rejected> }}",
        "l2",
        "gone",
    ),
    (
        "candidate-stated-as-fact",
        f"INSERT DATA {{ GRAPH <{DEMO_BASE}/graph/links> {{ <o2> elm:relatedESCOSkill <skill> . "
        f"<l2> psl:linkedOutcome <o2> ; psl:linkedSkill <skill> ; psl:linkState {STATE}candidate> }} }}",
        "l2",
        "skill",
    ),
    ("occupation-unknown", "INSERT DATA { <2> psl:targetOccupation <rome/A1500> }", "2", "rome/A1500"),
    ("unresolved-but-described", "INSERT DATA { <1> a psl:Unresolved }", "1", ""),
    (
        "equal-titles-other-level",
        'INSERT DATA { <3> a psl:FullQualification ; dcterms:title "Technicien"@fr ; psl:eqfLevelNumber 3 ; '
        'dcterms:identifier "RNCP3" } ; DELETE DATA { <1> dcterms:title "Technicien"@fr } ; '
        'INSERT DATA { <1> dcterms:title "Autre"@fr }',
        "3",
        "2",
    ),
    ("certifying-body-without-name", "INSERT DATA { <b2> a psl:CertifyingBody }", "b2", ""),
    (
        "appellation-without-code",
        'INSERT DATA { <a2> a psl:RomeAppellation ; skos:prefLabel "Soudeur"@fr }',
        "a2",
        "",
    ),
    ("appellation-without-label", "INSERT DATA { <a2> a psl:RomeAppellation ; psl:rome3Code <rome/I1309> }", "a2", ""),
]


def _clean_store() -> ox.Store:
    """The clean records in two source graphs, and the links in theirs: nothing stands in the default graph."""
    store = ox.Store()
    head = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
    text = head + CLEAN.replace("<state/accepted>", STATE + "accepted>")
    store.load(text.encode(), format=ox.RdfFormat.TURTLE, base_iri=ID, to_graph=ox.NamedNode(f"{DEMO_BASE}/graph/rncp"))
    return store


def _planted(update: str) -> ox.Store:
    """The clean store after the update, which speaks of the graph of the source unless it names another."""
    store = _clean_store()
    graph = f"{DEMO_BASE}/graph/rncp"
    loose = ox.Store()
    loose.extend([ox.Quad(quad.subject, quad.predicate, quad.object) for quad in store])
    loose.update(update, prefixes=PREFIXES, base_iri=ID)
    planted = ox.Store()
    for quad in loose:
        name = ox.NamedNode(graph) if isinstance(quad.graph_name, ox.DefaultGraph) else quad.graph_name
        planted.add(ox.Quad(quad.subject, quad.predicate, quad.object, name))
    return planted


def _named(rule: str) -> AcrossRule:
    return next(each for each in across_rules() if each.rule.iri == RULES + rule)


def _found(rule: str, store: ox.Store) -> list[Finding]:
    return list(_named(rule).findings(store))


def test_clean_records_give_no_finding() -> None:
    assert list(findings_across(_clean_store())) == []


@pytest.mark.parametrize(("rule", "update", "focus", "value"), CASES, ids=[case[0] for case in CASES])
def test_planted_case_is_found(rule: str, update: str, focus: str, value: str) -> None:
    (finding,) = _found(rule, _planted(update))
    assert finding.focus == ID + focus
    assert finding.value == (ID + value if value else "")
    assert "{" not in finding.message_en + finding.message_fr
    assert finding.severity is _named(rule).rule.severity


def test_every_rule_has_a_planted_case() -> None:
    assert {rule.rule.iri for rule in across_rules()} == {RULES + case[0] for case in CASES}


def test_every_placeholder_is_a_variable_of_the_query_and_the_same_in_both_languages() -> None:
    for rule in across_rules():
        for name in rule.placeholders:
            assert f"?{name}" in rule.query.partition("SELECT")[2].partition("WHERE")[0], (rule.rule.iri, name)
            assert f"{{{name}}}" in rule.rule.message_en
            assert f"{{{name}}}" in rule.rule.message_fr


def test_longer_cycle_names_every_member_and_never_the_chain_that_leads_to_it() -> None:
    cycle = (
        "INSERT DATA { <3> dcterms:isReplacedBy <4> . <4> dcterms:isReplacedBy <5> . <5> dcterms:isReplacedBy <3> . "
    )
    found = _found("succession-cycle", _planted(cycle + "<2> dcterms:isReplacedBy <3> }"))
    assert sorted(finding.focus.removeprefix(ID) for finding in found) == ["3", "4", "5"]


def test_sentences_carry_the_facts_of_the_row() -> None:
    update = "DELETE DATA { <1/record> psl:sourceActive false } ; INSERT DATA { <1/record> psl:sourceActive true }"
    (finding,) = _found("active-after-end", _planted(update))
    assert finding.message_en == (
        "RNCP1 is called active in the edition of 2026-11-22, but its registration had ended on 2023-12-31."
    )
    assert finding.message_fr == (
        "RNCP1 est dite active dans l'édition du 2026-11-22, alors que son enregistrement avait pris fin le 2023-12-31."
    )


def _edition(day: str) -> str:
    """The update by which the source is of another day."""
    other = f"INSERT {{ ?s dcterms:issued '{day}'^^xsd:date }}" if day else ""
    return f"DELETE {{ ?s dcterms:issued ?d }} {other} WHERE {{ ?s dcterms:issued ?d }}"


@pytest.mark.parametrize(
    ("edition", "inactive", "active"),
    [("2023-12-31", 0, 0), ("2024-01-01", 1, 0), ("2026-11-22", 1, 0), ("2026-11-23", 0, 1), ("", 0, 0)],
    ids=["before the start", "first day", "last day", "day after the end", "no edition"],
)
def test_active_is_judged_as_of_the_edition_of_the_source(edition: str, inactive: int, active: int) -> None:
    # RNCP2 is registered from 2024-01-01 to 2026-11-22; what day the build runs makes no difference
    flip = "DELETE DATA { <2/record> psl:sourceActive true } ; INSERT DATA { <2/record> psl:sourceActive false } ; "
    found = _found("inactive-before-end", _planted(flip + _edition(edition)))
    assert [finding.focus for finding in found].count(ID + "2/record") == inactive
    found = _found("active-after-end", _planted(_edition(edition)))
    assert [finding.focus for finding in found].count(ID + "2/record") == active


def test_active_of_one_source_and_dates_of_another_contradict_nothing() -> None:
    other = f"{DEMO_BASE}/graph/rncp-old"
    store = _planted(
        f"DELETE DATA {{ <1/record> psl:sourceActive false }} ; INSERT DATA {{ GRAPH <{other}> {{ <1/record> "
        'psl:sourceActive true ; foaf:primaryTopic <1> ; dcterms:identifier "RNCP1" . <1> psl:registration '
        f"<1/registration> }} <{other}> prov:wasDerivedFrom <source/rncp> }}"
    )
    assert _found("active-after-end", store) == []


def test_a_succession_that_only_the_newer_fiche_states_counts() -> None:
    only_newer = "DELETE DATA { <1> dcterms:isReplacedBy <2> } ; INSERT DATA { <2> dcterms:replaces <1> } ; "
    late = 'INSERT DATA { <1/registration> psl:effectDate "2025-01-01"^^xsd:date }'
    early = 'DELETE DATA { <1/registration> psl:effectDate "2019-01-01"^^xsd:date } ; '
    (finding,) = _found("succession-order", _planted(only_newer + early + late))
    assert (finding.focus, finding.value) == (ID + "1", ID + "2")
    cycle = _found("succession-cycle", _planted(only_newer + "INSERT DATA { <1> dcterms:replaces <2> }"))
    assert sorted(finding.focus for finding in cycle) == [ID + "1", ID + "2"]
    (finding,) = _found("successor-unknown", _planted("INSERT DATA { <9> dcterms:replaces <2> }"))
    assert (finding.focus, finding.value) == (ID + "2", ID + "9")


def test_skills_and_occupations_are_not_judged_without_esco_and_rome() -> None:
    store = ox.Store()
    graph = ox.NamedNode(f"{DEMO_BASE}/graph/rncp")
    store.update(
        f"INSERT DATA {{ GRAPH <{graph.value}> {{ <2> psl:targetOccupation <rome/A1500> ; dcterms:identifier 'RNCP2' . "
        f"<l> psl:linkedSkill <retired> ; psl:linkState {STATE}accepted> }} }}",
        prefixes=PREFIXES,
        base_iri=ID,
    )
    assert _found("occupation-unknown", store) == []
    assert _found("link-to-unknown-skill", store) == []


def test_what_a_row_leaves_open_is_named_by_the_focus_node() -> None:
    (finding,) = _found("succession-cycle", _planted("INSERT DATA { <3> dcterms:isReplacedBy <3> }"))
    assert finding.message_en.startswith(f"{ID}3 is, ")


def test_severities_of_the_rules_that_break_answers() -> None:
    violations = {
        rule.rule.iri.removeprefix(RULES) for rule in across_rules() if rule.rule.severity is Severity.VIOLATION
    }
    assert violations >= {"succession-cycle", "part-cycle", "identifier-shared", "candidate-stated-as-fact"}


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?focus WHERE { ?focus ?p ?o }",
        _HEADER.format("other", "Info"),
        _HEADER.format("rule", "Grave"),
    ],
    ids=["no header", "another id", "unknown severity"],
)
def test_a_rule_without_a_proper_header_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "rule.rq"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"rule\.rq|Grave"):
        across_rules(tmp_path)
