"""The findings that an export says a decision would change are those that change once it is taken."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from passerelle.build.derive import derive
from passerelle.comparability.comparisons import Comparisons
from passerelle.comparability.review_items import ReleaseReview, ReviewFilters
from passerelle.graph.release import Release, Releases
from passerelle.linking.review_append import appending
from passerelle.linking.review_lines import LogDecision, LogHeader
from passerelle.settings import Settings

PURPOSE = "bloc-exemption"
UNIT = "https://belgique.example.org/unite/raccordement-photovoltaique"
SKILL = "http://data.europa.eu/esco/skill/13879c29-3c14-4a53-945c-5a8c0f8984db"  # install inverter
DECLARED = 0.8
"""mappings/link-classes.tsv: what a declared link is expected to be worth, and so how likely it is to be accepted."""


def decided(release: Release, folder: Path, outcome: str, *, accepted: bool) -> Release:
    releases = folder / f"accepted-{accepted}"
    shutil.copytree(release.folder, releases / release.identifier)
    (releases / "current").symlink_to(release.identifier)
    log = releases / "more.sssom.tsv"
    with appending(log, LogHeader("https://example.org/log", "A log", release.manifest.base)) as held:
        held.append([LogDecision(outcome, SKILL, "skos:closeMatch", accepted, "2026-11-23", "A. Person")])
    derive(log, Settings.of(environment={}, releases=releases))
    return Releases(releases).current()


def findings(release: Release) -> dict[tuple[str, str], tuple[float, str]]:
    """Expected coverage and finding of every ordered pair of the unit and another that is not of its family."""
    comparisons = Comparisons(release)
    family = {UNIT, *comparisons.unit(UNIT).parts, *comparisons.unit(UNIT).wholes}
    found = {}
    for other in comparisons.reader.units():
        if other not in family:
            comparison = comparisons.compare(UNIT, other, PURPOSE)
            for pair, each in (((UNIT, other), comparison.forward), ((other, UNIT), comparison.reverse)):
                found[pair] = each.coverage.expected, each.finding.finding
    return found


def test_the_number_of_findings_is_what_the_decision_brings(demo_release: Release, tmp_path: Path):
    review = ReleaseReview(demo_release, [], "en")
    items = review.items(ReviewFilters(PURPOSE, unit=UNIT, states=frozenset({"declared"})), 100)
    item = next(each for each in items if each.skill == SKILL)
    assert item.impact is not None
    now = findings(demo_release)
    then = [findings(decided(demo_release, tmp_path, item.outcome, accepted=accepted)) for accepted in (True, False)]
    moved = [pair for pair in now if any(now[pair][0] != after[pair][0] for after in then)]
    # fewer than the twenty pairs that are judged, so that none is left out
    assert 0 < len(moved) <= 20
    accepted, rejected = (sum(now[pair][1] != after[pair][1] for pair in moved) for after in then)
    assert item.impact.findings == pytest.approx(DECLARED * accepted + (1 - DECLARED) * rejected)
    assert accepted + rejected > 0
