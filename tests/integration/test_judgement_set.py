"""The judged links of the repository: they fit the real extracts, and the README says what the file holds."""

from __future__ import annotations

import re
from collections import Counter

import pytest
import sssom_pydantic

from passerelle.graph.links import LinkGraph
from passerelle.linking.agreement import agreement
from passerelle.linking.judgements import JUDGEMENTS_FILE, JudgedOutcome, read_judgements
from passerelle.linking.resampling import Estimate
from passerelle.namespaces import Minting
from passerelle.records.text import outcome_hash

LANGUAGES = ("fr", "de", "et")


@pytest.fixture(scope="module")
def judged() -> dict[str, JudgedOutcome]:
    return read_judgements()


@pytest.fixture(scope="module")
def readme(root) -> str:
    return (root / "data" / "judgements" / "README.md").read_text(encoding="utf-8")


def test_the_set_is_valid_and_in_canonical_order(root):
    path = root / "data" / JUDGEMENTS_FILE
    errors = sssom_pydantic.read(path, return_errors=True)[-1]
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    rows = [line.split("\t") for line in lines[1:]]
    assert errors == []
    assert rows == sorted(rows)
    assert len({(row[0], row[lines[0].split("\t").index("object_id")]) for row in rows}) == len(rows)


def test_no_hash_is_stale(judged, real_release, reference):
    found = {
        outcome_hash(text.text, text.language)
        for outcome in LinkGraph(real_release.open_store(), Minting(real_release.manifest.base)).outcomes()
        for text in outcome.texts
    }
    folder = reference / "french-catalogue" / "titres-professionnels-2003-2015"
    for path in folder.glob("*.md"):
        paragraphs = re.split(r"\n\s*\n", path.read_text(encoding="utf-8"))
        found |= {outcome_hash(paragraph, "fr") for paragraph in paragraphs}
    assert judged.keys() - found == set()


def test_every_passing_judgement_is_by_two_passes_or_settled(judged):
    for outcome in judged.values():
        for each in outcome.judgements:
            assert each.adjudicated or each.first == each.second == each.relation


def test_the_readme_gives_the_counts_of_the_file(judged, readme):
    for language in (*LANGUAGES, "all"):
        chosen = [each for each in judged.values() if language in {each.language, "all"}]
        relations = Counter(each.relation for outcome in chosen for each in outcome.judgements)
        cells = [language, len(chosen), sum(map(len, (each.judgements for each in chosen)))]
        cells += [relations[name] for name in ("exact", "close", "broad", "narrow", "related", "none")]
        cells.append(sum(not each.correct for each in chosen))
        assert f"| {' | '.join(map(str, cells))} |" in readme


def test_the_readme_gives_the_agreement_of_the_file(judged, readme):
    def written(found: Estimate) -> str:
        return "–" if found.value is None else f"{found.value:.2f} ({found.lower:.2f}–{found.upper:.2f})"

    rounds = {each.round for outcome in judged.values() for each in outcome.judgements}
    for number in rounds:
        for language in (*LANGUAGES, "all"):
            found = agreement((each for each in judged.values() if language in {each.language, "all"}), number)
            estimates = (found.on_correct, found.kappa_on_correct, found.on_relation, found.kappa_on_relation)
            cells = [str(number), language, str(found.outcomes), str(found.pairs), *map(written, estimates)]
            assert f"| {' | '.join(cells)} |" in readme
