"""What the tests of the local backend share: a scripted painter, small models, and a running app with a client."""

from __future__ import annotations

import asyncio
import base64
import threading
from collections.abc import Awaitable, Callable

import httpx

from ipydarkroom.fields import Choice, Field, Media, Rule
from ipydarkroom.local import Pace, build_app
from ipydarkroom.local.painters import Order, Report
from ipydarkroom.local.postbox import Send
from ipydarkroom.local.queue import Studio
from ipydarkroom.models import Model
from ipydarkroom.tokens import issuers

ORIGIN = "http://darkroom.localhost"
AT_ONCE = Pace(0, 0, callback_pauses_s=(0, 0))
TOKEN = "token-of-the-first"
OTHER = "token-of-the-second"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
DATA_URI = "data:image/png;base64," + base64.b64encode(PNG).decode()


class Scripted:
    """A painter of one tiny picture that waits for its gate and may be told to fail."""

    name = "scripted"

    def __init__(self) -> None:
        self.orders: list[Order] = []
        self.gate = threading.Event()
        self.gate.set()
        self.error: Exception | None = None

    def accepts(self, order: Order) -> bool:
        """Takes everything."""
        return True

    def paint(self, order: Order, report: Report) -> bytes:
        """Half the work, the gate, the rest."""
        self.orders.append(order)
        report(0.5)
        self.gate.wait(20)
        if self.error is not None:
            raise self.error
        report(1.0)
        return PNG


def text_model(provider: str = "runcomfy") -> Model:
    """Text to image: a prompt, a size, a number of pictures, a seed."""
    sizes = tuple(Choice(f"{w}x{h}", f"{w}x{h}", size=(w, h)) for w, h in ((64, 48), (9000, 9000)))
    return Model(
        "acme/scene",
        provider,
        (
            Field(("prompt",), "string", required=True, max_length=800),
            Field(("size",), "string", choices=sizes, default="64x48"),
            Field(("num_images",), "string", choices=tuple(Choice(str(n), str(n)) for n in (1, 2, 3))),
            Field(("seed",), "integer", minimum=0, maximum=2147483647),
        ),
    )


def picture_model(provider: str = "runcomfy") -> Model:
    """Reframe: a picture (at most 200 bytes, PNG or JPEG), a style and the codes that may stand for it."""
    image = Field(
        ("image",), "string", required=True, media=Media("image", max_bytes=200, mimes=("image/png", "image/jpeg"))
    )
    style = Field(("style",), "string", required=True, choices=(Choice("AUTO", "AUTO"), Choice("DESIGN", "DESIGN")))
    codes = Field(("style_codes",), "array")
    return Model("acme/reframe", provider, (image, style, codes), (Rule("instead_of", "style_codes", "style"),))


class Bench:
    """A running app, its client with the first token, its studio and its painter."""

    def __init__(self, painter: Scripted, send: Send | None, pace: Pace, webhook_key: str) -> None:
        models = {(m.provider, m.id): m for p in issuers() for m in (text_model(p), picture_model(p))}
        self.models = models
        self.painter = painter
        self.app = build_app(
            tokens=frozenset({TOKEN, OTHER}),
            find=lambda provider, model_id: models.get((provider, model_id)),
            models=lambda provider: [model for (owner, _), model in models.items() if owner == provider],
            pace=pace,
            painters=[painter],
            send=send,
            origin=ORIGIN,
            webhook_key=webhook_key,
        )
        self.studio: Studio = self.app.state.studio
        self.http = client(self.app, TOKEN)

    async def until(self, task_id: str, *states: str) -> None:
        """Wait until a job is in one of these states."""
        async with asyncio.timeout(20):
            while (task := self.studio.task(task_id)) is None or task.state not in states:
                await self.studio.changed()

    async def until_painted(self, task_id: str, part: float) -> None:
        """Wait until at least this part of a job is painted."""
        async with asyncio.timeout(20):
            while (task := self.studio.task(task_id)) is None or task.painted < part:
                await self.studio.changed()


def client(app: object, token: str | None, scheme: str = "Bearer") -> httpx.AsyncClient:
    """An HTTP client of an app in this process."""
    headers = {"Authorization": f"{scheme} {token}"} if token else {}
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers)


def on_bench(
    test: Callable[[Bench], Awaitable[None]],
    *,
    send: Send | None = None,
    pace: Pace = AT_ONCE,
    webhook_key: str = "",
) -> None:
    """Run one test against a fresh app, and see that nothing of it is left afterwards."""

    async def main() -> None:
        bench = Bench(Scripted(), send, pace, webhook_key)
        try:
            await test(bench)
        finally:
            bench.painter.gate.set()
            await bench.http.aclose()
            await bench.studio.close()
        assert {asyncio.current_task()} == asyncio.all_tasks()

    asyncio.run(main())
