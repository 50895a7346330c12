"""Inputs for films, sounds and pictures in real JupyterLab: a link, an upload, refused before anything is sent, made to fit.

One notebook for all of them, see `desk`.
"""

from __future__ import annotations

import json
import random
import wave

import pytest
from PIL import Image
from playwright.sync_api import expect

FILM = {"type": "string", "format": "uri", "title": "Film", "x-cog-accept": "video/*"}
SOUND = {"type": "string", "format": "uri", "title": "Sound", "x-cog-accept": "audio/*"}
PHOTO = {"type": "string", "format": "uri", "title": "Photo", "x-cog-accept": "image/*"}
FIFTY = {"validations": [{"validation_rule": "file_size_kb<=", "validation_value": 50}]}


@pytest.fixture
def film(tmp_path):
    """The beginning of an MP4, which is all that anybody looks at."""
    (tmp_path / "walk.mp4").write_bytes(b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + bytes(2000))
    return tmp_path / "walk.mp4"


@pytest.fixture
def sound(tmp_path):
    """A tenth of a second of silence."""
    with wave.open(str(tmp_path / "hush.wav"), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(1600))
    return tmp_path / "hush.wav"


@pytest.fixture
def photo(tmp_path):
    """Noise, which no PNG makes smaller: 400 × 300 pixels and 360 kB."""
    Image.frombytes("RGB", (400, 300), random.Random(1).randbytes(400 * 300 * 3)).save(tmp_path / "rain.png")
    return tmp_path / "rain.png"


def choose_file(desk, number=0):
    """The button that opens the dialog of one of the fields."""
    return desk.button("Choose a file", exact=False).nth(number)


def test_a_film_and_a_sound_by_keyboard(desk, film, sound):
    """A link is typed, a file chosen from the dialog, which offers what is taken; and away again."""
    desk.show({"video": FILM, "audio": SOUND})
    desk.box("Film", exact=False).focus()
    desk.page.keyboard.type("https://example.org/walk.mp4")
    desk.press("Tab")
    desk.holds({"video": "https://example.org/walk.mp4"})
    expect(choose_file(desk)).to_be_focused()
    expect(choose_file(desk)).to_have_attribute("title", "Choose a file")
    with desk.page.expect_file_chooser() as chooser:
        desk.press("Enter")
    assert "video/*" == chooser.value.element.get_attribute("accept")
    chooser.value.set_files(film)
    expect(desk.form.locator(".dr-preview")).to_have_text("walk.mp4 · 2 kB")
    expect(desk.box("Film", exact=False)).to_have_value("")
    desk.holds({"video": "walk.mp4"})

    choose_file(desk, 1).focus()
    with desk.page.expect_file_chooser() as chooser:
        desk.press("Space")
    chooser.value.set_files(sound)
    desk.holds({"video": "walk.mp4", "audio": "hush.wav"})
    assert ["2024", "1644"] == desk.ask("print(form.get('video').size, form.get('audio').size)").split()
    desk.button("Remove the file", exact=False).first.press("Enter")
    desk.holds({"audio": "hush.wav"})


def test_a_film_and_a_sound_by_mouse(desk, film, sound):
    """The same with the hand; another file takes the place of the first, a link that of a file."""
    desk.show({"video": FILM, "audio": SOUND})
    desk.choose(choose_file(desk, 1), sound)
    expect(desk.form.locator(".dr-preview")).to_contain_text("hush.wav")
    film.with_name("run.mp4").write_bytes(film.read_bytes())
    for name in ("walk.mp4", "run.mp4"):
        desk.choose(choose_file(desk), film.with_name(name))
        desk.holds({"video": name, "audio": "hush.wav"})
    desk.box("Film", exact=False).click()
    desk.page.keyboard.type("https://example.org/fly.mp4")
    desk.form.locator(".dr-title").last.click()
    desk.holds({"video": "https://example.org/fly.mp4", "audio": "hush.wav"})
    desk.button("Remove the file", exact=False).click()
    desk.holds({"video": "https://example.org/fly.mp4"})


