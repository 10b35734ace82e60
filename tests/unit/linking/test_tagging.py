"""Units that declare far more skills than their peers."""

from __future__ import annotations

from passerelle.linking.tagging import PEERS, TaggedUnit, abundant, report
from passerelle.records.tally import Tally

COUNTS = [2, 2, 3, 3, 3, 4, 4, 4, 5, 5]


def units(counts: list[int], source: str = "s", kind: str = "full") -> list[TaggedUnit]:
    return [TaggedUnit(f"urn:{source}:{kind}:{number}", kind, source, count) for number, count in enumerate(counts)]


def test_a_unit_above_the_outer_fence_is_flagged():
    # eleven counts with 47 among them: quartiles at places 2.5 and 7.5 of 2 2 3 3 3 4 4 4 5 5 47,
    # so 3 and 4.5; the fence is 4.5 + 3 × 1.5 = 9
    flagged = abundant(units([*COUNTS, 47]))
    assert [(each.unit, each.skills, each.fence, each.peers) for each in flagged] == [("urn:s:full:10", 47, 9.0, 11)]


def test_at_the_fence_is_not_above_it():
    assert abundant(units([*COUNTS, 9])) == []


def test_where_all_declare_alike_one_more_is_no_abundance():
    # quartiles 2 and 2 count as one apart: the fence is 2 + 3 × 1 = 5
    assert abundant(units([2] * 10 + [5])) == []
    assert [each.skills for each in abundant(units([2] * 10 + [6]))] == [6]


def test_kinds_are_compared_with_their_own():
    assert abundant(units([*COUNTS]) + units([40] * PEERS, kind="component")) == []


def test_a_small_source_is_compared_with_all_units_of_the_kind():
    flagged = abundant(units(COUNTS) + units([47], source="small"))
    assert [each.unit for each in flagged] == ["urn:small:full:0"]


def test_too_few_units_have_no_fence():
    assert abundant(units([1, 1, 1, 90])) == []


def test_a_flagged_unit_is_a_notice_that_names_it():
    notices = []
    report(abundant(units([*COUNTS, 47])), Tally(on_reject=notices.append))
    assert [(each.message_id, each.place.record) for each in notices] == [("unit-tags-many-skills", "urn:s:full:10")]
    assert notices[0].parameters == {"skills": 47, "fence": "9", "peers": 11}
