"""G11: hostile pictures cost an error or a sentence, never the machine's memory, and no paid picture is lost.

Each file is received, verified, kept or set aside, and shown as a thumbnail, in a process of its own, whose peak memory
and processor time are measured. Two controls must fail: `verify()` alone (it takes half a JPEG for whole) and Pillow's
plain `load()` (it unpacks the bombs). Prints one JSON line. Linux only: it reads /proc and forks.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from hostile import ASIDE, DROPPED, KEPT, SHOWN, Case, cases, saved
from memory import now_mb, peak_mb

from ipydarkroom.errors import NoAnswer, StorageError, Unreadable
from ipydarkroom.files import Folder
from ipydarkroom.jobs import JobRecord
from ipydarkroom.thumbnails import thumbnail

MOST_MB = 192
MOST_SECONDS = 2.0
RECORD = JobRecord("job-1", "kie", "o", "remote", "m", {"prompt": "fox"})


def main(*, seed: int = 11, quick: bool = False, cpu_limit: float | None = MOST_SECONDS) -> dict[str, object]:
    """Judge the corpus with `seed`, then what is cut and flipped again with a random one.

    Args:
        seed: Where cuts and flips fall.
        quick: Only files that are made at once.
        cpu_limit: The most seconds of processor time per file; None only reports them.
    """
    chance = random.SystemRandom().randrange(2**32)
    chosen = [case for case in cases(random.Random(seed)) if case.quick or not quick]
    again = [case for case in cases(random.Random(chance)) if "flipped" in case.name or (" cut at " in case.name and not quick)]
    with tempfile.TemporaryDirectory() as folder:
        found = judged(chosen + again, Path(folder), "ours")
        bombs = [case for case in chosen if case.name in (_BOMBS[:1] if quick else _BOMBS)]
        half = Case("half jpeg", half_jpeg, frozenset({ASIDE}))
        naive = judged([*bombs, half], Path(folder), "naive")
    failures = [f"{name}: {problem}" for name, right, *facts in found for problem in problems(right, *facts, cpu_limit)]
    typed = [each for each in found if each[2] in (SHOWN, KEPT, ASIDE, DROPPED)]
    accepted_half = naive[-1][2] == SHOWN
    unbounded = [name for name, _, _, mb, _ in naive[:-1] if mb > MOST_MB]
    if not accepted_half:
        failures.append("control: verify() refused half a JPEG, so the corpus proves nothing")
    if len(unbounded) < len(bombs):
        failures.append(f"control: Pillow's plain load stayed within {MOST_MB} MB for a bomb, so the bound proves nothing")
    if len(chosen) < 40:
        failures.append(f"only {len(chosen)} files")
    if len(typed) < len(found):
        failures.append(f"{len(found) - len(typed)} files without a typed outcome")
    outcomes = [outcome for _, _, outcome, _, _ in found]
    worst = max(found, key=lambda each: each[3])
    slowest = max(found, key=lambda each: each[4])
    return {
        "goal": "G11", "ok": not failures, "seed": seed, "random_seed": chance, "files": len(found),
        "outcomes": {word: outcomes.count(word) for word in (SHOWN, KEPT, ASIDE, DROPPED)},
        "peak_mb": round(worst[3], 1), "peak_file": worst[0], "cpu_s": round(slowest[4], 2), "cpu_file": slowest[0],
        "control_peak_mb": round(max(each[3] for each in naive), 1), "control_accepts_half_jpeg": accepted_half,
        "failures": failures,
    }  # fmt: skip


_BOMBS = ("png of 88 megapixels", "gif of 200 frames, 3.2 GB unpacked")


def half_jpeg() -> bytes:
    from PIL import Image

    data = saved(Image.effect_noise((200, 160), 60), "JPEG")
    return data[: len(data) // 2]


def problems(right: frozenset[str], outcome: str, megabytes: float, seconds: float, cpu_limit: float | None) -> list[str]:
    """What is wrong with one file's fate."""
    found = []
    if outcome not in right:
        found.append(f"{outcome}, not {' or '.join(sorted(right))}")
    if megabytes > MOST_MB:
        found.append(f"+{megabytes:.0f} MB")
    if cpu_limit is not None and seconds > cpu_limit:
        found.append(f"{seconds:.1f} s of processor time")
    return found


