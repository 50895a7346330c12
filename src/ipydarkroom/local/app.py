"""The local backend as one ASGI app: every provider's protocol answered by real image code, in this process.

It may be called in-process (the whole answer is buffered, lifespan is ignored, a background task would hold the
answer) or served over HTTP; so start-up is in `build_app`, nothing runs in the background of an answer, and progress
is polled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.routing import Route

from ..errors import ModelNotFound
from ..settings import Token
from .aside import off_loop
from .border import Border, Json
from .doors import Door, whose
from .mirrors import mirrors
from .queue import Studio
from .shelf import FILES
from .tasks import Pace

if TYPE_CHECKING:
    from starlette.requests import Request

    from ..models import Model
    from .painters import Painter
    from .postbox import Send

__all__ = ["Pace", "build_app"]

_FILE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",  # an upload may be anything, also a page with a script
    "Cache-Control": "private, max-age=3600",
}


def build_app(
    *,
    tokens: frozenset[str],
    find: Callable[[str, str], Model | None] | None = None,
    models: Callable[[str], Iterable[Model]] | None = None,
    pace: Pace = Pace(),  # noqa: B008  # frozen
    painters: Iterable[Painter] | None = None,
    workers: int = 1,
    send: Send | None = None,
    origin: str = "http://darkroom.localhost",
    webhook_key: str = "",
) -> Starlette:
    """Build the app; it is ready at once. Its queue is `app.state.studio`; end it with `await studio.close()`.

    Args:
        tokens: The tokens it accepts.
        find: (provider, model id) -> Model, None for an unknown one; the bundled catalog by default.
        models: provider -> the models its catalog lists; by default the bundled ones that `find` knows.
        pace: The least time a job visibly waits and works.
        painters: Instead of those in the `painters` folder.
        workers: How many jobs are painted at once.
        send: How a callback to this machine is posted; without it callbacks are recorded only.
        origin: Under which address the app is reached, for the links in its answers.
        webhook_key: Signs the callbacks where the provider's protocol has signatures; empty for none.
    """
    known = find or _bundled
    studio = Studio(
        tokens=tokens,
        find=known,
        models=models or partial(_listed, known),
        pace=pace,
        painters=painters,
        workers=workers,
        send=send,
        origin=origin,
        webhook_key=Token(webhook_key) if webhook_key else None,
    )
    routes = [Door(route, mirror) for mirror in mirrors for route in mirror.routes(studio)]
    app = Starlette(
        routes=[
            *routes,
            Route(FILES + "{name}", _serve_file, methods=["GET"]),
            Route("/openapi.json", _describe, methods=["GET"]),
        ],
        middleware=[Middleware(Border, refuse=_refuse)],
        exception_handlers={HTTPException: _say_no},
    )
    app.router.redirect_slashes = False  # an unknown path is unknown
    app.state.studio = studio
    return app


async def _serve_file(request: Request) -> Response:
    """A finished picture or an upload, by its opaque name."""
    studio: Studio = request.app.state.studio
    shelved = studio.shelf.find(request.path_params["name"])
    if shelved is None:
        return _refuse(request, 404, "There is no such file, or no longer.")
    return Response(await off_loop(shelved.path.read_bytes), media_type=shelved.mime, headers=_FILE_HEADERS)


async def _describe(request: Request) -> Response:
    """What is served here, with the inputs of the bundled models; no token is needed to read it."""
    from ..catalog import bundled  # here: as below
    from .descriptions import document

    studio: Studio = request.app.state.studio
    return Json(document(bundled(), studio.shelf.origin))


async def _say_no(request: Request, error: Exception) -> Response:
    """Answer what the framework refuses: unknown path, wrong method, too large, unreadable form."""
    if not isinstance(error, HTTPException):
        raise error
    answer = _refuse(request, error.status_code, str(error.detail))
    answer.headers.update(error.headers or {})
    return answer


def _refuse(request: Request, status: int, message: str) -> Response:
    """Say no in the shape of the mirror whose paths the request is on."""
    mirror = whose(request.scope)
    return mirror.refuse(status, message) if mirror else Json({"detail": message}, status)


def _listed(find: Callable[[str, str], Model | None], provider: str) -> list[Model]:
    """The bundled models of that provider, as `find` knows them."""
    from ..catalog import bundled

    found = (find(provider, model.id) for model in bundled() if model.provider == provider)
    return [model for model in found if model is not None]


def _bundled(provider: str, model_id: str) -> Model | None:
    """The bundled model of that id, or None."""
    from ..catalog import find  # here: it reads a megabyte of JSON; most callers bring their own `find`

    try:
        return find(model_id, provider)
    except ModelNotFound:
        return None
