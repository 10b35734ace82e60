"""Tells causes from what merely follows from them, so that one fault is told once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from passerelle.namespaces import expand
from passerelle.records.finding import Severity
from passerelle.validation.credentials.graph import CredentialGraph
from passerelle.validation.credentials.model import Layer, Observation, SourceMap, Stage
from passerelle.validation.credentials.rules import CredentialRule
from passerelle.validation.credentials.wording import local_name, property_of

STRUCTURAL = frozenset(
    f"sh:{name}ConstraintComponent"
    for name in ("Node", "Or", "And", "Xone", "QualifiedMinCount", "QualifiedMaxCount", "QualifiedValueShape", "Not")
)
"""Constraints that fail because of what is wrong within the value."""

_MISSING = frozenset(f"sh:{name}ConstraintComponent" for name in ("MinCount", "QualifiedMinCount", "HasValue"))
_OF_LANGUAGE = frozenset(
    f"sh:{name}ConstraintComponent" for name in ("Datatype", "LanguageIn", "UniqueLang", "NodeKind")
)
_PLAIN = {
    f"sh:{name}ConstraintComponent": place for place, name in enumerate(("MinCount", "NodeKind", "Datatype", "Class"))
}
_OF_LISTS = STRUCTURAL | {f"sh:{name}ConstraintComponent" for name in ("HasValue", "In", "Class", "Pattern")}
_NODE = "sh:NodeConstraintComponent"
_CLASS = "sh:ClassConstraintComponent"
_MIN_COUNT = "sh:MinCountConstraintComponent"
_OF_TEXTS = frozenset(
    f"ELM-READING-{name}" for name in ("TEXTS-IN-ARRAY", "TEXT-AS-VALUE-OBJECT", "TEXT-WITHOUT-QUOTES", "BAD-LANGUAGE")
)
_OF_ONE_THING = frozenset(
    (
        *("ELM-FIELDS-CYCLE", "ELM-FIELDS-IDENTIFIERS-DIFFER", "ELM-FIELDS-PART-SAID-FULL", "ELM-FIELDS-SAME-TITLE"),
        *("ELM-FIELDS-HOLDER-IS-ISSUER", "ELM-FIELDS-PART-ABOVE-WHOLE"),
    )
)
"""What two things under one id come to, though each of them is right."""
_TOO_MANY = frozenset(f"sh:{name}ConstraintComponent" for name in ("MaxCount", "UniqueLang"))
_CLASH = "ELM-READING-CONTEXT-CLASH"
_NO_CONTEXT = frozenset(("ELM-FILE-CONTEXT-MISSING", "ELM-READING-NO-CONTEXT"))
_INCOMPLETE = "ELM-READING-CONTEXT-INCOMPLETE"
_NO_IRI = "ELM-READING-RELATIVE-IRI"
_MISSPELT_TYPE = "ELM-READING-MISSPELT-TYPE"
_TYPE_MISSING = "ELM-FILE-TYPE-MISSING"
_WITHOUT_CONTEXT = frozenset(
    (
        *(f"ELM-READING-{name}-KEY" for name in ("UNKNOWN", "MISSPELT", "LOOKALIKE")),
        *("ELM-READING-KEY-OUT-OF-PLACE", "ELM-READING-TYPE-MISSING", "ELM-READING-UNKNOWN-TYPE"),
        *(_MISSPELT_TYPE, _TYPE_MISSING, "ELM-FILE-NO-CREDENTIAL"),
    )
)
"""What a missing context comes to: none of its words is known."""
_FOLLOWING_OF_FILE = _NO_CONTEXT | {_TYPE_MISSING, "ELM-FILE-NO-CREDENTIAL"}
_NOT_IN_VERSION_2 = frozenset(expand(f"cred:{name}") for name in ("issued", "issuanceDate", "expirationDate"))
_NODE_KIND = "sh:NodeKindConstraintComponent"
_IN_SCHEME = expand("skos:inScheme")
_ISSUER = expand("cred:issuer")
_LEGAL_IDENTIFIER = expand("elm:eidasLegalIdentifier")
_ADDED_BY_SEALING = frozenset(
    (_ISSUER, *(expand(f"cred:{name}") for name in ("issued", "issuanceDate")), "https://w3id.org/security#proof")
)
_ORDER = {layer: number for number, layer in enumerate(Layer)}
_WITHIN_VALUES = frozenset((Layer.FILE, Layer.READING, Layer.PROFILE, Layer.REPAIRED, Layer.VOCABULARIES))
_WITHOUT_CAUSES = frozenset((Layer.FILE, Layer.SHAPES))


@dataclass(slots=True)
class Seen:
    """An observation with its rule, and what it comes to in this report.

    `follows` is the number of the observation that it follows from, None for a cause. `aside` is the code of the
    repair that sets it aside, `draft` whether sealing will mend it.
    """

    observation: Observation
    rule: CredentialRule
    severity: Severity
    aside: str = ""
    draft: bool = False
    follows: int | None = None

    @property
    def layer(self) -> Layer:
        """The layer of the rule."""
        return self.rule.layer

    @property
    def counts(self) -> bool:
        """Whether it is a violation for our verdict."""
        return self.severity is Severity.VIOLATION and not self.aside


@dataclass(slots=True)
class _Index:
    """The observations by what others look for them by; each list in the order of the observations."""

    at_node: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    keys_at_node: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    keys_at_pointer: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    keys: dict[str, int] = field(default_factory=dict)
    types_at_node: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    types_at_pointer: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    listed: dict[str, int] = field(default_factory=dict)
    repairs: dict[tuple[str, str], int] = field(default_factory=dict)
    untyped: dict[str, int] = field(default_factory=dict)
    lost: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    missing_types: dict[tuple[str, str], int] = field(default_factory=dict)
    same_id: dict[str, int] = field(default_factory=dict)
    of_value: dict[tuple[str, str, str], list[int]] = field(default_factory=lambda: defaultdict(list))


def judged(
    observations: Iterable[Observation],
    rules: Mapping[str, CredentialRule],
    graph: CredentialGraph,
    stage: Stage,
    repairs: Mapping[str, str],
) -> list[Seen]:
    """Each observation with its severity in this report. `repairs` gives the repair of each code that one sets aside.

    Raises KeyError for a code that no rule has.
    """
    issuers = {each for node in graph.nodes for each in graph.objects(node, _ISSUER)} if stage is Stage.DRAFT else set()
    found = []
    for each in observations:
        rule = rules[each.code]
        aside = each.set_aside_by or (repairs.get(each.code, "") if rule.layer is Layer.PROFILE else "")
        seen = Seen(each, rule, rule.severity, aside)
        if stage is Stage.DRAFT and _is_added_by_sealing(seen, issuers, graph):
            seen.draft, seen.severity = True, Severity.INFO
        found.append(seen)
    return found


def fold(seen: Sequence[Seen], source: SourceMap, graph: CredentialGraph) -> None:
    """Sets `follows` of whatever follows from another observation, straight to the cause.

    What follows from something that is set aside or left to the sealing shares its fate.
    """
    if len(seen) < 2:
        return
    index = _index(seen, graph)
    for number, each in enumerate(seen):
        if (each.layer in _WITHOUT_CAUSES and each.rule.code not in _FOLLOWING_OF_FILE) or each.follows is not None:
            continue
        for found in _causes(number, each, seen, index, source):
            if found != number:
                each.follows = found
                break
    _join_fields(seen)
    _resolve(seen)


def _causes(number: int, each: Seen, seen: Sequence[Seen], index: _Index, source: SourceMap) -> Iterator[int]:
    """What an observation may follow from, the likeliest first."""
    if each.layer in (Layer.FILE, Layer.READING):
        yield from _told_before(each, seen, index)
        yield from _around(each, index)
        return
    observation = each.observation
    if _is_missing(each):
        yield from _lost_key(each, seen, index, source)
    yield from _identity(each, seen, index)
    if each.layer is not Layer.PROFILE:
        return
    yield from _other_form(observation, seen, index)
    if observation.component == _CLASS:
        yield from index.types_at_node.get(observation.value, ())
        if index.types_at_pointer:
            yield from index.types_at_pointer.get(source.spot(observation.value).pointer or "", ())
        first = index.untyped.get(observation.value)
        if first is not None and first < number:
            yield first
    if observation.path == _IN_SCHEME and observation.node in index.listed:
        yield index.listed[observation.node]
    if observation.value in index.listed and observation.component in _OF_LISTS:
        yield index.listed[observation.value]
    if each.aside:
        yield from (
            index.repairs[key] for key in ((each.aside, observation.node), (each.aside, "")) if key in index.repairs
        )
    yield from _plainer(number, each, seen, index)
    if observation.component in STRUCTURAL and observation.value:
        within = [other for other in index.at_node.get(observation.value, ()) if other != number]
        yield from sorted(within, key=lambda other: _likelihood(other, seen[other]))


def _identity(each: Seen, seen: Sequence[Seen], index: _Index) -> Iterator[int]:
    """An id that is used for two things, or one that is not given."""
    observation = each.observation
    if observation.node in index.same_id and (each.rule.code in _OF_ONE_THING or observation.component in _TOO_MANY):
        yield index.same_id[observation.node]
    if each.layer is Layer.VOCABULARIES and observation.value.startswith("_:"):
        others = index.of_value.get((observation.node, observation.path, observation.value), ())
        yield from (other for other in others if seen[other].observation.component == _NODE_KIND)


def _other_form(observation: Observation, seen: Sequence[Seen], index: _Index) -> Iterator[int]:
    """A text whose language was lost with the form that it is written in, or a number in place of an IRI."""
    if observation.component in _OF_LANGUAGE:
        lost = index.lost.get((observation.node, observation.path), ())
        yield from (other for other in lost if seen[other].rule.code in _OF_TEXTS)
        if observation.component == _NODE_KIND and observation.value:
            same = (other for other in lost if seen[other].observation.value == observation.value)
            yield from (other for other in same if seen[other].rule.code == _NO_IRI)


def _plainer(number: int, each: Seen, seen: Sequence[Seen], index: _Index) -> Iterator[int]:
    """The plainest of what the profile says of the same value: of the wrong kind, it also has the wrong class."""
    observation = each.observation
    others = index.of_value.get((observation.node, observation.path, observation.value), ())
    if len(others) < 2:
        return
    plainest = min(others, key=lambda other: (bool(seen[other].aside), _plainness(seen[other]), other))
    if plainest != number and (each.aside or not seen[plainest].aside):
        yield plainest


def _plainness(each: Seen) -> int:
    if each.observation.component in STRUCTURAL:
        return len(_PLAIN) + 1
    return _PLAIN.get(each.observation.component, len(_PLAIN))


def _index(seen: Sequence[Seen], graph: CredentialGraph) -> _Index:
    index = _Index()
    for number, each in enumerate(seen):
        observation = each.observation
        pointer = observation.spot.pointer if observation.spot is not None else None
        if each.layer in (Layer.FILE, Layer.READING):
            _index_reading(number, observation, pointer, index)
        elif each.layer is Layer.VOCABULARIES:
            if "list" in observation.parameters:  # it is about membership
                index.listed.setdefault(
                    observation.node if observation.path == _IN_SCHEME else observation.value, number
                )
        elif each.layer is Layer.REPAIRED:
            index.repairs.setdefault((observation.code, observation.node), number)
        elif each.layer is Layer.PROFILE:
            if observation.value or observation.component in _MISSING:
                index.of_value[observation.node, observation.path, observation.value].append(number)
            value = observation.value
            if observation.component == _CLASS and value in graph and not graph.types(value):
                index.untyped.setdefault(value, number)
        grave = each.severity is Severity.VIOLATION or each.draft or "nearest" in observation.parameters
        if observation.node and each.layer in _WITHIN_VALUES and grave:
            index.at_node[observation.node].append(number)
    return index


def _index_reading(number: int, observation: Observation, pointer: str | None, index: _Index) -> None:
    index.repairs.setdefault((observation.code, ""), number)
    parent = pointer.rpartition("/")[0] if pointer else None
    if observation.path:
        index.lost[observation.node, observation.path].append(number)
    if observation.code == "ELM-READING-TYPE-MISSING":
        index.missing_types.setdefault((observation.node, observation.parameters.get("type", "")), number)
    elif observation.code == "ELM-READING-SAME-ID":
        index.same_id.setdefault(observation.node, number)
    if "TYPE" in observation.code.split("-"):
        _file(number, observation.node, parent, index.types_at_node, index.types_at_pointer)
    elif _is_lost_key(observation, pointer):
        _file(number, observation.node, parent, index.keys_at_node, index.keys_at_pointer)
        if pointer:
            index.keys.setdefault(pointer, number)


def _file(
    number: int, node: str, pointer: str | None, by_node: dict[str, list[int]], by_pointer: dict[str, list[int]]
) -> None:
    if node:
        by_node[node].append(number)
    elif pointer is not None:
        by_pointer[pointer].append(number)


def _is_lost_key(observation: Observation, pointer: str | None) -> bool:
    """Whether it is about a key that stands at its place and said nothing."""
    key = observation.parameters.get("key")
    if key is None:
        return False
    last = pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~") if pointer else key
    return last.startswith(key)


def _told_before(each: Seen, seen: Sequence[Seen], index: _Index) -> Iterator[int]:
    """Another thing that the reading says, and that says this too."""
    observation = each.observation
    if each.rule.code in _WITHOUT_CONTEXT and (_INCOMPLETE, "") in index.repairs:
        yield index.repairs[_INCOMPLETE, ""]
    wanted = observation.parameters.get("type", "")
    if each.rule.code == _TYPE_MISSING or wanted:
        for number in index.types_at_node.get(observation.node, ()):
            other = seen[number].observation
            if other.code == _MISSPELT_TYPE and wanted in ("", other.parameters.get("nearest")):
                yield number
    match each.rule.code:
        case "ELM-READING-KEY-OUT-OF-PLACE":
            place = (observation.node, observation.parameters.get("type", ""))
            if place in index.missing_types:
                yield index.missing_types[place]
        case "ELM-READING-KEY-OF-VERSION-1":
            if (_CLASH, "") in index.repairs:
                yield index.repairs[_CLASH, ""]
        case "ELM-READING-FREE-FLOATING":
            if ("ELM-READING-NO-TRIPLES", "") in index.repairs:
                yield index.repairs["ELM-READING-NO-TRIPLES", ""]
        case code if code in _NO_CONTEXT:
            keys = index.keys.values()
            yield from (each for each in keys if seen[each].observation.parameters.get("nearest") == "@context")


def _around(each: Seen, index: _Index) -> Iterator[int]:
    """A key that was lost, with this one somewhere within its value."""
    pointer = each.observation.spot.pointer if each.observation.spot is not None else None
    while pointer:
        pointer = pointer.rpartition("/")[0]
        if pointer in index.keys:
            yield index.keys[pointer]


def _lost_key(each: Seen, seen: Sequence[Seen], index: _Index, source: SourceMap) -> Iterator[int]:
    """What was lost where something is missing: a misspelt key that is nearest to it, or its value."""
    observation = each.observation
    candidates = list(index.keys_at_node.get(observation.node, ()))
    if index.keys_at_pointer:
        pointer = source.spot(observation.node).pointer
        candidates += index.keys_at_pointer.get(pointer, ()) if pointer is not None else ()
    if each.layer is Layer.MICRO_CREDENTIAL:
        candidates += [number for found in index.keys_at_node.values() for number in found]
        candidates += [number for found in index.keys_at_pointer.values() for number in found]
    yield from (number for number in candidates if _is_nearest(seen[number].observation, each))
    paths = {observation.path, each.rule.path} - {""}
    if (_INCOMPLETE, "") in index.repairs:  # a key may then be right, and be told as a slip for another
        names = {local_name(path) for path in paths}
        yield from (number for number in candidates if seen[number].observation.parameters.get("key") in names)
    if each.layer is Layer.MICRO_CREDENTIAL:
        words = {word for path in paths for word in path.split()}
        yield from (number for (_, path), found in index.lost.items() if path in words for number in found)
    else:
        yield from (number for path in paths for number in index.lost.get((observation.node, path), ()))
    if paths & _NOT_IN_VERSION_2 and (_CLASH, "") in index.repairs:
        yield index.repairs[_CLASH, ""]


def _is_nearest(key: Observation, missing: Seen) -> bool:
    paths = {missing.observation.path, missing.rule.path} - {""}
    if property_ := key.parameters.get("property", ""):
        return any(property_ == path or property_ in path.split() for path in paths)
    nearest = key.parameters.get("nearest") or key.parameters.get("key", "")
    known, name = property_of(nearest), local_name(nearest).casefold()
    return any(path == known or local_name(path).casefold() == name for path in paths)


def _is_missing(each: Seen) -> bool:
    observation = each.observation
    if each.layer is Layer.PROFILE:
        return observation.component in _MISSING
    return not observation.value and each.layer in (Layer.REPAIRED, Layer.FIELDS, Layer.MICRO_CREDENTIAL)


def _is_added_by_sealing(each: Seen, issuers: set[str], graph: CredentialGraph) -> bool:
    observation = each.observation
    path = observation.path or each.rule.path
    if _is_missing(each):
        return path in _ADDED_BY_SEALING or (path == _LEGAL_IDENTIFIER and observation.node in issuers)
    # all that the official profile asks of an issuer beyond an organisation is its legal identifier
    return (
        path == _ISSUER
        and observation.component == _NODE
        and observation.value in graph
        and not graph.values(observation.value, _LEGAL_IDENTIFIER)
    )


def _likelihood(number: int, each: Seen) -> tuple[bool, bool, bool, int]:
    """Something that counts before something that does not, a plain constraint before one that contains others."""
    return bool(each.aside), each.observation.component in STRUCTURAL, each.layer is not Layer.PROFILE, number


def _join_fields(seen: Sequence[Seen]) -> None:
    """Joins what the profile and the layer across fields both say of a value: under the graver one, else the latter."""
    of_profile: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, each in enumerate(seen):
        if each.layer is Layer.PROFILE and each.follows is None:
            of_profile[each.observation.node, each.observation.path].append(number)
    for number, each in enumerate(seen):
        if each.layer is not Layer.FIELDS or not each.observation.path:
            continue
        for other in of_profile.get((each.observation.node, each.observation.path), ()):
            if seen[other].follows is not None or not _says_the_same(each.observation, seen[other].observation):
                continue
            if each.counts or not seen[other].counts:
                seen[other].follows = number
            elif each.follows is None:
                each.follows = other


def _says_the_same(of_fields: Observation, of_profile: Observation) -> bool:
    if of_fields.value and of_profile.value:
        return of_fields.value == of_profile.value
    if not of_fields.value and not of_profile.value:
        return of_profile.component in (_MIN_COUNT, *_OF_LANGUAGE)
    return of_profile.component in _OF_LANGUAGE


def _resolve(seen: Sequence[Seen]) -> None:
    """Lets every `follows` name a cause that follows from nothing; of a circle the first becomes the cause."""
    settled: set[int] = set()
    for number in range(len(seen)):
        chain: dict[int, None] = {}
        current: int | None = number
        while current is not None and current not in settled and current not in chain:
            chain[current] = None
            current = seen[current].follows
        if current is not None and current in chain:
            way = list(chain)
            circle = way[way.index(current) :]
            first = min(circle)
            seen[first].follows = None
            # what leads from the first on round the circle is settled before what leads to it
            turn = circle.index(first)
            way[way.index(current) :] = [*circle[turn + 1 :], *circle[: turn + 1]]
            chain = dict.fromkeys(way)
        for each in reversed(chain):
            before = seen[each].follows
            if before is not None:
                _share_fate(seen[each], seen[before])
                root = seen[before].follows
                seen[each].follows = before if root is None else root
            settled.add(each)


def _share_fate(each: Seen, before: Seen) -> None:
    each.aside = each.aside or before.aside
    if before.draft and each.layer is Layer.PROFILE and not each.draft:
        each.draft, each.severity = True, Severity.INFO


def order_of(layer: Layer) -> int:
    """The place of a layer in a report."""
    return _ORDER[layer]
