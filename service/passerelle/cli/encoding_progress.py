"""Tells a user that a sentence encoder is at work: all labels of ESCO take it minutes, once."""

from __future__ import annotations

from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from passerelle.cli.console import errors, say, shown

_MANY = 1_000
"""Texts from which on it takes long enough to be told."""


class EncodingProgress:
    """An `Announce` (see `linking.kept_encoder`): a line on the standard error stream, and a bar on a terminal."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"),
            TimeRemainingColumn(), console=errors, disable=not errors.is_terminal,
        )  # fmt: skip
        self._task: TaskID | None = None

    def __call__(self, done: int, total: int) -> None:
        """So many of so many texts have been encoded."""
        if total < _MANY:
            return
        if not done:
            errors.print(say("evaluation-encoding", texts=shown(total)), markup=False)
            self._task = self._progress.add_task("", total=total)
            self._progress.start()
        elif self._task is not None:
            self._progress.update(self._task, completed=done)
            if done >= total:
                self._progress.stop()
                self._progress.remove_task(self._task)
                self._task = None
