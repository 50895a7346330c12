"""What a prompt says: time, places, weather, things, a figure, colours and a shape; in English, Chinese and Japanese.

Plain look-up, no model: the words a person is most likely to try. What is not understood still counts, since the
painters draw their randomness from the whole prompt. Nothing here knows how a thing is painted.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from math import gcd

from .colours import RGB, from_hex

__all__ = ["Reading", "plain", "read", "shape_hint"]

# Meaning -> words. Latin words match whole words (a plural s is ignored), others anywhere in the text.
_TIMES = {
    "night": "night midnight nocturnal nighttime evening moonlit moonlight starry 夜 夜晚 晚上 深夜 星空 月光 夜空",
    "sunset": "sunset dusk twilight sundown golden afterglow 日落 夕阳 夕陽 黄昏 黃昏 傍晚 夕暮れ 夕日 夕焼け 晚霞",
    "dawn": "dawn sunrise morning daybreak 日出 黎明 清晨 早晨 朝 朝日 夜明け 日の出 晨",
    "day": "day daylight noon sunny midday afternoon sunlit bright 白天 中午 晴天 阳光 陽光 昼 真昼 晴れ",
}
_PLACES = {
    "sea": "sea ocean beach coast coastline shore seaside lake river bay harbor harbour island wave surf lagoon water "
    "pond fjord boat ship sail sailboat yacht lighthouse whale dolphin fish 海 海洋 大海 海边 海邊 海辺 沙滩 沙灘 湖 河 川 "
    "港 岛 島 波 浪 海浪 船 灯台 灯塔 燈塔 鲸 鯨",
    "mountain": "mountain mountains peak alps alpine summit volcano hill valley canyon cliff ridge himalaya fuji "
    "山 山脉 山脈 高山 火山 峡谷 峽谷 富士山 丘 谷 峰",
    "forest": "forest wood woods woodland jungle pine fir spruce birch tree grove rainforest taiga 森 森林 树林 樹林 "
    "林 林间 丛林 叢林 竹林 ジャングル 松 树 樹 木々",
    "city": "city town skyline street downtown urban skyscraper metropolis building tower cyberpunk manhattan tokyo "
    "paris london shanghai york alley village 城市 城 都市 城镇 街 街道 街头 街頭 摩天楼 摩天大楼 ビル 上海 东京 東京 北京 "
    "纽约 紐約 町 大都会",
    "desert": "desert dune sahara sand cactus oasis arid 沙漠 砂漠 沙丘 砂丘 荒漠 仙人掌",
    "meadow": "meadow field flower flowers garden bloom rose tulip daisy poppy lavender sunflower lily peony "
    "grass prairie spring grassland wildflower 花 花朵 鲜花 鮮花 花园 花園 草原 草地 草甸 田野 野花 玫瑰 向日葵 郁金香 春 春天 "
    "薔薇 ひまわり チューリップ 野原 お花",
    "ribbons": "abstract abstraction pattern gradient texture geometric swirl flowing 抽象 图案 圖案 渐变 漸變 模様",
    "space": "space galaxy planet nebula cosmos cosmic universe astronaut saturn orbit alien 宇宙 太空 银河 銀河 星系 星云 "
    "星雲 行星 惑星",
}
_WEATHER = {
    "snow": "snow snowy winter ice icy frozen blizzard snowfall christmas frost arctic 雪 冬 冬天 冬季 雪山 雪景 下雪 冰 氷 圣诞 "
    "聖誕 クリスマス",
    "rain": "rain rainy rainfall drizzle umbrella monsoon wet 雨 下雨 雨天 雨伞 雨傘 傘",
    "fog": "fog foggy mist misty haze hazy smoke 雾 霧 薄雾 薄霧 雾气 もや",
    "storm": "storm stormy thunder lightning tempest hurricane moody gloomy overcast 暴风 暴風 风暴 風暴 雷 闪电 嵐 台风 台風",
    "aurora": "aurora northern borealis 极光 極光 オーロラ",
    "cloud": "cloud cloudy clouds 云 雲 多云 白云",
    "autumn": "autumn fall autumnal october november maple 秋 秋天 秋季 红叶 紅葉 枫叶 楓葉 もみじ",
    "summer": "summer tropical hot 夏 夏天 夏日",
    "neon": "neon cyberpunk synthwave vaporwave retro futuristic glowing 霓虹 赛博朋克 賽博龐克 ネオン サイバーパンク",
    "calm": "calm quiet peaceful serene minimal minimalist zen tranquil gentle soft pastel dreamy 宁静 寧靜 安静 安靜 禅 静か 穏やか",
    "ink": "ink sumi monochrome calligraphy 水墨 墨 水墨画 水墨畫 墨絵",
}
_THINGS = {
    "moon": "moon lunar moonlit moonlight crescent 月 月亮 月光 满月 滿月 満月 明月",
    "stars": "star stars starry constellation milky 星 星星 星空 繁星 银河 銀河",
    "sun": "sun sunshine 太阳 太陽",
    "boat": "boat ship sail sailboat yacht 船 帆船 小船 ヨット",
    "lighthouse": "lighthouse 灯塔 燈塔 灯台",
    "house": "house cabin cottage hut home farmhouse barn temple 房子 小屋 家 房屋 木屋",
    "birds": "bird birds gull seagull swallow flock geese crane 鸟 鳥 鸟儿 海鸥 海鷗 カモメ",
    "balloon": "balloon balloons 气球 氣球 热气球 熱氣球 気球",
    "blossom": "sakura cherry blossom blossoms plum 樱花 櫻花 桜 さくら 梅花",
    "umbrella": "umbrella 雨伞 雨傘 傘",
    "hat": "hat cap beret 帽 帽子",
    "lantern": "lantern lanterns firefly fireflies 灯笼 燈籠 提灯 萤火虫 螢火蟲 蛍",
    "flower": "flower flowers rose tulip daisy poppy lavender sunflower lily peony bouquet 花 花朵 鲜花 玫瑰 向日葵 薔薇",
    "palm": "palm tropical coconut 棕榈 椰子 ヤシ",
    "man": "man boy gentleman guy king samurai knight father 男人 男性 男孩 男生 男士 少年 男の子 武士 侍",
    "beard": "beard bearded grandfather viking 胡子 鬍子 髭",
    "snowman": "snowman 雪人 雪だるま",
}
_FIGURES = {
    "portrait": "portrait face headshot editorial selfie model closeup fashion 肖像 人像 头像 頭像 脸 臉 顔 ポートレート",
    "person": "person man woman girl boy people child lady guy human traveler traveller hiker wanderer samurai knight "
    "king queen princess dancer monk figure monkey-king wizard 人物 男人 女人 男孩 女孩 女生 男生 少女 少年 美女 小孩 孩子 女性 男性 "
    "旅人 行人 女の子 男の子 子供 武士 侍 一个人 一個人",
    "fox": "fox foxes vixen 狐狸 狐 キツネ きつね",
    "cat": "cat kitten kitty 猫 貓 小猫 小貓 ネコ ねこ",
    "owl": "owl 猫头鹰 貓頭鷹 フクロウ ふくろう",
    "deer": "deer stag elk moose reindeer antelope 鹿 小鹿 驯鹿 シカ",
    "wolf": "wolf wolves dog puppy husky coyote 狼 狗 小狗 犬 オオカミ イヌ",
    "rabbit": "rabbit bunny hare 兔 兔子 兎 うさぎ ウサギ",
    "bear": "bear grizzly panda 熊 熊猫 熊貓 クマ パンダ",
    "horse": "horse pony unicorn stallion 马 馬 骏马 駿馬 白马 ウマ",
    "whale": "whale orca dolphin 鲸 鯨 鲸鱼 鯨魚 クジラ イルカ",
}
_COLOURS = {
    "#d7263d": "red crimson scarlet ruby 红 紅 红色 紅色 赤 赤い",
    "#f26419": "orange tangerine 橙 橙色 橘色 オレンジ",
    "#f6c324": "yellow gold golden amber 黄 黃 黄色 黃色 金 金色 黄色い",
    "#2f9e5b": "green emerald olive lime 绿 綠 绿色 綠色 緑 緑の 翠",
    "#12a5a0": "teal turquoise cyan aqua 青 青色 青绿 ターコイズ",
    "#2a66d9": "blue navy azure cobalt sapphire 蓝 藍 蓝色 藍色 青い ブルー",
    "#6f3fc4": "purple violet indigo lavender 紫 紫色 むらさき",
    "#f07ca8": "pink magenta rose rosy fuchsia 粉 粉色 粉红 粉紅 桃色 ピンク",
    "#8a5636": "brown chocolate 棕 棕色 褐色 茶色 咖啡色",
    "#f4f1ea": "white ivory 白 白色 白い",
    "#1b1c22": "black ebony 黑 黑色 黒 黒い",
    "#8d939b": "grey gray silver 灰 灰色 银色 銀色 グレー",
}
_NOT_COLOURS = frozenset({"golden hour", "golden gate", "white balance"})
_NEGATIONS = frozenset({"no", "without", "not", "never", "minus"})
# Compounds whose single signs say something else: a poster (海报) is no sea, fireworks (花火) are no flowers.
_MISLEADING = (
    "日本", "上海", "海报", "海報", "青山", "青年", "黄昏", "黃昏", "白天", "银河", "銀河", "金属", "赤道", "黒板", "玫瑰", "粉丝",
    "面白", "花火", "火花", "頭像", "头像", "月光",
)
_TOKEN = re.compile(r"[^\W\d_\u2e80-\uffdc]+")
_SHAPES: tuple[tuple[tuple[int, int], str], ...] = (
    ((21, 9), "ultrawide ultra-wide panorama panoramic anamorphic cinemascope banner 全景 横幅 橫幅 超宽 超寬 パノラマ バナー"),
    ((9, 16), ("phone smartphone mobile vertical upright 手机 手機 竖屏 豎屏 竖版 豎版 竖向 竖构图 直式 縦 縦長 縦向き "
               "スマホ 待ち受け")),
    ((16, 9), "wide widescreen desktop wallpaper horizontal 宽屏 寬屏 宽幅 寬幅 横屏 橫屏 横版 橫版 横向 橫向 横構図 横長 ワイド 桌面 壁纸 壁紙"),
    ((2, 3), "poster 海报 海報 ポスター bookcover"),
    ((1, 1), "square avatar 正方形 方形 方图 头像 頭像 アイコン 正方"),
    ((3, 4), "portrait 肖像 人像 ポートレート"),
    ((4, 3), "landscape 风景 風景"),
)
_RATIO = re.compile(r"(?<![\d.:])(\d{1,5}(?:\.\d{1,2})?)\s*[:xX×∶：/]\s*(\d{1,5})(?![\d.:])")
_KNOWN = frozenset({
    (1, 1), (4, 3), (3, 2), (16, 9), (16, 10), (21, 9), (5, 4), (2, 1), (3, 1), (18, 9), (32, 9), (7, 5), (5, 3),
    (4, 1),
    (12, 5), (8, 5), (8, 3),
})  # fmt: skip
_SMALLEST_PIXELS = 64  # from here on, two numbers are a size in pixels rather than a ratio


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood. Empty where nothing was said; `figure_colour` is the colour word next to the figure."""

    time: str | None
    places: tuple[str, ...]
    weather: frozenset[str]
    things: frozenset[str]
    figure: str | None
    colours: tuple[RGB, ...]
    figure_colour: RGB | None = None
    walking: bool = False

    @property
    def silent(self) -> bool:
        """True when no subject was understood."""
        return not (self.places or self.figure or self.things)


