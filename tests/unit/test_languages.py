"""Every sentence in every language: `en`, `zh_cn`, `zh_tw`, `ja`."""

from __future__ import annotations

import ast
import importlib
import re
import string
from pathlib import Path
from typing import get_args

import pytest

import ipydarkroom

from ipydarkroom import errors
from ipydarkroom.catalog import bundled
from ipydarkroom.fields import UNSET, Problem, Rule
from ipydarkroom.jobs import Charged, State
from ipydarkroom.languages import LANGUAGES, choose, current, first, normal, say
from ipydarkroom.schema import check, read_schema

PACKAGE = Path(ipydarkroom.__file__).parent
TABLES = {code: importlib.import_module(f"ipydarkroom.languages.{code}").SENTENCES for code in LANGUAGES}


def placeholders(sentence: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_language_has_exactly_the_keys_of_english(code):
    """A missing key is a failing test, and so is one that nobody else has."""
    assert TABLES["en"].keys() == TABLES[code].keys()


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_sentence_has_the_placeholders_of_english(code):
    """What a translation asks for, the program gives; what it leaves out, the reader would miss."""
    for key, said in TABLES[code].items():
        assert placeholders(TABLES["en"][key]) == placeholders(said), key


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_sentence_is_well_formed(code):
    """No stray space, every bracket closed by its own kind, and no English left where other words are meant."""
    for key, said in TABLES[code].items():
        assert said == said.strip(), key
        assert said.count("(") == said.count(")"), key
        assert said.count("（") == said.count("）"), key
        if code != "en":
            same_word = said == TABLES["en"][key] and re.search("[a-z]{4}", re.sub(r"{.*?}", "", said))
            assert not same_word, key


def test_every_key_the_program_names_has_a_sentence():
    """A key is written as a plain string where it is used; this finds them all."""
    subjects = {key.partition(".")[0] for key in TABLES["en"]} - {"field", "model"}
    key = re.compile(rf"(?:{'|'.join(sorted(subjects))})(?:\.[a-z_]+)+")
    named = {
        node.value
        for path in PACKAGE.rglob("*.py") if path.parent.name != "languages"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and key.fullmatch(node.value)
    }

    assert len(named) > 50
    assert set() == named - TABLES["en"].keys()


WRONG = (
    ({"type": "string"}, UNSET), ({"type": "string"}, 7), ({"enum": ["a"]}, "b"), ({}, {1}),
    ({"minimum": 1}, 0), ({"maximum": 1}, 2), ({"exclusiveMinimum": 1}, 1), ({"exclusiveMaximum": 1}, 1), ({"multipleOf": 2}, 3),
    ({"minLength": 3}, "a"), ({"maxLength": 1}, "ab"), ({"pattern": "x"}, "a"), ({"minItems": 1}, []), ({"maxItems": 0}, [1]),
    *(({"type": "image"}, link) for link in ("https://", "ftp://a.example", "https://10.0.0.1/", "https://me@a.example/")),
)


NAMED = {"properties": {"a": {}, "b": {}}}
BESIDE = (
    ({**NAMED, "oneOf": [{"required": ["a"]}, {"required": ["b"]}]}, {}),
    ({**NAMED, "oneOf": [{"required": ["a"]}, {"required": ["b"]}]}, {"a": 1, "b": 1}),
    ({**NAMED, "dependentRequired": {"a": ["b"]}}, {"a": 1}), ({**NAMED, "minProperties": 1}, {}), ({**NAMED, "maxProperties": 0}, {"a": 1}),
    ({**NAMED, "propertyNames": {"maxLength": 0}}, {"a": 1}), ({"properties": {"a": False}}, {"a": 1}),
    ({**NAMED, "if": {"properties": {"a": {"const": 1}}}, "then": {"required": ["b"]}}, {"a": 1}),
    ({**NAMED, "if": {"required": ["a"]}, "then": {"required": ["b"]}}, {"a": 1}),
    *(({"properties": {"a": part}}, {"a": value}) for part, value in (
        ({"anyOf": [{"type": "string"}, {"type": "boolean"}]}, 1), ({"oneOf": [{"minimum": 1}, {"maximum": 9}]}, 5),
        ({"uniqueItems": True}, [1, 1]), ({"contains": {"type": "string"}}, []), ({"contains": {}, "maxContains": 1}, [1, 2]),
        ({"type": "string", "format": "date"}, "soon"),
    )),
)  # fmt: skip


def problems() -> list[Problem]:
    """One of every kind the checker makes."""
    found = []
    for part, value in WRONG:
        root = read_schema({"properties": {"x": part}, "required": ["x"]}).root
        found += check(root, (), {"x": value})
    root = read_schema({"properties": {"seed": {"type": "string"}, "b": {}, "c": {}}}, {"seed": {"advised_words": 1}}).root
    rules = (Rule("only_when", "b", "seed", "x"), Rule("instead_of", "seed", "c"))
    found += check(root, rules, {"seed": "two words", "b": 1, "c": 1, "sede": 1, "quite_another": 1})
    for part, value in BESIDE:
        found += check(read_schema(part).root, (), value)
    closed = read_schema({"properties": {"x": {}}, "additionalProperties": False}).root
    return [*found, *check(closed, (), {"y": 1})]


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_problem_of_the_checker_is_a_whole_sentence(code):
    """The numbers a sentence asks for are the numbers a problem brings; and no sentence is there for nothing."""
    of_files_and_typing = {key for key in TABLES[code] if re.match(r"problem\.(file_|link_(?:gone|page|refused|status|too_large)|not_json|not_a_|not_listed|unjudg|whole_schema|expected|told|server)", key)}

    keyed = ((f"problem.{problem.code}", problem.params) for problem in problems())
    said = {key: say(key, language=code, **params) for key, params in keyed}

    assert TABLES[code].keys() >= said.keys()
    assert {key for key in TABLES[code] if key.startswith("problem.")} == said.keys() | of_files_and_typing
    assert not [sentence for sentence in said.values() if "–" in sentence]


@pytest.mark.parametrize("name", sorted(set(errors.__all__) - {"DarkroomError"}))
def test_every_error_has_a_next_step(name):
    """Whoever reads what happened also reads what to do now."""
    assert f"{getattr(errors, name).key}.next" in TABLES["en"]


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_state_and_every_end_of_a_cancel_has_a_word(code):
    """Keys that are put together at run time are complete too."""
    states = {f"state.{state.value}" for state in State}
    ends = {f"panel.cancel.{outcome}" for outcome in ("stopped", "still_running", "unknown", "not_offered")}
    bills = {f"charged.{word}" for word in get_args(Charged)}

    assert states | ends | bills <= TABLES[code].keys()


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_input_of_every_bundled_model_has_a_title_and_a_help(code):
    """A person in Osaka reads the whole panel."""
    for model in bundled():
        for field in model.fields:
            for part in ("title", "help"):
                keys = (f"model.{model.id}.{field.name}.{part}", f"field.{field.name}.{part}")
                assert any(key in TABLES[code] for key in keys), keys


@pytest.mark.parametrize("name", errors.__all__)
def test_every_error_has_a_sentence(name):
    """Whatever can be raised can be said on a panel."""
    assert getattr(errors, name).key in TABLES["en"]


@pytest.mark.parametrize(
    ("asked", "given"),
    [("zh", "zh_cn"), ("zh-Hant-HK", "zh_tw"), ("zh_TW", "zh_tw"), ("ja-JP", "ja"), ("EN-us", "en"), ("tlh", "en")],
)
def test_common_codes_find_their_language(asked, given):
    """People write a language in many ways; an unknown one is English."""
    assert given == normal(asked)


def test_an_unfilled_placeholder_never_breaks_a_sentence():
    """A dash is better than a traceback on a panel."""
    assert "– words" in say("problem.words", limit=600)


def test_a_chain_ends_at_the_first_key_that_exists():
    """From the special to the general, and to the given word where nobody knows better."""
    assert "Prompt" == first("model.none.prompt.title", "field.prompt.title", language="en")
    assert "as it is" == first("nothing.here", default="as it is")


def test_the_language_is_chosen_for_the_process():
    """`dr.use(language=...)` changes what is said from then on."""
    before = current()
    try:
        choose("ja-JP")

        assert "実行" == say("panel.run")
    finally:
        choose(before)
