"""The fault matrix as a table: fault x phase x provider -> what must become of the job. Read by `matrix.py`.

A row gives the five phases; a cell is one outcome word for both providers, or "runcomfy | kie". The words:

* `done`          succeeded, paid, its own picture on disk, one POST, one order
* `done-2`        the same after two POSTs, of which the server took one (documented as "not queued", so it may go again)
* `uncertain`     SubmitUncertain, may be charged, one POST and never a second
* `no:X`          refused with error X: nothing charged, no order
* `halt:X`        we stopped looking with error X; the job stays open and may be charged
* `failed`        the provider's own word is final: JobFailed, may be charged
* `stopped`       the cancel is confirmed, nothing charged
* `asked`         nobody knows what the cancel did: outcome unknown; the job stays as it is
* `-why`          the cell cannot be; the reason follows
"""

from __future__ import annotations

from faults import KINDS

__all__ = ["ALWAYS", "PROVIDERS", "TABLE", "cells"]

PROVIDERS = ("runcomfy", "kie")
_NO_RESULT = "-Kie tells state and result in one answer"
_NO_CANCEL = "-Kie offers no cancel"
_NO_STATE = "-no state is told here"
_NO_JSON = "-a file is no JSON; whatever is not a picture is `no_picture`"
_NO_CODE = "-no such code in this protocol"
_ORDER = "-a code of orders"
_LOOK = "-a code of look-ups"
_FILE = "-about files only"
_LOOKED = ("done", "done", "done")

# Most faults: the order is uncertain, a look or a download is tried again, a cancel (which may be repeated) too.
_LOST = ("uncertain", "done", "done", "stopped", "done")
_HARMLESS = ("done", "done", "done", "stopped", "done")
_BUSY = ("no:RateLimited | done-2", "done", "done", "stopped", "done")
_GARBLED = ("uncertain", "done", "done", "stopped", _NO_JSON)


def _kie(order: str, look: str) -> tuple[str, ...]:
    return (f"{_NO_CODE} | {order}", f"{_NO_CODE} | {look}", _NO_CODE, _NO_CODE, _NO_CODE)


def _rc(order: str, look: str, cancel: str) -> tuple[str, ...]:
    return (f"{order} | {_NO_CODE}", f"{look} | {_NO_CODE}", look, cancel, _NO_CODE)


