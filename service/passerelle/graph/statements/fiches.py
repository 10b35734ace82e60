"""States a fiche of the French catalogues: record, registration and qualification, each with its own IRI."""

from __future__ import annotations

from functools import cache
from weakref import WeakKeyDictionary

import pyoxigraph as ox

from passerelle.graph.statements.outcomes import write_outcome
from passerelle.graph.statements.writer import XSD_DECIMAL, GraphWriter, date, term
from passerelle.namespaces import COUNTRY, EQF, VOCABULARY, segment, short_hash
from passerelle.records.fiche import Bloc, Catalogue, Certifier, Correspondence, Fiche, Partner
from passerelle.records.mapping_table import rows
from passerelle.records.text import Code
from passerelle.resources import folder

_FRENCH = "fr"
_FRANCE = ox.NamedNode(COUNTRY + "FRA")
_UNIT_CLASSES = {"rncp": "psl:FullQualification", "rs": "psl:SpecificCertification"}
_UNIT_KINDS = {"rncp": "pslv:unit-kind/full-qualification", "rs": "pslv:unit-kind/specific-certification"}
_CONCEPT_CLASSES = {
    "award-type": ("psl:AwardType",),
    "nsf": ("psl:SpecialityField",),
    "formacode": ("psl:FormacodeField",),
    "idcc": ("psl:CollectiveAgreement",),
    # a fiche only names a ROME code; the ROME files describe it, and a code that none has stays unresolved
    "rome": (),
}
_TEXTS = (
    ("targeted_activities", "psl:targetedActivities"),
    ("attested_capabilities", "psl:attestedCapabilities"),
    ("activity_sectors", "psl:activitySectors"),
    ("accessible_jobs", "psl:accessibleJobs"),
    ("objectives", "psl:objectives"),
    ("entry_prerequisites", "psl:entryPrerequisites"),
    ("validation_prerequisites", "psl:validationPrerequisites"),
    ("activity_regulations", "psl:activityRegulations"),
    ("mastery_levels", "psl:masteryLevels"),
    ("renewal_terms", "psl:renewalTerms"),
    ("validity_terms", "psl:validityTerms"),
    ("partial_validation_scope", "psl:partialValidationScope"),
)
_REGISTRATION_DATES = (
    ("decision", "psl:decisionDate"),
    ("effect", "psl:effectDate"),
    ("end", "psl:endDate"),
    ("award_deadline", "psl:awardDeadline"),
    ("last_gazette", "psl:lastGazetteDate"),
)
_COHORT_COUNTS = (("certified", "psl:certifiedCount"), ("certified_vae", "psl:certifiedCountVae"))
_COHORT_RATES = (
    ("overall_rate_6_months", "psl:overallPlacementRate6Months"),
    ("occupation_rate_6_months", "psl:occupationPlacementRate6Months"),
    ("occupation_rate_2_years", "psl:occupationPlacementRate2Years"),
)


_DESCRIBED_ELSEWHERE = frozenset({"rome"})
"""Nomenclatures with a source of their own: how a fiche words a code is no preferred label, and describes nothing."""


class _Shared:
    """What many fiches of one graph refer to, and what of it is stated already."""

    def __init__(self) -> None:
        self.concepts: dict[tuple[str, str], ox.NamedNode] = {}
        self.stated: set[tuple[str, ...]] = set()

    def is_new(self, *key: str) -> bool:
        """Whether this is asked for the first time."""
        if key in self.stated:
            return False
        self.stated.add(key)
        return True


_SHARED: WeakKeyDictionary[GraphWriter, _Shared] = WeakKeyDictionary()


@cache
def _eqf_levels() -> dict[int, int]:
    """EQF level of each level of the French framework (`french-level-to-eqf.sssom.tsv`)."""
    found: dict[int, int] = {}
    for row in rows("french-level-to-eqf.sssom.tsv"):
        scheme, _, level = row["subject_id"].partition(":")
        if scheme == "french-level":
            found[int(level)] = int(row["object_id"].partition(":")[2])
    return found


