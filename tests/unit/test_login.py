"""`dr.login` and `dr.logout`: a token comes in without a trace, holds at once, and goes away again."""

from __future__ import annotations

import getpass
import io
import os
import pickle
import sys
import types
import warnings

import pytest
from IPython.core.error import StdinNotImplementedError
from IPython.core.ultratb import AutoFormattedTB

import ipydarkroom as dr
from ipydarkroom import vault
from ipydarkroom.errors import AuthError, ModelNotFound, StorageError
from ipydarkroom.fields import Field
from ipydarkroom.languages import LANGUAGES, choose, current
from ipydarkroom.models import Model
from ipydarkroom.settings import load, shared_with
from ipydarkroom.tokens import Token, hold

CANARY = "canary-1f77c0de"
MODEL = Model("a/b", "runcomfy", (Field(("prompt",), "string", required=True),))


@pytest.fixture
def typed(monkeypatch):
    """Let a person type these answers, one per question; returns the prompts they saw."""

    def answers(*said):
        left, prompts = list(said), []

        def ask(prompt):
            prompts.append(prompt)
            return left.pop(0)

        monkeypatch.setattr(getpass, "getpass", ask)
        return prompts

    return answers


@pytest.fixture
def keyring(monkeypatch):
    """A keyring of the real package, in memory."""
    package = pytest.importorskip("keyring")
    from keyring.backend import KeyringBackend
    from keyring.errors import PasswordDeleteError

    class Memory(KeyringBackend):
        priority = 5
        name = "memory"

        def __init__(self):
            self.entries = {}

        def get_password(self, service, user):
            return self.entries.get((service, user))

        def set_password(self, service, user, password):
            self.entries[service, user] = password

        def delete_password(self, service, user):
            if self.entries.pop((service, user), None) is None:
                raise PasswordDeleteError("not found")

    memory = Memory()
    before = package.core._keyring_backend
    package.set_keyring(memory)
    yield memory
    package.core._keyring_backend = before


def test_a_login_holds_for_a_client_made_before(typed, monkeypatch):
    """The default client, and a panel that is open, use the token from the next order on."""
    monkeypatch.delenv("IPYDARKROOM_LOCAL", raising=False)  # the lock of `make` would decide; spending stays locked
    with dr.Client() as client:
        before = client.route(MODEL)
        typed(CANARY)
        dr.login()
        after = client.route(MODEL)

    assert ("local-process", "route.no_token") == (before.backend, before.reason)
    assert ("remote", "route.token") == (after.backend, after.reason)
    assert CANARY == after.token.reveal()


def test_a_login_holds_for_its_provider_only(typed):
    """A key given to one is nobody else's."""
    typed(CANARY)
    dr.login("kie")

    settings = load()

    assert settings.token("runcomfy") is None
    assert CANARY == settings.token("kie").reveal()


def test_settings_made_by_hand_do_not_hear_of_a_login(typed):
    """Who brings surroundings of their own means those."""
    typed(CANARY)
    dr.login()

    assert load({}).token("runcomfy") is None


def test_what_is_typed_counts_before_the_environment(typed, monkeypatch):
    """It is the nearest word; otherwise a login would change nothing, and say it had."""
    monkeypatch.setenv("RUNCOMFY_API_TOKEN", "older-token")
    typed(CANARY)
    dr.login()

    assert CANARY == load().token("runcomfy").reveal()


def test_a_broken_variable_does_not_stop_who_logged_in(typed, monkeypatch):
    """The remedy for a broken paste must not fail on the broken paste."""
    monkeypatch.setenv("RUNCOMFY_API_TOKEN", "half a token")
    typed(CANARY)
    dr.login()

    assert CANARY == load().token("runcomfy").reveal()