def test_what_is_no_film_or_too_large_is_said_at_once(desk, film, sound, photo):
    """The limit stands beside the title; what is refused keeps its name in the box, and is never in the value."""
    desk.show({"video": {**FILM, **FIFTY}, "audio": {**SOUND, **FIFTY}})
    expect(desk.form.locator(".dr-aside").first).to_have_text("a file may have 50 kB at most")
    film.with_name("long.mp4").write_bytes(film.read_bytes() + bytes(60_000))
    long, too_long = film.with_name("long.mp4"), "long.mp4 has 62 kB; at most 50 kB are taken."
    for wrong, reason in ((sound, "hush.wav is not a file of the right kind."), (long, too_long)):
        desk.choose(choose_file(desk), wrong)
        expect(desk.form.locator(".dr-problem")).to_contain_text(reason)
        expect(desk.box("Film", exact=False)).to_have_value(wrong.name)
        desk.holds({})
    desk.choose(choose_file(desk), film)
    expect(desk.form.locator(".dr-problem")).to_have_count(0)
    desk.holds({"video": "walk.mp4"})

    (photo.parent / "song.wav").write_bytes(b"not a sound")
    desk.box("Sound", exact=False).fill(str(photo.parent / "song.wav"))
    desk.press("Tab")
    expect(desk.form.locator(".dr-problem")).to_contain_text("song.wav is not a file of the right kind.")
    assert "InputError" in desk.ask("form.check()")
    desk.holds({"video": "walk.mp4"})


@pytest.mark.parametrize("by", ["keyboard", "mouse"])
def test_a_picture_that_is_too_large_is_made_to_fit(desk, photo, by):
    """At a press; the sizes are said, what is sent is the small one, and the file on disk stays as it is."""
    before = photo.read_bytes()
    desk.show({"photo": {**PHOTO, **FIFTY}})
    desk.choose(choose_file(desk), photo)
    expect(desk.form.locator(".dr-problem")).to_contain_text("rain.png has 360.8 kB; at most 50 kB are taken.")
    desk.holds({})
    shrink = desk.button("Shrink to fit (50 kB)", exact=False)
    if by == "mouse":
        shrink.click()
    else:
        shrink.focus()
        desk.press("Enter")
    expect(desk.form.get_by_role("img", name="Preview of rain-")).to_be_visible()
    expect(desk.form.locator(".dr-problem")).to_have_count(0)
    sent = json.loads(desk.ask("file = form.value['photo']\nprint(json.dumps([file.name, file.size, file.mime]))"))
    name, size, mime = sent
    width, height = map(int, name.removeprefix("rain-").removesuffix(".jpg").split("x"))
    assert (width, height) < (400, 300)
    assert size <= 50_000 < len(before)
    assert "image/jpeg" == mime
    caption = desk.form.locator(".dr-preview figcaption")
    expect(caption).to_contain_text(f"{name} · {size / 1000:.1f} kB · {width} × {height} pixels")
    expect(caption).to_contain_text("shrunk to fit, from 360.8 kB; the original is untouched")
    assert before == photo.read_bytes()

    desk.button("Remove the file", exact=False).click()
    desk.holds({})
    desk.choose(choose_file(desk), photo)
    expect(shrink).to_be_visible()
    expect(caption).to_have_count(0)


TITLES = {
    "en": ("Too large", "Made to fit", "No film", "Link"),
    "ja": ("大きすぎる写真", "縮小した写真", "動画ではないファイル", "リンク"),
}


@pytest.mark.parametrize("language", TITLES)
def test_what_refused_and_shrunk_files_look_like(desk, photo, sound, language):
    """For the eye: light and dark, wide and narrow. Nothing sticks out at 400 pixels."""
    shown = {"large": {**PHOTO, **FIFTY}, "small": {**PHOTO, **FIFTY}, "film": FILM, "link": PHOTO}
    titled = {name: {**field, "title": title} for (name, field), title in zip(shown.items(), TITLES[language], strict=True)}
    desk.show(titled, language=language, code="form.set('link', 'https://example.org/a.png')")
    upload = desk.form.locator(".dr-upload")
    for at, file in enumerate((photo, photo, sound)):
        desk.choose(upload.nth(at), file)
        expect(desk.form.locator(".dr-problem")).to_have_count(at + 1)
    desk.form.locator(".dr-file").nth(1).locator(".dr-quiet", has_text="50 kB").click()
    expect(desk.form.locator(".dr-problem")).to_have_count(2)
    desk.portray(f"files-{language}")
    desk.page.set_viewport_size({"width": 500, "height": 1800})
    desk.shot(f"files-{language}-narrow")
    assert [] == desk.sticking_out()
