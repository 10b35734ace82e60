"""Why something of a release could not be read, for anybody: without the folders of this machine."""

from __future__ import annotations

import re

_FOLDERS = re.compile(r"(?<![\w.:/])/(?:[^\s/'\":;,]+/)*(?=[^\s/'\":;,])")


def reason_of(error: Exception) -> str:
    """What the engine or the operating system says, with the names of files alone."""
    return _FOLDERS.sub("", str(error))
