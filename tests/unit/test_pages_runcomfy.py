"""RunComfy's model pages: in nine languages, whole, stripped, untranslated, glued, spoilt by copying, and cut."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipydarkroom.errors import InputError
from ipydarkroom.fields import UNSET
from ipydarkroom.languages import LANGUAGES, say
from ipydarkroom.models import Model
from ipydarkroom.page_text import fenced_blocks
from ipydarkroom.pages import dialects, read_page
from ipydarkroom.panel.model import PanelModel

SHARED = Path(__file__).parents[3] / "shared"
SAVED = sorted([*(SHARED / "corpus" / "runcomfy").glob("*.txt"), *(SHARED / "seeds").glob("*.txt")])
OURS = [path for path in SAVED if "model-api.runcomfy.net" in path.read_text(encoding="utf-8")]
WHOLE = [path for path in OURS if "--excerpt" not in path.name]
CUT = [path for path in OURS if "--excerpt" in path.name]

MODEL_ID = "community/paper-lab_2/v1.5/Fold"
SCHEMA = {
    "type": "object",
    "title": "Input Schema",
    "required": ["56_text", "size"],
    "properties": {
        "56_text": {"title": "Words", "description": "What to fold, as {width, height} or }{ if you like.", "type": "string"},
        "118_image": {"title": "Sheet", "description": "", "type": "string", "format": "image_uri"},
        "width×height": {"title": "Shape", "type": "string", "enum": ["10x10(1:1)", "10x20 (1:2)"], "default": "10x10(1:1)"},
        "size": {"title": "Size", "type": "float", "minimum": 0, "maximum": 1, "default": 0.5},
        "folds": {
            "title": "Folds", "type": "array", "maxItems": 3,
            "items": {
                "type": "object", "required": ["at"],
                "properties": {"at": {"type": "number"}, "side": {"type": "string", "enum": ["in", "out"]}},
            },
        },
        "class": {"title": "Class", "type": "object", "properties": {"output": {"type": "string"}}},
        "": {"title": "Nameless", "type": "boolean", "default": False},
    },
}
SAMPLE = {"56_text": "a crane, {folded} once; it's white", "folds": [{"at": 0.5, "side": "in"}], "118_image": ""}
OUTPUTS = {"output": {"type": "object", "properties": {"image": {"type": "string", "format": "uri"}}}}

WORDS = {  # our own sentences: an opening, how to sign, how to look, files, and the title of the input schema
    "en": ("Send orders for it to the API.", "Keep the key in your environment and send it with every call.",
           "This tells how far the order is.", "Advice: images ≤ 50 MB, videos ≤ 100 MB.", "Input Schema"),
    "zh-cn": ("用接口调用这个模型。", "请把密钥设为环境变量，并在每次请求中带上。", "查询任务的进度。",
              "建议：图片 ≤ 50 MB（约 4K），视频 ≤ 100 MB。", "输入结构"),
    "zh-tw": ("用介面呼叫這個模型。", "請把金鑰設為環境變數，並在每次請求中帶上。", "查詢任務的進度。",
              "建議：圖片 ≤ 50 MB（約 4K），影片 ≤ 100 MB。", "輸入結構"),
    "ja": ("このモデルを API で呼び出します。", "鍵を環境変数に入れ、毎回送ってください。", "進み具合を調べます。",
           "目安：画像 ≤ 50 MB（約 4K）、動画 ≤ 100 MB。", "入力スキーマ"),
    "ko": ("이 모델을 API로 부릅니다.", "키를 환경 변수에 넣고 요청마다 보내세요.", "진행 상황을 묻습니다.",
           "권장: 이미지 ≤ 50 MB, 동영상 ≤ 100 MB.", "입력 스키마"),
    "fr": ("Commandez-le par l'API.", "Gardez la clé dans votre environnement et joignez-la à chaque appel.",
           "Dit où en est la commande.", "Conseil : images ≤ 50 Mo, vidéos ≤ 100 Mo.", "Schéma d'entrée"),
    "it": ("Ordinalo tramite l'API.", "Tieni la chiave nell'ambiente e inviala con ogni chiamata.",
           "Dice a che punto è l'ordine.", "Consiglio: immagini ≤ 50 MB, video ≤ 100 MB.", "Schema di input"),
    "de": ("Bestelle es über die API.", "Lege den Schlüssel in die Umgebung und sende ihn mit jedem Aufruf.",
           "Sagt, wie weit der Auftrag ist.", "Rat: Bilder ≤ 50 MB, Videos ≤ 100 MB.", "Eingabeschema"),
    "ru": ("Закажите через API.", "Храните ключ в окружении и посылайте с каждым запросом.",
           "Сообщает, как далеко заказ.", "Совет: изображения ≤ 50 МБ, видео ≤ 100 МБ.", "Схема ввода"),
}
KEYS = tuple(f"modelApiDoc_{name}" for name in ("getStarted", "authP1", "monitorBody", "hostedFileBody", "navInputSchema"))


def titled(title: str) -> dict[str, object]:
    """The schema with that title; the order of its keys stays."""
    return {**SCHEMA, "title": title}


def curl(verb: str, path: str, sample: object = None, indent: int | None = 2) -> str:
    """One request, as pages write it."""
    body = "" if sample is None else " \\\n  --data '" + json.dumps(sample, indent=indent, ensure_ascii=False) + "'"
    return f'curl --request {verb} \\\n  --url https://model-api.runcomfy.net/v1/{path} \\\n  --header "Authorization: Bearer <token>"{body}'


def full(words=WORDS["en"], *, title: str = "Paper Lab | Fold it", model_id: str = MODEL_ID, schema=None, sample=SAMPLE) -> str:
    """A page as a browser gives it: menu, headings, indented JSON, footer."""
    order, look = curl("POST", f"models/{model_id}", sample), curl("GET", "requests/{request_id}/status")
    parts = [
        "logo\nRunComfy\n  • ComfyUI\n  • API\nAll models", title, model_id, f"1. A2. B3. C{words[4]}", "1. A", words[0], order,
        "2. B", words[1], "3. C", order, words[2], look, curl("POST", "requests/{request_id}/cancel"), words[3], words[4],
        json.dumps(schema or titled(words[4]), indent=2, ensure_ascii=False), json.dumps(OUTPUTS, indent=2), "Follow us\n  • Elsewhere",
    ]
    return "\n\n".join(parts)


def stripped(words=WORDS["en"], *, model_id: str = MODEL_ID, schema=None, sample=SAMPLE, footer: str = "All rights kept.") -> str:
    """A page without headings and indentation, every part glued to the next."""
    order = curl("POST", f"models/{model_id}", sample)
    text = (
        f"{words[0]} {model_id}\n{order}{words[1]}\n{order}{words[2]}\n{curl('GET', 'requests/{request_id}/result')}{words[3]}\n"
        + json.dumps(schema or titled(words[4]), indent=2, ensure_ascii=False) + json.dumps(OUTPUTS, indent=2) + footer
    )
    return "\n".join(line.strip() for line in text.splitlines())


def same(text: str, title: str = "Input Schema") -> None:
    """The page is read, and says what every one of these says."""
    page = read_page(text)
    assert ("runcomfy", MODEL_ID) == (page.provider, page.model)
    assert json.dumps(titled(title), ensure_ascii=False) == json.dumps(page.schema, ensure_ascii=False)
    assert SAMPLE == page.sample
    assert OUTPUTS == page.outputs


# --- variants


@pytest.mark.parametrize("code", WORDS)
@pytest.mark.parametrize("shape", [full, stripped])
def test_a_page_is_read_in_its_language(shape, code):
    """Whole or stripped; its language is told by the schema's title, the advised sizes by the prose."""
    text = shape(WORDS[code])
    same(text, WORDS[code][4])
    page = read_page(text)
    assert code == page.language
    assert {"image": 50_000_000, "video": 100_000_000} == page.limits
    assert ("Paper Lab | Fold it" if shape is full else "") == page.title
    assert () == page.notes


