"""JSON-LD 1.1 read into triples of our own making, each with the place where it stood, and nothing lost in silence.

Expansion, node maps and the conversion to RDF (JSON-LD 1.1 API, sections 5 to 8) are one walk over the document here:
the walk keeps the trail to every value. What differs from the standard: an IRI with forbidden characters is mended and
told, values that the standard refuses whole documents for are left out and told, a clash of known contexts is told
(`context_processing`), `@direction` is set aside, `@import` is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from passerelle.validation.credentials.model import NotReadable, Observation, Term, Triple
from passerelle.validation.credentials.reading.active_context import INITIAL, ActiveContext, ContextProblem
from passerelle.validation.credentials.reading.incomplete import missing_contexts
from passerelle.validation.credentials.reading.json_text import JsonText
from passerelle.validation.credentials.reading.limits import Limits
from passerelle.validation.credentials.reading.source_map import JsonSource, Trail
from passerelle.validation.credentials.reading.special import Special
from passerelle.validation.credentials.reading.walk import Walk


@dataclass(frozen=True, slots=True)
class JsonLdReading:
    """What a JSON-LD document says.

    `triples` are those of the default graph, in the order of the file, each once; `named` those of named graphs (a
    `proof`, the credentials of a presentation) with the name of their graph. `source` knows both.
    `contexts` are the remote contexts used, as written (the default ones where the file has none).
    """

    triples: tuple[Triple, ...]
    source: JsonSource
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
    Raises NotReadable: ELM-READING-CONTEXT-UNKNOWN, ELM-READING-CONTEXT-INVALID, ELM-READING-CONTEXT-PROTECTED,
    ELM-READING-CONTEXT-TOO-LARGE, ELM-READING-KEYWORD; KeyError where `pointer_root` names nothing.
    """
    limits = limits or Limits()
    walk = Walk(document, pointer_root, limits, Special)
    try:
        value, context = _root(document, pointer_root, walk)
        if default_contexts and context is INITIAL and _needs_context(value):
            context = walk.in_context(context, list(default_contexts), None)
            walk.losses.tell("ELM-READING-NO-CONTEXT", None, contexts=" ".join(default_contexts))
        walk.whole(value, context)
        if missing := missing_contexts(value, context, walk.contexts, limits):
            place: Trail = (None, "@context") if "@context" in value else None
            walk.losses.tell("ELM-READING-CONTEXT-INCOMPLETE", place, missing=", ".join(missing))
    except ContextProblem as problem:
        trail: Trail = walk.context_trail
        for step in problem.path:
            trail = (trail, step)
        spot = walk.losses.spot(trail)
        raise NotReadable(Observation(problem.code, spot=spot, parameters=problem.parameters)) from None
    walk.losses.same_ids(walk.nodes)
    if not walk.default.triples:
        walk.losses.tell("ELM-READING-NO-TRIPLES", None)
    named = [(name, triple) for name, graph in walk.named.items() for triple in graph.triples]
    triples = [*walk.default.triples, *(triple for _, triple in named)]
    trails = [*walk.default.trails, *(trail for graph in walk.named.values() for trail in graph.trails)]
    return JsonLdReading(
        tuple(dict.fromkeys(walk.default.triples)),
        JsonSource(document, pointer_root, triples, trails, walk.nodes),
        tuple(walk.losses.observations()),
        tuple(dict.fromkeys(walk.contexts)),
        tuple(dict.fromkeys(named)),
    )


def _root(document: JsonText, pointer: str, walk: Walk) -> tuple[Any, ActiveContext]:
    """What `pointer` names, and the context that the objects around it give."""
    value, context = document.value, INITIAL
    for part in pointer.split("/")[1:]:
        step = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict):
            if "@context" in value:
                context = walk.in_context(context, value["@context"], None)
            value = value[step]
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            raise KeyError(pointer)
    return value, context


def _needs_context(value: Any) -> bool:
    """Whether no object at the top has a context, and one of them has a key that only a context explains."""
    objects = [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, dict)]
    if any("@context" in each for each in objects):
        return False
    for each in list(objects):
        graph = each.get("@graph")
        objects.extend(inner for inner in (graph if isinstance(graph, list) else [graph]) if isinstance(inner, dict))
    if any("@context" in each for each in objects):
        return False
    return any(not key.startswith("@") and ":" not in key for each in objects for key in each)
