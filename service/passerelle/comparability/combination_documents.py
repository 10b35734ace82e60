"""The JSON document of a combination of competences. `data/schemas/unit-sets.schema.json` is its schema."""

from __future__ import annotations

from passerelle.comparability.combinations import Activity, Combination, OccupationCombination, SkillShown
from passerelle.comparability.coverage import METHOD
from passerelle.comparability.evidence_documents import fact_of
from passerelle.comparability.path_documents import framed
from passerelle.comparability.unit_documents import link_of, unit_summary
from passerelle.comparability.words import Json, Words
from passerelle.records.comparison import Match


def combination_document(found: Combination, words: Words) -> Json:
    """What the units give together, by activity and by occupation."""
    texts = {outcome.iri: outcome.texts for unit in found.units for outcome in unit.outcomes}

    def way(match: Match, units: tuple[str, ...]) -> Json:
        return {
            "outcome": match.outcome,
            **words.text(texts[match.outcome]),
            "units": list(units),
            "kind": words.row("outcome-matches.tsv", match.kind),
            "link": link_of(match.holder_link, words) if match.holder_link else None,
            "expected": match.expected,
        }

    def skill(each: SkillShown) -> Json:
        return {
            "skill": words.thing(each.skill),
            "shown": bool(each.ways),
            "ways": [way(match, units) for match, units in each.ways],
        }

    def occupation(each: OccupationCombination) -> Json:
        return {
            "occupation": words.thing(each.occupation),
            "reached": [
                {
                    "from": words.thing(origin),
                    "relation": reached.relation,
                    "relationLabel": words.say(f"combination-relation-{_relation(reached.relation)}"),
                    "appellations": reached.appellations,
                    "units": list(units),
                }
                for origin, reached, units in each.reached
            ],
            "essential": [skill(one) for one in each.essential],
            "optional": [skill(one) for one in each.optional],
            "optionalInAll": each.optional_in_all,
        }

    return {
        **framed(words, METHOD),
        "noCombination": words.say("combination-esco"),
        "notAPerson": words.say("combination-not-a-person"),
        "units": [unit_summary(each, words) for each in found.units],
        "activities": [_activity(each, words) for each in found.activities],
        "occupations": [occupation(each) for each in found.occupations],
        "occupationsInAll": found.reached_in_all,
        "withoutOccupation": [words.thing(each) for each in found.without_occupation],
    }


def _relation(relation: str) -> str:
    """`exact` of `skos:exactMatch`."""
    return relation.removeprefix("skos:").removesuffix("Match")


def _activity(each: Activity, words: Words) -> Json:
    return {
        "unit": unit_summary(each.unit, words),
        "stated": [fact_of(fact, words) for fact in each.stated],
        "outcomes": [
            {
                "outcome": outcome.iri,
                **words.text(outcome.texts),
                "link": link_of(link, words) if link else None,
            }
            for outcome, link in each.links
        ],
    }
