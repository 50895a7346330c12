"""A hook of MkDocs: an entry of `nav` whose page is not written yet is left out, instead of leading nowhere.

A page that is gone is still noticed: links to it break, and `--strict` makes that an error.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

__all__ = ["on_config"]


def on_config(config: Any) -> Any:
    """MkDocs calls this once the configuration is read."""
    config["nav"] = _written(config["nav"], Path(config["docs_dir"]))
    return config


def _written(entries: list[dict[str, Any]], docs: Path) -> list[dict[str, Any]]:
    """The entries whose page is there; a group without any is left out too."""
    kept = []
    for entry in entries:
        [(title, what)] = entry.items()
        found = _written(what, docs) if isinstance(what, list) else (docs / what).is_file() and what
        if found:
            kept.append({title: found})
    return kept
