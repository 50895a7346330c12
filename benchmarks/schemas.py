"""How long a schema takes to become a tree, and values to be judged; prints one JSON line per figure.

The bundled models always; the published schemas of the corpus too, where it lies beside the checkout.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests" / "unit")]

from foreign import published  # noqa: E402  # the path is set above

from ipydarkroom.catalog import bundled  # noqa: E402
from ipydarkroom.schema import check, judge, read_schema  # noqa: E402

ROUNDS = 50


def milliseconds(act, rounds=ROUNDS):
    """The median time of an act."""
    taken = []
    for _ in range(rounds):
        started = time.perf_counter()
        act()
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)


def hundred():
    """An object schema of 100 properties of the usual kinds."""
    kinds = [
        {"type": "string", "maxLength": 500}, {"type": "integer", "minimum": 0, "maximum": 100}, {"type": "number", "default": 0.5},
        {"type": "string", "enum": ["a", "b", "c"]}, {"type": "boolean"},
    ]
    return {"type": "object", "properties": {f"p{at}": kinds[at % 5] for at in range(100)}}


def main():
    reframe = next(model for model in bundled() if "ideogram-v3/reframe" in model.id)
    told = {"reframe (69 sizes)": reframe.schema, "100 properties": hundred()}
    for name, schema in told.items():
        print(json.dumps({"figure": f"read a schema: {name}", "ms": round(milliseconds(lambda schema=schema: read_schema(schema)), 3)}))
    values = {"image": "https://example.org/a.png", "resolution": reframe.field("resolution").choices[0].value, "seed": 7}
    print(json.dumps({"figure": "check an order: reframe", "ms": round(milliseconds(lambda: check(reframe.root, (), values)), 3)}))
    wide, filled = read_schema(told["100 properties"]).root, {f"p{at}": ["x", 5, 0.5, "a", True][at % 5] for at in range(100)}
    print(json.dumps({"figure": "judge 100 properties", "ms": round(milliseconds(lambda: judge(wide, (), filled)), 3)}))
    found = published()
    if found:
        each = [milliseconds(lambda one=one: read_schema(one.schema), rounds=5) for one in found]
        figures = {"median_ms": round(statistics.median(each), 3), "max_ms": round(max(each), 3)}
        print(json.dumps({"figure": f"read a published schema, of {len(found)}", **figures}))


if __name__ == "__main__":
    main()
