"""The only maker of HTML escapes everything that is not Markup."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from ipydarkroom.markup import Markup, css, data_uri, join, looks_like_formula, no_formula, tag, text, visible

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</p><iframe src=//evil.example></iframe>",
    "<!-- --><svg/onload=alert(1)>",
    "&lt;b&gt;&#x3c;script&#x3e;",
    "]]><![CDATA[<b>",
    "![picture](http://tracker.example/x.png)",
    "{{7*7}}${7*7}",
    "javascript:alert(1)",
    "a\u202egnp.exe",
    "zero\u200bwidth\ufeff",
    "\ud800 alone",
    "nul\x00 and escape \x1b[31m",
    "<" * 1000,
]


class _Elements(HTMLParser):
    """Collects what a browser would build."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def parsed(markup: str) -> _Elements:
    elements = _Elements()
    elements.feed(markup)
    elements.close()
    return elements


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_child_stays_text(hostile: str) -> None:
    """Whatever a title holds, the page has exactly the element we asked for, and shows the title's words."""
    elements = parsed(tag("p", hostile))

    assert [("p", {})] == elements.found
    assert visible(hostile) == elements.words


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_attribute_stays_one_attribute(hostile: str) -> None:
    """Whatever an alt text holds, it neither ends its attribute nor adds one."""
    elements = parsed(tag("img", alt=hostile))

    assert [("img", {"alt": visible(hostile)})] == elements.found


@pytest.mark.parametrize("hostile", HOSTILE)
def test_every_text_can_be_written_as_utf_8_without_hidden_characters(hostile: str) -> None:
    """A lone surrogate, a control or a bidi mark never reaches the page."""
    encoded = text(hostile).encode()

    assert encoded.decode().replace("\n", "").replace("\t", "").isprintable()


def test_hidden_characters_are_written_out() -> None:
    """A character that reorders or hides text is shown as its escape."""
    assert r"a\u202eb" == visible("a\u202eb")
    assert r"\U000e0041" == visible("\U000e0041")
    assert "two\nlines" == visible("two\r\nlines")
    assert "狐 é 🦊" == visible("狐 é 🦊")


def test_markup_is_kept_and_not_escaped_twice() -> None:
    """What is already Markup passes unchanged through every maker."""
    bold = tag("b", "a & b")

    assert "<p><b>a &amp; b</b></p>" == tag("p", bold)
    assert bold is text(bold)
    assert "<b>a &amp; b</b>, &lt;" == join([bold, "<"], ", ")


def test_joining_with_a_plain_string_loses_the_mark() -> None:
    """A Markup added to a str is a str again, so a mistake escapes too much rather than too little."""
    assert not isinstance(Markup("<b>") + "<i>", Markup)


def test_attributes_are_named_as_in_python() -> None:
    """A trailing underscore is dropped, inner ones become hyphens, None and False vanish, True stands bare."""
    made = tag("input", class_="a", aria_label="b", hidden=True, disabled=False, title=None, value=0)

    assert '<input class="a" aria-label="b" hidden value="0">' == made


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        " JaVa\nScript:alert(1)",
        "java\u200bscript:x",
        "data:text/html,<script>",
        "vbscript:x",
        "file:///etc/passwd",
    ],
)
def test_an_address_that_runs_code_is_left_out(address: str) -> None:
    """A link or picture with a forbidden scheme loses the address, not the element."""
    assert "<a>x</a>" == tag("a", "x", href=address)


@pytest.mark.parametrize("address", ["https://a.example/x?y=1", "pictures/a.png", "#top", "data:image/png;base64,AA=="])
def test_an_ordinary_address_is_kept(address: str) -> None:
    """Web, relative and embedded picture addresses are written."""
    assert {"href": address} == parsed(tag("a", "x", href=address)).found[0][1]


@pytest.mark.parametrize("name", ["script", "iframe", "p onclick", "", "P", "p>"])
def test_an_element_that_runs_code_is_refused(name: str) -> None:
    """Only plain element names that cannot run or load anything are written."""
    with pytest.raises(ValueError, match="not an element"):
        tag(name)


@pytest.mark.parametrize("name", ["onclick", "srcdoc", "a b", "x>", "_"])
def test_an_attribute_that_runs_code_is_refused(name: str) -> None:
    """Event handlers and odd names are a programmer's mistake, said loudly."""
    with pytest.raises(ValueError, match="not an attribute"):
        tag("p", **{name: "1"})


def test_a_void_element_takes_no_children() -> None:
    """An img with children would swallow them silently, so it is refused."""
    assert "<br>" == tag("br")
    with pytest.raises(ValueError, match="no children"):
        tag("img", "x")


@pytest.mark.parametrize(
    "value", ["red;background:url(//evil.example)", "url(x)", "URL (x)", 'a"b', "a}b", "\\75rl(x)", "image-set(x)"]
)
def test_a_hostile_style_value_is_left_out(value: str) -> None:
    """A colour that is more than a colour is dropped; its neighbours stay."""
    assert "max-width:10px;" == css(color=value, max_width="10px", gap=None)


def test_ordinary_style_values_are_kept() -> None:
    """Functions that load nothing, percentages and hex colours are written as they are."""
    assert "border:1px solid rgba(128,128,128,.4);width:40%;" == css(
        border="1px solid rgba(128,128,128,.4)", width="40%"
    )


def test_a_data_uri_holds_the_bytes() -> None:
    """Bytes become a base64 address; a MIME type that is not one is refused."""
    assert "data:image/png;base64,AAEC" == data_uri(b"\x00\x01\x02", "image/png")
    with pytest.raises(ValueError, match="not a MIME type"):
        data_uri(b"", 'image/png" onload="x')


@pytest.mark.parametrize(("words", "is_one"), [
    ("from $1 to $2", True), ("$x^2$", True), (r"\(x\)", True), (r"\[x\]", True), (r"\begin{x}", True), (r"\\server", True), (r"\$5", True),
    ("$5", False), (r"C:\Windows", False), ("a_b^c", False), (r"\u202e", False), ("", False),
])
def test_what_a_front_end_would_typeset_is_known(words, is_one):
    """MathJax as JupyterLab sets it up: two dollars are enough, a Windows path is not."""
    assert is_one == looks_like_formula(words)


def test_no_formula_is_left_in_an_element():
    """Neither in its text nor in an attribute; the browser reads the numbers as the signs."""
    made = no_formula("span", "from $1 to $2 <b>", class_="a", title="$ \\")

    assert not set("$\\") & set(made)
    assert '<span class="a mathjax_ignore tex2jax_ignore" title="&#36; &#92;">from &#36;1 to &#36;2 &lt;b&gt;</span>' == made
