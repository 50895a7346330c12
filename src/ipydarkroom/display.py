"""How jobs and pictures show themselves in a cell: HTML for the page, one line for plain text. No widgets.

What is made here is saved with the notebook, so it carries everything it needs: pictures as small data URIs, inline
styles only, no scripts, no colours of its own (it inherits the page's, light or dark), and image sizes as attributes
for the viewers that drop styles. No link's query and no machine's path gets in; the only addresses to follow are the
providers' own pages, which are constants of ours.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal

from . import errors
from .dates import amount, duration, moment
from .errors import ModelNotFound, Unreadable
from .jobs import JobRecord, Kept, State
from .languages import say
from .markup import Markup, css, data_uri, join, tag, visible
from .providers import get_provider
from .redaction import masked, masked_text
from .thumbnails import thumbnail
from .reasons import bill, said_of, step_of, uncertain_key
from .wording import bytes_text

__all__ = [
    "FRAME", "alt_text", "card", "card_text", "cut", "dotted", "figure", "gallery", "given_up", "line",
    "made_before", "money", "picture", "provider_link", "provider_page", "sent_at", "short",
]

_EDGE = "1px solid rgba(128,128,128,0.4)"
FRAME = css(border=_EDGE, border_radius="6px", padding="8px 12px", margin="4px 0", color="inherit")
"""The inline style of a card's outer box."""

_CARD = FRAME + css(max_width="46em")
_QUIET = css(opacity="0.8", font_size="0.9em", line_height="1.5")
_PILL = css(border="1px solid currentColor", border_radius="999px", padding="0 7px")
_BADGE = _PILL + css(font_size="0.8em", white_space="nowrap")
_DOT = Markup(" · ")
_ALONE_PX, _STRIP_PX = 512, 256  # longer edge: one picture alone, one of several
_PROMPT_LETTERS, _VALUE_LETTERS, _ALT_LETTERS = 600, 120, 250


def money(usd: float, *, up: bool = True) -> str:
    """An amount of US dollars: `$0.45`, `$0.0045`. Of a fraction of a hundredth of a cent, `up` says more, else less."""
    whole = round(usd * 10_000, 6)  # 0.1 + 0.2 is no reason to show a hundredth of a cent more
    rounded = (math.ceil(whole) if up else math.floor(whole)) / 10_000
    digits = f"{abs(rounded):,.4f}"
    cents = digits[:-2] if digits.endswith("00") else digits.rstrip("0")
    return f"{'-' if rounded < 0 else ''}${cents}"


# --- Pictures ---


def figure(kept: Kept, record: JobRecord, language: str | None = None, *, max_px: int = _ALONE_PX) -> Markup:
    """Return one result with its caption: model, size, seed where known, and "local" where it was painted here.

    The picture is embedded as a thumbnail of at most 80 kB and `max_px` pixels; a video or sound is named, not
    embedded. A file that is gone or broken becomes a sentence, never an error.
    """
    seed = record.inputs.get("seed")
    caption = [
        record.model,
        f"{kept.width} × {kept.height}" if kept.width else None,
        say("figure.seed", language=language, seed=seed) if seed is not None else None,
        _badge(record, language) if record.is_local else None,
    ]
    style = css(margin="0", display="inline-block", max_width="100%", vertical_align="top")
    words = tag("figcaption", dotted(caption), style=_QUIET)
    return tag("figure", picture(kept, record, language, max_px), words, style=style)


def gallery(records: Iterable[JobRecord], language: str | None = None, *, line: str = "") -> Markup:
    """Return the strip that stays in the saved notebook: each job's pictures and what they were made with.

    `line` is a sentence above them.

    A job that is not finished is shown with its state "when this was saved", so that the saved page stays true.
    """
    shown: list[str] = [_entry(record, language) for record in records]
    if line:
        shown.insert(0, tag("div", line, style=_QUIET))
    return tag("div", *(shown or [say("gallery.empty", language=language)]), style=css(color="inherit"))


