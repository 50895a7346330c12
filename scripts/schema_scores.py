"""Count how well foreign schemas are read and judged, print it, and with --write-docs put it into docs/schema.md.

Two scores: every case of the public JSON Schema test suite for what the checker claims, and every published model
schema of the corpus as a form. `scripts/scores.py` prints them with all others.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests" / "unit")]

from foreign import published, suite  # noqa: E402  # the path is set above

from ipydarkroom.models import Model  # noqa: E402
from ipydarkroom.schema import check, judge, payload, read_tree  # noqa: E402
from ipydarkroom.schema.claims import CLAIMED, UNCLAIMED, unclaimed_in  # noqa: E402
from ipydarkroom.schema.formats import FORMATS  # noqa: E402

PAGE = ROOT / "docs" / "schema.md"
BEGIN, END = "<!-- scores: written by scripts/schema_scores.py -->\n", "<!-- end of scores -->\n"


@dataclass
class Score:
    """Cases of one file of the suite: all there are, those that use claimed keywords only, those that pass."""

    all: int = 0
    claimed: int = 0
    passed: int = 0
    wrong: list[str] = field(default_factory=list)


def is_claimed(file: str, schema: object) -> bool:
    """Whether a group uses nothing but what the checker claims; a format counts where the suite asserts it."""
    if unclaimed_in(schema):
        return False
    form = schema.get("format") if isinstance(schema, dict) else None
    return not file.startswith("optional/format") or form is None or form in FORMATS or file.endswith("/unknown")


def suite_scores() -> dict[str, Score]:
    """By file of the suite; empty where the suite is absent."""
    found = {}
    for file, groups in suite():
        score = found[file] = Score()
        for group in groups:
            tree, _ = read_tree(group["schema"])
            claimed = is_claimed(file, group["schema"])
            for case in group["tests"]:
                score.all += 1
                score.claimed += claimed
                right = (not judge(tree, (), case["data"], formats=file.startswith("optional/format"))) == case["valid"]
                score.passed += claimed and right
                if claimed and not right:
                    score.wrong.append(f"{group['description']}: {case['description']}")
    return found


def refused_requests() -> list[str]:
    """Which requests of the pages do not pass, and why: a mistake of the page's own, or a text left empty."""
    found = []
    for one in published():
        model = Model.from_schema(one.schema, sample=one.requests[0] if one.requests else None)
        for request in one.requests:
            wrong = [problem for problem in check(model.root, model.rules, request) if problem.blocking]
            said = [f"`{problem.pointer[0]}` {problem.code} ({request.get(str(problem.pointer[0]))!r})" for problem in wrong]
            found += [f"`{one.name.rpartition('#')[0]}`: {', '.join(said)}"] if said else []
    return found


def corpus_scores() -> dict[str, int]:
    """Counts over the published schemas; empty where there are none."""
    counts = dict.fromkeys(("schemas", "forms", "silent", "fields", "requests", "unchanged", "accepted", "corrections"), 0)
    every = published()
    for one in every:
        model = Model.from_schema(one.schema, sample=one.requests[0] if one.requests else None)
        counts["schemas"] += 1
        counts["forms"] += all(found.kind not in ("any", "union", "never") for found in model.fields)
        counts["silent"] += payload(model.root, model.rules, {}) == {}
        counts["fields"] += len(model.fields)
        counts["corrections"] += len(model.notes.corrections)
        for request in one.requests:
            counts["requests"] += 1
            counts["unchanged"] += payload(model.root, model.rules, request) == request
            counts["accepted"] += not any(problem.blocking for problem in check(model.root, model.rules, request))
    return counts if every else {}


def suite_line(scores: dict[str, Score]) -> str:
    """The suite's score in a sentence."""
    claimed, passed = sum(one.claimed for one in scores.values()), sum(one.passed for one in scores.values())
    every = sum(one.all for one in scores.values())
    return f"JSON Schema test suite: {passed:,} of the {claimed:,} cases of claimed keywords pass; {every - claimed:,} of {every:,} are not claimed."


def corpus_line(counts: dict[str, int]) -> str:
    """The corpus's score in a sentence."""
    return (
        f"Published model schemas: {counts['forms']} of {counts['schemas']} become forms of known controls ({counts['fields']:,} inputs, "
        f"{counts['corrections']} corrections), {counts['silent']} say nothing untouched; of {counts['requests']} requests on their pages "
        f"{counts['unchanged']} go through unchanged and {counts['accepted']} pass the check."
    )


def block(scores: dict[str, Score], counts: dict[str, int]) -> str:
    """The part of the page between the marks."""
    rows = ["| file of the suite | cases | claimed | pass |", "|---|---|---|---|"]
    rows += [f"| {file} | {one.all} | {one.claimed} | {one.passed} |" for file, one in sorted(scores.items())]
    words = [", ".join(f"`{word}`" for word in said) for said in (CLAIMED, UNCLAIMED, sorted(FORMATS))]
    return "\n".join([
        suite_line(scores), "", corpus_line(counts), "", "The requests that do not pass go against their own schema, or leave a required text empty:",
        "", *(f"- {one}" for one in refused_requests()), "", "## Claimed", "", words[0] + "; references inside the document only.", "",
        f"Formats: {words[2]}.", "", "## Not claimed", "",
        words[1] + "; references to other documents; `pattern` with back references or scripts; keywords that a `$schema` of its own"
        + " redefines; every other format.", "", "## By file", "", *rows, "",
    ])  # fmt: skip


def page_with(text: str, new: str) -> str:
    """The page with the part between the marks renewed."""
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return head + BEGIN + "\n" + new + "\n" + END + tail


def lines() -> Iterator[str]:
    """Both scores in a sentence each, and every case of a claimed keyword that fails; nothing where there is no material."""
    scores, counts = suite_scores(), corpus_scores()
    if scores:
        yield suite_line(scores)
    if counts:
        yield corpus_line(counts)
    yield from (f"  fails: {file}: {wrong}" for file, one in scores.items() for wrong in one.wrong)


def main() -> None:
    """Print the scores; with --write-docs renew the page."""
    for line in lines():
        print(line)
    scores, counts = suite_scores(), corpus_scores()
    if "--write-docs" in sys.argv and scores and counts:
        PAGE.write_text(page_with(PAGE.read_text(encoding="utf-8"), block(scores, counts)), encoding="utf-8")


if __name__ == "__main__":
    main()
