"""What is said in a comparison: the models' names there, prices, values, and what became of a value on its way."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..dates import amount
from ..display import money, short
from ..fields import UNSET
from ..languages import say
from ..providers import get_provider
from ..wire import Blob
from ..wording import bytes_text, model_text

if TYPE_CHECKING:
    from ..budget import Estimate
    from ..comparing import Carried
    from ..jobs import JobRecord
    from ..models import Model

__all__ = ["fate_text", "paid_text", "price_text", "provider_title", "shop_names", "value_text"]

_SILENT_FATES = frozenset({"same", "silent"})  # nothing to be said
_BETWEEN = " · "


def provider_title(model: Model) -> str:
    """The provider's own name; the model's id where it has none."""
    return get_provider(model.provider).title if model.provider else model.id


def shop_names(models: Sequence[Model], language: str | None = None) -> tuple[str, ...]:
    """A short name for each model, no two alike: the providers where all differ, else the models' titles, else their ids."""
    shops = tuple(provider_title(model) for model in models)
    titles = tuple(model_text(model, language or "en").partition(_BETWEEN)[0] for model in models)
    ids = tuple(model.id for model in models)
    tried = (shops, titles, ids, tuple(f"{model.provider or ''}:{model.id}".lstrip(":") for model in models))
    return next((names for names in tried if len(set(names)) == len(names)), tried[-1])


def price_text(model: Model, most: Estimate, *, local: bool, language: str | None = None) -> str:
    """What an order may cost, as far as a catalog tells; of one that is drawn here, what it would cost there, or nothing."""
    if local:
        return "" if most.usd is None else say(
            "compare.price_there", language=language, provider=provider_title(model), usd=money(most.usd)
        )
    return say("compare.price_unknown", language=language) if most.usd is None else f"≤ {money(most.usd)}"


def paid_text(record: JobRecord, language: str | None = None) -> str:
    """What an order did cost: what the provider said, else what it may have."""
    if record.is_local:
        return say("compare.free", language=language)
    if record.cost is not None and record.usd is not None:
        return money(record.usd)
    if record.cost is not None:
        cost = amount(record.cost, language)
        return say("card.cost", language=language, cost=cost, provider=get_provider(record.provider).title)
    return say("compare.price_unknown", language=language) if record.usd is None else f"≤ {money(record.usd)}"


def fate_text(carried: Carried, language: str | None = None) -> str:
    """What became of a value, where that has to be said; empty for one that is sent as it is, or that nobody gave."""
    if carried.fate in _SILENT_FATES:
        return ""
    return say(f"compare.{carried.fate}", language=language, of=carried.of)


def value_text(value: object, *, secret: bool = False) -> str:
    """A value for people, links and tokens masked; a file by its name, or by what is known of it; a secret as dots."""
    if value is UNSET or secret:
        return "…" if secret and value is not UNSET else ""
    if isinstance(value, Blob):
        return value.name
    if isinstance(value, os.PathLike):
        return Path(value).name
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes_text(len(value))
    if isinstance(value, list | tuple):
        return ", ".join(value_text(each) for each in value)
    size = getattr(value, "size", None)
    if isinstance(size, tuple) and len(size) == 2:  # a Pillow image
        return Path(str(getattr(value, "filename", ""))).name or f"{size[0]} × {size[1]}"
    return short(value)
