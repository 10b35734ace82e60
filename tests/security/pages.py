"""What a page must not become: a script of others, an address of others, or a link to them."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from security.attack import Attack, asking, form, get

_SCRIPT = '"\'><script>alert(1)</script><a href="javascript:alert(1)">'
_RAW = b"<script>alert"
_HTML = "Accept: text/html"
_RUN = "a text of the request or of the graph runs as a script"
_HOST = "the address of an attacker in what others get, or in what a cache keeps"
_EVIL = b"attacker.example"
_SHOWN = quote(_SCRIPT, safe="")

HTML = (
    *(Attack(f"script-{name}", get(target + _SHOWN, _HTML), (200, 400, 404, 406), _RUN, absent=_RAW)
      for name, target in (
          ("iri", "/things?iri="), ("iri-of-a-thing", "/things?iri=http://x.example/"), ("lang", "/?lang="),
          ("lang-of-the-endpoint", "/sparql?lang="), ("format", "/sparql?query=ASK%7B%7D&format="),
          ("query", "/sparql?format=html&query="), ("example", "/sparql?example="),
          ("timeout", "/sparql?query=ASK%7B%7D&timeout="), ("graph", "/sparql?query=ASK%7B%7D&default-graph-uri="),
          ("path", "/"), ("named-query", "/queries/"), ("parameter", "/queries/successors?certification="),
          ("unknown-parameter", "/queries/successors?"), ("rule", "/rules/"), ("rules", "/rules?q="),
          ("layer", "/rules?layer="), ("release", "/releases/"), ("ontology", "/ontology/"), ("shapes", "/shapes/"),
          ("vocabulary", "/vocabulary/"), ("definitions", "/definitions/shapes/"), ("id", "/id/"),
          ("validate", "/validate?profile="), ("validate-lang", "/validate?lang="), ("any-parameter", "/rules?x="),
      )),
    Attack("script-in-a-literal", get("/sparql?" + urlencode({"query": f"SELECT (\"\"\"{_SCRIPT} \"\"\" AS ?x) {{}}",
           "format": "html"}), _HTML), (200,), _RUN, absent=_RAW),
    Attack("script-in-a-variable", get("/sparql?" + urlencode({"query": "SELECT (1 AS ?<script>alert) {}",
           "format": "html"}), _HTML), (400,), _RUN, absent=_RAW),
    Attack("script-in-a-language", get("/sparql?" + urlencode({"query":
           "SELECT (STRLANG('a', '\"><script>alert') AS ?x) {}",
           "format": "html"}), _HTML), (200,), _RUN, absent=_RAW),
    Attack("script-in-triples", get("/sparql?" + urlencode({"query":
           f"CONSTRUCT {{ <x:s> <x:p> \"\"\"{_SCRIPT} \"\"\" }} WHERE {{}}", "format": "html"}), _HTML), (200,), _RUN,
           absent=_RAW),
    Attack("script-as-an-iri", get("/sparql?" + urlencode({"query": "SELECT (<javascript:alert(1)> AS ?x) {}",
           "format": "html"}), _HTML), (200,), _RUN, absent=b'href="javascript:'),
    Attack("script-as-a-data-iri", get("/sparql?" + urlencode({"query":
           "SELECT (<data:text/html,%3Cscript%3E> AS ?x) {}", "format": "html"}), _HTML), (200,), _RUN,
           absent=b'href="data:'),
    Attack("script-as-a-thing", get("/things?iri=javascript:alert(1)", _HTML), (400, 404), _RUN,
           absent=b'href="javascript:'),
    Attack("script-posted", form("format=html&query=" + _SHOWN, _HTML), (400,), _RUN, absent=_RAW),
    Attack("script-closing-the-field", form("format=html&query=" + quote("</textarea>" + _SCRIPT), _HTML), (400,), _RUN,
           absent=b"</textarea>\""),
    Attack("link-of-two-slashes", get("//attacker.example/nothing", _HTML), (400, 404), "a link that leads elsewhere",
           absent=b'="//attacker.example'),
    Attack("link-of-a-backslash", get("/\\attacker.example/nothing", _HTML), (400, 404), "as before",
           absent=b'="/\\attacker.example'),
    Attack("link-of-slashes-in-a-page", get("//attacker.example/%2e%2e/id/x", _HTML), (400, 404), "as before",
           absent=b'="//attacker.example'),
)  # fmt: skip
"""Answered as pages, also where they are refused."""

_ADDRESSED = (
    "/", "/sparql", "/releases", "/queries", "/.well-known/void", "/catalogue", "/openapi.json", "/definitions",
    "/ontology", "/things?iri=https%3A%2F%2Fw3id.org%2Fpasserelle%2Fdemo%2Fid%2Frncp%2F990001", "/rules",
)  # fmt: skip

HOSTS = tuple(
    Attack(f"host-{what}-{page.partition('?')[0].strip('/').replace('/', '-') or 'root'}-{kind[8:].replace('/', '-')}",
           get(page, *fields, kind), (200, 303, 400, 404, 406), _HOST, absent=_EVIL)
    for what, fields in (
        ("named", ("Host: attacker.example",)),
        ("forwarded", ("X-Forwarded-Host: attacker.example", "Forwarded: host=attacker.example",
                       "X-Host: attacker.example", "X-Forwarded-Proto: attacker.example",
                       "X-Original-URL: /attacker.example",
                       "X-Forwarded-Prefix: /attacker.example")),
    )
    for page in _ADDRESSED
    for kind in ("Accept: text/html", "Accept: text/turtle", "Accept: application/json")
)  # fmt: skip
"""The public address is set, so no answer says the address that was asked."""

ATTACKS = (
    *HOSTS,
    *(Attack(f"host-{name}", get("/", f"Host: {host}"), (200, 400), _HOST)
      for name, host in (
          ("empty", ""), ("port", "a:99999999"), ("user", "a@attacker.example"), ("path", "a/../b"), ("space", "a b"),
          ("brackets", "[::1"), ("long", "a" * 4000), ("name", "*"), ("dots", "...."),
      )),
    Attack("host-in-a-redirect", get("/static//x.css", "Host: attacker.example"), (308, 404), _HOST, absent=_EVIL),
    Attack("host-absolute-form", get("http://attacker.example/releases"), (200, 400, 404), _HOST, absent=_EVIL),
    Attack("cors-with-credentials", asking("ASK {}", "Origin: https://attacker.example", "Cookie: a=b"), (200,),
           "a page of others reads what its visitor may read"),
)  # fmt: skip
