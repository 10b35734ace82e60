"""What a validation is made of: terms, observations of the layers, findings, and the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, Protocol

from passerelle.records.finding import Severity

IRI, BLANK, LITERAL = 0, 1, 2
"""Kinds of a term, by the numbers that the fast SHACL engine uses."""

MAX_RESULTS = 100
"""Causes that a report tells by default; the others are counted."""


class Term(NamedTuple):
    """An RDF term. `value` is the IRI, the label without `_:`, or the lexical form exactly as submitted.

    `datatype` is None for xsd:string and where there is a `language`.
    """

    kind: int
    value: str
    datatype: str | None = None
    language: str | None = None

    @property
    def node(self) -> str:
        """The name that observations use: the IRI, `_:label`; of a literal its lexical form."""
        return f"_:{self.value}" if self.kind == BLANK else self.value


Triple = tuple[Term, Term, Term]


class Layer(StrEnum):
    """The layers in the order in which they run and are told."""

    FILE = "file"
    READING = "reading"
    PROFILE = "profile"
    REPAIRED = "repaired"
    VOCABULARIES = "vocabularies"
    FIELDS = "fields"
    MICRO_CREDENTIAL = "micro-credential"
    NATIONAL = "national"
    SEAL = "seal"
    SHAPES = "shapes"
    """Shapes of the user, beside ours; they never change our verdict."""


class Verdict(StrEnum):
    """What a report comes to."""

    VALID = "valid"
    INVALID = "invalid"
    NOT_CHECKABLE = "not-checkable"


class Form(StrEnum):
    """How a credential was wrapped and written."""

    JADES_FLATTENED = "jades-flattened"
    JADES_GENERAL = "jades-general"
    COMPACT_JWS = "compact-jws"
    UPLOADABLE = "uploadable"
    JSON_LD = "json-ld"
    OPEN_BADGE = "open-badge"
    TURTLE = "turtle"
    N_TRIPLES = "n-triples"
    N_QUADS = "n-quads"
    TRIG = "trig"
    RDF_XML = "rdf-xml"


class Stage(StrEnum):
    """What the credential is checked as: sealed and issued, or a draft that the sealing will complete."""

    ISSUED = "issued"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the submitted text; what is not known is empty or 0.

    `pointer` is a JSON pointer (RFC 6901) into the JSON text that holds the credential: within a sealed file that is
    its payload, within a wrapper the whole file; for what is said about the seal itself, the whole file too. `line` and
    `column` count from 1 in the submitted file; in the payload of a seal, whose text is one escaped string, they are
    the place of that character in the file.
    """

    pointer: str | None = None
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Observation:
    """What a layer saw. Rules, places and texts are added when the report is put together.

    `code` names a rule of `shapes/credential/`. `node` is the node concerned (`Term.node`), empty for the file as a
    whole; `path` the IRI of a property, or a longer path in SPARQL notation; `value` the offending value
    (`Term.node`); `component` the CURIE of the SHACL constraint component. `spot` where the layer knows the place
    itself. `parameters` fill the sentences of the rule. `set_aside_by` is the code of a repair that speaks against it.
    """

    code: str
    node: str = ""
    path: str = ""
    value: str = ""
    component: str = ""
    spot: Spot | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    set_aside_by: str = ""


class SourceMap(Protocol):
    """Where things stood in the submitted file."""

    def spot(self, node: str, path: str = "", value: str = "") -> Spot:
        """The place of the value of this property of this node, or the nearest thing around it that is known."""
        ...

    def at(self, pointer: str) -> Spot:
        """The line and column of what a JSON pointer names."""
        ...


