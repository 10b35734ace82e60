"""The rejects file of a build: JSON Lines, one reject or notice a line, with its sentence in both languages."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from passerelle.messages import message
from passerelle.records.tally import Reject

FILE_NAME = "rejects.jsonl"


class RejectsFile:
    """Writes rejects as they come, so that memory does not grow with their number."""

    def __init__(self, folder: Path, name: str = FILE_NAME) -> None:
        self.path = folder / name
        self._file = self.path.open("w", encoding="utf-8")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def recorder(self, slug: str) -> Callable[[Reject], None]:
        """A function that writes the rejects of one source."""

        def record(reject: Reject) -> None:
            text = message(reject.message_id)
            line = {
                "source": slug,
                "item": reject.item,
                "reason": reject.message_id,
                "file": reject.place.file,
                "line": reject.place.line,
                "record": reject.place.record,
                "pointer": reject.place.pointer,
                "en": text.what("en", **reject.parameters),
                "fr": text.what("fr", **reject.parameters),
                "remedy_en": text.remedy("en", **reject.parameters),
                "remedy_fr": text.remedy("fr", **reject.parameters),
            }
            self._file.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")

        return record
