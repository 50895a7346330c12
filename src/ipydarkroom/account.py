"""`dr.login` and `dr.logout`: a token typed by hand, which stays out of the notebook.

It is asked for with `getpass`, which in a kernel is ipykernel's own and shows dots; never with `input` or a widget,
whose text can be saved. Nothing here returns, prints or names the token; what is shown is a sentence about it.
"""

from __future__ import annotations

import getpass
import sys
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import settings, vault
from .errors import AuthError
from .languages import say
from .providers import get_provider, providers
from .tokens import Flaw, Token, forget, hold, read_token, token_names

if TYPE_CHECKING:
    from .providers import Provider

__all__ = ["Account", "login", "logout", "warn_if_written"]

_ACCOUNT_LETTERS = 4


@dataclass(frozen=True, slots=True)
class Account:
    """What became of a token, as a sentence in the cell.

    `account` is the beginning of a hash that tells two accounts apart, empty where none is in use any more. `keyring`
    names the keyring that keeps the token, empty where only this process knows it.
    """

    provider: str
    account: str
    keyring: str
    sentence: str

    def __repr__(self) -> str:
        return self.sentence


def login(provider: str = "runcomfy", *, keep: bool | None = None) -> Account:
    """Ask for a provider's token and use it from now on, in clients and panels that are already there too.

    On a server that others may use as well (JupyterHub, Binder, Colab, Kaggle, a folder open to others) a warning
    says so.

    Args:
        provider: Its name, such as `runcomfy` or `kie`.
        keep: True keeps it in this computer's keyring for later; False uses it in this process only, and so does
            None, which says how to keep it.

    Raises:
        AuthError: Nobody can be asked here, or what was typed is no token. The message does not repeat it.
        StorageError: `keep=True`, and there is no keyring or it refused. Nothing was asked where there is none.
        ModelNotFound: There is no such provider.
    """
    found = get_provider(provider)
    if keep and not vault.name():
        raise vault.no_keyring()
    token = _asked(found)
    if keep:
        vault.keep(found.name, token)
    hold(found.name, token)
    _warn_where_shared(found)
    return Account(found.name, token.account[:_ACCOUNT_LETTERS], vault.name() if keep else "", _sentence(found, token, keep))


def logout(provider: str = "runcomfy") -> Account:
    """Forget a provider's token: the one typed into this process, and the one in the keyring.

    Raises:
        StorageError: The keyring did not remove it. This process has forgotten it all the same.
        ModelNotFound: There is no such provider.
    """
    found = get_provider(provider)
    typed = forget(found.name)
    there = vault.drop(found.name) or typed
    words = [say("login.forgotten" if there else "login.nothing_there", provider=found.title)]
    left = _left(found.name)
    if left is not None:
        words.append(say("login.still_set", name=token_names(found.name)[0]))
    return Account(found.name, left.account[:_ACCOUNT_LETTERS] if left else "", "", " ".join(words))


def warn_if_written(told: settings.Settings) -> None:
    """Warn when a token in use stands in a cell of this session: then it is saved with the notebook, and in the history.

    Nothing can be undone from here, so the sentence says what to do: make a new token, and let `dr.login` ask for it.
    """
    if "IPython" not in sys.modules:
        return
    from IPython import get_ipython  # it is there, so this costs nothing

    manager = getattr(get_ipython(), "history_manager", None)
    cells = list(getattr(manager, "input_hist_raw", ()))
    for provider in providers:
        token = told.token(provider.name)
        numbers = [number for number, cell in enumerate(cells) if token is not None and token.stands_in(cell)]
        if numbers:
            said = say("login.written", number=numbers[0], page=provider.token_page, name=provider.name)
            warnings.warn(said, stacklevel=4)


def _left(provider: str) -> Token | None:
    """The token that the surroundings still give; one that cannot be read is none."""
    try:
        return settings.load().token(provider)
    except AuthError:
        return None


def _asked(provider: Provider) -> Token:
    answer = _answer(say("login.prompt", provider=provider.title, page=provider.token_page), token_names(provider.name)[0])
    if isinstance(answer, Token):
        return answer
    raise AuthError(
        _FLAWS[answer][1], next_step=f"Copy it again from {provider.token_page}, then call dr.login({provider.name!r}) again.",
        key=_FLAWS[answer][0], page=provider.token_page, provider=provider.name,
    )


_FLAWS: dict[Flaw, tuple[str, str]] = {
    "empty": ("error.login_empty", "Nothing was typed."),
    "placeholder": ("error.login_placeholder", "That is the documentation's placeholder, not a token."),
    "broken": ("error.login_broken", "That is no token: it has a blank, a line break or a letter that no token has."),
}


def _answer(prompt: str, variable: str) -> Token | Flaw:
    """Ask a person, and never bind what they say to a name. `variable` is where a token goes if nobody can be asked.

    Raises:
        AuthError: Nobody can answer here, or the letters would show.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)  # it means that the letters would be shown
            return read_token(getpass.getpass(f"{prompt} "))
    except (EOFError, OSError, RuntimeError, getpass.GetPassWarning):  # a kernel whose front end cannot ask: RuntimeError
        raise AuthError(
            "Nobody can be asked for a token here.",
            next_step=f"Set the environment variable {variable} before this process starts.",
            key="error.cannot_ask", name=variable,
        ) from None


def _warn_where_shared(provider: Provider) -> None:
    why = settings.shared_with()
    if why:
        said = say("login.shared", why=", ".join(why), provider=provider.title, name=provider.name)
        warnings.warn(said, stacklevel=3)


def _sentence(provider: Provider, token: Token, keep: bool | None) -> str:
    words = {"provider": provider.title, "account": token.account[:_ACCOUNT_LETTERS], "name": provider.name}
    if keep:
        return say("login.kept", keyring=vault.name(), **words)
    done = say("login.done", **words)
    if keep is False:
        return done
    if vault.name():
        return f"{done} {say('login.how_to_keep', name=provider.name)}"
    return f"{done} {say('login.how_to_set', name=token_names(provider.name)[0])}"
