"""Which texts of a user are IRIs that can stand in a query or a graph."""

from __future__ import annotations

import re

# RFC 3987, narrowed: http, https and urn only, no user or brackets in the authority, no blanks beyond ASCII either
_CHARACTER = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?\u00a1-\u1fff\u2030-\ud7ff\uf900-\ufdcf\ufdf0-\uffef]|%[0-9A-Fa-f]{2})"
_HOST = r"[A-Za-z0-9\-._~\u00a1-\u1fff\u3040-\ud7ff]+(?::[0-9]{1,5})?"
_IRI = re.compile(rf"(?:https?://{_HOST}(?:[/?]{_CHARACTER}*)?|urn:{_CHARACTER}+)(?:#{_CHARACTER}*)?")

LONGEST = 2_000
"""Characters; longer ones are refused as no name that anybody gave."""


def is_iri(text: str) -> bool:
    """Whether `text` is an absolute http, https or urn IRI and nothing more (nothing that could end it early).

    >>> is_iri("https://example.org/é?a=1#b"), is_iri("https://example.org/a> <b"), is_iri("file:///etc/passwd")
    (True, False, False)
    """
    return len(text) <= LONGEST and _IRI.fullmatch(text) is not None
