"""A contact sheet: one page of pictures and what they were made with, that needs nothing else."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from many_jobs import START, job, picture

from ipydarkroom import contact_sheet
from ipydarkroom.dates import moment
from ipydarkroom.languages import say


class Page(HTMLParser):
    """Elements with their attributes, and all words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        """Remember it."""
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        """Remember it."""
        self.words += data

    def all(self, name: str) -> list[dict[str, str | None]]:
        """The attributes of every element of that name."""
        return [attributes for found, attributes in self.elements if found == name]


def test_each_picture_stands_there_with_its_words(tmp_path):
    """Prompt, model, seed, size, time; the alternative text is the prompt."""
    record = job(START, {"prompt": "a fox", "seed": 7, "resolution": "2K"}, picture(tmp_path, "a.png"), picture(tmp_path, "b.png"))

    page = Page(contact_sheet.html([record], title="Monday"))

    assert ["a fox", "a fox"] == [image["alt"] for image in page.all("img")]
    assert all(image["src"].startswith("data:image/webp;base64,") for image in page.all("img"))
    for said in ("Monday", "a fox", record.model, "seed 7", "resolution: 2K", "64 × 32", moment(START), "2 pictures from 1 job"):
        assert said in page.words


def test_the_page_needs_nothing_else_and_says_nothing_of_this_machine(tmp_path):
    """No script, no style sheet, no address but the pictures themselves, no path, no link's query."""
    link = "https://store.example/in.png?sig=canary0123456789abcdef"
    record = job(START, {"prompt": f"like {link}", "image": link}, picture(tmp_path, "a.png"), tmp_path / "gone.png")

    said = contact_sheet.html([record])
    page = Page(said)

    assert not {"script", "link", "style", "iframe"} & {name for name, _ in page.elements}
    assert [] == [value for _, attributes in page.elements for name, value in attributes.items()
                  if name in ("src", "href") and not str(value).startswith("data:image/")]
    assert str(tmp_path) not in said
    assert "canary" not in said
    assert "gone.png" in page.words


def test_foreign_words_stay_words(tmp_path):
    """A prompt cannot open a tag, end an attribute or turn a line around."""
    record = job(START, {"prompt": '"><script>alert(1)</script>\u202e', "<b>x</b>": "<img src=x>"}, picture(tmp_path, "a.png"))

    page = Page(contact_sheet.html([record], title="<i>t</i>"))

    assert [] == page.all("script") + page.all("b") + page.all("i")
    assert 1 == len(page.all("img"))
    assert "\u202e" not in page.words


@pytest.mark.parametrize("language", ["en", "ja", "zh-CN", "zh-TW"])
def test_it_is_said_in_the_readers_language(tmp_path, language):
    """Our own words, and the page says which language they are."""
    page = Page(contact_sheet.html([job(START, {}, picture(tmp_path, "a.png"))], language=language))

    assert [language] == [found["lang"] for found in page.all("html")]
    assert say("contact_sheet.title", language=language) in page.words
    assert say("figure.alt", language=language, model=job(START, {}).model) == page.all("img")[0]["alt"]


def test_in_a_folder_a_thumbnail_leads_to_its_file_and_a_film_plays(tmp_path):
    """Relative, so that the folder may be moved."""
    film = tmp_path / "clip.mp4"
    film.write_bytes(b"film")
    records = [job(START, {"prompt": "a fox"}, picture(tmp_path, "a.png")), job(START, {"prompt": "waves"}, film, mime="video/mp4")]

    page = Page("".join(contact_sheet.pieces(records, folder="pictures")))

    assert ["pictures/a.png"] == [link["href"] for link in page.all("a")]
    assert [("pictures/clip.mp4", "waves")] == [(found["src"], found["aria-label"]) for found in page.all("video")]
    assert "clip.mp4" in Page(contact_sheet.html(records[1:])).words


def test_it_is_made_a_picture_at_a_time(tmp_path):
    """The second job is not even asked for before the first is written."""
    asked = []

    def records():
        for number in range(3):
            asked.append(number)
            yield job(START, {"prompt": f"fox {number}"}, picture(tmp_path, f"{number}.png"))

    pieces = contact_sheet.pieces(records())
    seen = ""
    while "fox 0" not in seen:
        seen += next(pieces)

    assert [0] == asked
    assert "fox 2" in seen + "".join(pieces)


def test_every_declaration_of_a_style_is_whole(tmp_path):
    """A value that our style maker refuses would be lost without a word."""
    page = Page(contact_sheet.html([job(START, {"prompt": "a fox"}, picture(tmp_path, "a.png"))]))
    [main] = page.all("main")

    assert "grid-template-columns:repeat(auto-fill, minmax(220px, 1fr));" in str(main["style"])
    assert re.search(r"color-scheme:light dark;", str(page.all("body")[0]["style"]))
