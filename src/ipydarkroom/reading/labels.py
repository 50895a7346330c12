"""The words that pages put before what they say of a field, in four languages, and what each is about.

A label is a whole word or phrase before a colon, never a part of a sentence. The subjects are those of JSON Schema where
it has a word for them.
"""

from __future__ import annotations

import re

__all__ = ["COLUMN_NAMES", "NO", "OPTIONAL", "REQUIRED", "YES", "subject_of"]

_WORDS = {
    "type": "type|data type|类型|数据类型|参数类型|類型|資料類型|型別|型|データ型|タイプ",
    "required": "required|is required|mandatory|必需|必填|必须|必选|是否必填|是否必需|是否必须|是否必选|必須|必填項|是否必須|必要|必須か|必須項目|必須かどうか",
    "optional": "optional|可选|可選|選填|选填|任意|省略可|省略可能",
    "default": "default|default value|默认|默认值|缺省值|預設|預設值|默認值|既定値|初期値|デフォルト|デフォルト値|規定値",
    "enum": "options|available options|available values|allowed values|allowed value|valid values|possible values|enum|enum values"
    "|可用选项|可选值|可选项|选项|枚举|枚举值|允许值|允许的值|可用值|取值|可選值|可用選項|選項|列舉|列舉值|枚舉值|允許值|可用值"
    "|選択肢|利用可能な値|利用可能なオプション|使用可能な値|許可される値|許容値|列挙値|オプション",
    "example": "example|examples|example value|sample|示例|示例值|例子|样例|范例|範例|示例值|範例值|例|値の例|サンプル|サンプル値",
    "description": "description|描述|说明|参数说明|描述信息|說明|説明|備考",
    "maxLength": "max length|maximum length|maximum string length|max string length|最大长度|最大字符数|最大字符长度|最大字符串长度"
    "|字符串最大长度|最大長度|最大字元數|最大字串長度|最大文字数|最大長|文字列の最大長",
    "minLength": "min length|minimum length|minimum string length|最小长度|最小字符数|最小长度限制|最小長度|最小文字数|最小長",
    "length": "required string length|string length|length|长度|长度范围|字符串长度|所需字符串长度|長度|長度範圍|文字数|長さ",
    "range": "range|required range|value range|valid range|范围|取值范围|数值范围|所需范围|範圍|取值範圍|數值範圍|範囲|値の範囲|有効範囲",
    "minimum": "minimum|minimum value|min|最小值|最小値",
    "maximum": "maximum|maximum value|max|最大值|最大値",
    "multipleOf": "step|multiple of|must be a multiple of|步长|步進|步長|步进|倍数|刻み|ステップ|増分",
    "maxItems": "max items|maximum items|maximum array length|max array length|max files|maximum files|最大数组长度|数组最大长度|最大数量"
    "|最大元素数|最大项数|最多数量|最大文件数|最大陣列長度|最大數量|最大要素数|最大個数|配列の最大長|最大件数",
    "minItems": "min items|minimum items|minimum array length|最小数组长度|最小数量|最小陣列長度|最小數量|最小要素数|最小個数|配列の最小長",
    "items": "required array length|array length|数组长度|所需数组长度|陣列長度|配列の長さ",
    "size": "max file size|maximum file size|max size|file size|最大文件大小|文件大小|最大大小|单个文件大小|最大檔案大小|檔案大小|最大ファイルサイズ|ファイルサイズ",
    "accept": "accepted file types|accepted types|supported file types|supported types|supported formats|accepted formats|file types"
    "|支持的文件类型|支持的类型|支持类型|支持的格式|支持格式|支持的文件格式|接受的文件类型|支援的檔案類型|支援的類型|支援格式|支援的格式"
    "|対応ファイル形式|対応形式|対応フォーマット|受け付けるファイル形式",
    "multiple": "multiple files|allow multiple files|多个文件|允许多个文件|支持多个文件|多文件|多個檔案|允許多個檔案|複数ファイル|複数のファイル",
    "format": "format|格式|形式|フォーマット",
    "pattern": "pattern|match pattern|匹配模式|正则|正则表达式|匹配规则|正規表示式|正規表現|パターン",
    "location": "location|in|位置|場所",
    "deprecated": "deprecated|已弃用|已废弃|弃用|已棄用|非推奨|廃止予定",
}
_COLUMNS = {"name": "name|parameter|parameter name|param|field|field name|key|参数|参数名|参数名称|字段|字段名|字段名称|名称|属性名|參數|參數名稱"
            "|欄位|欄位名稱|名稱|パラメータ|パラメーター|パラメータ名|フィールド|フィールド名|名前|項目"}

_SUBJECTS = {word: subject for subject, words in _WORDS.items() for word in words.split("|")}
COLUMN_NAMES = frozenset(_COLUMNS["name"].split("|"))
"""Heads of a table's column that holds the names of fields."""

_YES_WORDS = "yes|true|y|是|是的|必填|必需|必须|必選|必选|required|はい|有|○|✅|✓|✔|必須|需要|対応|支持|支援|可"
_NO_WORDS = "no|false|n|否|不是|可选|可選|选填|選填|非必填|非必需|optional|いいえ|無|无|任意|×|❌|✗|✘|不需要|省略可|不支持|不支援"
_REQUIRED_WORDS = "required|必填|必需|必须|必選|必选|必須|必要"
_OPTIONAL_WORDS = "optional|可选|可選|选填|選填|任意|省略可|not required|非必填|非必需"
YES, NO, REQUIRED, OPTIONAL = (frozenset(words.split("|")) for words in (_YES_WORDS, _NO_WORDS, _REQUIRED_WORDS, _OPTIONAL_WORDS))

_AND_MEANING = re.compile(r"(及其?含义|及說明|及说明|及含義|と意味|and meanings?|列表|\s*[(（][^()（）]{0,20}[)）])$", re.IGNORECASE)


def subject_of(label: str) -> str | None:
    """What a label is about: a word of JSON Schema, or `required`, `size`, `accept`, ...; None for any other word."""
    word = re.sub(r"\s+", " ", label.strip(" *_:：`\t")).lower()
    if len(word) > 40:
        return None
    return _SUBJECTS.get(word) or _SUBJECTS.get(_AND_MEANING.sub("", word).strip())