def test_the_question_names_the_provider_and_where_its_tokens_are_made(typed):
    """The person who is asked knows for what."""
    prompts = typed(CANARY)
    dr.login("kie")

    assert ["Token for Kie.ai (https://kie.ai/api-key): "] == prompts


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_answer_is_a_sentence_without_the_token(typed, language, capsys):
    """In every language: whose account, where it is kept, how to keep it; the token is nowhere."""
    before = current()
    choose(language)
    try:
        prompts = typed(CANARY)
        account = dr.login()
    finally:
        choose(before)

    said = repr(account)
    assert Token(CANARY).account[:4] == account.account
    assert "RunComfy" in said
    assert account.account in said
    assert "RUNCOMFY_API_TOKEN" in said
    assert CANARY not in said + str(account) + "".join(prompts) + "".join(capsys.readouterr()) + str(pickle.dumps(account))


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("", "error.login_empty"), ("   ", "error.login_empty"), ("YOUR_API_KEY", "error.login_placeholder"),
        ("<token>", "error.login_placeholder"), (f"{CANARY}\nmore", "error.login_broken"),
        (f"{CANARY} more", "error.login_broken"), (f"{CANARY}é", "error.login_broken"),
    ],
)
@pytest.mark.parametrize("mode", ["Plain", "Verbose"])
def test_what_is_no_token_is_refused_and_not_repeated(typed, said, key, mode):
    """Nor in a traceback that writes every local variable out; and nothing is held."""
    typed(said)

    with pytest.raises(AuthError) as caught:
        dr.login()

    ours = caught.value.__traceback__.tb_next  # without this test's own frame, which knows the answer
    text = "\n".join(map(str, AutoFormattedTB(mode=mode).structured_traceback(AuthError, caught.value, ours)))
    assert key == caught.value.key
    assert "dr.login('runcomfy')" in str(caught.value)
    assert CANARY not in text + str(caught.value) + repr(vars(caught.value))
    assert load().token("runcomfy") is None


def test_blanks_around_a_paste_are_dropped(typed):
    """A line end behind a pasted token is the commonest slip of all."""
    typed(f"  {CANARY}\n")
    dr.login()

    assert CANARY == load().token("runcomfy").reveal()


@pytest.mark.parametrize("error", [StdinNotImplementedError("no stdin"), EOFError(), OSError()])
def test_where_nobody_can_be_asked_the_variable_is_named(monkeypatch, error):
    """Under nbclient, papermill and Voila a front end cannot ask; the next step says what to set."""

    def refuse(prompt):
        raise error

    monkeypatch.setattr(getpass, "getpass", refuse)

    with pytest.raises(AuthError, match="KIE_API_KEY") as caught:
        dr.login("kie")

    assert "error.cannot_ask" == caught.value.key
    assert caught.value.__suppress_context__


def test_a_terminal_that_would_show_the_letters_is_not_asked(monkeypatch):
    """The standard library's fallback reads from stdin with a warning; nothing is read."""
    monkeypatch.setattr(getpass, "getpass", getpass.fallback_getpass)
    stdin = io.StringIO(f"{CANARY}\n")
    monkeypatch.setattr(sys, "stdin", stdin)

    with pytest.raises(AuthError, match="RUNCOMFY_API_TOKEN"):
        dr.login()

    assert 0 == stdin.tell()


def test_an_unknown_provider_is_not_asked_for(typed):
    """A slip in the name is said before anybody types a token."""
    prompts = typed(CANARY)

    with pytest.raises(ModelNotFound, match="kie"):
        dr.login("kei")

    assert [] == prompts


# --- keeping ---


def test_a_kept_token_is_there_in_the_next_process(typed, keyring, monkeypatch):
    """Under our service and the provider's name; the sentence names the keyring."""
    typed(CANARY)
    account = dr.login(keep=True)
    monkeypatch.setattr("ipydarkroom.tokens._held", {})  # what a new process has
    monkeypatch.setattr(vault, "_found", {})

    assert {("ipydarkroom", "runcomfy"): CANARY} == keyring.entries
    assert ("memory", CANARY) == (account.keyring, load().token("runcomfy").reveal())
    assert "memory" in repr(account)


