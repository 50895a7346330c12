"""Limits in prose: sizes and types of files, how many, how long, between what and what.

A limit is certain when its sentence says so of this field, without a condition, for one value at a time, and no other
sentence says otherwise; all else is a remark to be shown. "Max size: 30.0MB", "supports up to 14 images", "最多 9 张",
"Must be between 3 and 5000 characters", "Range: [0, 2147483647]".
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from .clauses import Quantity, Sentence
from .words import (
    ADVISED, AFTER_LEAST, AFTER_MOST, EXACTLY, LEAST, MOST, NEGATED, OTHERS_PASS, PER, RANGE, TOGETHER, WHEN,
)

__all__ = ["Medium", "Remark", "as_said", "bounds", "counts", "files", "files_of_items", "lengths", "listed_values", "one_voice", "ranges"]

Medium = Literal["image", "video", "audio", "file"]


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing a description says: a code and its numbers, whether it is certain, and the sentence that says it."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict, hash=False)
    certain: bool = False
    said: str = ""


_FORMATS: Mapping[str, str] = {
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp", "gif": "image/gif", "bmp": "image/bmp",
    "tiff": "image/tiff", "tif": "image/tiff", "heic": "image/heic", "heif": "image/heif", "avif": "image/avif",
    "mp4": "video/mp4", "mov": "video/quicktime", "quicktime": "video/quicktime", "webm": "video/webm", "mkv": "video/x-matroska",
    "x-matroska": "video/x-matroska", "avi": "video/x-msvideo", "mp3": "audio/mpeg", "mpeg": "audio/mpeg", "wav": "audio/wav",
    "x-wav": "audio/wav", "aac": "audio/aac", "ogg": "audio/ogg", "flac": "audio/flac", "m4a": "audio/mp4",
}
_SAME: Mapping[str, str] = {"image/jpg": "image/jpeg", "audio/x-wav": "audio/wav", "audio/mp3": "audio/mpeg", "audio/m4a": "audio/mp4"}
_FORMAT = re.compile(rf"(?<![a-z0-9.-])(?:(image|video|audio)/([a-z0-9][a-z0-9.+-]{{1,20}})|({'|'.join(_FORMATS)}))(?![a-z0-9])")
_SAYS_FORMATS = re.compile(
    r"\b(?:accept|support|format|type)|类型|類型|格式|支持|支援|形式|対応|フォーマット|형식|지원|formati|formate|поддержив|формат"
)
_JOINED = re.compile(r"[ ,/、|]*(?:or|and|和|或|及|と|や|e|o|oder|und|et|ou|и|или)?[ /]*")
_ONE_MORE = re.compile(r" ?(?:,|/|、| or | and |和|或)(?: ?(?:or|and))? ?(?!max|min|size|up to|less|under|single)[a-z][a-z0-9.]{1,8}\b(?! (?:format|file|image|video))")
_OTHER_FORMATS = re.compile(r"\bother (?:formats|types)|其他格式|その他の形式")
_ABOUT_OUTPUT = re.compile(r"\boutput|\bresult|\bgenerated (?:image|video)|输出|輸出|出力|생성된")
_ABOUT_FILE = re.compile(
    r"(?:aspect ratio|total pixel|bitrate|frame rate|宽高比|寬高比|总像素|總像素|帧率|码率|アスペクト比)(?! of the generated)[^\d]{0,60}\d"
)
_SIZE = re.compile(r"\bsize|\bmax|at most|up to|no more|以内|以下|大小|单张|单个|每张|最大|体积|容量|サイズ|크기|größe|taille|dimensione|размер|\bfile|文件|\bmust|not exceed|no larger|less than|under|不超过|小于")
_LENGTH_LABEL = re.compile(r"length|characters|长度|長度|字数|文字数|길이|lunghezza|länge|longueur|длина")
_LABELS: Mapping[str, str] = {
    **dict.fromkeys(("min", "minimum", "最小值", "最小"), "minimum"), **dict.fromkeys(("max", "maximum", "最大值", "最大"), "maximum"),
    **dict.fromkeys(("step", "步长", "步長", "ステップ"), "step"),
}
_LABEL_END = re.compile(rf"(?:\A|[^a-z])({'|'.join(sorted(_LABELS, key=len, reverse=True))})(?: value)?:? ?\Z")


def bounds(quantity: Quantity) -> tuple[float | None, float | None] | None:
    """The least and the most a quantity allows by the words around it, or None where it limits nothing."""
    if quantity.high is not None:
        return (quantity.low, quantity.high) if quantity.low < quantity.high else None
    if AFTER_MOST.search(quantity.after) or MOST.search(quantity.before):
        return None, quantity.low
    if AFTER_LEAST.search(quantity.after) or LEAST.search(quantity.before):
        return quantity.low, None
    return (quantity.low, quantity.low) if EXACTLY.search(quantity.before) else None


def files(medium: Medium, said: Iterable[Sentence]) -> Iterator[Remark]:
    """What a file may weigh and be: `max_bytes`, `advised_bytes`, `total_bytes`, `mimes`, and what only a look inside tells."""
    said = tuple(said)
    others = any(_OTHER_FORMATS.search(sentence.text) for sentence in said)
    for sentence in said:
        yield from (replace(remark, certain=remark.certain and not others) for remark in _types(medium, sentence))
        if _ABOUT_FILE.search(sentence.whole):
            yield as_said(sentence)
        for quantity in sentence.quantities():
            span = bounds(quantity)
            if span is None or _ABOUT_OUTPUT.search(sentence.text):
                continue
            if quantity.unit == "bytes" and span[1] is not None and _SIZE.search(sentence.text):
                yield _weight(sentence, int(span[1]))
            elif quantity.unit in ("seconds", "pixels", "fps") and medium != "file":
                together = "total_" if TOGETHER.search(quantity.before + quantity.after) and quantity.unit == "seconds" else ""
                yield _span(f"file_{together}{quantity.unit}", span, sentence)


def _weight(sentence: Sentence, limit: int) -> Remark:
    if TOGETHER.search(sentence.text):
        return Remark("total_bytes", {"limit": limit}, False, sentence.said)
    if ADVISED.search(sentence.text):
        return Remark("advised_bytes", {"limit": limit}, not WHEN.search(sentence.whole), sentence.said)
    return Remark("max_bytes", {"limit": limit}, not WHEN.search(sentence.whole), sentence.said)


def _types(medium: Medium, sentence: Sentence) -> Iterator[Remark]:
    """MIME types of the field's own medium: a video's text may speak of the sound inside it."""
    if NEGATED.search(sentence.text) or _ABOUT_OUTPUT.search(sentence.text):
        return
    named = list(_FORMAT.finditer(sentence.text))
    mimes = [f"{each[1]}/{each[2]}" if each[1] else _FORMATS[each[3]] for each in named]
    known = [mime for each in mimes if (mime := _SAME.get(each, each)).startswith(f"{medium}/")]
    if not known:
        return
    gaps = [sentence.text[one.end() : other.start()] for one, other in itertools.pairwise(named)]
    whole = all(map(_JOINED.fullmatch, gaps)) and not _ONE_MORE.match(sentence.text, named[-1].end())
    certain = whole and bool(_SAYS_FORMATS.search(sentence.text)) and not OTHERS_PASS.search(sentence.text)
    yield Remark("mimes", {"mimes": tuple(dict.fromkeys(known))}, certain and not WHEN.search(sentence.whole), sentence.said)


def _span(code: str, span: tuple[float | None, float | None], sentence: Sentence, *, certain: bool = False) -> Remark:
    low, high = span
    if low is None:
        return Remark(f"{code}_most", {"limit": high}, certain, sentence.said)
    if high is None:
        return Remark(f"{code}_least", {"limit": low}, certain, sentence.said)
    return Remark(f"{code}_range", {"low": low, "high": high}, certain, sentence.said)


def files_of_items(said: Iterable[Sentence]) -> Iterator[Remark]:
    """What a list of objects says of the files inside them: only as the page has it."""
    for sentence in said:
        if any(quantity.unit in ("bytes", "seconds") and bounds(quantity) for quantity in sentence.quantities()):
            yield as_said(sentence)


def counts(said: Iterable[Sentence], own: frozenset[float]) -> Iterator[Remark]:
    """How many a list may hold: `min_items`, `max_items`. `own` are the schema's own limits: what repeats them is no news."""
    for sentence in said:
        for quantity in sentence.quantities():
            span = bounds(quantity) if quantity.unit == "items" else None
            if span is None:
                continue
            loose = any(word.search(sentence.whole) for word in (ADVISED, TOGETHER, PER, WHEN, OTHERS_PASS, _ABOUT_OUTPUT))
            yield from _ends("items", span, loose, sentence, own)


