"""Compare: what each model gets, ordering once and only what is missing, pictures side by side, and leaving nothing behind."""

from __future__ import annotations

import asyncio
import threading

import pytest
from ipywidgets.widgets.widget import _instances

from ipydarkroom.budget import Budget
from ipydarkroom.catalog import find
from ipydarkroom.errors import AuthError, BalanceError, BudgetExceeded, DarkroomError, InputError, NeedsConfirmation, WaitTimeout
from ipydarkroom.fields import Field
from ipydarkroom.jobs import Failed, Finished, Progress, Saved, State, Trouble
from ipydarkroom.languages import LANGUAGES
from ipydarkroom.models import Model, Price
from ipydarkroom.panel import Compare, consent
from ipydarkroom.settings import load
from ipydarkroom.testing import ScriptedPainter, local_client
from ipydarkroom.wire import Output

import dataclasses

REFRAME = ("runcomfy:ideogram/ideogram-v3/reframe", "kie:ideogram/v3-reframe")
WORDS = ("bytedance/seedream-5/lite/text-to-image", "bytedance/dreamina-4-0/text-to-image")
LINK = "https://example.org/fox.png"


def priced(name: str, usd: float | None) -> Model:
    """A bundled model with a price."""
    return dataclasses.replace(find(name), price=None if usd is None else Price(usd))


PAIR = (priced(REFRAME[0], 0.03), priced(REFRAME[1], 0.0175))


@pytest.fixture
def compares(client):
    """Makes comparisons, closes them afterwards, and asserts that no widget model is left."""
    before, made = set(_instances), []

    def make(models=PAIR, inputs=None, **options):
        options.setdefault("client", client)
        made.append(Compare(models, inputs, **options))
        return made[-1]

    yield make
    for each in made:
        each.close()
    assert set() == set(_instances) - before


@pytest.fixture
def pair(compares):
    """The same model at two shops, with a picture and a frame that only one of them has."""
    return compares(image=LINK, resolution="1536:640 (12:5)")


@pytest.fixture
def painter():
    """A painter under the test's control."""
    return ScriptedPainter()


@pytest.fixture
def local(tmp_path, painter):
    """A local client with that painter."""
    with local_client(tmp_path, painter) as found:
        yield found
        painter.release()


def button(compare, label):
    """The button of that name."""
    known = (made for made in compare._kit._made if hasattr(made, "click") and made.description)
    return next(made for made in known if made.description.partition(" · ")[0] == label)


def press(compare, label="Run"):
    """Press it as one who has waited since the last press."""
    compare._orders.asking._pressed = float("-inf")
    button(compare, label).click()


def notice(compare):
    """The key of what stands above the jobs."""
    return compare.state.trouble.key if compare.state.trouble else ""


def finish(job, kept, seconds=3.2):
    """The job succeeds with that picture, so many seconds after it was sent."""
    job.learn(Progress("in_progress"), Finished("completed", (Output("https://x/1.png", "image"),)))
    job.record = dataclasses.replace(job.record, finished=job.record.sent + seconds)
    job.learn(Saved(kept))


def inputs(client):
    """What was ordered, oldest first."""
    return [dict(job.record.inputs) for job in client.orders]


# --- what each gets


def test_the_table_says_what_each_model_gets_before_anything_is_ordered(pair, client):
    """Names, the nearest of six, and a default that Kie demands."""
    table = pair._screen._mapping.value

    assert "landscape_16_9" in table
    assert "nearest of 6" in table
    assert "its own default" in table
    assert [] == client.orders


def test_a_change_in_the_form_changes_the_table(pair):
    """The form is one; the table follows."""
    pair.state.set("resolution", "864:1152 (3:4)")

    assert "portrait_4_3" in pair._screen._mapping.value
    assert "landscape_16_9" not in pair._screen._mapping.value


def test_the_form_has_one_line_for_what_is_the_same_and_says_whose_the_rest_is(pair):
    """Five inputs that one model has alone are folded away, each model's by themselves."""
    folds = [made.description for made in pair._kit._made if "dr-more" in made._dom_classes]

    assert {"Picture", "New frame", "Seed", "Rendering speed", "Style"} <= {field.title for field in pair.state.model.fields}
    assert ["▸ Only RunComfy (2)", "▸ Only Kie.ai (3)"] == folds


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_comparison_speaks_its_language(compares, language):
    """Every word of ours."""
    pair = compares(image=LINK, resolution="1536:640 (12:5)", language=language)

    said = pair._screen._mapping.value + pair._screen._banner.value
    assert ("nearest of" in said) == (language == "en")
    assert ("Side by side" in said) == (language == "en")


