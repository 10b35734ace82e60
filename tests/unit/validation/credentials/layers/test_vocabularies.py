"""Layer 5: the lists as they are published, one planted value a rule, ESCO asked of a release, the official samples."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any, cast

import pytest

from passerelle.graph.reference import EscoStanding, ReleaseReference
from passerelle.messages import LANGUAGES
from passerelle.namespaces import expand
from passerelle.records.finding import Severity
from passerelle.resources import folder
from passerelle.validation.credentials.graph import CredentialGraph
from passerelle.validation.credentials.layers.authority import language_tag, lists, uses
from passerelle.validation.credentials.layers.vocabularies import editions, observe
from passerelle.validation.credentials.model import Observation
from passerelle.validation.credentials.rules import CredentialRule, rules_of
from passerelle.validation.credentials.wording import fill
from unit.validation.credentials.layers.small_credential import changed, graph_of
from unit.validation.credentials.profiles.samples import samples

SNB = "http://data.europa.eu/snb/"
EU = "http://publications.europa.eu/resource/authority/"
ESCO = "http://data.europa.eu/esco/"
SKILL = f"{ESCO}skill/326809fc-238d-40c2-881e-40042f7f2f0d"
EQF5 = f"elm:EQFLevel <{SNB}eqf/5>"
ENGLISH = f"elm:primaryLanguage <{EU}language/ENG>"

FAULTS: dict[str, tuple[list[str], dict[str, str]]] = {
    "EQF": ([f"{EQF5} => elm:EQFLevel <{SNB}eqf/99>"], {"value": f"{SNB}eqf/99", "list": "eqf"}),
    "NOT-MEMBER": (
        [f"<{SNB}isced-f/0713> => <{SNB}isced-f/0718>"],
        {"list": "isced-f", "edition": "2023", "nearest": f"{SNB}isced-f/0788"},
    ),
    "NOT-IN-EDITION": (
        [f"<{SNB}assessment/6e6cb2cc78> => <{SNB}assessment/6e6cb2cc79>"],
        {"list": "assessment", "edition": "2023", "nearest": f"{SNB}assessment/6e6cb2cc78"},
    ),
    "LANGUAGE": (
        [f"{ENGLISH} => elm:primaryLanguage <{EU}language/FRE>"],
        {"list": "language", "nearest": f"{EU}language/FRA"},
    ),
    "HTTPS": (
        [f"{EQF5} => elm:EQFLevel <https://data.europa.eu/snb/eqf/6>"],
        {"list": "eqf", "nearest": f"{SNB}eqf/6"},
    ),
    "WRONG-LIST": ([f"{EQF5} => elm:EQFLevel <{SNB}isced-f/0713>"], {"list": "eqf", "found": "isced-f"}),
    "UNUSUAL-LIST": (
        [f"<{SNB}learning-assessment/920fbb3cbe> => <{SNB}assessment/6e6cb2cc78>"],
        {"list": "learning-assessment", "found": "assessment"},
    ),
    "FOREIGN": ([f"{EQF5} => elm:EQFLevel <https://example.org/level/5>"], {"list": "eqf"}),
    "OWN-LIST": (
        ["ap/edc-generic-full => ap/edc-generic-no-cv", f"{EQF5} => elm:EQFLevel <https://example.org/level/5>"],
        {"list": "eqf"},
    ),
    "CLAIMED": (
        [f":activity dcterms:type :mine . :mine <{expand('skos:inScheme')}> <{SNB}learning-activity/25831c2> ."],
        {"value": "urn:c:mine", "list": "learning-activity"},
    ),
    "SCHEME": (
        [f"<{SNB}assessment/6e6cb2cc78> <{expand('skos:inScheme')}> <https://example.org/scheme> ."],
        {"list": "assessment", "stated": "https://example.org/scheme", "scheme": f"{SNB}assessment/25831c2"},
    ),
    "NQF-FRAMEWORK": (
        [f"<{SNB}qdr/c_243aefbe> => <{SNB}qdr/c_c8bc1cb9>"],
        {"framework": "French National Qualifications Framework"},
    ),
    "LEVELS-DISAGREE": (
        [f"{EQF5} => elm:EQFLevel <{SNB}eqf/6>"],
        {
            "eqf": "6",
            "national": "NQF RNCP Level III",
            "framework": "French National Qualifications Framework",
            "expected": "5",
        },
    ),
    "SKILL-OCCUPATION": (
        [f"<{SKILL}> => <{ESCO}occupation/c94dc5b2-6b23-4915-8de5-a4e6ae86d802>"],
        {"value": f"{ESCO}occupation/c94dc5b2-6b23-4915-8de5-a4e6ae86d802"},
    ),
    "SKILL-GROUP": ([f"<{SKILL}> => <{ESCO}skill/S1.2>"], {"value": f"{ESCO}skill/S1.2"}),
    "SKILL-FORM": ([f"<{SKILL}> => <{ESCO}skill/wind>"], {"value": f"{ESCO}skill/wind"}),
    "OCCUPATION": ([f":right elm:limitOccupation <{SKILL}> ."], {"value": SKILL}),
}
OF_A_RELEASE = {"SKILL-OBSOLETE", "SKILL-UNKNOWN"}


class Esco:
    """A release that holds three concepts."""

    release = "r1"
    esco_edition = "1.2.0"
    has_esco = True

    def __init__(self, demo: bool = False, **standings: EscoStanding) -> None:
        self.demo = demo
        self._standing = standings.get("skill", EscoStanding.SKILL)

    def esco_standing(self, iri: str) -> EscoStanding:
        return self._standing if iri == SKILL else EscoStanding.UNKNOWN

    def esco_replacement(self, iri: str) -> str:
        return f"{ESCO}skill/new" if iri == SKILL else ""


def asked(**standings: Any) -> ReleaseReference:
    return cast(ReleaseReference, Esco(**standings))


def rules() -> dict[str, CredentialRule]:
    return dict(rules_of(folder("shapes") / "credential" / "vocabularies.ttl"))


def seen(graph: CredentialGraph, reference: ReleaseReference | None = None) -> list[Observation]:
    return list(observe(graph, reference))


def codes(graph: CredentialGraph, reference: ReleaseReference | None = None) -> list[str]:
    return [each.code.removeprefix("ELM-VOCABULARY-") for each in seen(graph, reference)]


# ---------------------------------------------------------------- the lists


def test_the_lists_are_those_of_the_edition(reference: Path) -> None:
    """Every code of the 1,328 rows of the published list is a member, and there is no other but languages."""
    with (reference / "elm" / "vocabularies" / "codelists-from-xsd.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    published = {row["iri"]: row["label_en"].strip() for row in rows}
    held = {
        each.namespace + member.code: member.label
        for each in lists().values()
        if each.name != "language"
        for member in each.members.values()
    }
    assert held == published
    assert len(rows) - len(published) == 4  # accreditation types are listed twice


def test_editions_name_the_lists_that_are_held() -> None:
    assert editions()["eqf"] == "2023"
    assert "evidence-type" not in editions()
    assert len(editions()) == 23


def test_every_list_in_use_is_known_and_has_its_facts() -> None:
    for by_class in uses().values():
        for use in by_class.values():
            assert set(use.lists) <= set(lists())
    path = folder("data") / "vocabularies" / "authority" / "index.tsv"
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            assert row["namespace"].endswith("/")
            assert row["name_en"] and row["name_fr"]
            assert row["closed"] in ("yes", "no")
            assert row["reason"]
            assert bool(row["edition"]) == bool(row["source"]) == bool(row["licence"]) == bool(row["attribution"])


def test_levels_of_frameworks_name_their_framework_and_a_level_that_exists() -> None:
    members = lists()["qdr"].members
    frameworks = {code for code, each in members.items() if not each.framework}
    assert len(frameworks) == 43
    assert len(members) == 424
    for each in members.values():
        assert each.framework in frameworks or not each.framework
        assert each.eqf in ("", *"12345678")
        assert each.framework or not each.eqf
    by_label = {each.label: each.eqf for each in members.values()}
    expected = {
        "NQF RNCP Level I-Doctorat": "8",
        "NQF RNCP Level V": "3",
        "IE NQF Level 6": "5",
        "SCQF Level 7": "5",
        "RQF Level 4": "5",
        "RQF Entry Level 3": "1",
        "CQFW Level 2": "3",
        "DQR Level 6": "6",
        "CROQF Level 4.2": "4",
        "NNMQF Level 6 B": "6",
        "CyQF Level 7b": "7",
        "NLQF Level 4+": "4",
        # nothing is said of levels below the first, and of frameworks that we know no report of
        "BQF Level 0": "",
        "MQF Level A": "",
        "MECU Level 5": "",
        "ISQF Level 5.1": "",
    }
    assert {label: by_label[label] for label in expected} == expected


def test_languages_have_the_tags_of_texts() -> None:
    assert [language_tag(f"{EU}language/{code}") for code in ("FRA", "DEU", "ELL", "CNR", "XXX")] == [
        *("fr", "de", "el", "cnr", ""),
    ]


# ---------------------------------------------------------------- one fault a rule


def test_the_good_credential_has_no_finding() -> None:
    assert codes(changed()) == []
    assert codes(changed(), asked()) == []


@pytest.mark.parametrize("code", FAULTS)
def test_each_planted_value_is_found_and_nothing_else(code: str) -> None:
    changes, expected = FAULTS[code]
    found = seen(changed(*changes))
    assert [each.code for each in found] == [f"ELM-VOCABULARY-{code}"]
    told = {"value": found[0].value, **found[0].parameters}
    assert {name: told[name] for name in expected} == expected


def test_every_rule_of_the_file_is_planted_and_its_sentences_can_be_filled() -> None:
    stated = rules()
    assert set(stated) == {f"ELM-VOCABULARY-{code}" for code in {*FAULTS, *OF_A_RELEASE}}
    found = [seen(changed(*changes))[0] for changes, _ in FAULTS.values()]
    found += seen(changed(), asked(skill=EscoStanding.OBSOLETE)) + seen(changed(), asked(skill=EscoStanding.UNKNOWN))
    assert {each.code for each in found} == set(stated)
    for each in found:
        told = {"value": each.value, "node": each.node, **each.parameters}
        rule = stated[each.code]
        for sentence in (rule.message_en, rule.message_fr, rule.remedy_en, rule.remedy_fr):
            for language in LANGUAGES:
                assert not set("{[") & set(fill(sentence, told, language))


@pytest.mark.parametrize(
    ("old", "new", "code", "nearest"),
    [
        # the slash that typed prefixes lose, a code in small letters, a bibliographic code, a scheme as a value
        (f"{ENGLISH}", f"elm:primaryLanguage <{EU}languageENG>", "NOT-MEMBER", f"{EU}language/ENG"),
        (f"{ENGLISH}", f"elm:primaryLanguage <{EU}language/eng>", "NOT-MEMBER", f"{EU}language/ENG"),
        (f"{ENGLISH}", f"elm:primaryLanguage <{EU}language/GER>", "LANGUAGE", f"{EU}language/DEU"),
        # codes of two letters
        (f"{ENGLISH}", f"elm:primaryLanguage <{EU}language/FR>", "NOT-MEMBER", f"{EU}language/FRA"),
        (f"{ENGLISH}", f"elm:primaryLanguage <{EU}language/de>", "NOT-MEMBER", f"{EU}language/DEU"),
        (f"countryCode <{EU}country/FRA>", f"countryCode <{EU}country/FR>", "NOT-IN-EDITION", f"{EU}country/FRA"),
        (f"countryCode <{EU}country/FRA>", f"countryCode <{EU}country/EL>", "NOT-IN-EDITION", f"{EU}country/GRC"),
        # what is the address of a page elsewhere is a name here
        (EQF5, "elm:EQFLevel <https://data.europa.eu/snb/eqf/5>", "HTTPS", f"{SNB}eqf/5"),
        (f"<{SKILL}>", f"<{SKILL.replace('http:', 'https:')}>", "HTTPS", SKILL),
        (EQF5, f"elm:EQFLevel <{SNB}eqf/25831c2>", "EQF", ""),
        (EQF5, f"elm:EQFLevel <{SNB}eqf/05>", "EQF", f"{SNB}eqf/5"),
        (EQF5, f"elm:EQFLevel <{SNB}eqf5>", "EQF", f"{SNB}eqf/5"),
        (EQF5, "elm:EQFLevel :five", "FOREIGN", ""),
        (f"<{SNB}isced-f/0713>", f"<{SNB}isced-f/713>", "NOT-MEMBER", f"{SNB}isced-f/0713"),
        (f"<{SNB}credential/e34929035b>", f"<{SNB}credential/c_9a31f32a>", "NOT-IN-EDITION", ""),
        (f"<{SNB}qdr/c_243aefbe>", f"<{SNB}qdr/25831c2>", "NOT-MEMBER", ""),
    ],
)
def test_slips_and_their_nearest_members(old: str, new: str, code: str, nearest: str) -> None:
    found = seen(changed(f"{old} => {new}"))
    assert [each.code for each in found] == [f"ELM-VOCABULARY-{code}"]
    assert found[0].parameters["nearest"] == nearest


@pytest.mark.parametrize(
    "change",
    [
        # lists of one's own are free where no profile demands a list
        "elm:grade :grade => elm:gradeStatus :passed ; elm:grade :grade",
        f"<{SNB}learning-assessment/920fbb3cbe> => <https://example.org/modes/evening>",
        # lists that we do not hold, and types of classes without a list
        ":learner elm:gender <http://publications.europa.eu/resource/authority/human-sex/FEMALE> .",
        ":place elm:spatialCode <http://publications.europa.eu/resource/authority/atu/IRL_CTH_DUB> .",
        ":body dcterms:type <https://example.org/kinds/school> .",
        # older names of a scheme, and the scheme described as such
        f"<{SNB}eqf/5> <{expand('skos:inScheme')}> <{SNB}eqf> .",
        f"<{SNB}eqf/25831c2> a <{expand('skos:ConceptScheme')}> .",
        # a field above, and one of two levels that agrees
        f"<{SNB}isced-f/0713> => <{SNB}isced-f/071> , <{SNB}isced-f/07>",
        f"<{SNB}qdr/c_243aefbe> => <{SNB}qdr/c_030f5138>",
        # an occupation where occupations belong, a group of occupations too
        f":right elm:limitOccupation <{ESCO}occupation/c94dc5b2-6b23-4915-8de5-a4e6ae86d802> , <{ESCO}isco/C2152> .",
    ],
)
def test_what_is_right_is_left_alone(change: str) -> None:
    assert codes(changed(change)) == []


def test_a_value_does_not_become_a_member_by_saying_so() -> None:
    level = f":five a <{expand('skos:Concept')}> ; <{expand('skos:inScheme')}> <{SNB}eqf/25831c2> ."
    assert codes(changed(f"{EQF5} => elm:EQFLevel :five", level)) == ["FOREIGN"]


def test_many_misspelt_values_do_not_cost_many_searches() -> None:
    values = " , ".join(f"<{SNB}qdr/c_{each:08x}>" for each in range(3_000))
    found = seen(graph_of(f":spec elm:NQFLevel {values} ."))
    assert len(found) == 3_000


# ---------------------------------------------------------------- ESCO


def test_a_release_knows_what_became_of_a_skill() -> None:
    (obsolete,) = seen(changed(), asked(skill=EscoStanding.OBSOLETE))
    assert obsolete.code == "ELM-VOCABULARY-SKILL-OBSOLETE"
    assert obsolete.parameters == {"release": "r1", "edition": "1.2.0", "replacement": f"{ESCO}skill/new"}
    assert codes(changed(), asked(skill=EscoStanding.UNKNOWN)) == ["SKILL-UNKNOWN"]
    assert codes(changed(), asked(skill=EscoStanding.GROUP)) == ["SKILL-GROUP"]
    assert codes(changed(), asked(skill=EscoStanding.OCCUPATION)) == ["SKILL-OCCUPATION"]


def test_the_demonstration_says_nothing_of_skills_that_it_does_not_hold() -> None:
    assert codes(changed(), asked(demo=True, skill=EscoStanding.UNKNOWN)) == []
    assert codes(changed(), asked(demo=True, skill=EscoStanding.OBSOLETE)) == ["SKILL-OBSOLETE"]


def test_a_release_without_esco_says_nothing() -> None:
    reference = asked(skill=EscoStanding.UNKNOWN)
    reference.has_esco = False
    assert codes(changed(), reference) == []


def test_alignments_of_badges_are_asked_as_well() -> None:
    badge = graph_of(f':a ob:alignment [ schema:targetUrl "{SKILL}"^^xsd:anyURI ] .')
    assert codes(badge, asked(skill=EscoStanding.OBSOLETE)) == ["SKILL-OBSOLETE"]
    assert codes(badge) == []


# ---------------------------------------------------------------- the official samples

EXPECTED = {
    "AA-Annex1-MC-signed.jsonld": ["LEVELS-DISAGREE"],
    "Sample-CertOfPart-signed.jsonld": [],
    "Sample-MC-Annex1-signed.jsonld": [],
    "Sample-MastersDegree-signed.jsonld": [],
    "AA-Annex1-MC-unsigned.json": ["LEVELS-DISAGREE"],
    "Sample-CertOfPart-unsigned.json": [],
    "Sample-CertOfPart-unsigned.jsonld": [],
    "Sample-CertOfPart-unsigned-uploadable.json": [],
    "Sample-MC-Annex1-unsigned.jsonld": [],
    "Sample-MC-Annex1-unsigned-uploadable.json": [],
    "cred1.jsonld": [],
    "cred_noLegalName_shouldFail.jsonld": ["SCHEME"],
    "credential-sample-turtle.ttl": ["NOT-IN-EDITION", *["NOT-MEMBER"] * 5],
    "credential-sample.jsonld": [],
    "credential_shouldValidate.jsonld": ["NOT-IN-EDITION", "SCHEME"],
}


@pytest.mark.parametrize("name", EXPECTED)
def test_official_samples(reference: Path, name: str) -> None:
    found = seen(CredentialGraph(samples(reference)[name]))
    assert sorted(each.code.removeprefix("ELM-VOCABULARY-") for each in found) == EXPECTED[name]
    if name.endswith("-signed.jsonld"):
        stated = rules()
        assert [each for each in found if stated[each.code].severity is Severity.VIOLATION] == []
