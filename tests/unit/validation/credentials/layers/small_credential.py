"""A small micro-credential without fault, to plant faults in, and how a text of Turtle becomes a graph."""

from __future__ import annotations

from datetime import UTC, datetime

import pyoxigraph as ox

from passerelle.validation.credentials.graph import CredentialGraph
from passerelle.validation.terms import triples_of

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ROOT = "urn:c:credential"
PREFIXES = """
@prefix : <urn:c:> .
@prefix elm: <http://data.europa.eu/snb/model/elm/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix adms: <http://www.w3.org/ns/adms#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix rov: <http://www.w3.org/ns/regorg#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix cred: <https://www.w3.org/2018/credentials#> .
@prefix ob: <https://purl.imsglobal.org/spec/vc/ob/vocab.html#> .
@prefix schema: <https://schema.org/> .
@prefix snb: <http://data.europa.eu/snb/> .
@prefix eu: <http://publications.europa.eu/resource/authority/> .
@prefix esco: <http://data.europa.eu/esco/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
GOOD = """
:credential a elm:EuropeanDigitalCredential ;
    elm:credentialProfiles <http://data.europa.eu/snb/credential/e34929035b> ;
    cred:credentialSchema <http://data.europa.eu/snb/model/ap/edc-generic-full> ;
    cred:issued "2024-06-01T10:00:00Z"^^xsd:dateTime ;
    cred:issuanceDate "2024-06-01T12:00:00+02:00"^^xsd:dateTime ;
    cred:validFrom "2024-06-01T10:00:00Z"^^xsd:dateTime ;
    cred:expirationDate "2034-06-01T10:00:00Z"^^xsd:dateTime ;
    cred:validUntil "2034-06-01T10:00:00Z"^^xsd:dateTime ;
    cred:issuer :issuer ; cred:credentialSubject :learner ; cred:evidence :evidence ;
    elm:displayParameter :display .
:display a elm:DisplayParameter ; dcterms:title "Micro-credential"@en ;
    elm:primaryLanguage <http://publications.europa.eu/resource/authority/language/ENG> ;
    dcterms:language <http://publications.europa.eu/resource/authority/language/ENG> ,
        <http://publications.europa.eu/resource/authority/language/FRA> .
:issuer a elm:Organisation ; rov:legalName "Issuer"@en ; rov:registration :number ; elm:location :place .
:number a elm:LegalIdentifier ; skos:notation "123" ;
    dcterms:spatial <http://publications.europa.eu/resource/authority/country/FRA> .
:place elm:address :address .
:address elm:countryCode <http://publications.europa.eu/resource/authority/country/FRA> .
:evidence a elm:Evidence ; dcterms:type <http://data.europa.eu/snb/evidence-type/c_991b06c6> ;
    elm:accreditation :accreditation .
:accreditation a elm:Accreditation ; dcterms:title "Accredited"@en ; elm:accreditingAgent :issuer ;
    dcterms:type <http://data.europa.eu/snb/accreditation/003293d2ce> ;
    dcterms:issued "2020-01-01T00:00:00Z"^^xsd:dateTime ; elm:expiryDate "2030-01-01T00:00:00Z"^^xsd:dateTime .
:learner a elm:Person ; foaf:fullName "Ada Sample"@en ; elm:hasClaim :claim ;
    elm:dateOfBirth "1999-10-02T00:00:00Z"^^xsd:dateTime .
:claim a elm:LearningAchievement ; dcterms:title "Wind turbine basics"@en ; elm:awardedBy :award ;
    elm:specifiedBy :spec ; elm:provenBy :assessment ; elm:influencedBy :activity ; dcterms:description "Text"@en .
:award a elm:AwardingProcess ; elm:awardingBody :body ; elm:awardingDate "2024-05-31T00:00:00Z"^^xsd:dateTime .
:body a elm:Organisation ; rov:legalName "Body"@en ; foaf:homepage :home .
:home a elm:WebResource ; elm:contentUrl "https://body.example/"^^xsd:anyURI .
:assessment a elm:LearningAssessment ; dcterms:title "Examination"@en ; elm:grade :grade ;
    elm:specifiedBy :assessment-spec ; elm:idVerification <http://data.europa.eu/snb/supervision-verification/c59> .
:grade elm:noteLiteral "17,5"@en .
:assessment-spec a elm:LearningAssessmentSpecification ; dcterms:title "Examination"@en ; elm:gradingScheme :scale ;
    dcterms:type <http://data.europa.eu/snb/assessment/6e6cb2cc78> .
:activity a elm:LearningActivity ; dcterms:title "Course"@en ; dcterms:temporal :period ;
    elm:workload "PT60H"^^xsd:duration .
:period elm:startDate "2024-05-01T00:00:00Z"^^xsd:dateTime ; elm:endDate "2024-05-20T00:00:00Z"^^xsd:dateTime .
:spec a elm:Qualification ; dcterms:title "Wind turbine basics"@en ;
    elm:EQFLevel <http://data.europa.eu/snb/eqf/5> ;
    elm:NQFLevel <http://data.europa.eu/snb/qdr/c_243aefbe> ;
    elm:ISCEDFCode <http://data.europa.eu/snb/isced-f/0713> ;
    elm:mode <http://data.europa.eu/snb/learning-assessment/920fbb3cbe> ;
    elm:volumeOfLearning "PT60H"^^xsd:duration ; elm:creditPoint :credits ;
    elm:entryRequirement :entry ; elm:learningOutcome :outcome ; elm:isPartialQualification false .
:entry elm:noteLiteral "None"@en .
:credits a elm:CreditPoint ; elm:point "2,0" ; elm:framework <http://data.europa.eu/snb/education-credit/6fcec5c5af> .
:outcome a elm:LearningOutcome ; dcterms:title "Inspects a rotor blade"@en ;
    elm:relatedESCOSkill <http://data.europa.eu/esco/skill/326809fc-238d-40c2-881e-40042f7f2f0d> .
"""


def graph_of(turtle: str) -> CredentialGraph:
    """The graph of a text of Turtle; PREFIXES are there."""
    return CredentialGraph(triples_of(ox.parse(PREFIXES + turtle, format=ox.RdfFormat.TURTLE)))


def changed(*changes: str) -> CredentialGraph:
    """The good credential with changes: `old => new` replaces a text that must be there once, others are added."""
    turtle = GOOD
    for change in changes:
        old, arrow, new = change.partition(" => ")
        if arrow:
            assert turtle.count(old) == 1, old
            turtle = turtle.replace(old, new)
        else:
            turtle += change + "\n"
    return graph_of(turtle)
