"""A sweep without a cell: ordered a few at a time, paid once, stopped and gone on with."""

from __future__ import annotations

import asyncio
import re
import threading

import pytest

from ipydarkroom.errors import AlreadyOrdered, DarkroomError, InputError, NeedsConfirmation, WaitTimeout
from ipydarkroom.jobs import State
from ipydarkroom.languages import say
from ipydarkroom.models import Model
from ipydarkroom.notebook import use
from ipydarkroom.panel import Sweep
from ipydarkroom.sweep import asking, axis
from ipydarkroom.testing import ScriptedPainter, local_client

MODEL = Model.from_schema(
    {"type": "object", "required": ["prompt"], "properties": {
        "prompt": {"type": "string"}, "seed": {"type": "integer", "minimum": 0, "maximum": 99}, "size": {"enum": ["32x48", "64x48"]},
    }}, id="lab/scene",
)  # fmt: skip


class Moody(ScriptedPainter):
    """Fails at every prompt that asks for it."""

    cured = False

    def paint(self, order, report):
        """As the others, but for the bad ones."""
        self.fail_with = "out of paint" if "bad" in order.prompt and not self.cured else ""
        return super().paint(order, report)


@pytest.fixture
def painter():
    """A painter under the test's control."""
    return Moody()


@pytest.fixture
def client(tmp_path, painter):
    """A local client with that painter."""
    with local_client(tmp_path, painter) as found:
        yield found
        painter.release()


@pytest.fixture
def sweeps(client):
    """Makes sweeps, and closes them afterwards."""
    made = []

    def make(**values):
        made.append(Sweep(MODEL, client=values.pop("by", client), **values))
        return made[-1]

    yield make
    for sweep in made:
        sweep.close()


def until(sweep, holds):
    """Wait until a sweep's state is so; it is asked after every change."""
    reached = threading.Event()

    def look():
        if holds():
            reached.set()

    end = sweep._client.inside(lambda _: sweep._driver.observe(look))
    sweep._client.inside(lambda _: look())
    assert reached.wait(20)
    end()


def test_every_combination_becomes_a_picture(sweeps, painter):
    """Six orders, six pictures in the order of the grid, and a table of them."""
    sweep = sweeps(prompt=["fox", "owl"], seed=range(3)).run(30)

    assert 6 == len(painter.orders) == sweep.progress.done
    assert [0, 1, 2, 0, 1, 2] == [picture.record.inputs["seed"] for picture in sweep.pictures]
    found = sweep.table.to_dict()
    assert ["fox"] * 3 + ["owl"] * 3 == found["prompt"]
    assert {"done"} == set(found["status"])
    assert [str(picture.path) for picture in sweep.pictures] == found["path"]


def test_made_again_it_pays_nothing_again(sweeps, painter):
    """The second one finds every picture in the journal, in the same places."""
    first = sweeps(prompt=["fox", "owl"], seed=[1, 2]).run(30)
    again = sweeps(prompt=["fox", "owl"], seed=[1, 2]).run(30)

    assert 4 == len(painter.orders)
    assert [job.id for job in first.jobs] == [job.id for job in again.jobs]
    assert (4, 0) == (again.progress.reused, again.plan.orders)


def test_a_larger_sweep_orders_only_what_is_missing(sweeps, painter):
    """What `dr.run` or a smaller sweep made counts."""
    sweeps(prompt="fox", seed=[1, 2]).run(30)
    larger = sweeps(prompt="fox", seed=range(4))

    assert 2 == larger.plan.orders
    larger.run(30)
    assert 4 == len(painter.orders)


def test_equal_places_get_a_picture_each_also_when_made_again(sweeps, painter):
    """The same prompt three times without a seed is three pictures; the second of two equal ones is the journal's second."""
    first = sweeps(prompt=["fox"] * 3).run(30)
    again = sweeps(prompt=["fox"] * 4).run(30)

    assert 3 == len({job.id for job in first.jobs})
    assert [job.id for job in first.jobs] == [job.id for job in again.jobs][:3]
    assert 4 == len(painter.orders)


def test_only_so_many_are_on_their_way_at_once(sweeps, painter):
    """The others wait here, where stopping costs nothing."""
    painter.hold()
    sweep = sweeps(prompt="fox", seed=range(9), at_once=3)
    sweep.begin()
    until(sweep, lambda: sweep.progress.live == 3)

    assert (3, 6) == (len(sweep.jobs), sweep.progress.waiting)
    painter.release()
    sweep.wait(30)
    assert 9 == sweep.progress.done


def test_paused_it_orders_nothing_more_and_goes_on_when_told(sweeps, painter):
    """What was on its way comes to its end; waiting for a paused sweep ends with that."""
    painter.hold()
    sweep = sweeps(prompt="fox", seed=range(6), at_once=2)
    sweep.begin()
    until(sweep, lambda: sweep.progress.live == 2)
    sweep.pause()
    painter.release()
    sweep.wait(30)

    assert ("paused", 2, 4) == (sweep._driver.phase, sweep.progress.done, sweep.progress.waiting)
    sweep.resume()
    sweep.wait(30)
    assert ("over", 6) == (sweep._driver.phase, len(painter.orders))