@pytest.mark.parametrize(("help", "code"), [
    ("Das Bild, das gefaltet werden soll.", "de"), ("Описание изображения", "ru"), ("說明這張圖片", "zh-tw"), ("The picture to fold.", "en"),
    ("L'immagine che non è piegata", "it"), ("Fold", "en"),
])
def test_untranslated_keys_leave_the_language_to_the_fields(help, code):
    """The boilerplate is key names then, and the fields may still be translated."""
    schema = {**titled(KEYS[4]), "properties": {"x": {"title": help, "type": "string"}}}
    page = read_page(stripped(KEYS, schema=schema))
    assert (code, MODEL_ID, schema) == (page.language, page.model, page.schema)


def test_english_boilerplate_on_a_page_of_another_language():
    """The fields' own title decides, not the prose around them."""
    page = read_page(full((*WORDS["en"][:4], WORDS["fr"][4])))
    assert "fr" == page.language


def smart(text: str) -> str:
    """The JSON of a page after an editor made its quotes curly."""
    turn = iter(range(10**6))
    start = text.rindex('{\n  "type": "object"')
    head, tail = text[:start], text[start:]
    return head + re.sub('"', lambda _: "“”"[next(turn) % 2], tail)


SPOILT = {
    "carriage returns": lambda text: text.replace("\n", "\r\n"),
    "old carriage returns": lambda text: text.replace("\n", "\r"),
    "a byte order mark": lambda text: "\ufeff" + text,
    "no-break blanks": lambda text: re.sub(r"(?m)^ +", lambda run: "\u00a0" * len(run[0]), text),
    "line separators": lambda text: text.replace("\n", "\u2028"),
    "zero-width blanks": lambda text: text.replace("\n", "\n\u200b"),
    "blank lines": lambda text: text.replace("\n", "\n\n"),
    "tabs": lambda text: re.sub(r"(?m)^ +", "\t", text),
    "one line": lambda text: re.sub(r"\s*\n\s*", " ", text),
    "curly quotes": smart,
    "quoted as in a mail": lambda text: re.sub(r"(?m)^", "> ", text),
    "line numbers": lambda text: "\n".join(f"{number:>4} {line}" for number, line in enumerate(text.splitlines(), 1)),
    "numbers and bars": lambda text: "\n".join(f"{number} | {line}" for number, line in enumerate(text.splitlines(), 1)),
    "markup": lambda text: "<html><body><pre><code>" + html.escape(text).replace("\n", "<br/>") + "</code></pre></body></html>",
    "markup of a highlighter": lambda text: "<div>" + re.sub(
        r"(&quot;)", r'<span class="hl-q">\1</span>', html.escape(text).replace("&lt;token&gt;", "<token>")
    ) + "</div>",
    "a fence": lambda text: text.replace('{\n  "type"', '```json\n{\n  "type"', 1).replace('}\n\n{\n  "output"', '}\n```\n\n```\n{\n  "output"'),
    "two copies": lambda text: text + "\n" + text,
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_what_copying_does_to_a_page_changes_nothing(spoil):
    """Line ends, blanks, numbers, markup and quotes that are not the page's own."""
    same(spoil(full()))


@pytest.mark.parametrize("spoil", [SPOILT[name] for name in ("carriage returns", "one line", "blank lines", "markup")])
def test_nor_to_a_stripped_one(spoil):
    """The glue stays."""
    same(spoil(stripped()))


def test_the_id_is_the_request_lines_and_not_the_addresss():
    """Page paths are often another name; so is what the page links to."""
    text = "https://www.runcomfy.com/de/models/paper-lab/fold/api\n" + full(title="Fold", model_id=MODEL_ID)
    same(text.replace(f"\n{MODEL_ID}\n", "\npaper-lab/fold\n"))
    assert "Fold" == read_page(text.replace(f"\n{MODEL_ID}\n", "\npaper-lab/fold\n")).title


@pytest.mark.parametrize("model_id", ["a/b", "kling/video-o3/4K/x_1/y.2", "Wan-AI/wan-2.7/Text-To-Image", "56_a/1.0"])
def test_ids_of_two_to_five_parts(model_id):
    """Dots, capitals, digits and underscores occur."""
    assert model_id == read_page(stripped(model_id=model_id)).model


def test_other_ways_to_write_the_request():
    """A short flag, quotes, a query, a bare line; looking at a model is no order."""
    base = full()
    look = curl("GET", "models/other/model") + "\n" + base
    for line in (f'curl -X POST "https://model-api.runcomfy.net/v1/models/{MODEL_ID}?wait=1" -H "x: y" -d',
                 f"curl https://model-api.runcomfy.net/v1/models/{MODEL_ID} --request POST --json"):
        text = re.sub(r"curl --request POST \\\n  --url \S+/v1/models/\S+ \\\n.*?\\\n  --data", lambda _, new=line: new, base)
        assert line in text
        same(text)
    same(look)
    assert MODEL_ID == read_page("runcomfy.net model-api.runcomfy.net\n" + f"POST /v1/models/{MODEL_ID}\n" + json.dumps(SCHEMA)).model


def test_two_models_in_one_text_are_noted():
    """Two pages one after the other: the first is read, and the reader is told."""
    page = read_page(full() + full(model_id="another/model"))
    assert (MODEL_ID, ["several_models"]) == (page.model, [note.rule for note in page.notes])


def test_a_sample_is_found_behind_the_shells_quoting_or_noted():
    """`'\\''` is an apostrophe; what cannot be read is not made up."""
    escaped = full().replace("it's", "it'\\''s")
    torn = full().replace('"side": "in"', '"side": in')
    same(escaped)
    page = read_page(torn)
    assert ({}, ["sample_unread"]) == (page.sample, [note.rule for note in page.notes])
    assert {} == read_page(full(sample=None)).sample


def test_an_object_schema_elsewhere_is_not_taken_for_the_inputs():
    """Not the outputs, long or short; not a sample that looks like a schema; not a part of a broken schema."""
    long = full().replace(json.dumps(OUTPUTS, indent=2), json.dumps({"type": "object", "properties": OUTPUTS}))
    assert SCHEMA == read_page(long).schema
    assert {"type": "object", "properties": OUTPUTS} == read_page(long).outputs
    broken = full().replace('"title": "Words"', '"title": "Wor"ds"')
    with pytest.raises(InputError) as refused:
        read_page(broken)
    assert ("page.part.schema_end",) == refused.value.params["missing"]


def test_one_odd_property_does_not_hide_the_schema():
    """What a property says is the schema reader's business."""
    for odd in ({"a": None, "b": {"type": "string"}}, {"a": True, "b": {}}, {}):
        schema = {"type": ["object", "null"], "properties": odd}
        assert schema == read_page(full(schema=schema)).schema


# --- the words of docs/pages.md


def test_the_example_of_the_docs_is_a_dialect():
    """The file somebody copies from "Add a page dialect" reads a page and refuses a cut one."""
    words = (Path(__file__).parents[2] / "docs" / "pages.md").read_text(encoding="utf-8")
    [code] = [block.text for block in fenced_blocks(words) if "@dialect" in block.text]
    before = list(dialects._entries)
    try:
        exec(compile(code, "acme.py", "exec"), {"__package__": "ipydarkroom.pages", "__name__": "ipydarkroom.pages.acme"})
        text = 'api.acme.example\nORDER acme/lens\n```json\n{"type": "object", "properties": {"prompt": {"title": "Das Wort"}}}\n```\n'
        page = read_page(text)
        with pytest.raises(InputError) as refused:
            read_page(text[:-6])
    finally:
        dialects._entries[:] = before
    assert ("acme", "acme/lens", "acme") == (page.provider, page.model, page.dialect)
    assert ["prompt"] == list(page.schema["properties"])
    assert ("page.part.input_schema",) == refused.value.params["missing"]


# --- what is missing


@pytest.mark.parametrize(("text", "missing"), [
    (full()[:full().rindex('"maximum"')], ["schema_end"]),
    (full()[:full().rindex("Input Schema\n\n{")], ["input_schema"]),
    (curl("GET", "requests/{request_id}/result") + full()[full().rindex("Follow") - 1200:], ["request_line", "schema_end"]),
    (re.sub(r"/v1/models/\S+", "/v1/models", full()), ["request_line"]),
    ("See model-api.runcomfy.net for more.", ["request_line", "input_schema"]),
])
def test_a_cut_page_says_what_is_missing(text, missing):
    """In English, and in the reader's language on a panel."""
    with pytest.raises(InputError) as refused:
        read_page(text)
    error = refused.value
    assert ("error.page_cut", tuple(f"page.part.{part}" for part in missing)) == (error.key, error.params["missing"])
    for code in LANGUAGES:
        sentence = say(error.key, language=code, **error.params)
        assert all(say(f"page.part.{part}", language=code) in sentence for part in missing)
        assert "page.part" not in sentence
    assert say(error.key, language="en", **error.params) == error.message


def test_every_part_a_page_may_lack_has_words():
    """The keys are put together at run time, so nothing else would notice."""
    folder = Path(__import__("ipydarkroom").__file__).parent / "pages"
    named = {
        part for path in folder.glob("*.py") for call in re.findall(r"cut_page\(([^)]*)\)", path.read_text(encoding="utf-8"))
        for part in re.findall(r'"([a-z_]+)"', call)
    } - {found.name for found in dialects}
    assert [] == [part for part in named if say(f"page.part.{part}") == f"page.part.{part}"]


@pytest.mark.parametrize(("text", "key"), [
    ("", "error.page_foreign"), ("A recipe for bread: { flour }", "error.page_foreign"), ('{"type": "object"}', "error.page_foreign"),
    ("curl --request POST https://api.runcomfy.net/prod/v1/deployments/{id}/inference --data '{}'", "error.page_no_model"),
    ("curl --request POST \\\n --url https://model-api.runcomfy.net/v1/models/{model_id} --data '{}'", "error.page_no_model"),
])
def test_a_foreign_page_is_refused_with_a_sentence(text, key):
    """Also those of RunComfy's other products, whose requests name no model."""
    with pytest.raises(InputError) as refused:
        read_page(text)
    assert key == refused.value.key
    assert refused.value.next_step
    assert "–" not in say(key, **refused.value.params)


@given(st.text() | st.text('{}"[]:,\\ \nab/') | st.builds(
    lambda words: " ".join(words),
    st.lists(st.sampled_from([
        "curl --request POST", "https://model-api.runcomfy.net/v1/models/a/b", "--data '{", '{"type": "object", "properties": {', "}}",
        '"output":', "modelApiDoc_x", "<pre>", "&quot;", "}'", '{"a": 1}', "```", "1 ", "\n", "≤ 50 MB", "图片", "properties",
    ]), max_size=30),
))
def test_any_text_is_a_page_or_an_input_error(text):
    """Foreign text never crashes a reader."""
    try:
        read_page(text)
    except InputError as error:
        assert error.key.startswith("error.page_")


@pytest.mark.parametrize("unit", ["{", '{"a":', "https://model-api.runcomfy.net/v1/models/a/b ", "<p>", "modelApiDoc_", "≤ 50 MB", "1\n", "curl "])
def test_a_megabyte_of_nonsense_is_refused_quickly(unit):
    """The whole second reading included; a reader that went back at every brace would run into the test's time limit."""
    with pytest.raises(InputError):
        read_page("model-api.runcomfy.net " + unit * (1_000_000 // len(unit)))


@pytest.mark.parametrize("shape", [full, stripped])
@pytest.mark.parametrize("step", [50])
def test_a_page_cut_anywhere_is_refused_or_whole(shape, step):
    """Never half a schema, never a part of it taken for the whole, never another id."""
    text = shape()
    outcomes = set()
    for end in range(0, len(text), step):
        try:
            page = read_page(text[:end])
        except InputError as error:
            outcomes.add(error.key)
            continue
        assert (MODEL_ID, SCHEMA) == (page.model, page.schema)
        outcomes.add("read")
    assert {"error.page_foreign", "error.page_cut", "read"} == outcomes


@pytest.mark.parametrize("shape", [full, stripped])
def test_one_lost_mark_is_refused_and_not_guessed(shape):
    """Any brace, bracket, quote, comma or colon of the schema: without it the page is refused, or it stood in a text."""
    text = shape()
    start = text.index("{", text.rindex("≤ 100 MB"))
    end = text.index(json.dumps(OUTPUTS, indent=2).replace("\n", "")[:1], text.index('"Nameless"'))
    marks = [at for at in range(start, end) if text[at] in '{}[]",:']
    refused = 0
    for at in marks:
        torn = text[start:at] + text[at + 1:]
        try:
            expected = json.JSONDecoder().raw_decode(torn)[0]
        except ValueError:
            with pytest.raises(InputError):
                read_page(text[:start] + torn)
            refused += 1
        else:
            assert expected == read_page(text[:start] + torn).schema
    assert refused > 100


# --- the saved pages


@pytest.mark.skipif(not OURS, reason="no saved pages lie beside this checkout")
def test_there_are_saved_pages_of_both_kinds():
    """A guard for the tests below."""
    assert len(WHOLE) >= 9
    assert len(CUT) >= 5


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: path.stem)
def test_a_saved_page_gives_its_schema_word_for_word(path):
    """Against the schema beside it where there is one, else against what the standard library reads; order included."""
    text = path.read_text(encoding="utf-8")
    page = read_page(text)
    beside = path.with_name(path.stem + ".schema.json")
    start = text.index("{", text.index("\n{", text.rindex("--header")))
    expected = json.loads(beside.read_text(encoding="utf-8")) if beside.is_file() else json.JSONDecoder().raw_decode(text, start)[0]
    manifest = {
        entry["file"]: entry for entry in json.loads((SHARED / "corpus/runcomfy/MANIFEST.json").read_text(encoding="utf-8"))["files"]
    }

    assert json.dumps(expected) == json.dumps(page.schema)
    assert f"/v1/models/{page.model} " in text
    assert list(page.outputs) == ["output"]
    if path.name in manifest:
        entry = manifest[path.name]
        assert entry["model"] == page.model
        assert {"en-keys": "en"}.get(entry["lang"], entry["lang"]).lower() == page.language


@pytest.mark.parametrize("path", CUT, ids=lambda path: path.stem)
def test_a_saved_excerpt_is_refused_with_what_is_missing(path):
    """They end before their input schema does."""
    with pytest.raises(InputError) as refused:
        read_page(path.read_text(encoding="utf-8"))
    assert "error.page_cut" == refused.value.key
    assert {"page.part.input_schema", "page.part.schema_end"} & set(refused.value.params["missing"])
    assert "page.part.request_line" not in refused.value.params["missing"]


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: path.stem)
def test_a_saved_page_cut_anywhere_is_refused_or_whole(path):
    """Every fifty letters."""
    text = path.read_text(encoding="utf-8")
    whole = read_page(text)
    for end in range(0, len(text), 50):
        try:
            page = read_page(text[:end])
        except InputError:
            continue
        assert (whole.model, whole.schema) == (page.model, page.schema)


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: path.stem)
@pytest.mark.parametrize("spoil", [SPOILT[name] for name in SPOILT if name != "curly quotes"], ids=lambda spoil: "")
def test_a_saved_page_survives_copying(path, spoil):
    """The same page with other line ends, blanks, numbers or markup."""
    text = path.read_text(encoding="utf-8")
    whole, page = read_page(text), read_page(spoil(text))
    assert (whole.model, whole.schema, whole.sample) == (page.model, page.schema, page.sample)


