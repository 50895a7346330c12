"""G8: a million mutated webhooks against the receiver of callbacks: none let in wrongly, none shut out, none unhandled.

    python tests/reliability/webhooks.py                   # 1,000,000: half from a fixed seed, half from a random one
    python tests/reliability/webhooks.py --count 20000     # a smaller dose
    python tests/reliability/webhooks.py --seed 17         # all of it from this seed

Each delivery begins genuine and is changed by one or more of the mutations below. A second opinion, written here from
the documentation and sharing no code with the receiver, says whether the outcome may get in; the two must agree on
every single one. Receivers that are wrong on purpose must be caught by the same run, or it proves nothing.

Prints one JSON line; exits with 1 unless all went well.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import hashlib
import hmac
import json
import random
import re
import secrets
import sys
import time
import uuid
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from ipydarkroom.callbacks import Callbacks, Hint
from ipydarkroom.jobs import new_job_id

FIXED_SEED = 20_261_108
START = 1_790_000_000
WINDOW = 300
SECRET = "K3t9-vB_72mQxLpZ8sWnYd"
KEYS = ("whk-7f3a-current", "whk-91c2-next")
STAMP, SIGNATURE = b"x-webhook-timestamp", b"x-webhook-signature"
CONTROL_COUNT = 6_000


@dataclass
class Delivery:
    """One request on its way to the receiver; `now` is the receiver's clock."""

    task: str
    job: str
    now: float
    body: bytes
    path: str
    method: str = "POST"
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)

    def put(self, name: bytes, value: bytes) -> None:
        """Replace a header's value wherever the header stands."""
        self.headers = [(key, value if key.lower() == name else old) for key, old in self.headers]

    def get(self, name: bytes) -> bytes:
        """A header's first value, empty when a mutation before took it away."""
        return next((value for key, value in self.headers if key.lower() == name), b"")

    def drop(self, name: bytes) -> None:
        """Take a header away."""
        self.headers = [(key, value) for key, value in self.headers if key.lower() != name]


def signature(said: str, key: str) -> bytes:
    """The documented three lines."""
    return base64.b64encode(hmac.new(key.encode(), said.encode(), hashlib.sha256).digest())


def genuine(chance: random.Random, now: float) -> Delivery:
    """What Kie posts for a task that ended."""
    task, job = f"task_{chance.getrandbits(64):016x}", new_job_id(now, chance.getrandbits(74))
    stamp = int(now) - chance.randrange(20)
    data = {"model": "acme/scene", "state": "success", "resultJson": '{"resultUrls": ["https://a.example/1.png"]}', "costTime": 3}
    body = {"code": 200, "msg": "success", "data": {"taskId": task, **data}}
    headers = [
        (b"content-type", b"application/json"),
        (STAMP, str(stamp).encode()),
        (SIGNATURE, signature(f"{task}.{stamp}", chance.choice(KEYS))),
    ]
    return Delivery(task, job, now, json.dumps(body).encode(), f"/{SECRET}/{job}", headers=headers)


# --- the second opinion ---


def opinion(it: Delivery) -> tuple[str, str] | None:
    """(job id, task id) of a delivery that may get in, None for one that may not. Slow and plain on purpose."""
    parts = it.path.split("/")
    if it.method != "POST" or len(parts) != 3 or parts[:2] != ["", SECRET] or not ours(parts[2]) or len(it.body) > 2**20:
        return None
    stamps = [value for key, value in it.headers if key.lower() == STAMP]
    signatures = [value for key, value in it.headers if key.lower() == SIGNATURE]
    task = named(it.body)
    if task is None or len(stamps) != 1 or len(signatures) != 1:
        return None
    if not (stamps[0].isdigit() and len(stamps[0]) <= 12) or not it.now - WINDOW <= int(stamps[0]) <= it.now + WINDOW:
        return None
    allowed = [signature(f"{task}.{stamps[0].decode()}", key) for key in KEYS]
    return (parts[2], task) if signatures[0] in allowed else None


def ours(job: str) -> bool:
    """A UUID version 7 in its one canonical spelling."""
    try:
        found = uuid.UUID(job)
    except ValueError:
        return False
    return str(found) == job and found.version == 7


