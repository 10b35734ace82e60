"""The address at which this service is reached: the one that was set, else the one that was asked."""

from __future__ import annotations

from flask import request

from passerelle.settings import Settings


def public_address(settings: Settings, path: str) -> str:
    """The absolute address of a path of ours (with its leading slash)."""
    root = settings.public_url or request.host_url
    return root.rstrip("/") + path
