"""The named query of units that declare far more skills than their peers."""

from __future__ import annotations

import pyoxigraph as ox

from passerelle.graph.links import LinkGraph
from passerelle.linking.links import write_links
from passerelle.namespaces import Minting
from passerelle.queries import catalogue
from passerelle.records.tally import Tally

MINTING = Minting("https://example.org/r")
SKILL = "http://data.europa.eu/esco/skill/"


class Nothing:
    """A linker that proposes nothing."""

    version = "none"

    def candidates(self, outcomes):
        return [()] * len(outcomes)


def unit(number: int, skills: int) -> str:
    iri = f"https://issuer.example/{number}"
    related = ", ".join(f"<{SKILL}{each}>" for each in range(skills))
    return (
        f'<{iri}> psl:unitKind pslv:component ; dcterms:title "Unit {number}"@en ; psl:hasOutcome <{iri}/o> .'
        f'<{iri}/o> a psl:LearningOutcome ; dcterms:title "Outcome {number}"@en ; elm:relatedESCOSkill {related} .'
    )


def test_a_unit_above_the_fence_is_found_with_its_count_and_the_fence():
    store = ox.Store()
    prefixes = (
        "@prefix psl: <https://w3id.org/passerelle/ontology#> . @prefix dcterms: <http://purl.org/dc/terms/> ."
        "@prefix elm: <http://data.europa.eu/snb/model/elm/> ."
        "@prefix pslv: <https://w3id.org/passerelle/vocabulary/unit-kind/> ."
    )
    # twelve units with two skills each and one with 30: quartiles 2 and 2, the fence is 2 + 3 × 1 = 5
    text = prefixes + "".join(unit(number, 2) for number in range(12)) + unit(99, 30)
    store.load(text, ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(MINTING.graph("issuer")))
    tally = Tally()
    for chunk in write_links(LinkGraph(store, MINTING), Nothing(), [], tally):
        store.extend(chunk)
    assert tally.notices["unit-tags-many-skills"] == 1
    query = catalogue()["units-with-many-declared-skills"].bind({}, MINTING.base)
    rows = store.query(query, use_default_graph_as_union=True)
    found = [[row[name].value for name in ("unit", "title", "declaredSkills", "fence")] for row in rows]
    assert found == [["https://issuer.example/99", "Unit 99", "30", "5"]]