def write_fiche(writer: GraphWriter, fiche: Fiche) -> None:
    """State all of `fiche` in the graph of `writer`. Labels of shared codes are stated once a graph."""
    shared = _SHARED.setdefault(writer, _Shared())
    iri = writer.minting.fiche(fiche.number)
    unit = ox.NamedNode(iri)
    _record(writer, shared, fiche, unit)
    _registration(writer, fiche, unit)
    _qualification(writer, fiche, unit)
    _codes(writer, shared, fiche, unit)
    for certifier in fiche.certifiers:
        _certifier(writer, shared, unit, certifier)
    for partner in fiche.partners:
        _partner(writer, shared, unit, partner)
    _routes_and_texts(writer, fiche, unit)
    _cohorts(writer, fiche, unit)
    for outcome in fiche.outcomes:
        write_outcome(writer, unit, outcome)
    for bloc in fiche.blocs:
        _bloc(writer, fiche, unit, bloc)
    for correspondence in fiche.correspondences:
        _correspondence(writer, fiche, unit, correspondence)


def _record(writer: GraphWriter, shared: _Shared, fiche: Fiche, unit: ox.NamedNode) -> None:
    record = ox.NamedNode(writer.minting.record(fiche.number))
    catalogue = ox.NamedNode(writer.minting.identifier("catalogue", fiche.catalogue))
    titles = _catalogue_row(fiche.catalogue)
    if shared.is_new("catalogue", fiche.catalogue):
        writer.a(catalogue, "dcat:Catalog", "psl:NationalCatalogue")
        writer.text(catalogue, "dcterms:title", titles["title_en"], "en")
        writer.text(catalogue, "dcterms:title", titles["title_fr"], _FRENCH)
    writer.a(record, "dcat:CatalogRecord")
    writer.add(record, "dcterms:identifier", ox.Literal(fiche.number))
    writer.add(record, "foaf:primaryTopic", unit)
    writer.add(unit, "foaf:isPrimaryTopicOf", record)
    writer.add(record, "dcterms:isPartOf", catalogue)
    digits = fiche.number.lstrip("RNCPS")
    writer.add(record, "foaf:page", ox.NamedNode(f"{titles['page']}{digits}/"))
    if fiche.source_identifier:
        writer.add(record, "psl:sourceIdentifier", ox.Literal(fiche.source_identifier))
    writer.text(record, "psl:ficheState", fiche.state, _FRENCH)
    if fiche.active is not None:
        writer.add(record, "psl:sourceActive", ox.Literal(fiche.active))
    if fiche.dates.publication:
        writer.add(record, "dcterms:issued", date(fiche.dates.publication))


@cache
def _catalogue_row(catalogue: Catalogue) -> dict[str, str]:
    return next(row for row in rows("catalogues.tsv") if row["catalogue"] == catalogue)


def _registration(writer: GraphWriter, fiche: Fiche, unit: ox.NamedNode) -> None:
    registration = ox.NamedNode(writer.minting.registration(fiche.number))
    writer.add(unit, "psl:registration", registration)
    writer.a(registration, "psl:Registration")
    writer.add(registration, "psl:registrationOf", unit)
    if fiche.registration_type:
        writer.add(registration, "psl:registrationType", term(fiche.registration_type))
    for name, predicate in _REGISTRATION_DATES:
        value: str = getattr(fiche.dates, name)
        if value:
            writer.add(registration, predicate, date(value))
    if fiche.registration_years is not None:
        writer.add(registration, "psl:registrationYears", ox.Literal(fiche.registration_years))