def plain(prompt: str) -> str:
    """The prompt with full-width letters, capitals and spacing evened out, as the look-ups and the seeds use it."""
    return " ".join(unicodedata.normalize("NFKC", prompt).casefold().split())


def read(prompt: str) -> Reading:
    """Read a prompt. Never fails: an unknown word is simply not understood."""
    text = plain(prompt).replace("black and white", "monochrome").replace("black-and-white", "monochrome")
    tokens = _tokens(text)
    times = _found(_TIMES, text, tokens)
    figures = _found(_FIGURES, text, tokens)
    colours = _colours(text, tokens)
    figure = _figure(figures, tokens)
    beside = _beside(figure, tokens, text) if figure else None
    walking = bool({"walking", "walk", "street", "road", "running"} & set(tokens)) or any(w in text for w in ("走", "歩"))
    return Reading(
        time=times[0] if times else None,
        places=tuple(_found(_PLACES, text, tokens)),
        weather=frozenset(_found(_WEATHER, text, tokens)),
        things=frozenset(_found(_THINGS, text, tokens)),
        figure=figure,
        colours=tuple(c for c in colours if c != beside),
        figure_colour=beside,
        walking=walking,
    )


def shape_hint(prompt: str) -> tuple[int, int] | None:
    """The shape a prompt asks for, as a ratio (width, height); None when it does not say.

    Ratios written out win (`16:9`, `2.35:1`, `1920x1080`), then words for formats (`panorama`, `phone wallpaper`,
    `poster`, `square`, `wide`), then `portrait` and `landscape`. Between 1:4 and 4:1; usual ratios as they are
    usually written (21:9), others in lowest terms.
    """
    text = plain(prompt)
    for match in _RATIO.finditer(text):
        ratio = _ratio(match[1], match[2], text)
        if ratio is not None:
            return ratio
    tokens = set(_tokens(text.replace("ultra-wide", "ultrawide").replace("book cover", "bookcover")))
    if {"portrait", "landscape"} & tokens and {"orientation", "format", "mode"} & tokens:
        return (3, 4) if "portrait" in tokens else (4, 3)
    for ratio, words in _SHAPES:
        if any(word in tokens if word.isascii() else word in text for word in words.split()):
            return ratio
    return None


