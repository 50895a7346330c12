"""What descriptions say in words: limits and conditions, certain or only shown, in the languages that pages come in."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipydarkroom.schema.prose import read_prose
from ipydarkroom.schema.prose.clauses import sentences
from ipydarkroom.schema.prose.conditions import _MAY_SOUND, _SOUNDS

FORM = {
    "mode": {"type": "string", "enum": ["auto", "off"]},
    "hd": {"type": "boolean"},
    "style_codes": {"type": "string"},
    "w×h": {"type": "string", "enum": ["a"]},
    "other": {"type": "string"},
}
PICTURE, PICTURES = {"type": "string"}, {"type": "array", "items": {"type": "string"}}


def told(name, text, **part):
    """(certain, shown): what a description says of a field beside the form above, as lists of (code, value)."""
    whole = {"type": "string", **part, "description": text}
    medium = {"image_url": "image", "image_urls": "image", "video_url": "video"}.get(name)
    found = read_prose(name, whole, {**FORM, name: whole}, medium)
    return (
        [(remark.code, *remark.params.values()) for remark in found if remark.certain],
        [(remark.code, *remark.params.values()) for remark in found if not remark.certain],
    )


@pytest.mark.parametrize("text", [
    "Max size: 10.0MB", "the file must not exceed 10 MB", "一张图片（最大文件大小：10.0MB）", "单张不超过 10MB", "最大檔案大小：10MB",
    "10MB以内の画像", "ファイルサイズは 10MB 以下", "파일 크기는 최대 10MB", "Dimensione massima: 10 MB", "Taille maximale : 10 Mo",
    "Maximale Größe: 10 MB", "Размер файла не более 10 МБ", "File size: Up to 10 MB per image", "Must be 2-30 seconds and under 10 MB",
])
def test_a_file_has_a_most_it_may_weigh(text):
    """Megabytes are millions, whatever the language."""
    assert ("max_bytes", 10_000_000) in told("image_url", text, **PICTURE)[0]


@pytest.mark.parametrize(("text", "shown"), [
    ("Recommended size below 5 MB", None),
    ("at most 10MB in total for all references", ("total_bytes", 10_000_000)),
    ("Max size 10 MB when hd is true", ("max_bytes", 10_000_000)),
    ("The generated video has at most 10 MB", None),
])
def test_a_size_that_is_advice_or_a_sum_or_has_an_if_does_not_bind(text, shown):
    """Only "this file, this many bytes" is a limit."""
    certain, hints = told("image_url", text, **PICTURE)

    assert "max_bytes" not in [code for code, _ in certain]
    assert shown is None or shown in hints


@pytest.mark.parametrize("text", [
    "Accepted types: image/jpeg, image/png", "Formats: JPG, JPEG, or PNG.", "must be in JPEG or PNG format", "支持类型：`image/jpeg`、`image/png`",
    "対応形式：JPEG、PNG", "지원 형식: JPG, PNG", "Formati supportati: JPG e PNG", "Unterstützte Formate: JPG und PNG", "JPG/PNG format, less than 5MB",
])
def test_a_list_of_types_is_the_whole_list(text):
    """By MIME type or by ending."""
    assert ("mimes", ("image/jpeg", "image/png")) in told("image_url", text, **PICTURE)[0]


@pytest.mark.parametrize("text", [
    "Supported formats: JPG, PNG, HDR", "supported formats include JPG and PNG", "Does not support JPG", "JPG and PNG. Other formats are converted.",
    "Supports JPG, PNG, and more",
])
def test_types_beside_others_we_do_not_know_do_not_bind(text):
    """A list with an unknown member, an open one, or one of what is refused."""
    assert [] == told("image_url", text, **PICTURE)[0]


def test_a_video_is_not_held_to_the_types_of_its_sound():
    """Codecs are named beside containers."""
    text = "Supports MP4, MOV; video encoding supports H.264; audio encoding supports AAC, MP3"

    assert [("mimes", ("video/mp4", "video/quicktime"))] == told("video_url", text)[0]


def test_what_only_a_look_inside_a_file_tells_is_shown():
    """Seconds, one by one and together; pixels; pictures a second; ratios in the page's words."""
    text = "Single video duration [2, 15] s, total duration of all videos not exceeding 15 s; width and height at least 300 px; 24-60 fps; aspect ratio 1:2.5 to 2.5:1"

    assert ([], [
        ("file_seconds_range", 2, 15), ("file_total_seconds_most", 15), ("file_pixels_least", 300), ("file_fps_range", 24, 60),
        ("condition", "aspect ratio 1:2.5 to 2.5:1"),
    ]) == told("video_url", text)


