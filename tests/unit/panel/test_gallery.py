"""The gallery in a panel: what a press does, what is told, what is let go. Jobs do what a test says; pictures are on disk."""

from __future__ import annotations

import asyncio
import base64
import dataclasses
import hashlib
import html
import io
import re
import wave
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from ipywidgets.widgets.widget import _instances
from tones import tone

from ipydarkroom.fields import Field, Media
from ipydarkroom.jobs import Failed, Finished, JobRecord, Kept, Progress, Saved, State, Trouble, advance
from ipydarkroom.models import Model
from ipydarkroom.panel.gallery import media, strip
from ipydarkroom.panel.gallery.comparing import comparison_html, rows_of
from ipydarkroom.panel.gallery.given import link_in
from ipydarkroom.panel.gallery.wall import SAVED_JOBS
from ipydarkroom.panel.kit import Kit
from ipydarkroom.results import Picture
from ipydarkroom.testing import tiny_png
from ipydarkroom.wire import Blob, Output

WORDS = Model("lab/words", "runcomfy", (Field(("prompt",), "string"),))
REFRAME = Model("lab/reframe", "runcomfy", (
    Field(("image",), "string", required=True, media=Media("image")), Field(("seed",), "integer", minimum=0, maximum=1), Field(("note",), "string"),
))  # fmt: skip


def seeded(seed):
    """A PNG that tells its seed, as the local backend and some services write it."""
    note = PngInfo()
    note.add_text("seed", seed)
    file = io.BytesIO()
    Image.new("RGB", (48, 32), "tan").save(file, "PNG", pnginfo=note)
    return file.getvalue()


@pytest.fixture
def finish(tmp_path):
    """finish(job, count, mime) lets a job end with so many files that are on disk."""

    def end(job, count=1, mime="image/png", data=None):
        outputs = tuple(Output(f"https://x/{at}", "image") for at in range(count))
        saved = []
        for at in range(count):
            path = tmp_path / f"{job.id}-{at}.{mime.split('/')[1]}"
            path.write_bytes(data or tiny_png(48 + at, 32))
            sha = hashlib.sha256(path.read_bytes()).hexdigest()
            size = (48 + at, 32) if mime.startswith("image/") else (0, 0)
            saved.append(Saved(Kept(at, str(path), mime, sha, path.stat().st_size, *size)))

        async def told():  # on a loop, as watchers are
            job.learn(Progress("in_progress"), Finished("completed", outputs), *saved)

        asyncio.run(told())

    return end


@pytest.fixture
def shop(panels, finish):
    """shop(*inputs) -> a panel whose jobs with these inputs have ended; each made one picture."""

    def make(*orders, model=None, **options):
        panel = panels(**({"model": model} if model else {}), **options)
        for order in orders:
            panel.value = order
            finish(panel.submit())
        panel.wait()
        return panel

    return make


def buttons(panel):
    """Name -> button of all that can be seen and pressed now around the large picture."""
    viewer = panel._screen.results._viewer
    found = {}
    todo = [viewer.root]
    while todo:
        widget = todo.pop()
        todo += getattr(widget, "children", ())
        if hasattr(widget, "click") and "dr-away" not in widget._dom_classes:
            found[widget.description] = widget
    return found


def press(panel, name):
    """Press one of them, by its name."""
    buttons(panel)[name].click()


def sheets(panel):
    """The rows of small buttons, oldest job first."""
    return [slot.sheet.buttons for page in panel._screen.results._strip._pages for slot in page.slots if slot.sheet]


def marked(panel):
    """Whether the first button of each row is marked as the one in large."""
    strip = panel._screen.results._strip
    return [f".{slot.sheet.mark} button:nth-of-type(1)" in strip._marks.value for page in strip._pages for slot in page.slots]


