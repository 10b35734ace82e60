"""Compares a release that is being built with the one before it: which entries of the catalogues are gone."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pyoxigraph as ox

from passerelle.errors import ReleaseError
from passerelle.graph.manifest import Manifest
from passerelle.graph.release import Release, Releases, Staging
from passerelle.graph.statements.writer import TYPE, term
from passerelle.graph.withdrawn import WithdrawnThing, withdrawn_things, write_withdrawn

ENTRIES = ("psl:ComparableSpecification", "psl:LearningActivity", "psl:Registration", "dcat:CatalogRecord")
"""Classes of what a catalogue takes in and out. An outcome, a link or a role goes with its entry."""

_LOG = logging.getLogger(__name__)


def write_withdrawn_of(staging: Staging, manifest: Manifest, releases: Releases) -> None:
    """Write `withdrawn.tsv` of a staged release: what the release before it listed, and what is gone since.

    What came back is no longer listed. The release before it is the current one or, when that has another base, the
    newest with this base; one that cannot be read is passed over, with a warning. Call it while the store is closed.
    """
    before = _before(releases, manifest.base)
    gone: dict[str, WithdrawnThing] = {}
    if before is not None:
        now = set(_entries(ox.Store.read_only(str(staging.store))))
        gone.update((iri, thing) for iri, thing in withdrawn_things(before.folder).items() if iri not in now)
        try:
            store = ox.Store.read_only(str(before.store))
        except OSError as error:
            _LOG.warning("entries that were withdrawn since %s are not known: %s", before.identifier, error)
        else:
            for iri in set(_entries(store)) - now:
                gone[iri] = WithdrawnThing(iri, before.identifier, manifest.created, _successors(store, iri))
    write_withdrawn(staging.folder, gone.values())


def _before(releases: Releases, base: str) -> Release | None:
    try:
        if releases.current_identifier() is None:
            return None
        current = releases.current()
        if current.manifest.base == base:
            return current
        return next((each for each in reversed(releases.list()) if each.manifest.base == base), None)
    except (ReleaseError, OSError) as error:
        _LOG.warning("withdrawn entries are not known: %s", error)
        return None


def _entries(store: ox.Store) -> Iterator[str]:
    for name in ENTRIES:
        for quad in store.quads_for_pattern(None, TYPE, term(name), None):
            if isinstance(quad.subject, ox.NamedNode):
                yield quad.subject.value


def _successors(store: ox.Store, iri: str) -> tuple[str, ...]:
    stated = store.quads_for_pattern(ox.NamedNode(iri), term("dcterms:isReplacedBy"), None, None)
    return tuple(sorted({quad.object.value for quad in stated if isinstance(quad.object, ox.NamedNode)}))
