"""Functions as machine code, by numba."""

from __future__ import annotations

from typing import Any

import numba


def compiled(function: Any, *, parallel: bool = False) -> Any:
    """The function, compiled when first called; the machine code is kept where numba finds a place to write.

    It holds no lock of the interpreter while it runs.
    """
    try:
        return numba.njit(function, cache=True, parallel=parallel, nogil=True)
    except RuntimeError:
        return numba.njit(function, parallel=parallel, nogil=True)
