"""Queries that would reach beyond the release (files, the network, writing), in every spelling; and controls."""

from __future__ import annotations

from security.attack import Attack, asking, form, posting, sent

_PLACE = "http://127.0.0.1:9/secret"
_FROM = "the engine of another library returns the content of the file or address"
_SERVICE = "the engine sends a request from within our network, and has no switch against it"
_UPDATE = "the endpoint only reads"

_READING = {
    "from-file": "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
    "from-file-construct": "CONSTRUCT FROM <file:///etc/passwd> WHERE { ?s ?p ?o }",
    "from-http": f"SELECT * FROM <{_PLACE}> {{ ?s ?p ?o }}",
    "from-named": f"SELECT * FROM NAMED <{_PLACE}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "from-named-file": "ASK FROM NAMED <file:///proc/self/environ> { GRAPH ?g { ?s ?p ?o } }",
    "from-escaped-iri": r"ASK FROM <f\u0069le:///etc/passwd> { ?s ?p ?o }",
    "from-escaped-word": r"ASK \u0046ROM <file:///etc/passwd> { ?s ?p ?o }",
    "from-prefixed": "PREFIX f: <file:///etc/> ASK FROM f:passwd { ?s ?p ?o }",
    "from-lower-case": "select * from<file:///etc/passwd>{ ?s ?p ?o }",
    "from-behind-a-comment": "SELECT * FROM#\n<file:///etc/passwd> { ?s ?p ?o }",
    "from-data": "ASK FROM <data:text/turtle,%3Ca%3E%20a%20%3Cb%3E> { ?s ?p ?o }",
    "from-unc": "ASK FROM <file://///attacker.example/share> { ?s ?p ?o }",
}
_CALLING = {
    "service": f"SELECT * {{ SERVICE <{_PLACE}> {{ ?s ?p ?o }} }}",
    "service-silent": f"SELECT * {{ SERVICE SILENT <{_PLACE}> {{ ?s ?p ?o }} }}",
    "service-lower-case": f"SELECT * {{ service silent <{_PLACE}> {{ ?s ?p ?o }} }}",
    "service-escaped": rf"SELECT * {{ \u0053ERVICE <{_PLACE}> {{ ?s ?p ?o }} }}",
    "service-escaped-within": rf"SELECT * {{ SER\u0056ICE <{_PLACE}> {{ ?s ?p ?o }} }}",
    "service-escaped-long": rf"SELECT * {{ \U00000053ERVICE <{_PLACE}> {{ ?s ?p ?o }} }}",
    "service-all-escaped": r"SELECT * { \u0053\u0045\u0052\u0056\u0049\u0043\u0045 <http://127.0.0.1/> { ?s ?p ?o } }",
    "service-glued": f"SELECT*{{SERVICE<{_PLACE}>{{?s ?p ?o}}}}",
    "service-glued-prefix": f"PREFIX ex: <{_PLACE}> SELECT * {{SERVICEex:x {{ ?s ?p ?o }} }}",
    "service-glued-behind-a-name": f"PREFIX ex: <{_PLACE}> SELECT * {{ ?s ?p ex:.SERVICE ex:x {{ ?s ?p ?o }} }}",
    "service-variable": "SELECT * { ?s ?p ?e SERVICE ?e { ?a ?b ?c } }",
    "service-values": f"SELECT * {{ VALUES ?e {{ <{_PLACE}> }} SERVICE ?e {{ ?a ?b ?c }} }}",
    "service-prefixed": f"PREFIX x: <{_PLACE}> SELECT * {{ SERVICE x: {{ ?s ?p ?o }} }}",
    "service-relative": f"BASE <{_PLACE}> SELECT * {{ SERVICE <> {{ ?s ?p ?o }} }}",
    "service-behind-a-comment": f"SELECT * {{ SERVICE # }}\n<{_PLACE}> {{ ?s ?p ?o }} }}",
    "service-behind-a-comparison": f"SELECT * {{ ?s ?p ?a FILTER(?a<2)SERVICE <{_PLACE}> {{ ?s ?p ?o }} }}",
    "service-in-exists": f"ASK {{ FILTER EXISTS {{ SERVICE <{_PLACE}> {{ ?s ?p ?o }} }} }}",
    "service-in-minus": f"ASK {{ ?s ?p ?o MINUS {{ SERVICE <{_PLACE}> {{ ?s ?p ?o }} }} }}",
    "service-in-subquery": f"SELECT * {{ {{ SELECT * {{ SERVICE <{_PLACE}> {{ ?s ?p ?o }} }} }} }}",
    "service-in-describe": f"DESCRIBE ?s {{ SERVICE <{_PLACE}> {{ ?s ?p ?o }} }}",
    "service-in-construct": f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ SERVICE <{_PLACE}> {{ ?s ?p ?o }} }}",
    "service-behind-an-open-string": f'SELECT * {{ ?s ?p "\n SERVICE <{_PLACE}> {{ ?s ?p ?o }} }}',
}
_WRITING = {
    "load": f"LOAD <{_PLACE}>",
    "load-silent": "LOAD SILENT <file:///etc/passwd> INTO GRAPH <x:g>",
    "load-escaped": r"\u004COAD <file:///etc/passwd>",
    "load-behind-a-prologue": "BASE <x:/> PREFIX a: <x:> # SELECT\n LOAD <file:///etc/passwd>",
    "insert-data": "INSERT DATA { <x:a> <x:b> 1 }",
    "insert-where": "INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }",
    "delete-where": "DELETE WHERE { ?s ?p ?o }",
    "delete-data": "DELETE DATA { <x:a> <x:b> 1 }",
    "with-delete": "WITH <x:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "clear": "CLEAR ALL",
    "drop": "DROP SILENT ALL",
    "create": "CREATE GRAPH <x:g>",
    "copy": "COPY DEFAULT TO <x:g>",
    "move": "MOVE <x:g> TO DEFAULT",
    "add": "ADD <x:g> TO DEFAULT",
}
_FORM_FIELDS = "query=ASK%7B%7D&update=DROP+ALL"