def test_the_price_at_each_shop_is_told(compares, hosted):
    """By the catalog, before; Run says the sum."""
    pair = compares(image=LINK)

    assert "≤ $0.03" in pair._screen._banner.value
    assert "≤ $0.0175" in pair._screen._banner.value
    assert "Run · ≤ $0.0475" == pair._screen._run.description


def test_a_price_that_nobody_knows_is_said_to_be_unknown(compares, hosted):
    """And Run promises no sum then."""
    pair = compares((PAIR[0], priced(REFRAME[1], None)), image=LINK)

    assert "price not known" in pair._screen._banner.value
    assert "Run" == pair._screen._run.description


def test_on_this_machine_it_says_what_it_would_cost_there(compares):
    """A teacher without an account can compare prices too."""
    assert "Kie.ai would take $0.0175 at most" in compares(image=LINK, local=True)._screen._banner.value


# --- ordering


def test_each_model_is_ordered_once_with_its_own_inputs(pair, client):
    """`image` here, `image_url` there."""
    jobs = pair.submit()

    assert jobs == pair.jobs
    assert ["ideogram/ideogram-v3/reframe", "ideogram/v3-reframe"] == [job.model for job in jobs]
    assert [
        {"image": LINK, "resolution": "1536:640 (12:5)", "rendering_speed": "BALANCED"},
        {"image_url": LINK, "image_size": "landscape_16_9", "rendering_speed": "BALANCED", "style": "AUTO", "num_images": "1"},
    ] == inputs(client)


def test_the_same_again_orders_nothing_and_says_so(pair, client):
    """A picture that is there is not paid a second time."""
    press(pair)
    press(pair)

    assert 2 == len(client.orders)
    assert ("compare.same", 1) == (notice(pair), len(pair._model.turns))


def test_a_cell_that_is_run_again_finds_what_the_first_run_made(compares, client):
    """In a new comparison, as after a restart: shown, and said to have been made before."""
    compares(image=LINK).submit()
    again = compares(image=LINK)
    again.submit()

    assert 2 == len(client.orders)
    assert [True, True] == [row["reused"] for row in again.table]


def test_only_the_model_that_a_change_concerns_is_ordered_anew(pair, client):
    """Kie's number of pictures is nothing to RunComfy; its picture stands beside the new one."""
    pair.submit()
    pair.state.set("num_images", "2")
    pair.submit()

    assert ["ideogram/ideogram-v3/reframe", "ideogram/v3-reframe", "ideogram/v3-reframe"] == [job.model for job in client.orders]
    assert [(1, False), (1, False), (2, True), (2, False)] == [(row["turn"], row["reused"]) for row in pair.table]


def test_order_anew_orders_from_all(pair, client):
    """The second button, which is there from the first turn on."""
    with pytest.raises(StopIteration):
        button(pair, "Order anew")
    press(pair)
    press(pair, "Order anew")

    assert (4, 2) == (len(client.orders), len(pair._model.turns))


def test_a_double_click_is_one_order_each(pair, client):
    """A slip of the hand costs nothing."""
    press(pair)
    button(pair, "Run").click()

    assert (2, "") == (len(client.orders), notice(pair))


def test_the_last_letters_typed_are_ordered(pair, client):
    """A click overtakes them on their way from the page."""
    client.meanwhile = lambda: pair.state.set("seed", 7)
    press(pair)

    assert [7, 7] == [each["seed"] for each in inputs(client)]


def test_what_the_form_lacks_stops_all(compares, client):
    """No picture, no order, and the field says so."""
    pair = compares()
    press(pair)
    with pytest.raises(InputError):
        pair.submit()

    assert ([], "panel.look_at") == (client.orders, notice(pair))


def test_what_one_model_would_refuse_stops_all_and_is_named(compares, client):
    """A comparison of one is none; and nobody pays for half of it."""
    short = Model("lab/short", "kie", (Field(("prompt",), "string", required=True, pattern="^[a-z]+$"),))
    long = Model("lab/long", "runcomfy", (Field(("prompt",), "string", required=True),))
    two = compares((long, short), prompt="A fox")
    press(two)

    assert ([], "compare.blocked") == (client.orders, notice(two))
    assert "Kie.ai" in two._screen._notice.value
    with pytest.raises(InputError, match="lab/short"):
        two.submit()
    two.state.set("prompt", "fox")
    press(two)
    assert (2, "") == (len(client.orders), notice(two))