@pytest.mark.parametrize("text", [
    "supports up to 9 images", "最多 9 张", "最多支援 9 張圖片", "画像は最大9枚まで", "최대 9장", "massimo 9 immagini", "jusqu'à 9 images", "bis zu 9 Bilder",
    "до 9 изображений", "Max 9 images", "at most nine reference images", "no more than 9 files",
])
def test_a_list_has_a_most_it_may_hold(text):
    """Counted in pictures, files or links."""
    assert ("max_items", 9) in told("image_urls", text, **PICTURES)[0]


@pytest.mark.parametrize("text", ["1~14 images", "(1-14 张)", "Between 1 and 14 pictures", "One to 14 images"])
def test_a_range_of_items_has_two_ends(text):
    """Whatever the dash."""
    assert [("min_items", 1), ("max_items", 14)] == told("image_urls", text, **PICTURES)[0]


@pytest.mark.parametrize("text", [
    "up to 9 images when hd is true", "maximum 2 boxes per image", "Only 1 image is supported, the rest is ignored",
    "the sum of first and last frames is at most 9 images", "The base limit is 7 image slots", "At least one reference is required",
    "Recommended: up to 3 images",
])
def test_a_count_of_something_else_is_only_shown(text):
    """With an "if", for each of several, in sum, or advised."""
    assert [] == told("image_urls", text, **PICTURES)[0]


def test_what_the_schema_says_wins():
    """An equal limit is no news, another one is shown."""
    assert ([], []) == told("image_urls", "up to 9 images", **PICTURES, maxItems=9)
    assert ([], [("max_items", 9)]) == told("image_urls", "up to 9 images", **PICTURES, maxItems=16)
    assert ([], [("condition", "up to 9 images if hd is true")]) == told("image_urls", "up to 9 images if hd is true", **PICTURES)
    assert ([], []) == told("steps", "Min: 0, Max: 20", type="number", minimum=0, maximum=20)


@pytest.mark.parametrize("text", [
    "max 5000 characters", "up to 5,000 characters", "最大长度：5000 字符", "最多 5000 个字符", "最大長度：5000 字元", "最大 5000 文字", "5000文字以内", "최대 5000자",
    "massimo 5.000 caratteri", "5 000 caractères maximum", "maximal 5.000 Zeichen", "не более 5000 символов",
])
def test_a_text_has_a_most_it_may_hold(text):
    """Thousands are grouped in many ways; "5.000 caratteri" are five thousand."""
    assert [("max_length", 5000)] == told("text", text)[0]


def test_a_text_has_a_least_too():
    """From a range, or from a label of its own."""
    assert [("min_length", 3), ("max_length", 500)] == told("text", "Must be between 3 and 500 characters")[0]
    assert [("min_length", 3), ("max_length", 500)] == told("text", "(Min length: 3, Max length: 500 characters)")[0]


@pytest.mark.parametrize("text", [
    "Up to 5000 non-Chinese characters or 2500 Chinese characters", "all texts combined must not exceed 5000 characters",
    "Keep it under 1000 characters.", "each mark takes 37 characters", "最多 5,000 个非中文字符或 2,500 个中文字符",
])
def test_a_length_in_a_unit_of_its_own_is_only_shown(text):
    """By script, in sum, or as advice."""
    assert [] == told("text", text)[0]


@pytest.mark.parametrize("text", ["建议长度不超过 300 个英文单词。", "max 300 words", "300 語以内を推奨", "fino a 300 parole"])
def test_words_are_advice(text):
    """Nobody counts them the same way, so they never block."""
    assert [("advised_words", 300)] == told("text", text)[0]


