"""Validates one submitted file: reads it, runs the layers one after the other, and puts the report together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from passerelle.graph.reference import ReleaseReference
from passerelle.namespaces import expand
from passerelle.records.finding import Severity
from passerelle.validation.credentials.assembly import assemble
from passerelle.validation.credentials.graph import CredentialGraph
from passerelle.validation.credentials.layers import fields, micro_credential, national, vocabularies
from passerelle.validation.credentials.model import (
    MAX_RESULTS,
    AnnexElement,
    CredentialReport,
    Layer,
    LayerOutcome,
    NotReadable,
    Observation,
    ProfileVerdict,
    Reading,
    SealFacts,
    Stage,
    Verdict,
)
from passerelle.validation.credentials.profiles.names import classes_of, declared_profile, descriptions
from passerelle.validation.credentials.profiles.run import ProfileRun
from passerelle.validation.credentials.profiles.user_shapes import UserShapes
from passerelle.validation.credentials.reading.limits import Limits
from passerelle.validation.credentials.reading.reading import read
from passerelle.validation.credentials.reading.source_map import NO_SOURCE
from passerelle.validation.credentials.seal.issuer import observe_issuer
from passerelle.validation.credentials.seal.verification import verify

_Counts = Mapping[tuple[Layer, Severity], int]
_SCHEMA = expand("cred:credentialSchema")
_USUAL = ("edc-generic-full", "open-badges-3", "loq", "ams")
"""What a file is checked against that declares nothing, by its classes; the first where it has none of theirs."""


@dataclass(frozen=True, slots=True)
class _Checked:
    """What the layers saw of a file that could be read."""

    observations: tuple[Observation, ...]
    profile: str
    official: ProfileVerdict
    fitting: str
    elements: tuple[AnnexElement, ...]
    seals: tuple[SealFacts, ...]
    shapes: tuple[ProfileVerdict, ...]


class CredentialValidator:
    """Validates files against a profile, our rules, and (with a `reference`) a release.

    Keeps nothing of what it validated. One validator serves one thread at a time.
    """

    def __init__(
        self,
        reference: ReleaseReference | None = None,
        *,
        profile: str | None = None,
        stage: Stage = Stage.ISSUED,
        max_results: int = MAX_RESULTS,
        shapes: Sequence[Path] = (),
        limits: Limits | None = None,
    ) -> None:
        """`profile` is one of `PROFILES`; without one the file's own declaration decides.

        `shapes` are SHACL files of the user, whose verdict stands beside ours. Raises ParameterError for an unknown
        profile, InputError for a file of shapes that cannot be read.
        """
        self._reference = reference
        self._profile = profile
        self._stage = stage
        self._max_results = max_results
        self._limits = limits or Limits()
        self._user_shapes = UserShapes.of(shapes) if shapes else None

    def validate(
        self,
        data: bytes,
        name: str = "",
        media_type: str = "",
        *,
        profile: str | None = None,
        stage: Stage | None = None,
        max_results: int | None = None,
        now: datetime | None = None,
    ) -> CredentialReport:
        """The report about one file; never raises for what the file holds.

        `name` (of the file) and `media_type` are hints for the form; `now` is the moment that dates are compared with.
        """
        stage = stage or self._stage
        limit = self._max_results if max_results is None else max_results
        report = CredentialReport(
            name,
            Verdict.NOT_CHECKABLE,
            stage,
            size=len(data),
            release=self._reference.release if self._reference else "",
            editions=vocabularies.editions(),
        )
        try:
            reading = read(data, name, media_type, self._limits)
            graph = CredentialGraph(reading.triples)
            _refuse_crowds(graph, reading, self._limits.repetitions)
        except NotReadable as refusal:
            told = assemble(refusal.observations, NO_SOURCE, CredentialGraph(()), stage, limit)
            return replace(
                report,
                forms=refusal.forms,
                findings=told.findings,
                left_out=told.left_out,
                layers=tuple(_outcome(layer, told.counts) for layer in (Layer.FILE, Layer.READING)),
            )
        checked = self._checked(reading, graph, profile or self._profile, now or datetime.now(UTC), stage)
        told = assemble(checked.observations, reading.source, graph, stage, limit)
        layers = tuple(self._layers(told.counts, reading))
        return replace(
            report,
            verdict=_verdict(reading, graph, checked.profile, layers),
            profile=checked.profile,
            declared=reading.declared,
            fitting=checked.fitting,
            official=checked.official if descriptions()[checked.profile].is_official else None,
            repaired=_repaired(checked.profile, layers),
            shapes=checked.shapes,
            forms=reading.forms,
            contexts=reading.contexts,
            triples=len(reading.triples),
            roots=reading.roots,
            findings=told.findings,
            left_out=told.left_out,
            layers=layers,
            micro_credential=checked.elements,
            seals=checked.seals,
        )

    def _checked(
        self, reading: Reading, graph: CredentialGraph, profile: str | None, now: datetime, stage: Stage
    ) -> _Checked:
        """All observations in the order of the layers."""
        chosen, doubts = _profile_of(reading, graph, profile)
        of_profile = ProfileRun.of(chosen).check(reading.triples)
        met = all(each.set_aside_by for each in of_profile.observations)
        elements, of_annex = micro_credential.observe(graph, reading.roots)
        verified = [verify(each, now) for each in reading.seals]
        facts = tuple(each for each, _ in verified)
        verdicts: tuple[ProfileVerdict, ...] = ()
        of_shapes: tuple[Observation, ...] = ()
        if self._user_shapes is not None:
            verdicts, of_shapes = self._user_shapes.observe(reading.triples)
        observations = (
            *reading.observations,
            *doubts,
            *of_profile.observations,
            *of_profile.repaired,
            *vocabularies.observe(graph, self._reference),
            *fields.observe(graph, reading.roots, now),
            *_unlike(chosen, of_profile.fitting, reading, met),
            *of_annex,
            *national.observe(graph, reading.roots, self._reference),
            *(each for _, seen in verified for each in seen),
            *observe_issuer(facts, graph, reading.roots),
            *_unsealed(reading, stage),
            *of_shapes,
        )
        official = ProfileVerdict(chosen, not of_profile.official, len(of_profile.official))
        return _Checked(observations, chosen, official, of_profile.fitting, elements, facts, verdicts)

    def _layers(self, counts: _Counts, reading: Reading) -> Iterator[LayerOutcome]:
        for layer in Layer:
            ran, reason = True, ""
            if layer is Layer.NATIONAL and self._reference is None:
                ran, reason = False, "layer-no-release"
            elif layer is Layer.VOCABULARIES and self._reference is None:
                reason = "layer-esco-unchecked"
            elif layer is Layer.VOCABULARIES and self._knows_esco_in_part():
                reason = "layer-esco-in-part"
            elif layer is Layer.SEAL and not reading.seals:
                ran, reason = False, "layer-no-seal"
            elif layer is Layer.SHAPES and self._user_shapes is None:
                continue
            yield replace(_outcome(layer, counts), ran=ran, reason=reason)

    def _knows_esco_in_part(self) -> bool:
        """Whether the release lacks concepts of ESCO, so that a skill unknown to it says nothing."""
        return self._reference is not None and (self._reference.demo or not self._reference.has_esco)


def _refuse_crowds(graph: CredentialGraph, reading: Reading, limit: int) -> None:
    found = graph.crowded(limit)
    if found is not None:
        node, path, count = found
        said = {"count": str(count), "limit": str(limit)}
        crowd = Observation("ELM-FILE-REPEATED", node, path, spot=reading.source.spot(node, path), parameters=said)
        raise NotReadable(crowd, forms=reading.forms)


def _profile_of(reading: Reading, graph: CredentialGraph, asked: str | None) -> tuple[str, Iterable[Observation]]:
    """The profile to check against, and what is doubtful about the choice.

    A profile whose classes the file does not have finds nothing wrong in it: one that the file declares is passed over,
    one that was asked for makes the file not checkable.
    """
    if asked is not None:
        fits = any(True for _ in graph.instances(*classes_of(asked)))
        unfit = (Observation("ELM-READING-PROFILE-ASKED", parameters={"asked": asked}),)
        return asked, () if fits or not reading.roots else unfit
    types = frozenset(each for root in reading.roots for each in graph.types(root))
    declared = declared_profile(reading.declared)
    if declared is not None and types & classes_of(declared):
        return declared, ()
    usual = next((each for each in _USUAL if types & classes_of(each)), _USUAL[0])
    code = "ELM-READING-PROFILE-UNKNOWN" if declared is None else "ELM-READING-PROFILE-OTHER"
    if not reading.declared or (declared is None and usual != _USUAL[0]) or not reading.roots:
        return usual, ()
    said = {"declared": declared or reading.declared[0], "usual": usual}
    return usual, (Observation(code, reading.roots[0], _SCHEMA, reading.declared[0], parameters=said),)


def _unlike(chosen: str, fitting: str, reading: Reading, met: bool) -> Iterator[Observation]:
    """A profile is declared, and the credential meets another one instead."""
    declared = declared_profile(reading.declared)
    if declared is not None and fitting and fitting != declared and chosen == declared and not met and reading.roots:
        yield Observation("ELM-FIELDS-PROFILE", reading.roots[0], parameters={"declared": declared, "fitting": fitting})


def _unsealed(reading: Reading, stage: Stage) -> Iterator[Observation]:
    if stage is Stage.ISSUED and not reading.seals and reading.roots:
        yield Observation("ELM-SEAL-NONE", reading.roots[0])


def _repaired(profile: str, layers: Iterable[LayerOutcome]) -> ProfileVerdict:
    """What the repaired profile says: without what a repair sets aside, with what the repairs find."""
    found = sum(each.violations for each in layers if each.layer in (Layer.PROFILE, Layer.REPAIRED))
    return ProfileVerdict(profile, found == 0, found)


def _outcome(layer: Layer, counts: _Counts) -> LayerOutcome:
    violations, warnings, infos = (counts.get((layer, each), 0) for each in Severity)
    return LayerOutcome(layer, True, violations, warnings, infos)


def _verdict(reading: Reading, graph: CredentialGraph, profile: str, layers: Iterable[LayerOutcome]) -> Verdict:
    """Ours. What no shape looked at is never valid."""
    looked_at = reading.roots and any(True for _ in graph.instances(*classes_of(profile)))
    if not looked_at:
        return Verdict.NOT_CHECKABLE
    broken = any(each.violations for each in layers if each.layer is not Layer.SHAPES)
    return Verdict.INVALID if broken else Verdict.VALID
