"""Panel: ordering from code and by hand, several jobs, what stays in the file, and leaving nothing behind."""

from __future__ import annotations

import asyncio

import pytest

from ipydarkroom.errors import BalanceError, DarkroomError, InputError
from ipydarkroom.fields import Field
from ipydarkroom.jobs import Cancelled, Failed, Finished, Progress, Saved, Trouble
from ipydarkroom.models import Model
from ipydarkroom.panel import consent
from ipydarkroom.panel.sections import in_order
from ipydarkroom.panel.guard import guarded
from ipydarkroom.panel.view import Panel
from ipydarkroom.settings import load
from ipydarkroom.wire import Output


def lines(panel):
    """The text of the job lines, oldest first."""
    return [line.children[0].value for line in panel._screen._line_box.children]


def button(panel, label):
    """The button of that name in the form."""
    found = [made for made in panel._kit._made if getattr(made, "description", None) == label and hasattr(made, "click")]
    return found[0]


def test_submit_orders_what_the_form_says(panels, client):
    """From code as by hand: the value is the order."""
    panel = panels()
    panel.value = {"prompt": "a fox"}
    job = panel.submit()

    assert [{"prompt": "a fox", "size": "2K"}] == [order.record.inputs for order in client.orders]
    assert (job,) == panel.jobs


def test_submit_with_a_problem_raises_and_shows_it(panels, client):
    """Nothing is sent; the field says what is missing."""
    panel = panels()
    with pytest.raises(InputError):
        panel.submit()

    assert [] == client.orders
    assert "dr-problem" in panel._screen._rows.row("prompt").control.speaks.description
    assert "dr-away" not in panel._screen._notice._dom_classes


def test_run_by_hand_never_raises(panels, client):
    """A refusal is a sentence on the panel with a next step."""
    panel = panels()
    panel.value = {"prompt": "a fox"}
    client.refuses = BalanceError("The account is empty.", next_step="Top it up.", key="nobody.translated.this")
    button(panel, "Run").click()

    assert "The account is empty." in panel._screen._notice.value
    assert "Top it up." in panel._screen._notice.value


def test_run_orders_what_is_on_the_page_when_the_dust_has_settled(panels, client):
    """A click can overtake the last change on its way from the page: found by typing and pressing Enter at once."""
    panel = panels()
    panel.value = {"prompt": "a fo"}
    client.meanwhile = lambda: panel.state.set("prompt", "a fox")
    button(panel, "Run").click()

    assert [{"prompt": "a fox"}] == [{"prompt": order.record.inputs["prompt"]} for order in client.orders]


def test_a_double_click_is_one_order(panels, client):
    """A second job may cost money; a slip of the hand may not."""
    panel = panels()
    panel.value = {"prompt": "a fox"}
    run = button(panel, "Run")
    run.click()
    run.click()

    assert 1 == len(client.orders)


def test_several_jobs_at_once_have_a_line_each(panels, client):
    """The kernel is free and so is Run."""
    panel = panels()
    panel.value = {"prompt": "a fox"}
    panel.submit()
    panel.submit()

    assert 2 == len(lines(panel))
    assert 2 == panel.state.running


def test_a_line_says_where_the_job_stands(panels, client, queued):
    """Our word, the provider's word, the queue, the share done."""

    async def scene():
        panel = panels()
        panel.value = {"prompt": "a fox"}
        job = panel.submit()
        job.learn(queued(2))
        panel._pump.now()
        waiting = lines(panel)[0]
        job.learn(Progress("in_progress", 0.4))
        panel._pump.now()
        return waiting, lines(panel)[0]

    waiting, running = asyncio.run(scene())

    assert "in_queue" in waiting
    assert ("40 %" in running, 'aria-valuenow="40"' in running) == (True, True)


def test_a_picture_appears_and_stays_for_the_file(panels, client, kept):
    """The live strip shows it, and so does what the notebook keeps."""

    async def scene():
        panel = panels()
        panel.value = {"prompt": "a fox"}
        job = panel.submit()
        job.learn(Progress("in_progress"), Finished("completed", (Output("https://x/1.png", "image"),)), Saved(kept))
        panel.wait()
        return panel._screen.results.large, panel._bundle()

    tile, bundle = asyncio.run(scene())

    assert 'alt="a fox"' in tile
    assert 'alt="a fox"' in bundle["text/html"]
    assert {"text/plain", "text/html"} == set(bundle)  # no dead widget in its place when it is opened without a kernel


