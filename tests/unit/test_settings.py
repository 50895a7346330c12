"""What the environment says, and how a token hides."""

from __future__ import annotations

import copy
import pickle
import stat

import pytest

from ipydarkroom.errors import AuthError
from ipydarkroom.settings import Token, forbid_spending, load, spending_forbidden, usable_home


@pytest.mark.parametrize("name", ["RUNCOMFY_API_TOKEN", "RUNCOMFY_TOKEN", "RUNCOMFY_API_KEY"])
def test_a_token_is_found_under_each_of_its_names(name):
    """The vendor's own tools use three names; all of them count."""
    settings = load({name: "secret-1"})

    assert "secret-1" == settings.tokens["runcomfy"].reveal()
    assert "kie" not in settings.tokens


@pytest.mark.parametrize("value", ["YOUR_API_TOKEN", "<token>", "your-api-key", "  "])
def test_a_placeholder_is_no_token(value):
    """People copy the documentation's own placeholder; it must not travel as a token."""
    assert {} == load({"RUNCOMFY_API_TOKEN": value}).tokens


def test_the_pages_literal_variable_is_noticed():
    """Who sets YOUR_API_TOKEN, as the pages literally say, is told which name to use."""
    settings = load({"YOUR_API_TOKEN": "secret-1"})

    assert ("YOUR_API_TOKEN", {}) == (settings.placeholder, settings.tokens)
    assert "RUNCOMFY_API_TOKEN" == settings.token_names("runcomfy")[0]


def test_switches_are_read_from_the_environment(tmp_path):
    """Local, spending and the folder are chosen without a line of code."""
    settings = load({"IPYDARKROOM_LOCAL": "1", "IPYDARKROOM_SPENDING": "off", "IPYDARKROOM_HOME": str(tmp_path)})

    assert (True, False, tmp_path) == (settings.local, settings.spending, settings.home)


def test_a_token_does_not_show_itself():
    """No repr, format or copy by pickling gives it away."""
    token = Token("canary-77")

    assert "canary" not in f"{token} {token!r} {token:>20} {load({'KIE_API_KEY': 'canary-77'})!r}"
    for copier in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError):
            copier(token)


def test_two_accounts_are_told_apart_without_their_tokens():
    """The journal keeps a short hash, from which no token comes back."""
    assert Token("a").account != Token("b").account
    assert 12 == len(Token("a").account)


def test_spending_can_be_locked_for_a_while():
    """Inside the lock paid hosts are out of reach, whatever the settings say; afterwards as before."""
    free = load({})

    with forbid_spending():
        assert spending_forbidden(free)

    assert not spending_forbidden(free)
    assert spending_forbidden(load({"IPYDARKROOM_SPENDING": "off"}))


def test_a_folder_that_cannot_be_written_is_replaced_and_said(tmp_path, monkeypatch):
    """On a read-only home the working folder serves, and the caller learns of it."""
    monkeypatch.chdir(tmp_path)
    blocked = tmp_path / "file"
    blocked.write_text("in the way")

    home, as_wished = usable_home(blocked / "home")

    assert (tmp_path / "ipydarkroom-data", False) == (home, as_wished)


def test_a_new_folder_is_for_its_owner_only(tmp_path):
    """Pictures and journal are private by default."""
    home, as_wished = usable_home(tmp_path / "new")

    assert as_wished
    assert 0o700 == stat.S_IMODE(home.stat().st_mode)


def test_a_token_with_a_line_break_is_refused_by_name():
    """It could not travel in a header; the error names the variable and does not repeat the value."""
    with pytest.raises(AuthError, match="KIE_API_KEY") as caught:
        load({"KIE_API_KEY": "canary-77\nmore"})

    assert "canary" not in str(caught.value)