def judged(chosen: list[Case], folder: Path, way: str) -> list[tuple[str, frozenset[str], str, float, float]]:
    """Name, right outcomes, outcome, MB above the warm baseline and seconds of CPU, for each file in turn."""
    found = []
    with subprocess.Popen(
        [sys.executable, __file__, "--judge", way], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as judge:
        assert judge.stdin is not None
        assert judge.stdout is not None
        for case in chosen:
            path = folder / "hostile.png"
            path.write_bytes(case.make())
            judge.stdin.write(f"{path}\n")
            judge.stdin.flush()
            outcome, megabytes, seconds = json.loads(judge.stdout.readline())
            found.append((case.name, case.right, outcome, megabytes, seconds))
        judge.stdin.close()
    return found


# --- the judge: a warm process that forks for each file ---


def judge(way: str) -> None:
    """Answer each path on standard input with one line: outcome, MB, seconds."""
    warnings.simplefilter("ignore")
    act: Callable[[Path], str] = {"ours": ours, "naive": naive}[way]
    warm(act)
    for line in sys.stdin:
        sys.stdout.flush()
        child = os.fork()
        if child:
            _, status = os.waitpid(child, 0)
            if status:
                print(json.dumps([f"died with status {status}", 0.0, 0.0]), flush=True)
            continue
        before, spent = now_mb(), cpu()
        outcome = act(Path(line.strip()))
        print(json.dumps([outcome, peak_mb() - before, cpu() - spent]), flush=True)
        os._exit(0)


def ours(path: Path) -> str:
    """Receive, keep or set aside, and show; the outcome in a word, or what was wrong."""
    with tempfile.TemporaryDirectory() as place:
        folder = Folder(Path(place) / "pictures")
        try:
            outcome = _kept(folder, path)
        except Exception as error:  # whatever is not one of ours is the finding
            return f"{type(error).__name__}: {error}"
        left = [each for each in Path(place).rglob("*") if each.name.startswith(".")]
        return f"left {left}" if left else outcome


def _kept(folder: Folder, path: Path) -> str:
    with folder.receive(RECORD, 0) as received:
        with path.open("rb") as file:
            while piece := file.read(2**16):
                received.write(piece)
        try:
            kept = received.keep()
        except Unreadable as error:
            told: NoAnswer = received.set_aside(error)
            [*aside] = folder.root.rglob("*.unverified")
            return (ASIDE if told.message != error.message else "aside in silence") if aside else DROPPED
        except StorageError as error:
            return f"StorageError: {error}"
    with Path(kept.path).open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != kept.sha256:
            return "another sum than was said"
    try:
        thumbnail(kept.path)
    except Unreadable:
        return KEPT
    return SHOWN if not _is_film(path) else KEPT


def _is_film(path: Path) -> bool:
    """A film above the limit is kept by its headers and shows its first frame; its words are those of the kept."""
    from ipydarkroom.images import prove

    return not prove(path).decoded


def naive(path: Path) -> str:
    """The bad client: `verify()` to prove it, then every frame loaded."""
    from PIL import Image, ImageSequence

    Image.open(path).verify()
    with contextlib.suppress(Exception), Image.open(path) as image:
        frames = [frame.copy() for frame in ImageSequence.Iterator(image)]
        del frames
    return SHOWN


def warm(act: Callable[[Path], str]) -> None:
    """Load every decoder and our own code once."""
    from PIL import Image

    with tempfile.TemporaryDirectory() as place:
        for kind in ("PNG", "JPEG", "WEBP", "GIF", "AVIF"):
            file = io.BytesIO()
            Image.effect_noise((900, 900), 50).save(file, kind)
            path = Path(place) / "warm.png"
            path.write_bytes(file.getvalue())
            act(path)


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--judge", choices=("ours", "naive"))
    options.add_argument("--seed", type=int, default=11)
    options.add_argument("--quick", action="store_true")
    given = options.parse_args()
    if given.judge:
        judge(given.judge)
    else:
        report = main(seed=given.seed, quick=given.quick)
        print(json.dumps(report))
        sys.exit(not report["ok"])
