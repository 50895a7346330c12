"""What this process was told: tokens, folders, switches. The only reader of the environment; `vault` is its keyring.

Everything above takes a `Settings`; a test makes its own with `load({...})` and needs no patching.
"""

from __future__ import annotations

import importlib
import logging
import os
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from platformdirs import user_data_path

from . import vault
from .errors import AuthError, StorageError
from .tokens import Token, held, issuers, placeholder, read_token, token_names

__all__ = [
    "PROCESS", "Settings", "Token", "forbid_spending", "load", "passing_in", "proxy_for", "shared_with", "spending_forbidden", "trust_wished",
    "usable_home", "wish_local", "wished_local",
]

PROCESS = uuid.uuid4().hex
"""Names this interpreter in the journal: a local job belongs to the process whose painter does it."""

_PLACEHOLDER_NAMES = ("YOUR_API_TOKEN", "YOUR_API_KEY")  # the documentation pages' own; people copy them literally
_OFF = frozenset({"off", "0", "no", "false", "never"})
_ON = frozenset({"1", "on", "yes", "true", "always"})
_SHARED: Mapping[str, tuple[str, ...]] = {  # variables these services set for every kernel
    "JupyterHub": ("JUPYTERHUB_USER", "JUPYTERHUB_API_URL"),
    "Binder": ("BINDER_SERVICE_HOST", "BINDER_LAUNCH_HOST", "BINDER_REPO_URL"),
    "Colab": ("COLAB_RELEASE_TAG", "COLAB_BACKEND_VERSION"),
    "Kaggle": ("KAGGLE_KERNEL_RUN_TYPE", "KAGGLE_URL_BASE"),
}
# Of those, Binder gives every visitor a machine of their own and deletes it; BinderHub sets these two itself, the third
# is Kubernetes' own. A JupyterHub alone keeps people's folders.
log = logging.getLogger("ipydarkroom")


