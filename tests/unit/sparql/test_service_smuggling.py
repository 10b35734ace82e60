"""Random texts around SERVICE: whatever the engine would run as a request to another service, the scan refuses.

The engine is asked with the address of a port that it refuses by itself, so nothing is ever sent.
"""

from __future__ import annotations

import random

import pyoxigraph as ox

from passerelle.errors import PasserelleError
from passerelle.sparql.authorise import authorise

NOWHERE = "http://127.0.0.1:9/"
CALLS = [
    f"SERVICE <{NOWHERE}> {{ ?s ?p ?o }}",
    f"SERVICE<{NOWHERE}>{{}}",
    "SERVICEex:x{}",
    "SERVICE ex:x{}",
    "SERVICESILENT<x:>{}",
    "SERVICE?x{}",
    "SERVICE?x#>\n{}",
]
PIECES = [
    *["FILTER(?a<2)", "FILTER(?a<'>' )", "FILTER(?a<1#>", "FILTER(?a<1", "FILTER(?a<?b)", "FILTER(?a<'x'"],
    *["FILTER(?a<ex:a)", "FILTER(?a<ex:b#", "FILTER(?s IN(<http://a>))", "FILTER EXISTS{", "MINUS{", "OPTIONAL{"],
    *["'", "'''", '"', '"""', "''", '""', "\n", "#", "\r", " ", ".", ";", ",", "-", "<", ">", "(", ")", "{", "}", "["],
    *["]", "\\", "a", "é", "UNION", "GRAPH ex:g {", "<http://p>", "?s ?p [", "?s ?p ex:", "?s ?p 'x'", "?s ?p 1."],
    *[
        "?s ?p true",
        "?s<http://p>?o.",
        "'@en",
        "\\u0022",
        "\\u0027",
        "\\u0023",
        "\\u000a",
        "ex:a\\'",
        "ex:a\\#",
        "ex:%27",
    ],
    *["_:a", "ex:a-", "ex:a."],
]
ENDS = ["}", "\n}", "\n}}", "'\n}", "}\n'''"]
TEXTS = 60_000


def test_no_text_gets_a_service_call_past_the_scan() -> None:
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("http://a"), ox.NamedNode("http://p"), ox.Literal("x")))
    choose = random.Random(20261122)
    calls = 0
    for _ in range(TEXTS):
        before = [choose.choice(PIECES) for _ in range(choose.randint(0, 5))]
        after = [choose.choice(PIECES) for _ in range(choose.randint(0, 4))]
        pattern = choose.choice(["", "", " "]).join([*before, choose.choice(CALLS), *after])
        query = f"PREFIX ex:<{NOWHERE}> SELECT * {{{pattern}{choose.choice(ENDS)}"
        if not _calls_a_service(store, query):
            continue
        calls += 1
        try:
            authorise(query, (), size_limit=65_536)
        except PasserelleError:
            continue
        raise AssertionError(query)
    # the texts are worth something only if many of them are queries
    assert calls > TEXTS / 100


def _calls_a_service(store: ox.Store, query: str) -> bool:
    try:
        for _ in store.query(query):  # type: ignore[union-attr]  # SELECT gives solutions
            pass
    except SyntaxError:
        return False
    except OSError:
        return True
    except RuntimeError as error:
        return "service" in str(error).lower()
    return False
