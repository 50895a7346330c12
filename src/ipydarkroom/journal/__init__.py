"""The journal of jobs: `store` keeps them in SQLite, `migrations` says how that file is shaped."""

from .store import Journal

__all__ = ["Journal"]