def alt_text(record: JobRecord, language: str | None = None) -> str:
    """Return what a picture shows, for those who cannot see it: the prompt, or which model made it."""
    prompt = record.inputs.get("prompt")
    if isinstance(prompt, str) and prompt.strip():
        return cut(masked_text(prompt), _ALT_LETTERS)
    return say("figure.alt", language=language, model=record.model)


def _entry(record: JobRecord, language: str | None) -> Markup:
    px = _ALONE_PX if len(record.kept) == 1 else _STRIP_PX
    pictures = [picture(kept, record, language, px) for kept in record.kept]
    strip = css(display="flex", flex_wrap="wrap", gap="6px", margin="4px 0")
    shown = tag("div", *pictures, style=strip) if pictures else None
    return tag("div", shown, _made_with(record, language), style=FRAME)


def _made_with(record: JobRecord, language: str | None) -> Markup:
    """The words under a job's pictures: prompt, model, where, when, the other inputs, and its state if unfinished."""
    inputs = dict(record.inputs)
    prompt = inputs.pop("prompt", None)
    others = [join([tag("b", name), short(value)], " ") for name, value in inputs.items()]
    made = moment(record.created, language) if record.created else None
    where = _badge(record, language) if record.is_local else record.provider
    state = None
    if record.state is State.SUCCEEDED and not record.kept and not record.trouble:
        state = say("gallery.at_saving", language=language, state=_results(record, language))
    elif record.state is not State.SUCCEEDED:
        word = say(f"state.{record.state}", language=language)
        state = word if record.state.is_terminal else say("gallery.at_saving", language=language, state=word)
    return tag(
        "div",
        tag("div", short(prompt, _PROMPT_LETTERS)) if prompt else None,
        tag("div", dotted([state, record.model, where, made]), style=_QUIET),
        tag("div", dotted(others), style=_QUIET) if others else None,
        _trouble(record, language),
        tag("div", masked_text(record.note), style=_QUIET) if record.note else None,
    )


def picture(kept: Kept, record: JobRecord, language: str | None = None, max_px: int = _ALONE_PX) -> Markup:
    """Return one result without a caption: a thumbnail, or a sentence where there is nothing to show. Reads the file."""
    path = Path(kept.path)
    if not kept.mime.startswith("image/"):
        return tag("span", f"{kept.mime}, {bytes_text(kept.size)}, {path.name}", style=_QUIET)
    try:
        about = path.stat()
        small, mime = _small(kept.path, about.st_mtime_ns, about.st_size, max_px)
    except OSError:
        return tag("em", say("figure.missing", language=language, name=path.name))
    except Unreadable as error:
        key = "figure.too_large" if error.key == "error.too_many_pixels" else "figure.unreadable"
        return tag("em", say(key, language=language, name=path.name, width=kept.width, height=kept.height))
    share = min(1.0, max_px / max(kept.width, kept.height, 1))
    return tag(
        "img",
        src=data_uri(small, mime), alt=alt_text(record, language),
        width=max(1, round(kept.width * share)), height=max(1, round(kept.height * share)),
        style=css(max_width="100%", height="auto", border_radius="4px", display="block"),
    )


