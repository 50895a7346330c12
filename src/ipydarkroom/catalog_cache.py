"""What providers' catalogs said, on disk: one JSON file for each list, its schemas, and each model; for this user only.

Kept for a day, and used beyond that where nobody answers. What is damaged, foreign or of another version counts as
absent and is written anew; where the folder cannot be written, memory serves as long as the process lives.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from .catalog.listing import Listed, listed, price_of
from .partial import written
from .wire import strict_json

__all__ = ["FRESH_S", "CatalogCache", "Told"]

FRESH_S = 24 * 3600.0
"""How long an answer counts as today's, in seconds."""

_VERSION = 1
_MOST_BYTES = 64 * 2**20
_MOST_FILES = 500
_AHEAD_S = 300.0  # a clock may have been put right; a file from further in the future is of no known age
_UNNAMED = re.compile(r"[^a-z0-9_-]")
log = logging.getLogger("ipydarkroom")


@dataclass(frozen=True, slots=True)
class Told:
    """What a catalog said, and when (seconds since the epoch)."""

    models: tuple[Listed, ...]
    fetched: float


class CatalogCache:
    """What was told, by provider and origin. Safe from any thread: values are replaced whole, never changed.

    Args:
        folder: The `cache` folder of the data folder; made when something is kept.
        clock: Seconds since the epoch.
    """

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self._folder = folder
        self._held: dict[str, Told] = {}
        self._read_ns: dict[str, int] = {}

    def listing(self, provider: str, origin: str) -> Told | None:
        """The whole list of that provider at that address, without schemas, however old; None where there is none."""
        return self._read("list", provider, origin)

    def line(self, provider: str, origin: str, model_id: str) -> Listed | None:
        """What the list says about one model, without its schema."""
        told = self.listing(provider, origin)
        return next((entry for entry in told.models if entry.id == model_id), None) if told else None

    def model(self, provider: str, origin: str, model_id: str) -> Listed | None:
        """One model with its schema: of its own file, or as it came with the list; the younger one. None where there is none."""
        own = self._read("model", provider, origin, model_id)
        told = (own, None if own and self.is_fresh(own.fetched) else self._read("schemas", provider, origin))
        there = [entry for each in told if each for entry in each.models if entry.id == model_id and entry.schema]
        return max(there, key=lambda entry: entry.fetched, default=None)

    def keep_listing(self, provider: str, origin: str, entries: Iterable[Listed]) -> Told:
        """Keep a list as of now, and return it so. Blocking.

        The schemas that came with it lie in a file of their own: most who look at a list need none, and they are long.
        """
        found = tuple(entries)
        whole = [entry for entry in found if entry.schema]
        if whole:
            self._keep("schemas", provider, origin, "", whole)
        return self._keep("list", provider, origin, "", (replace(entry, schema=None) for entry in found))

    def keep_model(self, provider: str, origin: str, entry: Listed) -> Listed:
        """Keep one model as of now, and return it so. Blocking."""
        return self._keep("model", provider, origin, entry.id, [entry]).models[0]

    def is_fresh(self, fetched: float) -> bool:
        """Whether something told then still counts as today's."""
        return -_AHEAD_S <= self.clock() - fetched < FRESH_S

    def _read(self, kind: str, provider: str, origin: str, name: str = "") -> Told | None:
        path = self._path(kind, provider, origin, name)
        held = self._held.get(path.name)
        if held is not None and self.is_fresh(held.fetched):
            return held
        written_ns = _written(path)
        if written_ns == self._read_ns.get(path.name):  # nothing new since we looked last; another kernel may be ahead
            return held
        self._read_ns[path.name] = written_ns
        there = _load(path, {"kind": kind, "provider": provider, "origin": origin, "name": name})
        if there is not None and (held is None or there.fetched > held.fetched):
            self._held[path.name] = held = there
        return held

    def _keep(self, kind: str, provider: str, origin: str, name: str, entries: Iterable[Listed]) -> Told:
        now = self.clock()
        told = Told(tuple(replace(entry, fetched=now) for entry in entries), now)
        path = self._path(kind, provider, origin, name)
        self._held[path.name] = told
        head = {"version": _VERSION, "kind": kind, "provider": provider, "origin": origin, "name": name, "fetched": now}
        data = json.dumps({**head, "models": [_document(entry) for entry in told.models]}).encode()
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            part = written(path, [data])
            try:
                part.path.chmod(0o600)
                part.replace(path)
            finally:
                part.discard()
            self._tidy()
        except OSError as error:
            log.warning("The catalog of %s is kept in memory only: %s", provider, error.strerror or error)
        return told

    def _path(self, kind: str, provider: str, origin: str, name: str) -> Path:
        key = hashlib.sha256(json.dumps([kind, provider, origin, name]).encode()).hexdigest()[:24]
        return self._folder / f"{kind}-{_UNNAMED.sub('-', provider.lower())[:40]}-{key}.json"

    def _tidy(self) -> None:
        """The oldest files go where there are too many."""
        files = [path for path in self._folder.glob("*.json") if path.is_file()]
        for path in sorted(files, key=_written)[: max(0, len(files) - _MOST_FILES)]:
            with suppress(OSError):
                path.unlink()


def _load(path: Path, expected: Mapping[str, str]) -> Told | None:
    """The entries of a file; None where it is missing, damaged, or about something else than it should be."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            return None
        found = strict_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.get("version") != _VERSION or any(found.get(k) != v for k, v in expected.items()):
        return None
    fetched, models = found.get("fetched"), found.get("models")
    if not isinstance(fetched, (int, float)) or isinstance(fetched, bool) or not isinstance(models, list):
        return None
    return Told(tuple(_entries(models, expected["provider"], float(fetched))), float(fetched))


def _entries(models: list[object], provider: str, fetched: float) -> Iterator[Listed]:
    for item in models:
        if not isinstance(item, dict):
            continue
        price = price_of(item.get("usd"), item.get("per"))
        rest = {name: item.get(name) for name in ("title", "description", "categories", "kind", "pricing_note", "page", "schema")}
        entry = listed(item.get("id"), provider, price=price, **rest)
        if entry is not None:
            yield replace(entry, fetched=fetched)


def _document(entry: Listed) -> dict[str, object]:
    price = {"usd": entry.price.usd, "per": entry.price.per} if entry.price else {}
    return {
        "id": entry.id, "title": entry.title, "description": entry.description, "categories": list(entry.categories),
        "kind": entry.kind, "pricing_note": entry.pricing_note, "page": entry.page, "schema": entry.schema, **price,
    }


def _written(path: Path) -> int:
    """When a file was written last, in nanoseconds; 0 where there is none."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
