"""Writes Kie's pages in every dialect, from an input schema: what a reader reads must be what was written.

Our own renderers, from the look of the layouts alone; the models in the tests are invented.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["KITE", "LANGUAGES", "LAYOUTS", "SAMPLE", "apidog", "markdown_page", "mintlify", "plain_words", "playground", "shown_by_apidog", "shown_by_mintlify", "yaml_of"]

LANGUAGES: dict[str, dict[str, str]] = {
    "zh-cn": {
        "type": "类型", "required": "必需", "yes": "是", "no": "否", "default": "默认值", "description": "描述", "enum": "可用选项", "example": "示例",
        "maxLength": "最大长度", "minLength": "最小长度", "range": "范围", "step": "步长", "maxItems": "最大数组长度", "minItems": "最小数组长度",
        "name": "参数名", "request": "请求示例", "parameters": "请求参数说明", "answer": "响应参数说明", "about": "生成任务的输入参数。", "code": "响应状态码。",
        "size": "最大文件大小", "accept": "支持的文件类型", "optional": "可选", "needed": "必填",
    },
    "zh-tw": {
        "type": "類型", "required": "必填", "yes": "是", "no": "否", "default": "預設值", "description": "說明", "enum": "可用選項", "example": "範例",
        "maxLength": "最大長度", "minLength": "最小長度", "range": "範圍", "step": "步長", "maxItems": "最大陣列長度", "minItems": "最小陣列長度",
        "name": "參數名稱", "request": "請求範例", "parameters": "請求參數說明", "answer": "回應參數說明", "about": "產生圖片時輸入的參數與說明。", "code": "回應狀態碼。",
        "size": "檔案大小", "accept": "支援的檔案類型", "optional": "選填", "needed": "必填",
    },
    "ja": {
        "type": "型", "required": "必須", "yes": "はい", "no": "いいえ", "default": "デフォルト値", "description": "説明", "enum": "選択肢", "example": "例",
        "maxLength": "最大文字数", "minLength": "最小文字数", "range": "範囲", "step": "ステップ", "maxItems": "最大要素数", "minItems": "最小要素数",
        "name": "パラメータ", "request": "リクエスト例", "parameters": "リクエストのパラメータ", "answer": "レスポンス", "about": "生成タスクに渡すパラメータです。",
        "code": "ステータスコードです。", "size": "最大ファイルサイズ", "accept": "対応ファイル形式", "optional": "任意", "needed": "必須",
    },
    "en": {
        "type": "Type", "required": "Required", "yes": "Yes", "no": "No", "default": "Default Value", "description": "Description", "enum": "Options",
        "example": "Example", "maxLength": "Max Length", "minLength": "Min Length", "range": "Range", "step": "Step", "maxItems": "Max Items",
        "minItems": "Min Items", "name": "Parameter", "request": "Request Example", "parameters": "Request Parameters", "answer": "Response Parameters",
        "about": "The parameters of the task that is to be made.", "code": "The code of the answer.", "size": "Max File Size",
        "accept": "Accepted File Types", "optional": "optional", "needed": "required",
    },
}
ANSWER = {"type": "object", "properties": {"code": {"type": "integer"}, "msg": {"type": "string"}, "data": {
    "type": "object", "properties": {"taskId": {"type": "string", "description": "Ask for the task with it."}}}}}


KITE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "prompt": {"type": "string", "description": "What to show, in words.", "maxLength": 2000, "examples": ["a red kite over the sea"]},
        "image_urls": {
            "type": "array", "items": {"type": "string", "format": "uri"}, "description": "Links: up to four.", "maxItems": 4,
            "examples": [["https://files.example.org/a.png"]],
        },
        "ratio": {"type": "string", "enum": ["1:1", "16:9"], "default": "1:1", "description": "Its shape.", "examples": ["16:9"]},
        "count": {"type": "string", "enum": ["1", "2"], "default": "1", "description": "How many of them."},
        "steps": {"type": "integer", "enum": [4, 8], "default": 4, "description": "How many steps."},
        "strength": {
            "type": "number", "minimum": 0, "maximum": 1, "multipleOf": 0.1, "default": 0.5, "description": "How much changes.",
            "examples": [0.8],
        },
        "sound": {"type": "boolean", "default": False, "description": "Whether it sounds.", "examples": [True]},
        "style": {
            "type": "object", "description": "How it looks.", "required": ["name"],
            "properties": {
                "name": {"type": "string", "description": "The name of the look."},
                "weight": {"type": "number", "minimum": 0, "maximum": 2, "description": "How much of it."},
            },
        },
        "loras": {
            "type": "array", "description": "What is added.", "items": {
                "type": "object", "required": ["path"], "properties": {
                    "path": {"type": "string", "description": "Where it lies."},
                    "scale": {"type": "number", "default": 1, "description": "How strong it is."},
                },
            },
        },
        "seed": {"type": "integer", "description": "For the same picture again."},
    },
    "required": ["prompt", "ratio", "count"],
}
"""An invented model's input schema, with every kind of field that pages describe."""

