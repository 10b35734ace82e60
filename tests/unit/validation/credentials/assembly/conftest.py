"""The small catalogue takes the place of the real one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from passerelle.validation.credentials import assembly, rules
from passerelle.validation.credentials.model import (
    Layer,
)
from unit.validation.credentials.assembly.small_catalogue import (
    RULES,
)


@pytest.fixture(autouse=True)
def small_catalogue(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    order = list(Layer)
    found = {each.code: each for each in sorted(RULES, key=lambda each: (order.index(each.layer), each.code))}
    monkeypatch.setattr(rules, "catalogue", lambda: found)
    assembly._repairs.cache_clear()
    yield
    assembly._repairs.cache_clear()
