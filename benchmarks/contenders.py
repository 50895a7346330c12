"""Who is measured: ours on both HTTP packages, two peers, bare loops, and the control that must look bad."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["BARE_HTTPX", "BARE_HTTPX2", "CONTENDERS", "CONTROL", "Contender"]

_HTTPX = ("httpx", "httpcore", "anyio", "sniffio")


@dataclass(frozen=True)
class Contender:
    """One client under test. `bare` is the key of the loop without a library that it is compared with."""

    key: str
    title: str
    script: str
    protocol: str
    bare: str
    packages: tuple[str, ...]
    task: Mapping[str, object] = field(default_factory=dict, hash=False)

    @property
    def ours(self) -> bool:
        return self.script == "darkroom"


BARE_HTTPX = Contender("bare-httpx", "bare loop, httpx", "bare_loop", "runcomfy", "bare-httpx", _HTTPX, {"http": "httpx"})
BARE_HTTPX2 = Contender(
    "bare-httpx2", "bare loop, httpx2", "bare_loop", "runcomfy", "bare-httpx2", ("httpx2", "httpcore2"), {"http": "httpx2"}
)
CONTENDERS = (
    Contender("ours-httpx", "**ipydarkroom**, httpx", "darkroom", "runcomfy", "bare-httpx", _HTTPX, {"http": "httpx"}),
    Contender(
        "ours-httpx2", "**ipydarkroom**, httpx2", "darkroom", "runcomfy", "bare-httpx2", ("httpx2", "httpcore2"), {"http": "httpx2"}
    ),
    Contender("fal", "fal-client, `subscribe`", "fal_peer", "fal", "bare-httpx", ("fal-client", *_HTTPX)),
    Contender(
        "replicate-run", "replicate, `async_run` (POST held open)", "replicate_peer", "replicate", "bare-httpx",
        ("replicate", *_HTTPX), {"held": True},
    ),
    Contender(
        "replicate-wait", "replicate, create and wait", "replicate_peer", "replicate", "bare-httpx",
        ("replicate", *_HTTPX), {"held": False},
    ),
    BARE_HTTPX,
    BARE_HTTPX2,
)
CONTROL = Contender(
    "control", "control: bare loop that retries its POST", "bare_loop", "runcomfy", "bare-httpx", _HTTPX,
    {"http": "httpx", "tries": 3},
)
"""The negative control: the measurement of lost answers proves something only while this one is caught."""