def text(panel):
    """Every word around the large picture."""
    viewer, words, todo = panel._screen.results._viewer, [], [panel._screen.results._viewer.root]
    assert viewer is not None
    while todo:
        widget = todo.pop(0)
        todo += getattr(widget, "children", ())
        if isinstance(getattr(widget, "value", None), str):
            words.append(html.unescape(re.sub(r"<[^>]*>", " ", widget.value)))
    return " ".join(" ".join(words).split())


def test_the_newest_picture_is_shown_with_what_it_was_made_with(shop):
    """Words, inputs, size, model, provider, cost, time, and where the file is."""
    panel = shop({"prompt": "a fox", "seed": 7})
    said = text(panel)

    assert 'alt="a fox"' in panel._screen.results.large
    for words in ("a fox", "Seed 7", "48 × 32 · PNG", "lab/everything", "This machine", "free", "Took 0.0 s", "Jan 1970", "job-0-0.png"):
        assert words in said, (words, said)


def test_the_path_can_be_reached_and_copied_by_keyboard(shop):
    """As the text of a box with a name, which cannot be changed; a screen reader hears it once."""
    facts = shop({"prompt": "a fox"})._screen.results._viewer._facts.value
    [box] = re.findall(r"<input [^>]*>", facts)

    assert "readonly" in box
    assert 'aria-label="Path of the file"' in box
    assert re.search(r'value="[^"]*job-0-0\.png"', box)
    assert 'aria-hidden="true"' in re.findall(r"<code [^>]*>", facts)[0]


def test_the_facts_are_in_the_readers_language(shop):
    """How long it took among them."""
    assert "0.0 秒" in text(shop({"prompt": "a fox"}, language="ja"))


def test_every_picture_is_a_button_with_its_words_as_its_name(shop, finish):
    """Several of one job are numbered; a broken line in a prompt breaks no name; two equal names are told apart."""
    panel = shop({"prompt": "a fox"}, {"prompt": "two\nlines‮"})
    panel.value = {"prompt": "x"}
    finish(panel.submit(), count=3)
    panel.wait()

    assert [("a fox",), ("two lines\\u202e",), ("1/3 · x", "2/3 · x", "3/3 · x")] == [row._options_labels for row in sheets(panel)]


def test_pressing_a_small_picture_shows_it_in_large(shop):
    """It is marked, and only it."""
    panel = shop({"prompt": "one"}, {"prompt": "two"})
    sheets(panel)[0].index = 0

    assert 'alt="one"' in panel._screen.results.large
    assert [True, False] == marked(panel)


def test_pressing_it_again_opens_it_again(shop):
    """The browser says so by a message, as the pressed one has not changed."""
    panel = shop({"prompt": "one"}, {"prompt": "two"})
    sheets(panel)[0].index = 0
    press(panel, "Back to the newest")
    sheets(panel)[0]._handle_custom_msg({"event": "click"}, [])

    assert 'alt="one"' in panel._screen.results.large


def test_a_new_picture_touches_no_other_button(shop, finish):
    """Whoever has the focus on one keeps it: no row of buttons is made anew, no box loses a child."""
    panel = shop({"prompt": "one"}, {"prompt": "two"})
    sheets(panel)[0].index = 0
    before, pressed = sheets(panel), [row.index for row in sheets(panel)]
    boxes = panel._screen.results._strip._pages[0].box.children
    panel.value = {"prompt": "three"}
    finish(panel.submit())
    panel.wait()

    assert before == sheets(panel)[:2]
    assert pressed == [row.index for row in before]
    assert boxes == panel._screen.results._strip._pages[0].box.children[:2]


def test_a_new_picture_moves_no_button_around_the_large_one(shop, finish):
    """From one picture to two there is more to do; what was there stays in its box, and so does the focus."""
    panel = shop({"prompt": "one"})
    viewer = panel._screen.results._viewer
    before = (viewer.root.children, viewer._walk.children, viewer._tools.children)
    panel.value = {"prompt": "two"}
    finish(panel.submit())
    panel.wait()

    assert before == (viewer.root.children, viewer._walk.children, viewer._tools.children)


