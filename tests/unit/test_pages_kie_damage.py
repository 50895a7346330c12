"""Kie's pages after copying, cutting and worse: the same page, or an InputError; never another error, never half a form."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipydarkroom.errors import InputError
from ipydarkroom.languages import LANGUAGES, say
from ipydarkroom.pages import dialects, read_page
from kie_page_writer import KITE, LAYOUTS, SAMPLE, apidog, markdown_page, mintlify, plain_words, playground, shown_by_apidog, shown_by_mintlify

FLAT = {"type": "object", "properties": {name: part for name, part in KITE["properties"].items() if name not in ("style", "loras", "steps")}, "required": ["prompt"]}
PAGES = {
    **{layout: markdown_page("acme/kite", KITE, SAMPLE, layout=layout) for layout in LAYOUTS},
    "playground": playground("acme/kite", FLAT, SAMPLE), "apidog": apidog("acme/kite", KITE, SAMPLE), "mintlify": mintlify("acme/kite", KITE, SAMPLE),
    "shown by mintlify": shown_by_mintlify("acme/kite", KITE, SAMPLE), "shown by apidog": shown_by_apidog("acme/kite", KITE, SAMPLE),
}
KEYS = {"error.page_cut", "error.page_foreign", "error.yaml", "error.page_own_api"}


def indented(width: int):
    """Bullets further in, by another width."""
    return lambda text: re.sub(r"(?m)^((?:    )+)(?=[*+-] )", lambda found: " " * (len(found.group()) // 4 * width), text)


def bulleted(sign: str):
    """Another sign before bullets."""
    return lambda text: re.sub(r"(?m)^(\s*)[*-](\s+)(?=\S)", rf"\g<1>{sign}\g<2>", text)


SPOILT = {
    "carriage returns": lambda text: text.replace("\n", "\r\n"), "no-break blanks": lambda text: re.sub(r"(?m)^ +", lambda found: "\u00a0" * len(found.group()), text),
    "padding": lambda text: re.sub(r"(?m)$", "  ", text), "a mark of order": lambda text: "\ufeff" + text, "more blank lines": lambda text: text.replace("\n\n", "\n\n\n"),
    "words around": lambda text: f"Look here:\n\n{text}\n\nSent from somewhere.\n",
}
REWRITTEN = {
    **{f"bullets {sign}": bulleted(sign) for sign in "-+•"}, **{f"indentation {width}": indented(width) for width in (2, 3)},
    "tabs": lambda text: re.sub(r"(?m)^((?:    )+)(?=[*+-] )", lambda found: "\t" * (len(found.group()) // 4), text),
    "wide colons": lambda text: re.sub(r"\*\*([^*\n]{1,20})\*\*:", r"**\1**：", text),
    "a quotation": lambda text: "\n".join("> " + line for line in text.split("\n")),
}


@pytest.mark.parametrize("spoil", SPOILT)
@pytest.mark.parametrize("kind", PAGES)
def test_a_page_survives_copying(kind, spoil):
    """Line ends, blanks, words around it."""
    whole, page = read_page(PAGES[kind]), read_page(SPOILT[spoil](PAGES[kind]))
    assert (plain_words(whole.schema), whole.model, whole.sample) == (plain_words(page.schema), page.model, page.sample)


@pytest.mark.parametrize("change", REWRITTEN)
@pytest.mark.parametrize("kind", [*LAYOUTS, "playground"])
def test_markdown_may_be_written_otherwise(kind, change):
    """Other bullets, other indentation, other colons."""
    whole, page = read_page(PAGES[kind]), read_page(REWRITTEN[change](PAGES[kind]))
    assert (plain_words(whole.schema), whole.sample) == (plain_words(page.schema), page.sample)


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_cut_anywhere_is_whole_in_its_inputs_or_refused(kind):
    """What is read from a cut page is what the whole page says; a sentence says what was missing."""
    text = PAGES[kind]
    whole = read_page(text)
    for at in range(0, len(text), 17):
        try:
            page = read_page(text[:at])
        except InputError as refused:
            assert refused.key in KEYS
            for language in LANGUAGES:
                assert say(refused.key, language=language, **refused.params)
        else:
            assert (whole.schema, whole.model) == (page.schema, page.model), text[:at][-80:]


@pytest.mark.parametrize("kind", PAGES)
def test_shuffled_lines_are_read_or_refused(kind):
    """No crash, whatever stands where."""
    chance = random.Random(7)
    lines = PAGES[kind].split("\n")
    for _ in range(25):
        begin = chance.randrange(len(lines))
        end = chance.randrange(begin, len(lines))
        middle = lines[begin:end]
        chance.shuffle(middle)
        try:
            read_page("\n".join([*lines[:begin], *middle, *lines[end:]]))
        except InputError as refused:
            assert refused.key in KEYS


@pytest.mark.parametrize("kind", PAGES)
def test_lost_lines_are_read_or_refused(kind):
    """A line, or a few, missing from the middle."""
    chance = random.Random(11)
    lines = PAGES[kind].split("\n")
    for _ in range(25):
        begin = chance.randrange(len(lines))
        try:
            read_page("\n".join([*lines[:begin], *lines[begin + chance.randrange(1, 6):]]))
        except InputError as refused:
            assert refused.key in KEYS


PIECES = st.sampled_from([
    "/jobs/createTask", "api.kie.ai", "\n", "# ", "#### input.a", "**input.b**", "* ", "    * ", "**类型**: `string`", "**Type**: `array`", "`enum<string>`", "| a | 类型 |\n|--|--|\n",
    "| `x` | string |\n", "input\nobject\n", "prompt\nstring\nrequired\n", '{"model": "a/b", "input": {"c": 1}}', "```", "````yaml x post y\n", "openapi: 3.0.1\n", "paths:\n", "  ", "：",
    "**可用选项**:", "`1`, `2`", "default:", "Example:", "Available options:", "[", "{", '"', "<div>", "<table><tr><td>", "&lt;", "Response", "Body", ">= 1", "data.taskId", "input[].a..b", "​", "×",
])


@given(st.lists(PIECES | st.text(max_size=12), max_size=40).map("".join))
def test_any_text_is_read_or_refused(text):
    """Never another error than InputError, from any dialect."""
    for found in dialects:
        found.recognises(text)
    try:
        read_page("POST /jobs/createTask\n" + text)
    except InputError as refused:
        assert refused.key


@pytest.mark.parametrize("text", [
    "**" * 30_000, "| a " * 20_000 + "\n|--|--|\n", "`" * 50_000, "<div>" * 30_000, "* " * 30_000, '{"model": ' * 20_000, "input\nstring\n" * 20_000, "#### input.a\n* **类型**: `string`\n" * 5_000,
    "**a** (" * 20_000, "（最大长度：" * 20_000, "a" * 200_000, "**类型**: " + "`a`, " * 30_000, "enum<" * 30_000, "> " * 50_000, "\n" * 100_000, "- `x` (" * 20_000,
    "| a | 类型 |\n|--|--|\n" + "| x | string |\n" * 20_000, "&" * 100_000, "<!--" * 30_000,
])
def test_long_and_odd_text_comes_to_an_end(text):
    """Linear patterns only: the test's own time limit is the judge."""
    for page in ("https://api.kie.ai/api/v1/jobs/createTask\n# a\n#### input.a\n* **类型**: `string`\n" + text,
                 "<html><body>https://api.kie.ai/api/v1/jobs/createTask " + text):
        try:
            read_page(page)
        except InputError as refused:
            assert refused.key