@dataclass(frozen=True, slots=True)
class SealedParts:
    """A signature and what it was made over, byte for byte.

    `protected` is the protected header as it stands (base64url), `payload` the bytes of the payload as it stands in
    the file (JSON string unescaped, UTF-8), `signature` base64url, `header` the unprotected header. `pointer` and
    `payload_pointer` tell where the object of the signature and the payload stand in the submitted JSON text; a compact
    JWS has none.
    """

    protected: str
    payload: bytes
    signature: str
    header: Mapping[str, object] = field(default_factory=dict)
    pointer: str | None = None
    payload_pointer: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A file that could be read: `forms` from the outside in, the triples (named graphs merged), and where they stood.

    `roots` are the nodes that the profile is about (`Term.node`): credentials, or qualifications.
    `declared` are the addresses that the file gives as its schema, as written; `contexts` likewise.
    """

    forms: tuple[Form, ...]
    triples: tuple[Triple, ...]
    source: SourceMap
    observations: tuple[Observation, ...] = ()
    roots: tuple[str, ...] = ()
    contexts: tuple[str, ...] = ()
    declared: tuple[str, ...] = ()
    seals: tuple[SealedParts, ...] = ()


class NotReadable(Exception):
    """The file cannot be checked: raised with the observations that say why. Never leaves `validation`."""

    def __init__(self, *observations: Observation, forms: tuple[Form, ...] = ()) -> None:
        super().__init__(observations[0].code)
        self.observations = observations
        self.forms = forms


@dataclass(frozen=True, slots=True)
class CredentialFinding:
    """One cause: its rule's words filled in, its places, and under it what followed from it.

    `severity` can be milder than the rule's (a draft needs no issuer yet); `path_en` and `path_fr` are the path in
    words; `spots` has the first place and, for grouped findings, the others (`count` says how many there are in all,
    `spots` is capped). `official_only` marks what the official profile says and the repaired one does not:
    `set_aside_by` is the code of the repair.
    """

    code: str
    layer: Layer
    severity: Severity
    message_en: str
    message_fr: str
    remedy_en: str = ""
    remedy_fr: str = ""
    source_en: str = ""
    source_fr: str = ""
    link: str = ""
    node: str = ""
    path: str = ""
    path_en: str = ""
    path_fr: str = ""
    value: str = ""
    component: str = ""
    spots: tuple[Spot, ...] = ()
    count: int = 1
    set_aside_by: str = ""
    consequences: tuple[CredentialFinding, ...] = ()


@dataclass(frozen=True, slots=True)
class ProfileVerdict:
    """What one set of shapes says: `conforms` is None where it could not be asked; `reason` (a message id) says why."""

    name: str
    conforms: bool | None
    violations: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LayerOutcome:
    """Whether a layer ran, and how many of its findings are violations, warnings, informations.

    `reason` is a message id where it did not run, or ran in part.
    """

    layer: Layer
    ran: bool
    violations: int = 0
    warnings: int = 0
    infos: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AnnexElement:
    """An element of Annex I: `present` with the places that hold it (`found` are property paths), or missing.

    `present` is None where the element does not apply. Labels stand in the rule `code`.
    """

    code: str
    mandatory: bool
    present: bool | None
    label_en: str
    label_fr: str
    found: tuple[str, ...] = ()


class SealStatus(StrEnum):
    """What verifying a signature came to."""

    VERIFIED = "verified"
    FAILED = "failed"
    NOT_VERIFIED = "not-verified"


@dataclass(frozen=True, slots=True)
class SealFacts:
    """What a seal says and what was verified of it.

    `status` is about the signature over the bytes alone. Dates are xsd:dateTime texts. `not_checked` are message ids
    of what was read, but not verified (time-stamp, chain, trusted list, revocation).
    """

    status: SealStatus
    algorithm: str = ""
    subject: str = ""
    issuer: str = ""
    serial: str = ""
    valid_from: str = ""
    valid_until: str = ""
    signed_at: str = ""
    self_issued: bool = False
    not_checked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CredentialReport:
    """The whole answer about one file.

    `verdict` is ours: no violation in any layer, nor set aside. `official` is what the equivalent of the official
    profile says, `fitting` the narrowest profile that the credential meets, `findings` the causes, the gravest layer
    order first; `left_out` counts the causes beyond the cap: violations,
    warnings, infos (empty: none). `editions` names each vocabulary and its edition,
    `release` the release asked ("" for none).
    """

    name: str
    verdict: Verdict
    stage: Stage
    profile: str = ""
    declared: tuple[str, ...] = ()
    fitting: str = ""
    official: ProfileVerdict | None = None
    repaired: ProfileVerdict | None = None
    shapes: tuple[ProfileVerdict, ...] = ()
    forms: tuple[Form, ...] = ()
    contexts: tuple[str, ...] = ()
    size: int = 0
    triples: int = 0
    roots: tuple[str, ...] = ()
    findings: tuple[CredentialFinding, ...] = ()
    left_out: tuple[int, ...] = ()
    layers: tuple[LayerOutcome, ...] = ()
    micro_credential: tuple[AnnexElement, ...] = ()
    seals: tuple[SealFacts, ...] = ()
    release: str = ""
    editions: Mapping[str, str] = field(default_factory=dict)

    @property
    def omitted(self) -> int:
        """How many causes the cap left out."""
        return sum(self.left_out)

    @property
    def violations(self) -> int:
        """Violations that count for our verdict, repeated ones each."""
        return sum(
            each.count for each in self.findings if each.severity is Severity.VIOLATION and not each.set_aside_by
        )
