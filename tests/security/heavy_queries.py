"""Queries that are allowed, and try to take more time, memory, depth or bytes than one client may have."""

from __future__ import annotations

from security.attack import BROKEN_OFF, Attack, asking, posting

_LIMITS = (200, 400, 503)
"""Whatever the machine is quick enough for, too complex, or stopped at a limit: never a failure of ours."""
_TIME = "seconds of a core for a line of text"
_SIZE = "gigabytes for a line of text"
_DEPTH = "a recursive parser or optimiser overflows its stack, and takes its process along"
_STOPPED = (503,)
_CUT = (503, BROKEN_OFF)
_ANY = "(!<x:none>|^!<x:none>)"


def _nested(count: int, opening: str = "{", closing: str = "}") -> str:
    return "ASK {" + opening * count + " ?s ?p ?o " + closing * count + "}"


def _chain(expression: str, joint: str, count: int) -> str:
    return f"SELECT ({joint.join([expression] * count)} AS ?x) {{}}"


def _doubled(function: str, times: int, first: str) -> str:
    """A function applied to its own result so often that the text has 2^times characters."""
    text = first
    binds = []
    for number in range(times):
        binds.append(f"BIND({function.replace('~', text)} AS ?v{number})")
        text = f"?v{number}"
    return f"SELECT (STRLEN({text}) AS ?length) {{ {' '.join(binds)} }}"


_REPLACED = 'REPLACE("aaaaaaaaaa", "a", "aaaaaaaaaa")'
for _ in range(6):
    _REPLACED = f'REPLACE({_REPLACED}, "a", "aaaaaaaaaa")'

_CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
_UNIONS = " UNION ".join(["{ ?s ?p ?o }"] * 3000)

