"""RunComfy's model pages (`…/models/<slug>/api`), read in nine languages and in every state they are copied in.

Facts, from saved pages of all locales: the model id stands in the request line `POST …/v1/models/<id>`, and the page's
own path is often another name. The input schema is the JSON object with properties, the output schema the one whose
only key is `output`, and what stands behind `--data` is an example. Headings may be missing, boilerplate may be
another language's or mere key names (`modelApiDoc_…`), and one part may be glued to the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from . import Page, cut_page, dialect
from ..errors import InputError
from ..page_text import Found, Request, language_of, objects_in, readings, requests_in
from ..schema import Note

__all__ = ["RunComfy"]

_NAME = "runcomfy"
_SEGMENT = r"[A-Za-z0-9_.-]+"
_ID = re.compile(rf"{_SEGMENT}(?:/{_SEGMENT}){{1,4}}")
_HOST = r"(?:https?://)?(?:[a-z0-9-]+\.)?runcomfy\.(?:net|com)"
_MODEL_URL = re.compile(rf"{_HOST}/v1/models/({_ID.pattern})/?(?:[?#]\S*)?", re.IGNORECASE)
_BARE_LINE = re.compile(rf"\bPOST\s+(?:{_HOST})?/v1/models/({_ID.pattern})", re.IGNORECASE)
_OURS = re.compile(r"model-api\.runcomfy\.net|modelApiDoc_|\bapi\.runcomfy\.net/prod/v\d", re.IGNORECASE)
_OTHER_PRODUCT = re.compile(r"runcomfy\.net/prod/v\d|/v1/models/(?:\{|<|:[a-z])", re.IGNORECASE)
_SCHEMA_BEGUN = re.compile(r"[\"“]properties[\"”]\s*+[:：]")
_TITLE_MOST = 150  # letters; a longer line before the id is prose
_LIMIT = re.compile(r"([^\s\d,;:.(，：；。、（]{2,12})\s{0,2}(?:≤|<=)\s{0,2}([0-9]{1,4})\s{0,2}(?:MB|Mo|МБ)")
_LIMIT_WORDS = {
    "image": ("image", "图", "圖", "画像", "이미지", "immagin", "bild", "изображ"),
    "video": ("video", "vidéo", "视频", "影片", "動画", "동영상", "비디오", "видео"),
}


@dialect(rank=10)
class RunComfy:
    """A page of the Model API: quick start in curl, then the input and the output schema as JSON."""

    name = _NAME

    def recognises(self, text: str) -> bool:
        """By its API's host, or by the names of its untranslated sentences."""
        return _OURS.search(text) is not None

    def read(self, text: str) -> Page:
        """The page.

        Raises:
            InputError: The request line or the input schema is missing (`error.page_cut`), or the page is about another
                product, which has no model ids (`error.page_no_model`).
        """
        refusal: InputError | None = None
        for reading in readings(text):
            try:
                return _read(reading)
            except InputError as error:
                refusal = refusal or error
        raise refusal or cut_page(_NAME, "request_line", "input_schema")  # there always is a reading


def _read(text: str) -> Page:
    requests = list(requests_in(text))
    orders = _orders(requests)
    ids = list(dict.fromkeys(model for model, _ in orders)) or list(dict.fromkeys(_BARE_LINE.findall(text)))
    found = [each for each in objects_in(text) if not each.part]
    begins = orders[0][1].start if orders else 0
    inputs = _inputs(found, begins)
    if not ids or inputs is None:
        raise _refusal(text, ids, inputs)
    bodies = [request for model, request in orders if model == ids[0]]
    return Page(
        provider=_NAME, model=ids[0], dialect=_NAME, schema=inputs.value,
        title=_title(text[:begins], ids[0]),
        language=_language(text, inputs),
        sample=next((request.body for request in bodies if request.body is not None), {}),
        outputs=_outputs(found, inputs.end),
        limits=_limits(text),
        notes=tuple(_notes(ids, bodies)),
    )