def _qualification(writer: GraphWriter, fiche: Fiche, unit: ox.NamedNode) -> None:
    writer.a(unit, "psl:ComparableSpecification", _UNIT_CLASSES[fiche.catalogue])
    writer.add(unit, "psl:unitKind", term(_UNIT_KINDS[fiche.catalogue]))
    writer.add(unit, "dcterms:identifier", ox.Literal(fiche.number))
    writer.text(unit, "dcterms:title", fiche.title, _FRENCH)
    writer.add(unit, "dcterms:spatial", _FRANCE)
    if fiche.level is None:
        writer.add(unit, "psl:levelBasis", term("pslv:level-basis/not-stated"))
    else:
        eqf = _eqf_levels()[fiche.level]
        writer.add(unit, "psl:frameworkLevel", term(f"pslv:french-level/{fiche.level}"))
        writer.add(unit, "elm:EQFLevel", ox.NamedNode(f"{EQF}{eqf}"))
        writer.add(unit, "psl:eqfLevelNumber", ox.Literal(eqf))
        writer.add(unit, "psl:levelBasis", term("pslv:level-basis/stated"))
    for name, predicate in _TEXTS:
        writer.text(unit, predicate, getattr(fiche.texts, name), _FRENCH)
    for number in fiche.replaced_by:
        writer.add(unit, "dcterms:isReplacedBy", ox.NamedNode(writer.minting.fiche(number)))
    for number in fiche.replaces:
        writer.add(unit, "dcterms:replaces", ox.NamedNode(writer.minting.fiche(number)))
    for page in fiche.pages:
        writer.add(unit, "foaf:page", ox.NamedNode(page))
    for territory in fiche.territories:
        writer.add(unit, "psl:accessibleInTerritory", ox.NamedNode(COUNTRY + territory))
    for year in fiche.level_years:
        writer.add(unit, "psl:levelGrantedYear", ox.Literal(year))
    if fiche.partial_validation is not None:
        writer.add(unit, "psl:partialValidation", ox.Literal(fiche.partial_validation))
    if fiche.partners_exist is not None:
        # apart from their number: RS5000 says Oui and lists none
        writer.add(unit, "psl:hasAuthorisedOrganisations", ox.Literal(fiche.partners_exist))
    if fiche.partner_count:
        writer.add(unit, "psl:authorisedOrganisationCount", ox.Literal(fiche.partner_count))


def _codes(writer: GraphWriter, shared: _Shared, fiche: Fiche, unit: ox.NamedNode) -> None:
    if fiche.short_form is not None:
        writer.add(unit, "psl:awardType", _concept(writer, shared, "award-type", fiche.short_form))
    for scheme, predicate, codes in (
        ("nsf", "psl:specialityField", fiche.speciality_fields),
        ("formacode", "psl:formacode", fiche.formacodes),
        ("rome", "psl:targetOccupation", fiche.occupations),
        ("idcc", "psl:collectiveAgreement", fiche.collective_agreements),
    ):
        for code in codes:
            writer.add(unit, predicate, _concept(writer, shared, scheme, code))


def _concept(writer: GraphWriter, shared: _Shared, scheme: str, code: Code) -> ox.NamedNode:
    node = shared.concepts.get((scheme, code.code))
    if node is None:
        node = ox.NamedNode(writer.minting.identifier(scheme, code.code))
        shared.concepts[scheme, code.code] = node
        writer.a(node, "skos:Concept", *_CONCEPT_CLASSES[scheme])
        writer.add(node, "skos:notation", ox.Literal(code.code))
        if scheme == "nsf":
            _speciality(writer, node, code.code)
    if code.label and shared.is_new(scheme, code.code, code.label):
        # SKOS, S14: one preferred label a language; another wording of a later fiche is an alternative
        preferred = shared.is_new(scheme, code.code) and scheme not in _DESCRIBED_ELSEWHERE
        writer.text(node, "skos:prefLabel" if preferred else "skos:altLabel", code.label, _FRENCH)
    return node


def _speciality(writer: GraphWriter, node: ox.NamedNode, code: str) -> None:
    """Where an NSF code stands in our vocabulary: 326 is the group itself, 326t one function within it."""
    group = ox.NamedNode(f"{VOCABULARY}nsf/{segment(code[:3])}")
    if group in _specialities():
        writer.add(node, "skos:exactMatch" if code == code[:3] else "skos:broadMatch", group)


