"""The pictures of one turn of a comparison, side by side, with what each cost and how long it took. Saved with the notebook.

As everything that is saved, it carries what it needs: inline styles, thumbnails as data, no colours of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as _field
from typing import TYPE_CHECKING, TypeAlias

from ..comparing import frame_of
from ..dates import duration
from ..display import FRAME, dotted, picture, short
from ..jobs import State
from ..languages import say
from ..markup import Markup, css, join, tag
from .form import own_title
from .mapping import notes_html
from .words import paid_text, provider_title, shop_names, value_text

if TYPE_CHECKING:
    from ..comparing import Common, Plan
    from ..jobs import JobRecord

__all__ = ["Draw", "Seat", "Turn", "turn_html"]

Draw: TypeAlias = "Callable[[JobRecord, float], Markup | None]"
"""Gives the pictures of a job, or a stand-in of a ratio (width over height)."""

_QUIET = css(opacity="0.8", font_size="0.92em", line_height="1.55")
_PROMPT_LETTERS = 600


@dataclass(frozen=True, slots=True)
class Seat:
    """One model's part in a turn: its order, and the job where there is one; `reused` if nothing was ordered for it."""

    plan: Plan
    record: JobRecord | None = None
    reused: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """One press of Run: the form's values (common name -> value), the inputs they belong to, and a seat for each model."""

    values: Mapping[str, object] = _field(repr=False)
    commons: tuple[Common, ...] = _field(repr=False)
    seats: tuple[Seat, ...]


def turn_html(turn: Turn, language: str, pictures: Draw | None = None) -> Markup:
    """The pictures of a turn beside each other.

    Args:
        turn: What was asked and what came of it.
        language: The language of the sentences.
        pictures: Gives the pictures of a job, or a stand-in of that ratio; read from disk where it is absent, which takes time.
    """
    names = shop_names([seat.plan.model for seat in turn.seats], language)
    grid = css(display="grid", grid_template_columns="repeat(auto-fit, minmax(min(100%, 250px), 1fr))", gap="14px 18px", align_items="start")
    seats = [
        tag("div", *_seat(seat, name, turn, language, pictures), class_="dr-seat", style=css(min_width="0"))
        for seat, name in zip(turn.seats, names, strict=True)
    ]
    said = _asked(turn, language)
    return tag("div", *said, tag("div", *seats, class_="dr-seats", style=grid), class_="dr-turn", style=FRAME)


def _asked(turn: Turn, language: str) -> list[Markup]:
    """The words that all of them got, and what else was asked of them."""
    by_role = {common.role: turn.values.get(common.name) for common in turn.commons if common.role}
    prompt = by_role.get("prompt")
    models = [seat.plan.model for seat in turn.seats]
    others = [
        join([tag("b", own_title(models, common, language)), value_text(turn.values[common.name], secret=common.hides(turn.values[common.name]))], " ")
        for common in turn.commons if common.role != "prompt" and common.name in turn.values
    ]
    style = _QUIET + css(margin="2px 0 10px")
    lines = [tag("div", short(prompt, _PROMPT_LETTERS))] if isinstance(prompt, str) and prompt else []
    return [*lines, *([tag("div", dotted(others), style=style)] if others else [])]


def _seat(seat: Seat, name: str, turn: Turn, language: str, pictures: Draw | None) -> list[Markup]:
    record, model = seat.record, seat.plan.model
    shown = None if record is None else (_pictures(record, language) if pictures is None else pictures(record, _ratio(seat, turn)))
    title = tag("b", name)
    ident = tag("div", model.id, style=_QUIET + css(overflow_wrap="anywhere"))
    where = provider_title(model) if provider_title(model) != name else None
    return [part for part in (
        shown,
        tag("div", dotted([title, where]), style=css(margin_top="6px")),
        ident,
        tag("div", dotted(_facts(seat, language)), class_="dr-facts", style=_QUIET),
        notes_html(seat.plan, [each.plan.model for each in turn.seats], turn.commons, language),
    ) if part is not None]


def _pictures(record: JobRecord, language: str) -> Markup | None:
    alone = len(record.kept) == 1
    strip = css(display="grid", gap="6px", grid_template_columns=None if alone else "1fr 1fr")
    return tag("div", *(picture(kept, record, language) for kept in record.kept), style=strip) if record.kept else None


def _ratio(seat: Seat, turn: Turn) -> float:
    """The ratio of a picture that is on its way, as far as the frame that was asked for tells; else a square."""
    for common, part in zip(turn.commons, seat.plan.carried, strict=True):
        if common.role == "frame":
            member = next((each for each in common.members.values() if each.name == part.input), None)
            frame = frame_of(part.sent, member.choices) if member is not None else None
            return frame[0] if frame is not None else 1.0
    return 1.0


def _facts(seat: Seat, language: str) -> list[str | None]:
    record = seat.record
    if record is None:
        return [say("compare.not_ordered", language=language)]
    over = record.state.is_terminal
    seed, first = record.inputs.get("seed"), record.kept[0] if record.kept else None
    return [
        None if record.state is State.SUCCEEDED else _state(record, language),
        paid_text(record, language),
        duration(record.elapsed(record.finished), language) if over and record.finished else None,
        f"{first.width} × {first.height}" if first is not None and first.width else None,
        say("figure.seed", language=language, seed=seed) if seed is not None else None,
        say("compare.made_before", language=language) if seat.reused else None,
    ]


def _state(record: JobRecord, language: str) -> str:
    word = say(f"state.{record.state}", language=language)
    return word if record.state.is_terminal else say("gallery.at_saving", language=language, state=word)