def _orders(requests: list[Request]) -> list[tuple[str, Request]]:
    """The requests that name a model, with its id; those that post, where there are any."""
    named = [(match[1].rstrip("."), request) for request in requests if (match := _MODEL_URL.fullmatch(request.url))]
    return [pair for pair in named if pair[1].method == "POST"] or named


def _inputs(found: list[Found], begins: int) -> Found | None:
    """The input schema: the first one behind the first request, else the first at all."""
    fit = [each for each in found if _is_inputs(each.value)]
    return next((each for each in fit if each.start > begins), fit[0] if fit else None)


def _is_inputs(value: Mapping[str, Any]) -> bool:
    """An object schema. One of outputs that is written the long way has `output` alone."""
    properties, said = value.get("properties"), value.get("type", "object")
    if not isinstance(properties, Mapping) or "object" not in (said if isinstance(said, list) else [said]):
        return False
    return set(properties) != {"output"} and (not properties or any(isinstance(part, Mapping) for part in properties.values()))


def _outputs(found: list[Found], begins: int) -> Mapping[str, object]:
    """What `output` holds in the first object behind the inputs that has this key alone."""
    for each in found:
        whole = each.value.get("properties") if "properties" in each.value else each.value
        if each.start >= begins and isinstance(whole, Mapping) and set(whole) == {"output"}:
            return dict(each.value)
    return {}


def _refusal(text: str, ids: list[str], inputs: Found | None) -> InputError:
    if not ids and _OTHER_PRODUCT.search(text):
        return InputError(
            "This page of RunComfy is about no single model: its requests name none.",
            next_step="Open the model itself and copy its API page; a deployed workflow has no such page.",
            key="error.page_no_model",
        )
    missing = [] if ids else ["request_line"]
    if inputs is None:
        missing.append("schema_end" if _SCHEMA_BEGUN.search(text) else "input_schema")
    return cut_page(_NAME, *missing)


def _notes(ids: list[str], orders: list[Request]) -> Iterator[Note]:
    if len(ids) > 1:
        yield Note("", "several_models", ids, ids[0])
    if orders and all(order.unread for order in orders):
        yield Note("", "sample_unread", "--data", None)


def _title(head: str, model_id: str) -> str:
    """The page's heading: the line above the one that holds nothing but the id."""
    lines = [line.strip().lstrip("#").strip() for line in head.splitlines()]
    lines = [line for line in lines if line]
    named = [at for at, line in enumerate(lines) if line.strip("`") == model_id] or [
        at for at, line in enumerate(lines) if _ID.fullmatch(line)
    ]
    title = lines[named[0] - 1] if named and named[0] > 0 else ""
    return title if len(title) <= _TITLE_MOST and not title.startswith(("•", "*", "-", "curl")) else ""


def _language(text: str, inputs: Found) -> str:
    """The language of titles and descriptions: told by the schema's own title, else by theirs, else by the prose."""
    title = inputs.value.get("title")
    told = language_of(title) if isinstance(title, str) and "modelApiDoc_" not in title else ""
    if told:
        return told
    words = " ".join(_words(inputs.value["properties"]))
    prose = re.sub(r"\S*[_/=:\\]\S*|--\w+|\bcurl\b", " ", text[:inputs.start])
    return language_of(words) or (language_of(prose) if "modelApiDoc_" not in text else "") or "en"


def _words(properties: Mapping[str, Any]) -> Iterator[str]:
    for part in properties.values():
        for key in ("title", "description"):
            if isinstance(part, Mapping) and isinstance(part.get(key), str):
                yield part[key]


def _limits(text: str) -> Mapping[str, int]:
    """How large a file the page advises, in bytes by medium: `images ≤ 50 MB (~4K), videos ≤ 100 MB`."""
    found: dict[str, int] = {}
    for word, number in _LIMIT.findall(text):
        for medium, words in _LIMIT_WORDS.items():
            if any(known in word.lower() for known in words):
                found.setdefault(medium, int(number) * 1_000_000)
    return found
