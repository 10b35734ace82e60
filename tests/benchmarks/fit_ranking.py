"""Fits the weights of the ranking into data/linking: `python tests/benchmarks/fit_ranking.py [--encoder NAME]`.

Takes the reference folder (PASSERELLE_REFERENCE) and the part of its evaluation file that is not held back. The same
files give the same weights. Without an encoder everything else is fitted; with one the models that use it.
"""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from pathlib import Path

import numpy as np

from passerelle.cli.esco_skills import skills_of_files
from passerelle.linking.encoder import Encoder, encoder_of
from passerelle.linking.fitting import (
    associations,
    fitted_confidence,
    fitted_order,
    gain,
    out_of_fold,
    pools,
    targets,
)
from passerelle.linking.kept_encoder import kept_encoder
from passerelle.linking.linked_texts import LinkedText, linked_texts
from passerelle.linking.ranking import SkillRanker
from passerelle.linking.ranking_weights import WEIGHTS_FILE, RankingModel, RankingWeights
from passerelle.linking.skill_texts import SkillTexts
from passerelle.linking.split import FOLDS, TEST_SHARE, is_test, text_hash
from passerelle.linking.terms import words
from passerelle.records.provenance import SourceFile
from passerelle.records.tally import Tally
from passerelle.resources import folder
from passerelle.sources.evaluation_pairs import LANGUAGE, evaluation_pairs

VERSION = "rank-1"
LONGEST = 0.99
"""Share of the queries that are no longer than what counts as measured."""
FOLDER = folder("data") / "linking"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", default="")
    name = parser.parse_args().encoder
    chosen = encoder_of(name)
    encoder = kept_encoder(chosen) if chosen else None
    reference = Path(os.environ.get("PASSERELLE_REFERENCE", Path(__file__).parents[3] / "shared" / "reference"))
    pairs = reference / "evaluation" / "competence_fr_to_esco_skill.csv"
    version, skills = skills_of_files(sorted((reference / "esco").glob("*.zip")))
    read = [(each.query, each.text, each.skill, each.relation) for each in evaluation_pairs(pairs, Tally())]
    queries, _ = linked_texts(read, frozenset(each.skill for each in skills))
    queries = [query for query in queries if not is_test(query.identifier)]
    models = {} if encoder is None else dict(RankingWeights.read(FOLDER / WEIGHTS_FILE).models)
    suffix = "+encoder" if encoder else ""
    models[f"own{suffix}"] = fitted(skills, queries, encoder)
    models[f"abroad{suffix}"] = fitted([each for each in skills if each.language != LANGUAGE], queries, encoder)
    weights = RankingWeights(
        VERSION,
        LANGUAGE,
        int(np.quantile([len(words(query.text, LANGUAGE)) for query in queries], LONGEST)),
        sum(each.language == LANGUAGE for each in skills),
        encoder.name if encoder else "",
        models,
        frozenset(text_hash(query.text) for query in queries),
        {
            "pairs": {"file": pairs.name, "sha256": SourceFile.of(pairs).sha256, "queries": len(queries)},
            "esco": {"version": version, "languages": sorted({each.language for each in skills})},
            "split": f"by srcId; held back {TEST_SHARE} of 100; confidences on scores across {FOLDS} folds",
            "licence": "pairs: Competent 3.8 to ESCO (VDAB), through melo-benchmark (MIT); ESCO: CC BY 4.0",
        },
    )
    FOLDER.mkdir(parents=True, exist_ok=True)
    weights.write(FOLDER / WEIGHTS_FILE)
    if encoder is None:
        own = {each.skill: each for each in skills if each.language == LANGUAGE}
        associations(queries, own, LANGUAGE).write(FOLDER / f"word-associations-{LANGUAGE}.npz")


def fitted(skills: list[SkillTexts], queries: list[LinkedText], encoder: Encoder | None) -> RankingModel:
    ranker = SkillRanker(skills, encoder, RankingWeights(VERSION, LANGUAGE, 0, 0, "", {}))
    own = {each.skill: each for each in skills if each.language == LANGUAGE}
    pool, folds = pools(ranker, queries, own, LANGUAGE)
    names = ranker.names(LANGUAGE)
    wanted = targets(pool, queries, ranker.skills, gain)
    right = targets(pool, queries, ranker.skills, lambda relation: 1.0) > 0
    scores, inputs = out_of_fold(names, pool.features, wanted, folds)
    best = np.take_along_axis(right, scores.argmax(axis=1)[:, None], axis=1).mean()
    print(f"{len(queries)} queries, {len(names)} features; first is linked, across folds: {best:.3f}")
    confidence, intercept = fitted_confidence(scores, inputs, right)
    return replace(fitted_order(names, pool.features, wanted), confidence=confidence, intercept=intercept)


if __name__ == "__main__":
    main()
