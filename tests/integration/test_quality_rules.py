"""The rules of `ontology/checks` over whole releases: none is broken, on the demo and on the real data."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from passerelle.graph.release import Release
from unit.ontology.ontology_files import Rule, rules

OVER_RELEASES = [rule for rule in rules() if rule.header["applies_to"] in {"release", "both"}]


def test_there_are_enough_rules() -> None:
    assert len(rules()) >= 15
    assert len(OVER_RELEASES) >= 10


@pytest.mark.parametrize("rule", OVER_RELEASES, ids=lambda rule: rule.header["id"])
def test_the_demo_breaks_no_rule(demo_release: Release, rule: Rule) -> None:
    assert rule.violations(ox.Store.read_only(str(demo_release.store))) == []


@pytest.mark.parametrize("rule", OVER_RELEASES, ids=lambda rule: rule.header["id"])
def test_the_real_release_breaks_no_rule(real_release: Release, rule: Rule) -> None:
    assert rule.violations(ox.Store.read_only(str(real_release.store))) == []
