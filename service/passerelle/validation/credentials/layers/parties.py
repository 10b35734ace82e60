"""Who stands in a credential: issuer, awarding bodies, holder, their identifiers and addresses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from passerelle.namespaces import expand
from passerelle.validation.credentials.graph import CredentialGraph
from passerelle.validation.credentials.layers.statements import Statements
from passerelle.validation.credentials.model import BLANK, LITERAL, Observation

_ISSUER, _SUBJECT, _HOLDER = expand("cred:issuer"), expand("cred:credentialSubject"), expand("cred:holder")
_AWARDING_BODY, _PROCESS = expand("elm:awardingBody"), expand("elm:AwardingProcess")
_AWARDED_BY = expand("elm:awardedBy")
_ORGANISATION = expand("elm:Organisation")
_CREDENTIAL = expand("elm:EuropeanDigitalCredential")
_IDENTIFIER, _NOTATION = expand("adms:identifier"), expand("skos:notation")
_SCHEME_NAME, _SCHEME_ID = expand("elm:schemeName"), expand("elm:schemeId")
_IDENTIFYING = (
    *(_IDENTIFIER, expand("rov:registration"), expand("elm:eidasLegalIdentifier"), expand("elm:vatIdentifier")),
    *(expand("elm:taxIdentifier"), expand("foaf:homepage"), expand("ob:otherIdentifier"), expand("schema:url")),
)
_OB_CREATOR, _OB_ACHIEVEMENT = expand("ob:creator"), expand("ob:achievement")
_COUNTRY = (
    (expand("elm:location"), expand("elm:address"), expand("elm:countryCode")),
    (expand("ob:address"), expand("schema:addressCountry")),
    (expand("ob:address"), expand("ob:CountryCode")),
)
_MAILBOX, _EMAIL = expand("elm:emailAddress"), expand("schema:email")
_CONTENT_URL, _OB_URL = expand("elm:contentUrl"), expand("schema:url")


class Parties:
    """The organisations and persons of one credential."""

    def __init__(self, graph: CredentialGraph, statements: Statements) -> None:
        self._graph = graph
        self._statements = statements

    def observe(self, roots: Sequence[str]) -> Iterator[Observation]:
        """Bodies that nobody could find, persons that attest themselves, addresses that are none."""
        yield from self._awarding_bodies(roots)
        yield from self._identifiers()
        yield from self._addresses()
        for root in roots:
            issuers = self._graph.objects(root, _ISSUER)
            yield from self._issuers(root, issuers)
            for path in (_SUBJECT, _HOLDER):
                for person in self._graph.objects(root, path):
                    if person in issuers:
                        yield Observation("ELM-FIELDS-HOLDER-IS-ISSUER", root, path, person)
                        break

    def _awarding_bodies(self, roots: Sequence[str]) -> Iterator[Observation]:
        for process in dict.fromkeys(
            each.node for _, _, each in self._statements.of(_AWARDED_BY) if each.kind != LITERAL
        ):
            if not self._graph.values(process, _AWARDING_BODY) and _PROCESS not in self._graph.types(process):
                # the profile asks it of those that give their type
                yield Observation("ELM-FIELDS-AWARDING-BODY-MISSING", process, _AWARDING_BODY)
        # of these the profile asks for the eIDAS identifier
        told = {
            issuer
            for root in roots
            if _CREDENTIAL in self._graph.types(root)
            for issuer in self._graph.objects(root, _ISSUER)
            if _ORGANISATION in self._graph.types(issuer)
        }
        for node, path, body in self._statements.of(_AWARDING_BODY, _OB_CREATOR):
            if body.kind == LITERAL or body.node in told or body.node not in self._graph:
                continue
            told.add(body.node)
            if _ORGANISATION not in self._graph.types(body.node) and path == _AWARDING_BODY:
                continue  # a person or a group: other things identify them
            if not self._is_identified(body.node, body.kind):
                yield Observation("ELM-FIELDS-AWARDING-BODY-UNKNOWN", node, path, body.node)

    def _is_identified(self, body: str, kind: int) -> bool:
        """Whether more than a name says which body this is: an identifier, a homepage, or an address as its IRI."""
        if any(self._graph.values(body, path) for path in _IDENTIFYING):
            return True
        return kind != BLANK and body.startswith(("http://", "https://", "did:")) and not _is_example(body)

    def _issuers(self, root: str, issuers: Sequence[str]) -> Iterator[Observation]:
        for issuer in issuers:
            if issuer in self._graph and _ORGANISATION not in self._graph.types(issuer) and not self._country(issuer):
                # of an elm:Organisation the profile asks for it
                yield Observation("ELM-FIELDS-ISSUER-NO-COUNTRY", root, _ISSUER, issuer)

    def _country(self, issuer: str) -> bool:
        for path in _COUNTRY:
            nodes = [issuer]
            for step in path[:-1]:
                nodes = [each for node in nodes for each in self._graph.objects(node, step)]
            if any(self._graph.values(node, path[-1]) for node in nodes):
                return True
        return False

    def _identifiers(self) -> Iterator[Observation]:
        """Two identifiers of one scheme that differ, on one thing."""
        for node in self._statements.nodes(_IDENTIFIER):
            by_scheme: dict[str, set[str]] = {}
            identifiers = self._graph.objects(node, _IDENTIFIER)
            for each in identifiers if len(identifiers) > 1 else ():
                scheme = next(iter(self._graph.texts(each, _SCHEME_ID, _SCHEME_NAME)), "")
                if scheme:
                    by_scheme.setdefault(scheme, set()).update(self._graph.texts(each, _NOTATION))
            for scheme, values in by_scheme.items():
                if len(values) > 1:
                    told = {"scheme": scheme, "values": ", ".join(sorted(values))}
                    yield Observation("ELM-FIELDS-IDENTIFIERS-DIFFER", node, _IDENTIFIER, parameters=told)

    def _addresses(self) -> Iterator[Observation]:
        for node, path, value in self._statements.of(_MAILBOX, _EMAIL):
            if path == _MAILBOX and not value.value.lower().startswith("mailto:"):
                yield Observation("ELM-FIELDS-EMAIL-NO-MAILTO", node, path, value.node)
            elif value.kind != BLANK and not _is_email(value.value):
                yield Observation("ELM-FIELDS-EMAIL", node, path, value.node)
        for node, path, value in self._statements.of(_CONTENT_URL, _OB_URL):
            if not value.value.lower().startswith(("http://", "https://")):
                yield Observation("ELM-FIELDS-URL", node, path, value.node)


def _is_email(address: str) -> bool:
    local, at, host = address.removeprefix("mailto:").removeprefix("MAILTO:").partition("@")
    return bool(local) and bool(at) and "." in host.strip(".") and not any(each.isspace() for each in address)


def _is_example(iri: str) -> bool:
    """Whether the address lies in a domain reserved for examples (RFC 2606)."""
    host = iri.partition("://")[2].partition("/")[0].partition(":")[0].lower()
    return host.endswith(("example.org", "example.com", "example.net", ".example", ".invalid", ".test"))
