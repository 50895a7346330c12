"""What each model would get: a table with a line for each input and a column for each model. What is changed says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..comparing import CHANGED, DROPPED, frame_of
from ..fields import UNSET
from ..languages import say
from ..markup import Markup, css, join, tag
from .form import own_title
from .words import fate_text, shop_names, value_text

if TYPE_CHECKING:
    from ..comparing import Carried, Common, Plan
    from ..models import Model

__all__ = ["frame_icon", "mapping_html", "notes_html"]

_QUIET = css(opacity="0.78", font_size="0.92em")
_FRAME_PX = 15.0  # a square's side; every frame has its area


def mapping_html(plans: Sequence[Plan], commons: Sequence[Common], language: str) -> Markup:
    """The table. Inputs that nobody gave and that all models leave alone are left out, but for those they share."""
    models = [plan.model for plan in plans]
    names = shop_names(models, language)
    head = [tag("th", name, scope="col") for name in (say("compare.input", language=language), *names)]
    rows = [
        tag("tr", tag("th", own_title(models, common, language), scope="row"), *(_cell(part, common, language) for part in parts))
        for at, common in enumerate(commons)
        if _says_something(common, parts := [plan.carried[at] for plan in plans])
    ]
    caption = tag("caption", say("compare.table", language=language))
    return tag("table", caption, tag("thead", tag("tr", *head)), tag("tbody", *rows), class_="dr-mapping")


def notes_html(plan: Plan, models: Sequence[Model], commons: Sequence[Common], language: str) -> Markup | None:
    """What was changed or left out for one of the models, in a few lines; None where nothing was."""
    said = [
        tag("div", _line(part, common, own_title(models, common, language), language), style=_QUIET)
        for part, common in zip(plan.carried, commons, strict=True) if part.fate in CHANGED | DROPPED
    ]
    return join(said) if said else None


def frame_icon(value: object, common: Common, at: int | None = None) -> Markup | None:
    """A little frame of the shape that a value names, to scale with the others; None where it names none."""
    member = common.members.get(at) if at is not None else None
    frame = frame_of(value, member.choices) if member is not None else common.frame(value)
    if frame is None:
        return None
    wide = _FRAME_PX * min(2.0, max(0.5, frame[0] ** 0.5))
    shape = css(
        display="inline-block", width=f"{wide:.1f}px", height=f"{wide / frame[0]:.1f}px", border="1px solid rgba(128,128,128,0.9)",
        border_radius="2px", vertical_align="-2px", margin_right="6px", opacity="0.85",
    )
    return tag("span", class_="dr-mini", style=shape, aria_hidden="true")


def _says_something(common: Common, parts: Sequence[Carried]) -> bool:
    if common.shared:
        return True
    return any(part.fate not in ("silent", "absent") for part in parts)


def _cell(part: Carried, common: Common, language: str) -> Markup:
    mark = "dr-changed" if part.fate in CHANGED else "dr-dropped" if part.fate in DROPPED else "dr-kept"
    return tag("td", *_said(part, common, language), class_=mark)


def _said(part: Carried, common: Common, language: str) -> list[Markup]:
    note = fate_text(part, language)
    if part.fate == "silent":
        return [tag("span", value_text(part.sent, secret=common.hides(part.sent)) or say("compare.left", language=language), class_="dr-soft")] if part.input else []
    if part.fate in DROPPED:
        return [tag("span", note)]
    value = _value(part.sent, common, part)
    if part.fate in CHANGED:
        value = join([_value(part.given, common), tag("span", " → "), value])
    own = [tag("code", part.input)] if part.input != common.name else []
    return [tag("div", value), *own, *([tag("div", note, class_="dr-note")] if note else [])]


def _line(part: Carried, common: Common, title: str, language: str) -> Markup:
    note = fate_text(part, language)
    if part.fate in DROPPED:
        return join([title, " ", _value(part.given, common), ": ", note])
    return join([_value(part.given, common), " → ", _value(part.sent, common, part), ": ", note])


def _value(value: object, common: Common, part: Carried | None = None) -> Markup:
    """A value as it is sent, with its frame before it and its ratio behind it where it tells neither itself."""
    if value is UNSET:
        return Markup()
    if common.role != "frame":
        return tag("span", value_text(value, secret=common.hides(value)))
    at = next((at for at, member in common.members.items() if part is not None and member.name == part.input), None)
    icon = frame_icon(value, common, at)
    text = tag("span", value_text(value))
    return tag("span", join([icon, text] if icon else [text]), style=css(white_space="nowrap"))
