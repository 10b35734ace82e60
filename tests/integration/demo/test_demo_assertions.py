"""On the demonstration, every face gives the same numbers: the graph, `compare`, `nearest`, and the index beneath."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from passerelle.comparability.comparisons import Comparisons
from passerelle.comparability.nearest import Filters
from passerelle.graph.all_units import AllUnits
from passerelle.graph.release import Release
from passerelle.namespaces import Minting, expand
from passerelle.records.comparison import SHARE_DIGITS

PURPOSE = "bloc-exemption"
BLOC = "RNCP990002BC01"
PREFIXES = "PREFIX psl: <https://w3id.org/passerelle/ontology#>\n"
ASSERTIONS = """SELECT * { ?node a psl:ComparabilityAssertion ; psl:firstUnit ?first ; psl:secondUnit ?second ;
  psl:coverageLower ?lower ; psl:coverageExpected ?expected ; psl:reverseCoverageLower ?reverseLower ;
  psl:reverseCoverageExpected ?reverseExpected ; psl:reviewedLinkShare ?share }"""


@pytest.fixture(scope="module")
def comparisons(demo_release: Release) -> Comparisons:
    return Comparisons(demo_release)


@pytest.fixture(scope="module")
def asserted(comparisons: Comparisons) -> list[dict[str, str]]:
    rows = comparisons.reader.store.query(PREFIXES + ASSERTIONS, use_default_graph_as_union=True)
    names = [variable.value for variable in rows.variables]
    return [{name: row[name].value for name in names} for row in rows]


def test_assertions_are_what_compare_says(comparisons: Comparisons, asserted: list[dict[str, str]]) -> None:
    assert len(asserted) > 50
    for row in asserted:
        said = comparisons.compare(row["first"], row["second"], PURPOSE)
        forward, reverse = said.forward.coverage, said.reverse.coverage
        links = forward.links + reverse.links
        share = (forward.reviewed_links + reverse.reviewed_links) / links if links else 0
        figures = [float(row[name]) for name in ("lower", "expected", "reverseLower", "reverseExpected")]
        assert figures == [forward.lower, forward.expected, reverse.lower, reverse.expected]
        assert float(row["share"]) == pytest.approx(share, abs=10**-SHARE_DIGITS)


def test_nearest_is_what_compare_says_in_the_order_of_its_figures(comparisons: Comparisons) -> None:
    found = comparisons.nearest(BLOC, PURPOSE, Filters(), 30).neighbours
    for row in found:
        said = comparisons.compare(row.unit, BLOC, PURPOSE)
        assert (row.forward, row.reverse) == (said.forward.coverage, said.reverse.coverage)
        assert row.finding == said.forward.finding
    order = [
        (-row.forward.expected, -row.forward.lower, -row.wording, -row.reverse.expected, row.unit) for row in found
    ]
    assert order == sorted(order)
    assert all(row.forward.expected >= 0.05 for row in found)


def test_nearest_lists_neither_the_unit_nor_its_family_and_respects_filters(comparisons: Comparisons) -> None:
    whole = comparisons.unit("RNCP990002")
    found = {row.unit for row in comparisons.nearest("RNCP990002", PURPOSE, Filters(), 100)}
    assert not found & {whole.iri, *whole.parts}
    italian = comparisons.nearest(BLOC, PURPOSE, Filters(countries=("IT",), level=5), 5)
    assert [row.unit for row in italian] == ["https://italia.example.org/qualifica/manutenzione-eolica"]
    # the Dutch certificate states no level: it is listed, and left out on demand
    near = Filters(countries=("NL",), level=5, levels_apart=1)
    assert [row.level for row in comparisons.nearest(BLOC, PURPOSE, near, 1)] == [None]
    stated = Filters(countries=("NL",), level=5, levels_apart=1, include_unstated_level=False)
    assert all(row.level is not None for row in comparisons.nearest(BLOC, PURPOSE, stated, 5))


def test_an_assertion_has_eight_triples_and_a_pair_one_assertion(
    comparisons: Comparisons, asserted: list[dict[str, str]]
) -> None:
    base = comparisons.manifest.base
    graph = ox.NamedNode(Minting(base).graph("comparability"))
    quads = list(comparisons.reader.store.quads_for_pattern(None, None, None, graph))
    assert len(quads) == 8 * len(asserted) == 8 * comparisons.manifest.comparability["assertions"]
    assert len({quad.subject for quad in quads}) == len(asserted)
    assert len({frozenset((row["first"], row["second"])) for row in asserted}) == len(asserted)


def test_a_unit_has_at_most_five_in_a_country_and_none_of_its_family(
    comparisons: Comparisons, asserted: list[dict[str, str]]
) -> None:
    french = tuple(f"{comparisons.manifest.base}/id/{name}/" for name in ("rncp", "rs"))
    counted: dict[tuple[str, str], int] = {}
    for row in asserted:
        first, second = comparisons.unit(row["first"]), comparisons.unit(row["second"])
        assert first.iri.startswith(french)
        for one, other in ((first, second), (second, first)):
            counted[one.iri, other.country] = counted.get((one.iri, other.country), 0) + 1
            assert other.iri not in {one.iri, *one.parts, *one.wholes}
            assert not {*one.wholes} & {*other.wholes}
        assert max(float(row["expected"]), float(row["reverseExpected"])) >= 0.2
    assert max(counted.values()) <= 5


def test_the_graph_says_that_it_is_no_recognition(comparisons: Comparisons) -> None:
    minting = Minting(comparisons.manifest.base)
    store, graph = comparisons.reader.store, ox.NamedNode(minting.graph("comparability"))
    said = {
        (quad.predicate.value, getattr(quad.object, "language", None)): quad.object.value
        for quad in store.quads_for_pattern(graph, None, None, ox.NamedNode(minting.graph("provenance")))
    }
    assert "not recognition" in said[expand("dcterms:description"), "en"]
    assert "ni reconnaissance" in said[expand("dcterms:description"), "fr"]
    assert said[expand("psl:methodVersion"), None] == comparisons.manifest.comparability["method"] == "coverage-1"
    assert said[expand("psl:leastExpectedCoverage"), None] == "0.2"


def test_all_units_at_once_are_the_units_one_by_one(comparisons: Comparisons) -> None:
    texts: list[str] = []
    units = AllUnits(comparisons.reader.store, comparisons.reader.minting, lambda text: texts.append(text.text) or 0)
    links: dict[str, list[object]] = {}
    for outcome, link in units.links():
        links.setdefault(outcome, []).append(link)
    rows = list(units.rows())
    assert [row.iri for row in rows] == list(comparisons.reader.units())
    for row in rows:
        unit = comparisons.unit(row.iri)
        assert (row.kind, row.country, row.level, row.level_basis) == (
            unit.kind, unit.country, unit.level, unit.level_basis
        )  # fmt: skip
        assert (row.parts, row.wholes) == (unit.parts, unit.wholes)
        assert [iri for iri, _ in row.outcomes] == [outcome.iri for outcome in unit.outcomes]
        for outcome in unit.outcomes:
            assert sorted(links.get(outcome.iri, []), key=lambda link: link.skill) == list(outcome.links)
    assert {text.text for row in rows for each in comparisons.unit(row.iri).outcomes for text in each.texts} == {*texts}


def test_an_answer_needs_no_compiler(demo_release: Release, root: Path) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from passerelle.comparability.comparisons import Comparisons\n"
        "from passerelle.comparability.nearest import Filters\n"
        "from passerelle.graph.release import Releases\n"
        f"found = Comparisons(Releases(Path({str(demo_release.folder.parent)!r})).current())\n"
        f"assert found.nearest({BLOC!r}, {PURPOSE!r}, Filters(), 5)\n"
        "print(*({'numba', 'llvmlite', 'sklearn'} & {*sys.modules}))"
    )
    command = [sys.executable, "-c", program]
    ended = subprocess.run(
        command, env={"PYTHONPATH": str(root / "service")}, check=True, capture_output=True, text=True
    )
    assert ended.stdout.split() == []
