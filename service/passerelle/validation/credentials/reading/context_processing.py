"""JSON-LD 1.1 context processing over the frozen local contexts (JSON-LD 1.1 API, section 4.1).

Beyond the standard: a term that a known context protects can be defined anew by a later known context, which then wins
for good (`ActiveContext.clashes`). The standard refuses every credential that names the credentials context 2.0 and
edc-ap; a term that the file's own context defines anew is refused here too.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any

from passerelle.contexts import known_contexts, local_contexts
from passerelle.validation.credentials.reading.active_context import (
    INITIAL,
    ActiveContext,
    Budget,
    ContextProblem,
    Definition,
)
from passerelle.validation.credentials.reading.term_definitions import defined, unchanged

_ENDING = re.compile(r"^https?://(www\.)?|[#/]+$|\.(jsonld|json)$")


def processed(
    active: ActiveContext,
    local: Any,
    budget: Budget,
    override: bool = False,
    propagate: bool = True,
    known: bool = False,
) -> ActiveContext:
    """`active` with the local context applied: an address, an object, null, or a list of these.

    `override` for property-scoped contexts, which may redefine what is protected; without `propagate` it holds for
    one node only; `known` where it was written in a context of ours. Raises ContextProblem.
    """
    budget.spend(1)
    if active.shared and propagate and not override:
        budget.spend(len(active.terms) // 50)
        if type(local) is str:
            return _of_addresses(active, (local,), in_list=False)
        if type(local) is list and 0 < len(local) <= 8 and all(type(each) is str for each in local):
            return _of_addresses(active, tuple(local), in_list=True)
    items = local if isinstance(local, list) else [local]
    if items and isinstance(items[0], dict) and isinstance(items[0].get("@propagate"), bool):
        propagate = items[0]["@propagate"]
    before = active
    for number, item in enumerate(items):
        try:
            active = _with_one(active, item, budget, override, known)
        except ContextProblem as problem:
            if isinstance(local, list):
                problem.path = (number, *problem.path)
            raise
    if not propagate:
        active = active.with_terms(active.terms)
        active.previous = before.previous or before
    return active


def scoped(active: ActiveContext, definition: Definition, budget: Budget, of_type: bool) -> ActiveContext:
    """`active` with the scoped context of one of its terms applied: of a type (for one node), or of a property."""
    if active.shared:
        return _scoped_shared(active, definition, of_type)
    key = (id(definition), of_type)
    found = active.derived.get(key)
    if found is None:
        found = _scoped(active, definition, budget, of_type)
        active.derived[key] = found
    return found


def _scoped(active: ActiveContext, definition: Definition, budget: Budget, of_type: bool) -> ActiveContext:
    return processed(active, definition.scoped, budget, not of_type, not of_type, definition.known)


@lru_cache(maxsize=512)
def _scoped_shared(active: ActiveContext, definition: Definition, of_type: bool) -> ActiveContext:
    found = _scoped(active, definition, Budget(1_000_000), of_type)
    found.shared = True
    return found


@lru_cache(maxsize=128)
def _of_addresses(active: ActiveContext, addresses: tuple[str, ...], in_list: bool) -> ActiveContext:
    for number, address in enumerate(addresses):
        try:
            active = _with_known(active, address, override=False)
        except ContextProblem as problem:
            problem.path = (number,) if in_list else ()
            raise
    if not active.shared:
        active.shared = True
    return active


def _with_one(active: ActiveContext, item: Any, budget: Budget, override: bool, known: bool) -> ActiveContext:
    if item is None:
        if active.protected and not override:
            raise ContextProblem("ELM-READING-CONTEXT-INVALID", error="invalid context nullification")
        return INITIAL
    budget.spend(1 + len(active.terms) // 50)
    if isinstance(item, str):
        return _with_known(active, item, override)
    if not isinstance(item, dict):
        raise ContextProblem("ELM-READING-CONTEXT-INVALID", error="invalid local context")
    budget.spend(len(item))
    return defined(active, item, override, known)


def _with_known(active: ActiveContext, address: str, override: bool) -> ActiveContext:
    known = known_contexts().get(address)
    if known is None:
        raise ContextProblem("ELM-READING-CONTEXT-UNKNOWN", context=address, nearest=nearest_address(address))
    compiled = _compiled(known.file)
    found = active.with_terms(active.terms | compiled.terms)
    if not override:
        for term in sorted(active.protected & compiled.terms.keys()):
            old, new = active.terms[term], compiled.terms[term]
            if old.same(new):
                found.terms[term] = old
            else:
                found.terms[term] = replace(new, protected=True, kept=True)
                found.clashes = (*found.clashes, term)
        found.indexed()
    return unchanged(active, found) or found


@cache
def _compiled(file: str) -> ActiveContext:
    address = next(url for url, known in known_contexts().items() if known.file == file)
    return _with_one(INITIAL, local_contexts()[address], Budget(1_000_000), override=False, known=True)


def nearest_address(text: str) -> str:
    """The known address that differs least from `text`: in scheme, case, slash or ending; else the first one of all."""
    wanted = _core(text)
    last = wanted.rpartition("/")[2]
    known = list(known_contexts())
    same = [url for url in known if _core(url) == wanted]
    alike = [url for url in known if len(last) > 1 and _core(url).rpartition("/")[2] == last]
    return (same or alike or known)[0]


def _core(url: str) -> str:
    return _ENDING.sub("", url.strip().lower())