@pytest.mark.parametrize("name", ["Full size", "Download", "Use as the image of…", "Use these inputs again"])
def test_who_does_something_with_a_picture_stays_with_it(shop, finish, name):
    """One that was ordered before and arrives now does not take it from under the hand."""
    panel = shop({"prompt": "one"})
    panel.value = {"prompt": "two"}
    later = panel.submit()
    press(panel, name)
    finish(later)
    panel.wait()

    assert panel._screen.results.selection.shown.record.inputs["prompt"] == "one"
    press(panel, "Back to the newest")
    assert 'alt="two"' in panel._screen.results.large


def test_a_running_job_has_a_frame_in_the_strip(shop):
    """In the shape of its picture; the picture that is there stays in large."""
    panel = shop({"prompt": "one"})
    panel.submit()
    slot = panel._screen.results._strip._pages[0].slots[1]

    assert "dr-frame" in slot.box.children[0].value
    assert 'alt="one"' in panel._screen.results.large


def test_one_picture_alone_needs_no_strip(shop):
    """It would be there twice; neither is there anything to go to or to compare with."""
    panel = shop({"prompt": "one"})

    assert "dr-away" in panel._screen.results._strip.root._dom_classes
    assert not {"Older", "Newer", "Back to the newest", "Compare…"} & set(buttons(panel))


def test_older_and_newer_walk_through_all_of_them(shop):
    """By keyboard as by mouse; the place is told, and the way back to the newest."""
    panel = shop({"prompt": "one"}, {"prompt": "two"})
    press(panel, "Older")
    press(panel, "Older")  # nothing is older: nothing happens, and the button keeps the focus
    older = (panel._screen.results.large, text(panel))
    press(panel, "Back to the newest")

    assert ('alt="one"' in older[0], "1 of 2" in older[1]) == (True, True)
    assert 'alt="two"' in panel._screen.results.large
    assert "Back to the newest" not in buttons(panel)


def test_the_inputs_again_fill_the_form_and_order_nothing(shop, client):
    """Word for word what was sent; what was typed since is gone, as asked."""
    panel = shop({"prompt": "a fox", "seed": 7}, {"prompt": "b"})
    press(panel, "Older")
    press(panel, "Use these inputs again")

    assert {"prompt": "a fox", "size": "2K", "seed": 7} == panel.value
    assert 2 == len(client.orders)
    assert "Nothing is ordered before you press Run." in text(panel)


def test_vary_takes_another_seed_and_orders_nothing(shop, client):
    """Of two seeds the other one."""
    panel = shop({"image": "https://example.com/a.png", "seed": 0}, model=REFRAME)
    press(panel, "Vary the seed")

    assert {"image": "https://example.com/a.png", "seed": 1} == panel.value
    assert 1 == len(client.orders)


def test_a_model_without_a_seed_has_none_to_vary(shop):
    """The button is not there, instead of doing nothing."""
    panel = shop({"prompt": "x"}, model=WORDS)

    assert "Vary the seed" not in buttons(panel)


def test_a_picture_becomes_the_image_of_its_own_form(shop):
    """The path of the kept file, as if it had been typed."""
    panel = shop({"image": "https://example.com/a.png"}, model=REFRAME)
    press(panel, "Use as the image of…")
    press(panel, "this form")

    assert panel.value["image"].endswith("job-0-0.png")
    assert "this form" not in buttons(panel)


def test_a_picture_becomes_the_image_of_another_model_below(shop, client):
    """A form opens for it, filled, in the same box; closing it leaves nothing behind."""
    panel = shop({"prompt": "a fox"})
    before = set(_instances)
    press(panel, "Use as the image of…")
    name = next(each for each in buttons(panel) if "runcomfy" in each)
    press(panel, name)
    [box] = panel._screen.results._below
    inner = next(iter(panel._below._opened.values())).panel
    value = dict(inner.value)
    box.children[0].children[1].click()

    assert value["image"].endswith("job-0-0.png")
    assert "ideogram" in inner.model.id
    assert () == panel._screen.results._below
    assert {"dr-answer"} >= {name for made in set(_instances) - before for name in _instances[made]._dom_classes}
    assert 1 == len(client.orders)


