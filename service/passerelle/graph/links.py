"""What linking reads from a staged store and writes into it: outcomes, ESCO labels, stated links, link nodes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

import pyoxigraph as ox

from passerelle.graph.statements.writer import TYPE, XSD_DECIMAL, GraphWriter, date, term
from passerelle.namespaces import PREFIXES, Minting
from passerelle.records.link import STATED, UNSTATED_RELATION, Label, Link, OutcomeText, Statement
from passerelle.records.text import LanguageText

MATCH_RELATIONS = ("skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:narrowMatch", "skos:relatedMatch")
"""The mapping relations of SKOS (reference, section 10), strongest first."""

Pair = tuple[str, str]


class LinkGraph:
    """The store as linking sees it.

    `official` names the graphs (IRIs) that are public crosswalks: what they state with a SKOS mapping relation between
    an outcome and a skill is official. What any graph states with `elm:relatedESCOSkill` is declared by its issuer.
    """

    def __init__(self, store: ox.Store, minting: Minting, official: Collection[str] = ()) -> None:
        self._store = store
        self.minting = minting
        self._official = [ox.NamedNode(graph) for graph in sorted(official)]
        self._links = ox.NamedNode(minting.graph("links"))
        self._provenance = ox.NamedNode(minting.graph("provenance"))

    def outcomes(self) -> Iterator[OutcomeText]:
        """Every learning outcome, streaming; an outcome that two graphs describe may come twice."""
        previous = ""
        for quad in self._store.quads_for_pattern(None, TYPE, term("psl:LearningOutcome"), None):
            subject = quad.subject
            if isinstance(subject, ox.NamedNode) and subject.value != previous:
                previous = subject.value
                yield self._texts(subject)

    def outcome(self, iri: str) -> OutcomeText | None:
        """The outcome with this IRI, or None where this store has none."""
        node = ox.NamedNode(iri)
        return self._texts(node) if self._is_a(node, "psl:LearningOutcome") else None

    def _texts(self, node: ox.NamedNode) -> OutcomeText:
        found = {
            (quad.object.language, quad.object.value)
            for quad in self._store.quads_for_pattern(node, term("dcterms:title"), None, None)
            if isinstance(quad.object, ox.Literal) and quad.object.language
        }
        return OutcomeText(node.value, tuple(LanguageText(text, tag) for tag, text in sorted(found)))

    def outcomes_under(self, prefixes: Collection[str]) -> dict[str, list[OutcomeText]]:
        """The outcomes of some units, by the part of their IRI before the last slash; one scan for all of them."""
        found: dict[str, list[OutcomeText]] = {prefix: [] for prefix in prefixes}
        seen: set[str] = set()
        if not found:
            return found
        for quad in self._store.quads_for_pattern(None, TYPE, term("psl:LearningOutcome"), None):
            if isinstance(quad.subject, ox.NamedNode):
                iri = quad.subject.value
                prefix = iri.rpartition("/")[0]
                if prefix in found and iri not in seen:
                    seen.add(iri)
                    found[prefix].append(self._texts(quad.subject))
        return found

    def is_skill(self, iri: str) -> bool:
        """Whether the loaded ESCO describes a skill with this IRI."""
        return self._is_a(ox.NamedNode(iri), "esco:Skill")

    def _is_a(self, node: ox.NamedNode, curie: str) -> bool:
        return next(iter(self._store.quads_for_pattern(node, TYPE, term(curie), None)), None) is not None

    def labels_of(self, skill: str, language: str) -> Iterator[Label]:
        """The labels of one ESCO skill in a language; nothing for what is not an ESCO skill."""
        if not self.is_skill(skill):
            return
        for curie in ("skos:prefLabel", "skos:altLabel"):
            for quad in self._store.quads_for_pattern(ox.NamedNode(skill), term(curie), None, None):
                label = quad.object
                if isinstance(label, ox.Literal) and (label.language or "").lower().partition("-")[0] == language:
                    yield Label(skill, label.value, curie == "skos:prefLabel")

    def declared(self, outcome: str | None = None) -> dict[str, list[Statement]]:
        """What issuers state with `elm:relatedESCOSkill`, by outcome (all, or one).

        An issuer is whose graph describes the outcome: what another graph says about somebody else's outcome is no
        declaration of its issuer.
        """
        subject = None if outcome is None else ox.NamedNode(outcome)
        found: dict[str, list[Statement]] = {}
        for quad in self._store.quads_for_pattern(subject, term("elm:relatedESCOSkill"), None, None):
            if quad.graph_name != self._links and self._describes(quad.graph_name, quad.subject):
                self._collect(found, quad, UNSTATED_RELATION)
        return found

    def declaring_units(self) -> Iterator[tuple[str, str, str, int]]:
        """Unit, its kind (empty: not stated), the graph that declares, and how many skills that declares for it.

        Counted are the unit's own outcomes; a skill that two of them name counts once.
        """
        skills: dict[tuple[str, str], set[str]] = {}
        for outcome, statements in self.declared().items():
            for quad in self._store.quads_for_pattern(None, term("psl:hasOutcome"), ox.NamedNode(outcome), None):
                for each in statements:
                    if isinstance(quad.subject, ox.NamedNode):
                        skills.setdefault((quad.subject.value, each.graph), set()).add(each.skill)
        for (unit, graph), found in sorted(skills.items()):
            kinds = self._store.quads_for_pattern(ox.NamedNode(unit), term("psl:unitKind"), None, None)
            kind = min((str(getattr(quad.object, "value", "")) for quad in kinds), default="")
            yield unit, kind, graph, len(found)

    def abundance_quads(self, unit: str, skills: int, fence: float) -> list[ox.Quad]:
        """The quads that flag a unit which declares far more skills than its peers, for graph `links`."""
        writer = GraphWriter(self._links.value, self.minting)
        node = ox.NamedNode(unit)
        writer.add(node, "psl:declaredSkillCount", ox.Literal(skills))
        writer.add(node, "psl:declaredSkillFence", ox.Literal(f"{fence:.2f}", datatype=XSD_DECIMAL))
        return writer.drain()

    def official(self, outcome: str | None = None) -> dict[str, list[Statement]]:
        """What public crosswalks state with a SKOS mapping relation, by outcome (all, or one)."""
        subject = None if outcome is None else ox.NamedNode(outcome)
        found: dict[str, list[Statement]] = {}
        for graph in self._official:
            for relation in MATCH_RELATIONS:
                for quad in self._store.quads_for_pattern(subject, term(relation), None, graph):
                    self._collect(found, quad, relation)
        return found

    def _describes(self, graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph, subject: object) -> bool:
        if not isinstance(subject, ox.NamedNode):
            return False
        stated = self._store.quads_for_pattern(subject, TYPE, term("psl:LearningOutcome"), graph)
        return next(iter(stated), None) is not None

    @staticmethod
    def _collect(found: dict[str, list[Statement]], quad: ox.Quad, relation: str) -> None:
        ends = (quad.subject, quad.object, quad.graph_name)
        if all(isinstance(end, ox.NamedNode) for end in ends):
            subject, skill, graph = (str(end.value) for end in ends if isinstance(end, ox.NamedNode))
            found.setdefault(subject, []).append(Statement(skill, relation, graph))

    def reviewed(self) -> set[Pair]:
        """The pairs whose node in graph `links` says accepted or rejected."""
        found: set[Pair] = set()
        for state in ("accepted", "rejected"):
            concept = term(f"pslv:link-state/{state}")
            for quad in self._store.quads_for_pattern(None, term("psl:linkState"), concept, self._links):
                ends = [self._one(quad.subject, curie) for curie in ("psl:linkedOutcome", "psl:linkedSkill")]
                found.add((ends[0], ends[1]))
        return found

    def _one(self, subject: object, curie: str) -> str:
        if not isinstance(subject, ox.NamedNode):
            raise TypeError(subject)
        quad = next(iter(self._store.quads_for_pattern(subject, term(curie), None, self._links)))
        if not isinstance(quad.object, ox.NamedNode):
            raise TypeError(quad)
        return str(quad.object.value)

    def of_pair(self, outcome: str, skill: str) -> set[ox.Quad]:
        """The quads of graph `links` about one pair: its node, and the direct statement."""
        node = ox.NamedNode(self.minting.link(outcome, skill))
        ends = (ox.NamedNode(outcome), term("elm:relatedESCOSkill"), ox.NamedNode(skill))
        return {
            *self._store.quads_for_pattern(node, None, None, self._links),
            *self._store.quads_for_pattern(*ends, self._links),
        }

    def review_activities(self) -> set[ox.Quad]:
        """The quads of graph `provenance` about review activities."""
        start = self.minting.identifier("activity", "review") + "/"
        activities = self._store.quads_for_pattern(None, TYPE, term("prov:Activity"), self._provenance)
        nodes = [quad.subject for quad in activities if str(getattr(quad.subject, "value", "")).startswith(start)]
        return {q for node in nodes for q in self._store.quads_for_pattern(node, None, None, self._provenance)}

    def quads(self, links: Iterable[Link]) -> list[ox.Quad]:
        """The quads of link nodes, for graph `links`."""
        writer = GraphWriter(self._links.value, self.minting)
        for link in links:
            self._write(writer, link)
        return writer.drain()

    def _write(self, writer: GraphWriter, link: Link) -> None:
        node = ox.NamedNode(self.minting.link(link.outcome, link.skill))
        outcome, skill = ox.NamedNode(link.outcome), ox.NamedNode(link.skill)
        writer.a(node, "psl:SkillLink")
        writer.add(node, "psl:linkedOutcome", outcome)
        writer.add(node, "psl:linkedSkill", skill)
        writer.add(node, "psl:matchRelation", term(link.relation))
        writer.add(node, "psl:linkState", term(f"pslv:link-state/{link.state}"))
        writer.add(node, "psl:linkMethod", term(link.justification))
        writer.add(node, "prov:wasGeneratedBy", self.activity(link.activity))
        for graph in link.sources:
            writer.add(node, "prov:wasDerivedFrom", ox.NamedNode(graph))
        if link.candidate is not None:
            writer.add(node, "psl:confidence", ox.Literal(link.candidate.confidence, datatype=XSD_DECIMAL))
            writer.add(node, "psl:confidenceStatus", term(f"pslv:confidence-status/{link.candidate.status}"))
        if link.review_date:
            writer.add(node, "psl:reviewDate", date(link.review_date))
        if link.state in STATED:
            writer.add(outcome, "elm:relatedESCOSkill", skill)

    def activity(self, path: str) -> ox.NamedNode:
        """The node of an activity by its path below `{base}/id/activity/`."""
        return ox.NamedNode(self.minting.identifier("activity", *path.split("/")))

    def activity_quads(self, path: str, title_en: str, title_fr: str, day: str = "") -> list[ox.Quad]:
        """The quads of an activity, for graph `provenance`; `day` is ISO 8601 or empty."""
        writer = GraphWriter(self._provenance.value, self.minting)
        node = self.activity(path)
        writer.a(node, "prov:Activity")
        writer.text(node, "dcterms:title", title_en, "en")
        writer.text(node, "dcterms:title", title_fr, "fr")
        if day:
            writer.add(node, "dcterms:date", date(day))
        return writer.drain()

    def replace(self, old: set[ox.Quad], new: set[ox.Quad]) -> None:
        """Make the store hold `new` instead of `old`."""
        for quad in old - new:
            self._store.remove(quad)
        self._store.extend(new - old)


def curie(iri: str) -> str:
    """The CURIE of a SKOS mapping relation, or of what stands for none. Raises KeyError for any other IRI."""
    known = {PREFIXES["skos"] + name.partition(":")[2]: name for name in (*MATCH_RELATIONS, UNSTATED_RELATION)}
    return known[iri]