@dataclass(frozen=True, slots=True)
class Settings:
    """One frozen answer to every question about the surroundings.

    `home` is the wished data folder (see `usable_home` for what becomes of it). `local` keeps every job on this
    machine. `spending` False forbids paid hosts before a byte leaves. `placeholder` names the variable in which
    somebody set the documentation's own placeholder instead of a token. `serve_token` is the one of `ipydarkroom serve`,
    at both ends. `passing` is `binder` or `browser` where this machine, with its journal and pictures, is forgotten when one
    leaves; empty elsewhere. `live` says that these are the process's own surroundings: then `token` also knows what was typed into
    `dr.login` and what the keyring keeps. `later` finds the token of a provider from another package, which is not
    looked for before somebody names it.
    """

    home: Path
    local: bool = False
    spending: bool = True
    tokens: Mapping[str, Token] = field(default_factory=dict)
    base_urls: Mapping[str, str] = field(default_factory=dict)
    placeholder: str = ""
    language: str = ""
    http: str = ""
    serve_token: Token | None = None
    passing: str = ""
    live: bool = False
    later: Callable[[str], Token | None] | None = field(default=None, repr=False, compare=False)

    def token(self, provider: str) -> Token | None:
        """The token to use for a provider at this moment, or None; ask anew each time, for somebody may log in.

        What was typed into this process counts first, as the nearest word; then the environment, Colab's secrets, and
        the computer's keyring.
        """
        given = self.tokens.get(provider) or (self.later(provider) if self.later else None)
        return (held(provider) or given or vault.kept(provider)) if self.live else given

    def token_names(self, provider: str) -> tuple[str, ...]:
        """The environment variables that may hold this provider's token; the first is the one to recommend."""
        return token_names(provider)


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from `environ` (the process's own by default).

    IPYDARKROOM_HOME is the data folder, IPYDARKROOM_LOCAL=1 keeps everything local, IPYDARKROOM_SPENDING=off forbids
    paid hosts, IPYDARKROOM_LANGUAGE chooses the panel's language, IPYDARKROOM_<PROVIDER>_URL (IPYDARKROOM_RUNCOMFY_URL)
    replaces a provider's hosts, IPYDARKROOM_HTTP names the HTTP package (httpx, httpx2). The variables of the tokens are
    named by the providers. IPYDARKROOM_SERVE_TOKEN is what
    `ipydarkroom serve` accepts and what is sent to an address on this machine.
    """
    env = _Quiet(os.environ if environ is None else environ)
    colab = _colab_secrets() if environ is None else None
    known = issuers(outside=False)
    unread = [name for name in known if not (environ is None and held(name))]  # a broken one must not stop who logged in
    tokens = {name: token for name in unread if (token := _token(env, name) or _secret(colab, name)) is not None}
    urls = {name: url for name in env.between("IPYDARKROOM_", "_URL") if (url := env.get(f"IPYDARKROOM_{name}_URL").rstrip("/"))}
    return Settings(
        home=_home(env),
        local=env.get("IPYDARKROOM_LOCAL").lower() in _ON,
        spending=env.get("IPYDARKROOM_SPENDING").lower() not in _OFF,
        tokens=tokens,
        base_urls={name.lower(): url for name, url in urls.items()},
        placeholder=_placeholder(env),
        language=env.get("IPYDARKROOM_LANGUAGE"),
        http=env.get("IPYDARKROOM_HTTP"),
        serve_token=_first_token(env, ("IPYDARKROOM_SERVE_TOKEN",)),
        passing=passing_in(env.get),
        live=environ is None,
        later=lambda name: None if name in known else _token(env, name) or _secret(colab, name),
    )


def _home(env: _Quiet) -> Path:
    wished = env.get("IPYDARKROOM_HOME")
    return Path(wished).expanduser() if wished else user_data_path("ipydarkroom", appauthor=False)


class _Quiet:
    """An environment that does not show itself, so that no traceback writes all its tokens out."""

    __slots__ = ("between", "get")

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.get: Callable[[str], str] = lambda name: environ.get(name, "")
        self.between: Callable[[str, str], list[str]] = lambda start, end: [
            name.removeprefix(start).removesuffix(end) for name in environ if name.startswith(start) and name.endswith(end)
        ]


def _token(env: _Quiet, provider: str) -> Token | None:
    """The first token under the provider's names. Raises what `_first_token` raises."""
    return _first_token(env, token_names(provider))


def _first_token(env: _Quiet, names: Iterable[str]) -> Token | None:
    """The first token under these names.

    Raises:
        AuthError: A variable holds a blank, a line break or a letter that no token has; it could not travel in a
            header, and would end in a puzzle much later. The message does not repeat it.
    """
    for name in names:
        found = read_token(env.get(name))
        if isinstance(found, Token):
            return found
        if found == "broken":
            raise AuthError(
                f"{name} does not hold a token: it has a blank or a line break inside.", next_step="Copy it again."
            )
    return None


def _placeholder(env: _Quiet) -> str:
    """The name of a variable that holds, or is, a placeholder of the documentation; empty when there is none."""
    for provider in issuers(outside=False):
        for name in token_names(provider):
            if placeholder(env.get(name)):
                return name
    return next((name for name in _PLACEHOLDER_NAMES if env.get(name).strip()), "")


def _colab_secrets() -> Callable[[str], object] | None:
    """How to ask Colab for a secret of this notebook, where this is Colab: its kernel has loaded `google.colab` itself."""
    if "google.colab" not in sys.modules:
        return None
    try:
        return cast("Callable[[str], object]", importlib.import_module("google.colab.userdata").get)
    except (ImportError, AttributeError):  # an older Colab, or something else of that name
        return None


def _secret(ask: Callable[[str], object] | None, provider: str) -> Token | None:
    """The provider's token among Colab's secrets; a missing secret, or one this notebook may not read, is none."""
    if ask is None:
        return None
    for name in token_names(provider):
        try:
            found = read_token(str(ask(name)))
        except Exception as error:  # noqa: BLE001  # its errors have no common base; none of them concerns us further
            log.debug("Colab has no secret %s for this notebook (%s)", name, type(error).__name__)
            continue
        if isinstance(found, Token):
            return found
    return None


def shared_with(environ: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Why others may be able to use what this process can: names of shared services, or a data folder others may write.

    Args:
        environ: The environment; the process's own by default.
    """
    env = _Quiet(os.environ if environ is None else environ)
    found = [service for service, marks in _SHARED.items() if any(env.get(mark) for mark in marks)]
    home = _home(env)
    try:
        about = home.stat()
    except OSError:  # not made yet, so nobody else's
        return tuple(found)
    if hasattr(os, "getuid") and (about.st_uid != os.getuid() or about.st_mode & 0o022):
        found.append(str(home))
    return tuple(found)


def passing_in(get: Callable[[str], str], platform: str = sys.platform) -> str:
    """Where this machine is forgotten when one leaves: `binder`, `browser` (JupyterLite), or empty.

    Args:
        get: Gives a variable of the environment, empty where it is not set.
        platform: As `sys.platform`.
    """
    if platform == "emscripten":
        return "browser"
    return "binder" if any(get(mark) for mark in _SHARED["Binder"]) else ""


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


def trust_wished() -> tuple[str, str]:
    """The file and the folder of certificates that the environment names for this process; empty where it names none."""
    return os.environ.get("SSL_CERT_FILE", ""), os.environ.get("SSL_CERT_DIR", "")


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
    for place in _places(wished):
        if _writable(place):
            return place, place == wished
    raise StorageError(
        "No folder can be written, so no job can be kept.",
        next_step="Set IPYDARKROOM_HOME to a folder you may write to.",
    )


def _places(wished: Path) -> Iterator[Path]:
    yield wished
    with suppress(OSError):  # the working folder may have been deleted
        yield Path.cwd() / "ipydarkroom-data"
    with suppress(OSError):  # or no temporary folder be usable
        yield Path(tempfile.gettempdir()) / f"ipydarkroom-{_user()}"


def _user() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else "user"


def _writable(place: Path) -> bool:
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=place):
            return True
    except OSError:
        return False
