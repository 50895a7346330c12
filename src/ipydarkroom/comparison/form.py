"""The one form of several models: their common inputs, called as each one's own model calls it, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ..comparing import common_rules
from ..languages import say
from ..models import Model
from ..wording import choice_text, help_text, title_text
from .words import shop_names

if TYPE_CHECKING:
    from ..comparing import Common
    from ..fields import Field

__all__ = ["form_model", "own_title"]


def form_model(models: Sequence[Model], commons: Sequence[Common], language: str) -> Model:
    """A model whose fields are the common inputs. It belongs to no provider and cannot be ordered; it is for a form only."""
    fields = tuple(_worded(models, common, language) for common in commons)
    sample = {
        common.name: model.sample[name] for common in reversed(commons)
        for model, name in [(models[common.lead], common.members[common.lead].name)] if name in model.sample
    }
    ids = " · ".join(shop_names(models, language))
    return Model(ids, None, fields, common_rules(models, commons), title=ids, kind=models[0].kind, source="compare", sample=sample)


def own_title(models: Sequence[Model], common: Common, language: str) -> str:
    """What an input is called; one that only a single model has says whose it is."""
    said = title_text(models[common.lead], common.members[common.lead], language)
    if common.shared:
        return said
    return say("compare.only", language=language, title=said, model=shop_names(models, language)[common.lead])


def _worded(models: Sequence[Model], common: Common, language: str) -> Field:
    choices = tuple(
        replace(choice, label=_label(models, common, choice.value, choice.label, language)) for choice in common.field.choices
    )
    model, own = models[common.lead], common.members[common.lead]
    folded = common.field.importance == "low"  # in a fold that says whose they are
    return replace(
        common.field, choices=choices, texts={}, help=help_text(model, own, language),
        title=title_text(model, own, language) if folded else own_title(models, common, language),
        group=say("compare.group", language=language, model=shop_names(models, language)[common.lead]) if folded else "",
    )


def _label(models: Sequence[Model], common: Common, value: object, label: str, language: str) -> str:
    """A choice's name by the model that lists it, the lead first."""
    for at in (common.lead, *common.members):
        for choice in common.members[at].choices:
            if choice.value == value:
                return choice_text(models[at], common.members[at], choice, language)
    return label