def test_before_the_first_picture_the_strip_says_what_will_come(panels):
    """An empty strip is an invitation, not a hole."""
    panel = panels()

    assert "Your pictures will develop here." in panel.results.children[0].value
    assert "dr-nothing" in panel.results._dom_classes


def test_a_job_on_its_way_has_a_frame_in_the_shape_of_its_picture(panels, client):
    """The person sees where the picture will be."""
    panel = panels()
    panel.value = {"prompt": "a fox"}
    panel.submit()

    assert "aspect-ratio:1 / 1" in panel._screen.results.large


def test_a_failed_job_says_so_with_a_next_step_and_the_cost(panels, client):
    """A sentence, what to do, what it cost; and no frame is left waiting."""

    async def scene():
        panel = panels()
        panel.value = {"prompt": "a fox"}
        job = panel.submit()
        job.learn(Failed("failed", Trouble("JobFailed", "The engine <b>broke</b>.", "500", "Run it again."), "no"))
        panel._pump.now()
        return lines(panel)[0], len(panel._screen._line_box.children[0].children), panel._screen.results.large

    line, parts, large = asyncio.run(scene())

    assert "&lt;b&gt;broke" in line or "<b>" not in line
    assert (1, False) == (parts, "dr-frame" in large)


def test_cancel_says_what_happened(panels, client):
    """The answer stands on the line; the button is gone when there is nothing to stop."""

    async def scene():
        panel = panels()
        panel.value = {"prompt": "a fox"}
        job = panel.submit()
        job.answer = "still_running"
        button(panel, "Cancel").click()
        return job.cancels, lines(panel)[0]

    cancels, line = asyncio.run(scene())

    assert 1 == cancels
    assert "Nothing is charged." in line


def test_a_cancelled_job_has_no_button(panels, client):
    """Nothing is left to stop."""

    async def scene():
        panel = panels()
        panel.value = {"prompt": "a fox"}
        panel.submit().learn(Cancelled("cancelled"))
        panel._pump.now()
        return len(panel._screen._line_box.children[0].children)

    assert 1 == asyncio.run(scene())


def test_a_provider_without_cancel_offers_to_stop_watching(panels, client):
    """The honest button: Kie has no cancel call."""
    panel = panels(Model("lab/kie", "kie", ()))
    panel.submit()

    assert button(panel, "Stop watching") is not None


def test_observe_hears_the_value(panels):
    """Both ways: by hand and from code."""
    panel = panels()
    heard = []
    unobserve = panel.observe(heard.append)
    panel._screen._rows.row("note").control.speaks.value = "x"
    unobserve()
    panel.value = {}

    assert [{"size": "2K", "note": "x"}] == heard


def test_a_broken_observer_is_a_sentence_on_the_panel(panels, caplog):
    """The traceback is in the log, and the form goes on."""
    panel = panels()
    panel.observe(lambda _value: 1 / 0)
    panel.value = {"note": "x"}

    assert "ZeroDivisionError" in panel._screen._notice.value
    assert "ZeroDivisionError" in caplog.text


def test_the_guard_logs_what_it_does_not_know(panels, caplog):
    """One edge: nothing is swallowed."""
    panel = panels()
    guarded(panel.state, lambda: {}["nothing"])()

    assert "KeyError" in caplog.text


def test_start_over_empties_the_form(panels):
    """One click back to untouched."""
    panel = panels()
    panel.value = {"prompt": "a fox", "note": "x"}
    button(panel, "Start over").click()

    assert {"size": "2K"} == panel.value
    assert "" == panel._screen._rows.row("note").control.speaks.value


def test_required_fields_come_first(model):
    """Then the important ones, then the rest, each in the model's order."""
    assert ["prompt", "size", "scale"] == [field.name for field in in_order(model.fields)][:3]


def test_a_field_that_does_not_count_is_hidden_until_it_does(panels):
    """`count` appears with `mode: auto`."""
    panel = panels()
    row = panel._screen._rows.row("count")
    before = "dr-away" in row.root._dom_classes
    panel._screen._rows.row("mode").control.speaks.index = 1

    assert (True, False) == (before, "dr-away" in row.root._dom_classes)