def test_pictures_of_a_form_below_are_kept_in_the_notebook(shop, finish):
    """Also when that form was closed."""
    panel = shop({"prompt": "a fox"})
    press(panel, "Use as the image of…")
    press(panel, next(each for each in buttons(panel) if "runcomfy" in each))
    inner = next(iter(panel._below._opened.values())).panel
    inner.state.set("resolution", inner.model.field("resolution").choices[0].value)
    finish(inner.submit())
    inner.wait()
    opened = panel._bundle()["text/html"].count("<img")
    panel._screen.results._below[0].children[0].children[1].click()

    assert (2, 2) == (opened, panel._bundle()["text/html"].count("<img"))


def test_two_pictures_are_compared_and_what_differs_is_marked(shop):
    """By a sign with a name, not by colour alone; words that differ are marked one by one; differences come first."""
    panel = shop({"prompt": "a fox at night", "seed": 7}, {"prompt": "a fox at dawn", "seed": 7, "note": "x"})
    press(panel, "Compare…")
    hint = text(panel)
    press(panel, "Older")
    table = panel._screen.results.large

    assert "Choose the picture" in hint
    assert ["Prompt ≠", "Note ≠", "Size", "Seed", "Model", "File", "Cost", "Took"] == [
        re.sub(r"<[^>]*>", "", found) for found in re.findall(r'<th scope="row">(.*?)</th>', table)
    ]
    assert 2 == table.count('aria-label="differs"')
    assert ["dawn", "night"] == re.findall(r"<mark>(.*?)</mark>", table)
    assert "(not set)" in table
    press(panel, "End comparing")
    assert "<table" not in panel._screen.results.large


def test_the_same_inputs_are_said_to_be_the_same(shop):
    """Nothing is marked then."""
    panel = shop({"prompt": "a fox"}, {"prompt": "a fox"})
    press(panel, "Compare…")
    press(panel, "Older")

    assert "Their inputs are the same." in panel._screen.results.large
    assert "dr-differs" not in panel._screen.results.large


def test_seeds_that_the_server_chose_are_compared_too(shop, finish, tmp_path):
    """Nothing else differs, and yet the inputs are not the same: both numbers stand there, as the pictures tell them."""
    panel = shop()
    for seed in ("41", "42"):
        panel.value = {"prompt": "a fox"}
        finish(panel.submit(), data=seeded(seed))
    panel.wait()
    press(panel, "Compare…")
    press(panel, "Older")
    table = panel._screen.results.large

    assert "Their inputs are the same." not in table
    assert "Seed ≠" == re.sub(r"<[^>]*>", "", re.findall(r'<th scope="row">(.*?)</th>', table)[0])
    assert ["41, chosen by the server", "42, chosen by the server"] == sorted(re.findall(r"<td>(\d+, [^<]*)</td>", table))


def test_who_made_two_pictures_and_for_how_much_stands_in_their_comparison(model, tmp_path):
    """Of one model at two providers the inputs are the same; maker and cost differ and are marked, the time is not."""
    kept = Kept(0, str(tmp_path / "gone.png"), "image/png", "", 9, 48, 32)
    jobs = [
        JobRecord(name, name, "https://example.org", "remote", "lab/everything", {"prompt": "a fox"}, state=State.SUCCEEDED, created=1.0,
                  sent=1.0, finished=finished, cost=cost, kept=(kept,))
        for name, finished, cost in (("runcomfy", 4.0, 0.2), ("kie", 9.0, 5.0))
    ]  # fmt: skip
    pair = (Picture(jobs[0], kept), Picture(jobs[1], kept))
    rows = rows_of(*pair, model, Kit("en"))

    assert ["Made by", "Cost"] == [row.name for row in rows if row.differs]
    assert [("3.0 s", "8.0 s")] == [(row.one, row.other) for row in rows if row.name == "Took"]
    assert "Their inputs are the same." in comparison_html(pair, ("", ""), rows, Kit("en"))


