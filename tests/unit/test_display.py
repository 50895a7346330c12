"""Jobs and pictures show themselves: complete, escaped, without scripts, secrets or the machine's paths."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PIL import Image

from ipydarkroom.dates import moment
from ipydarkroom.display import alt_text, card, card_text, figure, gallery
from ipydarkroom.files import Folder
from ipydarkroom.jobs import JobRecord, Kept, State, Trouble
from ipydarkroom.languages import say
from ipydarkroom.wire import Output

NOW = 1_790_000_100.0
PLAIN = JobRecord(
    "0198c2b4-7f3a-7000-8000-000000000001",
    "runcomfy",
    "https://o.example",
    "local-process",
    "a/model",
    {"prompt": "a fox", "seed": 7, "size": "2K"},
    remote_id="r1",
    state=State.SUCCEEDED,
    word="completed",
    created=NOW - 100,
    sent=NOW - 100,
    finished=NOW - 96.8,
    fraction=1.0,
)
HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(1)>\u202e\x00![x](http://t.example/i.png)'
SIGNED = "https://b.example/x.png?X-Signature=CANARY"
ALLOWED = {"b", "div", "em", "figcaption", "figure", "img", "span"}


class _Page(HTMLParser):
    """What a browser would build: elements, attributes, words."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    def images(self) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == "img"]


def noise(width: int = 700, height: int = 500) -> bytes:
    file = io.BytesIO()
    Image.merge("RGB", [Image.effect_noise((width, height), 120) for _ in range(3)]).save(file, "PNG")
    return file.getvalue()


def finished(folder: Path, record: JobRecord = PLAIN, pictures: int = 1) -> JobRecord:
    """The record with so many results on disk."""
    kept = tuple(Folder(folder).keep(record, index, noise()) for index in range(pictures))
    return replace(record, kept=kept, outputs=tuple(Output(SIGNED, "image") for _ in kept))


def hostile(**changes: object) -> JobRecord:
    """A record in which everything a stranger can write is an attack."""
    trouble = Trouble("JobFailed", f"{HOSTILE} {SIGNED}", HOSTILE, HOSTILE)
    record = replace(
        PLAIN,
        model=HOSTILE,
        word=HOSTILE,
        note=f"{HOSTILE} {SIGNED}",
        trouble=trouble,
        state=State.FAILED,
        provider=HOSTILE,
        backend="remote",
        inputs={"prompt": HOSTILE, HOSTILE: HOSTILE, "image": SIGNED, "images": [SIGNED, {"u": SIGNED}]},
    )
    return replace(record, **changes)  # type: ignore[arg-type]


def test_a_figure_is_one_embedded_picture_with_its_facts(tmp_path: Path) -> None:
    """The thumbnail is inside the page, below 80 kB, with the prompt as alt text; the caption has the facts."""
    record = finished(tmp_path)

    page = _Page(figure(record.kept[0], record))

    [image] = page.images()
    assert "a fox" == image["alt"]
    assert (image["src"] or "").startswith("data:image/webp;base64,")
    assert len(image["src"] or "") < 80_000 * 4 / 3 + 100
    assert ("512", "366") == (image["width"], image["height"])
    for fact in ("a/model", "700 × 500", say("figure.seed", seed=7), say("badge.local")):
        assert fact in page.words


def test_a_hosted_picture_does_not_say_local(tmp_path: Path) -> None:
    """Only what was painted here carries the mark."""
    record = replace(finished(tmp_path), backend="remote")

    page = _Page(figure(record.kept[0], record))

    assert say("badge.local") not in page.words


def test_a_missing_or_broken_file_is_a_sentence(tmp_path: Path) -> None:
    """A deleted or damaged picture is said to be so, by its name and not its folder."""
    record = finished(tmp_path, pictures=2)
    Path(record.kept[0].path).unlink()
    Path(record.kept[1].path).write_bytes(b"<html>")

    page = _Page(gallery([record]))

    assert [] == page.images()
    assert say("figure.missing", name=Path(record.kept[0].path).name) in page.words
    assert say("figure.unreadable", name=Path(record.kept[1].path).name) in page.words


