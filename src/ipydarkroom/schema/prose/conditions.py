"""Conditions in prose: a field that counts only while another has a value, two that exclude each other, one that needs another.

Certain is a sentence about this field alone that names another field of the same form and one of its values, and says
nothing more: "Only available when `enable_sequential=false`", "仅当 sequential_image_generation 设置为 auto 时生效",
"Cannot be used simultaneously with a, b, or c". Whatever else sounds like a condition is shown as the page has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import Any, TypeAlias

from .clauses import Sentence
from .limits import Remark, as_said

__all__ = ["Parts", "conditions"]

Parts: TypeAlias = Mapping[str, Mapping[str, Any]]
"""The form's fields by name, each as the property the schema has for it; only `type`, `enum` and `const` are looked at."""

_MOST_NAMES = 400
_MOST_ODD = 20
_TOKEN = re.compile(r"[a-z0-9_]+")
_IS = re.compile(
    r" ?(?:参数|參數|字段|欄位|パラメータ|parameter|field)? ?"
    r"(?:==?|is set to|is equal to|is|set to|to be set to|to be|equals?|(?:被)?(?:设置|設置|設定|设定)?(?:为|為|成)|设成|是|が|は|を|:"
    r"|è impostato su|è|est|ist(?: auf)?|auf|равн[оа]|es|이|가) ?"
)
_VALUE = re.compile(r"[^\s,;()、。]{1,60}")
_HEAD = frozenset(  # a hundred small words read better on four lines
    "this parameter field option setting input it the is are be will can counts count works work applies apply takes take effect has in "  # noqa: SIM905
    "only available effective supported valid used usable applicable allowed considered enabled active required when if while case and "
    "solo quando se disponibile valido efficace uniquement seulement lorsque quand si disponible valable nur wenn gültig wirksam verfügbar "
    "sólo cuando только если когда при действует доступно questo campo parametro ce champ paramètre dieses feld".split()
)
_HEAD_CJK = re.compile(r"(?:仅|僅|只有|只|当|當|在|于|於|该|該|此|本|参数|參數|字段|欄位|这个|可用|有效|このパラメータは|この項目は|は|이 필드는| )*+")
_ONLY = re.compile(
    r"\bonly\b|\btakes effect\b|\beffective\b|\bapplies\b|\bhas effect\b|\bin effect\b|仅|僅|只有|只在|\bsolo\b|\buniquement\b|\bseulement\b|\bnur\b|\bsólo\b|только"
)
_PREDICATE = re.compile(r"available|effect|applies|supported|valid|used|usable|applicable|enabled|active|counts|works|disponib|valid|gültig|wirksam|действует")
_TAIL_CJK = re.compile(
    r" ?(?:时|時|的时候|的情况下|情况下|的時候|の場合|のとき|の時|に設定した場合|に設定されている場合|にした場合|일 ?때|인 ?경우|일 ?경우)?(?P<only>に?のみ|だけ|에?만)? ?"
    r"(?:才|に)?(?P<effect>会?生效|有效|可用|可設置|可设置|适用|適用|使用|有効(?:です|になります)?|使用可能|適用されます|利用可能)?(?:です|となります|유효합니다|적용됩니다)?"
)
_OR = re.compile(r"\bor\b|或|または|もしくは|\boder\b|\bou\b|\bили\b|또는|\beither\b|\bo\b")
_AND = re.compile(r" ?(?:and|且|并且|並且|同时|かつ|e|et|und|и|y) ?")
_NOT = re.compile(r"\bnot\b|\bcannot\b|\bunavailable\b|\bunless\b|\bno\b|\bexcept\b|不|无法|無法|未|ない|ません|\bnon\b|\bpas\b|\bnicht\b|\bне\b|않|없")
_NEEDS_VALUE = re.compile(r"(?:(?:this (?:parameter|field) |it )?requires? |需要?(?:将|把)? ?|richiede (?:che )?|nécessite (?:que )?|erfordert |требует )")
_MUST_BE_EMPTY = re.compile(
    r", ?(?:it|this (?:field|parameter)|该字段|该参数|此参数)? ?"
    r"(?:must be (?:an )?(?:empty(?: array| string| list)?|omitted|absent|null|left out|left empty)(?: or (?:an empty array|omitted|empty|absent|null))?"
    r"|(?:必须|必須|需)(?:为|為)?(?:空|空数组|空陣列|省略|不传)(?:或(?:省略|不传|空))?)\Z"
)
_REQUIRED = re.compile(r", ?(?:it|this (?:field|parameter)|该字段|该参数|此参数)? ?(?:is|becomes|must be|为|為|是)? ?(?:required|mandatory|provided|必填|必须|必需)")
_IN_MODE = re.compile(
    r"(?:this (?:parameter|field) is )?(?:only (?:supported|available|valid|works|effective)|(?:supported|available|valid|works|effective) only) (?:in|with|for) "
    r"(?:the )?([^\s,;]{1,40}) ([^\s,;]{1,40})\Z"
)
_EXCLUDES = re.compile(
    r"(?:cannot|can not|can't|must not|may not|should not|not) (?:to )?(?:be )?(?:used |combined |specified |set |given |passed |provided )?"
    r"(?:together |simultaneously |in combination |at the same time |along |concurrently |jointly )?(?:with|(?<=time )as) "
    r"|(?:is )?(?:mutually exclusive|incompatible|not compatible|exclusive) (?:with|to) "
    r"|(?:不可|不能|不得|无法|無法|请勿|請勿)(?:与|與|和|跟|同) ?|(?:与|與|和) ?(?=[^,]{1,80}(?:互斥|不可同时|不能同时|不兼容))"
    r"|non (?:può essere usato|può essere utilizzato|utilizzabile|usare|utilizzare)(?: insieme| contemporaneamente)?(?: a| con) "
    r"|ne peut (?:pas )?être (?:utilisé|combiné)e?(?: en même temps)?(?: avec| que) |(?:kann )?nicht (?:zusammen |gleichzeitig )?mit "
    r"|нельзя использовать(?: вместе| одновременно)? с |no se puede (?:usar|utilizar|combinar)(?: junto)? con "
)
_EXCLUDES_AFTER = re.compile(r" ?(?:と|와|과) ?(?:は)?(?:同時に|一緒に|併用|함께|동시에)")
_TOGETHER_HEAD = re.compile(r"(?:.{0,80}?[,:] ?)?(?:this (?:parameter|field|option)|it|该参数|该字段|此参数|この項目は|このパラメータは)?(?: is| are)? ?\Z")
_LIST_JOIN = re.compile(r"[\s,、/]*(?:(?:or|and|nor|e|o|et|ou|und|oder|y|и|или)(?=\s)|和|与|或|及|と|や)?[\s,、/]*")
_LIST_END = re.compile(r" ?(?:parameters?|fields?|参数|參數|字段|パラメータ)? ?(?:同时|同時|一起|一同|共同|互斥|不可同时|不能同时|不兼容|together|simultaneously|at the same time|verwend|genutzt|utilizzat|\Z)")
_ALONGSIDE = re.compile(r" must (?:also )?be (?:provided|given|passed|set|specified|used)(?: together| along)?(?: with it)?(?: as well| too)?\Z")
_ALONGSIDE_BEFORE = re.compile(
    r"(?:this (?:parameter|field) |it )?must be (?:used|provided|passed|given|set|specified) (?:together|along|in combination) with \Z"
    r"|(?:必须|必須|需|需要)(?:与|與|和|配合) ?\Z"
)
_UNKNOWN_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+")
_SOUNDS = re.compile(
    r"\bonly (?:when|if|for|in|with|available|supported|valid|applies|effective|be|support)|\b(?:supported|available|valid|used|selected|configured) (?:only|when|in)\b"
    r"|\bonly [\w.:, -]{1,60}\b(?:can be|are supported|is supported|support)\b|\bmutually exclusive\b|\bcannot be (?:used|combined|set|passed|both|converted|mixed)\b"
    r"|\bcannot both\b|\bnot be (?:used|combined) with\b|\btogether with\b|\bnot (?:be )?supported (?:for|with|in|when)\b|\bare not supported\b|\bdo(?:es)? not support\b"
    r"|\brequires? [^,]{0,40}\b(?:to be|input|image|video|set)\b|\brequired (?:when|if)\b|\btakes? effect\b|\bno effect\b|\bnot take effect\b|\bhas no effect\b"
    r"|\b(?:when|if|with)\b.{1,120}\b(?:must|cannot|only|required|unavailable|not supported|ignored|optional|not take effect|defaults? to)\b"
    r"|\b(?:must|cannot|only|unavailable|ignored|may be configured|applies) [^,]{0,80}\b(?:when|if)\b|\bat least one\b.{1,60}\brequired\b"
    r"|\bwhen (?:no|using|only)\b|\bdo not use\b|\bcombined\b.{1,80}\bexceed\b|\bdifference\b.{1,80}\b(?:exceed|within|between)\b|\bmax \d+s video"
    r"|\b(?:greater|later|larger|less|earlier) than [a-z]\w*_\w+|\b(?:greater|less) than start\b|\bsum of\b.{1,80}\bexceed\b|\bcan be combined\b|之和|合计|总数|每张图片最多|时的"
    r"|仅|僅|只有|只能|只支持|需传入|必须大于|不可与|不能与|不可與|不能與|不支持|互斥|无法|(?:当|當).{1,80}(?:时|時)|(?:时|時)(?:才)?(?:生效|有效|可用)|のみ|できません|併用|때만|할 수 없"
)
_MAY_SOUND = re.compile(
    r"only|support|available|valid|used|select|configur|exclusive|cannot|not|together|requir|effect|when|if|with|least|combin|differen|max|than|sum|[^\x00-\x7f]"
)
"""In whatever sounds like a condition stands one of these. Looked for first: it takes a tenth of the time, and most sentences end here."""
_NO_CONDITION = re.compile(
    r"\bdisabled by setting\b|\bturn off\b|\bhttps?\b|\burls? are supported\b|\bleave\b|\bused in (?:the )?(?:prompt|generating)\b|\bif omitted\b|\bif not uploaded\b|\bthe same (?:positive|seed)\b"
)


