"""A token, and the one place that holds those a person typed into this process. Nothing here reads or asks.

`settings` finds tokens in the surroundings, `account` asks a person; both make them with `read_token`, which neither
raises nor keeps the text under a name, so that no traceback with its locals written out can show one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Literal, NoReturn, TypeAlias
from weakref import WeakSet

from .registry import entries_of

__all__ = [
    "Flaw", "Token", "forget", "held", "hold", "issuers", "placeholder", "read_token", "token_names", "without_tokens",
]

Flaw: TypeAlias = Literal["empty", "placeholder", "broken"]
"""Why a text is no token: nothing in it, the documentation's own example, or a paste with a blank or a line break."""

# The documentation pages call the variable YOUR_API_TOKEN and the value YOUR_API_KEY; people copy both literally.
_PLACEHOLDER = re.compile(r"<.*>|(your|my)[_-]?(api[_-]?)?(token|key)", re.IGNORECASE)
_LEAST = 8  # letters
_FOLDER = "ipydarkroom.providers"
_alive: WeakSet[Token] = WeakSet()


class Token:
    """An API token that does not show itself: not in a repr, a format, a pickle, its attributes or a traceback's locals.

    Only the transport's auth calls `reveal`, at the last moment and only for the provider's own origin.
    """

    __slots__ = ("__reveal", "__weakref__")

    def __init__(self, secret: str) -> None:
        self.__reveal: Callable[[], str] = lambda: secret  # a function and not the text: variable inspectors read every attribute
        _alive.add(self)

    def reveal(self) -> str:
        """The token itself. Do not bind it to a name that lives longer than one expression."""
        return self.__reveal()

    def hidden_in(self, body: bytes) -> bytes:
        """The same bytes with the token cut out, for answers that repeat what they were sent."""
        return body.replace(self.__reveal().encode(), b"(token)").replace(self.__half().encode(), b"(token)")

    def hidden_in_text(self, text: str) -> str:
        """The same for text. Fewer than eight letters are no secret anybody issues, and may stand in any sentence."""
        if len(self.__reveal()) < _LEAST:
            return text
        return text.replace(self.__reveal(), "(token)").replace(self.__half(), "(token)")

    def stands_in(self, text: str) -> bool:
        """Whether a text holds the token."""
        return len(self.__reveal()) >= _LEAST and self.__half() in text

    def __half(self) -> str:
        """The secret half of a token of the shape `id:secret`, else the whole: a server may repeat one half alone."""
        half = self.__reveal().partition(":")[2]
        return half if len(half) >= _LEAST else self.__reveal()

    @property
    def account(self) -> str:
        """A short hash that tells two accounts apart in the journal and cannot be turned back."""
        return hashlib.sha256(b"ipydarkroom:" + self.__reveal().encode()).hexdigest()[:12]

    def __repr__(self) -> str:
        return "Token(hidden)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a token is not pickled; it is read again from the environment where it is needed")


def without_tokens(text: str) -> str:
    """Return the text with every token of this process cut out, for what is written by others, such as their logs."""
    for token in tuple(_alive):
        text = token.hidden_in_text(text)
    return text


def read_token(text: str) -> Token | Flaw:
    """Make a token of a text as it can travel in a header, or say why it is none. A paste's outer blanks are dropped."""
    if not text.strip():
        return "empty"
    if placeholder(text):
        return "placeholder"
    if not text.strip().isascii() or not text.strip().isprintable() or " " in text.strip():
        return "broken"
    return Token(text.strip())


def placeholder(text: str) -> bool:
    """Whether a text is the documentation's own example of a token."""
    return bool(_PLACEHOLDER.fullmatch(text.strip()))


def issuers(*, outside: bool = True) -> tuple[str, ...]:
    """The names of those who issue tokens: every provider there is, in order of rank.

    Args:
        outside: False leaves out those of other packages, which take a while to find.
    """
    return tuple(str(getattr(entry, "name", "")) for entry in entries_of(_FOLDER, outside=outside))


def token_names(provider: str) -> tuple[str, ...]:
    """The environment variables that may hold this provider's token; the first is the one to recommend.

    A provider says them itself (`token_names` in its file); `NAME_API_KEY` is taken for one that nobody knows.
    """
    for outside in (False, True):
        for entry in entries_of(_FOLDER, outside=outside):
            if getattr(entry, "name", "") == provider:
                return tuple(getattr(entry, "token_names", ()))
    return (f"{provider.upper()}_API_KEY",)


_held: dict[str, Token] = {}


def hold(provider: str, token: Token) -> None:
    """Use this token for the provider in this process, from now on, in every client that read its environment."""
    _held[provider] = token


def held(provider: str) -> Token | None:
    """The token that somebody typed for the provider into this process."""
    return _held.get(provider)


def forget(provider: str) -> bool:
    """Drop what `hold` was told; whether there was something."""
    return _held.pop(provider, None) is not None
