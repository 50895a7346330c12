"""The history of a journal: what it finds, shows, opens again and gives along; on real clients and journals, without a browser."""

from __future__ import annotations

import asyncio
import base64
import dataclasses
import io
import json
import re
import threading
import zipfile
from datetime import date, datetime

import ipywidgets as w
import pytest
from ipywidgets.widgets.widget import _instances
from many_jobs import START, crowd, job, picture, write

from ipydarkroom.dates import moment
from ipydarkroom.errors import DarkroomError, InputError, ModelNotFound, StorageError
from ipydarkroom.jobs import State, Trouble
from ipydarkroom.panel import History
from ipydarkroom.panel.history import Question
from ipydarkroom.panel.historymodel import PAGE
from ipydarkroom.panel.historywall import BATCH
from ipydarkroom.panel.taking import zip_name
from ipydarkroom.redaction import masked, stamp
from ipydarkroom.testing import ScriptedPainter, local_client


@pytest.fixture
def local(tmp_path):
    """A local client on an empty journal, whose workers work at once."""
    with local_client(tmp_path / "home", ScriptedPainter()) as client:
        client.later = lambda _seconds, act: act()
        yield client


@pytest.fixture
def put(local):
    """Writes jobs into the client's journal."""
    return lambda *records: write(local._inner._journal, *records)


@pytest.fixture
def histories(local):
    """Makes histories, closes them afterwards, and asserts that not one widget model is left."""
    before = set(_instances)
    made = []

    def make(**options) -> History:
        made.append(History(local, **options))
        return made[-1]

    yield make
    for history in made:
        history.close()
    assert set() == set(_instances) - before


@pytest.fixture
def sent(monkeypatch):
    """Every message that any widget sends, as (kind, data)."""
    log = []
    from comm import base_comm

    def note(self, msg_type, data=None, *_args, **_rest):
        log.append((msg_type, data or {}))

    monkeypatch.setattr(base_comm.BaseComm, "publish_msg", note)
    monkeypatch.setattr("comm.DummyComm.publish_msg", note)
    return log


@pytest.fixture
def three(tmp_path, put):
    """A fox that failed, an owl and a fox with pictures; oldest first."""
    found = (
        job(START, {"prompt": "a fox, too dark"}, state=State.FAILED, trouble=Trouble("JobFailed", "Too dark.")),
        job(START + 86_400, {"prompt": "an owl", "seed": 3}, picture(tmp_path, "owl.png", "navy")),
        job(START + 2 * 86_400, {"prompt": "a fox", "resolution": "3K"}, picture(tmp_path, "a.png"), picture(tmp_path, "b.png", "gold")),
    )
    put(*found)
    return found


def all_in(widget):
    """A widget and everything in it."""
    return [widget, *(found for child in getattr(widget, "children", ()) for found in all_in(child))]


def picks(history) -> list[str]:
    """The names by which the jobs of the page can be chosen."""
    return list(history._screen._picks.options)


# --- looking


def test_a_wall_shows_jobs_with_pictures_and_a_table_shows_all(histories, three):
    """Newest first, each with its number, its prompt, and when it was ordered."""
    history = histories()
    history.widget

    assert [f"1. a fox\n×2 · {moment(START + 2 * 86_400)}", f"2. an owl\n{moment(START + 86_400)}"] == picks(history)

    history._screen._filters.view.value = "table"

    assert f"3. a fox, too dark\n{moment(START)} · failed" == picks(history)[2]
    table = history._screen._table.value
    assert ["a fox", "an owl", "a fox, too dark"] == re.findall(r"<td>(an? (?:fox|owl)[^<]*)</td>", table)
    assert 4 == table.count("<tr>")


def test_the_table_counts_time_and_cost_in_the_readers_language(histories, put, tmp_path):
    """A job of two hours, paid in the provider's own unit."""
    long = job(START, {"prompt": "a film"}, picture(tmp_path, "a.png"))
    put(dataclasses.replace(long, backend="remote", cost=12_500.0, sent=START, finished=START + 7_380))
    history = histories(language="ja")
    history.widget
    history._screen._filters.view.value = "table"

    assert "<td>2 時間 03 分</td><td>12,500</td>" in history._screen._table.value


