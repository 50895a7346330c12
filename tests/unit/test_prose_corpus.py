"""What 118 real schemas say in prose: every certain limit and condition is written down here, and was read by a person.

`prose_facts.json` holds facts only: model, field, what is certain. A change to it is a change to what forms refuse.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest

from ipydarkroom.fields import Field, pointer_text
from ipydarkroom.models import Model
from ipydarkroom.schema.prose.clauses import sentences

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
CONDITIONS = frozenset({"only_when", "not_with", "needs", "required_when", "condition"})
FACTS = Path(__file__).with_name("prose_facts.json")
SOUNDS_LIKE_A_LIMIT = re.compile(
    r"\d ?(?:mb|kb|gb|m\b|char|字符|张|張|images?|files?|urls?|videos?|items|s\b|sec|秒|px|pixel|fps)|\bmax|\bmin\b|最大|最小|最多|at most|up to|\brange\b"
    r"|between|范围|至少|at least|exceed|不超过"
)


def schemas() -> Iterator[tuple[str, Mapping, Mapping]]:
    """(model, input schema, inputs of its own request where it has one) of the corpora."""
    if not CORPUS.is_dir():
        pytest.skip("the corpora do not lie beside this checkout")
    for page in json.loads((CORPUS / "kie" / "catalog.json").read_text(encoding="utf-8"))["pages"]:
        example = page["example"]
        yield page["model"], page["input_schema"], example.get("input", {}) if isinstance(example, dict) else {}
    for file in sorted([*(CORPUS / "kie").glob("*.schema.json"), *(CORPUS / "runcomfy").glob("*.schema.json")]):
        yield file.name.removesuffix(".schema.json"), json.loads(file.read_text(encoding="utf-8")), {}


def models() -> Iterator[Model]:
    """A form of each."""
    for name, schema, sample in schemas():
        yield Model.from_schema(schema, id=name, sample=sample)


def everything(fields: Iterable[Field]) -> Iterator[Field]:
    """Every field, also those inside of lists and objects."""
    for field in fields:
        yield field
        yield from everything(field.children)
        if field.items is not None:
            yield from everything(field.items.children)


def found() -> dict[str, dict[str, dict[str, object]]]:
    """Model -> field -> code -> what is certain; a list where one field excludes several others."""
    facts: dict[str, dict[str, dict[str, object]]] = {}
    for model in models():
        for note in model.notes:
            if note.rule.startswith("prose_"):
                codes = facts.setdefault(model.id, {}).setdefault(note.pointer, {})
                code = note.rule.removeprefix("prose_")
                codes[code] = sorted([*codes.get(code, []), note.became]) if code == "not_with" else note.became
    return json.loads(json.dumps(facts))


def test_every_certain_limit_and_condition_is_one_that_a_person_read():
    """No more and no fewer: a new certain one is looked at before it is written down."""
    assert json.loads(FACTS.read_text(encoding="utf-8")) == found()


def test_what_the_corpora_say_is_said(record_property, capsys):
    """Of the sentences that sound like a limit, nearly all are understood, shown, or in the schema already."""
    score: Counter[str] = Counter()
    fields: dict[str, set[tuple[str, str]]] = {"limit": set(), "condition": set()}
    for model in models():
        certain = [(note.pointer, note.rule.removeprefix("prose_"), str(note.was)) for note in model.notes if note.rule.startswith("prose_")]
        for field in everything(model.fields):
            where = pointer_text(field.pointer)
            told = [(code, said, "certain") for place, code, said in certain if place == where]
            told += [(hint.code, hint.said, "shown") for hint in field.hints]
            for code, _, how in told:
                kind = "condition" if code in CONDITIONS else "limit"
                score[f"{kind}s, {how}"] += 1
                fields[kind].add((model.id, where))
            own = {f"{limit:g}" for limit in (
                field.minimum, field.maximum, field.min_length, field.max_length, field.min_items, field.max_items,
            ) if limit is not None}
            for sentence in sentences(field.help):
                if SOUNDS_LIKE_A_LIMIT.search(sentence.text):
                    is_told = any(sentence.said in said or said in sentence.said for _, said, _ in told)
                    known = own & set(re.findall(r"\d+(?:\.\d+)?", sentence.text))
                    score["sentences told" if is_told else "sentences the schema has" if known else "sentences missed"] += 1
    line = "; ".join(f"{name}: {count}" for name, count in sorted(score.items()))
    with capsys.disabled():
        print(f"\nprose of the corpora: {line}; fields with limits: {len(fields['limit'])}, with conditions: {len(fields['condition'])}")
    record_property("prose", line)

    assert score["sentences missed"] < 0.15 * (score["sentences told"] + score["sentences the schema has"])