def _ratio(first: str, second: str, text: str) -> tuple[int, int] | None:
    """Two numbers as a ratio, unless they look like a time of day or anything else."""
    across, down = round(float(first) * 100), int(second) * 100
    if not across or not down or not 1 / 4 <= across / down <= 4:  # the longest banner
        return None
    shared = gcd(across, down)
    pixels = min(across, down) >= _SMALLEST_PIXELS * 100
    pair = (across // 100, down // 100)
    said = "." in first or any(word in text for word in ("ratio", "aspect", "比例", "比率", "アスペクト"))
    known = "." not in first and (pair in _KNOWN or pair[::-1] in _KNOWN)
    if known:
        return pair
    return (across // shared, down // shared) if pixels or said else None


def _tokens(text: str) -> list[str]:
    """Latin words in order, without those after `no` or `without`."""
    words = _TOKEN.findall(text)
    return [word for before, word in zip(["", *words], words, strict=False) if before not in _NEGATIONS]


def _single(word: str) -> str:
    """A word without its plural s."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _found(table: dict[str, str], text: str, tokens: list[str]) -> list[str]:
    """The meanings named, in the order they are first said. Longer signs go first: 上海 is a city, not a sea."""
    order = {token: place for place, token in reversed(list(enumerate(tokens)))}
    order |= {_single(token): place for token, place in order.items()}
    named = [(word, meaning) for meaning, words in table.items() for word in words.split()]
    own = {word for word, _ in named}
    for phrase in _MISLEADING:
        if phrase not in own:
            text = text.replace(phrase, "\0" * len(phrase))
    places: dict[str, int] = {}
    for word, meaning in sorted(named, key=lambda pair: -len(pair[0])):
        at = order.get(word, -1) if word.isascii() else text.find(word)
        if at >= 0:
            places[meaning] = min(places.get(meaning, at), at)
        if at >= 0 and not word.isascii():
            text = text.replace(word, "\0" * len(word))
    return sorted(places, key=lambda meaning: places[meaning])


def _figure(figures: list[str], tokens: list[str]) -> str | None:
    """The figure the picture is about: an animal before a person; a face only when one is asked for."""
    if "portrait" in figures and {"orientation", "mode"} & set(tokens):
        figures = [figure for figure in figures if figure != "portrait"]
    animals = [figure for figure in figures if figure not in ("portrait", "person")]
    if animals:
        return animals[0]
    return "portrait" if "portrait" in figures else (figures[0] if figures else None)


def _colours(text: str, tokens: list[str]) -> list[RGB]:
    """The colours named, in order."""
    for phrase in _NOT_COLOURS:
        if phrase in text:
            text = text.replace(phrase, " ")
            tokens = [token for token in tokens if token not in phrase.split()]
    return [from_hex(code) for code in _found(_COLOURS, text, tokens)]


def _beside(figure: str, tokens: list[str], text: str) -> RGB | None:
    """The colour word right before the figure's word: the red of `red fox`."""
    names = _FIGURES[figure].split()
    for code, words in _COLOURS.items():
        for word in words.split():
            if word.isascii():
                pairs = zip(tokens, tokens[1:], strict=False)
                if any(first == word and _single(second) in names for first, second in pairs):
                    return from_hex(code)
            elif any(f"{word}{link}{name}" in text for link in ("", "色", "色的", "い", "の") for name in names):
                return from_hex(code)
    return None
