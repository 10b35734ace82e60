"""Layer 5: whether values are members of the lists that their properties draw on, whatever they say of themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from passerelle.graph.reference import ReleaseReference
from passerelle.namespaces import expand
from passerelle.validation.credentials.graph import CredentialGraph
from passerelle.validation.credentials.layers import authority
from passerelle.validation.credentials.layers.authority import AuthorityList, Use
from passerelle.validation.credentials.layers.skills import Skills
from passerelle.validation.credentials.layers.statements import Statements
from passerelle.validation.credentials.model import IRI, LITERAL, Observation, Term

_TYPE = expand("rdf:type")
_IN_SCHEME = expand("skos:inScheme")
_EQF_LEVEL = expand("elm:EQFLevel")
_NQF_LEVEL = expand("elm:NQFLevel")
_SCHEMA = expand("cred:credentialSchema")
_ABOUT_THE_LIST = frozenset((_TYPE, _IN_SCHEME, expand("skos:hasTopConcept"), expand("skos:topConceptOf")))
_SUGGESTIONS = 20
"""Misspelt values that get a suggestion: looking for the nearest member takes milliseconds each."""


def editions() -> Mapping[str, str]:
    """The edition of each list that membership is checked against, by the name of the list."""
    return authority.editions()


def observe(graph: CredentialGraph, reference: ReleaseReference | None) -> Iterator[Observation]:
    """What the values of a credential's properties are, checked against the lists and (with a `reference`) ESCO.

    Without a reference only the form of ESCO's IRIs is checked.
    """
    statements = Statements(graph)
    yield from _Vocabularies(graph, statements).observe()
    yield from Skills(statements, reference).observe()


class _Vocabularies:
    """One pass over the statements of a credential."""

    def __init__(self, graph: CredentialGraph, statements: Statements) -> None:
        self._graph = graph
        self._statements = statements
        self._namespaces = authority.namespaces()
        self._uses = authority.uses()
        self._lists = authority.lists()
        self._nearest: dict[tuple[str, str], str] = {}
        self._bound: set[str] = set()
        schemas = [each.value for _, _, each in statements.of(_SCHEMA)]
        self._own_lists_allowed = bool(schemas) and all(each.rstrip("/").endswith("-no-cv") for each in schemas)

    def observe(self) -> Iterator[Observation]:
        namespaces, uses = self._namespaces, self._uses
        for path, pairs in self._statements:
            if path in _ABOUT_THE_LIST:
                continue
            use = uses.get(path)
            for node, value in pairs:
                if value.kind != LITERAL:
                    listed = namespaces.get(value.value.rpartition("/")[0])
                    if use is not None or listed is not None:
                        of_class = self._use(node, use)
                        if of_class is not None and of_class.bound:
                            self._bound.add(value.node)
                        yield from self._value(node, path, value, listed, of_class)
        yield from self._schemes()
        yield from self._levels()

    def _use(self, node: str, by_class: Mapping[str, Use] | None) -> Use | None:
        """The use of the property by the class of its subject."""
        if not by_class:
            return None
        if (any_class := by_class.get("")) is not None:
            return any_class
        return next((by_class[each] for each in sorted(self._graph.types(node)) if each in by_class), None)

    def _value(
        self, node: str, path: str, value: Term, listed: AuthorityList | None, use: Use | None
    ) -> Iterator[Observation]:
        if listed is None:
            if use is not None:
                yield from self._foreign(node, path, value, use)
        elif use is not None and listed.name not in use.lists:
            code = "ELM-VOCABULARY-WRONG-LIST" if use.bound else "ELM-VOCABULARY-UNUSUAL-LIST"
            found = {"found": listed.name, "found_en": listed.name_en, "found_fr": listed.name_fr}
            yield self._about(code, node, path, value, self._lists[use.lists[0]], **found)
        elif listed.held and listed.member(value.value) is None:
            yield self._unknown(node, path, value, listed)
        elif path == _NQF_LEVEL:
            yield from self._framework(node, path, value, listed)

    def _foreign(self, node: str, path: str, value: Term, use: Use) -> Iterator[Observation]:
        """The value lies in no list that we know."""
        first = self._lists[use.lists[0]]
        meant = value.value.replace("https://", "http://", 1)
        for name in use.lists:
            if meant != value.value and self._lists[name].member(meant) is not None:
                parameters = {**self._lists[name].names, "nearest": meant}
                yield Observation("ELM-VOCABULARY-HTTPS", node, path, value.node, parameters=parameters)
                return
        for name in use.lists:
            each = self._lists[name]
            if each.held and value.value.startswith(each.namespace.rstrip("/")):
                # `…/countryFRA`, `…/language#ENG`, `…/eqf/6/`: meant for the list, and not in it
                yield self._about(
                    "ELM-VOCABULARY-EQF" if name == "eqf" else "ELM-VOCABULARY-NOT-MEMBER", node, path, value, each
                )
                return
        if use.bound:
            own = self._own_lists_allowed
            code = "ELM-VOCABULARY-OWN-LIST" if own else "ELM-VOCABULARY-FOREIGN"
            yield self._about(code, node, path, value, first)
            return
        for scheme in self._graph.objects(value.node, _IN_SCHEME):
            claimed = authority.schemes().get(scheme)
            if claimed is not None and claimed.held:
                yield self._about("ELM-VOCABULARY-CLAIMED", node, path, value, claimed)

    def _unknown(self, node: str, path: str, value: Term, listed: AuthorityList) -> Observation:
        """The value lies in the namespace of a list, and is not a member."""
        if listed.name == "eqf":
            code = "ELM-VOCABULARY-EQF"
        elif listed.name == "language" and _three_letters(value.value):
            code = "ELM-VOCABULARY-LANGUAGE"
        elif listed.closed or listed.is_scheme(value.value) or listed.name == "language":
            code = "ELM-VOCABULARY-NOT-MEMBER"
        else:
            code = "ELM-VOCABULARY-NOT-IN-EDITION"
        return self._about(code, node, path, value, listed)

    def _framework(self, node: str, path: str, value: Term, listed: AuthorityList) -> Iterator[Observation]:
        member = listed.member(value.value)
        if member is not None and not member.framework:
            yield self._about("ELM-VOCABULARY-NQF-FRAMEWORK", node, path, value, listed, framework=member.label)

    def _about(
        self, code: str, node: str, path: str, value: Term, listed: AuthorityList, **parameters: str
    ) -> Observation:
        told = {**listed.names, "edition": listed.edition or "–", "nearest": "", **parameters}
        if code not in ("ELM-VOCABULARY-WRONG-LIST", "ELM-VOCABULARY-UNUSUAL-LIST", "ELM-VOCABULARY-NQF-FRAMEWORK"):
            told["nearest"] = self._suggestion(value.value, listed)
        return Observation(code, node, path, value.node, parameters=told)

    def _suggestion(self, iri: str, listed: AuthorityList) -> str:
        key = (listed.name, iri)
        if key not in self._nearest and len(self._nearest) < _SUGGESTIONS:
            self._nearest[key] = listed.nearest(iri) if listed.held else ""
        return self._nearest.get(key, "")

    def _schemes(self) -> Iterator[Observation]:
        """Members of a list that give another scheme as theirs, where no official profile looks at it."""
        for value in self._statements.nodes(_IN_SCHEME):
            listed = self._namespaces.get(value.rpartition("/")[0])
            if listed is None or not listed.held or listed.member(value) is None:
                continue
            stated = [each.value for each in self._graph.values(value, _IN_SCHEME) if each.kind == IRI]
            if stated and not any(listed.is_scheme(each) for each in stated) and value not in self._bound:
                parameters = {**listed.names, "scheme": listed.scheme, "stated": stated[0]}
                yield Observation("ELM-VOCABULARY-SCHEME", value, _IN_SCHEME, stated[0], parameters=parameters)

    def _levels(self) -> Iterator[Observation]:
        """Levels of a national framework that their country relates to another EQF level than the one stated."""
        eqf, nqf = self._lists["eqf"], self._lists["qdr"]
        for node in self._statements.nodes(_NQF_LEVEL):
            stated = [level.code for each in self._graph.values(node, _EQF_LEVEL) if (level := eqf.member(each.value))]
            for each in self._graph.values(node, _NQF_LEVEL):
                member = nqf.member(each.value)
                if member is None or not member.eqf or not stated or member.eqf in stated:
                    continue
                framework = nqf.members[member.framework].label
                yield Observation(
                    "ELM-VOCABULARY-LEVELS-DISAGREE",
                    node,
                    _NQF_LEVEL,
                    each.value,
                    parameters={
                        "eqf": ", ".join(stated),
                        "national": member.label,
                        "framework": framework,
                        "expected": member.eqf,
                    },
                )


def _three_letters(iri: str) -> bool:
    code = iri.rpartition("/")[2]
    return len(code) == 3 and code.isascii() and code.isalpha() and code.isupper()