def test_many_settings_are_folded_and_built_when_opened(panels):
    """A form of forty fields starts with what matters."""
    many = tuple(Field((f"f{at}",), "string") for at in range(40))
    panel = panels(Model("lab/many", "runcomfy", many))
    before = len(panel._screen._rows.widgets())
    panel._screen._rows.widgets()[-1].click()
    opened = len(panel._screen._rows.widgets())
    panel._screen._rows.widgets()[0].click()

    assert (1, 41, 1) == (before, opened, len(panel._screen._rows.widgets()))


def test_a_fold_says_what_was_changed_in_it(panels):
    """What is out of sight is counted: settings, changes, problems."""
    many = tuple(Field((f"f{at}",), "integer", minimum=0) for at in range(40))
    panel = panels(Model("lab/many", "runcomfy", many))
    fold = panel._screen._rows.widgets()[-1]
    quiet = fold.description
    panel.value = {"f3": 5, "f4": -1}
    fold.click()

    assert ("▸ More settings (40)", "▸ More settings (40) · 2 changed · to be looked at: 1") == (quiet, fold.description)


def test_a_folded_field_that_gets_a_value_is_shown(panels):
    """What is sent is never out of sight."""
    many = tuple(Field((f"f{at}",), "string") for at in range(40))
    panel = panels(Model("lab/many", "runcomfy", many))
    panel.value = {"f39": "x"}

    assert "x" == panel._screen._rows.row("f39").control.speaks.value


def test_the_banner_says_where_jobs_run(panels):
    """Never silent: here, and how to switch."""
    panel = panels()
    banner = panel.form.children[1].value

    assert "This machine" in banner


@pytest.mark.parametrize(("language", "run"), [("en", "Run"), ("zh-CN", "运行"), ("zh-TW", "執行"), ("ja", "実行")])
def test_language_switches_all_text(panels, language, run):
    """Buttons, marks and notes; no language key is left on the page."""
    panel = panels(language=language)
    made = [each for each in panel._kit._made if "dr-sheet" not in each._dom_classes]
    texts = [str(getattr(each, name, "")) for each in made for name in ("description", "value", "placeholder")]

    assert button(panel, run) is not None
    assert [] == [text for text in texts if "panel." in text or "problem." in text]


def test_a_hostile_model_name_stays_text(panels):
    """Names come from strangers."""
    panel = panels(Model("<script>x</script>", "runcomfy", (), title="<b onclick=x>"))

    assert "<script>" not in panel.form.children[1].value
    assert "<b " not in panel.form.children[1].value


def test_the_widget_is_one_box_without_the_static_copy(panels):
    """For a Tab or an application; asking twice gives the same box."""
    panel = panels()

    assert (panel.form, panel.results) == panel.widget.children
    assert panel.widget is panel.widget


def test_a_schema_makes_a_panel(panels, client):
    """Any JSON Schema will do; it runs here."""
    panel = Panel({"type": "object", "title": "Mine", "properties": {"a/b": {"type": "string"}}}, client=client)
    panel.value = {"a/b": "x"}
    value = panel.value
    panel.close()

    assert {"a/b": "x"} == value


def test_close_ends_watching_too(panels, client):
    """No watcher is left on a job that goes on."""
    panel = panels()
    panel.value = {"prompt": "a fox"}
    job = panel.submit()
    panel.widget  # noqa: B018 - built, so that it must be closed too
    panel.close()

    assert [] == job.watchers


def test_nobody_pays_by_surprise_when_the_notebook_changes_its_mind(panels, client, clock):
    """A panel that said "this machine" asks again before it orders elsewhere; found by trying `dr.use` later."""
    consent.give()
    panel = panels()
    panel._running.asking.now = clock
    panel.value = {"prompt": "a fox"}
    client.settings = load({"RUNCOMFY_API_TOKEN": "canary-77"})
    button(panel, "Run").click()

    assert [] == client.orders
    assert "RunComfy" in panel.form.children[1].value
    assert "press Run again" in panel._screen._notice.value
    clock.pass_(1)
    panel._screen._run.click()
    assert 1 == len(client.orders)


