"""Reliability and its error, worked out by hand."""

from __future__ import annotations

import pytest

from passerelle.linking.calibration import calibration, thresholds


def test_error_is_the_weighted_distance_of_confidence_and_share_right() -> None:
    # bin 0.9-1.0: confidences 0.9 and 1.0 (mean 0.95), one of two right: 0.45 off, weight 2/4
    # bin 0.2-0.3: 0.25 and 0.25, none right: 0.25 off, weight 2/4
    found = calibration([[0.9, 0.25], [1.0], [0.25]], [[True, False], [False], [False]])
    assert found.ece == pytest.approx(0.45 / 2 + 0.25 / 2)
    assert found.proposals == 4
    assert found.confidence == pytest.approx((0.9 + 1.0 + 0.25 + 0.25) / 4)
    assert found.right == pytest.approx(1 / 4)
    assert [(each.low, each.high, each.count) for each in found.bins] == [(0.2, 0.3, 2), (0.9, 1.0, 2)]
    assert found.bins[1].confidence == pytest.approx(0.95)
    assert found.bins[1].right == pytest.approx(0.5)


def test_confidences_that_are_right_have_no_error() -> None:
    found = calibration([[0.5]] * 100, [[number < 50] for number in range(100)])
    assert found.ece == pytest.approx(0)
    # each draw of 100 is off by its own noise, about 0.04
    assert 0 <= found.ece_low <= found.ece_high < 0.15


def test_the_interval_is_the_same_each_time() -> None:
    confidences, right = [[0.3, 0.1], [0.8]], [[True, False], [True]]
    assert calibration(confidences, right) == calibration(confidences, right)


def test_nothing_proposed_is_told() -> None:
    with pytest.raises(ValueError, match="no proposal"):
        calibration([[], []], [[], []])


def test_a_threshold_leaves_fewer_and_better_answers() -> None:
    found = thresholds([(0.9, True), (0.4, True), (0.4, False), (0.1, False)], (0.0, 0.4, 0.5, 0.95))
    assert [each.answered for each in found] == [1, 0.75, 0.25, 0]
    assert [each.right for each in found] == [pytest.approx(0.5), pytest.approx(2 / 3), 1, None]
