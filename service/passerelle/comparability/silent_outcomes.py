"""Outcomes of a holder's unit of which nobody has said what they are about: each may show one outcome of a target."""

from __future__ import annotations

from passerelle.comparability.link_values import is_linked
from passerelle.comparability.matches import text_keys
from passerelle.records.compared_unit import ComparedOutcome, ComparedUnit


def silent_outcomes(holder: ComparedUnit, target: ComparedUnit) -> tuple[ComparedOutcome, ...]:
    """Those without a likely link (`link_values.is_linked`) that neither are nor read like one of the target."""
    alike = {key for outcome in target.outcomes for key in text_keys(outcome)}
    return tuple(each for each in holder.outcomes if not is_linked(each) and alike.isdisjoint(text_keys(each)))