def test_the_saved_form_tells_the_seed_that_the_server_chose(panels, finish):
    """Beside the inputs that were typed, as the picture itself tells it; a typed one stays as it was typed."""
    panel = panels()
    for inputs in ({"prompt": "a fox"}, {"prompt": "an owl", "seed": 7}):
        panel.value = inputs
        finish(panel.submit(), data=seeded("42"))
    panel.wait()
    owl, fox = re.findall(r"<b>seed</b> ([^<]*)", panel._bundle()["text/html"])

    assert ("7", "42, chosen by the server") == (owl, fox)


CANARY = "canary0123456789abcd"


def test_jobs_without_a_picture_leave_a_line_in_the_saved_form(panels, client):
    """One that failed, one nobody knows about, one on its way: how it stood, and no link's query in what went wrong."""
    panel = panels()
    link = f"https://a.example/p.png?sig={CANARY}"
    jobs = []
    for prompt in ("a fox", "an owl", "a newt"):
        panel.value = {"prompt": prompt}
        jobs.append(panel.submit())
    jobs[0].record = advance(jobs[0].record, Failed("failed", Trouble("JobFailed", f"Cannot read {link}.", "500", f"Look at {link}."), "no"), 2.0)
    jobs[1].record = dataclasses.replace(jobs[1].record, state=State.UNCERTAIN, trouble=Trouble("SubmitUncertain", f"No answer: {link}", "", ""))
    kept = panel._bundle()["text/html"]
    said = html.unescape(re.sub(r"<[^>]*>", " ", kept))

    for words in ("a fox", "failed", "an owl", "uncertain when this was saved", "a newt", "queued when this was saved"):
        assert words in said, (words, said)
    assert "a.example" in said
    assert CANARY not in kept
    assert kept == panel._bundle()["text/html"]


def test_the_saved_form_has_an_end(panels):
    """However many jobs came to nothing: the newest have a line."""
    panel = panels()
    lengths = []
    for _ in range(2):
        for _ in range(SAVED_JOBS):
            panel.value = {"prompt": "a fox"}
            job = panel.submit()
            job.record = advance(job.record, Failed("failed", Trouble("JobFailed", "No.", "500", "Again."), "no"), 2.0)
        lengths.append(len(panel._bundle()["text/html"]))

    assert lengths[0] == lengths[1]


def test_the_saved_form_follows_a_job_on_its_way(panels, finish, monkeypatch):
    """The file may be saved at any time: a line as soon as a job is ordered, its new state, its picture; nothing twice."""
    panel, kept = panels(), []

    class Output:
        def update(self, bundle, raw):
            kept.append(html.unescape(re.sub(r"<[^>]*>", " ", bundle["text/html"])))

    monkeypatch.setattr("ipydarkroom.panel.view._KEPT_GAP_S", 0.0)
    panel._output._handles.append(Output())
    panel._pump.now()
    kept.clear()
    panel.value = {"prompt": "a fox"}
    job = panel.submit()
    panel._pump.now()
    assert 1 == len(kept)
    assert "when this was saved" in kept[0]
    job.record = dataclasses.replace(job.record, state=State.RUNNING)
    panel._pump.now()
    panel._pump.now()
    assert 2 == len(kept)
    assert "running when this was saved" in kept[1]
    finish(job)
    panel.wait()
    assert "when this was saved" not in kept[-1]

    monkeypatch.setattr("ipydarkroom.panel.view._KEPT_GAP_S", 1e9)  # pictures weigh: not at every paint
    before = len(kept)
    panel.submit()
    panel._pump.now()
    assert before == len(kept)


