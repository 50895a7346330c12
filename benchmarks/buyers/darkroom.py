"""Our client, through its public interface. `task["http"]` names the package below it; `home` its data folder.

The journal, the file on disk and its verification are part of what is measured: they cannot be switched off.
"""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from measure import main

from ipydarkroom import AsyncClient
from ipydarkroom.errors import JobFailed
from ipydarkroom.settings import load

_MODEL = "bytedance/seedream-5/lite/text-to-image"
_OTHER = "bytedance/dreamina-4-0/text-to-image"  # for warming up: the measured model's history stays untouched


class Darkroom:
    """Jobs of our client."""

    @asynccontextmanager
    async def open(self, task: dict[str, Any]) -> AsyncIterator[None]:
        settings = load(
            {"IPYDARKROOM_HOME": task["home"], "IPYDARKROOM_HTTP": task["http"], "RUNCOMFY_API_TOKEN": "bench-0123456789"}
        )
        self._fails = task.get("fails", False)
        async with AsyncClient(base_url={"runcomfy": task["origin"]}, settings=settings, **_hosted_pace()) as self._client:
            yield

    async def warm(self, number: int) -> None:
        await self._bought(_OTHER, number, lambda: None)

    async def order(self, number: int, heard: Callable[[], None]) -> None:
        await self._bought(_MODEL, number, heard)

    async def _bought(self, model: str, number: int, heard: Callable[[], None]) -> None:
        job = await self._client.submit(model, {"prompt": f"job {number}"})
        ended = False

        def watch(record: Any) -> None:
            nonlocal ended
            if not ended and record.state.value in ("succeeded", "failed"):
                ended = True
                heard()

        job.watch(watch)
        try:
            result = await job
        except JobFailed:
            if not self._fails:
                raise
            return
        assert len(result.images) == 1


def _hosted_pace() -> dict[str, Any]:
    """Loopback counts as local and is asked more often than a paid host; the benchmark wants the paid hosts' rhythm."""
    if "paces" not in inspect.signature(AsyncClient).parameters:
        return {}
    from ipydarkroom.pacing import HOSTED

    return {"paces": (HOSTED, HOSTED)}


if __name__ == "__main__":
    main(Darkroom())