@pytest.mark.parametrize("keep", [None, False])
def test_without_keep_the_keyring_stays_as_it_was(typed, keyring, keep):
    """None says how to keep it; False does not even that."""
    typed(CANARY)
    account = dr.login(keep=keep)

    assert {} == keyring.entries
    assert (keep is None) == ("keep=True" in repr(account))


def test_keep_without_a_keyring_is_refused_before_anybody_types(typed):
    """The null keyring, as in a container: it would swallow the token and keep nothing."""
    prompts = typed(CANARY)

    with pytest.raises(StorageError, match="environment variable"):
        dr.login(keep=True)

    assert [] == prompts


def test_a_keyring_that_refuses_costs_no_token(typed, keyring, monkeypatch):
    """A locked one: a typed error without the token, and nothing is held half."""

    def refuse(service, user, password):
        raise RuntimeError(f"cannot store {password}")

    monkeypatch.setattr(keyring, "set_password", refuse)
    typed(CANARY)

    with pytest.raises(StorageError, match="RuntimeError") as caught:
        dr.login(keep=True)

    assert CANARY not in str(caught.value)
    assert load().token("runcomfy") is None


def test_the_environment_counts_before_the_keyring(keyring, monkeypatch):
    """What was set for this process is nearer than what lies in a vault."""
    keyring.entries["ipydarkroom", "runcomfy"] = "kept-token"
    first = load().token("runcomfy").reveal()
    monkeypatch.setenv("RUNCOMFY_API_TOKEN", "set-token")

    assert ("kept-token", "set-token") == (first, load().token("runcomfy").reveal())


@pytest.mark.parametrize("entry", ["YOUR_API_KEY", "half a token", ""])
def test_a_keyring_entry_that_is_no_token_is_none(keyring, entry):
    """Somebody may have put it there by hand."""
    keyring.entries["ipydarkroom", "runcomfy"] = entry

    assert load().token("runcomfy") is None


def test_a_keyring_that_does_not_open_is_no_error(keyring, monkeypatch, caplog):
    """Work goes on without it; the log says so, once."""

    def refuse(service, user):
        raise RuntimeError("locked")

    monkeypatch.setattr(keyring, "get_password", refuse)
    settings = load()

    assert (None, None) == (settings.token("runcomfy"), settings.token("runcomfy"))
    assert 1 == caplog.text.count("keyring")


# --- logout ---


def test_a_logout_forgets_both(typed, keyring):
    """The one typed and the one kept."""
    typed(CANARY)
    dr.login(keep=True)

    account = dr.logout()

    assert {} == keyring.entries
    assert load().token("runcomfy") is None
    assert ("", "RunComfy: the token is forgotten.") == (account.account, repr(account))


def test_a_logout_says_what_the_environment_still_gives(typed, monkeypatch):
    """Whoever leaves a shared machine is not told half the truth."""
    monkeypatch.setenv("RUNCOMFY_API_TOKEN", "older-token")

    account = dr.logout()

    assert Token("older-token").account[:4] == account.account
    assert "RUNCOMFY_API_TOKEN" in repr(account)


# --- Colab and shared machines ---


def test_colabs_secrets_are_read_where_colab_is(monkeypatch):
    """By each of the provider's names; a secret that is missing or closed to this notebook is none."""
    secrets = {"RUNCOMFY_API_KEY": CANARY}

    def get(key):
        if key in secrets:
            return secrets[key]
        raise LookupError(key)

    userdata = types.ModuleType("google.colab.userdata")
    userdata.get = get
    monkeypatch.setitem(sys.modules, "google.colab", types.ModuleType("google.colab"))
    monkeypatch.setitem(sys.modules, "google.colab.userdata", userdata)
    settings = load()

    assert CANARY == settings.token("runcomfy").reveal()
    assert settings.token("kie") is None
    assert CANARY not in repr(settings)