def lengths(said: Iterable[Sentence], own: frozenset[float]) -> Iterator[Remark]:
    """How long a text may be: `min_length`, `max_length`; `advised_length` and `advised_words`, which nobody enforces."""
    for sentence in said:
        for quantity in sentence.quantities():
            unit = quantity.unit or ("characters" if _LENGTH_LABEL.search(quantity.before) else "")
            span = bounds(quantity) or (AFTER_MOST.search(quantity.after) and (None, quantity.low))
            if unit not in ("characters", "words") or not span:
                continue
            advised = ADVISED.search(sentence.text)
            if unit == "words" and span[1] is not None:
                yield Remark("advised_words", {"limit": int(span[1])}, not WHEN.search(sentence.whole), sentence.said)
            elif advised and span[1] is not None:
                yield Remark("advised_length", {"limit": int(span[1])}, False, sentence.said)
            elif unit == "characters":
                loose = quantity.odd or any(word.search(sentence.whole) for word in (TOGETHER, PER, WHEN, OTHERS_PASS))
                yield from _ends("length", span, loose, sentence, own)


def _ends(
    what: str, span: tuple[float | None, float | None], loose: bool, sentence: Sentence, own: frozenset[float]
) -> Iterator[Remark]:
    """Both ends; where the sentence has an "if" or counts something else, only its words."""
    low, high = span
    if loose:
        if not {low, high} - {None} <= own:
            yield as_said(sentence)
        return
    if low is not None and low >= 0:
        yield Remark(f"min_{what}", {"limit": int(low)}, True, sentence.said)
    if high is not None and high > 0:
        yield Remark(f"max_{what}", {"limit": int(high)}, True, sentence.said)