@cache
def _specialities() -> frozenset[object]:
    """The concepts of `data/vocabularies/nsf.ttl`."""
    path = folder("data") / "vocabularies" / "nsf.ttl"
    return frozenset(quad.subject for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE))


def _organisation(writer: GraphWriter, shared: _Shared, name: str, siret: str) -> tuple[ox.NamedNode, str]:
    """The organisation's node, and the segment that names it in the IRIs of its roles."""
    segment = siret or short_hash(name.casefold())
    kind = "siret" if siret else "name"
    node = shared.concepts.get((kind, segment))
    if node is None:
        node = ox.NamedNode(writer.minting.identifier("organisation", kind, segment))
        shared.concepts[kind, segment] = node
        if siret:
            writer.add(node, "psl:siret", ox.Literal(siret))
    if name and shared.is_new(kind, segment, name):
        writer.text(node, "skos:prefLabel", name, _FRENCH)
    return node, segment


def _certifier(writer: GraphWriter, shared: _Shared, unit: ox.NamedNode, certifier: Certifier) -> None:
    body, segment = _organisation(writer, shared, certifier.name, certifier.siret)
    if shared.is_new("certifying-body", segment):
        writer.a(body, "psl:CertifyingBody")
    if certifier.trade_name and shared.is_new("trade-name", segment, certifier.trade_name):
        writer.text(body, "skos:altLabel", certifier.trade_name, _FRENCH)
    if certifier.homepage and shared.is_new("homepage", segment, certifier.homepage):
        writer.add(body, "foaf:homepage", ox.NamedNode(certifier.homepage))
    role = ox.NamedNode(f"{unit.value}/certifier/{segment}")
    writer.add(unit, "psl:certifierRole", role)
    writer.a(role, "psl:CertifierRole")
    writer.add(role, "psl:certifyingBody", body)
    writer.text(role, "psl:sourceState", certifier.state, _FRENCH)
    if certifier.state_date:
        writer.add(role, "psl:stateDate", date(certifier.state_date))
    if certifier.state != "Inactif":
        writer.add(unit, "psl:certifiedBy", body)


def _partner(writer: GraphWriter, shared: _Shared, unit: ox.NamedNode, partner: Partner) -> None:
    organisation, segment = _organisation(writer, shared, partner.name, partner.siret)
    if shared.is_new("authorised-organisation", segment):
        writer.a(organisation, "psl:AuthorisedOrganisation")
    node = ox.NamedNode(f"{unit.value}/authorisation/{segment}")
    writer.add(unit, "psl:authorisation", node)
    writer.a(node, "psl:Authorisation")
    writer.add(node, "psl:authorisedOrganisation", organisation)
    if partner.scope:
        writer.add(node, "psl:authorisationScope", term(partner.scope))
    writer.text(node, "psl:sourceState", partner.state, _FRENCH)
    if partner.active_since:
        writer.add(node, "psl:activeSince", date(partner.active_since))
    if partner.state_date:
        writer.add(node, "psl:stateDate", date(partner.state_date))


def _routes_and_texts(writer: GraphWriter, fiche: Fiche, unit: ox.NamedNode) -> None:
    for route in fiche.routes:
        node = ox.NamedNode(f"{unit.value}/route/{route.route.rpartition('/')[2]}")
        writer.add(unit, "psl:routeOpening", node)
        writer.a(node, "psl:RouteOpening")
        writer.add(node, "psl:accessRoute", term(route.route))
        if route.open is not None:
            writer.add(node, "psl:routeOpen", ox.Literal(route.open))
        writer.text(node, "psl:juryComposition", route.jury_composition, _FRENCH)
        if route.modified:
            writer.add(node, "dcterms:modified", date(route.modified))
    for text in fiche.legal_texts:
        node = ox.NamedNode(f"{unit.value}/legal-text/{short_hash(text.kind, text.title, text.date)}")
        writer.add(unit, "psl:legalText", node)
        writer.a(node, "psl:LegalText")
        writer.text(node, "dcterms:title", text.title, _FRENCH)
        writer.add(node, "psl:legalTextKind", ox.Literal(text.kind))
        if text.date:
            writer.add(node, "dcterms:issued", date(text.date))


