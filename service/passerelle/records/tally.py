"""What a source counts while it is read, so that read = accepted + rejected always holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from passerelle.records.place import Place


@dataclass(frozen=True, slots=True)
class Reject:
    """A record set aside, or a value of an accepted record that could not be used.

    `item` is what was counted ("fiche", "bloc", "row", "quad", "value" …), `message_id` a key of `messages/*.tsv`.
    """

    item: str
    message_id: str
    place: Place
    parameters: dict[str, object] = field(default_factory=dict)


class Tally:
    """Counts of one source.

    Items are plain words: fiche, bloc, outcome, concept, relation, row, quad. A source calls `accept` or `reject`
    exactly once for each item it has read. `notice` records something dropped or odd inside an accepted item
    (an unreadable date, an element that no field table knows): it is in the rejects file but not in the sums.
    """

    def __init__(
        self,
        on_reject: Callable[[Reject], None] = lambda reject: None,
        on_progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> None:
        self.accepted: Counter[str] = Counter()
        self.rejected: Counter[str] = Counter()
        self.notices: Counter[str] = Counter()
        self._on_reject = on_reject
        self._on_progress = on_progress

    @property
    def read(self) -> Counter[str]:
        """What was read of each item: accepted plus rejected."""
        return self.accepted + self.rejected

    def accept(self, item: str, count: int = 1) -> None:
        """Count items that go into the graph."""
        self.accepted[item] += count

    def reject(self, reject: Reject) -> None:
        """Count an item that is set aside, with its reason."""
        self.rejected[reject.item] += 1
        self._on_reject(reject)

    def notice(self, notice: Reject) -> None:
        """Record a value that was dropped, or an oddity, inside an item that is accepted."""
        self.notices[notice.message_id] += 1
        self._on_reject(notice)

    def progress(self, done: int, total: int) -> None:
        """Tell how far the reading is, in bytes (or rows) of a total; call it every few hundred records at most."""
        self._on_progress(done, total)
