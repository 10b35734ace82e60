"""What answers the queries of one release: our own query processes, or a SPARQL engine elsewhere."""

from __future__ import annotations

from typing import Protocol

from passerelle.graph.answering.answer import QueryAnswer
from passerelle.graph.answering.question import Question
from passerelle.graph.processes.pool_statistics import PoolStatistics


class Backend(Protocol):
    """Answers queries, from any number of threads."""

    @property
    def immutable(self) -> bool:
        """Whether equal questions have equal answers as long as the release is served: only then may one be kept."""

    @property
    def statistics(self) -> PoolStatistics:
        """What it does now and has done."""

    def run(self, question: Question) -> QueryAnswer:
        """Run a query until the first bytes of its answer are there.

        Raises QuerySyntaxError, NotAcceptable, RequestError for what is wrong with the query; CapacityError for what
        the service could not do.
        """

    def retire(self) -> None:
        """Take no part in new releases: answers what still comes for a while, and closes when nothing is under way."""

    def close(self) -> None:
        """End at once; answers under way break off."""