class _Names:
    """The other fields' names by how they read in lower case. `odd` are the first few that are no plain word
    (`width×height`), longest first.
    """

    def __init__(self, everybody: Mapping[str, str], odd: Iterable[str], own: str) -> None:
        self._everybody = everybody
        self._own = own
        self.odd = [name for name in odd if everybody[name] != own]

    def get(self, lower: str) -> str | None:
        """The field of that name; None where there is no other one."""
        found = self._everybody.get(lower)
        return None if found == self._own else found

    def __contains__(self, lower: object) -> bool:
        return lower in self._everybody and self.get(str(lower)) is not None

    def __getitem__(self, lower: str) -> str:
        return self._everybody[lower]


@lru_cache(maxsize=16)
def _everybody(names: tuple[str, ...]) -> tuple[dict[str, str], list[str]]:
    """All fields of a form: asked for once for each of them."""
    found = {name.lower(): name for name in names if name}
    return found, sorted([name for name in found if not _TOKEN.fullmatch(name)][:_MOST_ODD], key=len, reverse=True)


def conditions(name: str, said: Iterable[Sentence], parts: Parts) -> Iterator[Remark]:
    """What a description makes a field depend on.

    `only_when` (other, value), `not_with` (other), `needs` (other); uncertain ones also `required_when` (other, value) and
    `condition` (text). A name nobody defines makes an uncertain remark.
    """
    names = _Names(*_everybody(tuple(islice(parts, _MOST_NAMES))), name)
    for sentence in said:
        found = list(_of(name.lower(), sentence, names, parts))
        yield from found
        if not any(remark.certain or remark.code == "not_with" for remark in found) and _sounds_so(sentence):
            yield as_said(sentence)


