"""The journal of jobs: `store` keeps them in SQLite, `group` lets writes share a commit, `migrations` says how the file is shaped."""

from .group import Group
from .store import Journal

__all__ = ["Group", "Journal"]
