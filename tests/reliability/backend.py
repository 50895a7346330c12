"""The hosted services' stand-in for the reliability harnesses: the mirrors in a process of their own, over real sockets.

    with Backend(Plan(rate=0.2), seed=7) as backend:
        client = AsyncClient(settings=backend.settings(home), base_url=backend.base_url, paces=backend.paces)
        await client.submit(backend.model("kie"), prompt="m-1 a fox")
        backend.truth()      # every order the server really took, by marker: the first word of the prompt
        backend.counts()     # requests by phase, injected faults by phase and kind

The process itself is `server.py`, the kinds of faults are in `faults.py`. Loopback only; it ends with its parent.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ipydarkroom.models import Model
from ipydarkroom.pacing import Pace
from ipydarkroom.settings import Settings, load

__all__ = ["PHASES", "SCHEMA", "TOKEN", "Backend", "Order", "Plan", "colour_of", "marker_of"]

PHASES = ("submit", "poll", "result", "cancel", "download")
SCHEMA = {"type": "object", "properties": {"prompt": {"type": "string"}}, "required": ["prompt"]}
TOKEN = "reliability-token-not-a-secret"  # noqa: S105


@dataclass(frozen=True)
class Plan:
    """Which faults come by chance: `rate` per request, of these `kinds` (all that fit the phase when empty).

    `refused` is not done to a request: the answer is good, and then the port is shut for `shut_s` seconds.
    """

    rate: float = 0.0
    kinds: tuple[str, ...] = ()
    shut_s: float = 0.03


@dataclass(frozen=True)
class Order:
    """One order that the server really took. `fetched` tells whether all its files went out whole."""

    provider: str
    remote_id: str
    marker: str
    state: str
    fetched: bool


def colour_of(marker: str) -> tuple[int, int, int]:
    """The colour of the picture that an order with this marker gets: by it a file on disk is told from another's."""
    red, green, blue = hashlib.sha256(marker.encode()).digest()[:3]
    return red, green, blue


def marker_of(prompt: object) -> str:
    """The marker in a prompt: its first word."""
    return str(prompt).split(" ", 1)[0]


class Backend:
    """The server process, for the length of a `with`.

    Args:
        plan: Faults by chance; none when absent.
        seed: Of the chance.
        wait_s: How long each job waits in the queue at least; the line is first in, first out.
    """

    paces = (Pace(((0, 0.02),), grace=5, deadline=120, first_backoff=0.02, longest_backoff=0.1, longest_hold=0.1),) * 2

    def __init__(self, plan: Plan | None = None, *, seed: int = 1, wait_s: float = 0.0) -> None:
        self._wish = json.dumps({"plan": asdict(plan or Plan()), "seed": seed, "wait_s": wait_s})
        self.token = TOKEN
        self.origin = ""

    def __enter__(self) -> Backend:
        env = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        command = [sys.executable, str(Path(__file__).resolve().with_name("server.py")), self._wish]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env, text=True)
        assert self._process.stdout is not None
        self.pid = self._process.pid
        self.origin, self._control = json.loads(self._process.stdout.readline())
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    @property
    def base_url(self) -> dict[str, str]:
        """For `AsyncClient(base_url=...)`: both providers are here."""
        return {"runcomfy": self.origin, "kie": self.origin}

    def settings(self, home: Path | str) -> Settings:
        """Settings with this server's token for both providers, and paid hosts locked."""
        words = {"IPYDARKROOM_HOME": str(home), "IPYDARKROOM_SPENDING": "off"}
        return load(words | {"RUNCOMFY_API_TOKEN": self.token, "KIE_API_KEY": self.token})

    def model(self, provider: str) -> Model:
        """A model of that provider with one required input, `prompt`. The server takes any id."""
        return Model.from_schema(SCHEMA, id="reliability/tiny", provider=provider)

    def truth(self) -> list[Order]:
        """Every order the server really took, in order."""
        return [Order(**row) for row in self.ask("truth")]

    def counts(self) -> dict[str, Any]:
        """`requests` by phase, `faults` by phase and kind, `refused` (times the port was shut), `strangers` (trap hits), `mistakes`
        (of this server; there must be none)."""
        return dict(self.ask("counts"))

    def script(self, marker: str, faults: Mapping[str, Sequence[str]]) -> None:
        """What happens to the order of that marker: phase -> faults of its first requests, `""` for a good answer."""
        self.ask("script", {"marker": marker, "faults": {phase: list(kinds) for phase, kinds in faults.items()}})

    def requests(self, marker: str) -> dict[str, int]:
        """How many requests of each phase came for the order of that marker."""
        return dict(self.ask("requests", {"marker": marker}))

    def shut(self, seconds: float | None) -> None:
        """Shut the port: for so many seconds, or until `shut(0)` when None. Idle connections are hung up."""
        self.ask("shut", {"seconds": seconds})

    def use(self, plan: Plan) -> None:
        """Go on with another plan."""
        self.ask("plan", asdict(plan))

    def ask(self, what: str, about: object = None) -> Any:
        """One question on the control port, which knows no faults."""
        line = http.client.HTTPConnection("127.0.0.1", self._control, timeout=60)
        try:
            line.request("POST", "/" + what, json.dumps(about))
            return json.loads(line.getresponse().read())
        finally:
            line.close()
