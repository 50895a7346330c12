"""Jobs for tests that look through a journal: made as records, written as the client writes them."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path

from PIL import Image

from ipydarkroom.archive import Archive
from ipydarkroom.jobs import JobRecord, Kept, State, Trouble, new_job_id
from ipydarkroom.journal import Journal
from ipydarkroom.wire import Output

MODEL = "bytedance/seedream-5/lite/text-to-image"
START = 1_790_000_000.0
_chance = random.Random(5)


def picture(folder: Path, name: str, color: str = "orange", size: tuple[int, int] = (64, 32)) -> Path:
    """A small PNG on disk."""
    path = folder / name
    Image.new("RGB", size, color).save(path)
    return path


def job(
    at: float, inputs: Mapping[str, object], *files: Path, model: str = MODEL, provider: str = "runcomfy",
    state: State = State.SUCCEEDED, remote_id: str = "", trouble: Trouble | None = None, mime: str = "image/png",
) -> JobRecord:
    """A job that was ordered at that time, with these files."""
    kept = tuple(
        Kept(index, str(path), mime, f"{index:064}", path.stat().st_size if path.exists() else 9, 64, 32)
        for index, path in enumerate(files)
    )
    return JobRecord(
        new_job_id(at, _chance.getrandbits(80)), provider, "http://darkroom.localhost", "local-process", model, inputs,
        remote_id=remote_id, state=state, created=at, sent=at, started=at, finished=at + 3.5, trouble=trouble,
        outputs=tuple(Output(f"http://darkroom.localhost/{path.name}", "image") for path in files), kept=kept,
    )


def write(journal: Journal, *records: JobRecord) -> None:
    """Have them in the journal, in one commit."""
    with journal.together():
        for record in records:
            journal.add(record)
            journal.put(record, "Finished")


def crowd(count: int) -> list[JobRecord]:
    """So many jobs a minute apart, each with a picture that is not on this disk."""
    words = ("fox", "owl", "lake", "tower", "snow", "storm", "garden")
    return [
        job(START + 60 * n, {"prompt": f"a {words[n % 7]} number {n}", "seed": n}, Path(f"nowhere-{n}.png")) for n in range(count)
    ]


def archive_of(*records: JobRecord) -> Archive:
    """An archive of these jobs, in memory."""
    journal = Journal(None)
    write(journal, *records)
    return Archive(journal, lambda: None)
