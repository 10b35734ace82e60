"""The catalogue of codes: every rule of `shapes/credential/`, whether SHACL or the program checks it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from passerelle.namespaces import expand
from passerelle.records.finding import Severity
from passerelle.resources import folder
from passerelle.validation.credentials.model import Layer

RULES = "https://w3id.org/passerelle/shapes/credential/"
"""Base of the IRIs of rules; the code follows."""

_SEVERITY = ox.NamedNode(expand("sh:severity"))
_MESSAGE = ox.NamedNode(expand("sh:message"))
_REMEDY = ox.NamedNode(expand("psl:remedy"))
_SOURCE = ox.NamedNode(expand("dcterms:source"))
_LINK = ox.NamedNode(expand("rdfs:seeAlso"))
_PATH = ox.NamedNode(expand("sh:path"))
_SETS_ASIDE = ox.NamedNode(expand("psl:setsAside"))
_PROFILE = Path("profile")


@dataclass(frozen=True, slots=True)
class CredentialRule:
    """What a rule says about itself; the sentences can hold `{names}` that the observation fills.

    `path` is the IRI of the property that it is about, where there is one. `sets_aside` are the codes of rules of the
    official profiles that a repair replaces. `file` is relative to `shapes/`.
    """

    code: str
    layer: Layer
    severity: Severity
    message_en: str
    message_fr: str
    remedy_en: str
    remedy_fr: str
    source_en: str
    source_fr: str
    link: str = ""
    path: str = ""
    file: str = ""
    sets_aside: frozenset[str] = frozenset()

    @property
    def iri(self) -> str:
        """The IRI of the shape."""
        return RULES + self.code


def files() -> Iterator[Path]:
    """The shape files of all layers, in a stable order."""
    yield from sorted((folder("shapes") / "credential").rglob("*.ttl"))


@cache
def rules_of(path: Path) -> Mapping[str, CredentialRule]:
    """The rules of one file by code.

    A file tells its layer by its name (`fields.ttl`); all files of `profile/` belong to the layer of that name.
    Raises ValueError for a rule without severity, or without message, remedy and source in both languages.
    """
    relative = path.relative_to(folder("shapes") / "credential")
    layer = Layer.PROFILE if _PROFILE in relative.parents else Layer(path.stem)
    described: dict[str, dict[ox.NamedNode, list[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]]] = {}
    for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(RULES):
            code = quad.subject.value.removeprefix(RULES)
            described.setdefault(code, {}).setdefault(quad.predicate, []).append(quad.object)
    found = {code: values for code, values in described.items() if code.startswith("ELM-") and _SEVERITY in values}
    return {code: _rule(code, layer, values, f"credential/{relative.as_posix()}") for code, values in found.items()}


@cache
def catalogue() -> Mapping[str, CredentialRule]:
    """All rules by code, in the order of layers, then codes. Raises ValueError for a code that two files state."""
    found: dict[str, CredentialRule] = {}
    for path in files():
        for code, rule in rules_of(path).items():
            if code in found:
                raise ValueError(f"{code}: stated in {found[code].file} and in {rule.file}")
            found[code] = rule
    order = list(Layer)
    return dict(sorted(found.items(), key=lambda item: (order.index(item[1].layer), item[0])))


def rule(code: str) -> CredentialRule:
    """The rule of this code. Raises KeyError."""
    return catalogue()[code]


def _rule(
    code: str,
    layer: Layer,
    values: Mapping[ox.NamedNode, Iterable[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]],
    file: str,
) -> CredentialRule:
    severities = [str(each.value) for each in values.get(_SEVERITY, ()) if isinstance(each, ox.NamedNode)]
    texts = [_by_language(values.get(name, ())) for name in (_MESSAGE, _REMEDY, _SOURCE)]
    if len(severities) != 1 or any(set(text) != {"en", "fr"} for text in texts):
        raise ValueError(f"{code} ({file}): needs one severity, and message, remedy and source in English and French")
    message, remedy, source = texts
    links = sorted(each.value for each in values.get(_LINK, ()) if isinstance(each, ox.NamedNode))
    paths = sorted(each.value for each in values.get(_PATH, ()) if isinstance(each, ox.NamedNode))
    aside = frozenset(
        each.value.removeprefix(RULES) for each in values.get(_SETS_ASIDE, ()) if isinstance(each, ox.NamedNode)
    )
    return CredentialRule(
        code,
        layer,
        Severity(severities[0].rpartition("#")[2]),
        message["en"],
        message["fr"],
        remedy["en"],
        remedy["fr"],
        source["en"],
        source["fr"],
        links[0] if links else "",
        paths[0] if paths else "",
        file,
        aside,
    )


def _by_language(values: Iterable[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]) -> dict[str, str]:
    return {each.language or "": each.value for each in values if isinstance(each, ox.Literal)}
