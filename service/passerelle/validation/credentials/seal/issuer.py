"""Compares whom the certificate of a seal names with whom the credential names as its issuer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from cryptography import x509
from cryptography.x509.oid import NameOID

from passerelle.namespaces import expand
from passerelle.validation.credentials.graph import CredentialGraph
from passerelle.validation.credentials.model import Observation, SealFacts, SealStatus
from passerelle.validation.credentials.seal.certificates import NAMES

_ISSUER = expand("cred:issuer")
_NAMING = tuple(map(expand, ("rov:legalName", "skos:altLabel", "skos:prefLabel", "foaf:name", "schema:name")))
_IDENTIFYING = (
    *map(expand, ("elm:eidasLegalIdentifier", "rov:registration", "elm:vatIdentifier", "elm:taxIdentifier")),
    expand("adms:identifier"),
)
_NOTATION = expand("skos:notation")
_NAMES = (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME)
_NUMBERS = (NameOID.ORGANIZATION_IDENTIFIER, NameOID.SERIAL_NUMBER)
# ETSI EN 319 412-1, 5.1.4: the kind of register, the country, a hyphen, the number in this register
_SEMANTIC = re.compile(r"[A-Z]{3}([A-Z]{2})-(.+)", re.DOTALL)
_SHOWN = 200


def observe_issuer(seals: Sequence[SealFacts], graph: CredentialGraph, roots: Sequence[str]) -> Iterator[Observation]:
    """Whether a certificate of a verified seal names an issuer of the credential, by its name or by a number.

    Nothing is said where one side names nobody: other rules do. A name is written by whoever makes the certificate, so
    that the names agree shows nothing where its chain is not verified; that they do not is worth a look.
    """
    subjects = [each.subject for each in seals if each.status is SealStatus.VERIFIED and each.subject]
    sealed = {token for subject in subjects for token in _of_subject(subject)}
    for root in roots if sealed else ():
        issuers = graph.objects(root, _ISSUER)
        names = [text for each in issuers for text in graph.texts(each, *_NAMING)]
        numbers = [
            text
            for each in issuers
            for identifier in graph.objects(each, *_IDENTIFYING)
            for text in graph.texts(identifier, _NOTATION)
        ]
        issued = {*map(_name, names), *_numbers(numbers)} - {""}
        if issued and not issued & sealed:
            said = {"subject": subjects[0][:_SHOWN], "issuer": (names or numbers)[0][:_SHOWN]}
            yield Observation("ELM-SEAL-OTHER-ISSUER", issuers[0], parameters=said)


def _of_subject(subject: str) -> set[str]:
    """What a distinguished name (RFC 4514) can be recognised by."""
    try:
        read = x509.Name.from_rfc4514_string(subject, {written: oid for oid, written in NAMES.items()})
    except ValueError:
        return set()
    names = {_name(str(each.value)) for oid in _NAMES for each in read.get_attributes_for_oid(oid)}
    numbers = [str(each.value) for oid in _NUMBERS for each in read.get_attributes_for_oid(oid)]
    return {*names, *_numbers(numbers)} - {""}


def _name(text: str) -> str:
    """A name as it is compared: whatever its case, its accents' encoding, its spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _numbers(texts: Iterable[str]) -> Iterator[str]:
    """A number in its usual spellings: `VATES-A00000000` is also written ESA00000000 and A00000000."""
    for text in texts:
        yield _plain(text)
        if semantic := _SEMANTIC.fullmatch(text.strip()):
            country, number = semantic.groups()
            yield _plain(number)
            yield _plain(country + number)


def _plain(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
