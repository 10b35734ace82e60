"""The table of what costs, held against the addresses that there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from passerelle.settings import Settings
from passerelle.web.admission.routes import OTHER, costs, pattern_of, pattern_of_rule
from passerelle.web.application import create_application

FREE = {
    "/", "/static/<path:filename>", "/healthz", "/readyz", "/metrics", "/openapi.json", "/rules", "/rules/<code>",
    "/queries", "/validate/report.css", "/admin/releases", "/admin/releases/<identifier>",
    "/admin/releases/<identifier>/activate",
}  # fmt: skip


def rules(folder: Path) -> set[str]:
    application = create_application(Settings(releases=folder, admin_token="0" * 32))
    return {rule.rule for rule in application.url_map.iter_rules()}


def test_what_is_free_is_known_and_everything_else_costs(tmp_path: Path) -> None:
    found = rules(tmp_path)
    assert found >= FREE
    free = {rule for rule in found if not costs("POST", re.sub(r"<[^>]*>", "x", rule))}
    assert free == FREE


def test_what_never_reached_the_application_goes_by_the_same_pattern(tmp_path: Path) -> None:
    for rule in rules(tmp_path):
        pattern = pattern_of(re.sub(r"<[^>]*>", "x", rule))
        assert pattern in (OTHER, "/id/{path}", pattern_of_rule(rule)), rule
    for path, pattern in (
        ("/sparql", "/sparql"),
        ("/releases/20261122T120000Z-0a1b2c3d/sparql", "/releases/{identifier}/sparql"),
        ("/queries/any name", "/queries/{name}"),
        ("/things", "/things"),
    ):
        assert pattern_of(path) == pattern
        assert pattern in {pattern_of_rule(rule) for rule in rules(tmp_path)}


@pytest.mark.parametrize("path", ["/sparql/", "//sparql", "/unknown", "/.well-known/void", "/queriesx", "/id/a\nb"])
def test_unknown_addresses_cost(path: str) -> None:
    assert costs("GET", path)


def test_options_and_the_form_are_free() -> None:
    assert not costs("OPTIONS", "/sparql")
    assert not costs("GET", "/validate")
    assert costs("POST", "/validate")
    assert costs("HEAD", "/sparql")
