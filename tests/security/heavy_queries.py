"""Queries that are allowed, and try to take more time, memory or bytes than one client may have."""

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
        asking(
            f"SELECT (COUNT(*) AS ?n) {{ {_CROSS} FILTER(RAND() * STRLEN(CONCAT(STR(?c), STR(?f), STR(?i))) < 0) }}"
        ),
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
)
