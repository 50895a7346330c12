"""Finding JSON, requests and code blocks in running text, however it was copied."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipydarkroom.page_text import fenced_blocks, object_at, objects_in, readings, requests_in

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
OBJECTS = st.dictionaries(st.text(max_size=8), JSON, max_size=5)
PROSE = st.text(st.characters(exclude_characters='{}[]",:“”„，：', exclude_categories=["Cs"]))


def values(text: str) -> list[dict[str, object]]:
    """The objects alone."""
    return [found.value for found in objects_in(text)]


@given(PROSE, OBJECTS, OBJECTS, st.sampled_from([None, 1, 4]), st.booleans())
def test_every_object_is_read_as_the_standard_library_reads_it(prose, one, other, indent, ascii_only):
    """Glued together or not, indented or not, with prose on either side."""
    written = [json.dumps(value, indent=indent, ensure_ascii=ascii_only) for value in (one, other)]
    text = prose + written[0] + written[1] + prose

    assert [json.loads(part) for part in written] == values(text)
    assert written == [text[found.start:found.end] for found in objects_in(text)]


@given(st.text() | st.text('{}[]",:\\ a1“”'))
def test_no_text_breaks_the_reader(text):
    """Any text gives some objects, requests, blocks and readings, and never an error."""
    for read in (objects_in, requests_in, fenced_blocks, readings):
        list(read(text))


def test_braces_in_prose_and_in_strings_are_no_objects():
    """Counting braces would stumble over both."""
    text = 'Ask /requests/{id} with {width, height}. {"help": "say {width, height} or }{", "n": 1} {nothing}'
    assert [{"help": "say {width, height} or }{", "n": 1}] == values(text)


def test_what_is_left_of_a_broken_document_is_marked_or_left_out():
    """The inside of a cut document must not be taken for the document."""
    cut = '{"type": "object", "properties": {"loras": {"type": "object", "properties": {}}, "prompt": {"ty'
    torn = '{"properties": {"a": {"x": 1}, "b": oops, "c": {"type": "object"}, "d": [{"y": 1}, {"z": 2}]}}'

    assert [] == values(cut)
    assert [True, True, True] == [found.part for found in objects_in(torn)]
    assert [False] == [found.part for found in objects_in('The body, as JSON: {"x": 1}')]


@pytest.mark.parametrize("text", [
    "{“prompt”: “a 5\" frame”, “n”: 2}", '{"prompt"："a 5\\" frame"，"n"：2}',
    '\ufeff{\u2028\u00a0"prompt":\u3000"a 5\\" frame",\r\n\u200b"n": 2\u00a0}', '{“prompt”: “a 5\\" frame”, "n": 2}',
])
def test_curly_quotes_and_odd_blanks_are_read(text):
    """Editors and input methods change them while a page is copied."""
    assert [{"prompt": 'a 5" frame', "n": 2}] == values(text)


def test_values_no_server_takes_break_their_object():
    """NaN, numbers without end, half characters."""
    assert [] == values('{"a": NaN} {"a": 1e999} {"a": 01} {"a": \'x\'} {"a": 1,} {"a" 1}')
    assert [{"a": "\N{REPLACEMENT CHARACTER}"}] == values(r'{"a": "\ud800"}')
    assert [{"a": "\N{GRINNING FACE}"}] == values(r'{"a": "\ud83d\ude00"}')
    assert object_at('{"a":' * 65 + "1" + "}" * 65, 0) is None
    assert object_at('{"a":' * 64 + "1" + "}" * 64, 0) is not None


@pytest.mark.parametrize("unit", ["{", '{"a":', '{"', "{ ", '{"a', '{"a":"', '{"\\"', "{“", '{"a":1,', '{"a":[', "https://", "<a ", "<script>"])
def test_a_megabyte_of_openings_is_read_once(unit):
    """Hostile text: the reader goes over it once. A second look at every opening would run into the test's limit."""
    text = unit * (1_000_000 // len(unit))
    assert [] == values(text)
    assert len(list(requests_in(text))) <= 1
    assert [text] == list(readings(text))


CURL = """curl --request POST \\
  --url https://api.example.net/v1/models/acme/lens-2/sketch \\
  --header "Authorization: Bearer <token>" \\
  --data '%s'
"""


@pytest.mark.parametrize("line", [
    CURL % '{"prompt": "a fox"}',
    CURL.replace("\n", "\r\n") % '{\r\n  "prompt": "a fox"\r\n}',
    "curl -X POST https://api.example.net/v1/models/acme/lens-2/sketch -d '{\"prompt\": \"a fox\"}'",
    "curl https://api.example.net/v1/models/acme/lens-2/sketch -X POST --data-raw '{\"prompt\": \"a fox\"}'",
    'curl "https://api.example.net/v1/models/acme/lens-2/sketch" --json "{\\"prompt\\": \\"a fox\\"}"',
    "curl --request POST --url https://api.example.net/v1/models/acme/lens-2/sketch--header x "
    "--data '{\"prompt\": \"a fox\"}'Next",
])
def test_a_curl_line_gives_method_address_and_body(line):
    """In every shape curl takes them."""
    found, = requests_in(line)
    assert ("POST", "https://api.example.net/v1/models/acme/lens-2/sketch") == (found.method, found.url)
    assert {"prompt": "a fox"} == found.body


@pytest.mark.parametrize("written", ['"it\'\\\'\'s"', '"it\'s"', '"it\'\\"\'\\"\'s"'.replace('\\"', '"'), '"it\\u0027s"'])
def test_an_apostrophe_survives_the_shells_quoting(written):
    """Escaped for the shell, or forgotten by the page: the inputs are the same."""
    found, = requests_in(CURL % f'{{"prompt": {written}}}')
    assert {"prompt": "it's"} == found.body


def test_a_body_that_is_cut_is_told_from_none():
    """Nothing is made up."""
    found = list(requests_in("GET https://a.example/x then " + CURL % '{"prompt": "a fo'))
    assert [("GET", None, False), ("POST", None, True)] == [(each.method, each.body, each.unread) for each in found]


def test_fences_are_read_line_by_line():
    """A longer fence may hold a shorter one; the last may be open."""
    text = "a\n```yaml\nx: 1\n```\n~~~~ JSON title=x\n~~~\n{}\n~~~~\r\n```\nrest"
    blocks = [(block.language, block.text, block.closed) for block in fenced_blocks(text)]
    assert [("yaml", "x: 1\n", True), ("json", "~~~\n{}\n", True), ("", "rest", False)] == blocks
    assert all(text[block.start:].startswith(block.text) for block in fenced_blocks(text))


def test_markup_and_line_numbers_come_off_only_in_a_second_reading():
    """Where the text as it stands says enough, nothing is taken from it."""
    markup = '<pre class="x"><span>{</span>&quot;a&quot;: &quot;&lt;lora&gt;&quot;}</pre><p>Bearer <token></p>'
    numbered = "\n".join(f"{number:>3} {line}" for number, line in enumerate(["{", '"a": [', "1,", "2", "]", "}"], 1))

    assert [markup, '{"a": "<lora>"}\nBearer <token>\n'] == list(readings(markup))
    assert {"a": [1, 2]} in values(list(readings(numbered))[1])
    script = '<script>if (a < b) { x = {"a": 1} }</script><p>{"b": 2}</p>'
    assert [{"b": 2}] == values(list(readings(script))[1])
    assert ["1 one\n2 two"] == list(readings("1 one\n2 two"))