def test_before_stands_beside_after(panels, finish, client):
    """The given picture, where it is still to be had: a file from the browser too, whose bytes are nowhere else."""
    blob = Blob(tiny_png(20, 20), "photo.png", "image/png")
    stamp = {"$file": "photo.png", "sha256": hashlib.sha256(blob.data).hexdigest(), "size": blob.size}
    panel = panels(REFRAME)
    panel.state.set("image", blob)
    order = client.submit
    client.submit = lambda model, inputs, **rest: order(model, {**inputs, "image": stamp}, **rest)  # as the client writes it down
    finish(panel.submit())
    panel.wait()

    assert "Given" in panel._screen.results.large
    assert 2 == panel._screen.results.large.count("<img")
    press(panel, "Use these inputs again")
    assert blob is panel.value["image"]


def test_a_picture_counts_as_made_only_once_what_it_was_made_from_is_there(panels, finish, client, monkeypatch):
    """Else `wait` returned while another thread was still at that, and showed the result alone."""
    blob = Blob(tiny_png(20, 20), "photo.png", "image/png")
    stamp = {"$file": "photo.png", "sha256": hashlib.sha256(blob.data).hexdigest(), "size": blob.size}
    panel = panels(REFRAME)
    prints = panel._screen.results._prints
    made, drawn = [], prints._drawn_before
    monkeypatch.setattr(prints, "_drawn_before", lambda picture: (made.append(prints.has(picture.record)), drawn(picture))[1])
    panel.state.set("image", blob)
    order = client.submit
    client.submit = lambda model, inputs, **rest: order(model, {**inputs, "image": stamp}, **rest)
    finish(panel.submit())
    panel.wait()

    assert {False} == set(made)


LINK = "https://pictures.example/room.png?signature=secret"


def test_a_picture_behind_a_link_stands_beside_the_result_once_it_is_asked_for(panels, finish):
    """Nobody asks a foreign host before; the journal has the link without its secrets, so only this panel has it whole."""
    panel = panels(REFRAME)
    panel.value = {"image": LINK}
    finish(panel.submit())
    panel.wait()
    assert "pictures.example" not in panel._screen.results.large
    press(panel, "Show the image given")

    assert f'<img src="{LINK}" alt="Given" referrerpolicy="no-referrer">' in panel._screen.results.large
    assert "https://pictures.example/room.png?…" in text(panel)
    assert "Show the image given" not in buttons(panel)


@pytest.mark.parametrize(("link", "offered"), [("https://pictures.example/room.png?…", False), ("https://pictures.example/room.png", True), ("room", False)])
def test_a_job_taken_in_has_its_picture_only_where_the_whole_link_was_written_down(panels, finish, client, link, offered):
    """A link whose secrets were cut leads nowhere."""
    panel = panels(REFRAME)
    job = client.submit(REFRAME, {"image": link})
    panel._running.follow(job)
    finish(job)
    panel.wait()

    assert offered is ("Show the image given" in buttons(panel))


@pytest.mark.parametrize("link", [
    "https://localhost/room.png", "https://[::1]/room.png", "https://10.0.0.7/room.png", "https://0x7f.1/room.png",
    "https://10.0.0.1\\.a.example/x", "https://10.0.0.1\\/x", "https://%31%30.0.0.1/x", "https://１０.0.0.1/x", "https://10。0。0。1/x",
    "https://nas.local/x", "https://router/x", "https://10.1/x", "https://a.example\n/x",
    "https://169.254.169.254/room.png", "https://me:secret@pictures.example/room.png", "https://[room/room.png", "https:///room.png",
    "http://pictures.example/room.png", "javascript:alert(1)", "data:image/png;base64,AA==", ["room"], [],
])  # fmt: skip
def test_no_page_is_led_to_this_machine_or_its_network(link):
    """The inputs of a job may come from somebody else's picture."""
    assert "" == link_in(link)
    assert "https://a.example:8443/room.png?x=1" == link_in(["https://a.example:8443/room.png?x=1", link])


