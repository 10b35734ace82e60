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
    assert (duration(stored, "fr", workload=True), duration(stored, "en", workload=True)) == (french, english)


@pytest.mark.parametrize(
    ("stored", "french", "english"),
    [
        ("P30D", "30 j", "30 d"),
        ("PT50H", "2 j 2 h", "2 d 2 h"),
        ("PT1S", "1 s", "1 s"),
        ("PT1M1.5S", "1 min 1,5 s", "1 min 1.5 s"),
        ("PT0S", "0 h", "0 h"),
        ("P3M", "P3M", "P3M"),
    ],
)
def test_another_duration_keeps_its_days_and_seconds(stored: str, french: str, english: str) -> None:
    assert (duration(stored, "fr"), duration(stored, "en")) == (french, english)
