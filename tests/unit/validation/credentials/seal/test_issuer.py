"""Whether the certificate of a seal and the credential name the same body."""

from __future__ import annotations

import pytest

from passerelle.namespaces import expand
from passerelle.validation.credentials.graph import CredentialGraph
from passerelle.validation.credentials.model import IRI, LITERAL, SealFacts, SealStatus, Term
from passerelle.validation.credentials.rules import rule
from passerelle.validation.credentials.seal.issuer import observe_issuer

SUBJECT = r"organizationIdentifier=VATES-A00000000,O=ORGANIZACION\, TEST,CN=TEST SEAL,serialNumber=A00000000,C=ES"
ROOT, ISSUER, NUMBER = "urn:c:1", "urn:o:1", "urn:i:1"


def graph(**said: str) -> CredentialGraph:
    """A credential whose issuer has these names; `notation` is that of its legal identifier."""
    triples = [(ROOT, "cred:issuer", Term(IRI, ISSUER))]
    if notation := said.pop("notation", ""):
        triples += [
            (ISSUER, "elm:eidasLegalIdentifier", Term(IRI, NUMBER)),
            (NUMBER, "skos:notation", Term(LITERAL, notation)),
        ]
    triples += [(ISSUER, name.replace("_", ":"), Term(LITERAL, text)) for name, text in said.items()]
    return CredentialGraph([(Term(IRI, node), Term(IRI, expand(path)), value) for node, path, value in triples])


def seal(subject: str = SUBJECT, status: SealStatus = SealStatus.VERIFIED) -> SealFacts:
    return SealFacts(status, subject=subject)


@pytest.mark.parametrize(
    "said",
    [
        {"rov_legalName": "Organizacion,  Test"},
        {"skos_altLabel": "Test Seal"},
        {"rov_legalName": "Another name", "notation": "VATES-A00000000"},
        {"notation": "ES A00000000"},
        {"notation": "A00000000"},
        {},
    ],
)
def test_a_name_or_a_number_is_enough_and_nobody_is_not_another(said: dict[str, str]) -> None:
    assert list(observe_issuer([seal()], graph(**said), [ROOT])) == []


def test_another_body_is_told_once_with_both_names() -> None:
    other = graph(rov_legalName="Université de Demonstration", notation="VATFR-12345678901")
    (found,) = observe_issuer([seal(), seal("CN=Somebody")], other, [ROOT])
    assert (found.code, found.node) == ("ELM-SEAL-OTHER-ISSUER", ISSUER)
    assert found.parameters == {"subject": SUBJECT, "issuer": "Université de Demonstration"}
    for text in (rule(found.code).message_en, rule(found.code).message_fr):
        assert SUBJECT in text.format(value="", node="", **found.parameters)


def test_one_of_several_seals_may_be_the_issuers() -> None:
    assert list(observe_issuer([seal("CN=Notary"), seal()], graph(rov_legalName="Test seal"), [ROOT])) == []


@pytest.mark.parametrize("facts", [[], [seal("")], [seal("no name")], [seal(status=SealStatus.FAILED)]])
def test_without_a_verified_seal_there_is_nothing_to_compare(facts: list[SealFacts]) -> None:
    assert list(observe_issuer(facts, graph(rov_legalName="Another"), [ROOT])) == []
