"""The order as code on the panel: folded away, in line with the form, and every job's own."""

from __future__ import annotations

import html
import re

import pytest

from ipydarkroom.models import Model


def fold(panel):
    """Open it."""
    panel._screen._code.button.click()
    return panel._screen._code


def listing(panel):
    """The code that stands there, as it would be copied."""
    return [html.unescape(code) for code in re.findall(r'<pre tabindex="0">(.*?)</pre>', panel._screen._code._listing.value, re.S)]


def shown(panel):
    """How many parts stand in the form; style sheets show nothing."""
    return len([each for each in panel.form.children if "dr-sheet" not in each._dom_classes])


def press(panel, word):
    """One of the buttons above the code."""
    panel._screen._code._walk[word].click()


def test_it_is_folded_away_until_it_is_asked_for(panels):
    """One button; open, it says that it hides."""
    panel = panels()
    code = panel._screen._code
    before = shown(panel)
    name = code.button.description
    fold(panel)

    assert ("As code", "Hide the code", 1) == (name, code.button.description, shown(panel) - before)
    fold(panel)
    assert before == shown(panel)


def test_it_shows_the_form_as_it_is(panels):
    """Also while it is changed; what does not count is not in it."""
    panel = panels()
    fold(panel)
    panel.value = {"prompt": "a fox", "count": 2}
    first = listing(panel)
    panel.state.set("prompt", "a lynx")

    assert 'prompt="a fox"' in first[0]
    assert "count" not in first[0]
    assert '"prompt": "a fox"' in first[1]
    assert 'prompt="a lynx"' in listing(panel)[0]


def test_every_job_has_its_own(panels):
    """From the form to the newest job and on to the older ones, and back."""
    panel = panels()
    for words in ("one", "two"):
        panel.value = {"prompt": words}
        panel.submit()
    panel.value = {"prompt": "three"}
    code = fold(panel)
    seen = []
    for word in ("older", "older", "newer", "whole_form"):
        press(panel, word)
        seen.append(re.search(r'prompt="(\w+)"', listing(panel)[0])[1])

    assert ["two", "one", "two", "three"] == seen
    press(panel, "older")
    assert "Job 2 of 2" in code._name.value
    assert "REQUEST_ID=r-1" in listing(panel)[1]


def test_without_a_job_there_is_only_the_form(panels):
    """Nothing to step to."""
    panel = panels()
    code = fold(panel)
    press(panel, "older")

    assert code.at is None
    assert all("dr-away" in button._dom_classes for button in code._walk.values())


def test_a_job_of_another_model_is_shown_as_its_own(panels, client, lost):
    """One that was taken in from an earlier session."""
    panel = panels()
    panel._running.follow(lost(1, Model("lab/other", "kie", ()), paid=False))
    fold(panel)
    press(panel, "older")

    assert 'dr.run("kie:lab/other"' in listing(panel)[0]
    assert "$KIE_API_KEY" in listing(panel)[1]


@pytest.mark.parametrize("language", ["ja", "zh-CN", "zh-TW"])
def test_it_speaks_the_panels_language(panels, language):
    """Around the code; the code is code."""
    panel = panels(language=language)
    code = fold(panel)
    said = code._listing.value + code._name.value + "".join(button.description for button in code._walk.values())

    assert not re.search(r"panel\.|The token|as it is now|[Jj]ob", said)


def test_code_of_hostile_words_stays_text(panels):
    """It is shown on a page."""
    panel = panels()
    panel.value = {"prompt": "</pre><script>x"}
    fold(panel)

    assert "<script>" not in panel._screen._code._listing.value