def test_a_refusal_in_between_keeps_what_was_ordered_and_the_next_press_orders_the_rest(pair, client):
    """The first job goes on; nothing is ordered twice."""
    whole = client.submit

    def submit(model, values, /, **options):
        if model.provider == "kie" and refusing:
            raise BalanceError("The account is empty.", next_step="Top it up.")
        return whole(model, values, **options)

    client.submit, refusing = submit, [True]
    press(pair)
    assert (["runcomfy"], "error.balance") == ([job.provider for job in client.orders], notice(pair))
    refusing.clear()
    press(pair)

    assert ["runcomfy", "kie"] == [job.provider for job in client.orders]
    assert 1 == len(pair._model.turns)


# --- money


def test_the_first_paid_press_asks_once_for_all(compares, hosted):
    """Both shops and the sum are named; the second press is the answer."""
    pair = compares(image=LINK)
    press(pair)
    assert ([], "panel.consent_price") == (hosted.orders, notice(pair))
    assert {"provider": "RunComfy, Kie.ai", "usd": "$0.0475"} == pair.state.trouble.params
    press(pair)

    assert 2 == len(hosted.orders)
    assert consent.given()


def test_an_order_that_was_just_made_is_asked_about_before_it_is_made_anew(compares, hosted):
    """As in a panel."""
    consent.give()
    pair = compares(image=LINK)
    press(pair)
    press(pair, "Order anew")

    assert (2, "panel.repeat") == (len(hosted.orders), notice(pair))


def test_a_budget_is_judged_for_all_before_the_first_goes(compares, hosted):
    """3 of 4 orders are used, as the test's client says: two more are one too many."""
    consent.give()
    hosted.budget = Budget(jobs=4)
    pair = compares(image=LINK)
    press(pair)

    assert ([], "error.budget_exceeded") == (hosted.orders, notice(pair))
    with pytest.raises(BudgetExceeded):
        pair.submit()
    hosted.budget = Budget(jobs=5)
    assert 2 == len(pair.submit())


def test_a_budget_in_money_is_judged_by_the_sum(compares, hosted):
    """$0.12 is used; each alone would fit."""
    hosted.budget = Budget(usd=0.16)
    with pytest.raises(BudgetExceeded):
        compares(image=LINK).submit()

    assert [] == hosted.orders


def test_an_unknown_price_under_a_budget_in_money_asks_before_anything_goes(compares, hosted):
    """The model of known price is not ordered first."""
    consent.give()
    hosted.budget = Budget(usd=9)
    pair = compares((PAIR[0], priced(REFRAME[1], None)), image=LINK)
    press(pair)
    assert ([], "panel.unknown_price") == (hosted.orders, notice(pair))
    with pytest.raises(NeedsConfirmation):
        pair.submit()
    press(pair)
    assert [] == hosted.orders  # code was asked meanwhile: the question stands anew
    press(pair)

    assert ([True, True], 2) == (hosted.confirmed, len(hosted.orders))


def test_without_a_token_nothing_goes_to_the_other_shop_either(compares, client):
    """RunComfy has a token and Kie has none: told before the first order."""
    client.settings = load({"RUNCOMFY_API_TOKEN": "canary-77"})
    pair = compares(image=LINK, local=False)
    with pytest.raises(AuthError):
        pair.submit()

    assert [] == client.orders


def test_a_place_that_changed_since_it_was_seen_is_asked_about(compares, client):
    """Somebody said dr.use(...) in another cell."""
    consent.give()
    pair = compares(image=LINK)
    client.settings = load({"RUNCOMFY_API_TOKEN": "canary-77", "KIE_API_KEY": "canary-78"})
    press(pair)
    assert ([], "panel.moved") == (client.orders, notice(pair))
    press(pair)

    assert 2 == len(client.orders)


# --- jobs and pictures


def test_pictures_stand_side_by_side_with_price_and_seconds(pair, client, kept):
    """Live and in what the notebook keeps; the note on the frame goes with them."""

    async def scene():
        jobs = pair.submit()
        waiting = pair.results.children[-1].value
        for job in jobs:
            finish(job, kept)
        pair.wait()
        return waiting, pair.results.children[-1].value, pair._bundle()["text/html"]

    waiting, live, saved = asyncio.run(scene())

    assert 2 == waiting.count("dr-frame-waiting")
    assert "aspect-ratio:2.4000" in waiting
    for html in (live, saved):
        assert 2 == html.count("<img")
        assert 2 == html.count("3.2 s")
        assert "nearest of 6" in html
        assert "64 × 32" in html