def test_stopped_it_takes_back_what_has_not_begun(sweeps, painter):
    """The one being painted comes to its end, those in the queue are cancelled for nothing, and going on orders these again."""
    painter.hold()
    sweep = sweeps(prompt="fox", seed=range(6), at_once=3)
    sweep.begin()
    assert painter.started.wait(20)
    until(sweep, lambda: sum(job.state is State.QUEUED for job in sweep.jobs) == 2)
    sweep.stop()
    until(sweep, lambda: sweep.progress.failed == 2)
    painter.release()
    sweep.wait(30)

    assert ("stopped", 1, 3) == (sweep._driver.phase, sweep.progress.done, sweep.progress.waiting)
    assert 1 == len(painter.orders)
    sweep.resume()
    sweep.wait(30)
    assert (6, 6) == (sweep.progress.done, len(painter.orders))


def test_a_failing_place_does_not_stop_the_others_and_is_tried_again_by_hand(sweeps, painter):
    """It is said why; made anew after the cause is gone, only this one is ordered."""
    sweep = sweeps(prompt=["fox", "bad", "owl"]).run(30)

    assert ["done", "failed", "done"] == sweep.table.to_dict()["status"]
    assert "could not be painted" in sweep.table[1]["error"]
    assert sweep.pictures[1] is None
    painter.cured = True
    sweep.again()
    sweep.wait(30)
    assert (3, 4) == (sweep.progress.done, len(painter.orders))


def test_one_failure_after_the_other_pauses_it(sweeps, painter):
    """Whatever it is, the sixth would meet it too, and on a hosted service each may be paid."""
    sweep = sweeps(prompt=[f"bad {number}" for number in range(9)], at_once=1).run(30)

    assert ("paused", True, 5) == (sweep._driver.phase, sweep._driver.failed_in_a_row, len(painter.orders))


def test_what_failed_for_nothing_is_ordered_again_by_a_sweep_made_anew(sweeps, painter):
    """A restart of the kernel ends local jobs; running the cell again simply goes on."""
    sweeps(prompt=["fox", "bad"]).run(30)
    painter.cured = True
    again = sweeps(prompt=["fox", "bad"]).run(30)

    assert (2, 3) == (again.progress.done, len(painter.orders))


def test_a_file_that_is_gone_is_said_and_not_replaced_in_silence(sweeps, painter):
    """The person decides; then it is made anew, and from then on that one is found."""
    first = sweeps(prompt=["fox", "owl"]).run(30)
    first.pictures[0].path.unlink()
    again = sweeps(prompt=["fox", "owl"]).run(30)

    assert (["gone", "done"], 2) == (again.table.to_dict()["status"], len(painter.orders))
    again.again()
    again.wait(30)
    assert (2, 3) == (again.progress.done, len(painter.orders))
    assert 2 == sweeps(prompt=["fox", "owl"]).progress.done


def test_two_kernels_with_one_journal_order_every_place_once(tmp_path, sweeps, painter):
    """Both have looked and found nothing; the journal itself lets only one of them write the order."""
    painter.hold()
    with local_client(tmp_path, painter) as other:
        one = sweeps(prompt="fox", seed=range(6), at_once=6)
        two = sweeps(prompt="fox", seed=range(6), at_once=6, by=other)
        assert (6, 6) == (one.plan.orders, two.plan.orders)
        one.begin()
        two.begin()
        until(one, lambda: one.progress.live == 6)
        until(two, lambda: two.progress.live == 6)
        painter.release()
        one.wait(30)
        two.wait(30)

        assert {job.id for job in one.jobs} == {job.id for job in two.jobs}
        assert (6, 6, 6) == (len(painter.orders), one.progress.done, two.progress.done)
        two.close()


def test_the_journal_refuses_the_same_order_beyond_what_was_known(client, painter):
    """In the transaction that writes it, so that no moment is left in between."""
    client.order_missing(MODEL, {"prompt": "fox"}, known=0).wait(20)
    with pytest.raises(AlreadyOrdered):
        client.order_missing(MODEL, {"prompt": "fox"}, known=0)
    client.order_missing(MODEL, {"prompt": "fox"}, known=1).wait(20)

    assert 2 == len(client.jobs()) == len(painter.orders)


def test_a_sweep_without_end_can_be_waited_for_in_pieces(sweeps, painter):
    """The time is over for the waiting only."""
    painter.hold()
    sweep = sweeps(prompt=["fox", "owl"])
    with pytest.raises(WaitTimeout):
        sweep.run(0.05)
    painter.release()

    sweep.wait(30)
    assert 2 == sweep.progress.done


def test_a_sweep_can_be_awaited(sweeps, painter):
    """From any loop; it begins by that."""
    sweep = sweeps(prompt=["fox", "owl"])

    async def whole():
        return await sweep

    assert sweep is asyncio.run(whole())
    assert 2 == sweep.progress.done


