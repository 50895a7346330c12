"""The command line: `ipydarkroom serve`. It reads the arguments, says what there is to say, and leaves the rest to others."""

from __future__ import annotations

import argparse
import secrets
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING

from .errors import DarkroomError, InputError
from .languages import choose, say
from .settings import Settings, load
from .tokens import Token, read_token, without_tokens

if TYPE_CHECKING:
    from .local import Pace

__all__ = ["main"]

_LEAST_TOKEN = 8  # letters; a shorter one may stand in any answer by chance, and is cut out of it there
_MODEL = "bytedance/seedream-5/lite/text-to-image"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code: 0, or 1 where it could not do what was asked (2: wrong arguments)."""
    try:
        settings = load()
        choose(settings.language or "en")
        asked = _parser().parse_args(arguments)
        return _serve(asked, settings)
    except DarkroomError as error:
        print(error, file=sys.stderr)  # noqa: T201  # what a command line does
        return 1
    except KeyboardInterrupt:  # the way to end it; everything is tidied up by now
        print(f"\n{say('serve.ended')}")  # noqa: T201
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ipydarkroom", description=say("command.about"))
    parser.add_argument("--version", action="version", version=version("ipydarkroom"))
    verbs = parser.add_subparsers(dest="verb", required=True)
    serve = verbs.add_parser("serve", help=say("command.serve"), description=say("command.serve"))
    serve.add_argument("--port", type=int, default=8000, help=say("command.port"))
    serve.add_argument("--host", default="127.0.0.1", help=say("command.host"))
    serve.add_argument("--token", help=say("command.token"))
    serve.add_argument("--quick", action="store_true", help=say("command.quick"))
    serve.add_argument("--log", action="store_true", help=say("command.log"))
    return parser


def _serve(asked: argparse.Namespace, settings: Settings) -> int:
    """Serve until the process is told to end.

    Raises:
        CannotServe: The port, the host or a package is missing.
        InputError: The token is none.
    """
    from .local.serve import listen, origin_of, serve
    from .transport import Transport

    token = _token(asked.token, settings)
    callbacks = Transport(settings, lambda _: None)  # the local backend posts through it, to this machine only
    with listen(asked.host, asked.port) as taken:
        origin = origin_of(taken)
        serve(
            taken,
            tokens=frozenset({token.reveal()}),
            pace=_pace(quick=asked.quick),
            send=callbacks.post_loopback,
            ready=lambda: print(_welcome(origin, token), flush=True),  # noqa: T201
            seen=_tell if asked.log else None,
        )
    return 0


def _token(given: str | None, settings: Settings) -> Token:
    """The token of `--token`, of the environment, or a random one.

    Raises:
        InputError: It could not travel in a header, or is too short.
    """
    text = given if given is not None else settings.serve_token.reveal() if settings.serve_token else ""
    if given is None and not text:
        return Token("local-" + secrets.token_urlsafe(16))
    token = read_token(text)
    if isinstance(token, Token) and len(text.strip()) >= _LEAST_TOKEN:
        return token
    raise InputError(say("serve.bad_token", least=_LEAST_TOKEN), next_step=say("serve.bad_token.next"))


def _pace(*, quick: bool) -> Pace:
    """The usual rhythm, or one for a class that does not want to wait: every state is still passed through."""
    from .local import Pace

    return Pace(wait_s=0.1, work_s=0.2) if quick else Pace()


def _welcome(origin: str, token: Token) -> str:
    """What a person needs to know, once it answers."""
    secret = token.reveal()
    body = '{"prompt": "a fox in a snowy forest at night", "resolution": "2848x1600 (16:9)"}'
    curl = (
        f"    curl {origin}/v1/models/{_MODEL} \\\n"
        '      --header "Content-Type: application/json" \\\n'
        f'      --header "Authorization: Bearer {secret}" \\\n'
        f"      --data '{body}'"
    )
    python = f'    client = dr.Client(base_url="{origin}")\n    client.run("{_MODEL}", prompt="a fox").images[0]'
    lines = (
        say("serve.hello"), "",
        f"  {say('serve.address')}: {origin}", f"  {say('serve.token')}: {secret}", "",
        say("serve.curl", origin=origin), "", curl, "",
        say("serve.python", setting=f"IPYDARKROOM_SERVE_TOKEN={secret}"), "", python, "",
        say("serve.end"),
    )  # fmt: skip
    return "\n".join(lines)


def _tell(method: str, path: str, status: int) -> None:
    """One line for one answer, without query, token or anything that could move a terminal's cursor."""
    print(status, ascii(method)[1:-1], ascii(without_tokens(path))[1:-1], file=sys.stderr, flush=True)  # noqa: T201
