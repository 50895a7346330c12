"""Values with a meaning of their own: the number that stands for chance, and defaults told in words only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .clauses import Sentence, number
from .limits import Remark
from .words import WHEN

__all__ = ["chance", "defaults"]

_CHANCE = re.compile(r"(?<=\ba )random seed|\brandom(?! seed| number)|随机(?!种子|数)|隨機(?!種子|數)|ランダム(?!シード)|무작위|\bcasual[ei]\b|\baléatoire|\bzufäll|случайн|\baleatori")
_STANDS_FOR = re.compile(r"(?<![\w.,-])(-1|0)(?![\w.:%-]|,\d)")
_A_RANGE = re.compile(r"-?\d+ ?(?:-|to|~|到|至) ?\d+")
_DEFAULT = re.compile(
    r"(?:\bdefaults?(?: value)?(?: is| to|:)*|默认(?:值)?(?:为|是|:)?|預設(?:值)?(?:為|是|:)?|デフォルト(?:値)?(?:は|:)?|기본값(?:은|:)?|\bpredefinit[oa]:?|\bpar défaut:?"
    r"|\bstandardwert:?|по умолчанию:?) ?:? ?(?P<value>[^\s,;()]{1,60})",
    re.IGNORECASE,
)
_QUOTES = "\"'`*“”‘’「」"


def chance(name: str, said: Iterable[Sentence]) -> Iterator[Remark]:
    """The value of a seed that means "another one each time": "Use -1 for random", "0 to let the provider randomize"."""
    if "seed" not in name.lower():
        return
    for sentence in said:
        found = set(_STANDS_FOR.findall(sentence.whole))
        if len(found) == 1 and _CHANCE.search(sentence.whole) and not _A_RANGE.search(sentence.whole):
            yield Remark("random_value", {"value": number(found.pop())}, False, sentence.said)


def defaults(said: Iterable[Sentence], part: Mapping[str, Any]) -> Iterator[Remark]:
    """A default told in words, where the schema has none or another one. Only ever shown: silence is not a value."""
    for sentence in said:
        found = _DEFAULT.search(sentence.said)
        value = found["value"].strip(_QUOTES).rstrip(".:") if found else ""
        if value and not WHEN.search(sentence.whole) and _could_be(part, value) and str(part.get("default")).lower() != value.lower():
            yield Remark("default", {"value": value}, False, sentence.said)


def _could_be(part: Mapping[str, Any], value: str) -> bool:
    listed = part.get("enum")
    if isinstance(listed, list):
        return any(str(each) == value for each in listed)
    if part.get("type") in ("boolean", "bool"):
        return value.lower() in ("true", "false")
    return part.get("type") in ("number", "integer", "float", "int") and bool(re.fullmatch(r"-?\d{1,12}(?:\.\d{1,6})?", value))
