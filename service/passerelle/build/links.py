"""The links of a release: what linking finds in a staged store, written into graph `links`."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from passerelle.build.staged import StagedStore
from passerelle.errors import BuildRefused
from passerelle.graph.link_rows import LinkRows
from passerelle.graph.links import LinkGraph
from passerelle.graph.manifest import Manifest
from passerelle.graph.skills import SkillGraph
from passerelle.graph.solutions import select
from passerelle.graph.surroundings import Surroundings
from passerelle.linking.candidate_memory import FILE_NAME, CandidateMemory
from passerelle.linking.candidates import CHOICE_VERSION, LinkingCounts, RankedLinker
from passerelle.linking.context import ContextOrder
from passerelle.linking.encoder import Encoder
from passerelle.linking.kept_encoder import FILE_NAME as VECTORS
from passerelle.linking.kept_encoder import Announce, kept_encoder
from passerelle.linking.link_set import LinkSets, file_name
from passerelle.linking.links import write_links
from passerelle.linking.loaded_skills import digest_of, loaded_skills
from passerelle.linking.ranking import SkillRanker
from passerelle.namespaces import Minting
from passerelle.records.compared_unit import LINK_CLASSES
from passerelle.records.link import Candidate, OutcomeText
from passerelle.records.review import Review
from passerelle.records.tally import Tally
from passerelle.validation.batches import BatchValidator


@dataclass(frozen=True, slots=True)
class Changed:
    """The outcomes (IRIs) whose links are others than in the release in folder `parent`."""

    parent: Path
    outcomes: frozenset[str]


class NoCandidates:
    """A `Linker` that proposes nothing: declared, official and reviewed links alone are kept (`--no-links`)."""

    version = "none"

    def __init__(self) -> None:
        self.counts = LinkingCounts()

    def candidates(self, outcomes: Sequence[OutcomeText], *, ordered: bool = False) -> Sequence[Sequence[Candidate]]:  # noqa: ARG002
        """No proposal."""
        return [()] * len(outcomes)

    def close(self) -> None:
        """Nothing is open."""


def linker_versions(encoder: Encoder | None, *, linking: bool) -> dict[str, str]:
    """What the manifest says of the linker and of the encoder that ranks with it."""
    return {
        "linker": linker_version(encoder) if linking else NoCandidates.version,
        "encoder": f"{encoder.name} {encoder.version}" if encoder else "none",
    }


def linker_version(encoder: Encoder | None) -> str:
    """The version of the linker without an encoder; with one, its name follows."""
    return f"{CHOICE_VERSION}-{SkillRanker((), encoder).version}"


def ranking_linker(
    store: ox.Store,
    release: Path | None,
    current: Path | None,
    encoder: Encoder | None,
    announce: Announce | None = None,
) -> RankedLinker:
    """A linker over the ESCO of a store that keeps its candidates in the folder of the release being built (None: not).

    Texts that the release `current` (a folder) has candidates for are not ranked again, if the same ranker made them
    from the same ESCO; what an encoder made of its labels is carried over, and `announce` is told what it encodes.
    """
    skills = loaded_skills(SkillGraph(store))
    ranker = SkillRanker(skills, kept_encoder(encoder, release, current, announce) if encoder else None)
    identity = f"{ranker.version} {encoder.version}" if encoder else ranker.version
    memory = CandidateMemory.create(release, identity, digest_of(skills))
    earlier = CandidateMemory.open(current) if current else None
    if earlier and (earlier.ranker, earlier.skills) != (memory.ranker, memory.skills):
        earlier = None
    languages = None if encoder else {each.language for each in skills}
    return _in_context(store, RankedLinker(memory, ranker, earlier, languages))


def _in_context(store: ox.Store, linker: RankedLinker) -> RankedLinker:
    linker.order = ContextOrder(Surroundings(store), linker.ranked)
    return linker


def kept_linker(store: ox.Store, parent: Path, release: Path | None, version: str) -> RankedLinker | NoCandidates:
    """The linker of a published release, which knows all its texts; `store` is a copy of the release's, or its own.

    `release` is the folder of the derived release that takes its candidates over; None where there is none.
    Raises BuildRefused where other software made them: a whole build would give others now.
    """
    memory = CandidateMemory.open(parent)
    if memory is None or version == NoCandidates.version:
        return NoCandidates()
    now = linker_version(None)
    if version != now and not version.startswith(now + "-"):
        raise BuildRefused("derive-other-linker", built=version, now=now)
    if release:
        (release / FILE_NAME).parent.mkdir(exist_ok=True)
        for name in (FILE_NAME, VECTORS):
            if (parent / name).is_file():
                os.link(parent / name, release / name)
    return _in_context(store, RankedLinker(memory))


def add_links(
    staged: StagedStore,
    minting: Minting,
    reviews: Iterable[Review],
    tally: Tally,
    ranked: tuple[Path, Path | None, Encoder | None, Announce] | None,
    validator: BatchValidator | None,
) -> dict[str, Any]:
    """Write all links; returns the manifest's entries `links` (how many in each state) and `linking`.

    `ranked` is what `ranking_linker` takes beside the store; None: the machine proposes nothing.
    """
    linker: RankedLinker | NoCandidates = ranking_linker(staged.store, *ranked) if ranked else NoCandidates()
    unlinked: Counter[str] = Counter()
    for chunk in write_links(LinkGraph(staged.store, minting), linker, reviews, tally, unlinked):
        if validator:
            validator.add(chunk)
        staged.add(chunk)
    linker.close()
    staged.flush()
    return {"links": link_states(staged, minting), "linking": linking_facts(linker.counts, unlinked)}


def write_link_sets(store: ox.Store, manifest: Manifest, folder: Path, changed: Changed | None = None) -> None:
    """Write the link sets of a release (SSSOM TSV, one a class) into its folder.

    Of a derived release only the links of outcomes that changed are read; the others are those of its parent's sets.
    """
    sets, links = LinkSets(manifest), LinkRows(store, Minting(manifest.base))
    targets = {each: folder / file_name(each) for each in LINK_CLASSES}
    parents = {each: changed.parent / file_name(each) for each in LINK_CLASSES} if changed else {}
    (folder / "links").mkdir(exist_ok=True)
    if changed and all(path.is_file() for path in parents.values()):
        sets.rewrite(links.rows(sets.outcome_order, changed.outcomes), changed.outcomes, parents, targets)
    else:
        sets.write(links.rows(sets.outcome_order), targets)


def linking_facts(counts: LinkingCounts, unlinked: Counter[str]) -> dict[str, Any]:
    """What the manifest says of the linking: for each language (primary subtag) the texts of outcomes.

    `without_candidate` are those that the machine proposes nothing for: nothing was near enough, or the loaded ESCO has
    no labels in their language and no encoder ranked across languages. `without_link` (`unlinked`) are those of
    outcomes that no link of any other kind leads from either.
    """
    return {
        language: {
            "texts": counts.texts[language],
            "distinct": counts.distinct[language],
            "ranked": counts.ranked[language],
            "without_candidate": counts.without[language],
            "without_link": unlinked[language],
        }
        for language in sorted(counts.texts)
    }


def link_states(staged: StagedStore, minting: Minting) -> dict[str, int]:
    """Links by state, counted in graph `links`."""
    rows = select(
        staged.store,
        f"PREFIX psl: <https://w3id.org/passerelle/ontology#> SELECT ?state (COUNT(*) AS ?n)"
        f" {{ GRAPH <{minting.graph('links')}> {{ ?link psl:linkState ?state }} }} GROUP BY ?state",
    )
    return {row["state"].value.rpartition("/")[2]: int(row["n"].value) for row in rows}
