"""What a provider's own catalog says about its models, as frozen values. Pure: nothing is asked or kept here.

A catalog is foreign material. What does not have the shape of an entry is left out, a text that is too long is cut,
and an id that could lead elsewhere (`../`, a query, a blank) is no id.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ..errors import ModelNotFound
from ..models import Model, Price, is_demo
from ..schema import read_schema

if TYPE_CHECKING:
    from ..wire import Call, Reply

__all__ = ["Further", "Listed", "Listing", "amount_of", "entries", "is_model_id", "listed", "price_of", "undescribed"]

_ID = re.compile(r"[A-Za-z0-9_.:@+~()-]{1,120}(?:/[A-Za-z0-9_.:@+~()-]{1,120}){0,7}")
_TASK = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)?-to-[a-z0-9-]{2,20}")
_TEXT, _LONG, _MOST_CATEGORIES = 300, 4000, 20


@dataclass(frozen=True, slots=True)
class Listed:
    """One model of a catalog.

    `categories` and `kind` are the catalog's own words. `price` is its number where it has one, `pricing_note` what it
    says in words; `page` is a link for people. `schema` is the input schema as a JSON Schema document, None where this
    answer does not have it. `fetched` is when it was told, in seconds since the epoch; 0.0 for the bundled models.
    """

    id: str
    provider: str
    title: str = ""
    description: str = field(default="", repr=False)
    categories: tuple[str, ...] = ()
    kind: str = ""
    price: Price | None = None
    pricing_note: str = field(default="", repr=False)
    page: str = field(default="", repr=False)
    schema: Mapping[str, object] | None = field(default=None, repr=False, compare=False)
    fetched: float = field(default=0.0, repr=False, compare=False)

    def fits(self, search: str = "", category: str = "") -> bool:
        """Whether every word of `search` stands in id, title, description or categories, and the category is its own.

        A category may be given by its end: `image` finds `text-to-image`.
        """
        said = " ".join((self.id, self.title, self.description, *self.categories, self.kind)).casefold()
        named = {word.casefold() for word in (*self.categories, self.kind)}
        wanted = category.casefold().strip()
        return all(word in said for word in search.casefold().split()) and (
            not wanted or any(name == wanted or name.endswith(f"-{wanted}") for name in named)
        )

    def beside(self, line: Listed) -> Listed:
        """This entry, with what another one about the same model says where this one is silent."""
        silent = ("title", "description", "categories", "kind", "price", "pricing_note", "page")
        return replace(self, **{name: getattr(line, name) for name in silent if not getattr(self, name)})

    def model(self, source: str) -> Model:
        """The Model this entry describes.

        Args:
            source: Where the entry came from, for `Model.source`.

        Raises:
            ModelNotFound: It comes without an input schema (`error.model_undescribed`).
            InputError: Its schema is no object schema at all.
        """
        if self.schema is None:
            raise undescribed(self.id, self.provider)
        made = Model.from_schema(self.schema, id=self.id, provider=self.provider)
        demos = _demos(self.schema)
        if demos:
            read = read_schema(self.schema, {name: {"sample": True} for name in demos})
            made = replace(
                made, fields=read.fields, root=read.root, rules=read.rules, notes=read.notes, sample={**read.sample, **demos}
            )
        kind = next((word for word in (*self.categories, self.kind, self.id.rpartition("/")[2]) if _TASK.fullmatch(word)), made.kind)
        return replace(
            made, title=self.title or self.id, kind=kind, source=source, price=self.price,
            pricing_note=self.pricing_note, fetched=self.fetched,
        )


@dataclass(frozen=True, slots=True)
class Listing:
    """One answer with models, and the call that asks for the next ones (None at the end).

    `skipped` counts the entries that could not be read.
    """

    models: tuple[Listed, ...]
    more: Call | None = None
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Further:
    """A model is described, and one more question tells more about it (its price, say).

    `known` is what there is already, for when that question gets no answer. `read` gives the whole entry.
    """

    known: Listed
    call: Call
    read: Callable[[Reply], Listed]


def is_model_id(found: object) -> bool:
    """Whether this can be a model's id: 1 to 8 parts of letters, digits and `_.:@+~()-`; never `.` or `..`."""
    if not isinstance(found, str) or not _ID.fullmatch(found):
        return False
    return not {"", ".", ".."} & set(found.split("/"))


def listed(
    model_id: object,
    provider: str,
    *,
    title: object = "",
    description: object = "",
    categories: object = (),
    kind: object = "",
    price: Price | None = None,
    pricing_note: object = "",
    page: object = "",
    schema: object = None,
) -> Listed | None:
    """An entry from foreign values, each cut or left out where it is not what it should be; None without a usable id."""
    if not isinstance(model_id, str) or not is_model_id(model_id):
        return None
    words = categories if isinstance(categories, (list, tuple)) else [categories]
    link = _text(page, _LONG)
    return Listed(
        model_id, provider, _text(title), _text(description, _LONG),
        tuple(dict.fromkeys(filter(None, map(_text, words[:_MOST_CATEGORIES])))), _text(kind), price,
        _text(pricing_note, _LONG), link if link.startswith("https://") else "",
        schema if isinstance(schema, Mapping) and schema else None,
    )


def price_of(usd: object, unit: object) -> Price | None:
    """A catalog's price: an amount in US dollars for each `output`, `second` or `order`; None for anything else."""
    amount = amount_of(usd)
    if amount is None or unit not in ("output", "second", "order"):
        return None
    return Price(amount, unit)


def amount_of(found: object) -> float | None:
    """A sum of money: a finite number that is not negative, also where it is written as text; None for anything else."""
    if isinstance(found, str):
        try:
            found = float(found) if len(found) <= 20 and found.isascii() else None
        except ValueError:
            return None
    if isinstance(found, bool) or not isinstance(found, (int, float)) or not 0 <= found < 1e6 or not math.isfinite(found):
        return None
    return float(found)


def undescribed(model_id: str, provider: str) -> ModelNotFound:
    """The error for a model that is listed without an input schema."""
    return ModelNotFound(
        f"{provider} publishes no input schema for {model_id!r}.",
        next_step="Copy its documentation page into dr.Panel(...), or give its inputs to Model.from_schema(...).",
        key="error.model_undescribed", model=model_id, provider=provider,
    )


def entries(found: object) -> Iterable[Mapping[str, object]]:
    """The objects in a JSON list; what is none is passed over."""
    return (item for item in found if isinstance(item, Mapping)) if isinstance(found, list) else ()


def _demos(schema: Mapping[str, object]) -> dict[str, object]:
    """Required inputs whose default is somebody's example, a prompt or a link: shown, and never sent by itself."""
    properties, required = schema.get("properties"), schema.get("required")
    if not isinstance(properties, Mapping) or not isinstance(required, list):
        return {}
    parts = ((name, part) for name, part in properties.items() if name in required and isinstance(part, Mapping))
    defaults = ((name, part.get("default")) for name, part in parts if not {"enum", "const"} & part.keys())
    return {name: default for name, default in defaults if isinstance(default, str) and is_demo(default)}


def _text(found: object, longest: int = _TEXT) -> str:
    """A text without outer blanks, cut where it is too long; empty for anything else."""
    if not isinstance(found, str):
        return ""
    text = found.strip()
    return text if len(text) <= longest else text[: longest - 1] + "…"
