"""What this process was told: tokens, folders, switches. The only reader of the environment.

Everything above takes a `Settings`; a test makes its own with `load({...})` and needs no patching.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from platformdirs import user_data_path

from .errors import AuthError, StorageError

__all__ = [
    "PROCESS", "Settings", "Token", "forbid_spending", "load", "proxy_for", "spending_forbidden", "usable_home",
    "wish_local", "wished_local",
]

PROCESS = uuid.uuid4().hex
"""Names this interpreter in the journal: a local job belongs to the process whose painter does it."""

_TOKEN_NAMES: dict[str, tuple[str, ...]] = {
    "runcomfy": ("RUNCOMFY_API_TOKEN", "RUNCOMFY_TOKEN", "RUNCOMFY_API_KEY"),
    "kie": ("KIE_API_KEY",),
}
# The documentation pages call the variable YOUR_API_TOKEN and the value YOUR_API_KEY; people copy both literally.
_PLACEHOLDER_NAMES = ("YOUR_API_TOKEN", "YOUR_API_KEY")
_PLACEHOLDER_VALUE = re.compile(r"<.*>|(your|my)[_-]?(api[_-]?)?(token|key)", re.IGNORECASE)
_OFF = frozenset({"off", "0", "no", "false", "never"})
_ON = frozenset({"1", "on", "yes", "true", "always"})


class Token:
    """An API token that does not show itself: not in a repr, a format, a pickle or a traceback's locals.

    Only the transport's auth calls `reveal`, at the last moment and only for the provider's own origin.
    """

    __slots__ = ("__secret",)

    def __init__(self, secret: str) -> None:
        self.__secret = secret

    def reveal(self) -> str:
        """The token itself. Do not bind it to a name that lives longer than one expression."""
        return self.__secret

    def hidden_in(self, body: bytes) -> bytes:
        """The same bytes with the token cut out, for answers that repeat what they were sent."""
        return body.replace(self.__secret.encode(), b"(token)")

    @property
    def account(self) -> str:
        """A short hash that tells two accounts apart in the journal and cannot be turned back."""
        return hashlib.sha256(b"ipydarkroom:" + self.__secret.encode()).hexdigest()[:12]

    def __repr__(self) -> str:
        return "Token(hidden)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a token is not pickled; it is read again from the environment where it is needed")


@dataclass(frozen=True, slots=True)
class Settings:
    """One frozen answer to every question about the surroundings.

    `home` is the wished data folder (see `usable_home` for what becomes of it). `local` keeps every job on this
    machine. `spending` False forbids paid hosts before a byte leaves. `placeholder` names the variable in which
    somebody set the documentation's own placeholder instead of a token.
    """

    home: Path
    local: bool = False
    spending: bool = True
    tokens: Mapping[str, Token] = field(default_factory=dict)
    base_urls: Mapping[str, str] = field(default_factory=dict)
    placeholder: str = ""
    language: str = ""
    http: str = ""

    def token_names(self, provider: str) -> tuple[str, ...]:
        """The environment variables that may hold this provider's token; the first is the one to recommend."""
        return _TOKEN_NAMES.get(provider, (f"{provider.upper()}_API_KEY",))


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from `environ` (the process's own by default).

    IPYDARKROOM_HOME is the data folder, IPYDARKROOM_LOCAL=1 keeps everything local, IPYDARKROOM_SPENDING=off forbids
    paid hosts, IPYDARKROOM_LANGUAGE chooses the panel's language, IPYDARKROOM_RUNCOMFY_URL and IPYDARKROOM_KIE_URL
    replace a provider's hosts, IPYDARKROOM_HTTP names the HTTP package (httpx, httpx2).
    """
    env = os.environ if environ is None else environ
    tokens = {name: token for name in _TOKEN_NAMES if (token := _token(env, name)) is not None}
    urls = {name: url for name in _TOKEN_NAMES if (url := env.get(f"IPYDARKROOM_{name.upper()}_URL", "").rstrip("/"))}
    home = env.get("IPYDARKROOM_HOME")
    return Settings(
        home=Path(home).expanduser() if home else user_data_path("ipydarkroom", appauthor=False),
        local=env.get("IPYDARKROOM_LOCAL", "").lower() in _ON,
        spending=env.get("IPYDARKROOM_SPENDING", "").lower() not in _OFF,
        tokens=tokens,
        base_urls=urls,
        placeholder=_placeholder(env),
        language=env.get("IPYDARKROOM_LANGUAGE", ""),
        http=env.get("IPYDARKROOM_HTTP", ""),
    )


def _token(env: Mapping[str, str], provider: str) -> Token | None:
    for name in _TOKEN_NAMES[provider]:
        value = env.get(name, "").strip()
        if value and not _PLACEHOLDER_VALUE.fullmatch(value):
            return Token(_one_line(value, name))
    return None


def _one_line(value: str, name: str) -> str:
    """A token as it can travel in a header; a pasted line break would end in a puzzle much later.

    Raises:
        AuthError: It has a blank, a line break or a letter that no token has. The message does not repeat it.
    """
    if not value.isascii() or not value.isprintable() or " " in value:
        raise AuthError(f"{name} does not hold a token: it has a blank or a line break inside.", next_step="Copy it again.")
    return value


def _placeholder(env: Mapping[str, str]) -> str:
    """The name of a variable that holds, or is, a placeholder of the documentation; empty when there is none."""
    for names in _TOKEN_NAMES.values():
        for name in names:
            if _PLACEHOLDER_VALUE.fullmatch(env.get(name, "").strip()):
                return name
    return next((name for name in _PLACEHOLDER_NAMES if env.get(name, "").strip()), "")


def proxy_for(url: str) -> str | None:
    """The proxy that the environment (or the system's own settings) wants a link to be fetched through, or None.

    Read at each call, by the standard library's rules: HTTPS_PROXY and the like, ALL_PROXY, and NO_PROXY for exceptions.
    """
    from urllib.request import getproxies, proxy_bypass  # loaded late: it brings half of the standard library's network

    parts, known = urlsplit(url), getproxies()
    proxy = known.get(parts.scheme) or known.get("all")
    if not proxy or proxy_bypass(parts.netloc):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


_locks: list[None] = []
_wish: dict[str, bool | None] = {"local": None}


def wish_local(local: bool | None) -> None:
    """Set where jobs of this process run where nothing nearer says it; see `dr.use`."""
    _wish["local"] = local


def wished_local() -> bool | None:
    """What `wish_local` was last told."""
    return _wish["local"]


@contextmanager
def forbid_spending() -> Iterator[None]:
    """Keep every client of this process away from paid hosts for the length of a `with`, whatever its settings say."""
    _locks.append(None)
    try:
        yield
    finally:
        _locks.pop()


def spending_forbidden(settings: Settings) -> bool:
    """True while a paid host may not be reached: by the settings, or inside `forbid_spending()`."""
    return not settings.spending or bool(_locks)


def usable_home(wished: Path) -> tuple[Path, bool]:
    """The first folder that can really be written: the wished one, the working folder, a temporary one.

    Returns:
        The folder, made with owner-only rights where it was missing, and whether it is the wished one. On Binder and
        in containers the home is often read-only; the caller says loudly where things went.

    Raises:
        StorageError: Nothing is writable, not even a temporary folder.
    """
    for place in (wished, Path.cwd() / "ipydarkroom-data", Path(tempfile.gettempdir()) / f"ipydarkroom-{_user()}"):
        if _writable(place):
            return place, place == wished
    raise StorageError(
        "No folder can be written, so no job can be kept.",
        next_step="Set IPYDARKROOM_HOME to a folder you may write to.",
    )


def _user() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else "user"


def _writable(place: Path) -> bool:
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=place):
            return True
    except OSError:
        return False
