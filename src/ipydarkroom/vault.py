"""The computer's keyring: the only door to it. Tokens lie there under the service `ipydarkroom`, one per provider.

The package `keyring` is an extra and is imported on first need. Only a backend that really protects what it keeps
counts (the package's own mark: priority 1 or more), so neither a null keyring nor a plain file ever gets a token.
What is found is remembered for the process: a locked keyring asks its owner once, not at every order.
"""

from __future__ import annotations

import importlib
import importlib.util
import logging
from typing import Any

from .errors import StorageError
from .tokens import Token, read_token

__all__ = ["SERVICE", "drop", "keep", "kept", "name", "no_keyring"]

SERVICE = "ipydarkroom"
log = logging.getLogger("ipydarkroom")

_found: dict[str, Token | None] = {}


def name() -> str:
    """What the keyring in use calls itself, empty where there is none that protects what it keeps."""
    backend = _backend()
    return "" if backend is None else str(backend.name)


def kept(provider: str) -> Token | None:
    """The token kept for a provider, None where there is none or the keyring does not open."""
    if provider not in _found:
        _found[provider] = _look(provider)
    return _found[provider]


def keep(provider: str, token: Token) -> None:
    """Keep a token for later processes of this person.

    Raises:
        StorageError: There is no keyring here, or it refused.
    """
    backend = _backend()
    if backend is None:
        raise no_keyring()
    try:
        backend.set_password(SERVICE, provider, token.reveal())
    except Exception as error:  # noqa: BLE001  # a backend may raise anything; it is told as ours, without its frames
        error.__traceback__ = None  # the backend's own frames hold the token under a name
        raise StorageError(f"The keyring did not keep the token ({type(error).__name__}).", next_step=_INSTEAD) from None
    _found[provider] = token


def drop(provider: str) -> bool:
    """Remove a provider's token from the keyring; whether there was one.

    Raises:
        StorageError: There is one, and the keyring did not remove it.
    """
    _found.pop(provider, None)
    backend = _backend()
    if backend is None or kept(provider) is None:
        return False
    try:
        backend.delete_password(SERVICE, provider)
    except Exception as error:  # noqa: BLE001  # as above
        raise StorageError(
            f"The keyring did not remove the token ({type(error).__name__}).",
            next_step=f"Remove the entry {SERVICE!r} in the keyring's own program.",
        ) from None
    finally:
        _found.pop(provider, None)
    return True


def no_keyring() -> StorageError:
    """The error of a machine without a keyring."""
    return StorageError(
        "There is no keyring here that could keep a token.", next_step=_INSTEAD, key="error.no_keyring",
    )


_INSTEAD = 'Install "ipydarkroom[keyring]" on a computer with a keyring, or set an environment variable instead.'


def _look(provider: str) -> Token | None:
    backend = _backend()
    if backend is None:
        return None
    try:
        found = read_token(backend.get_password(SERVICE, provider) or "")
    except Exception as error:  # noqa: BLE001  # a locked or absent service, by whatever name: work goes on without it
        log.warning("the keyring could not be read (%s)", type(error).__name__)
        return None
    return found if isinstance(found, Token) else None


def _backend() -> Any:
    """The keyring in use, or None. Any, as the package is an extra."""
    if importlib.util.find_spec("keyring") is None:
        return None
    try:
        backend = importlib.import_module("keyring").get_keyring()
        return backend if backend.priority >= 1 else None
    except Exception as error:  # noqa: BLE001  # a broken configuration of the package must not stop a notebook
        log.warning("the keyring could not be opened (%s)", type(error).__name__)
        return None