@pytest.mark.parametrize(
    ("mark", "service"),
    [
        ("JUPYTERHUB_USER", "JupyterHub"), ("BINDER_SERVICE_HOST", "Binder"), ("COLAB_RELEASE_TAG", "Colab"),
        ("KAGGLE_KERNEL_RUN_TYPE", "Kaggle"),
    ],
)
def test_on_a_shared_server_a_login_warns(typed, monkeypatch, mark, service):
    """Who else can use the server can use the account; the warning says how to be rid of it."""
    monkeypatch.setenv(mark, "yes")
    typed(CANARY)

    with pytest.warns(UserWarning, match=service) as told:
        dr.login()

    assert 'dr.logout("runcomfy")' in str(told[0].message)
    assert __file__ == told[0].filename
    assert CANARY not in str(told[0].message)


def test_on_ones_own_machine_nothing_is_warned_of(typed, tmp_path, monkeypatch):
    """A folder of one's own, and no service's mark."""
    monkeypatch.setenv("IPYDARKROOM_HOME", str(tmp_path))
    tmp_path.chmod(0o700)
    typed(CANARY)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        dr.login()


def test_a_folder_that_others_may_write_counts_as_shared(tmp_path):
    """They could put a journal of theirs there; somebody else's folder likewise."""
    environ = {"IPYDARKROOM_HOME": str(tmp_path)}
    tmp_path.chmod(0o700)
    mine = shared_with(environ)
    tmp_path.chmod(0o777)

    assert ((), (str(tmp_path),)) == (mine, shared_with(environ))


def test_a_folder_of_somebody_else_counts_as_shared(tmp_path, monkeypatch):
    """The owner of the folder is not the one who runs this kernel."""
    tmp_path.chmod(0o700)
    monkeypatch.setattr(os, "getuid", lambda: tmp_path.stat().st_uid + 1)

    assert (str(tmp_path),) == shared_with({"IPYDARKROOM_HOME": str(tmp_path)})


def test_a_panel_follows_a_login(typed, monkeypatch):
    """Its banner, drawn again, says where a job goes now."""
    monkeypatch.delenv("IPYDARKROOM_LOCAL", raising=False)
    with dr.Client() as client:
        panel = dr.Panel(MODEL, client=client)
        before = panel._running._place_now()
        hold("runcomfy", Token(CANARY))
        after = panel._running._place_now()
        panel.close()

    assert (True, False) == (before.local, after.local)


# --- a token that was typed into a cell after all ---


@pytest.fixture
def session(monkeypatch):
    """An IPython session, and no default client yet."""
    from IPython.core.interactiveshell import InteractiveShell

    from ipydarkroom import notebook

    monkeypatch.setattr(notebook, "_shared", {})
    yield InteractiveShell.instance()
    if client := notebook._shared.get("client"):
        client.close()
    InteractiveShell.clear_instance()


def test_a_token_written_into_a_cell_is_noticed(session, monkeypatch):
    """It is saved with the notebook; the warning names the cell and the remedy, and not the token."""
    monkeypatch.setenv("RUNCOMFY_API_TOKEN", CANARY)
    session.run_cell("1 + 1", store_history=True)
    session.run_cell(f"key = '{CANARY}'", store_history=True)

    with pytest.warns(UserWarning, match="in cell 2") as told:
        dr.default_client()

    assert 'dr.login("runcomfy")' in str(told[0].message)
    assert CANARY not in str(told[0].message)


def test_a_token_from_outside_is_no_reason_to_warn(session, monkeypatch):
    """Set before Jupyter started, or typed at the prompt."""
    monkeypatch.setenv("RUNCOMFY_API_TOKEN", CANARY)
    session.run_cell("import ipydarkroom as dr", store_history=True)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        dr.default_client()
