"""Runs shapes over triples: a fast engine and the reference engine behind one interface."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

import pyoxigraph as ox
import rdflib
from pyshacl_turbo import _native  # type: ignore[attr-defined]  # compiled, without stubs

from passerelle.records.finding import Finding
from passerelle.validation.credentials.model import Term, Triple
from passerelle.validation.report import Result, findings_of, results_of
from passerelle.validation.shapes import Profile
from passerelle.validation.terms import graph_of, of_rdflib, term_of

_DEPTH = 15
Records = tuple[list[Term], list[tuple[int, int, int, None]]]
"""Terms, each once, and triples as positions among them."""


class ShapesEngine(Protocol):
    """What validates quads against the shapes that it was made for."""

    def validate(self, quads: Iterable[ox.Quad]) -> Sequence[Finding]:
        """The findings about these quads, in a stable order; named graphs count as their union."""
        ...


class Engine(Protocol):
    """What validates triples against shapes."""

    def results(self, triples: Iterable[Triple]) -> list[Result]:
        """The results, in no order that means anything. Blank nodes keep their labels."""
        ...

    def results_of_records(self, data: Records) -> list[Result]:
        """The results about what `interned` or `records_of` gives."""
        ...


class Turbo:
    """pyshacl-turbo: shapes are compiled once, validation runs in native code and releases the GIL.

    Memory grows by about 0.5 kB a triple (measured on 88,500), so callers give it batches. Its public interface builds
    an rdflib graph of every report, which takes 4 times as long as validating a credential; so this calls the native
    one.
    """

    def __init__(self, shapes: Iterable[Triple]) -> None:
        """Raises ValueError or the package's own errors for shapes that it does not take."""
        source = _native.canonical_shapes(iter(_batches(list(shapes))))
        # the same reading of numbers as truth values that it has for shapes in an rdflib graph
        self._native = _native.CompiledShapes(source, "nt", None, False, True, [])

    def results(self, triples: Iterable[Triple]) -> list[Result]:
        """See `Engine.results`; language tags come back in lower case.

        Raises ValueError for a triple that is not RDF (an IRI with a space).
        """
        return self.results_of_records(interned(triples))

    def results_of_records(self, data: Records) -> list[Result]:
        """See `Engine.results_of_records`, and `results`."""
        # A Store would go the long way round, and 0.6.5 then finds no plain string in sh:in, sh:hasValue or a query.
        # Terms are what the package itself makes of an rdflib graph: right, and 5 times faster than N-Triples.
        # After them: no rules, no inference; no leave for warnings; all focus nodes and all shapes.
        conforms, report, *_ = self._native.validate(
            data, "terms", None, False, 100, _DEPTH, False, False, False, False, [], [], []
        )
        if conforms:
            return []
        records, statements = report
        terms = [Term(*record) for record in records]
        return results_of((terms[each[0]], terms[each[1]], terms[each[2]]) for each in statements)


class Reference:
    """pySHACL, the reference: slow, for shapes that the fast engine refuses, and what its verdicts are compared with.

    The package is imported here, because it takes 0.15 s, as long as all else, and hardly a run needs it.
    """

    def __init__(self, shapes: Iterable[Triple]) -> None:
        import pyshacl  # noqa: PLC0415

        self._validate = pyshacl.validate
        self._shapes = graph_of(shapes)

    def results(self, triples: Iterable[Triple]) -> list[Result]:
        """See `Engine.results`. Raises the package's own errors for shapes that it does not take, or only meets now."""
        with warnings.catch_warnings():
            # rdflib shows the value that is no boolean, and it can be someone's; `re` warns of foreign patterns
            warnings.simplefilter("ignore")
            _, report, _ = self._validate(
                graph_of(triples), shacl_graph=self._shapes, inplace=True, max_validation_depth=_DEPTH
            )
        if not isinstance(report, rdflib.Graph):
            raise report
        return results_of(of_rdflib(report))

    def results_of_records(self, data: Records) -> list[Result]:
        """See `Engine.results_of_records`, and `results`."""
        terms, statements = data
        return self.results((terms[each[0]], terms[each[1]], terms[each[2]]) for each in statements)


class ReleaseEngine:
    """Validates the quads of a release with either engine."""

    def __init__(self, profile: Profile, engine: Callable[[Iterable[Triple]], Engine] = Turbo) -> None:
        self._rules = profile.rules
        self._engine = engine(profile.structure)

    def validate(self, quads: Iterable[ox.Quad]) -> Sequence[Finding]:
        """See `ShapesEngine.validate`."""
        return findings_of(self._engine.results_of_records(records_of(quads)), self._rules)


def interned(triples: Iterable[Triple]) -> Records:
    """Each term once, and the triples as positions in that list."""
    positions: dict[Term, int] = {}
    at = positions.setdefault
    statements = [
        (at(subject, len(positions)), at(predicate, len(positions)), at(value, len(positions)), None)
        for subject, predicate, value in triples
    ]
    return list(positions), statements


def records_of(quads: Iterable[ox.Quad]) -> Records:
    """The same for quads: no term of ours is made but once for each that is different."""
    positions: dict[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple, int] = {}
    at = positions.setdefault
    statements = [
        (
            at(quad.subject, len(positions)),
            at(quad.predicate, len(positions)),
            at(quad.object, len(positions)),
            None,
        )
        for quad in quads
    ]
    return [term_of(term) for term in positions], statements


def _batches(triples: Sequence[Triple]) -> Iterator[Records]:
    size = _native.SHAPES_BATCH_SIZE
    for start in range(0, len(triples), size):
        yield interned(triples[start : start + size])
