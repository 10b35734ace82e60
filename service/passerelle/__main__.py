"""`python -m passerelle` is the command `passerelle`."""

from __future__ import annotations

from passerelle.cli import main

main(prog_name="passerelle")