def test_typing_words_asks_the_journal(histories, three):
    """What was typed narrows the page, and "Show all" takes that back, in the boxes too."""
    history = histories()
    history.widget
    filters = history._screen._filters

    filters._words.value = "owl"
    assert ["1. an owl"] == [name.split("\n")[0] for name in picks(history)]
    assert "1 job with pictures found" in history._screen._count.value

    history._screen._clear.click()
    assert ("", 2) == (filters._words.value, len(history))


@pytest.mark.parametrize(
    ("part", "value", "left"),
    [("_model", "kie", 0), ("_model", "seedream", 2), ("_which", "failed", 0), ("_which", "succeeded", 2),
     ("_since", datetime.fromtimestamp(START + 2 * 86_400).date(), 1), ("_until", datetime.fromtimestamp(START + 86_400).date(), 1)],
)  # fmt: skip
def test_each_filter_narrows_the_page(histories, three, part, value, left):
    """Model, state, first and last day, by the control a person uses."""
    history = histories()
    history.widget

    getattr(history._screen._filters, part).value = value

    assert left == len(history) == len(picks(history) if left else ())
    if not left:
        assert "No job fits" in history._screen._table.value


def test_search_in_code_does_the_same(histories, three):
    """Days as dates or as text, both included; it returns the history itself, and what is not named does not narrow."""
    history = histories()
    day = datetime.fromtimestamp(START + 86_400).date()

    assert ["an owl"] == [record.inputs["prompt"] for record in history.search(since=day.isoformat(), until=day).records]
    assert 2 == len(history.search())
    assert Question(words="fox") == history.search("fox").state.question


def test_a_day_or_state_that_cannot_be_read_is_an_input_error(histories):
    """With an example of how to write it."""
    with pytest.raises(InputError, match="2026-11-27"):
        histories().search(since="yesterday")
    with pytest.raises(InputError, match="succeeded"):
        histories().search(state="happy")


def test_an_empty_journal_says_so(histories):
    """And there is nothing to choose, to open or to pack."""
    history = histories()
    history.widget

    assert "Nothing here yet" in history._screen._table.value
    assert () == history._screen._side.children
    history._screen._taking.press()
    assert "no job to take along" in history._screen._taking._answer


def test_a_new_job_is_there_after_looking_again(histories, three, put, tmp_path):
    """The page stays as it is until somebody asks."""
    history = histories()
    history.widget
    put(job(START + 9e5, {"prompt": "a newt"}, picture(tmp_path, "newt.png")))
    assert 2 == len(history)

    history._acts().look()

    assert "1. a newt" == picks(history)[0].split("\n")[0]


def test_the_newest_question_wins(histories, three, local, monkeypatch):
    """An answer that comes late, to an earlier question, is dropped."""
    history = histories()
    ids = type(local.archive).ids

    def slow(self, wanted):
        if wanted.words == "owl":
            history.search("fox")
        return ids(self, wanted)

    monkeypatch.setattr(type(local.archive), "ids", slow)
    history.search("owl")

    assert ["a fox"] == [record.inputs["prompt"] for record in history.records]


# --- pages


def test_pages_turn_and_end(histories, put):
    """Sixty at a time; beyond an end is the end."""
    put(*crowd(150))
    history = histories()
    history.widget
    screen = history._screen

    assert (1, 60, 150) == (history.state.first, history.state.last, history.state.total)
    screen._next.click()
    screen._next.click()
    assert (121, 150, 30) == (history.state.first, history.state.last, len(picks(history)))
    screen._next.click()
    assert "121–150 of 150" in screen._page.value
    assert "dr-spent" in screen._next._dom_classes
    assert not screen._next.disabled  # a button that is switched off under one's finger loses the keys
    screen._previous.click()
    assert picks(history)[0].startswith("61. ")


def test_a_choice_outlives_its_page(histories, put):
    """Another page does not choose for the person; back on its page, the job is marked again."""
    put(*crowd(70))
    history = histories()
    history.widget
    history._screen._picks.index = 4
    chosen = history.state.chosen

    history._screen._next.click()
    assert (None, chosen) == (history._screen._picks.index, history.state.chosen)
    history._screen._previous.click()
    assert 4 == history._screen._picks.index


