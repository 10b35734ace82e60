"""Comparison for a service: warm, confined processes over one release, one question a request."""

from __future__ import annotations

from pathlib import Path

from passerelle.comparability.processes.comparison_process import ComparisonProcess
from passerelle.comparability.questions import Question
from passerelle.errors import CapacityError, PasserelleError, WorkerLost
from passerelle.graph.processes.child_process import Killed
from passerelle.graph.processes.process_pool import Places, ProcessPool
from passerelle.messages import Language
from passerelle.settings import Settings


class ComparisonPool(ProcessPool[ComparisonProcess]):
    """Comparison processes for any number of threads. A context manager; `close` ends all processes.

    A question that exceeds its time or memory costs its process, which is replaced; the others go on.
    """

    def __init__(self, release: Path, settings: Settings, *, processes: int, spares: int = 1) -> None:
        """Start the processes over the folder of a release; returns when the first is ready.

        Raises DamagedRelease, WorkerLost.
        """
        super().__init__(
            lambda: ComparisonProcess(release, settings),
            Places(
                processes,
                settings.queue,
                settings.comparison_seconds,
                "comparison-overloaded",
                gone="store-gone",
                spares=spares,
            ),
        )

    def answer(self, question: Question, language: Language) -> bytes:
        """The answer to a question: a JSON document in UTF-8, or a report in its format.

        Raises what `Answering` raises about the question; Overloaded, QueryTimeout, QueryOutOfMemory, WorkerLost.
        """
        try:
            return self._ask(question, language)
        except Killed:
            # somebody else ended the process, so the question is not to blame: one more is tried
            pass
        try:
            return self._ask(question, language)
        except Killed:
            raise WorkerLost("comparison-lost") from None

    def _ask(self, question: Question, language: Language) -> bytes:
        process = self.take()
        whole = False
        try:
            answer = process.ask(question, language, process.deadline())
            whole = True
        except BrokenPipeError:
            raise Killed from None
        except PasserelleError as error:
            # what is wrong with the question leaves the process as it was
            whole = not isinstance(error, CapacityError)
            raise
        finally:
            self.give_back(process, whole=whole)
        return answer
