"""The button "Check link": there while a link is, and what came of it stands below, for this link and no other."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

import ipydarkroom as dr
from ipydarkroom.errors import NotSent, SpendingForbidden
from ipydarkroom.fields import Field, Media, Problem
from ipydarkroom.link_check import LinkCheck
from ipydarkroom.panel.linkline import found_html

PICTURE = Field(("image",), "string", media=Media("image", max_bytes=2048))
LINK = "https://example.org/fox.png"
THERE = LinkCheck(LINK, "example.org", 206, "image/png", 1_250_000, 1024, 768)


@pytest.fixture
def field(row, root):
    """A panel with a picture, its link box, and what stands below that now: button and line, None where there is none."""
    panel, link = row(PICTURE)

    def below():
        parts = root(panel, "image").children[2:]
        button = next((part for part in parts if getattr(part, "description", "") == "Check link"), None)
        line = next((part.value for part in parts if "dr-preview" in part._dom_classes), None)
        return button, line

    return panel, link, below


def test_the_button_is_there_while_a_link_is(field):
    """Not for nothing, not for the name of a file."""
    _, link, below = field
    seen = []
    for value in ("", LINK, "fox.png", LINK, ""):
        link.value = value
        seen.append(below()[0] is not None)

    assert [False, True, False, True, False] == seen


def test_a_press_asks_and_tells(field, client):
    """The link goes to the client with what the field takes; the answer stands in one line."""
    _, link, below = field
    link.value, client.leads_to = LINK, THERE
    below()[0].click()
    button, line = below()

    assert [(LINK, PICTURE.media)] == client.checked
    assert "The link works · image/png · 1.2 MB · 1024 × 768 pixels" in line
    assert button is not None
    assert 'role="status"' in line


def test_meanwhile_it_says_so(field, client):
    """Another press asks nothing twice."""
    _, link, below = field
    link.value, said = LINK, []

    def look():
        said.append(below()[1])
        below()[0].click()

    client.meanwhile = look
    below()[0].click()

    assert 1 == len(client.checked) == len(said)
    assert "Asking" in said[0]


def test_what_was_found_says_nothing_about_another_link(field, client):
    """A new link clears the line; an answer that comes late finds no place."""
    panel, link, below = field
    link.value, client.leads_to = LINK, THERE
    below()[0].click()
    link.value = LINK + "?2"
    cleared = below()[1]
    client.meanwhile = lambda: panel.state.set("image", LINK)
    below()[0].click()

    assert cleared is None
    assert below()[1] is None


def test_an_error_is_said_beside_the_link(field, client):
    """With what to do; the panel itself has no trouble."""
    panel, link, below = field
    link.value = LINK
    client.leads_to = SpendingForbidden("no", next_step="Start Jupyter without it.", host="example.org", key="error.link_local_only")
    below()[0].click()

    assert "IPYDARKROOM_LOCAL=1 keeps everything on this machine, so example.org was not asked." in below()[1]
    assert "Start Jupyter without it." in below()[1]
    assert panel.state.trouble is None


def test_what_speaks_against_a_file_is_said(field, client):
    """In the panel's words; it is advice, and the value stays."""
    panel, link, below = field
    link.value = LINK
    client.leads_to = LinkCheck(LINK, "example.org", 404, problems=(Problem((), "link_gone", {"host": "example.org", "status": 404}),))
    below()[0].click()

    assert '<span class="dr-problem">example.org has nothing at this address (HTTP 404).</span>' in below()[1]
    assert {"image": LINK} == panel.value


def test_a_form_without_a_client_has_no_button():
    """Nobody there could ask."""
    form = dr.Form({"properties": {"image": {"type": "string", "format": "uri", "title": "Image"}}})
    form.set("image", LINK)
    found = [each.description for each in form.widget.children[1].children[0].children if hasattr(each, "description")]
    form.close()

    assert "Check link" not in found


@pytest.mark.parametrize(("language", "words"), [("en", "works until 2999-01-"), ("ja", "まで有効"), ("zh-CN", "有效至"), ("zh-TW", "有效至")])
def test_a_signed_link_says_until_when(language, words):
    """In the time of this machine."""
    found = LinkCheck(LINK, "example.org", 200, "image/png", expires=datetime(2999, 1, 2, tzinfo=UTC))

    assert words in found_html(found, language)


def test_a_link_that_has_run_out_says_since_when():
    """A server may still answer it for a while."""
    found = LinkCheck(LINK, "example.org", 200, "image/png", expires=datetime(2020, 1, 2, tzinfo=UTC))

    assert "expired at 2020-01-0" in found_html(found, "en")


def test_what_a_stranger_says_shows_as_text():
    """Host, type and error come from elsewhere."""
    nasty = "<script>x</script>\u202e"
    shown = found_html(LinkCheck(LINK, nasty, 200, nasty, problems=(Problem((), "link_page", {"host": nasty}),)), "en")
    told = found_html(NotSent("x", key="error.link_not_reached", host=nasty), "en")

    assert "<script" not in shown + told
    assert "\u202e" not in shown + told
    assert r"\u202e" in shown