def test_a_combination_that_does_not_fit_is_named_before_anything_is_ordered(sweeps, painter):
    """The others would fit; nobody wants half a grid."""
    with pytest.raises(InputError, match="fox · Seed 100"):
        sweeps(prompt=["fox", "owl"], seed=[1, 100])
    assert [] == painter.orders


def test_many_orders_want_a_word(sweeps, painter, monkeypatch):
    """From code that is `confirm=True`; the number from which on is a setting."""
    monkeypatch.setitem(asking._wish, "orders", None)
    use(ask_above=2)
    sweep = sweeps(prompt="fox", seed=range(3))
    with pytest.raises(NeedsConfirmation, match="3 jobs"):
        sweep.run(30)
    sweep.begin()
    assert [] == painter.orders

    assert 3 == sweep.run(30, confirm=True).progress.done
    use(ask_above=3)
    assert 3 == sweeps(prompt="owl", seed=range(3)).run(30).progress.done


@pytest.mark.parametrize("wrong", [0, -1, 1.5, True])
def test_a_number_at_once_that_is_none_is_refused(sweeps, wrong):
    """With none at once it would wait for ever."""
    with pytest.raises(InputError, match="at_once"):
        sweeps(prompt="fox", at_once=wrong)


@pytest.mark.parametrize("wrong", [-1, 1.5, "many", True])
def test_a_threshold_that_is_none_is_refused(wrong):
    """A slip must not mean "never ask"."""
    with pytest.raises(InputError):
        use(ask_above=wrong)


def test_a_sweep_stays_where_it_was_made(sweeps, client, painter, monkeypatch):
    """Somebody said `dr.use(local=False)` meanwhile: nobody pays by surprise."""
    from dataclasses import replace

    sweep = sweeps(prompt=["fox", "owl"])
    real = client._inner.route
    monkeypatch.setattr(client._inner, "route", lambda model, local=None: replace(real(model, local=local), backend="remote"))
    with pytest.raises(DarkroomError, match="elsewhere"):
        sweep.run(30)

    assert ("paused", []) == (sweep._driver.phase, painter.orders)


def test_closed_it_orders_nothing_more_and_leaves_nothing_behind(client, painter):
    """No task of its own, no watcher; the jobs go on."""
    painter.hold()
    sweep = Sweep(MODEL, client=client, prompt="fox", seed=range(5), at_once=1)
    sweep.begin()
    assert painter.started.wait(20)
    [job] = sweep.jobs
    before = client.inside(lambda _: len(asyncio.all_tasks()))
    sweep.close()
    sweep.close()
    painter.release()
    job.wait(20)

    assert (1, State.SUCCEEDED, []) == (len(painter.orders), job.state, job._inner._track.watchers)
    assert client.inside(lambda _: len(asyncio.all_tasks())) < before


def test_the_table_is_a_frame_where_pandas_is(sweeps):
    """Nothing else needs it."""
    table = sweeps(prompt=["fox", "owl"], size=axis(["32x48"], labels=["narrow"])).run(30).table
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")

    assert ["fox", "owl"] == list(table.to_pandas()["prompt"])
    assert isinstance(table.to_pandas(), pandas.DataFrame)


def test_without_pandas_the_table_says_what_to_use(sweeps, monkeypatch):
    """It is never demanded."""
    monkeypatch.setitem(__import__("sys").modules, "pandas", None)
    table = sweeps(prompt=["fox"]).table

    with pytest.raises(ImportError, match="to_dict"):
        table.to_pandas()
    assert ["waiting"] == table.to_dict()["status"]


@pytest.mark.parametrize(
    ("language", "heads", "states"), [
        ("en", ["Prompt", "status", "file", "time", "error"], ["done", "failed"]),
        ("ja", ["プロンプト", "状態", "ファイル", "所要時間", "エラー"], ["完成", "失敗"]),
        ("zh-CN", ["提示词", "状态", "文件", "用时", "错误"], ["已完成", "失败"]),
        ("zh-TW", ["提示詞", "狀態", "檔案", "用時", "錯誤"], ["已完成", "失敗"]),
    ],
)  # fmt: skip
def test_a_table_speaks_the_readers_language_and_its_data_english(sweeps, language, heads, states):
    """Heads, states and why a picture is missing; names of columns and words in them are what code asks for."""
    table = sweeps(prompt=["fox", "bad"], language=language).run(30).table
    shown = table._repr_mimebundle_()["text/html"]
    why = say("error.job_failed", language=language, message="").strip()

    assert set(heads) <= set(re.findall(r"<th[^>]*>([^<]*)</th>", shown))
    assert states == [cell for cell in re.findall(r"<td[^>]*>([^<]*)</td>", shown) if cell in states]
    assert why in shown
    assert (["done", "failed"], True) == (table.to_dict()["status"], "could not be painted" in table[1]["error"])


def test_a_table_shows_itself_and_no_folder_of_this_machine(sweeps, tmp_path):
    """What stands in a cell is shared: file names, not paths; hostile words are words."""
    table = sweeps(prompt=["<b>fox</b>", "owl"]).run(30).table
    html = table._repr_mimebundle_()["text/html"]

    assert "&lt;b&gt;fox" in html
    assert str(tmp_path) not in html
    assert ".png" in html
