"""Paths that try to leave their folder, and methods, parameters and header fields that mean something elsewhere."""

from __future__ import annotations

from security.attack import TOKEN, Attack, asking, form, get, sent

_LEAVING = "a file of the machine, or of another release"
_METHOD = "what is not offered is refused, on every address"
_HEADER = "a client would write header fields, or a whole answer, into what others get"
_TWICE = "two readers of one request see two questions"
_BREAK = "X%0d%0aX-Injected:%20yes%0d%0a%0d%0a%3Cscript%3E"

_STARTS = (
    "/id/", "/graph/", "/ontology/", "/vocabulary/", "/shapes/", "/rules/", "/static/", "/queries/", "/releases/",
    "/definitions/vocabulary/", "/.well-known/", "/", "/releases/current/graph/",
)  # fmt: skip
_ESCAPES = {
    "plain": "../../../../etc/passwd",
    "encoded": "%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "encoded-slash": "..%2f..%2f..%2fetc%2fpasswd",
    "encoded-twice": "%252e%252e%252f%252e%252e%252fetc%252fpasswd",
    "backslash": "..\\..\\..\\etc\\passwd",
    "encoded-backslash": "..%5c..%5c..%5cetc%5cpasswd",
    "nul": "../../etc/passwd%00.css",
    "overlong": "%c0%ae%c0%ae%c0%af%c0%ae%c0%ae%c0%afetc%c0%afpasswd",
    "fullwidth": "%ef%bc%8e%ef%bc%8e%ef%bc%8fetc%ef%bc%8fpasswd",
    "absolute": "%2fetc%2fpasswd",
    "file": "file:%2f%2f%2fetc%2fpasswd",
    "inner": "x/../../../../etc/passwd",
    "dots": "....//....//....//etc/passwd",
    "long": "a" * 4000,
    "line-end": _BREAK,
}

PAGES = (
    "/", "/sparql", "/releases", "/releases/none", "/releases/none/sparql", "/releases/none/void",
    "/releases/none/graph/rncp", "/queries", "/queries/none", "/things", "/id/none", "/graph/none", "/definitions",
    "/definitions/shapes/none", "/ontology", "/vocabulary/none", "/shapes/none", "/.well-known/void",
    "/.well-known/genid/none", "/catalogue", "/rules", "/rules/none", "/healthz", "/readyz", "/metrics",
    "/openapi.json", "/static/passerelle.css", "/validate/report.css",
)  # fmt: skip
"""Every public address that takes no POST but `/sparql`, and an address of each kind."""

_REPEATED = {
    "query": "query=ASK%7B%7D&query=ASK%7B%7D",
    "query-other": "query=ASK%7B%7D&query=SELECT*%7B%7D",
    "format": "query=ASK%7B%7D&format=json&format=xml",
    "timeout": "query=ASK%7B%7D&timeout=1&timeout=2",
    "max-rows": "query=ASK%7B%7D&max-rows=1&max-rows=2",
    "lang": "query=ASK%7B%7D&lang=en&lang=fr",
    "timeout-1000": "query=ASK%7B%7D" + "&timeout=1" * 600,
}
_WRONG_VALUES = {
    "timeout-negative": "timeout=-1",
    "timeout-nan": "timeout=nan",
    "timeout-infinite": "timeout=inf",
    "timeout-exponent": "timeout=1e400",
    "timeout-text": "timeout=%00",
    "max-rows-negative": "max-rows=-1",
    "max-rows-digits": "max-rows=" + "9" * 5000,
    "max-rows-point": "max-rows=1.5",
    "max-rows-other-digits": "max-rows=%d9%a1",
}
_BODY = "application/x-www-form-urlencoded"

