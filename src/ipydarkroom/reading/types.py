"""Types and values as pages write them: `enum<string>`, `string<uri>[]`, `"5"`, `0 <= x <= 1`, `2 - 49 (step: 1)`.

A value is read as its field's type says: under `enum<string>` the five of "可用选项：`5`" is the word "5", under
`enum<integer>` the number.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from .labels import NO, OPTIONAL, REQUIRED, YES, subject_of

__all__ = ["MISSING", "Range", "Tail", "Type", "number_in", "range_in", "tail_in", "type_in", "type_line", "value_in", "values_in"]

MISSING = object()
"""No value: nothing is said, or the page says that there is none."""

_BASES = {
    "string": "string|str|text|字符串|文本|字串|文字列|テキスト", "integer": "integer|int|int32|int64|long|整数|整数型|整數",
    "number": "number|float|double|decimal|数字|数值|浮点数|小数|數字|數值|浮點數|数値|浮動小数点数",
    "boolean": "boolean|bool|布尔|布尔值|布林|布林值|布爾值|真偽値|ブール|ブール値|論理値",
    "object": "object|dict|map|json|json object|对象|物件|オブジェクト", "array": "array|list|数组|列表|陣列|清單|配列|リスト",
    "enum": "enum|枚举|列舉|枚舉|列挙型", "any": "any|mixed", "null": "null",
}
_BASE_OF = {word: base for base, words in _BASES.items() for word in words.split("|")}
_BASE = "|".join(sorted((re.escape(word) for word in _BASE_OF), key=len, reverse=True))
_TYPE = (
    rf"(?:{_BASE})(?![\w-])(?:\s?<[\w<>.\s-]{{1,60}}>(?:\s?\[\])*)?(?:\s?\[[\w<>{{}}.\s-]{{0,60}}\])*(?:\s?\{{\d{{1,3}}\}})?"
    rf"(?:\s?of\s(?:{_BASE})s?)?(?:\s?\|\s?null)?"
)
_LINE = re.compile(rf"[*_]{{0,3}}`{{0,2}}(?P<type>{_TYPE})`{{0,2}}[*_]{{0,3}}(?P<tail>.*)$", re.IGNORECASE | re.DOTALL)
_NOTHING = frozenset(("", "-", "–", "—", "none", "无", "無", "なし", "n/a", "null", "undefined", "未设置", "空"))
_NUMBER = r"[-−]?\d{1,18}(?:\.\d{1,12})?"
_BETWEEN = re.compile(rf"({_NUMBER})\s*(<=?|≤|＜|⩽)\s*[a-z]\w*\s*(<=?|≤|＜|⩽)\s*({_NUMBER})", re.IGNORECASE)
_ONE_SIDED = re.compile(rf"(>=?|<=?|≥|≤)\s*({_NUMBER})")
_SPAN = re.compile(rf"({_NUMBER})\s*(?:-|–|—|~|～|〜|至|到|to|から|,|，|\.\.\.?)\s*({_NUMBER})", re.IGNORECASE)
_STEP = re.compile(rf"(?:step|步长|步長|刻み|ステップ)\s*[:：]?\s*({_NUMBER})", re.IGNORECASE)
_CODE = re.compile(r"(`{1,3})(.+?)\1", re.DOTALL)
_HALF_CODE = re.compile(r"`([^`*\n]{1,80})\*\*")  # code that a slip closed as bold
_ALONE = re.compile(r"`{1,3}([^`\n]+)`{1,3}[^\w`]{0,4}$")
_MEANING = re.compile(r"\s*[(（]([^()（）]{1,60})[)）]|\s*[:：=]\s*([^,，、;；\n`]{1,80})|\s+[-–—]\s+([^,，、;；\n`]{1,80})")
_PIECES = re.compile(r"(?:`[^`]*`|\"[^\"\n]*\"|[^,，、;；·|\n()（）`\"]|[`\"])+")
_PLACES = frozenset(("header", "body", "query", "path", "nullable", "read-only", "write-only", "readonly"))
_DEEPEST = 6
_LONGEST = 400  # letters of a type with what stands behind it


@dataclass(frozen=True, slots=True)
class Type:
    """A type in JSON Schema's words. `listed` marks an enum whose values follow, `children` how many fields it holds."""

    base: str
    format: str = ""
    items: Type | None = None
    listed: bool = False
    nullable: bool = False
    children: int | None = None


