"""JSON-LD 1.1 read into triples of our own making, each with the place where it stood, and nothing lost in silence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from passerelle.validation.credentials.model import Observation, SourceMap, Term, Triple
from passerelle.validation.credentials.reading.json_text import JsonText
from passerelle.validation.credentials.reading.limits import Limits


@dataclass(frozen=True, slots=True)
class JsonLdReading:
    """What a JSON-LD document says.

    `triples` are those of the default graph, in the order of the file, each once; `named` those of named graphs (a
    `proof`, the credentials of a presentation) with the name of their graph. `source` knows both.
    `contexts` are the remote contexts used, as written (the default ones where the file has none).
    """

    triples: tuple[Triple, ...]
    source: SourceMap
    observations: tuple[Observation, ...] = ()
    contexts: tuple[str, ...] = ()
    named: tuple[tuple[Term, Triple], ...] = ()


def read_json_ld(
    document: JsonText,
    pointer_root: str = "",
    default_contexts: Sequence[str] = (),
    limits: Limits | None = None,
) -> JsonLdReading:
    """The triples of the part of `document` that `pointer_root` names, read as JSON-LD.

    The contexts of objects around that part count for it too. Where there is no context at all and the keys need
    one, `default_contexts` (addresses) is used. Observations of `document` itself are not repeated.
    Raises NotReadable: ELM-READING-CONTEXT-UNKNOWN, ELM-READING-CONTEXT-INVALID, ELM-READING-KEYWORD, and
    others of `shapes/credential/reading.ttl`.
    """
    raise NotImplementedError
