"""What `client.models(...)` gives: a list of models that shows itself as a table and says how old it is. No widgets.

Ids, titles and prices are a catalog's words: they enter the page through `markup` like all foreign text.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, overload

from .display import FRAME, cut, line, money
from .languages import say
from .markup import css, tag

if TYPE_CHECKING:
    from .catalog.listing import Listed
    from .markup import Markup
    from .models import Model

__all__ = ["ModelList", "age_text", "price_text"]

_SHOWN = 60
_HEADS = ("model", "title", "provider", "category", "price", "as_of")


class ModelList(Sequence["Listed"]):
    """Models of one or several catalogs, to look through: `models[0].id`, `len(models)`, `models.search("video")`.

    An entry is light: id, provider, title, categories, price. `client.model(entry.id, entry.provider)` gives the Model
    with its inputs.

    Args:
        entries: In the order they are shown.
        notices: What a person should know about the list: that it is an older one, that somebody did not answer.
        clock: Seconds since the epoch.
    """

    def __init__(self, entries: Iterable[Listed], notices: Iterable[str] = (), clock: Callable[[], float] = time.time) -> None:
        self._entries = tuple(entries)
        self.notices = tuple(notices)
        self._clock = clock

    def search(self, search: str = "", category: str = "") -> ModelList:
        """Those that fit; see `client.models`. Asks nobody."""
        return ModelList((each for each in self._entries if each.fits(search, category)), self.notices, self._clock)

    @overload
    def __getitem__(self, place: int) -> Listed: ...
    @overload
    def __getitem__(self, place: slice) -> ModelList: ...
    def __getitem__(self, place: int | slice) -> Listed | ModelList:
        if isinstance(place, slice):
            return ModelList(self._entries[place], self.notices, self._clock)
        return self._entries[place]

    def __len__(self) -> int:
        return len(self._entries)

    def _repr_html_(self) -> Markup:
        cell = css(padding="2px 10px 2px 0", text_align="left", vertical_align="top")
        head = tag("tr", *(tag("th", say(f"model_list.{name}"), scope="col", style=cell) for name in _HEADS))
        rows = [tag("tr", *(tag("td", part, style=cell) for part in self._row(each))) for each in self._entries[:_SHOWN]]
        table = tag("table", tag("thead", head), tag("tbody", *rows), style=css(color="inherit", margin="6px 0"))
        return tag("div", *(tag("div", words) for words in self._words()), table if rows else None, style=FRAME)

    def __repr__(self) -> str:
        told = ((each.id, each.provider, price_text(each), self._age(each)) for each in self._entries[:_SHOWN])
        rows = [line("  ".join(filter(None, parts))) for parts in told]
        return "\n".join([*map(line, self._words()), *rows])

    def _words(self) -> list[str]:
        count = len(self._entries)
        more = [say("model_list.more", count=count - _SHOWN)] if count > _SHOWN else []
        return [say("model_list.count", count=count) if count else say("model_list.empty"), *more, *self.notices]

    def _row(self, each: Listed) -> list[str]:
        title = "" if each.title == each.id else cut(each.title, 80)
        return [tag("code", each.id), title, each.provider, ", ".join(each.categories), price_text(each), self._age(each)]

    def _age(self, each: Listed) -> str:
        return age_text(self._clock() - each.fetched) if each.fetched else say("model_list.bundled")


def price_text(each: Listed | Model, language: str | None = None) -> str:
    """What a model costs by its catalog: the number, else what is said in words; empty where nothing is known."""
    if each.price is not None:
        return say(f"price.{each.price.per}", language=language, usd=money(each.price.usd))
    return cut(each.pricing_note, 80)


def age_text(seconds: float, language: str | None = None) -> str:
    """How long ago something was told, in words."""
    for unit, length in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if seconds >= length:
            return say(f"age.{unit}", language=language, count=int(seconds // length))
    return say("age.now", language=language)
