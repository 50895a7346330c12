"""What is told about a picture beside it: the words, and what it was made with, by whom, when, for how much. Pure HTML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ...dates import amount, duration, moment
from ...display import alt_text, line, money, short
from ...kinds import KINDS
from ...languages import first
from ...markup import Markup, tag
from ...providers import providers
from ...redaction import masked_text
from ..labels import bytes_text, humanised, title_text
from ..used import told

if TYPE_CHECKING:
    from ...jobs import JobRecord
    from ...models import Model
    from ...results import Picture
    from ..kit import Kit

__all__ = ["by_whom", "chosen_seed", "cost_of", "facts_html", "name_of", "titles", "took", "value_text"]

_NAME_LETTERS = 90


def name_of(picture: Picture, language: str) -> str:
    """What a picture is called on its button: its words, and its number where the job made several. One line."""
    record = picture.record
    count = max(len(record.outputs), len(record.kept))
    words = line(alt_text(record, language))
    words = words if len(words) <= _NAME_LETTERS else words[: _NAME_LETTERS - 1] + "…"
    return f"{picture.kept.index + 1}/{count} · {words}" if count > 1 else words


def facts_html(picture: Picture, model: Model, kit: Kit) -> Markup:
    """The words of the prompt, the facts as a list of terms, and the path of the file."""
    record = picture.record
    prompt = record.inputs.get("prompt")
    words = tag("p", masked_text(prompt), class_="dr-words") if isinstance(prompt, str) and prompt.strip() else None
    rows = [*_inputs(record, model, kit), *_made(picture, kit)]
    terms = [each for name, value in rows for each in (tag("dt", name), tag("dd", value))]
    return tag("div", words, tag("dl", *terms), _path(str(picture.path), kit), class_="dr-facts")


def _path(path: str, kit: Kit) -> Markup:
    """The path: a click selects all of it. For the keyboard a box lies on it that Tab reaches, and whose text is selected then.

    Only such a box selects its text when it is reached, without a script; it is seen while it has the focus.
    """
    shown = tag("code", path, class_="dr-path", title=kit.say("panel.gallery.path"), aria_hidden="true")
    box = tag("input", type="text", readonly=True, value=path, aria_label=kit.say("panel.gallery.path_label"), class_="dr-path")
    return tag("div", shown, box, class_="dr-path-of")


def titles(model: Model, name: str, language: str) -> str:
    """What an input is called: as its field in the form, where it has one."""
    field = model.field(name)
    return first(f"field.{name}.title", language=language, default=humanised(name)) if field is None else title_text(model, field, language)


def value_text(value: object, letters: int = 160) -> str:
    """An input's value as a person would say it."""
    return short(value, letters)


def chosen_seed(record: JobRecord, model: Model) -> tuple[str, int] | None:
    """The input's name and the number that the server chose for it, where none was sent and the picture tells."""
    own = next((field.name for field in model.fields if field.is_seed), None)
    name = own or ("seed" if record.model != model.id else None)  # of another model we know no fields here
    if name is None or name in record.inputs or not record.kept:
        return None
    seed = told(record, name)
    return None if seed is None else (name, seed)


def by_whom(record: JobRecord, kit: Kit) -> str:
    """Who made it: this machine, or the provider."""
    return kit.say("panel.where.local") if record.is_local else _title(record.provider)


def took(record: JobRecord, kit: Kit) -> str:
    """How long it took, waiting included."""
    return duration(record.elapsed(record.finished), kit.language) if record.finished else kit.say("panel.gallery.unknown")


def _inputs(record: JobRecord, model: Model, kit: Kit) -> Iterator[tuple[str, str]]:
    """Every input but the prompt; the seed also where the server chose it and the picture tells."""
    inputs: Mapping[str, object] = record.inputs
    for name, value in inputs.items():
        if name != "prompt":
            yield titles(model, name, kit.language), value_text(value)
    if (chosen := chosen_seed(record, model)) is not None:
        yield titles(model, chosen[0], kit.language), kit.say("panel.gallery.chosen", value=str(chosen[1]))


def _made(picture: Picture, kit: Kit) -> Iterator[tuple[str, str]]:
    """Size, model, provider, cost, time it took, and when."""
    record, say = picture.record, kit.say
    kind = next((kind.name for kind in KINDS if kind.mime == picture.mime), picture.mime)
    pixels = [f"{picture.width} × {picture.height}"] if picture.width else []
    yield say("panel.gallery.size"), " · ".join([*pixels, kind, bytes_text(picture.kept.size)])
    yield say("panel.gallery.model"), record.model
    yield say("panel.gallery.made_by"), by_whom(record, kit)
    yield say("panel.gallery.cost"), cost_of(record, kit)
    if record.finished:
        yield say("panel.gallery.took"), took(record, kit)
    yield say("panel.gallery.made"), moment(record.finished or record.created, kit.language)


def cost_of(record: JobRecord, kit: Kit) -> str:
    """What it cost, as far as it is known."""
    if record.is_local:
        return kit.say("panel.gallery.free")
    if record.cost is not None:
        return kit.say("card.cost", cost=amount(record.cost, kit.language), provider=_title(record.provider))
    return kit.say("panel.gallery.at_most", usd=money(record.usd)) if record.usd is not None else kit.say("panel.gallery.unknown")


def _title(provider: str) -> str:
    return next((found.title for found in providers if found.name == provider), provider)
