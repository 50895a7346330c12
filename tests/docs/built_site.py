"""The built site for tests: made once by `mkdocs build --strict`, and what its pages load."""

from __future__ import annotations

import os
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

__all__ = ["ROOT", "build", "loaded_by"]

ROOT = Path(__file__).parents[2]
_LOADS = {"script": "src", "img": "src", "iframe": "src", "source": "src", "audio": "src", "video": "src", "embed": "src", "object": "data"}
_FOLLOWED = frozenset({"canonical", "next", "prev", "alternate"})  # `link`s that tell where something is, and load nothing


def build(target: Path) -> Path:
    """Build the site as `make docs` does, into `target`; raises CalledProcessError where anything is warned about."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--config-file", str(ROOT / "mkdocs.yml")]
    subprocess.run(
        [*command, "--site-dir", str(target)], check=True, capture_output=True, text=True, timeout=100,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )
    return target


def loaded_by(page: str) -> list[str]:
    """The addresses that a browser fetches to show a page; links that a person follows are not among them."""
    reader = _Loads()
    reader.feed(page)
    return reader.found


class _Loads(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the tag makes a browser fetch, or connect to beforehand."""
        given = dict(attrs)
        loads = tag == "link" and not _FOLLOWED & set((given.get("rel") or "").split())
        address = given.get("href") if loads else given.get(_LOADS.get(tag, ""))
        if address:
            self.found.append(address)
