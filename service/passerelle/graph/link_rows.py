"""The links of a release outcome by outcome, with the words of both ends, as a link set lists them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from passerelle.graph.statements.writer import TYPE, term
from passerelle.namespaces import PREFIXES, VOCABULARY, Minting, expand


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One link. `relation` and `justification` are CURIEs.

    `source` is the slug of the source that describes the outcome, of several the first by name. `text` is the
    outcome's first wording by language, `skill_label` ESCO's preferred label in English, else the first by language.
    `confidence` and `status` are empty where no machine proposed the link, `date` where none reviewed it.
    """

    outcome: str
    text: str
    skill: str
    skill_label: str
    state: str
    relation: str
    justification: str
    source: str
    confidence: str
    status: str
    date: str


class LinkRows:
    """Graph `links` of a store, read-only or being built."""

    def __init__(self, store: ox.Store, minting: Minting) -> None:
        self._store = store
        self._links = ox.NamedNode(minting.graph("links"))
        self._graphs = minting.graph("")
        # no cache of functools: bound to a method, it would keep the store open until the next collection of garbage
        self._labels: dict[str, str] = {}

    def rows(self, order: Callable[[str], str], only: Iterable[str] | None = None) -> Iterator[LinkRow]:
        """All links, or those of some outcomes, whose IRIs are sorted by a key; those of one outcome in no order."""
        outcomes: dict[str, str] = {}
        for outcome in (None,) if only is None else map(ox.NamedNode, only):
            for quad in self._store.quads_for_pattern(outcome, TYPE, term("psl:LearningOutcome"), None):
                iri, slug = _value(quad.subject), _value(quad.graph_name).removeprefix(self._graphs)
                outcomes[iri] = min(slug, outcomes.get(iri, slug))
        for iri, slug in sorted(outcomes.items(), key=lambda each: order(each[0])):
            yield from self.of(iri, slug)

    def of(self, outcome: str, source: str = "") -> Iterator[LinkRow]:
        """The links of one outcome (IRI), in no order; `source` is what the rows say of its source."""
        node = ox.NamedNode(outcome)
        text: str | None = None
        for quad in self._store.quads_for_pattern(None, term("psl:linkedOutcome"), node, self._links):
            text = self._text(node, "dcterms:title") if text is None else text
            yield self._row(outcome, text, source, ox.NamedNode(_value(quad.subject)))

    def _row(self, outcome: str, text: str, slug: str, link: ox.NamedNode) -> LinkRow:
        said = {
            _value(quad.predicate): _value(quad.object)
            for quad in self._store.quads_for_pattern(link, None, None, self._links)
        }
        skill = said[expand("psl:linkedSkill")]
        return LinkRow(
            outcome,
            text,
            skill,
            self._label(skill),
            said[expand("psl:linkState")].removeprefix(f"{VOCABULARY}link-state/"),
            f"skos:{said[expand('psl:matchRelation')].removeprefix(PREFIXES['skos'])}",
            f"semapv:{said[expand('psl:linkMethod')].removeprefix(PREFIXES['semapv'])}",
            slug,
            said.get(expand("psl:confidence"), ""),
            said.get(expand("psl:confidenceStatus"), "").removeprefix(f"{VOCABULARY}confidence-status/"),
            said.get(expand("psl:reviewDate"), ""),
        )

    def _label(self, skill: str) -> str:
        if skill not in self._labels:
            self._labels[skill] = self._text(ox.NamedNode(skill), "skos:prefLabel")
        return self._labels[skill]

    def _text(self, node: ox.NamedNode, curie: str) -> str:
        """The English text of a property, else the first by language tag; empty where it has none."""
        found = {
            (quad.object.language or "", quad.object.value)
            for quad in self._store.quads_for_pattern(node, term(curie), None, None)
            if isinstance(quad.object, ox.Literal)
        }
        english = [text for text in found if curie == "skos:prefLabel" and text[0] == "en"]
        return min(english or found, default=("", ""))[1]


def _value(node: object) -> str:
    return str(getattr(node, "value", ""))
