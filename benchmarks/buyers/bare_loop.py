"""What a person writes first: submit, ask every half second, read the result, fetch the picture. No journal, no retry.

`task["http"]` names the package. `task["tries"]` above 1 makes the negative control: the same loop with the POST in a
retry, as a decorator would do it.
"""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from measure import main

_PAUSE = 0.5
_PATH = "/v1/models/bench/painter"


class BareLoop:
    """Jobs of a loop without a library."""

    @asynccontextmanager
    async def open(self, task: dict[str, Any]) -> AsyncIterator[None]:
        self._package: Any = importlib.import_module(task["http"])
        self._tries = task.get("tries", 1)
        self._fetches = not task.get("fails", False)
        headers = {"Authorization": "Bearer bench-0123456789"}
        async with self._package.AsyncClient(base_url=task["origin"], timeout=60.0, headers=headers) as self._http:
            yield

    async def warm(self, number: int) -> None:
        await self.order(number, lambda: None)

    async def order(self, number: int, heard: Callable[[], None]) -> None:
        job = (await self._post({"prompt": f"job {number}"}))["request_id"]
        while (await self._get(f"/v1/requests/{job}/status"))["status"] != "completed":  # noqa: ASYNC110  # that is a bare loop
            await asyncio.sleep(_PAUSE)
        found = await self._get(f"/v1/requests/{job}/result")
        heard()
        if self._fetches:
            picture = await self._http.get(found["output"]["images"][0])
            assert picture.raise_for_status().content

    async def _post(self, body: dict[str, Any]) -> Any:
        for left in reversed(range(self._tries)):
            try:
                answer = await self._http.post(_PATH, json=body)
                return answer.raise_for_status().json()
            except self._package.HTTPError:
                if not left:
                    raise
        raise AssertionError

    async def _get(self, path: str) -> Any:
        answer = await self._http.get(path)
        return answer.raise_for_status().json()


if __name__ == "__main__":
    main(BareLoop())
