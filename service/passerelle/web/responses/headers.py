"""The headers of our own, each with a name in one place."""

from __future__ import annotations

RELEASE = "Passerelle-Release"
"""The identifier of the release that answers."""

DEMONSTRATION = "Passerelle-Demonstration"
"""`true` where its qualifications are invented."""

REQUEST = "Passerelle-Request"
"""The identifier of the request, as in the log."""

ROWS_LIMIT = "Passerelle-Rows-Limit"
"""The number of rows that was asked for."""

ROWS_MORE = "Passerelle-Rows-More"
"""Whether there are more rows than that: `true` or `false`."""

STATEMENTS_MORE = "Passerelle-Statements-More"
"""`true` where a document leaves out statements about its thing."""

OURS = (RELEASE, DEMONSTRATION, REQUEST, ROWS_LIMIT, ROWS_MORE, STATEMENTS_MORE)
