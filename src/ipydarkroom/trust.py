"""Whose certificates are believed: what the HTTP package believes by itself, read from the disk once per process.

Reading the authorities takes some 20 ms and half a megabyte each time, and a client has a door for orders, one for
look-ups and one for downloads; a context may be shared by all of them, on any thread.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from functools import cache
from typing import Any

from .settings import trust_wished

__all__ = ["local_trust", "public_trust"]


def public_trust(http: Any) -> ssl.SSLContext:
    """What the HTTP package would make by itself (certifi, or the system's store), SSL_CERT_FILE and _DIR included.

    Args:
        http: The HTTP package.
    """
    return _made(http, *trust_wished())


def local_trust(origins: Iterable[str]) -> ssl.SSLContext | bool:
    """For doors to this machine: nobody, where no origin speaks TLS, which costs nothing to read; else the usual ones."""
    return True if any(origin.startswith("https:") for origin in origins) else _nobody()


@cache
def _made(http: Any, *_: str) -> ssl.SSLContext:
    context: ssl.SSLContext = http.create_ssl_context()
    return context


@cache
def _nobody() -> ssl.SSLContext:
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # asks for a certificate and knows no authority: every server fails