def _cohorts(writer: GraphWriter, fiche: Fiche, unit: ox.NamedNode) -> None:
    for cohort in fiche.cohorts:
        node = ox.NamedNode(f"{unit.value}/cohort/{cohort.year}")
        writer.add(unit, "psl:cohortStatistics", node)
        writer.a(node, "psl:CohortStatistics")
        writer.add(node, "psl:year", ox.Literal(cohort.year))
        for name, predicate in _COHORT_COUNTS:
            count: int | None = getattr(cohort, name)
            if count is not None:
                writer.add(node, predicate, ox.Literal(count))
        for name, predicate in _COHORT_RATES:
            rate: str = getattr(cohort, name)
            if rate:
                writer.add(node, predicate, ox.Literal(rate, datatype=XSD_DECIMAL))


def _bloc(writer: GraphWriter, fiche: Fiche, unit: ox.NamedNode, bloc: Bloc) -> None:
    iri = writer.minting.bloc(fiche.number, bloc.key)
    node = ox.NamedNode(iri)
    # not elm:hasPart, which ELM 3.1 declares symmetric: a reasoner would make the whole a part of its bloc
    writer.add(unit, "dcterms:hasPart", node)
    writer.a(node, "psl:ComparableSpecification", "psl:Bloc")
    writer.add(node, "psl:unitKind", term("pslv:unit-kind/bloc"))
    writer.add(node, "psl:blocOf", unit)
    writer.add(node, "dcterms:identifier", ox.Literal(bloc.code or bloc.key))
    writer.text(node, "dcterms:title", bloc.title, _FRENCH)
    writer.add(node, "dcterms:spatial", _FRANCE)
    if fiche.level is None:
        writer.add(node, "psl:levelBasis", term("pslv:level-basis/not-stated"))
    else:
        writer.add(node, "psl:eqfLevelNumber", ox.Literal(_eqf_levels()[fiche.level]))
        writer.add(node, "psl:levelBasis", term("pslv:level-basis/inherited"))
    writer.text(node, "psl:competencesText", bloc.competences_text, _FRENCH)
    writer.text(node, "psl:assessmentMethods", bloc.assessment_methods, _FRENCH)
    writer.text(node, "psl:entryPrerequisites", bloc.entry_prerequisites, _FRENCH)
    writer.text(node, "psl:validationPrerequisites", bloc.validation_prerequisites, _FRENCH)
    for outcome in bloc.outcomes:
        write_outcome(writer, node, outcome)


def _correspondence(writer: GraphWriter, fiche: Fiche, unit: ox.NamedNode, found: Correspondence) -> None:
    minting = writer.minting
    parts = (found.target_number, " ".join(sorted(found.source_codes)), " ".join(sorted(found.target_codes)))
    node = ox.NamedNode(f"{unit.value}/correspondence/{short_hash(*parts)}")
    writer.a(node, "psl:OfficialCorrespondence")
    writer.add(node, "psl:declaredBy", ox.NamedNode(minting.record(fiche.number)))
    writer.add(node, "psl:correspondenceSourceQualification", unit)
    for code in found.source_codes:
        writer.add(node, "psl:correspondenceSource", ox.NamedNode(minting.bloc(fiche.number, code)))
    target = ox.NamedNode(minting.fiche(found.target_number))
    writer.add(node, "psl:correspondenceTargetQualification", target)
    for code in found.target_codes:
        writer.add(node, "psl:correspondenceTarget", ox.NamedNode(minting.bloc(found.target_number, code)))
    writer.add(node, "psl:correspondenceExtent", term("pslv:correspondence-extent/not-stated"))