#        fault                submit, poll, result, cancel, download
TABLE: dict[str, tuple[str, ...]] = {
    "refused": _HARMLESS,  # proven not sent: even an order goes again
    "reset_before": _LOST,
    "reset_after": _LOST,
    "fin_before": _LOST,
    "fin_after": _LOST,
    "half_a_head": _LOST,
    "headers_only": _LOST,
    "cut_by_length": _LOST,
    "cut_in_chunks": _LOST,
    "cut_without_length": _LOST,
    "no_http": _LOST,
    "stale": _HARMLESS,  # an order's connection is used once
    "slow": _HARMLESS,
    "drip": _LOST,
    "silence": _LOST,
    "html_200": _LOST,
    "html_502_before": _LOST,
    "html_502_after": _LOST,
    "bare_500_after": _LOST,
    "json_500_after": _LOST,
    "json_503_after": _LOST,
    "html_503_before": _LOST,
    "html_504_after": _LOST,
    "bare_408_after": _LOST,
    "html_408_before": _LOST,
    "bare_501_before": _LOST,
    "plain_429": _BUSY,
    "soon_429": _BUSY,
    "absurd_429": _BUSY,
    "arabic_429": _BUSY,
    "past_429": _BUSY,
    "blip_404": ("no:ModelNotFound", "done", "done", "stopped", "done"),
    "blip_422": ("no:InputError", "done", "done", "stopped", "done"),
    "empty_200": _LOST,
    "empty_204": _LOST,
    "redirect_302": _LOST,
    "redirect_307": _LOST,
    "json_null": _GARBLED,
    "json_list": _GARBLED,
    "json_string": _GARBLED,
    "wrong_types": _GARBLED,
    "nothing_in_it": _GARBLED,
    "key_twice": _GARBLED,
    "not_a_number": _GARBLED,
    "huge_whole": _GARBLED,
    "deep": _GARBLED,
    "bad_utf8": _GARBLED,
    "gzip_garbage": _LOST,
    "unknown_coding": _HARMLESS,  # named, but not used
    "too_long": _LOST,
    "half_a_picture": (_FILE, _FILE, _FILE, _FILE, "done"),
    "no_picture": (_FILE, _FILE, _FILE, _FILE, "done"),
    "expired": (_FILE, _FILE, _FILE, _FILE, "done"),  # by a fresh link from the result
    "unknown_word": (_NO_STATE, "done", "done", _NO_STATE, _NO_STATE),
    "running": (_NO_STATE, "done", "done", _NO_STATE, _NO_STATE),
    "backwards": (_NO_STATE, "done", "done", _NO_STATE, _NO_STATE),
    "another_id": ("uncertain", "done", "done", "stopped", "-a picture does not say whose it is"),
    "kie_500": _kie("uncertain", "done"),
    "kie_501": _kie("uncertain", _ORDER),
    "kie_501_look": _kie(_LOOK, "failed"),
    "kie_408_look": _kie(_LOOK, "failed"),
    "kie_404": _kie("no:ModelNotFound", "done"),
    "kie_422": _kie("no:InputError", "done"),
    "kie_429": _kie("done-2", "done"),
    "kie_455": _kie("no:Refused", "done"),
    "kie_433": _kie("no:BalanceError", _ORDER),
    "kie_433_look": _kie(_LOOK, "halt:BalanceError"),
    "rc_500001": _rc("uncertain", "done", "stopped"),
    "rc_404001": _rc("no:ModelNotFound", "done", "stopped"),
    "rc_400002": _rc("no:BalanceError", _ORDER, _ORDER),
    "rc_400002_look": _rc(_LOOK, "halt:BalanceError", _LOOK),
}

# The same fault at every request of that phase, until we stop: an end that is told, and nothing given up that was paid.
_STUCK = ("uncertain", "halt:WaitTimeout", "halt:WaitTimeout", "asked", "unsaved")
ALWAYS: dict[str, tuple[str, ...]] = {
    "refused": ("no:NotSent", "-a shut port cannot tell who comes", "-as for poll", "-as for poll", "-as for poll"),
    "reset_before": _STUCK,
    "html_200": _STUCK,
    "html_503_before": _STUCK,
    "plain_429": ("no:RateLimited", *_STUCK[1:]),
    "blip_404": ("no:ModelNotFound", "halt:JobFailed", "halt:JobFailed", "asked", "unsaved"),
    "no_picture": (_FILE, _FILE, _FILE, _FILE, "unsaved"),
    "expired": (_FILE, _FILE, _FILE, _FILE, "unsaved"),
    "unknown_word": (_NO_STATE, "halt:WaitTimeout", "halt:WaitTimeout", _NO_STATE, _NO_STATE),
}


def cells(table: dict[str, tuple[str, ...]]) -> dict[tuple[str, str, str], str]:
    """Every cell: (fault, phase, provider) -> outcome word.

    Raises:
        ValueError: A cell is empty, or a fault has no row.
    """
    phases = ("submit", "poll", "result", "cancel", "download")
    found: dict[tuple[str, str, str], str] = {}
    if table is TABLE and (missing := {"refused", *KINDS} ^ set(table)):
        raise ValueError(f"no row, or a row too many: {sorted(missing)}")
    for fault, row in table.items():
        for phase, cell in zip(phases, row, strict=True):
            words = [word.strip() for word in cell.split(" | ")]
            for provider, word in zip(PROVIDERS, words if len(words) == 2 else words * 2, strict=True):
                word = {"result": _NO_RESULT, "cancel": _NO_CANCEL}.get(phase, word) if provider == "kie" else word
                if not word:
                    raise ValueError(f"an empty cell: {fault} {phase} {provider}")
                found[fault, phase, provider] = word
    return found
