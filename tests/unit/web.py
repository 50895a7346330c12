"""An internet of one's own: names that lead to loopback, and a misbehaving server behind TLS whose certificate is believed."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence
from contextlib import asynccontextmanager

import trustme

from ipydarkroom.fetching import Network

__all__ = ["AUTHORITY", "CLIENT_TLS", "HOST", "Web", "https_server"]

HOST = "files.example"
AUTHORITY = trustme.CA()
CLIENT_TLS = ssl.create_default_context()
AUTHORITY.configure_trust(CLIENT_TLS)


class Web:
    """The internet of these tests: every name leads to the addresses it was given, and all but the listed are public."""

    def __init__(self, names: dict[str, Sequence[str]] | None = None, private: tuple[str, ...] = ()) -> None:
        self.names = names or {HOST: ["127.0.0.1"]}
        self.private = private
        self.asked: list[str] = []

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        if host not in self.names:
            raise OSError("no such name")
        return self.names[host]

    def network(self, proxy: str | None = None) -> Network:
        return Network(self.resolve, lambda address: address not in self.private, lambda url: proxy, CLIENT_TLS)


@asynccontextmanager
async def https_server(faults, *scripts, names: Sequence[str] = (HOST,)):
    """The misbehaving server behind TLS, with a certificate for these names; it notes the names clients ask for."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    AUTHORITY.issue_cert(*names).configure_cert(context)
    asked: list[str | None] = []
    context.sni_callback = lambda _, name, __: asked.append(name)
    async with faults.server(*scripts) as plain:
        server = await asyncio.start_server(plain.serve, "127.0.0.1", 0, ssl=context)
        try:
            plain.port = server.sockets[0].getsockname()[1]
            plain.names = asked
            yield plain
        finally:
            server.close()
