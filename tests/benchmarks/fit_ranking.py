"""Fits the weights of the ranking: `PYTHONPATH=tests python -m benchmarks.fit_ranking RELEASE [--encoder NAME]`.

Writes data/linking. Takes the reference folder (PASSERELLE_REFERENCE), the part of its evaluation file that is not held
back, and the judged outcomes, whose texts a release of the real extracts gives. The same files give the same weights.
Without an encoder everything else is fitted; with one the models that use it.
"""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from tests.benchmarks.fitted_associations import associations
from tests.benchmarks.fitting import (
    Lessons,
    fitted_confidence,
    fitted_order,
    gain,
    out_of_fold,
    pool_of,
    pools,
    possible,
    targets,
    taught_names,
)
from tests.benchmarks.judged_outcomes import LISTED, AcrossFolds, JudgedText, gain_of_judged, judged_outcomes, truth

from passerelle.cli.esco_skills import skills_of_files
from passerelle.linking.encoder import Encoder, encoder_of
from passerelle.linking.kept_encoder import kept_encoder
from passerelle.linking.linked_texts import LinkedText, linked_texts
from passerelle.linking.ranking import SkillRanker
from passerelle.linking.ranking_weights import WEIGHTS_FILE, RankingModel, RankingWeights, shipped_associations
from passerelle.linking.skill_texts import SkillTexts
from passerelle.linking.split import FOLDS, TEST_SHARE, fold, is_test, text_hash
from passerelle.linking.terms import words
from passerelle.linking.word_associations import WordAssociations
from passerelle.records.provenance import SourceFile
from passerelle.records.tally import Tally
from passerelle.resources import folder
from passerelle.sources.evaluation_pairs import LANGUAGE, evaluation_pairs

VERSION = "rank-2"
SHORT = 9
"""Words of the longest pairs, without the hundredth part that is longer: what they teach holds for such texts."""
LONGEST = 0.99
"""Share of the judged outcomes that are no longer than what counts as measured."""
PAIRS_WEIGHT, PENALTY_LONG = 0.3, 1e-2
"""How much all pairs count beside all judged outcomes for long texts, and the penalty there: chosen across folds."""
ALIKE = 2
"""Inputs of a confidence, the last ones, that say whether text and label are worded alike."""
FOLDER = folder("data") / "linking"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("release", type=Path, help="folder of a release of the real extracts, with all of ESCO")
    parser.add_argument("--encoder", default="")
    parser.add_argument("--across", type=Path, help="write the first ten of each judged outcome across folds")
    given = parser.parse_args()
    chosen = encoder_of(given.encoder)
    encoder = kept_encoder(chosen) if chosen else None
    reference = Path(os.environ.get("PASSERELLE_REFERENCE", Path(__file__).parents[3] / "shared" / "reference"))
    pairs = reference / "evaluation" / "competence_fr_to_esco_skill.csv"
    version, skills = skills_of_files(sorted((reference / "esco").glob("*.zip")))
    read = [(each.query, each.text, each.skill, each.relation) for each in evaluation_pairs(pairs, Tally())]
    queries, _ = linked_texts(read, frozenset(each.skill for each in skills))
    queries = [query for query in queries if not is_test(query.identifier)]
    judged = judged_outcomes(given.release, reference, LANGUAGE)
    own = {each.skill: each for each in skills if each.language == LANGUAGE}
    models = {} if encoder is None else dict(RankingWeights.read(FOLDER / WEIGHTS_FILE).models)
    made = {} if encoder is None else dict(RankingWeights.read(FOLDER / WEIGHTS_FILE).made)
    suffix = "+encoder" if encoder else ""
    if encoder is None:
        associations(queries, own, LANGUAGE).write(FOLDER / f"word-associations-{LANGUAGE}.npz")
        shipped_associations.cache_clear()
    for kind in ("own", "abroad"):
        known = skills if kind == "own" else [each for each in skills if each.language != LANGUAGE]
        short, long, told = fitted(known, queries, judged, encoder, own, given.across if kind == "own" else None)
        models |= {f"{kind}{suffix}": short, f"{kind}-long{suffix}": long}
        if kind == "own":
            made.setdefault("judgements", {})[f"across folds{suffix}"] = told
    weights = RankingWeights(
        VERSION,
        LANGUAGE,
        SHORT,
        int(np.quantile([len(words(each.text, LANGUAGE)) for each in (of.query for of in judged)], LONGEST)),
        len(own),
        encoder.name if encoder else "",
        models,
        frozenset(text_hash(query.text) for query in queries),
        made
        | {
            "pairs": {"file": pairs.name, "sha256": SourceFile.of(pairs).sha256, "queries": len(queries)},
            "esco": {"version": version, "languages": sorted({each.language for each in skills})},
            "split": f"by srcId; held back {TEST_SHARE} of 100; confidences on scores across {FOLDS} folds",
            "licence": "pairs: Competent 3.8 to ESCO (VDAB), through melo-benchmark (MIT); ESCO: CC BY 4.0",
        },
    )
    FOLDER.mkdir(parents=True, exist_ok=True)
    weights.write(FOLDER / WEIGHTS_FILE)


