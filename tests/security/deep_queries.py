"""Queries that are long, deep or many-jointed, so that a parser or optimiser takes too long, or overflows its stack."""

from __future__ import annotations

from security.attack import BROKEN_OFF, Attack, asking, posting

_LIMITS = (200, 400, 503)
"""Whatever the machine is quick enough for, too complex, or stopped at a limit: never a failure of ours."""
_TIME = "seconds of a core for a line of text"
_SIZE = "gigabytes for a line of text"
_DEPTH = "a recursive parser or optimiser overflows its stack, and takes its process along"
_CUT = (503, BROKEN_OFF)


def _nested(count: int, opening: str = "{", closing: str = "}") -> str:
    return "ASK {" + opening * count + " ?s ?p ?o " + closing * count + "}"


def _chain(expression: str, joint: str, count: int) -> str:
    return f"SELECT ({joint.join([expression] * count)} AS ?x) {{}}"


_UNIONS = " UNION ".join(["{ ?s ?p ?o }"] * 3000)

ATTACKS = (
    # size and depth
    Attack(
        "huge-in-list",
        posting("SELECT * { ?s ?p ?o FILTER(?o IN (" + ",".join(map(str, range(10_000))) + ")) }"),
        _LIMITS,
        _TIME,
    ),
    Attack(
        "huge-not-in-list",
        posting("SELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER(?o NOT IN (" + ",".join(map(str, range(10_000))) + ")) }"),
        _LIMITS,
        _TIME,
    ),
    Attack(
        "huge-values",
        posting("SELECT * { VALUES ?o { " + " ".join(map(str, range(10_000))) + " } ?s ?p ?o }"),
        _LIMITS,
        _TIME,
    ),
    Attack(
        "values-over-the-limit",
        posting("SELECT * { VALUES ?o { " + "1 " * 40_000 + "} }"),
        (413,),
        _SIZE,
        "sparql-size",
    ),
    Attack("white-space-over-the-limit", posting("ASK" + " " * 66_000 + "{}"), (413,), _SIZE, "sparql-size"),
    Attack("groups-100", posting(_nested(99)), _LIMITS, _DEPTH),
    Attack("groups-300", posting(_nested(300)), (400,), _DEPTH, "sparql-depth"),
    Attack("groups-5000", posting(_nested(5000)), (400,), _DEPTH, "sparql-depth"),
    Attack("groups-never-closed", posting("SELECT * " + "{" * 60_000), (400,), _DEPTH, "sparql-depth"),
    Attack("optionals-nested", posting(_nested(300, "OPTIONAL {")), (400,), _DEPTH, "sparql-depth"),
    Attack("optionals-nested-99", posting(_nested(98, "?s ?p ?o OPTIONAL {")), (*_LIMITS, BROKEN_OFF), _DEPTH),
    Attack("exists-nested", posting(_nested(90, "FILTER NOT EXISTS {")), _LIMITS, _DEPTH),
    Attack("subqueries-nested", posting(_nested(99, "{ SELECT * {", "} }")), (400,), _DEPTH, "sparql-depth"),
    Attack("subqueries-nested-49", posting(_nested(48, "{ SELECT * {", "} }")), _LIMITS, _DEPTH),
    Attack(
        "parentheses", posting("ASK { FILTER(" + "(" * 5000 + "1" + ")" * 5000 + ") }"), (400,), _DEPTH, "sparql-depth"
    ),
    Attack(
        "square-brackets",
        posting("ASK { ?s ?p " + "[ ?p " * 5000 + "1" + "]" * 5000 + " }"),
        (400,),
        _DEPTH,
        "sparql-depth",
    ),
    Attack("lists", posting("ASK { ?s ?p " + "(" * 5000 + ")" * 5000 + " }"), (400,), _DEPTH, "sparql-depth"),
    Attack("quoted-triples", posting("ASK { " + "<<" * 3000 + " ?s ?p ?o " + ">>" * 3000 + " ?p ?o }"), (400,), _DEPTH),
    Attack("if-nested", posting(f"SELECT ({'IF(true,' * 90}1{',2)' * 90} AS ?x) {{}}"), _LIMITS, _DEPTH),
    Attack("sums", posting(_chain("1", "+", 20_000)), _LIMITS, _DEPTH),
    Attack("products", posting(_chain("1", "*", 20_000)), _LIMITS, _DEPTH),
    Attack("disjunctions", posting(_chain("true", "||", 9000)), _LIMITS, _DEPTH),
    Attack("conjunctions", posting(_chain("?x", "&&", 15_000)), _LIMITS, _DEPTH),
    Attack("comparisons", posting(f"ASK {{ FILTER({'1=1 && ' * 8000} true) }}"), _LIMITS, _DEPTH),
    Attack("negations", posting(f"SELECT ({'!' * 60_000}true AS ?x) {{}}"), _LIMITS, _DEPTH),
    Attack("signs", posting(f"SELECT ({'- ' * 30_000}1 AS ?x) {{}}"), _LIMITS, _DEPTH),
    Attack("unions", posting(f"SELECT (COUNT(*) AS ?n) {{ {_UNIONS} }}"), _LIMITS, _DEPTH),
    Attack(
        "optionals", posting("SELECT * { ?s ?p ?o " + "OPTIONAL { ?s ?p ?o } " * 2000 + "} LIMIT 1"), _LIMITS, _DEPTH
    ),
    Attack("minuses", posting("SELECT * { ?s ?p ?o " + "MINUS { ?s ?p 1 } " * 2000 + "} LIMIT 1"), _LIMITS, _DEPTH),
    Attack("filters", posting("SELECT * { ?s ?p ?o " + "FILTER(?o != 1) " * 3000 + "} LIMIT 1"), _LIMITS, _DEPTH),
    Attack(
        "binds", posting("SELECT * { " + " ".join(f"BIND({n} AS ?v{n})" for n in range(2500)) + " }"), _LIMITS, _DEPTH
    ),
    Attack(
        "patterns",
        posting("SELECT * { " + " . ".join(f"?v{n} ?p ?v{n + 1}" for n in range(3000)) + " } LIMIT 1"),
        _LIMITS,
        "the optimiser tries orders of joins",
    ),
    Attack(
        "patterns-in-a-star",
        posting("SELECT * { " + " . ".join(f"?s ?p{n} ?o{n}" for n in range(3000)) + " }"),
        (*_LIMITS, BROKEN_OFF),
        "as before",
    ),
    Attack(
        "variables",
        posting("SELECT " + " ".join(f"?v{n}" for n in range(8000)) + " { ?s ?p ?o }"),
        (*_LIMITS, BROKEN_OFF),
        _SIZE,
    ),
    Attack("prefixes", posting("".join(f"PREFIX p{n}:<x:> " for n in range(3500)) + "ASK {}"), _LIMITS, _TIME),
    Attack("comments", posting("#\n" * 32_000 + "ASK {}"), (200,), _TIME),
    Attack("bases", posting("BASE <http://x.example/> " * 2500 + "ASK {}"), _LIMITS, _TIME),
    Attack("relative-iris", posting("ASK { <x:s> <x:p> <" + "../" * 20_000 + "> }"), _LIMITS, _TIME),
    Attack(
        "construct-template",
        posting("CONSTRUCT { " + "?s ?p ?o . " * 5000 + "} WHERE { ?s ?p ?o }"),
        (200, 400, *_CUT),
        _SIZE,
    ),
    Attack(
        "construct-template-nested",
        posting("CONSTRUCT { ?s ?p " + "[ ?p " * 95 + "1" + "]" * 95 + " } WHERE { ?s ?p ?o }"),
        (200, 400, *_CUT),
        _DEPTH,
    ),
    Attack(
        "construct-template-lists",
        posting("CONSTRUCT { ?s ?p (" + "1 " * 20_000 + ") } WHERE { ?s ?p ?o }"),
        (200, 400, *_CUT),
        _SIZE,
    ),
    Attack("number-with-many-digits", posting(f"SELECT ({'9' * 60_000} + 1 AS ?x) {{}}"), _LIMITS, _TIME),
    Attack("exponent", asking("SELECT (1e999999999 AS ?x) (1e-999999999 AS ?y) {}"), _LIMITS, _TIME),
    Attack(
        "decimal-division",
        asking("SELECT (1/0 AS ?x) (1.0/0.0 AS ?y) (-9223372036854775808/-1 AS ?z) {}"),
        (200,),
        "an overflow of the engine ends its process",
    ),
    Attack(
        "substring-beyond",
        asking('SELECT (SUBSTR("a", -9223372036854775808, 9223372036854775807) AS ?x) {}'),
        (200,),
        "as before",
    ),
    Attack(
        "dates-beyond",
        asking('SELECT (YEAR("999999999-12-31T24:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>) AS ?x) {}'),
        (200,),
        "as before",
    ),
    Attack(
        "variable-at-fault",
        asking("SELECT (?x AS ?x) { BIND(1 AS ?x) }"),
        (400,),
        "a parser that panics",
        "sparql-syntax",
    ),
)
