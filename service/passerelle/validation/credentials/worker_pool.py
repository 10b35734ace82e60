"""Validation for a service: warm, confined processes, one document a request."""

from __future__ import annotations

from passerelle.errors import WorkerLost
from passerelle.graph.processes.child_process import Killed
from passerelle.graph.processes.process_pool import Places, ProcessPool
from passerelle.validation.credentials.model import CredentialReport, Stage
from passerelle.validation.credentials.worker_messages import Document, Question
from passerelle.validation.credentials.worker_process import ValidationProcess, WorkerOptions


class ValidationPool(ProcessPool[ValidationProcess]):
    """Validation processes for any number of threads. A context manager; `close` ends all processes.

    A document that exceeds its time or memory costs its process, which is replaced; the others go on.
    """

    def __init__(self, options: WorkerOptions, workers: int, queue: int) -> None:
        """Start `workers` processes and a spare; `queue` requests wait at most as long as one validation may take.

        Returns when the first is ready. Raises DamagedRelease, InputError (shapes), WorkerLost.
        """
        super().__init__(
            lambda: ValidationProcess(options),
            Places(workers, queue, options.seconds, "validation-overloaded"),
        )

    def validate(
        self,
        data: bytes,
        name: str = "",
        media_type: str = "",
        *,
        profile: str | None = None,
        stage: Stage = Stage.ISSUED,
        max_results: int | None = None,
    ) -> CredentialReport:
        """The report about one document: see `CredentialValidator.validate`.

        Raises Overloaded, ValidationTimeout, ValidationOutOfMemory, WorkerLost.
        """
        question = Question((Document(data, name, media_type),), profile, stage, max_results)
        try:
            return self._ask(question)
        except Killed:
            # somebody else ended the process, so the document is not to blame: one more is tried
            pass
        try:
            return self._ask(question)
        except Killed:
            raise WorkerLost("validation-lost") from None

    def _ask(self, question: Question) -> CredentialReport:
        process = self.take()
        whole = False
        try:
            deadline = process.deadline()
            process.submit(question, deadline)
            report = process.answer(deadline)
            whole = True
        except BrokenPipeError:
            raise Killed from None
        finally:
            self.give_back(process, whole=whole)
        return report
