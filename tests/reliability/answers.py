"""G7: mutated answers through every reader of every provider: no untyped exception, and none that takes long.

    python tests/reliability/answers.py [--count 500000] [--control loose|slow]

An answer is a recorded one, broken: values swapped for others of any type, keys dropped, doubled or renamed, then bytes
flipped, cut, repeated or inserted, under any HTTP status. What a reader says must also make sense: an id that stands in
the answer, a fraction from 0 to 1, a finite cost, text that a journal can hold. Follow-up questions are answered the same.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, fields, is_dataclass
from typing import Any
from unittest.mock import patch

from common import FIXED_SEED, finish, measured, random_seed
from ipydarkroom.errors import DarkroomError
from ipydarkroom.jobs import Accepted, JobRecord, Sending, advance
from ipydarkroom.providers import Then, get_provider
from ipydarkroom.wire import Reply

SLOW_S = 0.1
CASES = 10
LINK = "https://files.example/a.png?sig=1"


@dataclass(frozen=True)
class Recorded:
    """An answer as documented, and who reads it."""

    provider: str
    reader: str
    body: dict[str, Any]


def _kie(**data: Any) -> dict[str, Any]:
    return {"code": 200, "msg": "success", "data": data}


RECORDED = (
    Recorded("runcomfy", "submitted", {"request_id": "r-1", "status_url": LINK, "result_url": LINK, "cancel_url": LINK}),
    Recorded("runcomfy", "submitted", {"error_code": 400002, "error_message": "balance", "detail": [{"loc": ["body", "x"], "msg": "no"}]}),
    Recorded("runcomfy", "polled", {"request_id": "r-1", "status": "in_queue", "queue_position": 3, "progress": 0.5}),
    Recorded("runcomfy", "polled", {"request_id": "r-1", "status": "completed", "result_url": LINK}),
    Recorded("runcomfy", "finished", {"request_id": "r-1", "status": "succeeded", "output": {"images": [LINK]}, "cost": 0.04, "note": "n"}),
    Recorded("runcomfy", "finished", {"request_id": "r-1", "status": "failed", "error": {"message": "policy", "type": "x"}}),
    Recorded("runcomfy", "cancelled", {"request_id": "r-1", "status": "cancelled", "outcome": "cancelled"}),
    Recorded("kie", "submitted", _kie(taskId="t-1", recordId="t-1")),
    Recorded("kie", "submitted", {"code": 429, "msg": "busy", "data": None}),
    Recorded("kie", "polled", _kie(taskId="t-1", state="generating", progress=50, failCode="", failMsg="")),
    Recorded("kie", "polled", _kie(taskId="t-1", state="fail", failCode="501", failMsg="policy", costTime=1)),
    Recorded("kie", "polled", _kie(taskId="t-1", state="success", resultJson=json.dumps({"resultUrls": [LINK]}), creditsConsumed=7)),
    Recorded("kie", "polled", _kie(taskId="t-1", state="success", resultJson=json.dumps({"resultObject": {"a": [LINK]}}), note="n")),
    Recorded("kie", "cancelled", {"code": 200}),
    Recorded("kie", "uploaded", {"success": True, "code": 200, "msg": "ok", "data": {"downloadUrl": LINK, "fileName": "a.png"}}),
    Recorded("runcomfy", "uploaded", {"url": LINK}),
)  # fmt: skip

ODD = (
    None, True, False, 0, -1, 1, 2**31, 2**63, 10**39, -(10**39), 0.5, -0.0, 1e308, 5e-324, "", " ", "0", "true", "null", "é", "🦊",
    "\ud83e", "\x00", "\u202e", "a" * 1000, LINK, "https://", "http://[", "javascript:alert(1)", "[]", "{}", '{"resultUrls": 5}',
    "[" * 1500, "[" * 90 + "]" * 90, "[" * 900 + "]" * 900, json.loads("[" * 90 + "]" * 90), [], {}, [[]], [None], {"": None}, ["x", 5], {"a": {"b": {"c": []}}}, "succeeded", "success", "fail", "failed",
    "completed", "cancelled", "in_queue", "waiting", 200, 404, 408, 429, 433, 500, 501, 400002, "200", "501", "t-1", "r-1",
)  # fmt: skip
BYTES = (
    b"\x00", b"\xff", b"\xed\xa0\x80", b"\\ud800", b"NaN", b"Infinity", b"-", b"1e999", b"9" * 50, b"9" * 4500, b"[" * 1500,
    b'{"a":' * 1500, b'"d":' + b"[" * 90 + b"]" * 90 + b",", b'"d":' + b"[" * 1500 + b"]" * 1500 + b",", b'"', b"\\", b",", b":", b"{}", b"\xef\xbb\xbf", b"\r\n", b"<html>", b'"taskId":"t-2",', b'"status":"failed",',
)  # fmt: skip
_NAMES = ("", " ", "0", "é", "\ud83e", "state", "status", "code")
STATUSES = (200, 200, 200, 200, 201, 202, 204, 302, 400, 401, 402, 403, 404, 405, 408, 413, 422, 429, 500, 501, 502, 503, 504, 599)


def main(*, count: int = 500_000, control: str = "", seeds: tuple[int, ...] = ()) -> dict[str, Any]:
    """Read so many broken answers, half of them with a fixed seed.

    Args:
        count: How many answers.
        control: `loose` (a reader that lets the JSON package's errors out) or `slow`; either must be noticed.
        seeds: Instead of the fixed one and a random one.
    """
    seeds = seeds or (FIXED_SEED, random_seed())
    seen: Counter[str] = Counter()
    found: Counter[str] = Counter()
    cases: list[str] = []
    slowest = 0.0
    with ExitStack() as stack:
        cost = stack.enter_context(measured())
        stack.enter_context(CONTROLS[control]())
        for seed in seeds:
            chance = random.Random(seed)
            for _ in range(count // len(seeds)):
                recorded = chance.choice(RECORDED)
                reply = broken(recorded.body, chance)
                begun = time.thread_time()
                try:
                    said = read(recorded, reply, lambda: broken(recorded.body, chance))
                    seen[type(said).__name__] += 1
                    problem = nonsense(said, reply)
                except DarkroomError as error:
                    seen[type(error).__name__] += 1
                    problem = ""
                except Exception as error:  # this is what is looked for
                    problem = f"untyped {type(error).__name__}: {error}"[:150]
                taken = time.thread_time() - begun
                slowest = max(slowest, taken)
                if taken > SLOW_S:
                    problem = problem or f"slow: {taken:.3f} s"
                if problem:
                    found[problem.split()[0].strip(":")] += 1
                    if len(cases) < CASES:
                        cases.append(f"{recorded.provider}.{recorded.reader} {problem} <- {reply.status} {reply.body[:200]!r}")
    enough = len(seen) >= 10 and seen["Finished"] and seen["Accepted"] and seen["Unreadable"]
    return {
        "goal": "G7", "ok": not found and bool(enough), "control": control, "count": count, "seeds": seeds,
        **{name: found[name] for name in ("untyped", "slow", "nonsense")}, "slowest_ms": round(slowest * 1000, 2),
        "per_s": round(count / max(cost["wall"], 0.01)), "seen": dict(seen.most_common()), **cost, "cases": cases,
    }  # fmt: skip


def read(recorded: Recorded, reply: Reply, answer: Callable[[], Reply]) -> object:
    """Give an answer to its reader; follow-up questions get further broken answers, three at most."""
    provider = get_provider(recorded.provider)
    if recorded.reader == "submitted":
        return provider.submitted(reply)
    if recorded.reader == "cancelled":
        return provider.cancelled(reply)
    if recorded.reader == "uploaded":
        return provider.uploaded(reply)
    remote_id = "t-1" if recorded.provider == "kie" else "r-1"
    if recorded.reader == "finished":
        asked = provider.polled(remote_id, Reply(200, {}, b'{"request_id": "r-1", "status": "completed"}'))
        assert isinstance(asked, Then)
        said: object = asked.read(reply)
    else:
        said = provider.polled(remote_id, reply)
    for _ in range(3):
        if not isinstance(said, Then):
            break
        said = said.read(answer())
    return said


def nonsense(said: Any, reply: Reply) -> str:
    """What is wrong with what a reader says; empty when nothing is."""
    if isinstance(said, Accepted) and said.remote_id.encode() not in reply.body:
        return f"nonsense: an id from nowhere, {said.remote_id!r}"
    fraction, cost = getattr(said, "fraction", None), getattr(said, "cost", None)
    if fraction is not None and not 0 <= fraction <= 1:
        return f"nonsense: fraction {fraction}"
    if cost is not None and not math.isfinite(cost):
        return f"nonsense: cost {cost}"
    try:
        for text in _texts(said):
            text.encode()
    except UnicodeEncodeError:
        return f"nonsense: text no journal can hold in {type(said).__name__}"
    advance(advance(_FRESH, Sending(), 1.0), said, 2.0) if is_dataclass(said) else None
    return ""


_FRESH = JobRecord("j", "kie", "https://api.kie.ai", "remote", "m", {})


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            yield from _texts(getattr(value, one.name))


# --- breaking ---


def broken(body: dict[str, Any], chance: random.Random) -> Reply:
    """The recorded answer after one to four accidents."""
    found: Any = json.loads(json.dumps(body))
    for _ in range(chance.randrange(4)):
        found = _shaken(found, chance)
    text = json.dumps(found, ensure_ascii=chance.random() < 0.9).encode("utf-8", "surrogatepass")
    for _ in range(chance.choice((0, 0, 0, 1, 2))):
        text = _scratched(text, chance)
    return Reply(chance.choice(STATUSES), {"content-type": "application/json"}, text)


def _shaken(value: Any, chance: random.Random) -> Any:
    """One accident with one value, at any depth."""
    if isinstance(value, dict) and value and chance.random() < 0.85:
        name = chance.choice(list(value))
        match chance.randrange(6):
            case 0:
                return {key: kept for key, kept in value.items() if key != name}
            case 1:
                return {(chance.choice(_NAMES) if key == name else key): kept for key, kept in value.items()}
            case 2 if isinstance(value[name], str) and value[name][:1] in ("{", "["):
                return value | {name: json.dumps(_shaken(_parsed(value[name]), chance))}
            case _:
                return value | {name: _shaken(value[name], chance)}
    if isinstance(value, list) and value and chance.random() < 0.5:
        return [*value, _shaken(value[0], chance)]
    return chance.choice(ODD)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _scratched(text: bytes, chance: random.Random) -> bytes:
    """One accident with the bytes."""
    place = chance.randrange(len(text) + 1)
    match chance.randrange(5):
        case 0:
            return text[:place]
        case 1:
            return text[:place] + chance.choice(BYTES) + text[place:]
        case 2:
            return text[:place] + bytes([chance.randrange(256)]) + text[place + 1 :]
        case 3:
            return text[:place] + text[max(0, place - chance.randrange(40)) :]
        case _:
            return text[:place] + text[place + chance.randrange(8) :]


# --- negative controls ---


@contextmanager
def _loose() -> Iterator[None]:
    with patch.object(Reply, "json", lambda self: json.loads(self.body)):
        yield


@contextmanager
def _slow() -> Iterator[None]:
    honest = Reply.json

    def json_(self: Reply) -> object:
        until = time.thread_time() + 2 * SLOW_S
        while self.status == 413 and time.thread_time() < until:
            pass
        return honest(self)

    with patch.object(Reply, "json", json_):
        yield


CONTROLS: dict[str, Any] = {"": nullcontext, "loose": _loose, "slow": _slow}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500_000)
    parser.add_argument("--control", choices=sorted(CONTROLS), default="")
    wish = parser.parse_args()
    finish(main(count=wish.count, control=wish.control))