def test_ten_thousand_jobs_cost_no_more_messages_than_nine_hundred(histories, put, sent):
    """Counted from the first to the last message of showing it, searching and turning a page."""

    def count(jobs: int) -> tuple[int, int, int]:
        put(*crowd(jobs))
        history = histories()
        sent.clear()
        history.widget
        shown = len(sent)
        sent.clear()
        history._screen._filters._words.value = "fox"
        searched = len(sent)
        sent.clear()
        history._screen._next.click()
        return shown, searched, len(sent)

    few, many = count(15 * PAGE), count(10_000)  # one in seven is a fox, and there are two pages of them at least

    assert few == many
    assert max(many) < 60, many


def test_a_page_of_ten_thousand_jobs_reads_sixty(histories, put, local, monkeypatch):
    """Rows are read by the page, never all of them."""
    put(*crowd(10_000))
    read = []
    records = type(local.archive).records

    def watched(self, ids):
        read.append(len(ids))
        return records(self, ids)

    monkeypatch.setattr(type(local.archive), "records", watched)
    history = histories().search("a")
    history.state.turn(3)

    assert [PAGE, PAGE, PAGE] == read
    assert 10_000 == len(history)


def test_a_first_showing_is_a_small_burst(histories, three, sent):
    """In models and messages."""
    histories().widget
    opened = [data for kind, data in sent if kind == "comm_open"]

    assert len(opened) <= 60
    assert len(sent) <= 75, len(sent)


# --- pictures


def test_little_pictures_come_a_few_at_a_time(histories, put, tmp_path, local):
    """A worker makes some, they are painted, then the next are made; so the first are there soon."""
    put(*(job(START + n, {"prompt": f"fox {n}"}, picture(tmp_path, f"{n}.png", "tan")) for n in range(BATCH * 2 + 1)))
    waiting = []
    local.later = lambda _seconds, act: waiting.append(act)
    history = histories()
    history.widget
    seen = []
    while waiting:
        waiting.pop(0)()
        seen.append([sheet.value.count("data:image/webp") for sheet in history._screen._pictures[:3]])

    assert [BATCH, BATCH, 1] == seen[-1]
    assert [BATCH, 0, 0] in seen


def test_little_pictures_in_memory_have_an_end(histories, put, tmp_path):
    """Who leafs through a thousand pages keeps the newest few hundred."""
    from ipydarkroom.panel import historywall

    path = picture(tmp_path, "one.png")
    thumbs = historywall.Thumbs()
    for number in range(historywall._MOST + 20):
        thumbs._made["elsewhere", str(number)] = "data:"
    thumbs.make(job(START, {}, path))

    assert historywall._MOST == len(thumbs._made)
    assert str(thumbs.get(job(START, {}, path))).startswith("data:image/")


def test_a_picture_that_is_gone_or_no_picture_is_marked(histories, put, tmp_path):
    """A dash, and a sign for what plays; the chosen one says more in words."""
    film = tmp_path / "clip.mp4"
    film.write_bytes(b"film")
    put(job(START, {"prompt": "gone"}, tmp_path / "gone.png"), job(START + 1, {"prompt": "waves"}, film, mime="video/mp4"))
    history = histories()
    history.widget

    assert ["\\25B6", "\\2013"] == re.findall(r'--s:"([^"]+)"', history._screen._pictures[0].value)
    history._screen._picks.index = 1
    assert "gone.png" in history._screen._large.value


def test_a_hostile_prompt_stays_words(histories, put, tmp_path):
    """In the name, in the table, in large, and in the style sheet there is nothing of it."""
    bad = '</style><script>alert(1)</script>"}\u202e'
    put(job(START, {"prompt": bad}, picture(tmp_path, "a.png"), model='x"}</style><b>y'))
    history = histories()
    history.widget
    history._screen._filters.view.value = "table"
    shown = "".join((history._screen._table.value, history._screen._large.value, *(each.value for each in history._screen._pictures)))

    assert "<script>" not in shown
    assert "<b>y" not in shown
    assert "\u202e" not in shown + "".join(picks(history))
    assert 1 == history._screen._pictures[0].value.count("</style>") or history._screen._pictures[0].value == ""


