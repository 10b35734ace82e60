"""Questions of our own for a small release, and its pages as a reader of HTML sees them."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pyoxigraph as ox
from flask.testing import FlaskClient

import passerelle.queries
import passerelle.web
from passerelle.namespaces import COUNTRY, VOCABULARY, expand
from small_release import BASE, IDENTIFIER, RNCP

BLOC = f"{BASE}/id/rncp/1/bloc/RNCP1BC01"
STYLE = Path(passerelle.web.__file__).parent / "static" / "passerelle.css"
QUERIES = Path(passerelle.queries.__file__).parent
QUERY = """\
# name: titles
# title_en: Titles of a unit
# title_fr: Intitulés d'une unité
# description_en: One row a title.
# description_fr: Une ligne par intitulé.
# parameter: fiche | fiche | required | Fiche number | Numéro de fiche | RNCP37674
# parameter: language | language | optional | Language | Langue | fr
SELECT ?title ?unit WHERE {
  ?unit <http://purl.org/dc/terms/title> ?title .
  FILTER(?unit = $fiche)
  FILTER(LANG(?title) = $language)  #? language
} ORDER BY LANG(?title)
"""
ANSWER = """\
# name: answer
# title_en: An answer of every kind
# title_fr: Une réponse de toute sorte
# description_en: reviewedShare is a part; first-only is a position.
# description_fr: reviewedShare est une part ; first-only est une position.
# parameter: country | country | optional | Country | Pays | IT
# parameter: level | level | optional | EQF level | Niveau CEC | 5
# parameter: day | date | default=2026-11-22 | Day | Date | 2026-11-22
# parameter: language | language | default=en | Language of titles | Langue des intitulés | fr
SELECT ?unit ?title ?country ?kind ?levelBasis ?level ?position ?reviewedShare ?active ?endDate ?oddNewColumn
  ?statement_en ?statement_fr ?secondTexts
WHERE {
  VALUES (?unit ?title ?country ?kind ?levelBasis ?level ?position ?reviewedShare ?active ?oddNewColumn ?secondTexts) {
    (<https://example.org/passerelle/id/rncp/1/bloc/RNCP1BC01> "Poser" country:ITA kind:bloc basis:inherited
      12345 "first-only" 0.5 true "<b>odd</b>" "un | deux")
    (<https://example.org/passerelle/id/rncp/2> UNDEF UNDEF <https://example.org/kind> UNDEF UNDEF "<i>x</i>"
      UNDEF false UNDEF UNDEF)
  }
  BIND($day AS ?endDate)
  BIND($language AS ?statement_en) BIND("en clair" AS ?statement_fr)
  FILTER(?country = $country) #? country
  FILTER(?level = $level) #? level
} ORDER BY ?position
""".replace(
    "SELECT",
    "PREFIX country: <http://publications.europa.eu/resource/authority/country/>\n"
    "PREFIX kind: <https://w3id.org/passerelle/vocabulary/unit-kind/>\n"
    "PREFIX basis: <https://w3id.org/passerelle/vocabulary/level-basis/>\nSELECT",
    1,
)
DESCRIPTION = QUERY.replace("titles", "description").replace("SELECT ?title ?unit", "CONSTRUCT { ?unit ?unit ?title }")


def _describe(path: Path) -> None:
    """Names of vocabulary concepts and of a bloc, and a name that would be markup if anybody let it."""
    store = ox.Store(str(path))
    graph = ox.NamedNode(RNCP)
    label = ox.NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
    titled = ox.NamedNode("http://purl.org/dc/terms/title")
    named = [
        (f"{COUNTRY}ITA", label, "Italie", "fr"),
        (f"{COUNTRY}ITA", label, "Italy", "en"),
        (f"{VOCABULARY}unit-kind/bloc", label, "bloc", "fr"),
        (f"{VOCABULARY}level-basis/inherited", label, "hérité", "fr"),
        (f"{VOCABULARY}level-basis/inherited", label, "inherited from the whole", "en"),
        ("https://example.org/kind", label, "</a><img src=x onerror=alert(2)>", "en"),
        (BLOC, titled, "Poser", "fr"),
        (BLOC, ox.NamedNode("https://w3id.org/passerelle/ontology#competencesText"), "très " * 200 + "long", "fr"),
    ]
    store.extend(
        [
            *(ox.Quad(ox.NamedNode(iri), by, ox.Literal(text, language=tag), graph) for iri, by, text, tag in named),
            ox.Quad(ox.NamedNode(BLOC), ox.NamedNode(expand("dcterms:identifier")), ox.Literal("RNCP1BC01"), graph),
            ox.Quad(ox.NamedNode(BLOC), ox.NamedNode(expand("dcterms:spatial")), ox.NamedNode(f"{COUNTRY}ITA"), graph),
            ox.Quad(
                ox.NamedNode(BLOC),
                ox.NamedNode(expand("rdf:type")),
                ox.NamedNode(expand("psl:ComparableSpecification")),
                graph,
            ),
            # a country that organisations are in, and no unit
            ox.Quad(
                ox.NamedNode(f"{BASE}/id/organisation/1"),
                ox.NamedNode(expand("dcterms:spatial")),
                ox.NamedNode(f"{COUNTRY}ESP"),
                graph,
            ),
        ]
    )
    store.flush()


class _Page(HTMLParser):
    """What a test looks at in a page: texts of elements, links, and markup that a reader cannot use."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.language = ""
        self.links: list[str] = []
        self.elements: list[str] = []
        self.labels: set[str] = set()
        self.inputs: set[str] = set()
        self.described: dict[str, list[str]] = {}
        self.choices: list[str] = []
        self.identifiers: list[str] = []
        self.languages: set[str] = set()
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.elements.append(tag)
        assert "style" not in given
        assert not [name for name in given if name.startswith("on")]
        if tag == "html":
            self.language = given["lang"]
        elif tag == "a":
            self.links.append(given["href"])
        elif tag == "label":
            self.labels.add(given["for"])
        elif tag == "select" or (tag == "input" and given.get("type") != "hidden"):
            self.inputs.add(given["id"])
            self.described[given["id"]] = given.get("aria-describedby", "").split()
        elif tag == "option":
            self.choices.append(given["value"])
        if "id" in given:
            self.identifiers.append(given["id"])
        if given.get("lang"):
            self.languages.add(given["lang"])

    def handle_data(self, data: str) -> None:
        self.text += " " + data

    @property
    def words(self) -> str:
        """The text with each white space as one space."""
        return " ".join(self.text.split())


def page(client: FlaskClient, address: str, status: int = 200, **headers: str) -> _Page:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    response = client.get(address, headers={"Accept": accept, **headers})
    assert response.status_code == status
    assert response.content_type == "text/html; charset=utf-8"
    found = _Page(response.text)
    assert found.elements.count("h1") == found.elements.count("main") == 1
    assert found.labels == found.inputs
    assert len(found.identifiers) == len(set(found.identifiers))
    assert {identifier for all_of in found.described.values() for identifier in all_of} <= set(found.identifiers)
    # what every page says, whatever it is about
    assert ("Demonstration data." in found.text) or ("Données de démonstration." in found.text)
    assert ("It is not recognition" in found.text) or ("Elle ne vaut pas reconnaissance" in found.text)
    assert IDENTIFIER in found.text
    assert "Licence Ouverte 2.0" in found.text
    assert response.headers["Passerelle-Demonstration"] == "true"
    assert "script" not in found.elements
    return found