def test_a_file_that_is_gone_is_named_when_its_inputs_are_used_again(panels, finish, client):
    """And its field is left empty."""
    stamp = {"$file": "photo.png", "sha256": "0" * 64, "size": 3}
    panel = panels(REFRAME)
    job = client.submit(REFRAME, {"image": stamp, "note": "x"})
    panel._running.follow(job)
    finish(job)
    panel.wait()
    press(panel, "Use these inputs again")

    assert {"note": "x"} == panel.value
    assert "the file photo.png is not here any more" in text(panel)
    assert "Given" not in panel._screen.results.large


def test_all_bytes_come_on_demand_and_go(shop):
    """One widget with the file and its words; it is closed at the next press, and at the next step."""
    panel = shop({"prompt": "one"}, {"prompt": "two"})
    before = set(_instances)
    press(panel, "Full size")
    [full] = panel._screen.results._viewer._loupe.children
    shown = full.value
    press(panel, "Fit")
    closed = full.comm is None
    press(panel, "Full size")
    press(panel, "Older")

    assert base64.b64encode(Path(panel.jobs[1].record.kept[0].path).read_bytes()).decode() in shown
    assert 'alt="two"' in shown
    assert closed
    assert set() == set(_instances) - before


def test_a_file_is_saved_by_a_link_that_carries_it(shop):
    """Made on demand, under the file's own name, and gone with the next picture."""
    panel = shop({"prompt": "one"}, {"prompt": "two"})
    press(panel, "Download")
    [link] = [child.value for child in panel._screen.results._viewer.root.children if "<a " in str(getattr(child, "value", ""))]
    press(panel, "Older")

    assert 'download="job-1-0.png"' in link
    assert 'href="data:image/png;base64,' in link
    assert "Save job" not in text(panel)


def test_what_is_too_large_for_the_page_says_where_it_is(shop, monkeypatch):
    """No bytes travel."""
    panel = shop({"prompt": "one"})
    monkeypatch.setattr(media, "INLINE_BYTES", 10)
    press(panel, "Full size")
    full = text(panel)
    press(panel, "Download")

    assert "too large for the page. The file is here: /" in full
    assert "<a " not in str([getattr(child, "value", "") for child in panel._screen.results._viewer.root.children])


def test_a_sound_plays_on_demand(panels, finish):
    """It is named until then; pressed, the page has the very file, and it does not play by itself."""
    panel = panels()
    panel.value = {"prompt": "waves"}
    finish(panel.submit(), mime="audio/wav", data=tone())
    panel.wait()
    named = str([getattr(child, "value", "") for child in panel._screen.results._viewer._loupe.children])
    press(panel, "Play")
    [player] = panel._screen.results._viewer._loupe.children
    sent = re.fullmatch('<audio src="data:audio/wav;base64,([^"]*)" controls preload="metadata" aria-label="waves"></audio>', player.value)

    assert "audio/wav, 4 kB, " in named
    assert "base64" not in named
    assert sent
    with wave.open(io.BytesIO(base64.b64decode(sent[1]))) as sound:
        assert (8_000, 2_000) == (sound.getframerate(), sound.getnframes())


def test_a_film_plays_on_demand(panels, finish):
    """As a sound does; what is in the file is the browser's business."""
    panel = panels()
    panel.value = {"prompt": "waves"}
    finish(panel.submit(), mime="video/mp4", data=b"not really one")
    panel.wait()
    press(panel, "Play")
    [player] = panel._screen.results._viewer._loupe.children

    assert re.fullmatch('<video src="data:video/mp4;base64,[^"]*" controls preload="metadata" aria-label="waves"></video>', player.value)