SAMPLE: dict[str, Any] = {
    "prompt": "a red kite over the sea", "image_urls": ["https://files.example.org/a.png"], "ratio": "16:9", "strength": 0.8, "sound": True,
}


def plain_words(part: Mapping[str, Any]) -> dict[str, Any]:
    """A schema without its descriptions and examples, required names in order of the alphabet."""
    kept = {key: value for key, value in part.items() if key not in ("description", "examples", "properties", "items", "required", "enumNames")}
    if isinstance(part.get("items"), Mapping):
        kept["items"] = plain_words(part["items"])
    if "properties" in part:
        kept["properties"] = {name: plain_words(inner) for name, inner in part["properties"].items()}
    if part.get("required"):
        kept["required"] = sorted(part["required"])
    return kept


def walk(schema: Mapping[str, Any], before: str = "input") -> Iterator[tuple[str, Mapping[str, Any], bool]]:
    """Every field with its dotted name and whether it is required, parents first."""
    required = schema.get("required", [])
    for name, part in schema.get("properties", {}).items():
        path = f"{before}.{name}"
        yield path, part, name in required
        if part.get("type") == "array":
            yield from walk(part.get("items", {}), f"{path}[]")
        else:
            yield from walk(part, path)


def type_words(part: Mapping[str, Any]) -> str:
    """`enum<string>`, `string<uri>[]`, ..."""
    kind = str(part.get("type", "string"))
    if kind == "array":
        return type_words(part["items"]) + "[]" if part.get("items") else "array"
    kind = f"enum<{kind}>" if "enum" in part else kind
    return f"{kind}<{part['format']}>" if "format" in part else kind


