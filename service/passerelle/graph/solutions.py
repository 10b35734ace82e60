"""SELECT queries of our own on a store that is open in this process."""

from __future__ import annotations

import pyoxigraph as ox


def select(store: ox.Store, query: str, *, union: bool = False) -> ox.QuerySolutions:
    """The rows of a SELECT query; `union` makes all graphs the default graph.

    Raises TypeError for another form of query, SyntaxError for what is no SPARQL: defects of ours.
    """
    results = store.query(query, use_default_graph_as_union=union)
    if not isinstance(results, ox.QuerySolutions):
        raise TypeError(query)
    return results