def test_a_film_has_a_lower_limit(panels, finish, monkeypatch):
    """The page would have to hold it whole."""
    monkeypatch.setattr(media, "STREAM_BYTES", 4)
    panel = panels()
    panel.value = {"prompt": "waves"}
    finish(panel.submit(), mime="video/mp4", data=b"not really one")
    panel.wait()
    press(panel, "Play")

    assert "too large" in text(panel)


def test_a_picture_that_was_moved_is_a_sentence(shop):
    """In large, and when its bytes are asked for."""
    panel = shop({"prompt": "one"}, {"prompt": "two"})
    Path(panel.jobs[0].record.kept[0].path).unlink()
    press(panel, "Older")
    press(panel, "Full size")

    assert "cannot be read" in panel._screen._notice.value


def test_two_hundred_pictures_are_few_widgets(panels, finish):
    """Full pages become one row of buttons each; the pages of the oldest are emptied; every picture is in the journal still."""
    panel = panels(WORDS)
    before = len(_instances)
    for at in range(50):
        panel.value = {"prompt": f"picture {at}"}
        finish(panel.submit(), count=4)
        panel.wait()
    shown = len(_instances) - before

    assert 200 == len(panel._screen.results.selection.pictures)
    assert shown < 140
    for at in range(50, 70):
        panel.value = {"prompt": f"picture {at}"}
        finish(panel.submit(), count=4)
        panel.wait()
    assert strip.MOST >= len(panel._screen.results.selection.pictures) > strip.MOST - 8
    assert len(_instances) - before < 150


def test_a_closed_page_still_opens_its_pictures(panels, finish):
    """The newest first; and what is looked at is never folded away under somebody's hand."""
    panel = panels(WORDS)
    for at in range(strip.PAGE + 1):
        panel.value = {"prompt": f"picture {at}"}
        finish(panel.submit())
        panel.wait()
        if at == 0:
            panel._screen.results.selection.open(("job-0", 0))
            panel._screen.results.selection.choosing = True  # looking on, whatever is ordered
    page = panel._screen.results._strip._pages[0]
    open_while_seen = not page.closed
    panel._screen.results.selection.newest()
    panel._pump.now()
    page.sheet.buttons.index = strip.PAGE - 1

    assert (True, True) == (open_while_seen, page.closed)
    assert 'alt="picture 0"' in panel._screen.results.large


def test_closing_leaves_nothing_of_the_gallery(shop, panels):
    """Whatever is open: all bytes, a comparison, a form below, the code. The fixture counts."""
    panel = shop({"prompt": "one"}, {"prompt": "two"})
    press(panel, "Use as the image of…")
    press(panel, next(each for each in buttons(panel) if "runcomfy" in each))
    press(panel, "Download")
    press(panel, "Full size")
    panel._screen._code.button.click()
    _ = panel.widget
    panel.close()


@pytest.mark.parametrize("language", ["ja", "zh-CN", "zh-TW"])
def test_the_gallery_speaks_the_panels_language(shop, language):
    """No key and no English word of ours is left on it."""
    panel = shop({"prompt": "one"}, {"prompt": "two"}, language=language)
    names = " ".join(buttons(panel))

    assert not re.search(r"panel\.|Full|Older|Compare|Download", names + text(panel))


def test_a_hostile_prompt_stays_text(shop):
    """Beside the picture, in its name, in a comparison."""
    panel = shop({"prompt": "<img src=x onerror=y>"}, {"prompt": "two </style>"}, model=WORDS)
    press(panel, "Compare…")
    press(panel, "Older")

    assert "<img src=x" not in panel._screen.results.large + panel._screen.results._viewer._facts.value
    assert "</style>" not in "".join(slot.sheet.style.value[:-8] for slot in panel._screen.results._strip._pages[0].slots)


def test_a_picture_opens_as_a_result_does(shop):
    """A Picture of the client and the gallery's are the same thing."""
    panel = shop({"prompt": "one"})
    record = panel.jobs[0].record

    assert Picture(record, record.kept[0]) == panel._screen.results.selection.shown
