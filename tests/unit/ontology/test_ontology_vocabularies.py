"""The concept schemes and the mappings from source words to their concepts."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import sssom_pydantic
from rdflib import RDF, SKOS, Graph, URIRef

from passerelle.namespaces import EQF, VOCABULARY, expand
from passerelle.resources import folder
from unit.ontology.ontology_files import graph_of, ontology_files, vocabulary_files

SCHEMES = {
    "unit-kind": "bloc component full-qualification micro-credential not-stated partial-qualification"
    " specific-certification",
    "link-state": "accepted candidate declared official rejected",
    "confidence-status": "calibrated uncalibrated",
    "level-basis": "inherited not-stated stated",
    "registration-type": "of-right on-request",
    "registration-status": "award-period ended not-stated not-yet-effective registered",
    "access-route": "apprenticeship continuing-training individual-application initial-training"
    " professionalisation-contract recognition-of-prior-learning",
    "authorisation-scope": "organise-assessment train train-and-organise-assessment",
    "correspondence-extent": "not-stated partial total",
    "french-level": "1 2 3 4 5 6 7 8",
    "certifier-kind": "association branch-social-partners company consular-chamber higher-education-institution"
    " ministry not-stated private-training-provider public-body",
    "recognition-decision": "alternative conditional full not-stated partial refusal",
    "element-grade": "no-difference-found not-stated potentially-substantial probably-not-substantial",
    "finding": "could-be-completed-by covers-named-parts nearer-to-another-target"
    " no-overlap-found no-potentially-substantial-difference-found not-assessable",
}


@pytest.fixture(scope="module")
def vocabularies() -> Graph:
    return graph_of(vocabulary_files())


def _concepts(graph: Graph, scheme: str) -> set[str]:
    return {str(concept) for concept in graph.subjects(SKOS.inScheme, URIRef(scheme))}


@pytest.mark.parametrize("name", SCHEMES)
def test_scheme_holds_exactly_the_agreed_concepts(vocabularies: Graph, name: str) -> None:
    scheme = VOCABULARY + name
    assert _concepts(vocabularies, scheme) == {f"{scheme}/{concept}" for concept in SCHEMES[name].split()}


def test_every_scheme_that_a_property_names_exists(vocabularies: Graph) -> None:
    named = set(graph_of(ontology_files()).objects(None, URIRef(expand("psl:valueScheme"))))
    assert len(named) >= 12
    assert named <= set(vocabularies.subjects(RDF.type, SKOS.ConceptScheme))


def _official(reference: Path) -> list[dict[str, str]]:
    with (reference / "elm" / "vocabularies" / "codelists-from-xsd.tsv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def test_eqf_levels_and_fields_keep_the_iris_of_the_union(vocabularies: Graph, reference: Path) -> None:
    official = {row["iri"]: row["scheme"] for row in _official(reference)}
    found = {
        str(s): str(o) for s, o in vocabularies.subject_objects(SKOS.inScheme) if not str(s).startswith(VOCABULARY)
    }
    assert {iri: official.get(iri) for iri in found} == found
    assert {iri for iri in found if iri.startswith(EQF)} == {f"{EQF}{level}" for level in range(1, 9)}


def test_fields_of_education_have_the_english_labels_of_the_union_and_french_ones(
    vocabularies: Graph, reference: Path
) -> None:
    official = {row["iri"]: row["label_en"] for row in _official(reference) if row["list"] == "isced-f"}
    ours = _concepts(vocabularies, "http://data.europa.eu/snb/isced-f/25831c2")
    assert len(ours) >= 75
    for iri in ours:
        labels = {label.language: str(label) for label in vocabularies.objects(URIRef(iri), SKOS.prefLabel)}
        assert labels["en"] == official[iri]
        assert set(labels) == {"en", "fr"}


def test_training_specialities_are_the_codes_and_labels_of_the_nomenclature(
    vocabularies: Graph, reference: Path
) -> None:
    with (reference / "french-catalogue" / "nsf_nomenclature.csv").open(encoding="utf-8", newline="") as file:
        official = {row["code"]: row for row in csv.DictReader(file) if row["code"].isdigit()}
    scheme = f"{VOCABULARY}nsf"
    assert len(official) == 4 + 17 + 93
    assert _concepts(vocabularies, scheme) == {f"{scheme}/{code}" for code in official}
    for code, row in official.items():
        concept = URIRef(f"{scheme}/{code}")
        french = [str(each) for each in vocabularies.objects(concept, SKOS.prefLabel) if each.language == "fr"]
        assert [label.replace("’", "'") for label in french] == [row["libelle"]]
        assert str(vocabularies.value(concept, SKOS.broader) or "") == (f"{scheme}/{code[:-1]}" if code[1:] else "")


def test_every_value_of_esco_has_labels(vocabularies: Graph) -> None:
    for row in _rows("esco-values.tsv"):
        languages = {label.language for label in vocabularies.objects(URIRef(row["iri"]), SKOS.prefLabel)}
        assert languages == {"en", "fr"}, row["iri"]


def test_no_vocabulary_speaks_of_equivalence() -> None:
    # the attestation de comparabilité is an official act; a finding must not sound like one (design.md, Comparing)
    for path in vocabulary_files():
        text = path.read_text(encoding="utf-8").lower()
        assert not [word for word in ("equivalen", "équivalen", "comparable", "comparabilit") if word in text], (
            path.name
        )


def _rows(name: str) -> list[dict[str, str]]:
    with (folder("mappings") / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize(
    ("name", "scheme"),
    [
        ("registration-types.tsv", "registration-type"),
        ("access-routes.tsv", "access-route"),
        ("authorisation-scopes.tsv", "authorisation-scope"),
    ],
)
def test_source_words_map_onto_every_concept_of_the_scheme(vocabularies: Graph, name: str, scheme: str) -> None:
    assert {expand(row["concept"]) for row in _rows(name)} == _concepts(vocabularies, VOCABULARY + scheme)


def test_access_routes_have_the_codes_of_the_catalogue_as_notation(vocabularies: Graph) -> None:
    for row in _rows("access-routes.tsv"):
        assert str(vocabularies.value(URIRef(expand(row["concept"])), SKOS.notation)) == row["xml_element"]


def test_access_route_labels_are_those_of_the_official_csv(reference: Path) -> None:
    (path,) = (reference / "french-catalogue" / "csv-2024-02-22").glob("*Voix*")
    with path.open(encoding="utf-8", newline="") as file:
        seen = {row["Si_Jury"] for row in csv.DictReader(file, delimiter=";")}
    assert seen == {row["csv_label"] for row in _rows("access-routes.tsv")}


def test_french_levels_map_to_the_eqf_and_the_old_ones_only_nearly(vocabularies: Graph) -> None:
    path = folder("mappings") / "french-level-to-eqf.sssom.tsv"
    mappings, converter, mapping_set, errors = sssom_pydantic.read(path, return_errors=True)
    assert errors == []
    assert str(mapping_set.license) == "https://creativecommons.org/licenses/by/4.0/"
    rows = {
        (converter.expand_reference(m.subject), m.predicate.curie, converter.expand_reference(m.object))
        for m in mappings
    }
    old = {("V", 3), ("IV", 4), ("III", 5), ("II", 6)}
    expected = {(f"{VOCABULARY}french-level/{n}", "skos:exactMatch", f"{EQF}{n}") for n in range(1, 9)}
    expected |= {(f"{VOCABULARY}french-level-1969/{name}", "skos:closeMatch", f"{EQF}{n}") for name, n in old}
    expected |= {(f"{VOCABULARY}french-level-1969/I", "skos:narrowMatch", f"{EQF}{n}") for n in (7, 8)}
    assert rows == expected
    ends = {URIRef(str(end)) for subject, _, object_ in rows for end in (subject, object_)}
    assert ends <= set(vocabularies.subjects(RDF.type, SKOS.Concept))
    assert all(m.justification.curie == "semapv:ManualMappingCuration" for m in mappings)


def test_own_crosswalk_of_specialities_is_marked_as_such_and_leads_to_described_fields(vocabularies: Graph) -> None:
    path = folder("mappings") / "nsf-to-isced-f.sssom.tsv"
    mappings, converter, mapping_set, errors = sssom_pydantic.read(path, return_errors=True)
    assert errors == []
    assert "project" in (mapping_set.description or "")
    assert "unreviewed" in (mapping_set.description or "")
    concepts = {str(each) for each in vocabularies.subjects(RDF.type, SKOS.Concept)}
    seen = set()
    for mapping in mappings:
        subject, target = converter.expand_reference(mapping.subject), converter.expand_reference(mapping.object)
        assert mapping.predicate.curie == "skos:closeMatch"
        assert {subject, target} <= concepts
        assert "unreviewed" in (mapping.comment or "")
        assert mapping.confidence is None
        seen.add((subject.removeprefix(f"{VOCABULARY}nsf/"), target.rpartition("/")[2]))
    assert len(seen) == len(mappings)
    assert {("227", "0713"), ("326", "061"), ("255", "0714"), ("331", "091")} <= seen
    assert len({code for code, _ in seen if len(code) == 3}) >= 80