def test_a_failed_job_has_its_line_and_an_empty_place(pair, client, kept):
    """Its trouble is told; the other picture is there."""

    async def scene():
        good, bad = pair.submit()
        finish(good, kept)
        bad.learn(Progress("in_progress"), Failed("failed", Trouble("JobFailed", "The picture was refused.", "", "")))
        pair.wait()
        return [line.children[0].value for line in pair._screen._line_box.children], pair._bundle()["text/html"]

    lines, saved = asyncio.run(scene())

    assert 1 == len(lines)
    assert "The picture was refused." in lines[0]
    assert 1 == saved.count("<img")
    assert "failed" in saved


def test_what_a_service_says_of_an_input_stands_below_the_table_until_that_input_changes(pair, client):
    """In its own words, with its name; and it is not asked for the same once more."""

    async def scene():
        bad = pair.submit()[1]
        trouble = Trouble("JobFailed", "Refused.", "", "", about=((("image_size",), "not for you"),))
        bad.learn(Progress("generating"), Failed("fail", trouble))
        pair._pump.now()

    asyncio.run(scene())
    assert "Kie.ai: The service says: not for you" in pair._screen._mapping.value
    press(pair)
    assert (2, "compare.blocked") == (len(client.orders), notice(pair))
    pair.state.set("resolution", "864:1152 (3:4)")
    assert "not for you" not in pair._screen._mapping.value
    press(pair)
    assert 4 == len(client.orders)


def test_an_order_sent_again_takes_the_place_of_the_one_given_up(pair, lost, client):
    """What comes of it stands where the first would have stood."""
    pair.submit()
    first = pair._model.turns[-1].jobs[1]
    first.learn(Failed("failed", Trouble("JobFailed", "no", "", "")))
    again = lost(77, PAIR[1])
    pair._columns[1].running.follow(again)

    assert again is pair._model.turns[-1].jobs[1]
    assert again.id in pair._screen._lines


def test_the_table_is_columns_for_pandas_and_a_table_for_the_eye(pair, client, kept):
    """One row for each model; before the first order, the plan."""
    assert [0, 0] == pair.to_dict()["turn"]
    assert [[], ["1536:640 (12:5) → landscape_16_9: nearest of 6"]] == pair.to_dict()["notes"]

    async def scene():
        for job in pair.submit():
            finish(job, kept)

    asyncio.run(scene())
    found = pair.to_dict()

    assert ([1, 1], ["succeeded", "succeeded"], [3.2, 3.2], [64, 64]) == (found["turn"], found["state"], found["seconds"], found["width"])
    assert ["runcomfy", "kie"] == found["provider"]
    assert {len(found["turn"])} == {len(column) for column in found.values()}
    assert "landscape_16_9" in pair.table._repr_html_()


@pytest.mark.parametrize(
    ("language", "words"), [
        ("en", ["provider", "time", "succeeded", "3.2 s", "nearest of 6"]), ("ja", ["プロバイダー", "所要時間", "完了", "3.2 秒"]),
        ("zh-CN", ["服务商", "用时", "3.2 秒"]), ("zh-TW", ["服務商", "用時", "3.2 秒"]),
    ],
)  # fmt: skip
def test_the_table_for_the_eye_speaks_the_readers_language(compares, kept, language, words):
    """Heads, states, time and notes; columns and words for code stay English."""
    pair = compares(image=LINK, resolution="1536:640 (12:5)", language=language)

    async def scene():
        for job in pair.submit():
            finish(job, kept)

    asyncio.run(scene())
    shown = pair.table._repr_html_()

    assert [] == [word for word in words if word not in shown]
    assert (language == "en") == ("succeeded" in shown) == ("nearest of" in shown)
    assert "succeeded" in pair.to_dict()["state"]


def test_no_token_and_no_signed_link_is_in_what_is_shown_or_kept(compares, hosted):
    """A link's query is a secret too."""
    pair = compares(image="https://example.org/fox.png?X-Signature=canary-99")
    pair.submit()
    shown = [pair._screen._mapping.value, pair.results.children[-1].value, pair._bundle()["text/html"], repr(pair.table), str(pair.to_dict()), repr(pair.value)]

    assert not [text for text in shown if "canary" in text]


