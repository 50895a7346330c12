"""What a provider's webhook says, and whether it is genuine: pure, without a server and without a clock.

Facts from docs.kie.ai (webhook-verification, market callbacks), seen 2026-11. They are Kie's, the one provider that
posts callbacks for the models we know:

* headers `X-Webhook-Timestamp` (unix seconds) and `X-Webhook-Signature`, only where a key was made in the settings
* the signature is base64(HMAC-SHA256(taskId + "." + timestamp, key)); nothing else of the body is covered by it
* the task's id is called `taskId` or `task_id`, and stands at top or under `data`
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Iterable
from typing import TypeAlias

from .settings import Token

__all__ = ["JOB", "Mark", "Replays", "Signatures", "for_job", "is_job_id", "read_task_id"]

JOB = "{job}"
"""Stands for our job's id in a callback address, until the order is built."""

Mark: TypeAlias = tuple[str, str, str]
"""(task id, timestamp, signature): what makes one signed delivery that one."""

_JOB_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")  # as jobs.new_job_id makes it
_TASK_ID = re.compile(r"[!-~]{1,200}")
_TIMESTAMP = re.compile(r"[0-9]{1,12}")  # ASCII digits; int() would also read "１７" and "1_7"
_MOST = 10_000


def for_job(url: str, job_id: str) -> str:
    """The callback address of one job: each `{job}` in it replaced. Other addresses stay as they are."""
    return url.replace(JOB, job_id)


def is_job_id(text: str) -> bool:
    """Whether the text has the shape of an id of ours (a UUID version 7 in lower case)."""
    return _JOB_ID.fullmatch(text) is not None


def read_task_id(body: bytes) -> str | None:
    """The provider's id of the task a callback is about; None where there is none, or two that differ.

    Nothing else of the body is looked at: its signature does not cover it, so the rest is asked for with our token.
    """
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):  # broken UTF-8 and endless digits are ValueErrors too
        return None
    if not isinstance(found, dict):
        return None
    data = found.get("data")
    places = (found, data) if isinstance(data, dict) else (found,)
    named = [place[name] for place in places for name in ("taskId", "task_id") if place.get(name) is not None]
    if not named or not all(isinstance(name, str) and _TASK_ID.fullmatch(name) for name in named):
        return None
    first: str = named[0]
    return first if all(name == first for name in named) else None


class Signatures:
    """Judges Kie's signatures; an empty set of keys judges nothing and `required` is False.

    Args:
        keys: The `webhookHmacKey`s in force; more than one while a key is being replaced.
        window_s: How many seconds a timestamp may lie in the past or the future.
    """

    def __init__(self, keys: Iterable[Token], window_s: float) -> None:
        self._keys = tuple(keys)
        self._window_s = window_s

    @property
    def required(self) -> bool:
        """Whether a callback must be signed."""
        return bool(self._keys)

    def holds(self, mark: Mark, now: float) -> bool:
        """Whether somebody with a key signed this task id at this timestamp, and not long ago. Never raises.

        The text of the signature is compared, in constant time, against that of every key: nothing is decoded, so
        there is nothing to stumble over and one signature has one spelling.
        """
        task_id, timestamp, signature = mark
        if not _TIMESTAMP.fullmatch(timestamp) or abs(now - int(timestamp)) > self._window_s:
            return False
        message, given = f"{task_id}.{timestamp}".encode(), signature.encode("utf-8", "replace")
        matches = [hmac.compare_digest(given, _signed(message, key)) for key in self._keys]
        return any(matches)


class Replays:
    """Remembers which signed deliveries were dealt with, as long as they could be sent again; bounded in number.

    Args:
        window_s: The window of the signatures.
        most: So many are remembered; beyond that the oldest is forgotten, which costs one look too many.
    """

    def __init__(self, window_s: float, most: int = _MOST) -> None:
        self._lasting_s = 2 * window_s  # a timestamp may lie one window ahead, and is good one window longer
        self._most = most
        self._marks: dict[Mark, float] = {}

    def __contains__(self, mark: Mark) -> bool:
        return mark in self._marks

    def __len__(self) -> int:
        return len(self._marks)

    def add(self, mark: Mark, now: float) -> None:
        """Remember a delivery, and forget those that are too old to be accepted again."""
        self._marks[mark] = now
        while self._marks:
            oldest = next(iter(self._marks))
            if len(self._marks) <= self._most and now - self._marks[oldest] <= self._lasting_s:
                return
            del self._marks[oldest]


def _signed(message: bytes, key: Token) -> bytes:
    return base64.b64encode(hmac.new(key.reveal().encode(), message, hashlib.sha256).digest())