def fitted(
    skills: list[SkillTexts],
    queries: list[LinkedText],
    judged: list[JudgedText],
    encoder: Encoder | None,
    labelled: dict[str, SkillTexts],
    report: Path | None,
) -> tuple[RankingModel, RankingModel, dict[str, Any]]:
    """The models for short and for long texts, and what the latter is worth across folds of the judged outcomes."""
    ranker = SkillRanker(skills, encoder, RankingWeights(VERSION, LANGUAGE, 0, 0, 0, "", {}))
    own = {each.skill: each for each in skills if each.language == LANGUAGE}
    names, places = taught_names(ranker.names(LANGUAGE))
    pool, folds = pools(ranker, queries, own, LANGUAGE)
    linkable = possible(pool, labelled, ranker.skills)
    pairs = Lessons(pool.features[..., places], targets(pool, queries, ranker.skills, gain), linkable)
    right = targets(pool, queries, ranker.skills, lambda relation: 1.0) > 0
    scores, inputs = out_of_fold(names, [pairs], [folds])
    best = np.take_along_axis(right, scores.argmax(axis=1)[:, None], axis=1).mean()
    print(f"{len(queries)} queries, {len(names)} features; first is linked, across folds: {best:.3f}", flush=True)
    confidence, intercept = fitted_confidence(scores, inputs, right, linkable)
    short = replace(fitted_order(names, [pairs]), confidence=confidence, intercept=intercept)

    ranker.learn(LANGUAGE, shipped_associations(LANGUAGE) if own else WordAssociations.none(LANGUAGE))
    outcomes = [each.query for each in judged]
    seen = pool_of(ranker, outcomes, LANGUAGE)
    right, known = truth(seen, judged, ranker.skills)
    wanted = targets(seen, outcomes, ranker.skills, gain_of_judged)
    lessons = [replace(pairs, weight=PAIRS_WEIGHT), Lessons(seen.features[..., places], wanted, np.ones_like(known))]
    parts = [folds, np.array([fold(each.identifier) for each in outcomes])]
    scores, inputs = out_of_fold(names, lessons, parts, PENALTY_LONG)
    across = AcrossFolds(scores, inputs, right, known, parts[1])
    if report:
        across.write(report, seen, outcomes, ranker.skills)
    confidence, intercept = fitted_confidence(scores, inputs, right, known, LISTED)
    # a handful of judged outcomes is worded like a label: what that is worth the pairs know better
    confidence = (*confidence[:-ALIKE], *short.confidence[-ALIKE:])
    long = replace(fitted_order(names, lessons, PENALTY_LONG), confidence=confidence, intercept=intercept)
    return short, long, across.told([len(words(each.text, LANGUAGE)) > SHORT for each in outcomes])


if __name__ == "__main__":
    main()
