"""The pages: what they say, in which language, and that no text of the graph becomes markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient

import passerelle.queries
import passerelle.web
from passerelle.errors import Overloaded
from passerelle.messages import Language, catalogue
from passerelle.namespaces import COUNTRY, VOCABULARY, expand
from passerelle.queries import read_query
from passerelle.settings import Settings
from passerelle.web.application import create_application, is_web_address
from passerelle.web.responses.wording import number, typed
from small_release import BASE, IDENTIFIER, RNCP, small_release

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


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    releases = tmp_path_factory.mktemp("releases")
    _describe(small_release(releases) / "store")
    created = create_application(Settings(releases=releases, workers=1))
    yield created
    created.extensions["publication"].close()


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


@pytest.fixture
def client(application: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    known = {}
    for name, text in (("titles", QUERY), ("description", DESCRIPTION), ("answer", ANSWER)):
        path = tmp_path / f"{name}.rq"
        path.write_text(text.replace("\n} ORDER BY LANG(?title)", "\n}") if name == "description" else text)
        known[name] = read_query(path)
    monkeypatch.setattr("passerelle.queries.catalogue", lambda: known)
    monkeypatch.setattr("passerelle.web.questions.named_queries.catalogue", lambda: known)
    monkeypatch.setattr("passerelle.web.front_page.catalogue", lambda: known)
    return application.test_client()


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


def test_front_page_says_what_is_served(client: FlaskClient) -> None:
    found = page(client, "/")
    for text in (
        "Demonstration data.",
        IDENTIFIER,
        BASE,
        "302",
        "RNCP <b>extract</b>",
        "France compétences",
        "Licence Ouverte 2.0",
        "Source: France compétences",
        "2026-08-16",
        "22\N{NO-BREAK SPACE}Nov\N{NO-BREAK SPACE}2026 at 12:00 UTC",
        "2 fiches, 1 thing",
        "Titles of a unit",
        "curl -G http://localhost/sparql",
        "It is not recognition",
    ):
        assert text in found.text
    assert found.language == "en"
    assert not [link for link in found.links if link.startswith("javascript:")]


def test_language_by_address_then_by_header(client: FlaskClient) -> None:
    by_header = page(client, "/", **{"Accept-Language": "fr-FR,fr;q=0.9,en;q=0.8"})
    by_address = page(client, "/?lang=fr", **{"Accept-Language": "en"})
    for found in (by_header, by_address):
        assert found.language == "fr"
        assert "Données de démonstration." in found.text
        assert "Extrait du RNCP" in found.text
        assert "Intitulés d'une unité" in found.text
    assert "/?lang=en" in by_address.links
    assert page(client, "/?lang=xx", **{"Accept-Language": "de"}).language == "en"


def test_every_own_link_leads_somewhere(client: FlaskClient) -> None:
    seen: set[str] = set()
    for start in ("/", "/queries?lang=fr", "/queries/titles?fiche=RNCP1&format=html"):
        for link in page(client, start).links:
            if link.startswith("/") and link not in seen:
                seen.add(link)
                assert client.get(link, headers={"Accept": "text/html, */*"}).status_code == 200, link
    assert len(seen) >= 8
    with client.get("/static/passerelle.css") as style:
        assert style.status_code == 200


def test_question_without_values_is_a_form_alone(client: FlaskClient) -> None:
    found = page(client, "/queries/titles")
    assert found.inputs == {"p-fiche", "p-language"}
    assert "table" not in found.elements
    assert "For example RNCP37674" in found.text


def test_answer_is_a_table_whose_texts_are_texts(client: FlaskClient) -> None:
    found = page(client, "/queries/titles?fiche=RNCP1")
    assert "Rows: 2." in found.text
    assert "<script>alert('1')</script>" in found.text
    assert "Poser des panneaux" in found.text
    assert f"/things?iri={BASE}/id/rncp/1&lang=en" in found.links
    assert found.elements.count("tr") == 3


def test_language_of_the_page_is_none_of_the_question(client: FlaskClient) -> None:
    assert "Lignes\N{NO-BREAK SPACE}: 2." in page(client, "/queries/titles?fiche=RNCP1&lang=fr").text
    assert "Lignes\N{NO-BREAK SPACE}: 1." in page(client, "/queries/titles?fiche=RNCP1&lang=fr&language=fr").text


def test_a_bad_value_is_told_in_the_form(client: FlaskClient) -> None:
    found = page(client, '/queries/titles?fiche="><script>alert(1)</script>', status=400)
    assert '"><script>alert(1)</script>' in found.text
    assert "table" not in found.elements


def test_answer_reads_without_knowing_rdf(client: FlaskClient) -> None:
    found = page(client, "/queries/answer?lang=fr&country=it")
    headings = "Unité Pays Nature Fondement du niveau Niveau CEC Position Liens revus reviewedShare"
    assert f"{headings} Active (source) Fin de l'enregistrement Odd new column En clair" in found.words
    row = (
        "Poser RNCP1BC01 Italie bloc hérité 12 345 première seule first-only 50 % oui 22 nov. 2026 <b>odd</b> en clair"
    )
    assert row in found.words
    assert "un deux" in found.words
    assert found.elements.count("th") == 12  # the title is the name of the unit, and one statement is enough
    assert f"/things?iri={BLOC}&lang=fr" in found.links
    assert "Une réponse de toute sorte – version 20261122T120000Z-0a1b2c3d du 22 nov. 2026 à 12:00 UTC" in found.words


def test_headings_and_values_in_english(client: FlaskClient) -> None:
    found = page(client, "/queries/answer?lang=en&country=IT")
    assert "Unit Country Kind Basis of the level EQF level" in found.words
    # a label that exists in French only is better than none, and says its language; so do titles
    assert "Poser RNCP1BC01 Italy bloc inherited from the whole 12,345 first only" in found.words
    assert "fr" in found.languages
    assert "50% yes 22 Nov 2026" in found.words


def test_what_no_source_states_is_said(client: FlaskClient) -> None:
    found = page(client, "/queries/answer?lang=fr")
    assert "Lignes\N{NO-BREAK SPACE}: 2." in found.text
    assert found.words.count("non précisé") == 6  # country, basis, level, share, odd column, texts


def test_texts_of_the_graph_never_become_markup(client: FlaskClient) -> None:
    found = page(client, "/queries/answer?lang=en")
    for text in ("<b>odd</b>", "<i>x</i>", "</a><img src=x onerror=alert(2)>"):
        assert text in found.text
    assert not {"b", "i", "img"} & set(found.elements)


def test_codes_are_explained_and_kept_in_downloads(client: FlaskClient) -> None:
    found = page(client, "/queries/answer?lang=fr&country=IT")
    assert "Liens revus reviewedShare" in found.words
    assert "première seule first-only hérité" not in found.words
    assert "hérité inherited" in found.words  # in the key
    address = next(link for link in found.links if "format=csv" in link)
    text = client.get(address).text
    assert text.startswith("unit,title,country,kind,levelBasis,level,position,reviewedShare,")
    assert f"{BLOC},Poser,{COUNTRY}ITA,{VOCABULARY}unit-kind/bloc,{VOCABULARY}level-basis/inherited,12345," in text
    downloads = [link for link in found.links if "/answer?" in link and "format=" in link]
    assert [link.partition("format=")[2][:4] for link in downloads][:2] == ["csv&", "json"]


def test_the_sparql_behind_an_answer_is_shown(client: FlaskClient) -> None:
    found = page(client, "/queries/answer?lang=fr&country=IT")
    assert f"FILTER(?country = <{COUNTRY}ITA>)" in found.text
    assert "Le SPARQL derrière cette réponse" in found.text


def test_titles_come_in_the_language_of_the_page_unless_another_is_asked_for(client: FlaskClient) -> None:
    assert 'BIND("fr" AS' in page(client, "/queries/answer?lang=fr").text
    assert 'BIND("el" AS' in page(client, "/queries/answer?lang=fr&language=el").text
    # of the page alone: who asks for data gets the default that the question documents
    assert client.get("/queries/answer?lang=fr&format=csv&country=IT").text.count(",en,") == 1


def test_what_was_asked_is_told_by_name(client: FlaskClient) -> None:
    found = page(client, "/queries/titles?fiche=RNCP1&lang=fr")
    assert "Numéro de fiche Poser des panneaux RNCP1" in found.words
    unknown = page(client, "/queries/titles?fiche=RNCP77&lang=fr")
    assert "Numéro de fiche non décrit dans cette version RNCP77" in unknown.words
    assert "Aucune ligne ne répond à cette question." in unknown.text
    assert "table" not in unknown.elements


def test_a_fault_stands_at_its_field(client: FlaskClient) -> None:
    found = page(client, "/queries/answer?lang=fr&level=9&day=demain&country=IT", status=400)
    assert found.described["p-level"] == ["e-level"]
    assert found.described["p-day"] == ["h-day", "e-day"]
    assert found.described["p-country"] == []
    assert {"#p-level", "#p-day"} <= set(found.links)
    assert "demain n'est pas une date (day)." in found.text
    assert 'value="demain"' in client.get("/queries/answer?format=html&day=demain").text
    other = page(client, "/queries/answer?lang=en&colour=red", status=400)
    assert "The query answer has no parameter colour." in other.text


def test_countries_to_choose_from_are_those_with_units(client: FlaskClient) -> None:
    found = page(client, "/queries/answer?lang=fr")
    levels, languages = [str(level) for level in range(1, 9)], ["de", "en", "da", "es", "fr", "el", "it", "nl", "pt"]
    assert found.choices == ["", "IT", "", *levels, *languages]
    assert "Pays (tous) Italie Niveau CEC" in found.words
    # a country without units is still what was asked for
    assert "Espagne" in page(client, "/queries/answer?lang=fr&country=es").text


def test_a_page_does_without_names_when_the_service_is_busy(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> None:
        raise Overloaded("workers-overloaded")

    monkeypatch.setattr("passerelle.web.questions.labels.results", busy)
    found = page(client, "/queries/answer?lang=fr&country=IT")
    assert "pslv:unit-kind/bloc" in found.text
    assert "Poser" in found.text


def test_a_thing_with_what_is_stated_about_it(client: FlaskClient) -> None:
    found = page(client, f"/things?iri={BLOC}&lang=fr")
    assert "Poser" in found.text
    assert "numéro RNCP1BC01" in found.words
    assert "pays Italie" in found.words
    # a long text is folded, and all there
    assert "details" in found.elements
    assert "très " * 200 + "long" in found.text
    assert BLOC in found.links
    assert "No source of this release describes it." in page(client, f"/things?iri={BASE}/id/x", status=404).text
    for address in ("/things", "/things?iri=javascript:alert(1)", "/things?iri=https://example.org/a>%20<b"):
        assert "does not hold the address" in page(client, address, status=400).text


@pytest.mark.parametrize(
    ("text", "datatype", "language", "expected"),
    [
        ("1234", "xsd:integer", "fr", "1234"),
        ("1234567", "xsd:integer", "en", "1,234,567"),
        ("-12345.5", "xsd:decimal", "fr", "-12\N{NARROW NO-BREAK SPACE}345,5"),
        ("0.333333333333", "xsd:decimal", "en", "0.333"),
        ("0", "xsd:decimal", "en", "0"),
        ("1e3", "xsd:double", "fr", "1000"),
        ("NaN", "xsd:double", "en", "NaN"),
        ("1e400", "xsd:double", "en", "1e400"),
        ("many", "xsd:integer", "en", "many"),
        ("2026-08-01", "xsd:date", "fr", "1er\N{NO-BREAK SPACE}août\N{NO-BREAK SPACE}2026"),
        ("2026-13-01", "xsd:date", "fr", "2026-13-01"),
        ("PT1H40M", "xsd:duration", "en", "1 h 40 min"),
        ("P2D", "xsd:duration", "fr", "2 j"),
        ("P1Y", "xsd:duration", "fr", "P1Y"),
        ("P", "xsd:duration", "fr", "P"),
        ("false", "xsd:boolean", "fr", "non"),
    ],
)
def test_values_as_a_reader_expects_them(text: str, datatype: str, language: Language, expected: str) -> None:
    assert typed(text, expand(datatype), language) == expected


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_contrast_of_texts(scheme: int) -> None:
    blocks = re.findall(r":root \{(.*?)\}", STYLE.read_text(encoding="utf-8"), re.DOTALL)
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]+);", blocks[scheme]))
    pairs = [(text, ground) for text in ("ink", "quiet", "link") for ground in ("paper", "soft")]
    pairs += [("ink", "warn"), ("ink", "fault"), ("link", "fault"), ("link", "warn"), ("alarm", "soft")]
    for text, ground in pairs:
        light, dark = sorted((_luminance(colours[text]), _luminance(colours[ground])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (text, ground)


def test_answer_in_other_formats(client: FlaskClient) -> None:
    answer = client.get("/queries/titles?fiche=RNCP1&language=fr&format=csv")
    assert answer.text == f"title,unit\r\nPoser des panneaux,{BASE}/id/rncp/1\r\n"
    assert answer.headers["Passerelle-Demonstration"] == "true"
    by_header = client.get("/queries/titles?fiche=RNCP1", headers={"Accept": "application/json"})
    assert by_header.json is not None
    assert len(by_header.json["results"]["bindings"]) == 2
    turtle = client.get("/queries/description?fiche=RNCP1", headers={"Accept": "text/turtle"})
    assert "Poser des panneaux" in turtle.text
    assert "Poser des panneaux" in page(client, "/queries/description?fiche=RNCP1&format=html").text
    assert client.head("/queries/titles?fiche=RNCP1&format=csv").data == b""


@pytest.mark.parametrize(
    ("address", "status", "kind"),
    [
        ("/queries/nothing", 404, "query-unknown"),
        ("/queries/titles?format=json", 400, "query-parameter-missing"),
        ("/queries/titles?format=json&fiche=x", 400, "query-parameter-fiche"),
        ("/queries/titles?format=json&fiche=RNCP1&other=1", 400, "query-parameter-unknown"),
        ("/queries/titles?format=pdf&fiche=RNCP1", 406, "sparql-format"),
    ],
)
def test_problems(client: FlaskClient, address: str, status: int, kind: str) -> None:
    response = client.get(address)
    assert response.status_code == status
    assert response.json is not None
    assert response.json["type"].endswith("/" + kind)


@pytest.mark.parametrize("name", sorted(path.stem for path in QUERIES.glob("*.rq")))
def test_every_question_of_ours_is_a_page_and_a_table(application: Flask, name: str) -> None:
    query = read_query(QUERIES / f"{name}.rq")
    parameters = query.parameters
    # names that a page needs for itself
    assert not {parameter.name for parameter in parameters} & {"lang", "format"}
    client = application.test_client()
    address = f"/queries/{name}?" + urlencode({parameter.name: parameter.example for parameter in parameters})
    for language in ("en", "fr"):
        found = page(client, f"{address}&lang={language}")
        assert found.elements.count("table") <= 1
        meaning = query.none(language) or ("No row answers" if language == "en" else "Aucune ligne")
        assert ("table" in found.elements) is not (meaning in unescape(found.text))
    answer = client.get(f"{address}&format=json").json
    assert answer
    # a heading in both languages for each of its columns
    variables = [variable.removesuffix("_en").removesuffix("_fr") for variable in answer["head"]["vars"]]
    untitled = [v for v in variables if not {f"column-{v}", f"column-{name}-{v}"} & set(catalogue())]
    assert untitled == []


def test_list_of_questions_as_json(client: FlaskClient) -> None:
    listed = client.get("/queries", headers={"Accept-Language": "fr"}).json
    assert listed is not None
    first = next(entry for entry in listed if entry["name"] == "titles")
    assert first["title"] == "Intitulés d'une unité"
    assert first["address"] == "http://localhost/queries/titles"
    assert first["parameters"][0] == {
        "name": "fiche",
        "type": "fiche",
        "required": True,
        "default": "",
        "label": "Numéro de fiche",
        "example": "RNCP37674",
    }


def test_health(client: FlaskClient) -> None:
    client.get("/")
    response = client.get("/healthz")
    assert response.json is not None
    assert response.json["status"] == "ok"
    assert response.json["release"] == IDENTIFIER
    assert response.json["queries"]["running"] == 0
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://example.org/a", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ("https:", False),
        ("http://[", False),
        ("", False),
        (None, False),
    ],
)
def test_only_web_addresses_become_links(text: object, expected: bool) -> None:
    assert is_web_address(text) is expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/?lang=en", [("page", "Passerelle")]),
        ("/queries?lang=fr", [("page", "Questions")]),
        ("/queries/titles?lang=en", [("true", "Questions")]),
        ("/sparql?lang=en", [("page", "SPARQL")]),
        ("/sparql?lang=en&format=html&query=ASK%7B%7D", [("page", "SPARQL")]),
        ("/validate?lang=fr", [("page", "Vérifier un justificatif")]),
        ("/releases?lang=en", []),
        ("/nothing?lang=en", []),
    ],
)
def test_the_navigation_marks_where_one_is(client: FlaskClient, address: str, expected: list[tuple[str, str]]) -> None:
    text = client.get(address, headers={"Accept": "text/html"}).text
    assert re.findall(r'<a href="[^"]*" aria-current="(\w+)">([^<]*)</a>', text) == expected
    assert text.count("aria-current") == len(expected)


def test_a_posted_credential_keeps_its_section_marked(client: FlaskClient) -> None:
    text = client.post("/validate", data={"text": " ", "lang": "en"}, headers={"Accept": "text/html"}).text
    assert re.findall('aria-current="true">([^<]*)</a>', text) == ["Check a credential"]


@pytest.mark.parametrize(("language", "expected"), [("en", "5,540"), ("fr", "5\N{NARROW NO-BREAK SPACE}540")])
def test_counts_are_grouped_and_years_are_not(language: Language, expected: str) -> None:
    assert number("5540", language, ungrouped=999) == expected
    assert number("2026", language) == "2026"


def test_a_problem_says_first_what_is_wrong_a_member_a_line(client: FlaskClient) -> None:
    text = client.get("/queries/nothing", headers={"Accept": "application/json"}).text
    assert re.findall('^  "([a-z]+)": ', text, re.MULTILINE) == [
        "detail",
        "remedy",
        "title",
        "status",
        "type",
        "instance",
    ]
    assert text.endswith("}\n")


@pytest.mark.parametrize(("language", "link"), [("en", "To the answer"), ("fr", "Aller à la réponse")])
def test_the_answer_to_a_query_is_a_step_away(client: FlaskClient, language: str, link: str) -> None:
    asked = urlencode({"query": "SELECT (1 AS ?n) {}", "format": "html", "lang": language})
    text = client.get(f"/sparql?{asked}").text
    assert re.search(f'<a href="#answer">{link}', text)
    assert 'id="answer"' in text
    # sent from the form, the answer is what the browser goes to
    assert f'action="/sparql?lang={language}#answer"' in text
    assert '#answer">' + link not in client.get(f"/sparql?format=html&lang={language}").text