def _sounds_so(sentence: Sentence) -> bool:
    whole = sentence.whole
    return bool(_MAY_SOUND.search(whole) and _SOUNDS.search(whole)) and not _NO_CONDITION.search(whole)


def _of(own: str, sentence: Sentence, names: _Names, parts: Parts) -> Iterator[Remark]:
    text = sentence.text
    named = list(_named(text, names))
    yield from _exclusions(text, sentence, names, named)
    if mode := _IN_MODE.fullmatch(text):
        value, other = mode[1], names.get(mode[2])
        if other is not None and (known := _known_value(parts[other], value)):
            yield Remark("only_when", {"other": other, "value": known[0]}, True, sentence.said)
    for lower, start in named:
        other = names[lower]
        yield from _beside(text, lower, start, other, sentence)
        is_ = _IS.match(text, start + len(lower))
        value = _VALUE.match(text, is_.end()) if is_ and is_.end() > start + len(lower) else None
        if value is None:
            continue
        known, after = _value_of(parts[other], value[0])
        if known is None:
            continue
        end = value.start() + after
        yield from _dependence(own, text[:start], text[end:], {"other": other, "value": known[0]}, sentence)


def _dependence(own: str, head: str, tail: str, params: Mapping[str, object], sentence: Sentence) -> Iterator[Remark]:
    """`head` OTHER is VALUE `tail`: what that makes of the field."""
    value = params["value"]
    first = tail.partition(",")[0]
    if _NEEDS_VALUE.fullmatch(head) and not first.strip():
        yield Remark("only_when", params, True, sentence.said)
    elif _is_when(head) and _MUST_BE_EMPTY.match(tail) and isinstance(value, bool):
        yield Remark("only_when", {**params, "value": not value}, True, sentence.said)
    elif _is_when(head) and _REQUIRED.match(tail):
        yield Remark("required_when", params, False, sentence.said)
    elif _plain_head(own, head) and not _OR.search(tail) and not _NOT.search(head) and not _NOT.search(first):
        yield from _only(head, tail, params, sentence)


