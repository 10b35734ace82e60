"""Linking against a plain product of TF-IDF matrices with the best few of each row, on the same texts in the same run.

`make bench` runs it. The peer is what anyone would write first with scipy: character n-grams of the labels, cosine,
top 10; it looks at nothing else and gives no confidence. Texts are made of the words of ESCO's French labels, as long
as outcomes are.
"""

from __future__ import annotations

import random
import time
from pathlib import Path

import numpy as np
import pyoxigraph as ox
import pytest
import scipy.sparse as sp

from passerelle.build.options import BuildOptions
from passerelle.build.pipeline import build
from passerelle.graph.skills import SkillGraph
from passerelle.linking.candidate_memory import CandidateMemory
from passerelle.linking.candidates import RankedLinker
from passerelle.linking.loaded_skills import loaded_skills
from passerelle.linking.ranking import RankedSkill, SkillRanker
from passerelle.linking.skill_texts import SkillTexts
from passerelle.records.link import OutcomeText
from passerelle.records.text import LanguageText
from passerelle.settings import Settings

SEED = 20261122
DISTINCT = 2_000
OUTCOMES = 300_000
REPEATED = 3
"""Each text stands in three outcomes: fiches repeat phrases, and successors repeat their predecessors."""
BATCH = 2_000
MOST_TIMES_THE_PEER = 3.0
LEAST_REMEMBERED_A_SECOND = 5_000


@pytest.fixture(scope="module")
def skills(reference: Path, tmp_path_factory: pytest.TempPathFactory) -> list[SkillTexts]:
    fiches = (reference / "french-catalogue" / "export_fiches_RNCP_V4_1_extract.xml",)
    esco = tuple(sorted((reference / "esco").glob("*.zip")))
    options = BuildOptions(rncp=fiches, esco=esco, links=False, shacl=False)
    settings = Settings.of(environment={}, releases=tmp_path_factory.mktemp("esco"))
    return loaded_skills(SkillGraph(ox.Store.read_only(str(build(options, settings).release.store))))


def texts_of(skills: list[SkillTexts], number: int) -> list[str]:
    """Texts of 6 to 24 words, each unlike the others."""
    random_ = random.Random(SEED)
    words = [word for each in skills if each.language == "fr" for word in each.preferred.split()]
    return [f"{' '.join(random_.choices(words, k=random_.randint(6, 24)))} {place}" for place in range(number)]


def n_grams(text: str) -> list[str]:
    padded = f" {text.lower()} "
    return [padded[at : at + size] for size in (3, 4, 5) for at in range(len(padded) - size + 1)]


def tf_idf(
    texts: list[str], columns: dict[str, int], weights: np.ndarray | None = None
) -> tuple[sp.csr_matrix, np.ndarray]:
    indices, starts = [], [0]
    for text in texts:
        found = (
            {columns.setdefault(gram, len(columns)) for gram in n_grams(text)}
            if weights is None
            else {columns[gram] for gram in n_grams(text) if gram in columns}
        )
        indices += sorted(found)
        starts.append(len(indices))
    matrix = sp.csr_matrix((np.ones(len(indices), np.float32), indices, starts), shape=(len(texts), len(columns)))
    if weights is None:
        weights = np.log(len(texts) / np.maximum(np.asarray(matrix.sum(axis=0)).ravel(), 1)).astype(np.float32)
    matrix = matrix @ sp.diags(weights)
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return sp.csr_matrix(sp.diags(1 / np.maximum(lengths, 1e-9)) @ matrix), weights


def peer(labels: list[str], texts: list[str]) -> tuple[float, int]:
    """Seconds for the best 10 labels of each text, the index made before."""
    columns: dict[str, int] = {}
    index, weights = tf_idf(labels, columns)
    transposed = index.T.tocsr()
    started = time.perf_counter()
    found = 0
    for at in range(0, len(texts), 256):
        product = (tf_idf(texts[at : at + 256], columns, weights)[0] @ transposed).toarray()
        found += np.argpartition(-product, 10, axis=1)[:, :10].shape[0]
    return time.perf_counter() - started, found


def test_ranking_against_a_plain_product(skills: list[SkillTexts]) -> None:
    texts = texts_of(skills, DISTINCT)
    labels = [label for each in skills if each.language == "fr" for label in (each.preferred, *each.alternatives)]
    ranker = SkillRanker(skills)
    ranker.rank(texts[:10], "fr")
    started, busy = time.perf_counter(), time.process_time()
    assert len(ranker.rank(texts, "fr")) == DISTINCT
    ours, busy = time.perf_counter() - started, time.process_time() - busy
    theirs, found = peer(labels, texts)
    assert found == DISTINCT
    print(
        f"\n{DISTINCT} distinct texts over {len(ranker.skills)} skills: ranked {DISTINCT / ours:.0f} texts/s "
        f"({DISTINCT / busy:.0f} a second of processor), "
        f"plain product {DISTINCT / theirs:.0f} texts/s, {ours / theirs:.1f} times its time; "
        f"{OUTCOMES} distinct texts would take {OUTCOMES / DISTINCT * ours / 60:.0f} minutes"
    )
    assert ours < MOST_TIMES_THE_PEER * theirs


class Counting:
    """A ranker that costs nothing, so that what remains is remembering and choosing."""

    version = "counting-1"

    def __init__(self) -> None:
        self.asked = 0

    def rank(self, texts: list[str], language: str, top: int = 10) -> list[list[RankedSkill]]:
        self.asked += len(texts)
        way = (False, "skos:closeMatch", "semapv:LexicalMatching", "ranked-by-words")
        return [
            [RankedSkill(f"urn:s:{place}", 1.0 - place / 20, 0.9 - place / 20, *way) for place in range(top)]
            for _ in texts
        ]


def link(linker: RankedLinker, texts: list[str]) -> float:
    started = time.perf_counter()
    for at in range(0, OUTCOMES, BATCH):
        batch = [
            OutcomeText(f"urn:o:{place}", (LanguageText(texts[place // REPEATED], "fr"),))
            for place in range(at, at + BATCH)
        ]
        assert all(len(each) == 5 for each in linker.candidates(batch))
    linker.close()
    return time.perf_counter() - started


def test_300_000_outcomes_rank_each_text_once_and_a_rebuild_only_what_is_new(
    skills: list[SkillTexts], tmp_path: Path
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    texts = texts_of(skills, OUTCOMES // REPEATED)
    ranker = Counting()
    seconds = link(RankedLinker(CandidateMemory.create(first, ranker.version, "esco"), ranker), texts)
    assert ranker.asked == OUTCOMES // REPEATED
    changed = [f"{text} !" if place % 100 == 0 else text for place, text in enumerate(texts)]
    again = Counting()
    memory = CandidateMemory.create(second, again.version, "esco")
    rebuilt = link(RankedLinker(memory, again, CandidateMemory.open(first)), changed)
    assert again.asked == OUTCOMES // REPEATED // 100
    size = sum(path.stat().st_size for path in first.rglob("*") if path.is_file()) / 1e6
    print(
        f"\n{OUTCOMES} outcomes, {len(texts)} texts: remembered and chosen from {OUTCOMES / seconds:.0f} outcomes/s, "
        f"{size:.0f} MB; rebuilt with 1 % new at {OUTCOMES / rebuilt:.0f} outcomes/s, {again.asked} texts ranked"
    )
    assert OUTCOMES / seconds > LEAST_REMEMBERED_A_SECOND
