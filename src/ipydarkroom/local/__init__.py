"""The local backend: the providers' wire protocols answered on this machine by real image code. It costs nothing."""

from __future__ import annotations

from .app import Pace, build_app

__all__ = ["Pace", "build_app"]
