"""Kie's pages as a browser shows them: selected and copied as text, saved as HTML, or with the document laid open.

For `kie_rendered`.
"""

from __future__ import annotations

import html
import re

import pytest

from ipydarkroom.errors import InputError
from ipydarkroom.pages import read_page
from ipydarkroom.reading.markup_text import is_markup, text_of_markup
from kie_page_writer import KITE, LAYOUTS, SAMPLE, markdown_page, plain_words, shown_by_apidog, shown_by_mintlify, yaml_of

SHOWN = {"mintlify": shown_by_mintlify, "apidog": shown_by_apidog}


def expected(site: str) -> dict:
    """What the site shows of the schema: Apidog has no word for a step."""
    words = plain_words(KITE)
    if site == "apidog":
        del words["properties"]["strength"]["multipleOf"]
    return words


@pytest.mark.parametrize("language", ["en", "zh-cn"])
@pytest.mark.parametrize("site", SHOWN)
def test_text_copied_from_the_browser(site, language):
    """Names on lines of their own, types below; nested fields by their dotted names, or counted."""
    page = read_page(SHOWN[site]("acme/kite", KITE, SAMPLE, language=language))
    assert expected(site) == plain_words(page.schema)
    assert ("kie-rendered", "acme/kite", SAMPLE, ()) == (page.dialect, page.model, page.sample, page.notes)
    assert page.title in ("Use acme/kite", "acme/kite - pictures")


def saved(text: str) -> str:
    """A page of HTML around copied text: a block for each line, code in its own, scripts between."""
    before, curl, after = re.split(r"(curl .*?\}\s*'\n)", text, maxsplit=1, flags=re.DOTALL)
    blocks = [f"<div class='a'><span>{html.escape(line)}</span></div>" for line in before.split("\n")]
    blocks += [f"<pre><code>{html.escape(curl)}</code></pre>", "<script>var x = '<div>input</div>';</script>"]
    blocks += [f"<p>{html.escape(line)}</p>" for line in after.split("\n")]
    return "<!DOCTYPE html><html><head><title>x</title></head><body>" + "\n".join(blocks) + "</body></html>"


@pytest.mark.parametrize("site", SHOWN)
def test_a_saved_page_of_html(site):
    """The same fields as from the text."""
    page = read_page(saved(SHOWN[site]("acme/kite", KITE, SAMPLE)))
    assert expected(site) == plain_words(page.schema)
    assert ("acme/kite", SAMPLE) == (page.model, page.sample)


def as_html(text: str) -> str:
    """Markdown as a repository's site shows it."""
    made, fenced = [], False
    for line in text.split("\n"):
        words = re.sub(r"`([^`]+)`", r"<code>\1</code>", re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", html.escape(line)))
        if line.startswith("```"):
            made.append("</code></pre>" if fenced else "<pre><code>")
            fenced = not fenced
        elif fenced:
            made.append(html.escape(line) + "\n")
        elif line.startswith("|"):
            cells = "".join(f"<td>{cell.strip().replace('&lt;br&gt;', '<br>')}</td>" for cell in re.split(r"(?<!\\)\|", words)[1:-1])
            made.append("" if set(line) <= set("|:- ") else f"<tr>{cells}</tr>")
        elif heading := re.match(r"(#+) (.*)", words):
            made.append(f"<h{len(heading[1])}>{heading[2]}</h{len(heading[1])}>")
        elif bullet := re.match(r"( *)\* +(.*)", words):
            deep = len(bullet[1]) // 4 + 1
            made.append("<ul>" * deep + f"<li>{bullet[2]}</li>" + "</ul>" * deep)
        else:
            made.append(f"<p>{words}</p>")
    tables = re.sub(r"((?:<tr>.*</tr>\n*)+)", r"<table>\1</table>", "\n".join(made))
    return f"<html><body><main>{tables}</main></body></html>"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_markdown_shown_as_html(layout):
    """Every layout of hand-made pages, saved from a site that shows them."""
    page = read_page(as_html(markdown_page("acme/kite", KITE, SAMPLE, layout=layout)))
    assert plain_words(KITE) == plain_words(page.schema)
    assert ("kie-rendered", "acme/kite", SAMPLE) == (page.dialect, page.title, page.sample)


def test_the_document_laid_open_without_a_fence():
    """The OpenAPI document as text, a footer behind it."""
    text = "Kite\n\nOpenAPI\nmarket/kite.json post /api/v1/jobs/createTask\nCopy\n" + yaml_of("acme/kite", KITE, SAMPLE, version="3.0.0")
    for page in (read_page(text), read_page(text + "\nPowered by somebody\nNext page\n")):
        assert ("kie-rendered", "acme/kite", SAMPLE) == (page.dialect, page.model, page.sample)
        assert page.schema == KITE


def test_a_document_without_its_indentation_is_refused():
    """Nothing can be told from it any more."""
    text = "OpenAPI\n" + re.sub(r"(?m)^ +", "", yaml_of("acme/kite", KITE, SAMPLE, version="3.0.0"))
    with pytest.raises(InputError) as refused:
        read_page(text)
    assert ("error.page_cut", ("page.part.indentation",)) == (refused.value.key, refused.value.params["missing"])


def test_a_document_without_a_fence_cut_before_its_answers_is_refused():
    """A request's list of fields ends where the answers begin."""
    whole = yaml_of("acme/kite", KITE, SAMPLE, version="3.0.0")
    begins = whole.index("responses:")
    for at in range(60, begins, 29):
        with pytest.raises(InputError) as refused:
            read_page(whole[:at])
        assert refused.value.key in ("error.page_cut", "error.page_foreign", "error.yaml", "error.page_own_api"), whole[:at][-40:]


def test_a_page_without_any_field_is_its_request():
    """Crawled pages of Apidog have lost the list: the example is all there is, and that is said."""
    text = ("Kite - pictures\n\nPOST\n/api/v1/jobs/createTask\n\nRequest\n\nBody Params application/json\n\nExamples\n\nResponses\n\n🟢200 OK\n"
            "curl --location 'https://api.kie.ai/api/v1/jobs/createTask' \\\n--data '{\"model\": \"acme/kite\", \"input\": {\"prompt\": \"a\"}}'\n")
    page = read_page(text)
    assert (["prompt"], "acme/kite", "fields_unlisted") == (list(page.schema["properties"]), page.model, page.notes[0].rule)


@pytest.mark.parametrize("site", SHOWN)
def test_copied_text_cut_in_its_list_is_refused(site):
    """Behind the inputs the answer must follow."""
    text = SHOWN[site]("acme/kite", KITE, SAMPLE)
    whole = read_page(text)
    end = text.index("\nResponse") if site == "mintlify" else text.index("Request Code Samples")
    for at in range(1, end, 9):
        try:
            page = read_page(text[:at])
        except InputError as refused:
            assert refused.key in ("error.page_cut", "error.page_foreign")
        else:
            assert whole.schema == page.schema, text[:at][-60:]


def test_markup_gives_words_only():
    """Scripts are skipped, unknown tags are words, nothing is closed and nothing breaks."""
    text = text_of_markup("<html><body><script>alert(1)</script><h2>A</h2><ul><li>b<ul><li><code>c</code></ul></ul><p>&lt;token&gt; <b>d")
    assert "alert" not in text
    assert ["## A", "* b", "    * `c`"] == [line for line in text.split("\n") if line.startswith(("#", "*", "    "))]
    assert "<token> **d" in text
    assert not is_markup("# A page\n\n<Card title='x'>\n  y\n</Card>\n")
