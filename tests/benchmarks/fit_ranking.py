"""Fits the weights of the ranking and writes them to data/linking: python tests/benchmarks/fit_ranking.py [--encoder NAME]

Takes the reference folder (PASSERELLE_REFERENCE) and the parts of its evaluation file that are not held back. The same
files give the same weights. With `--encoder` only the models with that encoder are fitted anew.
"""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from pathlib import Path

import numpy as np

from passerelle.linking.encoder import encoder_of
from passerelle.linking.evaluation import read_queries, skills_of_files
from passerelle.linking.fitting import (
    associations,
    fitted_confidence,
    fitted_order,
    gain,
    out_of_fold,
    pools,
    targets,
)
from passerelle.linking.ranking import SkillRanker
from passerelle.linking.ranking_weights import WEIGHTS_FILE, RankingWeights
from passerelle.linking.split import is_test, text_hash
from passerelle.linking.terms import words
from passerelle.resources import folder

LANGUAGE = "fr"
