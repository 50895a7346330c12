"""fal-client's `subscribe`, as its own page shows it, then the picture with an httpx client of one's own.

Its queue address is an https constant of the module; for loopback it is set before the first call. The other
addresses it takes from the server's answers.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import fal_client
import fal_client.client
import httpx
from measure import main


class Fal:
    """Jobs of fal-client."""

    @asynccontextmanager
    async def open(self, task: dict[str, Any]) -> AsyncIterator[None]:
        fal_client.client.QUEUE_URL_FORMAT = task["origin"] + "/"
        self._client = fal_client.AsyncClient(key="bench-0123456789")
        self._fetches = not task.get("fails", False)
        async with httpx.AsyncClient(timeout=60.0) as self._http:
            yield

    async def warm(self, number: int) -> None:
        await self.order(number, lambda: None)

    async def order(self, number: int, heard: Callable[[], None]) -> None:
        found = await self._client.subscribe("bench/painter", {"prompt": f"job {number}"})
        heard()
        if self._fetches:
            picture = await self._http.get(found["images"][0]["url"])
            assert picture.raise_for_status().content


if __name__ == "__main__":
    main(Fal())