def test_no_signed_link_is_shown(histories, put, tmp_path):
    """Not in a name, not in the table, not in large."""
    put(job(START, {"prompt": "like https://a.example/x.png?sig=canary0123456789abcd", "image": "https://a.example/y?token=canary0123456789abcd"},
            picture(tmp_path, "a.png")))  # fmt: skip
    history = histories()
    history.widget
    walls = [*picks(history), history._screen._large.value]
    history._screen._filters.view.value = "table"

    assert "canary" not in "".join((*walls, *picks(history), history._screen._table.value))


# --- a job's panel


def test_a_jobs_panel_opens_with_its_inputs_its_line_and_its_pictures(histories, three, local):
    """In the history itself; a second press closes it, and leaves nothing of it behind."""
    history = histories()
    history.widget
    before = set(_instances)

    history._screen._open.click()

    panel = history._panel
    assert panel is not None
    assert {"prompt": "a fox", "resolution": "3K"} == {name: panel.value[name] for name in ("prompt", "resolution")}
    assert [three[2].id] == [found.id for found in panel.jobs]
    assert panel.widget in history.widget.children
    assert 2 == sum(len(each.options) for each in all_in(panel.results) if isinstance(each, w.ToggleButtons))
    assert "Close the panel" == history._screen._open.description
    assert 3 == len(local.jobs())  # nothing was ordered

    history._screen._open.click()
    assert "Open its panel" == history._screen._open.description
    assert set() == set(_instances) - before


def test_opening_again_orders_nothing_and_stays_where_the_job_was(histories, three):
    """What was drawn on this machine is drawn here again."""
    panel = histories().open(three[1].id)

    assert panel._running._local is True
    assert 1 == len(panel.jobs)
    panel.close()


def test_files_that_the_journal_does_not_keep_are_named(histories, put):
    """The field stays open, the panel says which file; the other inputs are there, in lists too."""
    stamp = {"$file": "photo.jpg", "sha256": "0" * 64, "size": 7}
    lost = job(START, {"image": stamp, "resolution": "1536:640 (12:5)"}, model="ideogram/ideogram-v3/reframe")
    put(lost)

    panel = histories().open(lost.id)

    [notice] = [child for child in panel.form.children if "dr-notice" in child._dom_classes]
    assert "photo.jpg" in notice.value
    assert "choose it again" in notice.value
    assert "image" not in panel.value
    assert "1536:640 (12:5)" == panel.value["resolution"]
    panel.close()


def test_a_cut_link_and_an_unknown_input_never_come_back_to_be_ordered(histories, put):
    """What was cut from a signed link is gone for good: with the rest Run would order a dead link. The panel names both."""
    link = masked("https://a.example/p.png?sig=0123456789abcdef0123")
    assert "…" in link
    old = job(START, {"image": link, "wattage": 60, "resolution": "1536:640 (12:5)"}, model="ideogram/ideogram-v3/reframe")
    put(old)

    panel = histories().open(old.id)

    assert {"resolution": "1536:640 (12:5)"} == panel.value
    assert [("image",)] == [problem.pointer for problem in panel.state.problems if problem.blocking]  # so Run orders nothing
    [notice] = [child for child in panel.form.children if "dr-notice" in child._dom_classes]
    assert "secret" in notice.value
    assert "Wattage" in notice.value
    panel.close()


def test_a_file_that_is_still_there_comes_back(histories, put, tmp_path):
    """The very same bytes, beside the job's picture: nothing has to be chosen, and nothing is said."""
    given = picture(tmp_path, "photo.png", "teal")
    old = job(START, {"image": stamp(given.read_bytes(), "photo.png")}, picture(tmp_path, "out.png"), model="ideogram/ideogram-v3/reframe")
    put(old)

    panel = histories().open(old.id)

    assert str(given) == panel.value["image"]
    assert panel.state.trouble is None
    panel.close()


