"""Properties and classes that stand in a namespace of the model, or next to one, and are no terms of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from passerelle.namespaces import PREFIXES, expand
from passerelle.resources import rows
from passerelle.validation.credentials.model import IRI, Observation, Triple
from passerelle.validation.credentials.profiles.names import profile_folder
from passerelle.validation.credentials.reading.terms import TermIndex
from passerelle.validation.report import compact

_TYPE = expand("rdf:type")
_ELM = PREFIXES["elm"]
_NAMESPACES = tuple(
    PREFIXES[each] for each in ("elm", "cred", "dcterms", "skos", "foaf", "adms", "rov", "org", "locn", "person")
)
"""The namespaces that the model takes its terms from, its own first."""
_UNENDED = tuple(each[:-1] for each in _NAMESPACES)
_DCTERMS = PREFIXES["dcterms"]
_DC_ELEMENTS = "http://purl.org/dc/elements/1.1/"
"""An older vocabulary of the same publisher, with some of the same names, often taken for dcterms."""
_ALSO_TERMS = frozenset(
    map(
        expand,
        (
            "elm:AwardingBody",
            "elm:CredentialStatus",
            "elm:Proof",
            "elm:TermsOfUse",
            "elm:assessmentStatus",
            "elm:verifiableCredential",
            # names that the official JSON-LD context makes by slips of its own: layer 4 speaks of them
            "elm:areaDialingCode",
            "elm:nationalID",
            "elm:resultDestribution",
            # terms of the other vocabularies that look like one that the model takes
            "dcterms:created",
            "foaf:family_name",
            "foaf:givenname",
            "org:member",
        ),
    )
)
"""Terms that no profile speaks of, and that are none the less no mistakes."""
_MODEL = "data.europa.eu/snb/model"
_BESIDE_THE_MODEL = ("ap", "context", "w3c")
"""What else is published under the address of the model."""
_MOST_TOLD = 300
_SEARCHES = 100
"""Different unknown words for which a nearest term is looked for."""


class ModelTerms:
    """What the terms of one file are, compared with the model."""

    def __init__(self, triples: Sequence[Triple]) -> None:
        self._nearest: dict[tuple[str, bool], str] = {}
        self._namespaces: set[str] = set()
        self._told: Counter[str] = Counter()
        self._seen: set[tuple[str, str]] = set()
        self.mistyped: set[str] = set()
        """The nodes that have a class which is no term, or stands in another namespace."""
        self.observations: list[Observation] = []
        known = _properties()
        seen: dict[str, bool] = {}
        elements: tuple[str, str] | None = None
        for subject, predicate, value in triples:
            iri = predicate.value
            if iri == _TYPE:
                if value.kind == IRI and value.value not in _classes():
                    self._look_at(subject.node, value.value, of_class=True)
            elif iri not in known:
                # most properties of other vocabularies are no business of ours, and stand in many triples
                if iri not in seen:
                    seen[iri] = _is_near_the_model(iri)
                if seen[iri]:
                    self._look_at(subject.node, iri, of_class=False)
                elif elements is None and _is_dublin_core_element(iri):
                    elements = subject.node, iri
        # who uses both vocabularies knows them apart
        if elements is not None and not any(each.value.startswith(_DCTERMS) for _, each, _ in triples):
            self._mistaken(*elements, _DC_ELEMENTS, _DCTERMS, of_class=False)

    def _look_at(self, node: str, iri: str, *, of_class: bool) -> None:
        """A name that is no term that a profile speaks of."""
        if (node, iri) in self._seen:
            return
        self._seen.add((node, iri))
        path = _TYPE if of_class else iri
        namespace = next((each for each in _NAMESPACES if iri.startswith(each)), "")
        if not namespace:
            self._other_namespace(node, iri, of_class=of_class)
            return
        if iri in _ALSO_TERMS:
            return
        nearest = self._near(iri, namespace, of_class=of_class)
        if not nearest and namespace != _ELM:
            return  # these vocabularies have terms that the model does not take
        if of_class:
            code = "ELM-FILE-MISSPELT-TYPE" if nearest else "ELM-FILE-UNKNOWN-TYPE"
        else:
            code = "ELM-FILE-MISSPELT-TERM" if nearest else "ELM-FILE-UNKNOWN-TERM"
        parameters = {"key": compact(iri).strip("<>")}
        if nearest:
            parameters |= {"nearest": compact(nearest), "property": nearest}
        self._tell(Observation(code, node, path, iri if of_class else "", parameters=parameters), mistyped=of_class)

    def _other_namespace(self, node: str, iri: str, *, of_class: bool) -> None:
        """A namespace that is nearly one of the model's: each is told once, at its first use."""
        written, right = _intended(iri)
        if not right:
            return
        self._mistaken(node, iri, written, right, of_class=of_class)

    def _mistaken(self, node: str, iri: str, written: str, right: str, *, of_class: bool) -> None:
        if of_class:
            self.mistyped.add(node)
        if written not in self._namespaces:
            self._namespaces.add(written)
            found = {"namespace": written, "right": right}
            self._tell(
                Observation(
                    "ELM-FILE-OTHER-NAMESPACE",
                    node,
                    _TYPE if of_class else iri,
                    iri if of_class else "",
                    parameters=found,
                )
            )

    def _near(self, iri: str, namespace: str, *, of_class: bool) -> str:
        """The IRI of the term that was most likely meant, or ""."""
        place = (iri, of_class)
        found = self._nearest.get(place)
        if found is None:
            if len(self._nearest) >= _SEARCHES:
                return ""
            named, index = _index(namespace, of_class)
            found = self._nearest[place] = named.get(index.nearest(iri.removeprefix(namespace), of_class), "")
        return found

    def _tell(self, observation: Observation, *, mistyped: bool = False) -> None:
        if mistyped:
            self.mistyped.add(observation.node)
        self._told[observation.code] += 1
        if self._told[observation.code] <= _MOST_TOLD:
            self.observations.append(observation)