PAGES = [pytest.param(full(), id="ours"), *(pytest.param(path, id=path.stem) for path in WHOLE)]


@pytest.mark.parametrize("page", PAGES)
def test_an_untouched_form_adds_no_key_and_changes_no_default(page):
    """It sends the required fields that have a default, as the page writes it; a demonstration is shown, not sent."""
    model = Model.from_page(page)
    properties, required = model.schema["properties"], model.schema["required"]
    expected = {name: properties[name]["default"] for name in properties if name in required and "default" in properties[name]}
    demos = {name for name in expected if model.field(name).default is UNSET}

    assert {name: default for name, default in expected.items() if name not in demos} == PanelModel(model).value
    assert all(model.sample[name] == expected[name] and " " in expected[name] for name in demos)


@pytest.mark.parametrize("page", PAGES)
def test_a_pages_own_example_round_trips(page):
    """What the example says is sent as it says it; beside it stand only required defaults."""
    model = Model.from_page(page)
    panel = PanelModel(model)
    untouched = panel.value
    panel.value = model.sample
    said = {name: panel.value[name] for name in model.sample}

    assert {**untouched, **model.sample} == panel.value
    assert json.dumps(model.sample, sort_keys=True) == json.dumps(said, sort_keys=True)


def demo_page(default: object, said: object, **more: object) -> str:
    """A page whose prompt has that default, and whose sample says that."""
    prompt = {"type": "string", "default": default, **more}
    return full(schema={"type": "object", "required": ["prompt"], "properties": {"prompt": prompt}}, sample={"prompt": said})


@pytest.mark.parametrize(("text", "sent"), [
    (demo_page("A fox in the snow at dawn", "A fox in the snow at dawn"), {}),
    (demo_page("https://files.example.com/a.png", "https://files.example.com/a.png"), {}),
    (demo_page("雪の中の狐が夜明けにこちらを見ている", "雪の中の狐が夜明けにこちらを見ている"), {}),
    (demo_page("auto", "auto"), {"prompt": "auto"}),
    (demo_page("", ""), {"prompt": ""}),
    (demo_page("A fox in the snow at dawn", "A hare"), {}),
    (demo_page("as wide as the picture", "as wide as the picture", enum=["as wide as the picture", "wider"]),
     {"prompt": "as wide as the picture"}),
])
def test_a_demonstration_is_never_sent_by_itself(text, sent):
    """A prompt's default that is a sentence or a link, whatever the page's sample request says."""
    model = Model.from_page(text)
    assert sent == PanelModel(model).value
    if not sent:
        assert ["sample_default"] == [note.rule for note in model.notes]
        assert model.sample["prompt"]