def test_words_and_names_cannot_open_a_tag(compares):
    """A prompt, a model's name and a choice are foreign text."""
    evil = "<img src=x onerror=alert(1)>"
    two = compares(tuple(
        Model(f"lab/{evil}{name}", provider, (Field(("prompt",), "string", required=True), Field((evil,), "string")), title=evil)
        for name, provider in (("a", "runcomfy"), ("b", "kie"))
    ), {"prompt": evil, evil: evil})
    two.submit()

    for html in (two._screen._mapping.value, two._screen._banner.value, two.results.children[-1].value, two.table._repr_html_()):
        assert evil not in html


# --- which models


@pytest.mark.parametrize(("models", "why"), [
    ([REFRAME[0]], "2 to 8"),
    ([REFRAME[0], REFRAME[0]], "twice"),
    ([Model("a", None, (), kind="text-to-image"), Model("b", None, (), kind="text-to-video")], "different things"),
    ([Model("a", None, (Field(("x",), "string"),)), Model("b", None, (Field(("y",), "string"),))], "no input in common"),
    ("kie:ideogram/v3-reframe", "several models"),
])
def test_what_cannot_be_compared_is_refused_with_a_reason(local, models, why):
    """And no widget is left of it."""
    before = set(_instances)
    with pytest.raises(InputError, match=why):
        Compare(models, client=local)

    assert set() == set(_instances) - before


def test_a_value_may_be_set_under_any_models_name(pair):
    """As in the call that made it."""
    pair.value = {"image_url": LINK, "resolution": "1024:1024 (1:1)"}

    assert (LINK, "square_hd") == (pair.value["image"], pair.plans[1].inputs["image_size"])
    with pytest.raises(InputError):
        pair.value = {"nonsense": 1}


# --- the real local backend


def test_two_shops_on_this_machine_from_order_to_picture(compares, local, tmp_path):
    """The whole path, both protocols, a local file: uploaded to one, put into the request of the other."""
    from ipydarkroom.testing import tiny_png

    photo = tmp_path / "fox.png"
    photo.write_bytes(tiny_png(6, 4))
    pair = compares(REFRAME, client=local, image=photo, resolution="1536:640 (12:5)", seed=7)
    pair.submit()
    pair.wait(30)

    assert [State.SUCCEEDED] * 2 == [job.state for job in pair.jobs]
    assert 2 == pair._bundle()["text/html"].count("<img")
    assert ["fox.png", "fox.png"] == [next(iter(row["sent"].values()))["$file"] for row in pair.table]
    pair.submit()
    assert 2 == len(local.jobs())


def test_words_to_picture_at_two_models(compares, local, painter):
    """Any models of one kind."""
    two = compares(WORDS, client=local, prompt="a fox", resolution="2848x1600 (16:9)")
    two.submit()
    two.wait(30)

    assert [(2848, 1600), (2560, 1440)] == [order.size for order in sorted(painter.orders, key=lambda order: -order.size[0])]


def test_waiting_has_an_end_and_the_jobs_have_not(compares, local, painter):
    """The time is over for the waiting only."""
    painter.hold()
    two = compares(WORDS, client=local, prompt="a fox")
    two.submit()
    with pytest.raises(WaitTimeout):
        two.wait(0.05)
    painter.release()
    two.wait(30)

    assert [State.SUCCEEDED] * 2 == [job.state for job in two.jobs]


def test_closing_leaves_no_widget_task_or_thread_behind(tmp_path, painter):
    """Also while jobs run; the jobs themselves go on."""
    before, threads = set(_instances), set(threading.enumerate())
    with local_client(tmp_path, painter) as client:
        painter.hold()
        two = Compare(WORDS, client=client, prompt="a fox")
        _ = two.widget
        jobs = two.submit()
        two.close()
        two.close()
        left = set(_instances) - before
        with pytest.raises(DarkroomError):
            _ = two.form
        with pytest.raises(DarkroomError):
            two.submit()
        painter.release()
        for job in jobs:
            job.wait(30)
        assert [State.SUCCEEDED] * 2 == [job.state for job in jobs]
        assert not [job for job in jobs if job._inner._track.watchers]

    assert set() == left
    assert set() == {thread for thread in set(threading.enumerate()) - threads if thread.is_alive() and not thread.daemon}
