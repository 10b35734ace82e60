"""How values read on pages."""

from __future__ import annotations

import pytest

from passerelle.web.responses.wording import duration


@pytest.mark.parametrize(
    ("stored", "french", "english"),
    [
        ("P75D", "1800 h", "1800 h"),  # as a store writes PT1800H
        ("P500D", "12\N{NARROW NO-BREAK SPACE}000 h", "12,000 h"),
        ("P2DT2H30M", "50 h 30 min", "50 h 30 min"),
        ("PT40M", "40 min", "40 min"),
        ("PT0S", "0 h", "0 h"),
        ("P1Y", "P1Y", "P1Y"),  # a year has no number of hours
    ],
)
def test_a_workload_reads_in_hours_however_it_is_stored(stored: str, french: str, english: str) -> None:
    assert (duration(stored, "fr"), duration(stored, "en")) == (french, english)