ATTACKS = (
    *(Attack(f"path-{start.strip('/').replace('/', '-') or 'root'}-{name}", get(start + escape), (308, 400, 403, 404),
             _LEAVING, absent=b"root:x:")
      for start in _STARTS for name, escape in _ESCAPES.items()),
    Attack("path-raw-bytes", get(b"/id/\xff\xfe"), (400, 404), _LEAVING),
    Attack("path-raw-nul", get(b"/id/\x00"), (400,), _LEAVING),
    Attack("path-absolute-form", get("http://attacker.example/static/../../etc/passwd"), (400, 404), _LEAVING),
    Attack("path-file-form", get("file:///etc/passwd"), (400, 404), _LEAVING),
    Attack("path-asterisk", get("*"), (400, 404), "a path that routing does not expect"),
    Attack("path-empty-segments", get("/" * 3000), (200, 400, 404), "as before"),
    Attack("path-many-segments", get("/id" * 2000), (400, 404), "routing that backtracks"),
    Attack("path-fragment", get("/sparql#?query=ASK{}"), (200, 400, 404, 406), "as before"),
    Attack("path-half-escape", get("/id/%"), (400, 404), "as before"),
    Attack("path-wrong-escape", get("/id/%zz%u0041"), (400, 404), "as before"),
    Attack("release-of-a-link", get("/releases/current/sparql?query=ASK%7B%7D"), (400, 404), _LEAVING),
    Attack("release-of-a-folder", get("/releases/./sparql?query=ASK%7B%7D"), (400, 404), _LEAVING),
    Attack("release-above", get("/releases/../sparql?query=SELECT"), (400, 404), _LEAVING),
    # methods
    *(Attack(f"method-{method.lower()}-{page.strip('/').replace('/', '-') or 'root'}", sent(method, page), (405, 501),
             _METHOD)
      for method in ("TRACE", "PUT", "DELETE", "PATCH", "PROPFIND") for page in PAGES),
    *(Attack(f"method-post-{page.strip('/').replace('/', '-') or 'root'}", sent("POST", page, body=b"x"), (405,),
             _METHOD)
      for page in PAGES if not page.endswith("sparql")),
    Attack("method-connect", sent("CONNECT", "127.0.0.1:22"), (400, 404, 405, 501), "a tunnel into our network"),
    Attack("method-connect-path", sent("CONNECT", "/sparql"), (400, 405, 501), "as before"),
    Attack("method-unknown", sent("JEFF", "/sparql"), (405, 501), _METHOD),
    Attack("method-lower-case", sent("get", "/sparql?query=ASK%7B%7D"), (400, 405, 501), _METHOD),
    Attack("method-long", sent("A" * 4000, "/"), (400, 405, 501), _METHOD),
    Attack("method-override", sent("POST", "/releases", "X-HTTP-Method-Override: DELETE", body=b"x"), (405,), _METHOD),
    Attack("method-override-get", get("/admin/releases", "X-HTTP-Method: DELETE", "X-Method-Override: DELETE"), (401,),
           _METHOD),
    Attack("method-field", form("_method=DELETE&query=ASK%7B%7D"), (200,), "a field that means nothing here"),
    # parameters
    *(Attack(f"repeated-{name}", get("/sparql?" + query), (400,), _TWICE) for name, query in _REPEATED.items()),
    *(Attack(f"repeated-in-a-form-{name}", form(query), (400,), _TWICE) for name, query in _REPEATED.items()),
    *(Attack(f"value-{name}", get("/sparql?query=ASK%7B%7D&" + value), (400,), "a limit that is none")
      for name, value in _WRONG_VALUES.items()),
    Attack("query-in-both-places", sent("POST", "/sparql?query=ASK%7B%7D", f"Content-Type: {_BODY}",
           body=b"query=ASK%7B%7D"), (400,), _TWICE, "sparql-repeated"),
    Attack("query-beside-a-direct-one", sent("POST", "/sparql?query=ASK%7B%7D",
           "Content-Type: application/sparql-query", body=b"ASK{}"), (400,), _TWICE, "sparql-repeated"),
    Attack("graphs-1000", form("query=ASK%7B%7D" + "&default-graph-uri=x:g" * 1000), (413,),
           "work for each of a thousand names"),
    Attack("fields-20000", form("query=ASK%7B%7D" + "&a=b" * 20_000), (413,), "as before", "sparql-fields"),
    Attack("fields-without-names", form("query=ASK%7B%7D" + "&" * 100_000), (413,), "as before"),
    Attack("fields-colliding", form("query=ASK%7B%7D" + "".join(f"&{n}=" for n in range(9000))), (413,), "as before"),
    Attack("query-in-a-semicolon", get("/sparql?query=ASK%7B%7D;query=DROP"), (200, 400, 403), _TWICE),
    Attack("query-with-brackets", get("/sparql?query[]=ASK%7B%7D"), (200,), "an unknown parameter is no query"),
    Attack("format-unknown", asking("ASK {}", format="../../etc/passwd"), (406,), _LEAVING, "sparql-format"),
    Attack("format-long", asking("ASK {}", format="x" * 5000), (406,), "an answer that is as long as the request"),
    Attack("named-query-unknown-parameter", get("/queries/status-on-a-day?nothing=1"), (400,),
           "a slip that would change the answer"),
    Attack("named-query-closing-quote", get("/queries/successors?certification=%22%7D%20DROP%20ALL%20%23&format=json"),
           (400,), "a value becomes part of the query"),
    Attack("named-query-escape", get("/queries/successors?certification=%5Cu0022%7D%20%23&format=json"), (400,),
           "as before"),
    Attack("named-query-repeated", get("/queries/successors?certification=a&certification=b&format=json"), (400,),
           _TWICE),
    # lines into headers
    *(Attack(f"line-end-{name}", get(target + _BREAK), expected, _HEADER)
      for name, target, expected in (
          ("format", "/sparql?query=ASK%7B%7D&format=", (406,)),
          ("timeout", "/sparql?query=ASK%7B%7D&timeout=", (400,)),
          ("max-rows", "/sparql?query=ASK%7B%7D&max-rows=", (400,)), ("lang", "/sparql?query=ASK%7B%7D&lang=", (200,)),
          ("graph", "/sparql?query=ASK%7B%7D&default-graph-uri=", (400,)), ("thing", "/things?iri=", (400,)),
          ("thing-iri", "/things?iri=http://x/", (400,)), ("release", "/things?iri=http://x/&release=", (404,)),
          ("rules", "/rules?q=", (200,)), ("layer", "/rules?layer=", (200,)), ("queries", "/queries?lang=", (200,)),
          ("rule", "/rules/", (404,)), ("rule-query", "/rules/EDC-1?x=", (404,)), ("page", "/", (404,)),
          ("query", "/sparql?query=", (400,)), ("validate", "/validate?profile=", (200,)),
      )),
    *(Attack(f"line-end-raw-{name}", get(target), (400,), _HEADER)
      for name, target in (("path", b"/id/a\rX-Injected: yes"), ("query", b"/sparql?query=a\x0bX-Injected: yes"))),
    Attack("line-end-in-host", get("/", "Host: a%0d%0aX-Injected: yes"), (200, 400), _HEADER),
    Attack("line-end-in-origin", asking("ASK {}", "Origin: a%0d%0aX-Injected: yes"), (200,), _HEADER),
    Attack("line-end-in-accept", asking("ASK {}", "Accept: text/csv%0d%0aX-Injected: yes"), (200, 406), _HEADER),
    Attack("line-end-in-a-type", sent("POST", "/sparql", "Content-Type: a/b%0d%0aX-Injected: yes", body=b"x"), (415,),
           _HEADER),
    # administration
    *(Attack(f"admin-{name}", sent(method, path, *fields), (401,), "only who has the token",
             absent=TOKEN.encode())
      for name, method, path, fields in (
          ("no-token", "POST", "/admin/releases/none/activate", ()),
          ("get-no-token", "GET", "/admin/releases", ()),
          ("wrong-token", "POST", "/admin/releases/none/activate", (f"Authorization: Bearer {TOKEN[::-1]}",)),
          ("token-in-the-address", "POST", f"/admin/releases/none/activate?token={TOKEN}&access_token={TOKEN}", ()),
          ("token-in-a-cookie", "POST", "/admin/releases/none/activate", (f"Cookie: token={TOKEN}",)),
          ("token-as-basic", "DELETE", "/admin/releases/none", (f"Authorization: Basic {TOKEN}",)),
          ("other-site", "POST", "/admin/releases/none/activate",
           ("Origin: https://attacker.example", "Content-Type: text/plain")),
      )),
    Attack("admin-preflight", sent("OPTIONS", "/admin/releases", "Origin: https://attacker.example",
           "Access-Control-Request-Method: DELETE"), (200, 204, 401, 405), "another site may not ask at all"),
    Attack("admin-other-spelling", sent("GET", "/Admin/releases"), (404,), "a guard that looks at one spelling"),
    Attack("admin-two-slashes", sent("GET", "//admin/releases"), (308, 404, 401), "as before"),
    Attack("admin-encoded", sent("GET", "/%61dmin/releases"), (401,), "as before"),
    Attack("admin-by-dots", sent("GET", "/static/../admin/releases"), (401, 404), "as before"),
    Attack("admin-by-original-url", get("/healthz", "X-Original-URL: /admin/releases",
           "X-Rewrite-URL: /admin/releases"),
           (200,), "as before", present=b'"status":"ok"'),
)  # fmt: skip