def test_before_stands_beside_after_in_a_job_from_earlier(histories, put, tmp_path):
    """The given picture is found again, beside the job's own; also for its inputs again."""
    given = picture(tmp_path, "photo.png", "teal")
    old = job(START, {"image": stamp(given.read_bytes(), "photo.png")}, picture(tmp_path, "out.png"), model="ideogram/ideogram-v3/reframe")
    put(old)

    panel = histories().open(old.id)
    panel.widget
    panel.wait(30)

    assert "Given" in panel._screen.results.large
    panel.close()


def test_a_model_from_a_schema_opens_with_its_inputs(histories, put, tmp_path):
    """After a restart nobody knows it; the form is made from the inputs, and says so."""
    unknown = job(START, {"prompt": "x", "steps": 4}, picture(tmp_path, "a.png"), model="made/here")
    put(unknown)
    history = histories()
    history.widget

    history._screen._open.click()

    panel = history._panel
    assert panel is not None
    assert {"prompt": "x", "steps": 4} == panel.value
    [notice] = [child for child in panel.form.children if "dr-notice" in child._dom_classes]
    assert "made/here" in notice.value
    assert [unknown.id] == [found.id for found in panel.jobs]


def test_a_job_that_the_journal_has_not_is_a_sentence(histories, three, local, monkeypatch):
    """In the history, above the page; and an error in code."""
    history = histories()
    history.widget

    def gone(job_id):
        raise ModelNotFound(f"The journal has no job {job_id}.")

    monkeypatch.setattr(local, "job", gone)
    history._screen._open.click()

    assert history._screen._notice.value
    assert history._panel is None
    assert "Open its panel" == history._screen._open.description
    with pytest.raises(ModelNotFound):
        history.open("nothing")


# --- taking along


def test_export_writes_what_was_found(histories, three, tmp_path):
    """As in `exporting`; only what was found, in the history's language."""
    history = histories(language="ja").search("owl")

    place = history.export(tmp_path / "out", title="梟")

    assert ["owl.png"] == [path.name for path in (place / "pictures").iterdir()]
    assert "梟" in (place / "contact-sheet.html").read_text("utf-8")
    with pytest.raises(StorageError):
        history.export(tmp_path / "out")


def test_the_export_button_makes_a_folder_beside_the_notebook(histories, three, tmp_path, monkeypatch):
    """With the name in the box; a second press takes another name, and each says where it went."""
    monkeypatch.chdir(tmp_path)
    history = histories()
    history.widget
    history._screen._folder.value = "mine"

    history._acts().export("mine")
    history._acts().export("mine")

    assert (tmp_path / "mine" / "pictures" / "owl.png").is_file()
    assert "mine-2" in history._screen._said.value
    assert "3 files from 2 jobs" in history._screen._said.value
    assert str(tmp_path) not in history._screen._said.value


def test_a_small_zip_is_a_link(histories, three):
    """Made when asked for, whole, in the message itself."""
    history = histories()
    history.widget

    history._screen._taking.button.click()

    [link] = re.findall(r'href="data:application/zip;base64,([^"]+)" download="([^"]+)"', history._screen._taking._answer)
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(link[0]))) as found:
        assert {"pictures/a.png", "pictures/b.png", "pictures/owl.png", "jobs.csv", "contact-sheet.html"} == set(found.namelist())
    assert zip_name() == link[1]
    assert "Packed: 3 files from 2 jobs" in history._screen._taking._answer


