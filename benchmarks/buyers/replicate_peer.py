"""replicate, in both of its ways: `async_run` (its default: one POST held open) and create, then wait.

`task["held"]` chooses. Pictures come through its own `FileOutput`, which it makes of https links only; on loopback we
make it of the http link ourselves.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from measure import main
from replicate.client import Client
from replicate.helpers import FileOutput


class Replicate:
    """Jobs of replicate."""

    @asynccontextmanager
    async def open(self, task: dict[str, Any]) -> AsyncIterator[None]:
        self._client = Client(api_token="bench-0123456789", base_url=task["origin"])
        self._held = task["held"]
        self._fetches = not task.get("fails", False)
        yield

    async def warm(self, number: int) -> None:
        await self.order(number, lambda: None)

    async def order(self, number: int, heard: Callable[[], None]) -> None:
        links = await self._links({"prompt": f"job {number}"})
        heard()
        if self._fetches:
            assert await FileOutput(str(links[0]), self._client).aread()

    async def _links(self, inputs: dict[str, Any]) -> Any:
        if self._held:
            return await self._client.async_run("bench/painter", input=inputs)
        prediction = await self._client.models.predictions.async_create(model="bench/painter", input=inputs)
        await prediction.async_wait()
        return prediction.output


if __name__ == "__main__":
    main(Replicate())
