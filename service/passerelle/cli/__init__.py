"""The commands of `passerelle`; each reads its sentences from `messages/cli.tsv`."""

from __future__ import annotations

from passerelle.cli.commands import main

__all__ = ["main"]
