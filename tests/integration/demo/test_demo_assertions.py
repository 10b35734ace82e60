"""On the demonstration, every face gives the same numbers: the graph, `compare`, `nearest`, and the index beneath."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from passerelle.comparability.comparisons import Comparisons
from passerelle.comparability.index.shares import shares
from passerelle.comparability.link_values import is_linked
from passerelle.comparability.nearest import Filters
from passerelle.graph.all_units import AllUnits
from passerelle.graph.release import Release
from passerelle.namespaces import Minting, expand
from passerelle.queries import named_query
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
        assert row.finding == replace(said.forward.finding, unreviewed=None)
    # what no link says anything of counts by the square of the wording, for foreign ones by the mean of the others
    firm = [row.wording**2 for row in found if french(comparisons, row.unit) and not row.by_wording]
    own = linked_share(comparisons, BLOC)
    order = []
    for row in found:
        common = row.wording**2 if french(comparisons, row.unit) else sum(firm) / len(firm)
        still_open = 1 - own * linked_share(comparisons, row.unit)
        standing = row.forward.expected + (1 - row.forward.expected) * still_open * common
        order.append((-round(standing, 3), -row.forward.expected))
        assert row.by_wording == (row.forward.expected < 0.05)
        assert standing >= 0.05 - 0.001
    assert [each for each, _ in order] == sorted(each for each, _ in order)


def french(comparisons: Comparisons, unit: str) -> bool:
    return any(text.language == "fr" for outcome in comparisons.unit(unit).outcomes for text in outcome.texts)


def linked_share(comparisons: Comparisons, unit: str) -> float:
    outcomes = comparisons.unit(unit).outcomes
    return sum(map(is_linked, outcomes)) / len(outcomes)


def test_nearest_lists_neither_the_unit_nor_its_family_and_respects_filters(comparisons: Comparisons) -> None:
    whole = comparisons.unit("RNCP990002")
    found = {row.unit for row in comparisons.nearest("RNCP990002", PURPOSE, Filters(), 100).neighbours}
    assert not found & {whole.iri, *whole.parts}
    italian = comparisons.nearest(BLOC, PURPOSE, Filters(countries=("IT",), level=5), 5)
    assert [row.unit for row in italian.neighbours] == ["https://italia.example.org/qualifica/manutenzione-eolica"]
    # the Dutch certificate states no level: it is listed, and counted
    dutch = comparisons.nearest(BLOC, PURPOSE, Filters(countries=("NL",), level=5, levels_apart=1), 1)
    assert [row.level for row in dutch.neighbours] == [None]
    assert dutch.looked.level_not_stated > 0


def test_other_blocs_of_the_certification_are_counted_and_not_listed(comparisons: Comparisons) -> None:
    found = comparisons.nearest(BLOC, PURPOSE, Filters(), 100)
    (whole,) = comparisons.unit(BLOC).wholes
    siblings = {*comparisons.unit(whole).parts} - {comparisons.unit(BLOC).iri}
    assert siblings
    assert not siblings & {row.unit for row in found.neighbours}
    assert found.looked.siblings == len(siblings)


def test_every_unit_that_was_asked_for_is_accounted_for(comparisons: Comparisons) -> None:
    target = comparisons.unit(BLOC)
    found = comparisons.nearest(BLOC, PURPOSE, Filters(), 100)
    looked = found.looked
    (whole,) = target.wholes
    others = [
        comparisons.unit(iri)
        for iri in comparisons.reader.units()
        if iri not in {target.iri, *target.parts, whole, *comparisons.unit(whole).parts}
    ]
    figures = {each.iri: comparisons.compare(each.iri, BLOC, PURPOSE).forward.coverage.expected for each in others}
    mute = [
        each
        for each in others
        if each.outcomes and not figures[each.iri] and not any(outcome.links for outcome in each.outcomes)
    ]
    assert looked.units == len(others)
    assert looked.without_outcomes == sum(not each.outcomes for each in others)
    assert looked.without_links == len(mute)
    assert sum(count for _, count in looked.without_links_by_language) == len(mute)
    assert looked.units == looked.compared + looked.without_outcomes + looked.without_links
    faint = [share for share in figures.values() if 0 < share < 0.05]
    assert (looked.below_floor, looked.best_below) == (len(faint), max(faint, default=0.0))
    by_links = {row.unit for row in found.neighbours if not row.by_wording}
    assert looked.compared == len(by_links) + looked.below_floor + looked.nothing_met
    assert looked.by_wording == len(found.neighbours) - len(by_links)
    assert by_links == {iri for iri, share in figures.items() if share >= 0.05}


def test_a_french_row_says_the_status_of_its_registration_on_a_day(comparisons: Comparisons) -> None:
    rows = {row.identifier: row for row in comparisons.nearest(BLOC, PURPOSE, Filters(), 100).neighbours}
    # data/demo: the successor RNCP990003 is not in effect until 2027-02-01
    (status,) = rows["RNCP990003BC01"].status
    assert status.value.endswith("not-yet-effective")
    assert status.qualifier == "2026-11-22"
    assert all(fact.name == "registration-status" for row in rows.values() for fact in row.status)


def test_an_assertion_has_eight_triples_and_a_pair_one_assertion(
    comparisons: Comparisons, asserted: list[dict[str, str]]
) -> None:
    base = comparisons.manifest.base
    graph = ox.NamedNode(Minting(base).graph("comparability"))
    quads = list(comparisons.reader.store.quads_for_pattern(None, None, None, graph))
    assert len(quads) == 8 * len(asserted) == 8 * comparisons.manifest.comparability["assertions"]
    assert len({quad.subject for quad in quads}) == len(asserted)
    assert len({frozenset((row["first"], row["second"])) for row in asserted}) == len(asserted)


def test_a_pair_is_asserted_where_it_is_among_the_five_best_of_either_unit(
    comparisons: Comparisons, asserted: list[dict[str, str]]
) -> None:
    index = comparisons.index
    kin = []
    for unit in range(len(index.iris)):
        siblings, _ = index.tables.parts.all_of(index.tables.wholes[unit])
        kin.append({*index.family_of(unit).tolist(), *siblings.tolist()})
    shown = [shares(index.targets_of(iri).expected) for iri in index.iris]
    chosen = set()
    for unit in range(len(index.iris)):
        candidates: dict[int, list[tuple[float, float, int]]] = {}
        for other in range(len(index.iris)):
            figures = sorted((float(shown[unit][other]), float(shown[other][unit])))
            if other in kin[unit] or figures[1] < 0.2:
                continue
            rank = (-round(sum(figures), 4), -figures[1], other)
            candidates.setdefault(int(index.tables.country[other]), []).append(rank)
        for found in candidates.values():
            chosen |= {frozenset((unit, other)) for _, _, other in sorted(found)[:5]}
    pairs = {frozenset((index.position(row["first"]), index.position(row["second"]))) for row in asserted}
    assert pairs == chosen
    catalogues = tuple(f"{comparisons.manifest.base}/id/{name}/" for name in ("rncp", "rs"))
    abroad = [row for row in asserted if not row["first"].startswith(catalogues)]
    assert not any(row["second"].startswith(catalogues) for row in abroad)
    # an Italian qualification against a German partial one: no French unit takes part
    german = "https://deutschland.example.org/teilqualifikation/windenergieanlagen"
    italian = "https://italia.example.org/qualifica/manutenzione-eolica"
    assert {german, italian} in [{row["first"], row["second"]} for row in abroad]


def test_the_named_query_has_the_best_of_every_country_that_nearest_lists(comparisons: Comparisons) -> None:
    query = named_query("nearest-units")
    for country in ("BE", "DE", "ES", "GR", "IT", "NL", "PT"):
        bound = query.bind({"unit": BLOC, "country": country}, comparisons.manifest.base)
        rows = comparisons.reader.store.query(bound, use_default_graph_as_union=True)
        told = [(row["unit"].value, float(row["expected"].value)) for row in rows]
        listed = comparisons.nearest(BLOC, PURPOSE, Filters(countries=(country,)), 100).neighbours
        good = [row for row in listed if max(row.forward.expected, row.reverse.expected) >= 0.2]
        assert len(good) <= 5
        assert sorted(told) == sorted((row.unit, row.forward.expected) for row in good)
    assert {"https://italia.example.org/qualifica/manutenzione-eolica"} <= {
        row["unit"].value
        for row in comparisons.reader.store.query(
            query.bind({"unit": BLOC, "country": "IT"}, comparisons.manifest.base), use_default_graph_as_union=True
        )
    }


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
    read = [comparisons.unit(row.iri) for row in rows]
    entitled = [each.titles for each in read] + [outcome.texts for each in read for outcome in each.outcomes]
    assert {text.text for given in entitled for text in given} == {*texts}


def test_an_answer_needs_no_compiler(demo_release: Release, root: Path) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from passerelle.comparability.comparisons import Comparisons\n"
        "from passerelle.comparability.nearest import Filters\n"
        "from passerelle.graph.release import Releases\n"
        f"found = Comparisons(Releases(Path({str(demo_release.folder.parent)!r})).current())\n"
        f"assert found.nearest({BLOC!r}, {PURPOSE!r}, Filters(), 5).neighbours\n"
        "print(*({'numba', 'llvmlite', 'sklearn'} & {*sys.modules}))"
    )
    command = [sys.executable, "-c", program]
    ended = subprocess.run(
        command, env={"PYTHONPATH": str(root / "service")}, check=True, capture_output=True, text=True
    )
    assert ended.stdout.split() == []