ATTACKS = (
    # time
    Attack(
        "regex-backtracking",
        asking(f'ASK {{ FILTER(REGEX("{"a" * 40}!", "^(a+)+$")) }}'),
        (200,),
        _TIME,
        present=b"false",
    ),
    Attack(
        "regex-huge-repetition", asking('ASK { FILTER(REGEX("a", "(((a{1000}){1000}){1000}){1000}")) }'), _LIMITS, _SIZE
    ),
    Attack(
        "regex-from-data",
        asking("SELECT (COUNT(*) AS ?n) { ?s ?p ?o . ?t ?q ?r FILTER(REGEX(STR(?o), STR(?r))) }"),
        _STOPPED,
        _TIME,
    ),
    Attack("cross-product-count", asking(f"SELECT (COUNT(*) AS ?n) {{ {_CROSS} }}"), _STOPPED, _TIME),
    Attack("cross-product-rows", asking(f"SELECT * {{ {_CROSS} }}", "Accept: text/csv"), _CUT, _SIZE),
    Attack(
        "cross-product-xml", asking(f"SELECT * {{ {_CROSS} }}", "Accept: application/sparql-results+xml"), _CUT, _SIZE
    ),
    Attack("cross-product-coded", asking(f"SELECT * {{ {_CROSS} }}", "Accept-Encoding: gzip"), _CUT, _SIZE),
    Attack("cross-product-ordered", asking(f"SELECT * {{ {_CROSS} }} ORDER BY ?i ?f ?c"), _STOPPED, _SIZE),
    Attack(
        "cross-product-distinct",
        asking(f"SELECT DISTINCT ?a ?d {{ {_CROSS} FILTER(CONCAT(STR(?a), STR(?d)) = STR(?g)) }}"),
        _STOPPED,
        _TIME,
    ),
    Attack(
        "cross-product-grouped",
        asking(f"SELECT ?a ?d ?g (COUNT(*) AS ?n) {{ {_CROSS} }} GROUP BY ?a ?d ?g HAVING(COUNT(*) < 0)"),
        _STOPPED,
        _SIZE,
    ),
    Attack(
        "cross-product-on-the-page",
        asking(f"SELECT (COUNT(*) AS ?n) {{ {_CROSS} }}", "Accept: application/json"),
        _STOPPED,
        _TIME,
    ),
    Attack("cross-product-constructed", asking(f"CONSTRUCT {{ ?a ?e ?i }} WHERE {{ {_CROSS} }}"), _CUT, _SIZE),
    Attack("path-all-pairs", asking(f"SELECT (COUNT(*) AS ?n) {{ ?a {_ANY}* ?b }}"), _STOPPED, _TIME),
    Attack(
        "path-stars-of-stars",
        asking(f"SELECT (COUNT(*) AS ?n) {{ ?a ((({_ANY}*)*)*)* ?b . ?b {_ANY}+ ?c }}"),
        _STOPPED,
        _TIME,
    ),
    Attack(
        "path-alternatives",
        posting("ASK { <x:none> (" + "|".join(["<x:p>"] * 5000) + ")* ?b . ?b <x:q> ?c }"),
        _LIMITS,
        _DEPTH,
    ),
    Attack("path-sequence", posting("ASK { ?a " + "/".join(["<x:p>"] * 5000) + " ?b }"), _LIMITS, _DEPTH),
    Attack(
        "path-sequence-of-stars",
        posting(f"SELECT (COUNT(*) AS ?n) {{ ?a {'/'.join([_ANY + '*'] * 8)} ?b }}"),
        _STOPPED,
        _TIME,
    ),
    Attack("path-inverse-chain", posting("ASK { ?a " + "^(" * 90 + "<x:p>" + ")" * 90 + " ?b }"), _LIMITS, _DEPTH),
    Attack("path-nested-options", posting("ASK { ?a " + "(" * 95 + "<x:p>" + ")?" * 95 + " ?b }"), _LIMITS, _DEPTH),
    Attack("huge-offset", asking(f"SELECT * {{ {_CROSS} }} OFFSET 9999999999999"), _STOPPED, _TIME),
    Attack(
        "offset-beyond-numbers",
        asking("SELECT * { ?s ?p ?o } OFFSET 99999999999999999999999999"),
        (400,),
        _TIME,
        "sparql-syntax",
    ),
    Attack(
        "limit-beyond-numbers",
        asking("SELECT * { ?s ?p ?o } LIMIT 99999999999999999999999999"),
        (400,),
        _SIZE,
        "sparql-syntax",
    ),
    Attack("huge-limit", asking(f"SELECT * {{ {_CROSS} }} LIMIT 9999999999999"), _CUT, _SIZE),
    Attack(
        "exists-of-exists",
        asking(
            "SELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER EXISTS { ?t ?q ?r FILTER NOT EXISTS "
            "{ ?u ?v ?w FILTER(?w = ?r && ?u = ?o && ?v != ?q) } } }"
        ),
        _STOPPED,
        _TIME,
    ),
    Attack(
        "chance-in-a-cross-product",
        asking(f"SELECT (COUNT(*) AS ?n) {{ {_CROSS} FILTER(RAND() * STRLEN(STR(?i)) < 0) }}"),
        _STOPPED,
        _TIME,
    ),
    Attack("describe-of-everything", asking("DESCRIBE ?s { ?s ?p ?o }"), (200, *_CUT), _SIZE),
    Attack("describe-of-many", posting("DESCRIBE " + " ".join(f"<x:{n}>" for n in range(5000))), _LIMITS, _SIZE),
    # memory
    Attack("replace-chain", asking(f"SELECT (STRLEN({_REPLACED}) AS ?length) {{}}"), (200, 503), _SIZE),
    Attack("concat-doubling", asking(_doubled("CONCAT(~, ~)", 34, '"aaaaaaaaaa"')), _STOPPED, _SIZE),
    Attack("replace-doubling", asking(_doubled('REPLACE(~, ".", "$0$0")', 34, '"aaaaaaaaaa"')), _STOPPED, _SIZE),
    Attack(
        "encode-for-uri-growth", asking(_doubled("ENCODE_FOR_URI(CONCAT(~, ~))", 34, '"%%%%%%%%%%"')), _STOPPED, _SIZE
    ),
    Attack(
        "strdt-growth",
        asking(_doubled("STR(STRDT(CONCAT(STR(~), STR(~)), <x:t>))", 34, '"aaaaaaaaaa"')),
        _STOPPED,
        _SIZE,
    ),
    Attack(
        "group-concat",
        asking(f"SELECT (GROUP_CONCAT(STR(?a); SEPARATOR='{'-' * 500}') AS ?x) {{ {_CROSS} }}"),
        _STOPPED,
        _SIZE,
    ),
    Attack(
        "group-concat-answered",
        asking(f"SELECT (GROUP_CONCAT(?o; SEPARATOR='{'-' * 2000}') AS ?x) {{ ?s ?p ?o }}"),
        (200, *_CUT),
        _SIZE,
    ),
    Attack(
        "values-product",
        posting(
            "SELECT * { "
            + " ".join(f"VALUES ?v{n} {{ {' '.join(str(i) for i in range(50))} }}" for n in range(12))
            + " }"
        ),
        _CUT,
        _SIZE,
    ),
    Attack("long-literal-in-every-row", posting(f"SELECT ('{'x' * 60_000}' AS ?x) {{ ?s ?p ?o }}"), _CUT, _SIZE),
    Attack(
        "long-literal-constructed",
        posting(f"CONSTRUCT {{ ?s <x:p> '{'x' * 60_000}' }} WHERE {{ ?s ?p ?o }}", "Accept: text/turtle"),
        _CUT,
        _SIZE,
    ),
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
