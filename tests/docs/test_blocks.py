"""Every code block of README and docs runs: no key, no network, page by page in a kernel of its own."""

from __future__ import annotations

import re

import pytest
from sybil.example import SybilFailure

from blocks import PAGES, RUN, parsed, reasons, run

LANGUAGES = (*RUN, "text", "toml", "yaml", "json")
OURS = {"127.0.0.1", "::1", "localhost", "None"}
MOST_SKIPPED = 12
"""Blocks that are not run, in all pages together. A new one needs a better reason than convenience."""

WITH_BLOCKS = [page for page in PAGES if any(not isinstance(example.parsed, tuple) for example in parsed(page))]


@pytest.mark.parametrize("page", WITH_BLOCKS, ids=lambda page: page.stem)
def test_the_blocks_of_a_page_run_in_order(page, tmp_path):
    """As if somebody had pasted one after the other into cells, with nothing but what the page says."""
    ran = run(page, tmp_path)

    assert ran.blocks + len(ran.skipped) > 0
    assert all(ran.skipped)
    assert ran.reached <= OURS


def test_a_block_that_raises_is_told_with_its_place(tmp_path):
    """The control: an error in a block is an error here, and says where."""
    page = tmp_path / "wrong.md"
    page.write_text("# A page\n\n```python\nasked = 1\n```\n\nand\n\n```python\nasked.answer\n```\n", encoding="utf-8")

    with pytest.raises(SybilFailure, match="(?s)line 9.*no attribute 'answer'"):
        run(page, tmp_path)


def test_an_address_that_is_asked_for_is_seen(tmp_path):
    """The control: a page that wants to reach somebody is found out, whether it comes through or not."""
    page = tmp_path / "curious.md"
    block = "import socket\ntry:\n    socket.create_connection(('192.0.2.1', 9), 0.01)\nexcept OSError:\n    pass"
    page.write_text(f"```python\n{block}\n```\n", encoding="utf-8")

    assert "192.0.2.1" in run(page, tmp_path).reached


def test_a_line_of_bash_that_fails_is_told(tmp_path):
    """Also where a later line of the block would go well."""
    page = tmp_path / "wrong.md"
    page.write_text("```bash\nfalse\ntrue\n```\n", encoding="utf-8")

    with pytest.raises(SybilFailure, match="line 1"):
        run(page, tmp_path)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_fence_names_its_language(page):
    """What is run is `python` or `bash`; anything else is marked as what it is, so that no block hides from the tests."""
    fences = re.findall(r"^ *```+ *(\S*)[^`\n]*$", page.read_text(encoding="utf-8"), re.MULTILINE)
    opening = fences[::2]

    assert [] == [language for language in opening if language not in LANGUAGES]


def test_what_is_not_run_says_why_and_is_little(capsys):
    """Each has a reason in the page's source, and there are few; the list is printed."""
    said = [(page.name, reason) for page in PAGES for reason in reasons(page)]
    with capsys.disabled():
        print(f"\n{len(said)} code blocks are not run:", *(f"  {name}: {reason}" for name, reason in said), sep="\n")

    assert [] == [name for name, reason in said if len(reason) < 10]
    assert len(said) <= MOST_SKIPPED
