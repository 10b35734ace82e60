"""One human decision about a link between an outcome and an ESCO skill."""

from __future__ import annotations

from dataclasses import dataclass

from passerelle.records.place import NOWHERE, Place


@dataclass(frozen=True, slots=True)
class Review:
    """A row of a review log.

    `outcome` and `skill` are IRIs; `relation` is a CURIE such as `skos:closeMatch` and reads outcome to skill;
    `accepted` is False where the row says Not; `date` is ISO 8601; `text` is the outcome's text as the reviewer saw it
    (empty where the log does not keep it). The reviewer's name stays in the log: reviewers may be natural persons.
    """

    outcome: str
    skill: str
    relation: str
    accepted: bool
    date: str
    text: str = ""
    place: Place = NOWHERE

    @property
    def pair(self) -> tuple[str, str]:
        """What the decision is about: outcome and skill."""
        return (self.outcome, self.skill)