def test_a_large_zip_lies_beside_the_notebook(histories, three, tmp_path, monkeypatch):
    """A message carries only so much; then the sentence says where it is."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("ipydarkroom.panel.taking.LINK_MOST", 100)
    history = histories()
    history.widget

    history._screen._taking.button.click()

    assert (tmp_path / zip_name()).is_file()
    assert zip_name() in history._screen._taking._answer
    assert "data:" not in history._screen._taking._answer


def test_zip_in_code_takes_nobodys_name(histories, three, tmp_path):
    """It returns where the zip is."""
    (tmp_path / "all.zip").write_text("mine")

    assert (tmp_path / "all-2.zip") == histories().zip(tmp_path / "all.zip")


def test_an_error_of_the_disk_is_a_sentence_and_the_button_is_free_again(histories, three, monkeypatch):
    """Nobody waits at "Packing…" for ever."""

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ipydarkroom.exporting.shutil.copyfileobj", full)
    history = histories()
    history.widget

    history._screen._taking.button.click()

    assert "No space left" in history._screen._notice.value
    assert "Download all (zip)" == history._screen._taking.button.description


# --- its end


def test_closing_leaves_no_model_task_or_thread(tmp_path, put, three, local):
    """Also with a panel opened in it, and while pictures are still being made."""
    del local.later  # real workers
    threads, before = set(threading.enumerate()), set(_instances)
    history = History(local)
    history.widget
    history._press_open()
    history.close()
    history.close()

    async def others() -> list[str]:
        """Let what was asked for begin, then name what is left."""
        for _ in range(20):
            await asyncio.sleep(0)
        return [task.get_name() for task in asyncio.all_tasks() if task is not asyncio.current_task()]

    assert [] == local._thread.call(others())
    local._thread.loop._default_executor.shutdown(wait=True)  # what had begun comes to its end
    assert set() == set(_instances) - before
    assert set() == {found for found in set(threading.enumerate()) - threads if not found.name.startswith("asyncio_")}


def test_a_closed_history_says_so(histories, three):
    """As a sentence in a cell, as an error in code."""
    history = histories()
    history.close()

    with pytest.raises(DarkroomError, match="closed"):
        history.widget


def test_a_closed_client_is_a_sentence(histories, three, local):
    """Whatever is pressed then."""
    history = histories()
    history.widget
    local.close()

    history._screen._filters._words.value = "fox"

    assert "closed" in history._screen._notice.value


def test_the_saved_cell_holds_a_sentence_and_no_widget_state(histories, three, monkeypatch):
    """For the reader without a kernel; no picture, no link that holds a zip."""
    shown = []
    monkeypatch.setattr("ipydarkroom.panel.showing.display", lambda bundle, **_: shown.append(bundle))
    history = histories(language="zh-CN")

    history._ipython_display_()

    [bundle] = shown
    assert "内核" in bundle["text/html"]
    assert "<History 2 job(s)>" == bundle["text/plain"]
    assert "data:" not in json.dumps(bundle)


def test_dates_in_the_future_and_the_past_find_nothing(histories, three):
    """And are no error."""
    assert 0 == len(histories().search(since=date.max))
    assert 0 == len(histories().search(until=date.min))


def test_a_choice_made_while_a_worker_paints_counts(histories, three):
    """A paint of another thread is waited for. It was once taken for our own change, and the person's choice was lost."""
    history = histories()
    history.widget
    painting, go = threading.Event(), threading.Event()
    paint = history._screen.paint

    def slow() -> None:
        painting.set()
        go.wait(10)
        paint()

    history._pump._paint = slow
    worker = threading.Thread(target=history._pump.now)
    worker.start()
    painting.wait(10)
    person = threading.Thread(target=lambda: history._acts().choose(1))
    person.start()
    go.set()
    worker.join(10)
    person.join(10)

    assert three[1].id == history.state.chosen.id


def test_a_number_leads_to_its_job_on_whichever_page(histories, put):
    """The page turns to it; the box says which job it is, and has the number of one that was pressed."""
    put(*crowd(150))
    history = histories()
    history.widget
    box = history._screen._number

    box.value = 121
    assert (2, 0, 0) == (history.state.page, history.state.place, history._screen._picks.index)
    assert "121. a " in box.description
    history._screen._picks.index = 4
    assert (125, 150) == (box.value, box.max)
    history.search("fox")
    assert 22 == box.max


def test_a_panel_that_comes_after_the_closing_is_closed_too(histories, three, local):
    """It was on its way when the history was closed; it was once left behind, with all its widgets."""
    history = histories()
    history.widget
    waiting = []
    local.later = lambda _seconds, act: waiting.append(act)
    before = set(_instances)
    history._acts().open()
    take_in = history._take_in
    history._take_in = lambda panel: (history.close(), take_in(panel))

    waiting.pop(0)()

    assert history._panel is None
    assert set() == set(_instances) - before
