"""VoID: counts, partitions and linksets are those that another engine finds."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from flask.testing import FlaskClient
from rdflib import DCTERMS, FOAF, RDF, VOID, Dataset, Graph, Literal, URIRef

from integration.descriptions.described import (
    DEPRECATED_IN_RDFLIB,
    ESCO_SENTENCE,
    PSL,
    PUBLIC,
    STATE,
    dataset_iri,
    get,
    graph_at,
    number,
)
from passerelle.build.options import read_options
from passerelle.build.pipeline import build
from passerelle.graph.release import Release
from passerelle.namespaces import expand
from passerelle.settings import Settings

pytestmark = DEPRECATED_IN_RDFLIB


def described_graphs(release: Release, quads: Dataset) -> dict[str, set[tuple[object, object, object]]]:
    found: dict[str, set[tuple[object, object, object]]] = defaultdict(set)
    for s, p, o, name in quads.quads():
        found[str(name)].add((s, p, o))
    assert found.keys() == release.manifest.graphs.keys()
    found[dataset_iri(release)] = set.union(*found.values())
    return found


def test_the_counts_are_those_that_another_engine_finds(demo_release: Release, quads: Dataset) -> None:
    void = Graph().parse(demo_release.folder / "void.ttl")
    graphs = described_graphs(demo_release, quads)
    for name, triples in graphs.items():
        assert number(void, name, VOID.triples) == len(triples), name
        assert number(void, name, VOID.distinctSubjects) == len({s for s, _, _ in triples}), name
        assert number(void, name, VOID.distinctObjects) == len({o for _, _, o in triples}), name
        assert number(void, name, VOID.entities) == len({s for s, p, _ in triples if p == RDF.type}), name
    # two sources state the same of one thing, so the whole is less than its parts together
    assert len(graphs[dataset_iri(demo_release)]) < demo_release.manifest.triples


def test_the_partitions_are_those_that_another_engine_finds(demo_release: Release, quads: Dataset) -> None:
    void = Graph().parse(demo_release.folder / "void.ttl")
    for name, triples in described_graphs(demo_release, quads).items():
        properties: dict[object, int] = defaultdict(int)
        classes: dict[object, int] = defaultdict(int)
        for _, p, o in triples:
            properties[p] += 1
            if p == RDF.type:
                classes[o] += 1
        stated = {
            void.value(part, VOID.property): number(void, part, VOID.triples)
            for part in void.objects(URIRef(name), VOID.propertyPartition)
        }
        assert stated == properties, name
        stated = {
            void.value(part, VOID["class"]): number(void, part, VOID.entities)
            for part in void.objects(URIRef(name), VOID.classPartition)
        }
        assert stated == classes, name
        assert number(void, name, VOID.classes) == len(classes)
        assert number(void, name, VOID.properties) == len(properties)


def linksets(void: Graph) -> dict[tuple[str, str, str, str], int]:
    """Number of links by local name of the property, stating graph, target graph and state."""
    found = {}
    for node in void.subjects(RDF.type, VOID.Linkset):
        part = void.value(node, DCTERMS.subject)
        key = (
            str(void.value(node, VOID.linkPredicate)).replace("#", "/").rpartition("/")[2],
            str(node).partition("#")[0].rpartition("/")[2],
            str(void.value(node, VOID.objectsTarget)).rpartition("/")[2],
            str(part or "").removeprefix(STATE),
        )
        found[key] = number(void, node, VOID.triples)
    return found


def test_the_linksets_are_those_that_a_sparql_engine_finds(demo_release: Release, quads: Dataset) -> None:
    found = linksets(Graph().parse(demo_release.folder / "void.ttl"))
    base = demo_release.manifest.base

    def asked(pattern: str) -> int:
        prefixes = "".join(f"PREFIX {name}: <{expand(name + ':')}> " for name in ("psl", "elm", "esco", "skos"))
        links, esco, rome_esco = (f"<{base}/graph/{name}>" for name in ("links", "esco", "rome-esco"))
        text = pattern.replace("LINKS", links).replace("ESCO_GRAPH", esco).replace("CROSSWALK", rome_esco)
        (row,) = quads.query(f"{prefixes} SELECT (COUNT(*) AS ?n) {{ {text} }}")
        return int(row.n)  # type: ignore[union-attr]

    skill = "GRAPH ESCO_GRAPH { ?skill a esco:Skill }"
    for state in ("accepted", "candidate", "declared", "rejected"):
        pattern = f"GRAPH LINKS {{ ?link psl:linkState <{STATE}{state}> ; psl:linkedSkill ?skill }} {skill}"
        assert found["linkedSkill", "links", "esco", state] == asked(pattern) > 0, state
    related = f"GRAPH LINKS {{ ?outcome elm:relatedESCOSkill ?skill }} {skill}"
    assert found["relatedESCOSkill", "links", "esco", ""] == asked(related) > 0
    occupation = "GRAPH CROSSWALK { ?appellation skos:closeMatch ?o } GRAPH ESCO_GRAPH { ?o a skos:Concept }"
    assert found["closeMatch", "rome-esco", "esco", ""] == asked(occupation) > 0
    official = f"GRAPH <{base}/graph/rncp> {{ ?c psl:correspondenceTarget ?bloc . ?bloc a psl:Bloc }}"
    assert found["correspondenceTarget", "rncp", "rncp", ""] == asked(official) > 0


def test_where_several_graphs_describe_the_outcomes_the_links_start_from_the_whole(demo_release: Release) -> None:
    void = Graph().parse(demo_release.folder / "void.ttl")
    base = demo_release.manifest.base
    related = URIRef(f"{base}/graph/links#linkset-elm-relatedESCOSkill-esco")
    assert void.value(related, VOID.subjectsTarget) == URIRef(dataset_iri(demo_release))
    crosswalk = URIRef(f"{base}/graph/rome-esco#linkset-skos-closeMatch-esco")
    assert void.value(crosswalk, VOID.subjectsTarget) == URIRef(f"{base}/graph/rome-esco")
    assert void.value(crosswalk, VOID.objectsTarget) == URIRef(f"{base}/graph/esco")


def test_every_graph_has_a_vocabulary_and_an_example_that_it_describes(demo_release: Release, quads: Dataset) -> None:
    void = Graph().parse(demo_release.folder / "void.ttl")
    for name in demo_release.manifest.graphs:
        assert set(void.objects(URIRef(name), VOID.vocabulary)), name
        example = void.value(URIRef(name), VOID.exampleResource)
        assert example is not None, name
        assert any(quads.quads((example, None, None, URIRef(name)))), name


def test_equal_releases_have_equal_descriptions(demo_release: Release, root: Path, tmp_path: Path) -> None:
    config = root / "data" / "demo" / "passerelle.toml"
    other = build(read_options(config), Settings.of(config, environment={}, releases=tmp_path)).release
    for file in ("void.ttl", "dcat.ttl"):
        texts = []
        for release in (demo_release, other):
            text = (release.folder / file).read_text(encoding="utf-8")
            texts.append(text.replace(release.identifier, "ID").replace(release.manifest.created, "WHEN"))
        assert texts[0] == texts[1]


def test_a_release_says_nothing_of_the_server_and_the_server_adds_its_addresses(
    demo_release: Release, client: FlaskClient
) -> None:
    assert PUBLIC not in (demo_release.folder / "void.ttl").read_text(encoding="utf-8")
    served = graph_at(client, "/.well-known/void")
    dataset = URIRef(dataset_iri(demo_release))
    release = f"{PUBLIC}/releases/{demo_release.identifier}"
    assert served.value(dataset, VOID.sparqlEndpoint) == URIRef(f"{release}/sparql")
    for name in demo_release.manifest.graphs:
        slug = name.rpartition("/")[2]
        assert served.value(URIRef(name), VOID.dataDump) == URIRef(f"{release}/graph/{slug}")
    description = served.value(predicate=RDF.type, object=VOID.DatasetDescription)
    assert description == URIRef(f"{PUBLIC}/.well-known/void")
    assert served.value(description, FOAF.primaryTopic) == dataset
    assert Literal(ESCO_SENTENCE, lang="en") in set(served.objects(dataset, PSL.attribution))


def test_a_past_release_is_described_by_its_own_file(demo_release: Release, client: FlaskClient) -> None:
    own = graph_at(client, f"/releases/{demo_release.identifier}/void")
    assert set(Graph().parse(demo_release.folder / "void.ttl")) < set(own)
    assert get(client, "/releases/20200101T000000Z-00000000/void").status_code == 404