@dataclass(frozen=True, slots=True)
class Tail:
    """What stands behind a type: `(required, default: "x")`."""

    required: bool | None = None
    default: str | None = None
    deprecated: bool = False
    bounds: str = ""


@dataclass(frozen=True, slots=True)
class Range:
    """Bounds and step; None where not said."""

    minimum: float | None = None
    maximum: float | None = None
    open_minimum: bool = False
    open_maximum: bool = False
    step: float | None = None


def type_in(text: str, depth: int = 0) -> Type | None:
    """The type that a text is, or None where it is something else."""
    word = re.sub(r"\s+", " ", text.strip(" `*_.。\t\n").replace("&lt;", "<").replace("&gt;", ">").replace("\\<", "<")).lower()
    if depth > _DEEPEST or not word or len(word) > 80:
        return None
    nullable = bool(re.search(r"\s?\|\s?null$", word))
    word = re.sub(r"\s?\|\s?null$", "", word)
    children = None
    if counted := re.search(r"\s?\{(\d{1,3})\}$", word):
        children, word = int(counted[1]), word[: counted.start()]
    if word.endswith("[]"):
        return _list_of(type_in(word[:-2], depth + 1), nullable)
    if inside := re.fullmatch(r"(array|list)\s?[<\[](.+)[>\]]", word) or re.fullmatch(r"(array|list) of (.+?)s?", word):
        return _list_of(type_in(inside[2], depth + 1), nullable)
    if inside := re.fullmatch(r"enum\s?[<(\[](.+)[>)\]]", word):
        found = type_in(inside[1], depth + 1)
        return Type(found.base, found.format, found.items, True, nullable, children) if found else None
    if inside := re.fullmatch(r"([^<>]+?)\s?<([\w.\s-]+)>", word):
        base = _BASE_OF.get(inside[1])
        return Type(base, inside[2].strip(), nullable=nullable, children=children) if base else None
    if word.endswith(("数组", "陣列", "の配列")):
        return _list_of(type_in(re.sub("(数组|陣列|の配列)$", "", word), depth + 1), nullable) if word not in _BASE_OF else Type("array")
    base = _BASE_OF.get(word)
    if base is None:
        return None
    return Type("string", listed=True, nullable=nullable) if base == "enum" else Type(base, nullable=nullable, children=children)


def _list_of(items: Type | None, nullable: bool) -> Type | None:
    return Type("array", items=items, nullable=nullable, children=items.children) if items else None


def type_line(text: str) -> tuple[Type, Tail] | None:
    """A type and what stands behind it, or None where the text is a sentence."""
    found = _LINE.match(text.strip()) if len(text) <= _LONGEST else None
    if not found:
        return None
    kind, tail = type_in(found["type"]), tail_in(found["tail"])
    return (kind, tail) if kind and tail else None


def tail_in(text: str) -> Tail | None:
    """`required`, `optional`, a place, `default: x`, a bound; None where there is any other word."""
    rest = text.strip(" \t*·•-–|,，;；")
    if rest.startswith(("(", "（")) and rest.endswith((")", "）")):
        rest = rest[1:-1]
    required, default, deprecated, bounds = None, None, False, list[str]()
    for piece in _PIECES.findall(rest):
        word = piece.strip(" `*_")
        if "default" in word.lower() and (said := re.match(r"\W*default(?:\s?value)?\s*[:：=]\s*(.*)$", piece, re.IGNORECASE)):
            default = said[1]
            continue
        label, colon, value = re.sub("：", ":", piece).partition(":")
        if colon and subject_of(label) == "default":
            default = value.strip()
        elif word.lower() in REQUIRED or word.lower() in OPTIONAL:
            required = word.lower() in REQUIRED
        elif subject_of(word) == "deprecated":
            deprecated = True
        elif re.match(r"[<>]=?\s*\d", word):
            bounds.append(word)
        elif not word or word.lower() in _PLACES:
            continue
        elif (words := word.lower().split()) and all(one in REQUIRED | OPTIONAL | _PLACES for one in words):
            required = any(one in REQUIRED for one in words)
        else:
            return None
    return Tail(required, default, deprecated, " ".join(bounds))


