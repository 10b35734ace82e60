"""Queries whose rows a store without distinct path ends would repeat; arithmetic and COUNT(*) are no paths."""

from __future__ import annotations

import pytest

from passerelle.graph.remote.paths import repeats_rows

PREFIX = "PREFIX ex: <http://x/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "


def path_repeats(query: str) -> bool:
    return repeats_rows(PREFIX + query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?a ex:p+ ?b }",
        "SELECT ?b { ?a ex:p* ?b }",
        "SELECT REDUCED ?b { ?a ex:p* ?b }",
        "SELECT?b{?a ex:p*?b}",
        "SELECT * { ?a <http://x/p>+ ?b }",
        "SELECT * { ?a a* ?b }",
        "SELECT * { ?a (ex:p)+ ?b }",
        "SELECT * { ?a (ex:p/^ex:q|!(ex:r|^a))* ?b }",
        "SELECT * { ?a ex:p/ex:q#c\n * ?b }",
        "SELECT * { ?a (ex:p?)+ ?b }",
        "SELECT * { { SELECT DISTINCT ?a { ?a ?p ?o } } ?a ex:p+ ?b }",
        "SELECT DISTINCT ?b { { SELECT ?b { ?a ex:p+ ?b } LIMIT 10 } }",
        "SELECT (COUNT(?b) AS ?n) { ?a ex:p+ ?b }",
        "SELECT (COUNT(*) AS ?n) { ?a ex:p+ ?b }",
        "SELECT DISTINCT (COUNT(*) AS ?n) { ?a ex:p+ ?b } GROUP BY ?a",
        "SELECT (GROUP_CONCAT(?b; SEPARATOR=' ') AS ?n) { ?a ex:p+ ?b }",
        "SELECT ?a (SUM(DISTINCT ?b) AS ?n) (AVG ( ?b ) AS ?m) { ?a ex:p* ?b } GROUP BY ?a",
        "ASK { { SELECT ?a { ?a ex:p+ ?b } GROUP BY ?a HAVING (COUNT(?b) > 2) } }",
        "CONSTRUCT { ?a ex:q ?n } WHERE { SELECT ?a (COUNT(?b) AS ?n) { ?a ex:p+ ?b } GROUP BY ?a }",
        # the engine reads a comparison, then a path, where the tokens hold an IRI
        "SELECT * { ?a ?p ?b FILTER(?a<2)?x ex:p*?y.FILTER(?b>1) }",
        "SELECT * { ?a ?p ?b FILTER(?a<2)?x<x:p>*?y.FILTER(?b>1) }",
        "SELECT * { FILTER(?a<'>' ) ?x ex:p+ ?y . FILTER(?c != 'z') }",
        r"SELECT * { ?a ex:p\u002B ?b }",
        r"SELECT * { ?a <http://x/\u0070>+ ?b }",
    ],
)
def test_rows_that_may_come_twice(query: str) -> None:
    assert path_repeats(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?a ex:p ?b }",
        "SELECT*{ ?a ex:p ?b }",
        "SELECT DISTINCT * { ?a ex:p+ ?b }",
        "SELECT DISTINCT ?b { { SELECT DISTINCT ?b { ?a ex:p+ ?b } LIMIT 10 } }",
        "SELECT (COUNT(*) AS ?n) { ?a ex:p ?b }",
        "SELECT ((COUNT(*) + 1) * 2 AS ?n) { ?a ex:p ?b }",
        "SELECT (COUNT(*) * 2 AS ?n) { ?a ex:p ?b }",
        "SELECT (?a * ?b + 3 * -?c AS ?n) { ?a ex:p ?b }",
        "SELECT ((?a + ?b) * 2 AS ?n) { ?a ex:p ?b FILTER(?a < +5 && 2*3 = 6.0+0) }",
        "SELECT (STR(?a) + 'b' + \"c\"@en AS ?n) { ?a ex:p ?b }",
        "SELECT (COUNT(DISTINCT ?b) AS ?n) { ?a ex:p+ ?b }",
        "SELECT ?a (COUNT(DISTINCT ?b) AS ?n) (MIN(?b) AS ?m) { ?a ex:p+ ?b } GROUP BY ?a",
        "SELECT ?a { ?a ex:p+ ?b } GROUP BY ?a",
        "ASK { ?a ex:p+ ?b }",
        "CONSTRUCT { ?a ex:q ?b } WHERE { ?a ex:p* ?b }",
        "DESCRIBE * { ?a ex:p* ?b }",
        "SELECT * { ?a ex:p '* + *' } # ex:p* ?x",
        r"SELECT * { ?a ex:p\+ 'a\\b' }",
    ],
)
def test_rows_that_come_once(query: str) -> None:
    assert not path_repeats(query)
