"""What 94 real schemas say in prose: every certain limit and condition is written down here, and was read by a person.

`prose_facts.json` holds facts only: model, field, what is certain. A change to it is a change to what forms refuse.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from ipydarkroom.schema.prose import Remark, read_prose
from ipydarkroom.schema.prose.clauses import sentences

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
FACTS = Path(__file__).with_name("prose_facts.json")
SOUNDS_LIKE_A_LIMIT = re.compile(
    r"\d ?(?:mb|kb|gb|m\b|char|字符|张|張|images?|files?|urls?|videos?|items|s\b|sec|秒|px|pixel|fps)|\bmax|\bmin\b|最大|最小|最多|at most|up to|\brange\b"
    r"|between|范围|至少|at least|exceed|不超过"
)


def schemas() -> Iterator[tuple[str, Mapping]]:
    """(model, input schema) of the corpora."""
    if not CORPUS.is_dir():
        pytest.skip("the corpora do not lie beside this checkout")
    for page in json.loads((CORPUS / "kie" / "catalog.json").read_text(encoding="utf-8"))["pages"]:
        yield page["model"], page["input_schema"]
    for file in sorted([*(CORPUS / "kie").glob("*.schema.json"), *(CORPUS / "runcomfy").glob("*.schema.json")]):
        yield file.name.removesuffix(".schema.json"), json.loads(file.read_text(encoding="utf-8"))


def forms(schema: Mapping) -> Iterator[Mapping]:
    """The properties of a schema, of its variants, and of what its lists hold."""
    properties = schema.get("properties")
    if isinstance(properties, dict):
        yield properties
        for part in properties.values():
            for inner in (part, part.get("items")) if isinstance(part, dict) else ():
                if isinstance(inner, dict) and "properties" in inner:
                    yield from forms(inner)
    for word in ("oneOf", "anyOf", "allOf"):
        for branch in schema.get(word) or []:
            yield from forms(branch)


def remarks() -> Iterator[tuple[str, str, Mapping, tuple[Remark, ...]]]:
    """(model, field, its schema, what it says) for every field."""
    for model, schema in schemas():
        for properties in forms(schema):
            for name, part in properties.items():
                if isinstance(part, dict):
                    yield model, name, part, read_prose(name, part, properties)


def found() -> dict[str, dict[str, dict[str, object]]]:
    """Model -> field -> code -> what is certain; lists where a code comes more than once."""
    facts: dict[str, dict[str, dict[str, object]]] = {}
    for model, name, _, said in remarks():
        for remark in said:
            if remark.certain:
                values = list(remark.params.values())
                value = values[0] if len(values) == 1 else values
                codes = facts.setdefault(model, {}).setdefault(name, {})
                codes[remark.code] = sorted({*codes.get(remark.code, []), value}) if remark.code == "not_with" else value
    return json.loads(json.dumps(facts))


def test_every_certain_limit_and_condition_is_one_that_a_person_read():
    """No more and no fewer: a new certain one is looked at before it is written down."""
    assert json.loads(FACTS.read_text(encoding="utf-8")) == found()


def test_what_the_corpora_say_is_said(record_property, capsys):
    """Of the sentences that sound like a limit, nearly all are understood, shown, or in the schema already."""
    score: Counter[str] = Counter()
    fields: dict[str, set[tuple[str, str]]] = {"limit": set(), "condition": set()}
    for model, name, part, said in remarks():
        own = {str(part[key]) for key in ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems") if key in part}
        for remark in said:
            kind = "condition" if remark.code in ("only_when", "not_with", "needs", "required_when", "condition") else "limit"
            score[f"{kind}s, {'certain' if remark.certain else 'shown'}"] += 1
            fields[kind].add((model, name))
        for sentence in sentences(str(part.get("description") or "")):
            if not SOUNDS_LIKE_A_LIMIT.search(sentence.text):
                continue
            told = any(sentence.said in remark.said or remark.said in sentence.said for remark in said)
            known = own & set(re.findall(r"\d+(?:\.\d+)?", sentence.text))
            score["sentences told" if told else "sentences the schema has" if known else "sentences missed"] += 1
    line = "; ".join(f"{name}: {count}" for name, count in sorted(score.items()))
    with capsys.disabled():
        print(f"\nprose of the corpora: {line}; fields with limits: {len(fields['limit'])}, with conditions: {len(fields['condition'])}")
    record_property("prose", line)

    assert score["sentences missed"] < 0.1 * (score["sentences told"] + score["sentences the schema has"])