def test_a_panel_that_moves_to_an_account_asks_one_question_and_not_two(panels, client, clock):
    """The word for paid runs says where it runs too."""
    panel = panels()
    panel._running.asking.now = clock
    panel.value = {"prompt": "a fox"}
    client.settings = load({"RUNCOMFY_API_TOKEN": "canary-77"})
    panel._screen._run.click()
    asked, before = panel._screen._notice.value, len(client.orders)
    clock.pass_(1)
    panel._screen._run.click()

    assert "This runs at RunComfy with your account" in asked
    assert (0, 1) == (before, len(client.orders))


def test_a_locked_notebook_has_a_panel_that_says_so(panels, client):
    """Where the environment keeps everything local and a cell insists on hosted, the panel is there and explains."""
    client.settings = load({"IPYDARKROOM_LOCAL": "1"})

    panel = panels(local=False)

    assert "dr-place-hosted" in panel.form.children[1].value
    assert "stay on this machine" in panel.form.children[1].value


def test_a_closed_panel_says_that_it_was_closed(panels):
    """Showing it again is a sentence, using it a typed error; not a traceback out of the widgets."""
    panel = panels()
    panel.close()

    panel._ipython_display_()
    with pytest.raises(DarkroomError, match="closed"):
        _ = panel.widget


def test_a_schema_somebody_wrote_speaks_for_itself(panels):
    """Its own title and description win over what we call fields of that name."""
    panel = panels({"type": "object", "properties": {"prompt": {"type": "string", "title": "Say it", "description": "my words"}}})

    label = panel._screen._rows.row("prompt").control.speaks.description
    assert "Say it" in label
    assert "my words" in label


@pytest.mark.parametrize(("elapsed", "usual", "said"), [(3.9, 11.6, "3 s of about 12 s"), (70.0, 65.0, "1 min 10 s of about 1 min 05 s"), (0.2, 0.3, "0 s of about 1 s"), (3.0, None, "3 s<")])
def test_a_line_says_how_long_such_a_job_usually_takes(panels, elapsed, usual, said):
    """Beside the clock, while it is on its way; where too few have ended, the clock alone."""

    async def scene():
        panel = panels()
        panel.value = {"prompt": "a fox"}
        job = panel.submit()
        job.elapsed, job.usual = elapsed, usual
        panel._pump.now()
        running = lines(panel)[0]
        job.learn(Cancelled("cancelled"))
        panel._pump.now()
        return running, lines(panel)[0]

    running, over = asyncio.run(scene())

    assert said in running
    assert "of about" not in over


@pytest.mark.parametrize(("language", "running", "over"), [("ja", "1 分 10 秒 ／約 1 分 05 秒", "2 時間 03 分"), ("zh-CN", "1 分 10 秒 ／约 1 分 05 秒", "2 小时 03 分钟")])
def test_a_line_counts_time_in_the_readers_language(panels, language, running, over):
    """While it is on its way and when it is over."""

    async def scene():
        panel = panels(language=language)
        panel.value = {"prompt": "a fox"}
        job = panel.submit()
        job.elapsed, job.usual = 70.0, 65.0
        panel._pump.now()
        yet = lines(panel)[0]
        job.elapsed = 7_380.0
        job.learn(Cancelled("cancelled"))
        panel._pump.now()
        return yet, lines(panel)[0]

    seen = asyncio.run(scene())

    assert running in seen[0]
    assert over in seen[1]


def test_a_services_complaint_is_shown_at_its_input_until_that_is_changed(panels, client):
    """By the same door as our own problems; not where another value stands by now."""
    panel = panels()
    panel.value = {"prompt": "a fox", "note": "x"}
    job = panel.submit()
    panel.state.set("note", "y")
    about = ((("prompt",), "too <b>rude</b>"), (("note",), "no"), (("elsewhere",), "no"))

    async def on_the_loop():
        job.learn(Failed("", Trouble("JobFailed", "No.", about=about), "no"))

    asyncio.run(on_the_loop())
    panel._pump.now()
    shown = panel._screen._rows.row("prompt").control.speaks.description
    note = panel._screen._rows.row("note").control.speaks.description
    panel.state.set("prompt", "an owl")

    assert "The service says: too &lt;b&gt;rude&lt;/b&gt;" in shown
    assert "The service says" not in note + panel._screen._rows.row("prompt").control.speaks.description
