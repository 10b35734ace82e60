"""From observations to findings: rules, words and places added, consequences folded, repetitions grouped, the cap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from passerelle.messages import LANGUAGES, message
from passerelle.records.finding import Severity
from passerelle.validation.credentials import rules
from passerelle.validation.credentials.causes import Seen, fold, judged, order_of
from passerelle.validation.credentials.graph import CredentialGraph
from passerelle.validation.credentials.model import CredentialFinding, Layer, Observation, SourceMap, Spot, Stage
from passerelle.validation.credentials.wording import Label, Places, fill, shown

MOST_SPOTS = 20
"""Places that a grouped finding names."""

_GRAVITY = {Severity.VIOLATION: 0, Severity.WARNING: 1, Severity.INFO: 2}
_Key = tuple[str, str, str, Severity, str]


@dataclass(frozen=True, slots=True)
class Assembly:
    """The findings that are told, how many causes the cap left out, and what was seen in all.

    `left_out` counts violations, warnings and infos; what is set aside is among the infos.

    `counts` holds every observation, consequences included and the cap left aside, but not what a repair sets aside.
    """

    findings: tuple[CredentialFinding, ...]
    left_out: tuple[int, ...]
    counts: Mapping[tuple[Layer, Severity], int]


@dataclass(slots=True)
class _Group:
    """What is told as one: the same rule about the same property, in the same words."""

    first: Seen
    sentences: Label
    members: list[Observation] = field(default_factory=list)
    count: int = 0
    severity: Severity = Severity.INFO
    consequences: dict[_Key, _Group] = field(default_factory=dict)

    def take(self, observation: Observation) -> None:
        self.count += 1
        if len(self.members) < MOST_SPOTS:
            self.members.append(observation)


def assemble(
    observations: Iterable[Observation],
    source: SourceMap,
    graph: CredentialGraph,
    stage: Stage,
    max_results: int,
    *,
    repaired: bool = True,
) -> Assembly:
    """The findings, one a cause, at most `max_results` of them.

    Causes stand in the order of the layers, within one violations, warnings, infos, then by line. The cap leaves out
    infos first, then warnings and what is set aside; violations that count go last. A cause is as grave as the
    gravest thing that follows from it. `repaired` says whether the repairs ran: only then do they set findings aside.
    Raises KeyError for a code that no rule has.
    """
    seen = judged(observations, rules.catalogue(), graph, stage, _repairs() if repaired else {})
    fold(seen, source, graph)
    places = Places(graph)
    gravest = _gravest(seen)
    groups = _grouped(seen, gravest, places)
    ranked = sorted(groups, key=_importance)
    kept, rest = ranked[: max(max_results, 0)], ranked[max(max_results, 0) :]
    findings = [_finding(each, source, places) for each in kept]
    left_out = Counter(Severity.INFO if each.first.aside else each.severity for each in rest)
    findings.sort(key=_order)
    counts = Counter((each.layer, severity) for each, severity in zip(seen, gravest, strict=True) if not each.aside)
    return Assembly(tuple(findings), tuple(left_out[each] for each in Severity) if rest else (), counts)


def every(findings: Iterable[CredentialFinding]) -> Iterable[CredentialFinding]:
    """All findings, consequences behind their causes."""
    for each in findings:
        yield each
        yield from every(each.consequences)


@cache
def _repairs() -> Mapping[str, str]:
    """The repair of each code of the official profiles that one sets aside."""
    return {aside: each.code for each in rules.catalogue().values() for aside in sorted(each.sets_aside)}


def _gravest(seen: Sequence[Seen]) -> list[Severity]:
    """The severity of each: of a cause, that of the gravest thing that follows from it."""
    gravest = [each.severity for each in seen]
    for each in seen:
        if each.follows is not None and not each.aside and _GRAVITY[each.severity] < _GRAVITY[gravest[each.follows]]:
            gravest[each.follows] = each.severity
    return gravest


def _grouped(seen: Sequence[Seen], gravest: Sequence[Severity], places: Places) -> list[_Group]:
    groups: dict[_Key, _Group] = {}
    of: dict[int, _Group] = {}
    for number, each in enumerate(seen):
        if each.follows is None:
            of[number] = _group(groups, each, gravest[number], places)
    for each in seen:
        if each.follows is not None:
            _group(of[each.follows].consequences, each, each.severity, places)
    return list(groups.values())


def _group(groups: dict[_Key, _Group], each: Seen, severity: Severity, places: Places) -> _Group:
    sentences = _sentences(each, places)
    key = (each.rule.code, each.observation.path or each.rule.path, sentences.en, severity, each.aside)
    group = groups.get(key)
    if group is None:
        group = groups[key] = _Group(each, sentences, severity=severity)
    group.take(each.observation)
    return group


def _importance(group: _Group) -> int:
    """What the cap leaves out last comes first."""
    gravity = _GRAVITY[group.severity]
    return max(gravity, 1) if group.first.aside else gravity


def _order(finding: CredentialFinding) -> tuple[int, int, bool, int, int, str, str, str]:
    spot = finding.spots[0] if finding.spots else Spot()
    return (
        order_of(finding.layer),
        _GRAVITY[finding.severity],
        not spot.line,
        spot.line,
        spot.column,
        finding.code,
        finding.path,
        finding.message_en,
    )


def _finding(group: _Group, source: SourceMap, places: Places) -> CredentialFinding:
    observation, rule = group.first.observation, group.first.rule
    path = observation.path or rule.path if observation.node else observation.path
    remedies = _remedies(group.first, places)
    words = places.words(observation.node, path) if observation.node or path else Label("", "")
    found = CredentialFinding(
        code=rule.code,
        layer=rule.layer,
        severity=group.severity,
        message_en=group.sentences.en,
        message_fr=group.sentences.fr,
        remedy_en=remedies.en,
        remedy_fr=remedies.fr,
        source_en=rule.source_en,
        source_fr=rule.source_fr,
        link=rule.link,
        node=observation.node,
        path=path,
        path_en=words.en,
        path_fr=words.fr,
        value=shown(observation.value),
        component=observation.component,
        spots=_spots(group.members, source),
        count=group.count,
        set_aside_by=group.first.aside,
    )
    if not group.consequences:
        return found
    consequences = sorted((_finding(each, source, places) for each in group.consequences.values()), key=_order)
    return replace(found, consequences=tuple(consequences))


def _spots(members: Iterable[Observation], source: SourceMap) -> tuple[Spot, ...]:
    """Where the members stand, each place once; what is nowhere in the file has no place."""
    spots = (
        each.spot if each.spot is not None else source.spot(each.node, each.path, each.value)
        for each in members
        if each.spot is not None or each.node
    )
    return tuple(dict.fromkeys(each for each in spots if each.pointer is not None or each.line))


def _sentences(each: Seen, places: Places) -> Label:
    filled = _filled(Label(each.rule.message_en, each.rule.message_fr), each.observation, places)
    if not each.draft:
        return filled
    draft = message("credential-draft")
    return Label(draft.what("en", sentence=filled.en), draft.what("fr", sentence=filled.fr))


def _remedies(each: Seen, places: Places) -> Label:
    if each.draft:
        draft = message("credential-draft")
        return Label(draft.remedy("en"), draft.remedy("fr"))
    return _filled(Label(each.rule.remedy_en, each.rule.remedy_fr), each.observation, places)


def _filled(template: Label, observation: Observation, places: Places) -> Label:
    if "{" not in template.en and "{" not in template.fr:
        return template
    parameters = {**observation.parameters, "value": shown(observation.value), "node": observation.node}
    if observation.node.startswith("_:") and "{node}" in template.en + template.fr:
        # the label of a blank node is nobody's word: the way to it says which one is meant
        words = places.words(observation.node)
        parameters |= {"node_en": words.en or observation.node, "node_fr": words.fr or observation.node}
    if observation.value.startswith("_:"):
        nameless = message("credential-object-without-id")
        parameters |= {"value_en": nameless.what("en"), "value_fr": nameless.what("fr")}
    return Label(*(fill(template.of(language), parameters, language) for language in LANGUAGES))
