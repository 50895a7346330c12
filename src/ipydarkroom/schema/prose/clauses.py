"""A description taken apart: into sentences, and each into the quantities it names ("up to 14 images", "1~14 张").

Foreign text in any language. Every pattern here runs in time proportional to its text (no nested repeats), and no more
than the first few thousand letters are read: of 48,000 public descriptions the longest has 742, and those that list a
hundred voices say their limits at the start.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

__all__ = ["Quantity", "Sentence", "Unit", "number", "sentences"]

Unit: TypeAlias = Literal["bytes", "characters", "words", "items", "seconds", "minutes", "pixels", "fps", ""]

_MOST_LETTERS = 4_000
_MOST_SENTENCES = 80
_MOST_SENTENCE = 600  # letters; a longer one is cut, as what it says is read and shown whole
_MARKUP = re.compile(r"[`*\"“”‘’「」『』]|(?<!\w)'|'(?!\w)")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−〜~", "-"))
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3}){1,4}(?![\d,])")
_GROUPED_ABROAD = re.compile(r"(?<![\d.,])(\d{1,3})[. ](\d{3})(?= ?(?:caratter|caract|zeichen|символ|знак|mots|w[oö]rter|parole))")
_END = re.compile(r"[;!?。;…\n]|\.(?=\s|$|[^\W\d_])(?<!\bi\.)(?<!\be\.)(?<!\bg\.)(?<!max\.)(?<!min\.)", re.IGNORECASE)
_BULLET = re.compile(r"\A\s*(?:[-*•·#]|\d+[.)])\s+")
_ASIDE = re.compile(r"[()【】]")
_SPELT = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10",
    "一": "1", "二": "2", "三": "3", "四": "4", "五": "5", "六": "6", "七": "7", "八": "8", "九": "9", "十": "10", "两": "2", "兩": "2",
}
_SPELT_WORD = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten)\b(?= to | [a-z]{0,12} ?(?:image|video|file|element|item|url|audio|picture))"
    r"|[一二三四五六七八九十两兩](?=[张張个個段枚件条條份])"
)
_UNITS: tuple[tuple[Unit, str], ...] = (
    ("bytes", r"[kmg]i?b(?:ytes?)?(?![a-z])|[кмг]б|[kmg]o(?![a-z])|(?:kilo|mega|giga)(?:byte|octet)s?|メガバイト|兆(?:字节|位元組)?|m(?![a-z])"),
    (
        "characters",
        (r"(?:unicode )?(?:characters?|chars?|letters)(?![a-z])|(?:个|個)?(?:字符(?!串)|字元(?!串))|文字|글자|자(?![a-z])|caratter[ei]|caract[eè]res?|zeichen"
        r"|символ\w{0,3}|знак\w{0,3}"),
    ),
    ("words", r"words?(?![a-z])|(?:个|個)?(?:英文|英語)?(?:单词|單詞|單字)|単語|語(?=以内|以下|まで)|단어|parol[ae](?![a-z])|mots?(?![a-z])|w[oö]rter|слов\w{0,2}"),
    ("fps", r"fps(?![a-z])|frames per second|帧/秒"),
    ("minutes", r"min(?:utes?)?(?![a-z])|分钟|分鐘|분|minut[ei]n?(?![a-z])|минут\w{0,2}"),
    ("seconds", r"s(?:ec(?:ond)?s?)?(?![a-z])|秒|초|secondi|secondes?|sekunden?|секунд\w{0,2}"),
    ("pixels", r"px(?![a-z])|pixels?(?![a-z])|像素|ピクセル|画素|픽셀|пиксел\w{0,2}"),
    (
        "items",
        (r"(?:(?:reference|input|source|style|mask|video|audio|image|url|color|one-time) )?"
        r"(?:images?|pictures?|photos?|files?|items?|ids?|urls?|links?|videos?|audios?|clips?|masks?|elements?|colou?rs?|shots?|boxes)(?![a-z])(?! (?:slots?|tokens?|size))"
        r"|immagin[ei]|bilder?(?![a-z])|fichiers?(?![a-z])|изображени\w{0,2}"
        r"|[张張枚](?:参考)?(?:图片|圖片|图像|圖像|图|圖)?|(?:个|個) ?(?:参考)?(?:框|图片|圖片|图像|圖像|文件|檔案|视频|影片|音频|元素|url|字符串|元件)"
        r"|段(?!落)(?:参考)?(?:音频|视频)?|(?:种|種)颜色|件|장"),
    ),
)
_NUMBER = r"-?\d{1,12}+(?:\.\d{1,6}+)?+(?![\d_]|\.\d|[:/×] ?\d)"
_ODD = r"[a-z]{2,12}-(?:chinese|english|latin)|chinese|english|latin|ascii|(?:个|個)?非?[中英]文"
_DIGIT = re.compile(r"\d")  # most sentences have none, and to know that takes a tenth of the time
_QUANTITY = re.compile(
    rf"(?<![a-z0-9_.])(?<!\d[:/×])\[?(?P<low>{_NUMBER})"
    rf"(?: ?(?:s|px|%|[kmg]b)? ?(?:-|to|and|through|bis|und|à|a|e|et|до|и|到|至|から|부터|에서) ?(?P<high>{_NUMBER}))?\]?"
    rf"[ -]?(?P<odd>(?:{_ODD})[ -]?)?(?:{'|'.join(f'(?P<{name}>{words})' for name, words in _UNITS)}|(?![a-z]))",
)
_PAIR = re.compile(r"[\[(] ?(-?[\d.]{1,15}) ?, ?(-?[\d.]{1,15}) ?[\])]")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number, or a range `low`..`high`, with its unit, and the words of its part of the sentence before and after it.

    Bytes are counted in bytes (MB is a million, MiB is 2**20), minutes as seconds. `odd` marks a unit that counts only
    some things ("2500 Chinese characters").
    """

    low: float
    high: float | None
    unit: Unit
    before: str
    after: str
    odd: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, or what stands in a bracket, in lower case and with plain punctuation.

    `said` is as it was written. `whole` is the sentence with its brackets in plain words, `around` as it was written.
    """

    text: str
    said: str
    whole: str
    around: str = ""

    def quantities(self) -> Iterator[Quantity]:
        """Every number of the sentence, in order."""
        if not _DIGIT.search(self.text):
            return
        for part in re.split(r"[,、]", self.text):
            end = 0
            for found in _QUANTITY.finditer(part):
                unit: Unit = next((name for name, _ in _UNITS if found[name]), "")
                scale = _scale(unit, found[unit] if unit else "")
                high = None if found["high"] is None else number(found["high"]) * scale
                shown: Unit = "seconds" if unit == "minutes" else unit
                yield Quantity(
                    number(found["low"]) * scale, high, shown, part[end : found.start()], part[found.end() :], found["odd"] is not None
                )
                end = found.end()


@lru_cache(maxsize=1024)  # a form is often made again from the same words
def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text. A bracket is a sentence of its own, as is each line of a list."""
    kept = unicodedata.normalize("NFKC", text[:_MOST_LETTERS]).replace("・", " ")
    found = []
    for piece in _END.split(_PAIR.sub(r"[\1 - \2]", kept)):
        around = _balanced(_BULLET.sub("", piece).strip())[:_MOST_SENTENCE]
        whole = _plain(around)
        for aside in _ASIDE.split(piece):
            said = _BULLET.sub("", aside).strip()[:_MOST_SENTENCE]
            if plain := _plain(said):
                found.append(Sentence(plain, said, whole, around))
    return tuple(found[:_MOST_SENTENCES])


def number(text: str) -> float:
    """A number as written, whole where it is whole."""
    found = float(text)
    return int(found) if found.is_integer() else found


def _balanced(piece: str) -> str:
    """Without a bracket that was opened or closed in another sentence."""
    if piece.count("(") < piece.count(")"):
        return piece.removesuffix(")")
    return piece.removeprefix("(") if piece.count("(") > piece.count(")") else piece


def _plain(said: str) -> str:
    text = _MARKUP.sub("", said).translate(_DASHES).lower()
    text = _GROUPED.sub(lambda found: found[0].replace(",", ""), text)
    text = _GROUPED_ABROAD.sub(r"\1\2", text)
    text = _SPELT_WORD.sub(lambda found: _SPELT[found[0]], text)
    return " ".join(text.split())


def _scale(unit: str, word: str) -> int:
    if unit == "minutes":
        return 60
    if unit != "bytes":
        return 1
    power = {"k": 1, "к": 1, "m": 2, "м": 2, "メ": 2, "兆": 2, "g": 3, "г": 3}[word[0]]
    return int(1024**power if word[1:3] == "ib" else 1000**power)