def value_in(text: str, kind: Type | None) -> object:
    """A value as its type says, or MISSING."""
    coded = "`" in text or '"' in text
    alone = _ALONE.match(text.strip())
    bare = (alone[1] if alone else text.strip().strip("`")).strip()
    if not coded and bare.lower().strip(" .。") in _NOTHING:
        return MISSING
    base = kind.base if kind else ""
    if base == "string":
        return _word(bare)
    if base in ("number", "integer"):
        number = number_in(bare.strip('"'))
        return MISSING if number is None else number
    if base == "boolean":
        word = bare.strip('".。').lower()
        return word in YES if word in YES or word in NO else MISSING
    found = _json(bare)
    if base == "array" and found is MISSING and re.match(r"https?://\S+$", bare):
        return [bare]
    if base in ("array", "object"):
        return found if isinstance(found, list if base == "array" else dict) else MISSING
    return _word(bare) if found is MISSING else found


def values_in(text: str, kind: Type | None, *, verbatim: bool = False) -> list[tuple[object, str]]:
    """The values of a list, each with its meaning where one is written beside it: "`2:3` (portrait), `3:2`".

    `verbatim` keeps what is in brackets with a value that is not in code: "American (South)".
    """
    found = []
    text = _HALF_CODE.sub(r"`\1`", text)
    coded = list(_CODE.finditer(text))
    for at, match in enumerate(coded):
        end = coded[at + 1].start() if at + 1 < len(coded) else len(text)
        meaning = _MEANING.match(text[match.end() : end])
        found.append((match[2].strip(), next((one for one in meaning.groups() if one), "").strip() if meaning else ""))
    if not coded:
        pieces = [text] if _json(text.strip()) is not MISSING else re.split(r"[,，、;；]\s*|\s+\|\s+|\s+/\s+|\n", text.strip(" \t。."))
        listed = _json(text.strip())
        pieces = [json.dumps(one, ensure_ascii=False) for one in listed] if isinstance(listed, list) else pieces
        for piece in pieces:
            meaning = None if verbatim else re.match(r"(\"[^\"\n]*\"|'[^'\n]*'|[^()（）]+?)\s*[(（]([^()（）]{1,60})[)）]$", piece.strip())
            found.append((meaning[1].strip(), meaning[2].strip()) if meaning else (piece.strip(), ""))
    read = [(value_in(f"`{word}`", kind or Type("string")), meaning) for word, meaning in found if word.strip()]
    return [(value, meaning) for value, meaning in read if value is not MISSING]


def _word(bare: str) -> object:
    found = _json(bare) if bare.startswith('"') else MISSING
    if isinstance(found, str):
        return found
    return bare[1:-1] if len(bare) > 1 and bare[0] == bare[-1] == "'" else bare


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return MISSING


def number_in(text: str) -> float | None:
    """The first number of a text; thousands may have commas."""
    found = re.search(_NUMBER, re.sub(r"(?<=\d),(?=\d{3}\b)", "", text))
    if not found:
        return None
    word = found.group().replace("−", "-")
    return float(word) if "." in word and not float(word).is_integer() else int(float(word)) if "." in word else int(word)


def range_in(text: str) -> Range:
    """The bounds in a text: `0.1 <= x <= 1`, `x > 0`, `2 - 49 (step: 1)`, `1 至 6`."""
    said = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text.replace("`", " ").replace("&lt;", "<").replace("&gt;", ">"))
    step = _STEP.search(said)
    by = number_in(step[1]) if step else None
    if both := _BETWEEN.search(said):
        return Range(number_in(both[1]), number_in(both[4]), both[2] in "<＜", both[3] in "<＜", by)
    low: dict[str, object] = {}
    for sign, number in _ONE_SIDED.findall(said):
        end = "minimum" if sign[0] in ">≥" else "maximum"
        low.setdefault(end, number_in(number))
        low.setdefault(f"open_{end}", sign in "<>")
    if low:
        return Range(**low, step=by)  # type: ignore[arg-type]  # the names and kinds of Range itself
    if span := _SPAN.search(said):
        return Range(number_in(span[1]), number_in(span[2]), step=by)
    return Range(step=by)