def _only(head: str, tail: str, params: Mapping[str, object], sentence: Sentence) -> Iterator[Remark]:
    """The sentence begins as one about this field; does it say "only"?"""
    first, _, more = tail.partition(",")
    cjk = _TAIL_CJK.match(first)
    rest = first[cjk.end() :] if cjk else first
    also = _AND.match(rest)
    over = not rest.strip() or (also is not None and also.end() > 0)
    says_only = bool(_ONLY.search(head)) or bool(cjk and (cjk["only"] or cjk["effect"])) or (
        also is not None and bool(re.search(r"生效|有效|可用|有効", first))
    )
    # "Only when a is true, b is used" speaks of b; "Only available when a is true, ..." of this field.
    own = not more or bool(_PREDICATE.search(head)) or bool(cjk and cjk["effect"])
    if over and says_only and own:
        yield Remark("only_when", params, True, sentence.said)


def _beside(text: str, lower: str, start: int, other: str, sentence: Sentence) -> Iterator[Remark]:
    """This field is nothing without the other one."""
    end = start + len(lower)
    if (start == 0 and re.search(r"together|with it|also|along", text) and _ALONGSIDE.match(text, end)) or (
        _ALONGSIDE_BEFORE.fullmatch(text[:start]) and re.fullmatch(r" ?(?:一起|同时|同時)?(?:使用|提供|传入)?", text[end:])
    ):
        yield Remark("needs", {"other": other}, True, sentence.said)


def _exclusions(text: str, sentence: Sentence, names: _Names, named: Iterable[tuple[str, int]]) -> Iterator[Remark]:
    """Names after "not together with", or before "と併用できません"; certain where the form has a field of that name."""
    for found in _EXCLUDES.finditer(text):
        if not _TOGETHER_HEAD.fullmatch(text[: found.start()]):
            continue
        listed, end = _list(text, found.end(), names)
        whole = bool(_LIST_END.match(text, end))
        for lower in listed:
            other = names.get(lower)
            yield Remark("not_with", {"other": other or lower}, whole and other is not None, sentence.said)
    for lower, start in named:
        if _EXCLUDES_AFTER.match(text, start + len(lower)) and _NOT.search(text, start) and _HEAD_CJK.fullmatch(text[:start]):
            yield Remark("not_with", {"other": names[lower]}, True, sentence.said)


def _list(text: str, start: int, names: _Names) -> tuple[list[str], int]:
    """The field names listed from `start` on, known or shaped like one, and where the list ends."""
    found: list[str] = []
    end = start
    while len(found) < 20:
        joined = _LIST_JOIN.match(text, end)
        at = joined.end() if joined else end
        token = _TOKEN.match(text, at)
        word = next((name for name in names.odd if _stands(text, name, at)), token[0] if token else "")
        if not word or (word not in names and not _UNKNOWN_NAME.fullmatch(word)):
            break
        found.append(word)
        end = at + len(word)
    return found, end


def _named(text: str, names: _Names) -> Iterator[tuple[str, int]]:
    """Every place where a field's name stands as a word of its own."""
    for token in _TOKEN.finditer(text):
        if token[0] in names:
            yield token[0], token.start()
    for lower in names.odd:
        at = text.find(lower)
        if at >= 0 and _stands(text, lower, at):
            yield lower, at


def _stands(text: str, word: str, at: int) -> bool:
    """Whether a word stands there whole: no letter, digit or underscore of the ASCII kind goes on with it."""
    end = at + len(word)
    return text.startswith(word, at) and not _goes_on(text[at - 1 : at]) and not _goes_on(text[end : end + 1])


def _goes_on(letter: str) -> bool:
    return letter == "_" or (letter.isascii() and letter.isalnum())


def _value_of(part: Mapping[str, Any], word: str) -> tuple[tuple[object] | None, int]:
    """The field's own value that a word begins with, and how much of the word that is."""
    for length in range(len(word), 0, -1):
        if length < len(word) and _goes_on(word[length - 1]) and _goes_on(word[length]):
            continue
        if known := _known_value(part, word[:length].rstrip(".:")):
            return known, len(word[:length].rstrip(".:"))
    return None, 0


def _known_value(part: Mapping[str, Any], word: str) -> tuple[object] | None:
    """The value as the schema lists it (in a tuple, as it may be anything), or None where the field has no such value."""
    listed = part.get("enum")
    if isinstance(listed, list):
        return next(((value,) for value in listed[:200] if not isinstance(value, bool) and str(value).lower() == word), None)
    if part.get("type") in ("boolean", "bool") and word in ("true", "false"):
        return (word == "true",)
    return None


def _is_when(head: str) -> bool:
    return head.strip() in {"when", "if", "while", "当", "當", "如果", "若", "wenn", "quando", "se", "si", "lorsque", "если"}


def _plain_head(own: str, head: str) -> bool:
    """Whether nothing but small words stands there, so that the sentence is about the field itself."""
    words = head.replace(own, " ").replace(",", " ").split() if own else head.replace(",", " ").split()
    return all(word in _HEAD or _HEAD_CJK.fullmatch(word) for word in words)