def named(body: bytes) -> str | None:
    """The one task id a body names."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    inner = found["data"] if isinstance(found.get("data"), dict) else {}
    names = [found.get("taskId"), found.get("task_id"), inner.get("taskId"), inner.get("task_id")]
    names = [name for name in names if name is not None]
    if not names or any(not isinstance(name, str) or name != names[0] for name in names):
        return None
    task = names[0]
    return task if 0 < len(task) <= 200 and all("!" <= letter <= "~" for letter in task) else None


# --- the mutations ---

Mutation = Callable[[Delivery, random.Random], None]
MUTATIONS: dict[str, Mutation] = {}


def mutation(change: Mutation) -> Mutation:
    """Register one kind of change under its name."""
    MUTATIONS[change.__name__] = change
    return change


@mutation
def nothing(it: Delivery, chance: random.Random) -> None:
    """Genuine: a receiver that shuts everybody out is no good either."""


@mutation
def harmless_headers(it: Delivery, chance: random.Random) -> None:
    it.headers = [(key.upper(), value) for key, value in it.headers] + [(b"x-forwarded-for", b"1.2.3.4")]
    chance.shuffle(it.headers)


@mutation
def swapped_contents(it: Delivery, chance: random.Random) -> None:
    """The signature leaves out the body: this gets in, and must carry nothing but the id."""
    it.body = it.body.replace(b"https://a.example/1.png", b"https://evil.example/x.png").replace(b"success", b"fail")


@mutation
def renamed_id(it: Delivery, chance: random.Random) -> None:
    found = {chance.choice(("taskId", "task_id")): it.task}
    it.body = json.dumps(found if chance.random() < 0.5 else {"data": found}).encode()


@mutation
def other_task(it: Delivery, chance: random.Random) -> None:
    it.body = it.body.replace(it.task.encode(), f"task_{chance.getrandbits(64):016x}".encode())


@mutation
def two_tasks(it: Delivery, chance: random.Random) -> None:
    it.body = json.dumps({"taskId": it.task, "data": {"task_id": chance.choice([it.task, "task_other", 7, "", None])}}).encode()


@mutation
def odd_task(it: Delivery, chance: random.Random) -> None:
    """An id that is no id, signed all the same where that is possible."""
    odd = chance.choice([None, 7, 1.5, True, "", "a b", "狐", "\ud800", ["task"], {"taskId": "x"}, "x" * 201, "x" * 200, "a.1", "\n"])
    it.body = json.dumps({"taskId": odd}).encode()
    if isinstance(odd, str) and odd != "\ud800":
        it.put(SIGNATURE, signature(f"{odd}.{it.get(STAMP).decode('latin-1')}", KEYS[0]))


@mutation
def shifted_dot(it: Delivery, chance: random.Random) -> None:
    """`task.17` + `90` must not pass for `task` + `17.90`."""
    stamp = it.get(STAMP).decode("latin-1")
    it.body = json.dumps({"taskId": f"{it.task}.{stamp[:4]}"}).encode()
    it.put(STAMP, stamp[4:].encode("latin-1"))


@mutation
def flipped_body(it: Delivery, chance: random.Random) -> None:
    if it.body:
        at = chance.randrange(len(it.body))
        it.body = it.body[:at] + bytes([it.body[at] ^ (1 << chance.randrange(8))]) + it.body[at + 1 :]


@mutation
def cut_body(it: Delivery, chance: random.Random) -> None:
    it.body = it.body[: chance.randrange(len(it.body) + 1)]


@mutation
def no_json(it: Delivery, chance: random.Random) -> None:
    it.body = chance.choice(
        [b"", b"[]", b"null", b'"x"', b"NaN", b"{", b"\xff\xfe{}", b"{}", b"[" * 3000, b'{"a":' * 3000, b'{"taskId": ' + b"9" * 5000 + b"}",
         b"taskId=" + it.task.encode(), chance.randbytes(chance.randrange(60))]
    )  # fmt: skip


@mutation
def huge_body(it: Delivery, chance: random.Random) -> None:
    """Mostly just large; a mebibyte costs time, so the limit itself is met now and then."""
    size = 2**20 if chance.random() < 0.02 else 4_000
    it.body = it.body[:-1] + b', "more": "' + b"x" * size + b'"}'


@mutation
def no_stamp(it: Delivery, chance: random.Random) -> None:
    it.drop(STAMP)


@mutation
def no_signature(it: Delivery, chance: random.Random) -> None:
    it.drop(SIGNATURE)


@mutation
def doubled_header(it: Delivery, chance: random.Random) -> None:
    name = chance.choice((STAMP, SIGNATURE))
    extra = (name, chance.choice((it.get(name), b"", b"x")))
    it.headers.insert(chance.randrange(len(it.headers) + 1), extra)


@mutation
def one_letter(it: Delivery, chance: random.Random) -> None:
    """One letter of the signature is another."""
    given = it.get(SIGNATURE)
    if given:
        at = chance.randrange(len(given))
        it.put(SIGNATURE, given[:at] + bytes([chance.choice(b"ABCxyz019+/=- ")]) + given[at + 1 :])


@mutation
def same_beginning(it: Delivery, chance: random.Random) -> None:
    """Another signature that begins like the genuine one."""
    given = it.get(SIGNATURE)
    kept = chance.randrange(1, max(2, len(given)))
    it.put(SIGNATURE, given[:kept] + base64.b64encode(chance.randbytes(32))[kept:])


@mutation
def cut_signature(it: Delivery, chance: random.Random) -> None:
    given = it.get(SIGNATURE)
    it.put(SIGNATURE, given[: chance.randrange(len(given) + 1)])


@mutation
def respelt_signature(it: Delivery, chance: random.Random) -> None:
    """The same bytes in another spelling, or with something around them."""
    given = it.get(SIGNATURE)
    spelt = [
        given.rstrip(b"="), given + b"=", given.replace(b"+", b"-").replace(b"/", b"_"), given.swapcase(), b" " + given, given + b" ", b"v1," + given,
        b"sha256=" + given, b'"' + given + b'"', given + b"," + given, given[:20] + b"\n" + given[20:], base64.b64encode(given), given + b"\0",
    ]  # fmt: skip
    it.put(SIGNATURE, chance.choice(spelt))


@mutation
def nonsense_signature(it: Delivery, chance: random.Random) -> None:
    it.put(SIGNATURE, chance.choice([b"", b"=", b"====", b"\xff" * 44, b"\xc3\xa9" * 22, b"None", chance.randbytes(chance.randrange(60))]))


@mutation
def wrong_key(it: Delivery, chance: random.Random) -> None:
    key = chance.choice(["", "whk-retired", KEYS[0][:-1], KEYS[0] + " ", KEYS[1].upper(), SECRET, "".join(KEYS)])
    it.put(SIGNATURE, signature(f"{it.task}.{it.get(STAMP).decode('latin-1')}", key))


@mutation
def wrong_words(it: Delivery, chance: random.Random) -> None:
    """A genuine key over something else than task id, dot, time."""
    stamp = it.get(STAMP).decode("latin-1")
    words = [it.task, stamp, f"{stamp}.{it.task}", it.task + stamp, f"{it.task}:{stamp}", f"{it.task}.{stamp}.", f"{it.task.upper()}.{stamp}", "", "."]
    it.put(SIGNATURE, signature(chance.choice(words), chance.choice(KEYS)))


@mutation
def hexadecimal(it: Delivery, chance: random.Random) -> None:
    it.put(SIGNATURE, base64.b64decode(signature(f"{it.task}.{it.get(STAMP).decode('latin-1')}", KEYS[0])).hex().encode())


@mutation
def moved_stamp(it: Delivery, chance: random.Random) -> None:
    """Another time inside the window, under the old signature."""
    it.put(STAMP, str(int(it.now) + chance.randrange(-200, 200)).encode())


@mutation
def signed_long_ago(it: Delivery, chance: random.Random) -> None:
    """A signature that was genuine once, or will be: most outside the window, some at its edge."""
    off = chance.choice([WINDOW, WINDOW + 1, WINDOW + 2, 3_600, 86_400, 10**9, int(it.now)]) * chance.choice((1, -1))
    stamp = max(0, int(it.now) + off)
    it.put(STAMP, str(stamp).encode())
    it.put(SIGNATURE, signature(f"{it.task}.{stamp}", chance.choice(KEYS)))


@mutation
def odd_stamp(it: Delivery, chance: random.Random) -> None:
    """A time that only a lenient reader reads, genuinely signed."""
    now = int(it.now)
    odd = chance.choice(
        [f"{now}.0", f" {now}", f"{now} ", f"+{now}", f"-{now}", f"{now:_}", f"{now}000", f"0{now}", f"000000{now}", f"{now:e}", hex(now), "nan", "inf",
         "", "9" * 40, "1" * 5000, f"{now}\n", "１７９０００００００", "now", f"{now}L"]
    )  # fmt: skip
    it.put(STAMP, odd.encode())
    it.put(SIGNATURE, signature(f"{it.task}.{odd}", KEYS[0]))


@mutation
def nonsense_stamp(it: Delivery, chance: random.Random) -> None:
    it.put(STAMP, chance.randbytes(chance.randrange(20)))


@mutation
def wrong_secret(it: Delivery, chance: random.Random) -> None:
    wrong = [SECRET[:-1], SECRET + "x", SECRET.swapcase(), "", SECRET[::-1], "x" * 22, SECRET[:8], f"x/{SECRET}", "é" + SECRET, "\ud800", SECRET + "\0"]
    it.path = f"/{chance.choice(wrong)}/{it.job}"


@mutation
def wrong_job(it: Delivery, chance: random.Random) -> None:
    wrong = ["", "1", "{job}", it.job.upper(), it.job + "/", it.job + "\n", it.job[:-1], "../" + it.job, it.job.replace("-", ""), str(uuid.UUID(int=chance.getrandbits(128), version=4))]
    it.path = f"/{SECRET}/{chance.choice(wrong)}"


@mutation
def wrong_path(it: Delivery, chance: random.Random) -> None:
    it.path = chance.choice(["", "/", it.path + "/", it.path[1:], "/x" + it.path, "//" + it.path, "/lab", "/api/contents", it.path.replace("/", "\\")])


@mutation
def wrong_method(it: Delivery, chance: random.Random) -> None:
    it.method = chance.choice(["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "post", ""])


# --- the assault ---


@dataclass
class Tally:
    """What one assault found."""

    deliveries: int = 0
    accepted: int = 0
    replays: int = 0
    false_accepts: int = 0
    false_refusals: int = 0
    unhandled: int = 0
    wrong_hints: int = 0
    examples: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)

    @property
    def faults(self) -> int:
        """Everything that must be zero."""
        return self.false_accepts + self.false_refusals + self.unhandled + self.wrong_hints

    def blame(self, what: str, kinds: list[str], it: Delivery, status: int) -> None:
        """Count one fault, and keep the first few as examples."""
        setattr(self, what, getattr(self, what) + 1)
        if len(self.examples) < 5:
            self.examples.append(f"{what}: {'+'.join(kinds)} -> {status} {it.headers!r} {it.body[:80]!r}"[:300])


async def assault(count: int, seed: int, spoil: Callable[[Callbacks], None] = lambda receiver: None) -> Tally:
    """Send `count` deliveries to one receiver, which `spoil` may have made wrong before."""
    chance, tally, now = random.Random(seed), Tally(), float(START)
    heard: list[Hint] = []

    async def deliver(hint: Hint) -> bool:
        heard.append(hint)
        return True

    receiver = Callbacks(deliver, public_url="https://a.example", secret=SECRET, keys=KEYS, window_s=WINDOW, clock=lambda: now)
    spoil(receiver)
    names = list(MUTATIONS)
    recent: deque[Delivery] = deque(maxlen=200)
    seen: set[bytes] = set()  # genuine signatures; each belongs to one task id and time
    for _ in range(count):
        now += chance.random() / 5
        replay = bool(recent) and chance.random() < 0.03
        if replay:
            it, kinds = replace(chance.choice(recent), now=now), ["replay"]
        else:
            it, kinds = genuine(chance, now), chance.choices(names, k=1 if chance.random() < 0.8 else chance.choice((2, 3)))
            for kind in kinds:
                MUTATIONS[kind](it, chance)
        tally.kinds.update(kinds)
        tally.deliveries += 1
        heard.clear()
        status = await send(receiver, it)
        due, mark = opinion(it), it.get(SIGNATURE)
        judge(tally, it, kinds, status, due, heard, again=mark in seen)
        if due and mark not in seen:
            recent.append(it)
            seen.add(mark)
    return tally


def judge(tally: Tally, it: Delivery, kinds: list[str], status: int, due: tuple[str, str] | None, heard: list[Hint], *, again: bool) -> None:
    """Compare the receiver's answer with the second opinion."""
    let_in = 200 <= status < 300
    if not 200 <= status < 500:
        tally.blame("unhandled", kinds, it, status)
    elif (let_in or heard) and due is None:
        tally.blame("false_accepts", kinds, it, status)
    elif due is not None and not let_in:
        tally.blame("false_refusals", kinds, it, status)
    elif due is not None:
        tally.accepted += 1
        tally.replays += again
        if heard != ([] if again else [Hint("kie", *due)]):
            tally.blame("wrong_hints", kinds, it, status)


