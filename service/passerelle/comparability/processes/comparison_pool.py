"""Comparison for a service: warm, confined processes over one release, one question a request."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

from passerelle.comparability.processes.comparison_process import ComparisonProcess
from passerelle.comparability.processes.gate import Gate
from passerelle.comparability.questions import Question, ReportQuestion
from passerelle.errors import CapacityError, PasserelleError, WorkerLost
from passerelle.graph.processes.child_process import Killed
from passerelle.graph.processes.process_pool import Places, ProcessPool
from passerelle.messages import Language
from passerelle.records.path_questions import PathQuestion, SurroundingsQuestion
from passerelle.settings import Settings

_OVERLOADED = "comparison-overloaded"


class ComparisonPool(ProcessPool[ComparisonProcess]):
    """Comparison processes for any number of threads. A context manager; `close` ends all processes.

    A question that exceeds its time or memory costs its process, which is replaced; the others go on. Questions that
    take long by their nature (a path searches for seconds, a PDF is set, neighbours are looked for among all units)
    never hold the last process, so that a comparison waits for none of them; where there is one process only, it does.
    Who waits for either counts against one queue.
    """

    def __init__(self, release: Path, settings: Settings, *, processes: int, spares: int = 1) -> None:
        """Start the processes over the folder of a release; returns when the first is ready.

        Raises DamagedRelease, WorkerLost.
        """
        self._gate = Gate(
            max(1, processes - 1),
            lambda: self.statistics.waiting < settings.queue,
            settings.comparison_seconds,
            _OVERLOADED,
        )
        super().__init__(
            lambda: ComparisonProcess(release, settings),
            Places(
                processes,
                settings.queue,
                settings.comparison_seconds,
                _OVERLOADED,
                gone="store-gone",
                spares=spares,
            ),
        )

    @property
    def _waiting(self) -> int:
        return super()._waiting + self._gate.waiting

    def answer(self, question: Question, language: Language) -> bytes:
        """The answer to a question: a JSON document in UTF-8, or a report in its format.

        Raises what `Answering` raises about the question; Overloaded, QueryTimeout, QueryOutOfMemory, WorkerLost.
        """
        with self._gate if _takes_long(question) else nullcontext():
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


def _takes_long(question: Question) -> bool:
    if isinstance(question, ReportQuestion):
        return question.form == "pdf"
    return isinstance(question, PathQuestion | SurroundingsQuestion)
