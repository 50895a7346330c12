"""What stands on a model's page: the sections in their order, each from what is known of the model and its provider."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ..as_code import address, curl, endpoints, example_inputs, model_code, model_name, python
from ..display import cut, line, short
from ..languages import first, say
from ..model_list import age_text, price_text
from ..providers import auth_scheme, get_provider, providers
from ..tokens import token_names
from ..wording import bytes_text, measure_texts, model_text
from .inputs import input_table
from .parts import Cell, Code, Line, Lines, Link, Listing, Page, Quiet, Section, Table

if TYPE_CHECKING:
    from ..fields import Media
    from ..models import Model

__all__ = ["contents"]

_NOTES_SHOWN = 40
_OUTPUTS_SHOWN = 60


def contents(model: Model, language: str) -> Page:
    """The whole page; a section that has nothing to say is not there."""
    sections = [
        *_quick_start(model, language),
        Section(say("model_page.inputs", language=language), (input_table(model, language),)),
        *_hosted(model, language),
        *_files(model, language),
        _outputs(model, language),
        *_notes(model, language),
    ]
    return Page(model_text(model, language), tuple(_facts(model, language)), tuple(sections))


def _known(model: Model) -> bool:
    return any(found.name == model.provider for found in providers)


def _facts(model: Model, language: str) -> Iterator[Code | Link | str]:
    yield Code(model.id)
    if model.provider is None:
        yield say("model_page.local", language=language)
    else:
        yield get_provider(model.provider).title if _known(model) else model.provider
    yield price_text(model, language)
    if model.fetched:
        yield age_text(time.time() - model.fetched, language)
    elif model.source.startswith("https://"):
        yield Link(say("model_page.source", language=language), model.source)


def _quick_start(model: Model, language: str) -> Iterator[Section]:
    """Ours first; curl stays folded, as it is long."""
    name, inputs = model_name(model), example_inputs(model)
    called = "model" if name is None else f'"{name}"'
    making = f"{model_code(model)}\n" if name is None else ""
    ours = f"import ipydarkroom as dr\n\n{making}dr.Panel({called})\n\nresult = {python(name, inputs)}\nresult.images[0]"
    yield Section(say("model_page.quick_start", language=language), (Listing(ours, "python"),))
    if model.provider and _known(model):
        order = dict(endpoints(model))["order"]
        yield Section(say("model_page.with_curl", language=language), (Listing(curl(model.provider, order), "bash"),), folded=True)


def _hosted(model: Model, language: str) -> Iterator[Section]:
    """Authentication and endpoints, of a model that has a provider we know."""
    if not model.provider or not _known(model):
        return
    provider, name = get_provider(model.provider), token_names(model.provider)[0]
    yield Section(
        say("model_page.authentication", language=language),
        (
            Lines(((say("model_page.authentication.header", language=language),),)),
            Listing(f"Authorization: {auth_scheme(provider.name)} ${name}", "http"),
            Lines((
                (say("model_page.authentication.set", language=language, name=name, provider=provider.name),),
                (Link(say("model_page.authentication.get", language=language, provider=provider.title), provider.token_page),),
            )),
        ),
        folded=True,
    )
    steps = list(endpoints(model))
    heads = tuple(say(f"model_page.{head}", language=language) for head in ("step", "request"))
    rows = tuple(
        (((say(f"model_page.step.{step}", language=language),),), ((Code(f"{call.method} {address(provider, call)}"),),))
        for step, call in steps
    )
    later = "\n\n".join(curl(provider.name, call) for step, call in steps if step != "order")
    none = () if provider.can_cancel else (Lines(((Quiet(say("model_page.no_cancel", language=language)),),)),)
    yield Section(
        say("model_page.endpoints", language=language),
        (Table(heads, rows), *none, Listing(f'REQUEST_ID="…"\n\n{later}', "bash")), folded=True,
    )


def _files(model: Model, language: str) -> Iterator[Section]:
    """What each input that takes a file accepts, and how a local file travels."""
    rows = tuple(
        (((Code(field.name or '""'),),), _types(media, language), _sizes(media, language))
        for field in model.fields if (media := field.media or (field.items and field.items.media))
    )
    if not rows:
        return
    heads = tuple(say(f"model_page.{head}", language=language) for head in ("input", "types", "size"))
    travel: tuple[Lines, ...] = ()
    if model.provider and _known(model):
        limit = get_provider(model.provider).inline_limit
        key = "model_page.files_uploaded" if limit is None else "model_page.files_inline"
        travel = (Lines(((say(key, language=language, size=bytes_text(limit or 0)),),)),)
    yield Section(say("model_page.files", language=language), (Table(heads, rows), *travel), folded=True)


def _types(media: Media, language: str) -> Cell:
    if media.mimes:
        return (tuple(piece for mime in media.mimes for piece in (Code(mime), " "))[:-1],)
    return ((say(f"kind.{media.kind}", language=language),),)


def _sizes(media: Media, language: str) -> Cell:
    lines: list[Line] = []
    if media.max_bytes is not None:
        lines.append((say("model_page.size_most", language=language, size=bytes_text(media.max_bytes)),))
    if media.advised_bytes is not None:
        lines.append((say("model_page.size_advised", language=language, size=bytes_text(media.advised_bytes)),))
    lines += [(said,) for said in measure_texts(media, language)]
    return tuple(lines) or (("–",),)


def _outputs(model: Model, language: str) -> Section:
    """The page's own output schema where there is one, and in any case what we make of it."""
    ours = Lines(((say("model_page.outputs_kept", language=language),), (Code("result.images  result.files  result.cost"),)))
    properties = model.outputs.get("properties") if isinstance(model.outputs, Mapping) else None
    rows = tuple(
        (((Code(str(name) or '""'),),), ((_kind(part, language),),), ((cut(_said(part), 300) or "–",),))
        for name, part in list(properties.items())[:_OUTPUTS_SHOWN] if isinstance(part, Mapping)
    ) if isinstance(properties, Mapping) else ()
    heads = tuple(say(f"model_page.{head}", language=language) for head in ("output", "values", "help"))
    table = (Table(heads, rows),) if rows else ()
    return Section(say("model_page.outputs", language=language), (*table, ours), folded=True)


def _kind(part: Mapping[str, object], language: str) -> str:
    said = str(part.get("type") or "any")
    return first(f"kind.{said}", language=language, default=said)


def _said(part: Mapping[str, object]) -> str:
    return next((str(part[key]) for key in ("description", "title") if isinstance(part.get(key), str) and part[key]), "")


def _notes(model: Model, language: str) -> Iterator[Section]:
    """What was put right on the way in, as it stands in `model.notes`."""
    if not model.notes:
        return
    lines: list[Line] = [
        (Code(note.pointer or "/"), f" {note.rule}: {line(short(note.was, 60))} → {line(short(note.became, 60))}")
        for note in model.notes[:_NOTES_SHOWN]
    ]
    if len(model.notes) > _NOTES_SHOWN:
        lines.append((say("model_page.more", language=language, count=len(model.notes) - _NOTES_SHOWN),))
    title = say("model_page.notes", language=language, count=len(model.notes))
    yield Section(title, (Lines(tuple(lines), listed=True),), folded=True)