@lru_cache(maxsize=64)  # 64 thumbnails are 5 MB at most; a strip is drawn anew with every job that finishes
def _small(path: str, _changed_ns: int, _size: int, shown_px: int) -> tuple[bytes, str]:
    """Remember the thumbnail of a file as it is; a changed file is another key."""
    if shown_px <= _STRIP_PX:  # half as large again as it is shown, for fine screens: a strip of 15 stays near 0.5 MB
        return thumbnail(path, max_px=shown_px * 3 // 2, max_bytes=40_000)
    return thumbnail(path, max_px=shown_px)


# --- Jobs ---


def card(record: JobRecord, now: float, language: str | None = None) -> Markup:
    """Return the live card of a job: where it runs, its state in our words and the provider's, time, progress, trouble.

    Args:
        record: The job as it is.
        now: Seconds since the epoch; only a running job's elapsed time depends on it.
        language: The language of the sentences; the process's own when None.
    """
    state = tag("b", say(f"state.{record.state}", language=language))
    lost = record.state is State.UNCERTAIN or given_up(record)
    since = sent_at(record, language) if lost else duration(record.elapsed(now), language)
    where = _badge(record, language) if record.is_local else record.provider
    return tag(
        "div",
        tag("div", dotted([state, *_progress_words(record, language), since])),
        _bar(record, language),
        tag("div", dotted([record.model, where]), style=_QUIET),
        _trouble(record, language),
        tag("div", masked_text(record.note), style=_QUIET) if record.note else None,
        style=_CARD,
    )


def card_text(record: JobRecord, now: float) -> str:
    """Return the job as one line of English: `<Job 0198c2b4-7f3a… succeeded · a/model · 1 picture · 3.2 s · local>`."""
    trouble = record.trouble.message if record.trouble else ""
    lost = record.state is State.UNCERTAIN
    page = _page(record.provider, "generations") if lost and not record.is_local else ""
    words = [
        f"{record.state}: {line(masked_text(trouble))}" if trouble else str(record.state),
        *(["it may have been placed and paid"] if lost and not record.is_local else []),
        record.model,
        *_progress_words(record, "en"),
        sent_at(record, "en") if lost or given_up(record) else duration(record.elapsed(now), "en"),
        "local" if record.is_local else record.provider,
        *([f"look at {page}"] if page else []),
    ]
    name = record.id if len(record.id) <= 13 else f"{record.id[:13]}…"  # a uuid7's first 13 letters are its time
    return f"<Job {name} {' · '.join(line(word) for word in words)}>"


def _progress_words(record: JobRecord, language: str | None) -> list[str]:
    """What is known between the state and the time: the provider's word, the queue, the share done, the results."""
    words = []
    if record.word and not record.state.is_terminal and record.word.lower().replace("_", " ") != record.state:
        words.append(say("card.word", language=language, word=line(cut(record.word, 60))))
    if record.state is State.QUEUED and record.position is not None:
        key = "card.queue" if record.position > 0 else "card.queue_next"
        words.append(say(key, language=language, position=record.position))
    if record.state is State.RUNNING and record.fraction is not None:
        words.append(f"{_percent(record)} %")
    if record.state is State.SUCCEEDED:
        words.append(_results(record, language))
    if record.cost is not None and not record.is_local:
        words.append(say("card.cost", language=language, cost=amount(record.cost, language), provider=record.provider))
    return words


def _results(record: JobRecord, language: str | None) -> str:
    kept, said = len(record.kept), len(record.outputs)
    if kept < said:
        return say("card.saving", language=language, kept=kept, count=said)
    pictures = all(each.mime.startswith("image/") for each in record.kept)
    kind = ("pictures" if kept != 1 else "picture") if pictures else ("files" if kept != 1 else "file")
    return say(f"card.{kind}", language=language, count=kept)


def _percent(record: JobRecord) -> int:
    return round(100 * min(1.0, max(0.0, record.fraction or 0.0)))


def _bar(record: JobRecord, language: str | None) -> Markup | None:
    if record.state is not State.RUNNING or record.fraction is None:
        return None
    done = tag("div", style=css(width=f"{_percent(record)}%", height="6px", background="currentColor", opacity="0.6"))
    return tag(
        "div", done, role="progressbar", aria_label=say("card.progress", language=language),
        aria_valuenow=_percent(record), aria_valuemin=0, aria_valuemax=100,
        style=css(border=_EDGE, border_radius="4px", overflow="hidden", margin="5px 0"),
    )


def sent_at(record: JobRecord, language: str | None = None) -> str:
    """Return when an order left, to find it by on the provider's own list."""
    return say("card.sent", language=language, time=_minute(record.sent or record.created))


def given_up(record: JobRecord) -> bool:
    """Whether a person gave up an order that nobody knew anything about; we mark such an end ourselves."""
    return record.state is State.FAILED and record.trouble is not None and record.trouble.code == "uncertain"


def provider_link(record: JobRecord, page: Literal["generations", "top_up"], language: str | None = None) -> Markup | None:
    """Return a link to one of the provider's own pages, a constant of ours; None for a local job, or where there is none."""
    return None if record.is_local else provider_page(record.provider, page, language)


def provider_page(provider: str, page: Literal["generations", "top_up"], language: str | None = None) -> Markup | None:
    """Return a link to a page of a provider of that name; None where we know none."""
    address = _page(provider, page)
    if not address:
        return None
    words = say(f"link.{page}", language=language, provider=get_provider(provider).title)
    return tag("a", words, href=address, target="_blank", rel="noopener noreferrer")


def _page(provider: str, page: str) -> str:
    """An https address of a provider we know; a journal of a later version may name one that we do not."""
    try:
        address = str(getattr(get_provider(provider), f"{page}_page", ""))
    except ModelNotFound:
        return ""
    return address if address.startswith("https://") else ""


def _minute(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"


def _lost(record: JobRecord, language: str | None) -> Markup:
    """What it means that an order is uncertain or was given up: it may be paid, and where to look."""
    key = uncertain_key(record) if record.state is State.UNCERTAIN else "card.given_up"
    words = [say(key, language=language), say(f"charged.{record.charged}", language=language)]
    detail = masked_text(record.trouble.message) if record.trouble and record.state is State.UNCERTAIN else None
    return tag(
        "div",
        join([*words, link] if (link := provider_link(record, "generations", language)) else words, " "),
        tag("div", detail, style=_QUIET) if detail else None,
        role="alert", style=css(margin="4px 0"),
    )


def _trouble(record: JobRecord, language: str | None) -> Markup | None:
    """Why it ended badly, what it cost, what to do next. The provider's own sentence stays in its own language."""
    if record.state is State.UNCERTAIN or given_up(record):
        return _lost(record, language)
    if record.trouble is None:
        return tag("div", bill(record.charged, language), style=_QUIET) if record.state is State.CANCELLED else None
    kind, cost = record.trouble.kind, bill(record.charged, language)
    key, params = said_of(record, record.trouble)
    own = key == getattr(errors, kind, errors.DarkroomError).key  # then the provider's sentence says more than ours
    said = masked_text(record.trouble.message) if own else say(key, language=language, **{**params, "bill": cost})
    words = [said, "" if cost in said else cost, step_of(record, record.trouble, language)]
    link = provider_link(record, "top_up", language) if kind == errors.BalanceError.__name__ else None
    return tag("div", join([word for word in (*words, link) if word], " "), role="alert", style=css(margin="4px 0"))


def _badge(record: JobRecord, language: str | None) -> Markup:
    """The mark of a job that runs here; `record` may be any local one."""
    title = say("badge.local_process" if record.backend == "local-process" else "badge.local_url", language=language)
    return tag("span", say("badge.local", language=language), title=title, style=_BADGE)


# --- Words ---


def made_before(record: JobRecord, language: str | None = None) -> str:
    """Return the line under which an earlier picture is shown again: when it was made, and that nothing is paid now."""
    at = record.finished or record.created
    made = datetime.fromtimestamp(at).astimezone()
    today = made.date() == datetime.now(made.tzinfo).date()
    return say("result.reused", language=language, when=f"{made:%H:%M}" if today else moment(at, language))


def dotted(parts: Iterable[str | None]) -> Markup:
    """Return the parts with dots between them; empty ones are left out."""
    return join([part for part in parts if part], _DOT)


def short(value: object, letters: int = _VALUE_LETTERS) -> str:
    """Return an input's value as people would say it: a file by its name, words without quotes, the rest as JSON."""
    plain = masked(value)
    if isinstance(plain, Mapping) and "$file" in plain:
        return str(plain["$file"])
    return cut(plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False, default=str), letters)


def cut(text: str, letters: int) -> str:
    """Return at most so many letters of the text, the last an ellipsis where some are missing."""
    return text if len(text) <= letters else text[: letters - 1] + "…"


def line(text: str) -> str:
    """Return the text on one line, hidden characters written out."""
    return " ".join(visible(text).split())
