"""What the benchmark's shop says in three protocols: RunComfy's, fal's queue, and Replicate's.

Pure functions: a request's method and path give an `Errand`, an errand and a job give a status code and a JSON value.
Written from the providers' documentation and from what the pinned clients read in an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

__all__ = ["PROTOCOLS", "Errand", "Job", "Protocol"]

Kind = Literal["order", "status", "result", "file", "unknown"]


@dataclass(slots=True)
class Job:
    """One order the shop took. `ends` is an instant of the monotonic clock, which all processes of a machine share."""

    number: int
    id: str
    ends: float
    fails: bool = False

    def over(self, now: float) -> bool:
        return now >= self.ends


class Errand(NamedTuple):
    """What a request wants: `kind`, and the job's id where it names one."""

    kind: Kind
    id: str = ""


class Protocol(NamedTuple):
    """One provider's half of the talk. `say(errand kind, job, now, origin)` gives a status code and a JSON value."""

    errand: Callable[[str, str], Errand]
    prompt: Callable[[Mapping[str, object]], str]
    say: Callable[[Kind, Job, float, str], tuple[int, object]]


def picture_of(job: Job, origin: str) -> str:
    """The link to a job's picture."""
    return f"{origin}/files/{job.id}.png"


# --- RunComfy: the inputs at top level, then status and result, each with words of its own ---


def _runcomfy_errand(method: str, path: str) -> Errand:
    parts = path.strip("/").split("/")
    match parts:
        case ["files", name]:
            return Errand("file", name.removesuffix(".png"))
        case ["v1", "models", *_] if method == "POST":
            return Errand("order")
        case ["v1", "requests", job, "status"]:
            return Errand("status", job)
        case ["v1", "requests", job, "result"]:
            return Errand("result", job)
    return Errand("unknown")


def _runcomfy_say(kind: Kind, job: Job, now: float, origin: str) -> tuple[int, object]:
    links = {f"{name}_url": f"{origin}/v1/requests/{job.id}/{name}" for name in ("status", "result", "cancel")}
    if kind == "order":
        return 200, {"request_id": job.id, **links}
    if kind == "status":
        return 200, {"request_id": job.id, "status": "completed" if job.over(now) else "in_progress", **links}
    if not job.over(now):
        return 200, {"request_id": job.id, "status": "in_progress"}
    if job.fails:
        return 200, {"request_id": job.id, "status": "failed", "error": "as the benchmark ordered"}
    return 200, {"request_id": job.id, "status": "succeeded", "output": {"images": [picture_of(job, origin)]}, "cost": 0.01}


# --- fal: a queue per application; the client follows the links of the first answer ---


def _fal_errand(method: str, path: str) -> Errand:
    parts = path.strip("/").split("/")
    match parts:
        case ["files", name]:
            return Errand("file", name.removesuffix(".png"))
        case [*_, "requests", job, "status"]:
            return Errand("status", job)
        case [*_, "requests", job]:
            return Errand("result", job)
    return Errand("order" if method == "POST" else "unknown")


def _fal_say(kind: Kind, job: Job, now: float, origin: str) -> tuple[int, object]:
    link = f"{origin}/bench/painter/requests/{job.id}"
    links = {"response_url": link, "status_url": f"{link}/status", "cancel_url": f"{link}/cancel"}
    if kind == "order":
        return 200, {"request_id": job.id, "status": "IN_QUEUE", "queue_position": 0, **links}
    if kind == "status":
        word = "COMPLETED" if job.over(now) else "IN_PROGRESS"
        return 200, {"request_id": job.id, "status": word, "logs": None, "metrics": {}, **links}
    if not job.over(now):
        return 400, {"detail": "Request is still in progress"}
    return 200, {"images": [{"url": picture_of(job, origin), "width": 64, "height": 64}], "seed": job.number}


# --- Replicate: one resource with everything in it; a POST may be held open until the end ---


def _replicate_errand(method: str, path: str) -> Errand:
    parts = path.strip("/").split("/")
    match parts:
        case ["files", name]:
            return Errand("file", name.removesuffix(".png"))
        case ["v1", "models", _, _, "predictions"] if method == "POST":
            return Errand("order")
        case ["v1", "predictions", job]:
            return Errand("status", job)
    return Errand("unknown")


def _replicate_say(kind: Kind, job: Job, now: float, origin: str) -> tuple[int, object]:
    over = job.over(now)
    link = f"{origin}/v1/predictions/{job.id}"
    return 201 if kind == "order" else 200, {
        "id": job.id, "model": "bench/painter", "version": "v1", "status": "succeeded" if over else "starting",
        "input": {"prompt": f"job {job.number}"}, "output": [picture_of(job, origin)] if over else None,
        "logs": "", "error": None, "metrics": {}, "created_at": None, "started_at": None, "completed_at": None,
        "urls": {"get": link, "cancel": f"{link}/cancel"},
    }


def _nested_prompt(body: Mapping[str, object]) -> str:
    inputs = body["input"]
    assert isinstance(inputs, dict)
    return str(inputs["prompt"])


def _flat_prompt(body: Mapping[str, object]) -> str:
    return str(body["prompt"])


PROTOCOLS: Mapping[str, Protocol] = {
    "runcomfy": Protocol(_runcomfy_errand, _flat_prompt, _runcomfy_say),
    "fal": Protocol(_fal_errand, _flat_prompt, _fal_say),
    "replicate": Protocol(_replicate_errand, _nested_prompt, _replicate_say),
}