def test_a_changed_file_is_drawn_anew(tmp_path: Path) -> None:
    """Thumbnails are remembered, but not longer than the file stays the same."""
    record = finished(tmp_path)
    before = figure(record.kept[0], record)

    Path(record.kept[0].path).write_bytes(noise(700, 500) + b"more")

    assert before != figure(record.kept[0], record)


def test_a_video_is_named_not_embedded(tmp_path: Path) -> None:
    """A clip shows its type and name."""
    kept = Folder(tmp_path).keep(PLAIN, 0, b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp41" + bytes(99))

    page = _Page(figure(kept, replace(PLAIN, kept=(kept,))))

    assert [] == page.images()
    assert "video/mp4" in page.words
    assert Path(kept.path).name in page.words


def test_a_gallery_says_what_each_picture_was_made_with(tmp_path: Path) -> None:
    """Prompt, model, the other inputs, where and when stand under the pictures."""
    record = finished(tmp_path, pictures=2)

    page = _Page(gallery([record]))

    assert 2 == len(page.images())
    assert {"256"} == {image["width"] for image in page.images()}
    for fact in ("a fox", "a/model", "seed 7", "size 2K", say("badge.local"), moment(record.created)):
        assert fact in page.words


def test_a_gallery_tells_the_state_at_the_time() -> None:
    """A job that was running when the notebook was saved does not look finished or forgotten later."""
    running = replace(PLAIN, state=State.RUNNING, finished=0.0)
    failed = replace(PLAIN, state=State.FAILED, trouble=Trouble("JobFailed", "No GPU."))

    page = _Page(gallery([running, failed]))

    assert say("gallery.at_saving", state=say("state.running")) in page.words
    assert "No GPU." in page.words


def test_an_empty_gallery_says_so() -> None:
    """No jobs is a sentence, not a blank."""
    assert say("gallery.empty") in _Page(gallery([])).words


def test_what_is_saved_with_a_notebook_stands_alone(tmp_path: Path) -> None:
    """No script, style sheet, class, foreign address or colour of its own: it fits any page, light or dark."""
    record = finished(tmp_path, pictures=2)
    shown = gallery([record, hostile()]) + figure(record.kept[0], record) + card(hostile(), NOW)

    for name, attributes in _Page(shown).elements:
        assert name in ALLOWED
        assert attributes.keys() <= {
            "alt",
            "aria-label",
            "aria-valuemax",
            "aria-valuemin",
            "aria-valuenow",
            "height",
            "role",
            "src",
            "style",
            "title",
            "width",
        }
        assert (attributes.get("src") or "data:").startswith("data:")
        assert not re.search(r"#[0-9a-f]{3}|url|rgb\(", attributes.get("style") or "")
        assert "background:white" not in (attributes.get("style") or "")


def test_no_machine_path_is_saved(tmp_path: Path) -> None:
    """The folders of this machine stay out of the page."""
    record = finished(tmp_path)

    for shown in (gallery([record]), figure(record.kept[0], record), card(record, NOW), card_text(record, NOW)):
        assert str(tmp_path) not in shown


@pytest.mark.parametrize("state", list(State))
def test_foreign_text_is_only_text(state: State) -> None:
    """In every state, whatever model, word, prompt, note or error hold adds no element and hides nothing."""
    record = hostile(state=state, position=3, fraction=0.5)

    for shown in (card(record, NOW), gallery([record]), figure(Kept(0, "/no/file.png", "image/png", "", 1), record)):
        page = _Page(shown)
        assert {name for name, _ in page.elements} <= ALLOWED - {"img"}
        assert not [key for _, attributes in page.elements for key in attributes if key.startswith("on")]
        assert "\u202e" not in shown
        assert "\x00" not in shown
        assert "CANARY" not in shown


def test_a_signed_link_is_cut_everywhere() -> None:
    """The query of an input link is a secret in text and in HTML."""
    record = hostile()

    assert "CANARY" not in card_text(record, NOW)
    assert "https://b.example/x.png?…" in gallery([record])


def test_a_prompt_is_cut_before_it_fills_the_page() -> None:
    """A book as a prompt and an endless value leave the notebook small."""
    inputs = {"prompt": "fox " * 50_000, "style": ["x" * 10_000], "file": {"$file": "a.png", "size": 1}}
    record = replace(PLAIN, inputs=inputs)

    shown = gallery([record])

    assert len(shown) < 4_000
    assert len(alt_text(record)) <= 250
    assert "a.png" in shown


def test_a_picture_without_a_prompt_still_has_an_alt_text() -> None:
    """The model is named instead."""
    assert say("figure.alt", model="a/model") == alt_text(replace(PLAIN, inputs={"prompt": "  "}))


def test_a_queued_job_shows_its_place() -> None:
    """Position, the provider's word and the waiting time are in the card and in the text."""
    record = replace(PLAIN, backend="remote", state=State.QUEUED, word="in_line", position=2, finished=0.0)

    for shown in (_Page(card(record, NOW)).words, card_text(record, NOW)):
        assert say("card.queue", position=2) in shown
        assert say("card.word", word="in_line") in shown
        assert "1 min 40 s" in shown
        assert "runcomfy" in shown


def test_the_next_job_in_line_is_told_so() -> None:
    """Position 0 means nobody is ahead."""
    record = replace(PLAIN, state=State.QUEUED, word="in_queue", position=0, finished=0.0)

    assert say("card.queue_next") in _Page(card(record, NOW)).words


def test_a_running_job_shows_its_progress() -> None:
    """The share done is a number and a bar with a name and a value."""
    record = replace(PLAIN, state=State.RUNNING, word="running", fraction=0.426, finished=0.0)

    page = _Page(card(record, NOW))

    [bar] = [attributes for _, attributes in page.elements if attributes.get("role") == "progressbar"]
    assert ("43", "0", "100") == (bar["aria-valuenow"], bar["aria-valuemin"], bar["aria-valuemax"])
    assert "43 %" in page.words
    assert say("card.word", word="running") not in page.words


@pytest.mark.parametrize("fraction", [-1.0, 7.0, float("inf")])
def test_an_odd_fraction_is_held_between_the_ends(fraction: float) -> None:
    """A provider's 700 % does not break the page."""
    record = replace(PLAIN, state=State.RUNNING, fraction=fraction)

    assert re.search(r'aria-valuenow="(0|100)"', card(record, NOW))


def test_a_failed_job_says_why_what_it_cost_and_what_to_do() -> None:
    """The provider's sentence, the bill as far as known, and the next step stand together."""
    record = replace(
        PLAIN,
        backend="remote",
        state=State.FAILED,
        charged="maybe",
        trouble=Trouble("JobFailed", "No GPU.", "501", "Try later."),
    )

    words = _Page(card(record, NOW)).words

    for sentence in ("No GPU.", say("charged.maybe"), "Try later."):
        assert sentence in words


def test_a_local_card_says_local_and_a_hosted_one_names_its_host() -> None:
    """Where a job runs is never silent."""
    assert say("badge.local") in _Page(card(PLAIN, NOW)).words
    assert "runcomfy" in _Page(card(replace(PLAIN, backend="remote"), NOW)).words
    assert say("badge.local") not in _Page(card(replace(PLAIN, backend="remote"), NOW)).words


def test_a_card_counts_results_and_cost(tmp_path: Path) -> None:
    """While files come in it says how many are here; afterwards how many there are; a hosted job shows its cost."""
    done = replace(finished(tmp_path, pictures=2), backend="remote", cost=0.04)
    saving = replace(done, kept=done.kept[:1])

    assert say("card.pictures", count=2) in card(done, NOW)
    assert say("card.cost", cost="0.04", provider="runcomfy") in card(done, NOW)
    assert say("card.saving", kept=1, count=2) in card(saving, NOW)


def test_the_plain_text_is_the_finished_line(tmp_path: Path) -> None:
    """Without HTML a job is one line of English, whatever the language chosen."""
    record = finished(tmp_path, pictures=2)

    line = card_text(record, NOW)

    pictures = say("card.pictures", language="en", count=2)
    assert f"<Job 0198c2b4-7f3a… succeeded · a/model · {pictures} · 3.2 s · local>" == line


@pytest.mark.parametrize("state", list(State))
def test_the_plain_text_is_always_one_visible_line(state: State) -> None:
    """No line feed, control or hidden character of a stranger reaches a terminal."""
    line = card_text(hostile(state=state, trouble=Trouble("X", "a\nb\x1b[31m\u202e"), position=1, fraction=0.1), NOW)

    assert line.isprintable()
    assert line.startswith("<Job ")


def test_a_card_speaks_the_language_asked_for() -> None:
    """Sentences are translated, facts are not."""
    words = _Page(card(PLAIN, NOW, language="ja")).words

    assert say("state.succeeded", language="ja") in words
    assert "a/model" in words


def test_numbers_on_a_card_are_the_readers_and_in_plain_text_english() -> None:
    """How long it took and what it cost, by the reader's language; a repr is for programmers."""
    long = replace(PLAIN, created=NOW, finished=NOW + 7_380, sent=NOW, backend="remote", cost=12_500.0)

    assert "2 時間 03 分" in card(long, NOW, language="ja")
    assert "12,500" in card(long, NOW, language="ja")
    assert "2 h 03 min" in card_text(long, NOW)


LIST = "https://www.runcomfy.com/profile/generations"


def uncertain(**changes: object) -> JobRecord:
    """An order of a hosted service whose answer was lost."""
    trouble = Trouble("SubmitUncertain", "The order left, but no answer came within 60 s.")
    return replace(PLAIN, backend="remote", state=State.UNCERTAIN, trouble=trouble, charged="maybe", **changes)


def links(markup: str) -> list[dict[str, str | None]]:
    """The attributes of every link."""
    return [attributes for name, attributes in _Page(markup).elements if name == "a"]


def test_a_lost_order_says_that_it_may_be_paid_and_where_to_look():
    """On the card and in the gallery: what it means, the bill, the detail, one link to the provider's own list."""
    for shown in (card(uncertain(), NOW), gallery([uncertain()])):
        words = _Page(shown).words

        assert "it may have been placed, and paid" in words
        assert "It may have been charged." in words
        assert "no answer came within 60 s" in words
        assert [{"href": LIST, "target": "_blank", "rel": "noopener noreferrer"}] == links(shown)


def test_a_lost_order_has_a_time_and_no_clock():
    """The time it left is what to look for; that it grows older says nothing."""
    words = _Page(card(uncertain(), NOW)).words

    assert "sent 2026-09-21 14:13 UTC" in words
    assert words == _Page(card(uncertain(), NOW + 3600)).words


def test_a_lost_order_on_this_machine_or_of_an_unknown_provider_links_nowhere():
    """No list, no link; a journal of a later version may name a provider that we do not know."""
    here = replace(uncertain(), backend="local-process", charged="no")

    assert [] == links(card(here, NOW)) + links(card(uncertain(provider="tomorrow"), NOW))
    assert "paid" not in card_text(here, NOW)


def test_a_lost_order_that_was_given_up_keeps_its_link():
    """Whoever opens the notebook later can still look."""
    gone = replace(uncertain(), state=State.FAILED, trouble=Trouble("JobFailed", "Given up.", "uncertain"))

    assert "Given up: nobody knows" in card(gone, NOW)
    assert [LIST] == [link["href"] for link in links(card(gone, NOW))]


def test_an_empty_account_links_to_the_page_for_topping_up():
    """A constant of ours, whatever the provider's sentence holds."""
    poor = replace(uncertain(), state=State.FAILED, trouble=Trouble("BalanceError", f"Empty {HOSTILE}", "402"), charged="no")

    assert ["https://www.runcomfy.com/profile"] == [link["href"] for link in links(card(poor, NOW))]
