"""Which language a text is in, by its letters and, for those written in Latin letters, by its smallest words.

For the few languages that documentation pages come in. It decides what stands first in a label, never what is sent.
"""

from __future__ import annotations

import re
from collections import Counter

__all__ = ["language_of"]

_LETTERS = (
    ("ja", re.compile(r"[\u3041-\u3096\u30a1-\u30fa]")),  # hiragana, katakana
    ("ko", re.compile(r"[\uac00-\ud7a3\u3131-\u318e]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
)
_HAN = re.compile(r"[\u3400-\u9fff]")
_OF_JAPAN = frozenset("説図圧変広転検総応対発売気楽読実単続縦横")  # characters that only Japanese writes so
_SIMPLIFIED = frozenset("图输构结请详质风产设为应这个们时间长宽动态频数据选择颜认显响随种标题类让关开发内对页说写张单")
_TRADITIONAL = frozenset("圖輸構結請詳質風產設為應這個們時間長寬動態頻數據選擇顏認顯響隨種標題類讓關開發內對頁說寫張單")
_WORDS = {  # English last: its words stand in pages of every language, so at a draw the other one is meant
    "fr": "le la les des du une pour avec est sont dans sur vous votre ou et que qui entrée sortie schéma d'entrée",
    "de": "der die das und ein eine für mit ist sind nicht von zum zur des wird werden oder bild eingabe ausgabe eingabeschema",
    "it": "il lo gli della delle dei di per con che non è una un sono nel immagine usa ingresso uscita l'immagine",
    "en": "the and of to for with is are from your be not this that you when or whether which how used can",
}
_ACCENTS = {"fr": "éêèçœâî", "de": "äöüß", "it": "àòùì"}
_OWN = {code: frozenset(words.split()) for code, words in _WORDS.items()}
_HAN_ONLY = (_SIMPLIFIED - _TRADITIONAL - _OF_JAPAN, _TRADITIONAL - _SIMPLIFIED, _OF_JAPAN - _SIMPLIFIED - _TRADITIONAL)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ENOUGH = 4_000  # letters of a text that are looked at


def language_of(text: str, *, latin: str = "") -> str:
    """The language: `en`, `fr`, `de`, `it`, `ru`, `ko`, `ja`, `zh-cn` or `zh-tw`.

    Args:
        text: Words of a page; code in it should be taken out before.
        latin: What to answer for Latin letters whose words tell nothing (`Aspect Ratio`), and for no words at all.
    """
    text = text[:_ENOUGH]
    han = len(_HAN.findall(text))
    for code, letters in _LETTERS:
        # One stray letter in a Chinese text (の in a name) does not make it Japanese.
        if len(letters.findall(text)) * 12 > han and letters.search(text):
            return code
    if han:
        simplified, traditional, japanese = (sum(letter in own for letter in text) for own in _HAN_ONLY)
        if japanese > max(simplified, traditional):
            return "ja"
        return "zh-tw" if traditional > simplified else "zh-cn"
    lower = text.lower().replace("’", "'")
    words = _WORD.findall(lower)
    scores = Counter({code: sum(word in own for word in words) for code, own in _OWN.items()})
    for code, accents in _ACCENTS.items():
        scores[code] += sum(letter in accents for letter in lower)
    (code, most), = scores.most_common(1)
    return code if most else latin
