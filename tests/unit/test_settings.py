"""Settings: where they come from, what wins, and that each is documented."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from passerelle.errors import SettingsError
from passerelle.settings import Settings


def config(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "passerelle.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    path = config(tmp_path, "[service]\nport = 1\nworkers = 3\nquery_seconds = 1.5\n")
    settings = Settings.of(path, environment={"PASSERELLE_PORT": "2", "PASSERELLE_WORKERS": "4"}, port=5)
    assert (settings.port, settings.workers, settings.query_seconds) == (5, 4, 1.5)


def test_a_base_has_no_slash_at_its_end() -> None:
    assert Settings.of(environment={}, base="https://example.org/x/").base == "https://example.org/x"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[service]\nprot = 1\n", "setting-unknown"),
        ("[service]\nport = 'many'\n", "setting-type"),
        ("[service]\nbase = 'urn:x'\n", "setting-base"),
        ("[service\n", "setting-file"),
        ("service = 1\n", "setting-file"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_file(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.of(config(tmp_path, text), environment={})
    assert caught.value.message_id == message
    assert "passerelle.toml" in str(caught.value)
    assert caught.value.what("fr") != caught.value.what("en")


def test_every_setting_is_in_the_readme_with_default_unit_and_reason(root: Path) -> None:
    readme = (root / "README.md").read_text(encoding="utf-8")
    for each in fields(Settings):
        row = f"| `{each.name}` | `{each.default}` | {each.metadata['unit']} | {each.metadata['reason']} |"
        assert row in readme