@pytest.mark.parametrize("text", [
    "Range: 1 to 10", "Range: [1, 10]", "Must be between 1 and 10.", "from 1 to 10", "Allowed values: 1-10", "取值范围为 1 到 10", "范围 1~10", "範囲：1〜10",
    "Intervallo: 1-10", "Bereich: 1 bis 10", "диапазон: 1-10", "(Min: 1, Max: 10, Step: 1)", "最小值：1，最大值：10",
])
def test_a_number_has_a_range_where_its_text_says_range(text):
    """Words or labels, before the numbers and with nothing else before them."""
    assert [("minimum", 1), ("maximum", 10)] == [each for each in told("steps", text, type="number")[0] if each[0] != "step"]


@pytest.mark.parametrize("text", [
    "1–10, step 1", "Video of 1-10 seconds", "Range is 1-10 when hd is true; range is 1-20 otherwise", "the difference must be between 1 and 10",
    "Recommended range: 1-10", "`hd=true` 时范围为 1-10",
])
def test_a_range_of_something_else_is_only_shown(text):
    """Bare numbers, conditions, differences."""
    certain, hints = told("steps", text, type="number")

    assert [] == [code for code, _ in certain if code != "step"]
    assert hints


def test_a_range_that_shuts_the_default_out_is_only_shown():
    """-1 stands for "automatic" in more than one model."""
    assert ("minimum", 1) not in told("seconds", "Range: 1-10", type="integer", default=-1)[0]


@pytest.mark.parametrize("text", ["Use -1 for random", "-1 = random", "-1 for a random seed each run", "Default is -1 (random)", "-1 表示随机", "-1 でランダム"])
def test_a_seed_may_have_a_number_for_chance(text):
    """Shown, as silence does the same."""
    assert ("random_value", -1) in told("seed", text, type="integer")[1]
    assert ("random_value", -1) not in told("steps", text, type="integer")[1]


def test_a_default_in_words_is_never_sent():
    """It is shown where the schema has another one or none."""
    assert ([], [("default", "30")]) == told("steps", "Default value: 30", type="integer", default=25)
    assert ([], []) == told("steps", "默认值：30", type="integer", default=30)
    assert ([], [("default", "true")]) == told("flag", "Defaults to true.", type="boolean")
    assert ([], []) == told("text", "Default: something", type="string")


@pytest.mark.parametrize("text", [
    "Only when mode is auto.", "Only available when `mode=auto`", "Only used if mode is set to auto", "This parameter is effective only while mode is auto",
    "仅当 mode 设置为 auto 时生效。", "仅在 `mode=auto` 时可用，需要 3-10 种颜色", "僅當 mode 設定為 auto 時生效", "mode が auto の場合のみ有効です。",
    "mode が auto に設定されている場合にのみ有効", "mode가 auto일 때만 유효합니다", "Solo quando mode è auto", "Uniquement si mode est auto", "Только если mode равно auto",
    "Only available when mode is auto and other is empty", "Requires mode to be auto", "Takes effect when mode is auto", "Supported only in auto mode",
])
def test_a_field_may_count_only_while_another_has_a_value(text):
    """A known field and one of its values; a further "and" only narrows it."""
    assert [("only_when", "mode", "auto")] == told("x", text)[0]


@pytest.mark.parametrize(("text", "value"), [
    ("Only when hd is true", True), ("需要将 hd 设置为 true", True), ("When `hd=false`, it must be an empty array or omitted", True),
    ("当 hd 为 false 时生效", False),
])
def test_a_switch_is_a_value_too(text, value):
    """True and false as JSON has them."""
    assert [("only_when", "hd", value)] == told("x", text)[0]


@pytest.mark.parametrize("text", [
    "Only when mode is auto or off", "Only when mode is fast", "Not available when mode is auto", "When hd is true: only one picture is taken",
    "Only when hd is true, the mode counts", "Ignored when hd is true", "16:9 can be chosen only when hd is true", "When hd is true, this field defaults to true",
    "This field is unavailable when a video is given and `hd=false`", "Only effective when a picture is given", "mode 为 auto 或 off 时生效",
])
def test_what_sounds_like_a_condition_is_shown_as_the_page_has_it(text):
    """Half a condition, a value nobody knows, or a sentence about something else."""
    assert ([], [("condition", text)]) == told("x", text)