ATTACKS = (
    *(
        Attack(f"reading-{name}", asking(query), (403,), _FROM, "sparql-graph-unknown")
        for name, query in _READING.items()
        if "escaped" not in name
    ),
    # refused in one reading or the other
    *(
        Attack(f"reading-{name}", asking(query), (400, 403), _FROM)
        for name, query in _READING.items()
        if "escaped" in name
    ),
    *(Attack(f"calling-{name}", asking(query), (403,), _SERVICE, "sparql-service") for name, query in _CALLING.items()),
    *(
        Attack(f"calling-by-post-{name}", posting(query), (403,), _SERVICE, "sparql-service")
        for name, query in _CALLING.items()
    ),
    *(
        Attack(f"writing-{name}", asking(query), (403,) if "escaped" not in name else (400, 403), _UPDATE)
        for name, query in _WRITING.items()
    ),
    *(
        Attack(f"writing-by-update-{name}", form("update=" + query.replace(" ", "+")), (403,), _UPDATE, "sparql-update")
        for name, query in _WRITING.items()
    ),
    Attack(
        "update-media-type",
        sent("POST", "/sparql", "Content-Type: application/sparql-update", body=b"DROP ALL"),
        (403,),
        _UPDATE,
        "sparql-update",
    ),
    Attack(
        "update-media-type-in-capitals",
        sent("POST", "/sparql", "Content-Type: Application/SPARQL-Update; charset=utf-8", body=b"DROP ALL"),
        (403,),
        _UPDATE,
        "sparql-update",
    ),
    Attack("update-in-the-address", sent("GET", "/sparql?update=DROP+ALL"), (400, 403), _UPDATE),
    Attack("update-beside-a-query", form(_FORM_FIELDS), (400, 403), "one of both would be run, and nobody says which"),
    Attack("update-behind-a-query", asking("ASK {}; DROP ALL"), (400,), _UPDATE, "sparql-several"),
    Attack(
        "engine-extension",
        asking('SELECT (bif:file_to_string("/etc/passwd") AS ?x) {}'),
        (403,),
        "functions of one engine read its files",
        "sparql-extension",
    ),
    Attack("engine-extension-sql", asking("SELECT (<sql:run>(1) AS ?x) {}"), (403,), "as before", "sparql-extension"),
    Attack(
        "engine-pragma",
        asking('DEFINE get:soft "replace" SELECT * { ?s ?p ?o }'),
        (400, 403),
        "pragmas of one engine fetch addresses",
    ),
    Attack(
        "default-graph-of-a-file",
        asking("ASK {}", **{"default-graph-uri": "file:///etc/passwd"}),
        (403,),
        _FROM,
        "sparql-graph-unknown",
    ),
    Attack(
        "named-graph-of-an-address",
        asking("ASK {}", **{"named-graph-uri": _PLACE}),
        (403,),
        _FROM,
        "sparql-graph-unknown",
    ),
    Attack(
        "relative-graph",
        asking("ASK {}", **{"default-graph-uri": "../../etc/passwd"}),
        (400,),
        _FROM,
        "sparql-graph-iri",
    ),
)

CONTROLS = (
    Attack("control-service-in-a-comment", asking("ASK {} # SERVICE <http://127.0.0.1/> {}"), (200,), "says nothing"),
    Attack(
        "control-service-in-a-string", asking("SELECT ('SERVICE <http://127.0.0.1/> { }' AS ?x) {}"), (200,), "a text"
    ),
    Attack("control-service-in-an-iri", asking("ASK { ?s <http://x.example/SERVICE> ?o }"), (200,), "a name"),
    Attack("control-service-as-a-variable", asking("SELECT ?service { ?service ?p ?o } LIMIT 1"), (200,), "a name"),
    Attack("control-from-in-a-string", asking("SELECT ('FROM <file:///etc/passwd>' AS ?x) {}"), (200,), "a text"),
    Attack("control-load-in-a-comment", asking("# LOAD <file:///etc/passwd>\nASK {}"), (200,), "says nothing"),
    Attack("control-insert-in-a-string", asking("SELECT ('INSERT DATA { }' AS ?x) {}"), (200,), "a text"),
    Attack("control-update-as-an-unknown-field", asking("ASK {}", updated="1"), (200,), "another parameter"),
)
