"""A contact sheet: pictures and what they were made with, as one HTML page that needs nothing else.

Thumbnails are inlined, looks are inline styles, colours are the reader's own (light or dark). No script, no token, no
machine's path, no link's query. `pieces` makes it a picture at a time, so that a sheet of thousands is never in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from .dates import moment
from .display import alt_text, cut, dotted, short
from .errors import Unreadable
from .languages import current, normal, say
from .markup import Markup, css, data_uri, tag
from .thumbnails import thumbnail
from .wording import bytes_text, count_text

if TYPE_CHECKING:
    from .jobs import JobRecord, Kept

__all__ = ["html", "pieces"]

_THUMB_PX, _THUMB_BYTES = 384, 24_000
_PROMPT_LETTERS = 280
_CODES = {"en": "en", "ja": "ja", "zh_cn": "zh-CN", "zh_tw": "zh-TW"}
_PAGE = css(
    margin="0", padding="40px 5% 56px", background="Canvas", color="CanvasText", color_scheme="light dark",
    font_family="system-ui, sans-serif", font_size="14px", line_height="1.5",
)
_GRID = css(display="grid", grid_template_columns="repeat(auto-fill, minmax(220px, 1fr))", gap="32px 24px", align_items="start")
_TILE = css(margin="0", break_inside="avoid")
_IMAGE = css(display="block", width="auto", height="auto", max_width="100%", max_height="300px", border_radius="6px")
_WORDS = css(margin="10px 0 0", overflow_wrap="anywhere")
_QUIET = css(opacity="0.72", font_size="12px")
_FOOT = css(opacity="0.72", margin="40px 0 0", padding="14px 0 0", border_top="1px solid rgba(128,128,128,0.4)")


def html(records: Iterable[JobRecord], *, title: str = "", language: str | None = None) -> str:
    """Return the whole page as one string.

    Args:
        records: The jobs, in the order of the page; those without a picture are left out.
        title: The heading; a general one when empty.
        language: The language of our own words; the process's own when None.
    """
    return "".join(pieces(records, title=title, language=language))


def pieces(records: Iterable[JobRecord], *, title: str = "", language: str | None = None, folder: str = "") -> Iterator[Markup]:
    """The page, a picture at a time.

    Args:
        records: As for `html`.
        title: As for `html`.
        language: As for `html`.
        folder: Where the files themselves lie, relative to the page; each thumbnail is then a link to its file, and videos
            and sounds play.
    """
    heading = title or say("contact_sheet.title", language=language)
    code = _CODES[normal(language) if language else current()]
    viewport = tag("meta", name="viewport", content="width=device-width, initial-scale=1")
    head = tag("head", tag("meta", charset="utf-8"), viewport, tag("title", heading))
    title_style = css(font_size="26px", font_weight="600", margin="0 0 28px", letter_spacing="-0.01em")
    yield Markup(f'<!doctype html>\n<html lang="{code}">{head}<body style="{_PAGE}">{tag("h1", heading, style=title_style)}')
    yield Markup(f'<main style="{_GRID}">\n')
    shown, jobs = 0, 0
    for record in records:
        jobs += bool(record.kept)
        for kept in record.kept:
            shown += 1
            yield Markup(_tile(kept, record, language, folder) + "\n")
    files, orders = count_text("picture", shown, language), count_text("job", jobs, language)
    count = say("contact_sheet.count", language=language, files=files, jobs=orders)
    yield Markup(f"</main>{tag('p', dotted([count, 'ipydarkroom']), style=_FOOT)}</body></html>\n")


def _tile(kept: Kept, record: JobRecord, language: str | None, folder: str) -> Markup:
    shown = _shown(kept, record, language, folder)
    prompt = record.inputs.get("prompt")
    inputs = {name: value for name, value in record.inputs.items() if name not in ("prompt", "seed")}
    seed = record.inputs.get("seed")
    made = [
        record.model, say("badge.local", language=language) if record.is_local else record.provider,
        f"{kept.width} × {kept.height}" if kept.width else None,
        say("figure.seed", language=language, seed=seed) if seed is not None else None,
        moment(record.created, language) if record.created else None,
    ]
    words = tag(
        "figcaption",
        tag("div", short(prompt, _PROMPT_LETTERS)) if prompt else None,
        tag("div", dotted(made), style=_QUIET),
        tag("div", dotted([f"{name}: {cut(short(value), 60)}" for name, value in inputs.items()]), style=_QUIET) if inputs else None,
        style=_WORDS,
    )
    return tag("figure", shown, words, style=_TILE)


def _shown(kept: Kept, record: JobRecord, language: str | None, folder: str) -> Markup:
    name = Path(kept.path).name
    file = f"{folder}/{name}" if folder else ""
    if not kept.mime.startswith("image/"):
        return _played(kept, file, name, alt_text(record, language))
    try:
        small, mime = thumbnail(kept.path, max_px=_THUMB_PX, max_bytes=_THUMB_BYTES)
    except OSError:
        return tag("em", say("figure.missing", language=language, name=name))
    except Unreadable as error:
        key = "figure.too_large" if error.key == "error.too_many_pixels" else "figure.unreadable"
        return tag("em", say(key, language=language, name=name, width=kept.width, height=kept.height))
    share = min(1.0, _THUMB_PX / max(kept.width, kept.height, 1))
    size = {"width": max(1, round(kept.width * share)), "height": max(1, round(kept.height * share))}
    image = tag("img", src=data_uri(small, mime), alt=alt_text(record, language), loading="lazy", **size, style=_IMAGE)
    return tag("a", image, href=file) if file else image


def _played(kept: Kept, file: str, name: str, label: str) -> Markup:
    if not file:
        return tag("span", f"{kept.mime}, {bytes_text(kept.size)}, {name}", style=_QUIET)
    element = "video" if kept.mime.startswith("video/") else "audio"
    return tag(element, src=file, controls=True, preload="metadata", aria_label=label, style=css(width="100%", border_radius="6px"))