def _literal(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def facts(part: Mapping[str, Any], words: Mapping[str, str], *, required: bool) -> list[tuple[str, str]]:
    """Labels and values, in the order pages have them."""
    found = [("type", f"`{type_words(part)}`"), ("required", words["yes"] if required else words["no"])]
    if "default" in part:
        default = part["default"]
        found.append(("default", f"`{default}`" if isinstance(default, str) and default else f"`{_literal(default)}`"))
    if part.get("description"):
        found.append(("description", part["description"]))
    listed = part.get("enum", part.get("items", {}).get("enum") if isinstance(part.get("items"), Mapping) else None)
    if listed:
        found.append(("enum", ", ".join(f"`{one}`" for one in listed)))
    for word in ("maxLength", "minLength", "maxItems", "minItems"):
        if word in part:
            found.append((word, f"`{part[word]}`"))
    if bounds(part):
        found.append(("range", f"`{bounds(part)}`"))
    if "multipleOf" in part:
        found.append(("step", f"`{_literal(part['multipleOf'])}`"))
    if "examples" in part:
        found.append(("example", f"`{_literal(part['examples'][0])}`"))
    return found


def bounds(part: Mapping[str, Any]) -> str:
    """`0 <= x <= 1`, or one end alone."""
    if "minimum" in part and "maximum" in part:
        return f"{_literal(part['minimum'])} <= x <= {_literal(part['maximum'])}"
    return f"x >= {_literal(part['minimum'])}" if "minimum" in part else f"x <= {_literal(part['maximum'])}" if "maximum" in part else ""


# --- hand-made Markdown

def _labelled(label: str, value: str, style: str) -> str:
    """The four ways of a colon: inside or outside the bold, half or full width."""
    return {"in": f"**{label}:** {value}", "out": f"**{label}**: {value}", "in-full": f"**{label}：** {value}", "out-full": f"**{label}**：{value}"}[style]


def _headings(path: str, lines: list[tuple[str, str]], level: int, style: str) -> str:
    return f"{'#' * level} {path}\n\n" + "".join(f"*   {_labelled(label, value, style)}\n" for label, value in lines) + "\n"


def _bold(path: str, lines: list[tuple[str, str]], level: int, style: str) -> str:
    return f"**{path}**\n" + "".join(f"*   {_labelled(label, value, style)}\n" for label, value in lines) + "\n"


def _paragraphs(path: str, lines: list[tuple[str, str]], level: int, style: str) -> str:
    """Labels as paragraphs below a title; the description stands bare, values in fences or bullets of their own."""
    text = f"{'#' * level} {path}\n\n"
    for label, value in lines:
        text += f"{_labelled(label, value, style)}\n" if label else f"\n{value}\n\n"
    return text + "\n"


def _bullets(path: str, lines: list[tuple[str, str]], level: int, style: str) -> str:
    return f"    *   **{path}**\n" + "".join(f"        *   {_labelled(label, value, style)}\n" for label, value in lines)


def _inline(path: str, lines: list[tuple[str, str]], level: int, style: str) -> str:
    """`**name** `type` (required, default: x)`, then a sentence, then labels without bold."""
    said = dict(lines)
    rest = "".join(f"\n{label}:\n{value}\n" for label, value in lines if label.strip(":") not in ("TYPE", "NEED", "SAY"))
    return f"**{path}** {said['TYPE']} ({said['NEED']})\n\n{said.get('SAY', '')}\n{rest}\n"


LAYOUTS = ("headings", "bold", "paragraphs", "bullets", "table", "inline")


def markdown_page(model: str, schema: Mapping[str, Any], sample: Mapping[str, Any], *, layout: str, language: str = "zh-cn", style: str = "out") -> str:
    """A whole page in one of the layouts."""
    words = LANGUAGES[language]
    body = json.dumps({"model": model, "callBackUrl": "https://example.org/hook", "input": sample}, ensure_ascii=False, indent=2)
    page = f"# {model}\n\n{words['about']}\n\n## {words['request']}\n\n```bash\ncurl --request POST \\\n  --url https://api.kie.ai/api/v1/jobs/createTask \\\n  --data '\n{body}\n'\n```\n\n## {words['parameters']}\n\n"
    root = {"type": "object", "required": ["model", "input"], "properties": {
        "model": {"type": "string", "enum": [model], "default": model}, "callBackUrl": {"type": "string", "format": "uri"}, "input": schema}}
    rows = [(path.partition(".")[2], part, required) for path, part, required in walk(root, "root")]
    write = {"headings": _headings, "bold": _bold, "paragraphs": _paragraphs, "bullets": _bullets, "inline": _inline}.get(layout)
    if layout == "table":
        page += f"| {words['name']} | {words['type']} | {words['required']} | {words['description']} | {words['default']} | {words['example']} |\n" + "| :--- " * 6 + "|\n"
        for path, part, required in rows:
            said = dict(facts(part, words, required=required))
            more = [f"{words[key]}：{value}" for key, value in said.items() if key not in ("type", "required", "description", "default", "example")]
            cell = "<br>".join(filter(None, [said.get("description", "").replace("\n", "<br>"), *more]))
            page += f"| `{path}` | {said['type']} | {said['required']} | {cell.replace('|', chr(92) + '|')} | {said.get('default', '')} | {said.get('example', '').replace('|', chr(92) + '|')} |\n"
    for path, part, required in rows if write else ():
        said = [("SAY" if key == "description" else key, value) for key, value in facts(part, words, required=required)]
        nested = path.startswith("input.")
        if layout == "inline":
            lines = [("TYPE", dict(said)["type"]), ("NEED", ", ".join(filter(None, [
                words["needed"] if required else words["optional"], f"default: {dict(said)['default']}" if "default" in dict(said) else ""])))]
            lines += [(key if key == "SAY" else words[key], value) for key, value in said if key not in ("type", "required", "default")]
        elif layout == "paragraphs":
            lines = [("" if key == "SAY" else words[key], value) for key, value in said]
        else:
            lines = [(words["description" if key == "SAY" else key], value) for key, value in said]
        if layout == "bullets" and not nested:
            page += _bold(path, lines, 3, style).rstrip("\n") + "\n"
        else:
            page += write(path, lines, 4 if nested else 3, style)
    return page + _answer(words, layout)


def _answer(words: Mapping[str, str], layout: str) -> str:
    lines = [(words["type"], "`integer`"), (words["description"], words["code"])]
    table = f"| {words['name']} | {words['type']} | {words['description']} |\n| --- | --- | --- |\n| code | integer | {words['code']} |\n"
    return f"\n## {words['answer']}\n\n" + (table if layout == "table" else _bold("code", lines, 3, "out"))


def playground(model: str, schema: Mapping[str, Any], sample: Mapping[str, Any], *, language: str = "en") -> str:
    """The dialect of autumn 2025: bare names below "input Object Parameters", options as bullets with meanings."""
    words = LANGUAGES[language]
    title = {"en": "input Object Parameters", "zh-cn": "input 对象参数"}[language]
    page = f"# {model}\n\n### {words['parameters']}\n\n| {words['name']} | {words['type']} | {words['required']} | {words['description']} |\n|---|---|---|---|\n"
    page += f"| model | string | {words['yes']} | `{model}` |\n| input | object | {words['yes']} | {words['about']} |\n| callBackUrl | string | {words['no']} | - |\n\n"
    page += f"### {title}\n\n"
    for name, part in schema["properties"].items():
        page += f"#### {name}\n- **{words['type']}**: `{part['type']}`\n- **{words['required']}**: {words['yes'] if name in schema.get('required', []) else words['no']}\n"
        page += f"- **{words['description']}**: {part.get('description', '')}\n"
        if "maxLength" in part:
            page += f"- **{words['maxLength']}**: {part['maxLength']} characters\n"
        if "enum" in part:
            page += f"- **{words['enum']}**:\n" + "".join(f"  - `{one}`: {str(one).title()} !\n" for one in part["enum"])
        if "minimum" in part:
            page += f"- **{words['range']}**: {part['minimum']} - {part['maximum']} (step: {part['multipleOf']})\n"
        if part["type"] == "array":
            page += f"- **{words['size']}**: 10MB\n- **{words['accept']}**: image/jpeg, image/png\n"
        if "default" in part:
            page += f"- **{words['default']}**: `{_literal(part['default'])}`\n"
        page += "\n"
    body = json.dumps({"model": model, "input": sample}, ensure_ascii=False, indent=2)
    return page + f"### {words['request']}\n\n```json\n{body}\n```\n\n### {words['answer']}\n\nPOST https://api.kie.ai/api/v1/jobs/createTask\n"


# --- OpenAPI in YAML

def yaml_of(model: str, schema: Mapping[str, Any], sample: Mapping[str, Any], *, version: str, listed: list[str] | None = None) -> str:
    """The OpenAPI document of one model."""
    from ruamel.yaml import YAML

    properties = {"model": {"type": "string", "enum": listed or [model]}, "callBackUrl": {"type": "string", "format": "uri"}, "input": schema}
    media = {"schema": {"type": "object", "required": ["model"], "properties": properties}, "example": {"model": model, "input": sample}}
    document = {"openapi": version, "info": {"title": "Kie", "version": "1"}, "paths": {"/api/v1/jobs/createTask": {"post": {
        "summary": f"Use {model}", "requestBody": {"content": {"application/json": media}},
        "responses": {"200": {"description": "Taken", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Answer"}}}}}}}},
        "components": {"schemas": {"Answer": ANSWER}}, "servers": [{"url": "https://api.kie.ai"}]}
    writer, out = YAML(typ="safe", pure=True), io.StringIO()
    writer.default_flow_style, writer.allow_unicode, writer.sort_base_mapping_type_on_output = False, True, False
    writer.width = 100_000
    writer.representer.ignore_aliases = lambda _: True
    writer.dump(json.loads(json.dumps(document)), out)
    return out.getvalue()


def apidog(model: str, schema: Mapping[str, Any], sample: Mapping[str, Any], **more: Any) -> str:
    """A page of Apidog's."""
    return f"# {model}\n\n## OpenAPI Specification\n\n```yaml\n{yaml_of(model, schema, sample, version='3.0.1', **more)}\n```\n"


def mintlify(model: str, schema: Mapping[str, Any], sample: Mapping[str, Any], **more: Any) -> str:
    """A page of Mintlify's."""
    document = yaml_of(model, schema, sample, version="3.0.0", **more)
    return f"> ## Documentation Index\n\n# {model}\n\n## OpenAPI\n\n````yaml market/x.json post /api/v1/jobs/createTask\n{document}\n````\n"


# --- what a browser shows

def shown_by_mintlify(model: str, schema: Mapping[str, Any], sample: Mapping[str, Any], *, language: str = "en") -> str:
    """Text selected in a browser on a page of Mintlify's."""
    options = {"en": "Available options:", "zh-cn": "可用选项:"}[language]
    body = json.dumps({"model": model, "callBackUrl": "https://example.org/hook", "input": sample}, ensure_ascii=False, indent=2)
    page = f"Skip to main content\nPOST\n/\napi\n/\nv1\n/\njobs\n/\ncreateTask\nUse {model}\ncurl --request POST \\\n  --url https://api.kie.ai/api/v1/jobs/createTask \\\n  --data '\n{body}\n'\n"
    page += '{\n  "code": 200,\n  "msg": "success"\n}\n\nAuthorizations\n\nAuthorization\nstring\nheader\nrequired\n\nA token is asked for.\n\nBody\n\napplication/json\n'
    root = {"type": "object", "required": ["model", "input"], "properties": {
        "model": {"type": "string", "enum": [model], "default": model, "description": "Which model."},
        "callBackUrl": {"type": "string", "format": "uri", "description": "Where to call."}, "input": schema}}
    for path, part, required in walk(root, "root"):
        page += f"{path.partition('.')[2]}\n{type_words(part)}\n"
        if "default" in part:
            page += f"default:{part['default'] if isinstance(part['default'], str) else _literal(part['default'])}\n"
        page += ("required\n" if required else "") + f"\n{part.get('description', '')}\n\n"
        listed = part.get("enum", part.get("items", {}).get("enum"))
        if listed:
            page += f"{options}\n" + ",\n".join(str(one) for one in listed) + "\n"
        if bounds(part):
            page += f"Required range: {bounds(part)}\n"
        if "maxLength" in part:
            page += f"Maximum string length: {part['maxLength']}\n"
        if "maxItems" in part:
            page += f"Maximum array length: {part['maxItems']}\n"
        if "multipleOf" in part:
            page += f"Must be a multiple of: {part['multipleOf']}\n"
        if "examples" in part:
            page += f"Example:\n\n{json.dumps(part['examples'][0], ensure_ascii=False, indent=2)}\n\n"
    return page + "Response\n200 - application/json\n\nRequest successful\n\ncode\nenum<integer>\n\nThe code.\n\ndata\nobject\ndata.taskId\nstring\n\nThe task.\n"


def shown_by_apidog(model: str, schema: Mapping[str, Any], sample: Mapping[str, Any], *, language: str = "en") -> str:
    """Text selected in a browser on a page of Apidog's: bare names, counted objects."""
    words = {
        "en": ("required", "optional", "Allowed values:", "Default:", "Example:", "characters", "Body Params application/json", "Responses"),
        "zh-cn": ("必需", "可选", "枚举值:", "默认值:", "示例:", "字符", "Body 参数application/json", "返回响应"),
    }[language]
    page = f"KIE.AI\nMarket\n1. Models\n{model} - pictures\n\nPOST\n/api/v1/jobs/createTask\n\nRequest\n\nAuthorization\nBearer Token\nExample:\nAuthorization: Bearer ****\n\n{words[6]}\n\n"
    root = {"type": "object", "required": ["model", "input"], "properties": {
        "model": {"type": "string", "enum": [model], "default": model}, "callBackUrl": {"type": "string", "format": "uri"}, "input": schema}}
    for path, part, required in walk(root, "root"):
        kind = type_words(part).replace("<", " <", 1) if "format" in part else type_words(part)
        if kind.endswith("[]"):
            kind = f"array[{kind[:-2]}]"
        inner = part if part.get("type") == "object" else part.get("items", {})
        if inner.get("type") == "object" and inner.get("properties"):
            kind = kind.replace("object", f"object {{{len(inner['properties'])}}}")
        page += f"{path.rsplit('.', 1)[1]}\n{kind}\n{words[0] if required else words[1]}\n{part.get('description', '')}\n"
        if "maxLength" in part:
            page += f"<= {part['maxLength']} {words[5]}\n"
        page += "".join(f"{sign} {part[word]}" for sign, word in ((">=", "minimum"), ("<=", "maximum")) if word in part) + "\n" * bool(bounds(part))
        if "maxItems" in part:
            page += f"<= {part['maxItems']} items\n"
        listed = part.get("enum", part.get("items", {}).get("enum"))
        if listed:
            page += f"{words[2]}\n" + "\n".join(str(one) for one in listed) + "\n"
        if "default" in part:
            page += f"{words[3]}\n{part['default'] if isinstance(part['default'], str) else _literal(part['default'])}\n"
        if "examples" in part:
            page += f"{words[4]}\n{_literal(part['examples'][0])}\n"
    body = json.dumps({"model": model, "input": sample}, ensure_ascii=False)
    return page + f"Request Code Samples\nShell\ncurl --location 'https://api.kie.ai/api/v1/jobs/createTask' \\\n--data '{body}'\n\n{words[7]}\n\n🟢200 OK\napplication/json\ncode\ninteger\nrequired\nmsg\nstring\nrequired\ndata\nobject\ntaskId\nstring\n\nModified at 2026-08-01\n"