def as_said(sentence: Sentence) -> Remark:
    """The sentence itself, for what has no better form."""
    return Remark("condition", {"text": sentence.around}, False, sentence.around)


def ranges(said: Iterable[Sentence]) -> Iterator[Remark]:
    """Between what and what a number may be, and in which steps: `minimum`, `maximum`, `step`.

    "Video duration in 4-15 seconds" is no certain range: -1 may stand for "automatic" all the same, and does in one model.
    """
    for sentence in said:
        for quantity in sentence.quantities():
            if quantity.unit not in ("", "seconds"):
                continue
            loose = any(word.search(sentence.whole) for word in (ADVISED, WHEN, TOGETHER, OTHERS_PASS))
            if label := _LABEL_END.search(quantity.before):
                code = _LABELS[label[1]]
                yield Remark(code, {"limit": quantity.low}, not loose, sentence.said)
            elif quantity.high is not None and quantity.low < quantity.high:
                if loose or _BETWEEN_OTHERS.search(sentence.text):
                    yield as_said(sentence)
                    continue
                certain = bool(RANGE.match(quantity.before.strip()))
                yield Remark("minimum", {"limit": quantity.low}, certain, sentence.said)
                yield Remark("maximum", {"limit": quantity.high}, certain, sentence.said)


_BETWEEN_OTHERS = re.compile(r"\bdifference\b|\btrimmed\b|\beach\b|差|之差|差值")


def listed_values(said: Iterable[Sentence]) -> Iterator[Remark]:
    """The values a number may have, told in words only: "Must be one of the following values: 0.0, 0.5, or 1.0"."""
    for sentence in said:
        if found := _ONE_OF.search(sentence.text):
            values = _NUMBER_ALONE.findall(sentence.text[found.end() :])
            if len(values) > 1 and not any(each.high for each in sentence.quantities()) and not WHEN.search(sentence.whole):
                yield Remark("values", {"values": ", ".join(values)}, False, sentence.said)


_ONE_OF = re.compile(r"\bone of(?: the following)?(?: values)?|\b(?:available|allowed|valid|supported) values(?: are)?|\boptions|可选值|可選值|取值(?!范围|範圍)|指定可能な値")
_NUMBER_ALONE = re.compile(r"(?<![\w.-])-?\d{1,9}(?:\.\d{1,6})?(?![\w%:-]|\.\d)")


def one_voice(remarks: Iterable[Remark]) -> tuple[Remark, ...]:
    """The remarks, each once; limits that contradict each other are certain no more, lists of types are joined."""
    found = list(dict.fromkeys(remarks))
    out: list[Remark] = []
    for remark in found:
        alike = [each for each in found if each.code == remark.code and each.certain]
        if remark.code == "mimes" and remark.certain:
            joined = dict.fromkeys(mime for each in alike for mime in each.params["mimes"])  # type: ignore[attr-defined]  # a tuple
            remark = replace(remark, params={"mimes": tuple(joined)})
        elif len({each.params.get("limit") for each in alike}) > 1:
            remark = replace(remark, certain=False)
        if not any(remark.code == each.code and remark.params == each.params for each in out):
            out.append(remark)
    return tuple(out)