async def send(receiver: Callbacks, it: Delivery) -> int:
    """The status a server would send; 599 where the app raised or said nothing, as a server would make a 500 of it."""
    statuses: list[int] = []
    scope = {"type": "http", "method": it.method, "path": it.path, "root_path": "", "headers": it.headers}

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": it.body, "more_body": False}

    async def answer(message: dict[str, object]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(int(str(message["status"])))

    try:
        await receiver(scope, receive, answer)
    except Exception:  # what a server would have to handle
        return 599
    return statuses[0] if len(statuses) == 1 else 599


# --- receivers that are wrong on purpose ---


class Careless:
    """A judge of signatures with one mistake of each kind people make; built around the right one."""

    required = True

    def __init__(self, mistake: str) -> None:
        self.mistake = mistake

    def holds(self, mark: tuple[str, str, str], now: float) -> bool:
        """Whether it is genuine, wrongly."""
        task, stamp, given = mark
        fresh = re.fullmatch("[0-9]{1,12}", stamp) is not None and abs(now - int(stamp)) <= WINDOW
        right = [signature(f"{task}.{stamp}", key).decode() for key in KEYS]
        match self.mistake:
            case "never looks at the clock":
                return given in right
            case "leaves the time out of the signature":
                return fresh and given in [signature(task, key).decode() for key in KEYS]
            case "compares eight letters":
                return fresh and given[:8] in [one[:8] for one in right]
            case "decodes without catching":
                return fresh and base64.b64decode(given, validate=True) in [base64.b64decode(one) for one in right]
            case "reads any number":
                return abs(now - float(stamp)) <= WINDOW and given in right
            case "lets everybody in":
                return True
            case _:
                return False


class Forgetful:
    """A memory of replays that has none."""

    def __contains__(self, mark: object) -> bool:
        return False

    def add(self, mark: object, now: float) -> None:
        """Nothing is kept."""


CONTROLS = {
    "never looks at the clock": "false_accepts",
    "leaves the time out of the signature": "false_accepts",
    "compares eight letters": "false_accepts",
    "decodes without catching": "unhandled",
    "reads any number": "unhandled",
    "lets everybody in": "false_accepts",
    "lets nobody in": "false_refusals",
    "forgets what it has seen": "wrong_hints",
}


def spoiler(mistake: str) -> Callable[[Callbacks], None]:
    """What makes a receiver wrong in that way."""

    def spoil(receiver: Callbacks) -> None:
        if mistake == "forgets what it has seen":
            receiver._replays = Forgetful()
        else:
            receiver._signatures = Careless(mistake)

    return spoil


def main(count: int, seed: int | None = None) -> dict[str, object]:
    """Run the assault and the controls; without a seed, half of it by the fixed one and half by a random one."""
    begun = time.perf_counter()
    parts = [(count, seed)] if seed is not None else [(count - count // 2, FIXED_SEED), (count // 2, secrets.randbits(32))]
    tallies = [asyncio.run(assault(part, number)) for part, number in parts]
    spent = time.perf_counter() - begun
    controls = {}
    for mistake, fault in CONTROLS.items():
        spoilt = asyncio.run(assault(min(CONTROL_COUNT, max(count, 2_000)), parts[-1][1], spoiler(mistake)))
        controls[mistake] = getattr(spoilt, fault)
    kinds = sum((tally.kinds for tally in tallies), Counter())
    rarest = min(kinds[name] for name in (*MUTATIONS, "replay"))
    total = lambda name: sum(getattr(tally, name) for tally in tallies)
    enough = rarest >= count // (20 * len(MUTATIONS)) and total("accepted") >= count // 20 and rarest > 0
    return {
        "goal": "G8",
        "seeds": [number for _, number in parts],
        "deliveries": total("deliveries"),
        "kinds": len(kinds),
        "rarest_kind": rarest,
        "accepted": total("accepted"),
        "replays": total("replays"),
        "false_accepts": total("false_accepts"),
        "false_refusals": total("false_refusals"),
        "unhandled": total("unhandled"),
        "wrong_hints": total("wrong_hints"),
        "controls": controls,
        "examples": [example for tally in tallies for example in tally.examples][:5],
        "seconds": round(spent, 1),
        "ok": sum(tally.faults for tally in tallies) == 0 and all(controls.values()) and enough,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=None)
    asked = parser.parse_args()
    found = main(asked.count, asked.seed)
    print(json.dumps(found))
    sys.exit(0 if found["ok"] else 1)
