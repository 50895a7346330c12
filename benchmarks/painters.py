"""How long the local painters take and how much memory they need: one line of JSON per case.

    python benchmarks/painters.py            # the sizes people order most, and the largest of each model
    python benchmarks/painters.py --quick    # two cases

Each case runs in a fresh interpreter. `peak_mb` is what painting adds to the process's peak resident memory after
the imports and a tiny warm-up picture, encoding included. Unix only: it asks `resource`.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import resource
import subprocess
import sys
import time

_PROMPTS = {
    "sea": "night sea with a full moon and a boat",
    "mountain": "mountains and a misty forest at dawn",
    "city": "city skyline at night",
    "meadow": "flower meadow at sunset",
}
_CASES: tuple[tuple[str, tuple[int, int], str, str], ...] = (
    ("seedream-5", (2304, 1728), "sea", "png"),
    ("seedream-5", (2304, 1728), "mountain", "jpeg"),
    ("seedream-5", (2304, 1728), "meadow", "webp"),
    ("seedream-5", (4704, 2016), "city", "png"),
    ("dreamina-4-0", (4096, 4096), "mountain", "png"),
    ("dreamina-4-0", (6198, 2656), "sea", "png"),
    ("dreamina-4-0", (6198, 2656), "city", "webp"),
    ("dreamina-4-0", (4992, 3328), "meadow", "jpeg"),
    ("ideogram-v3/reframe", (1536, 640), "reframe", "png"),
    ("ideogram-v3/reframe", (512, 1536), "reframe", "png"),
    ("reframe, largest", (6198, 2656), "reframe", "png"),
)


def main() -> None:
    """Run all cases, or one where a child of this program is asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two cases only")
    parser.add_argument("--case", type=int, help="run one case in this process")
    parser.add_argument("--photo", type=int, nargs=2, help="write a photograph of that size to standard output")
    chosen = parser.parse_args()
    if chosen.photo is not None:
        sys.stdout.buffer.write(_drawn(tuple(chosen.photo)))
        return
    if chosen.case is not None:
        print(json.dumps(_measured(*_CASES[chosen.case])))
        return
    for number in (0, 5) if chosen.quick else range(len(_CASES)):
        command = [sys.executable, __file__, "--case", str(number)]
        subprocess.run(command, check=True, env=os.environ | {"OMP_NUM_THREADS": "1"})  # ourselves


def _measured(model: str, size: tuple[int, int], subject: str, form: str) -> dict[str, object]:
    """Paint one picture and say what it took."""
    from ipydarkroom.local.painters import Order  # the import belongs to the child's own baseline
    from ipydarkroom.local.painters.reframe import ReframePainter
    from ipydarkroom.local.painters.scene import ScenePainter

    if subject == "reframe":
        order, painter = Order("", 1, size, format=form, image=_photo()), ReframePainter()
        painter.paint(Order("", 1, (64, 40), image=_photo((64, 64))), lambda _: None)
    else:
        order, painter = Order(_PROMPTS[subject], 1, size, format=form), ScenePainter()
        painter.paint(Order(_PROMPTS[subject], 1, (64, 64), format=form), lambda _: None)
    before = _peak_mb()
    began, cpu = time.perf_counter(), time.process_time()
    data = painter.paint(order, lambda _: None)
    return {
        "model": model, "size": f"{size[0]}x{size[1]}", "subject": subject, "format": form,
        "seconds": round(time.perf_counter() - began, 2), "cpu_seconds": round(time.process_time() - cpu, 2),
        "peak_mb": round(_peak_mb() - before, 1), "file_mb": round(len(data) / 1e6, 2),
    }


def _photo(size: tuple[int, int] = (3000, 4000)) -> bytes:
    """A 12-megapixel JPEG, drawn by another process so that its memory does not count in this one's peak."""
    command = [sys.executable, __file__, "--photo", *map(str, size)]
    return subprocess.run(command, check=True, capture_output=True).stdout  # ourselves


def _drawn(size: tuple[int, int]) -> bytes:
    """A JPEG with soft shapes."""
    from PIL import Image

    small = Image.effect_mandelbrot((96, 128), (-2, -1.4, 1, 1.4), 60).convert("RGB")
    out = io.BytesIO()
    small.resize(size, Image.Resampling.BICUBIC).save(out, "JPEG", quality=88)
    return out.getvalue()


def _peak_mb() -> float:
    """The process's largest resident size so far, in megabytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1e3  # bytes on macOS, kilobytes elsewhere


if __name__ == "__main__":
    main()
