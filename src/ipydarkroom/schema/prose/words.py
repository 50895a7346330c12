"""The words by which descriptions set limits, in the languages that documentation pages come in.

English, Simplified and Traditional Chinese and Japanese from pages seen; Korean, Italian, French, German, Spanish and
Russian by analogy, as RunComfy's pages come in nine languages. Each pattern is a flat list of words.
"""

from __future__ import annotations

import re

__all__ = [
    "ADVISED", "AFTER_LEAST", "AFTER_MOST", "EXACTLY", "LEAST", "MOST", "NEGATED", "OTHERS_PASS", "PER", "RANGE", "TOGETHER", "WHEN",
]


def _any(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(words))


MOST = _any(
    r"\bmax(?:imum|imal|imo)?\b", r"\bup to\b", r"\bat most\b", r"\b(?:no|not) (?:be )?(?:more|larger|bigger|longer|greater|higher) than\b", r"\bnot exceed(?:ing)?\b",
    r"\bcannot exceed\b", r"\bless than\b", r"\bunder\b", r"\bbelow\b", r"\bwithin\b", r"\blimit(?:ed)? (?:is|to)\b",
    "最大", "最多", "最长", "最長", "上限", "至多", "不超过", "不超過", "不得超过", "不得超過", "不能超过", "不能超過", "小于", "小於", "少于", "少於", "低于",
    "不大于", "不大於", "최대", r"\bmassim[oa]\b", r"\bfino a\b", r"\bmassima\b", r"\bjusqu.à", r"\bau plus\b", r"\bhöchstens\b", r"\bbis zu\b",
    r"\bmaximale?\b", r"\bhasta\b", r"\bmáximo\b", r"\bмаксимум\b", r"\bмаксимальн\w{2,3}\b", r"\bне более\b", r"\bне больше\b", r"\bдо\b",
)
"""Before a number: it is the most there may be."""

AFTER_MOST = _any(
    r"\A ?(?:or (?:less|fewer|smaller)|max(?:imum)?\b|at most|以内|以內|以下|まで|内\b|이하|이내|或更少|oder weniger|o meno|ou moins|или меньше)",
    r"\A ?を超え(?:ない|て)",
)
"""The same, right after a number."""

LEAST = _any(
    r"\bmin(?:imum|imal|imo)?\b", r"\bat least\b", r"\b(?:no|not) (?:less|fewer|smaller|lower) than\b", "最小", "最少", "最短", "至少", "不少于", "不少於",
    "不低于", "不低於", "不小于", "少なくとも", "최소", r"\balmeno\b", r"\bmindestens\b", r"\bau moins\b", r"\bal menos\b", r"\bне менее\b",
    r"\bминимум\b", r"\bminim[oa]\b", r"\bminimale?\b",
)
"""Before a number: it is the least there may be."""

AFTER_LEAST = _any(r"\A ?(?:or more|以上|이상|oder mehr|o più|ou plus|и более)")

EXACTLY = _any(r"\bexactly\b", r"\bonly\b", "必须且只能", "正好", "恰好", "ちょうど", "정확히", r"\besattamente\b", r"\bexactement\b", r"\bgenau\b", r"\bровно\b")

ADVISED = _any(
    r"\brecommend", r"\badvis(?:e|ed|able)\b", r"\bsuggest", r"\bprefer", r"\bideally\b", r"\bkeep\b", r"\bshould\b", r"\baim for\b", r"\btypical",
    r"\busually\b", "建议", "建議", "推荐", "推薦", "推奨", "おすすめ", "お勧め", "望ましい", "권장", r"\bconsiglia", r"\brecommand", r"\bconseill", r"\bempfohlen",
    r"\bempfehl", r"\brecomend", r"\bрекоменд",
)
"""A limit somebody advises, and nobody enforces."""

TOGETHER = _any(
    r"\btotal\b", r"\bcombined\b", r"\bsum\b", r"\boverall\b", r"\bacross\b", r"\btogether\b", r"\ball\b(?= (?:videos|audios|images|reference|files))",
    "总", "總", "之和", "合计", "合計", "全部で", "합계", r"\btotale\b", r"\binsgesamt\b", r"\bgesamt", r"\bсуммарн", r"\bв сумме\b",
)
"""A limit on several things together, which no single field can keep."""

PER = _any(r"(?<!as )\bper\b", r"\beach\b", r"\bevery\b", "每", "ごと", "あたり", "당", r"\bpro\b", r"\bpar\b", r"\bкажд", "单个", "单张")
"""A limit on one of several."""

WHEN = _any(
    r"\bwhen\b", r"\bif\b", r"\bwhile\b", r"\bunless\b", r"\bwhenever\b", r"\bdepend", r"\bmode\b", r"\Afor (?:a|an|the)\b", r"\botherwise\b",
    "当", "當", "如果", "若", "时(?!长|间|長|間)", "時(?!间|間|长|長)", "の場合", "否则", "否則", "模式", "경우", "때", r"\bwenn\b", r"\bfalls\b", r"\bquando\b",
    r"\bse\b", r"\bquand\b", r"\blorsqu", r"\bsi\b", r"\bcuando\b", r"\bесли\b", r"\bпри\b", r"\bкогда\b",
)
"""What holds only under a condition."""

NEGATED = _any(
    r"\bnot support", r"\bunsupported\b", r"\bexcept\b", r"\bexcluding\b", r"\bwithout\b", r"\bnot (?:allowed|accepted)\b", r"\bdo not\b", r"\bcannot\b(?! exceed)",
    "不支持", "不支援", "除外", "非対応", "対応していません", "지원하지", r"\bnon support", r"\bnicht\b", r"\bsauf\b", r"\bне поддержив",
)

OTHERS_PASS = _any(
    r"\bignored\b", r"\btranscoded\b", r"\bconverted\b", r"\btruncated\b", r"\bresized\b", r"\bmay be\b", r"\betc\b", r"\bsuch as\b", r"\binclud(?:e|ing)\b",
    "忽略", "截断", "截斷", "等格式", "など", "切り捨て", "무시",
)
"""More than the limit is taken after all, or the list is not the whole list."""

RANGE = re.compile(
    r"\A(?:[a-z ]{0,24}\b)?(?:(?:the )?(?:supported |valid |allowed |value |legal )?(?:range|values|interval)(?: is| are|:| from)?:?"
    r"|(?:must be |has to be |can be )?(?:between|from)"
    r"|(?:取值|参数|有效)?(?:范围|範圍|範囲|区间)(?:为|為|是|は)?:?|범위는?:?|intervallo:?|intervalle:?|plage:?|bereich:?|wertebereich:?|intervalo:?|rango:?|диапазон:?)\Z"
)
"""All that stands before a range of numbers that is the field's own: "Range is", "must be between", "取值范围"."""
