"""Names the repairs of the official profiles that belong to a profile: `shapes/credential/repaired.ttl`."""

from __future__ import annotations

from collections.abc import Sequence

from passerelle.resources import folder
from passerelle.validation.credentials.profiles.names import profile_of
from passerelle.validation.credentials.rules import CredentialRule, rules_of

FILE = folder("shapes") / "credential" / "repaired.ttl"
"""The shapes of all repairs."""


def repairs(profiles: Sequence[str]) -> list[CredentialRule]:
    """The repairs that replace a rule of any of these profiles."""
    return [rule for rule in rules_of(FILE).values() if any(profile_of(code) in profiles for code in rule.sets_aside)]