def _is_near_the_model(iri: str) -> bool:
    return iri.startswith(_NAMESPACES) or bool(_intended(iri)[1])


def _intended(iri: str) -> tuple[str, str]:
    """The namespace of an IRI as written, and that of the model which it stands for, empty where it is none."""
    if iri.startswith(_UNENDED):
        for unended, whole in zip(_UNENDED, _NAMESPACES, strict=True):
            if iri.startswith(unended) and _is_term(whole + iri[len(unended) :]):
                return unended, whole
    end = max(iri.rfind("#"), iri.rfind("/")) + 1
    written = iri[:end]
    plain = _plain(written)
    right = _plain_namespaces().get(plain, "")
    if not right and (plain == _MODEL or plain.startswith(f"{_MODEL}/")):
        below = plain.removeprefix(_MODEL).strip("/").partition("/")[0]
        right = "" if below in _BESIDE_THE_MODEL else _ELM
    return written, "" if right == written else right


def _is_term(iri: str) -> bool:
    return iri in _properties() or iri in _classes()


def _is_dublin_core_element(iri: str) -> bool:
    """Whether it is a term that the model takes from dcterms, in the namespace of the older vocabulary."""
    return iri.startswith(_DC_ELEMENTS) and _DCTERMS + iri.removeprefix(_DC_ELEMENTS) in _properties()


def _plain(namespace: str) -> str:
    """A namespace without what is often mistaken in it: scheme, case, the sign at its end."""
    return namespace.casefold().removeprefix("http://").removeprefix("https://").removeprefix("www.").rstrip("/#")


@cache
def _plain_namespaces() -> Mapping[str, str]:
    return {_plain(each): each for each in _NAMESPACES}


@cache
def _properties() -> frozenset[str]:
    return frozenset(iri for kind, _, iri in _terms() if kind == "property")


@cache
def _classes() -> frozenset[str]:
    return frozenset(iri for kind, _, iri in _terms() if kind == "class")


@cache
def _index(namespace: str, of_class: bool) -> tuple[Mapping[str, str], TermIndex]:
    """The terms that a name in this namespace can have meant, by word: in that of the model, all of the model."""
    kind = "class" if of_class else "property"
    terms = [(key, iri) for each, key, iri in _terms() if each == kind and iri.startswith(_NAMESPACES)]
    near = [(key, iri) for key, iri in terms if iri.startswith(namespace)]
    named: dict[str, str] = {}
    for words in (near, terms if namespace == _ELM else []):
        for key, iri in words:
            local = next(iri.removeprefix(each) for each in _NAMESPACES if iri.startswith(each))
            for word in (key, local):
                if word:
                    named.setdefault(word if of_class else word[:1].lower() + word[1:], iri)
    return named, TermIndex(named)


@cache
def _terms() -> tuple[tuple[str, str, str], ...]:
    """Kind, JSON key (empty where it is the local name) and IRI of each term that the profiles speak of."""
    return tuple(_rows())


def _rows() -> Iterator[tuple[str, str, str]]:
    for row in rows(profile_folder() / "terms.tsv"):
        yield row["kind"], row["key"], row["iri"]