@pytest.mark.parametrize("text", [
    "not together with style_codes", "Cannot be used together with `style_codes`.", "不可与 `style_codes` 参数同时使用。", "生成的风格，不能与 style_codes 同时使用",
    "不可與 style_codes 同時使用", "与 style_codes 互斥", "style_codes と同時に使用できません", "style_codes와 함께 사용할 수 없습니다", "Non utilizzabile insieme a style_codes",
    "ne peut pas être utilisé avec style_codes", "nicht zusammen mit style_codes verwenden", "нельзя использовать вместе с style_codes",
    "This field is mutually exclusive with style_codes.",
])
def test_two_fields_may_exclude_each_other(text):
    """Where both are there."""
    assert [("not_with", "style_codes")] == told("style", text)[0]


def test_a_list_of_fields_is_excluded_one_by_one():
    """Known ones bind; one that nobody defines is shown, as five pages name `style_codes` without it."""
    certain, _ = told("x", "Cannot be used simultaneously with hd, mode, or style_codes.")

    assert [("not_with", "hd"), ("not_with", "mode"), ("not_with", "style_codes")] == certain
    assert ([], [("not_with", "colour_codes")]) == told("x", "Not to be used together with colour_codes")
    assert [] == told("x", "Animals cannot be used together with style_codes")[0]


def test_one_field_may_need_another():
    """It is nothing by itself."""
    assert [("needs", "other")] == told("last", "last cannot be passed alone; other must be provided together with it.")[0]


def test_names_are_data():
    """A name that is no plain word is found as well; a name inside a word is not."""
    assert [("only_when", "w×h", "a")] == told("x", "Only when w×h is a")[0]
    assert [] == told("x", "Only when hdr is true")[0]
    assert [] == [each for each in read_prose("", {"description": "Only when  is auto"}, {"": {}}) if each.certain]
    assert () == read_prose("a/b", {}, {})


def test_half_a_description_is_no_description():
    """Anything may stand where a text belongs."""
    assert () == read_prose("x", {"type": ["string"], "description": {"en": "max 5 MB"}, "title": 7, "enum": 3}, {"x": {}})


BITS = [
    "仅", "only when ", "mode=auto ", "max 10MB ", "1-", "1~14张", "( ", "[1,", "、", ",", "`", "not together with ", "style_codes, ", "时", "when ", "if ", " ", " /",
    "image/jpeg,", "-", "9" * 50, "e.g. ", "or ", "=", "默认", "default: ", "\n", "。", "’", "1,000", "requires ", "が", "\u202e",
]


@pytest.mark.timeout(30)  # all of it takes a second or two
@pytest.mark.parametrize("kind", ["array", "string", "integer"])
def test_a_megabyte_of_spite_is_read_to_the_end(kind):
    """Whatever is repeated: only the beginning is read, and no pattern runs away on it."""
    chance = random.Random(4)
    texts = [bit * (1_000_000 // len(bit)) + "x" for bit in BITS] + ["".join(chance.choices(BITS, k=100_000)) for _ in range(20)]
    form = {**FORM, **{f"a_{place}": {"type": "boolean"} for place in range(400)}}

    for text in texts:
        found = read_prose("image_urls", {"type": kind, "description": text}, form, "image")
        assert len(found) < 200


@given(st.text(st.sampled_from("".join(BITS) + "MBpx秒到~－０１"), max_size=300), st.sampled_from(["array", "string", "number", "boolean", None]))
@settings(max_examples=200, deadline=None)
def test_any_text_is_read(text, kind):
    """Never an error, and every remark carries the sentence it is from."""
    for remark in read_prose("image_url", {"type": kind, "description": text}, FORM, "image"):
        assert remark.said


def test_a_sentence_ends_where_it_should():
    """Not inside 10.0MB, v2.5 or e.g.; at a line's end, and a bracket is apart."""
    said = [sentence.said for sentence in sentences("Use v2.5 (max 10.0MB), e.g. this. Then\n- that；另外")]

    assert ["Use v2.5", "max 10.0MB", ", e.g. this", "Then", "that", "另外"] == said


@given(st.from_regex(_SOUNDS))
@settings(max_examples=1_000, deadline=None)
def test_what_sounds_like_a_condition_has_a_word_that_is_looked_for_first(text):
    """The quick look must never shut out what the thorough one would find."""
    assert _MAY_SOUND.search(text)
