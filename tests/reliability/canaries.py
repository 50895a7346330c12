"""G9: one canary token and one canary signature, over every surface where one could sit, and a client that leaks both.

The token may be in requests to its own provider and nowhere else. The query of a pre-signed input link may be in the
request to the provider and in the owner-only journal, and nowhere else; two surfaces are the person's own and are not
counted for it: widget state while the form's own box holds the link, and frames of a Verbose traceback.

Negative control: a client that keeps its token in a header dict and a plain attribute, over the same surfaces.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import shutil
import stat
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).parent))

from canary_notebook import login_surfaces, notebook_surfaces  # noqa: E402  # a plain script finds its neighbours by itself
from canary_server import SCENARIOS, Provider  # noqa: E402
from canary_shapes import OWN_INPUTS, logged, pydantic_errors, shapes, tracebacks  # noqa: E402

import ipydarkroom as dr  # noqa: E402
from ipydarkroom.client import AsyncClient  # noqa: E402
from ipydarkroom.display import card, card_text, gallery  # noqa: E402
from ipydarkroom.errors import DarkroomError, WaitTimeout  # noqa: E402
from ipydarkroom.settings import load  # noqa: E402
from ipydarkroom.testing import QUICK

__all__ = ["main"]

FIXED_SEED = 20_261
MODEL = "ideogram/ideogram-v3/reframe"

Surfaces = dict[str, list[str]]


class Canaries:
    """The two texts to look for, drawn anew for every run."""

    def __init__(self, chance: random.Random) -> None:
        self.token = f"canary-{chance.getrandbits(64):016x}"
        self.other = f"canary-{chance.getrandbits(64):016x}"
        self.signature = f"{chance.getrandbits(128):032x}"

    def link(self, scenario: str) -> str:
        """A pre-signed input link."""
        return f"https://bucket.example/{scenario}.png?X-Amz-Signature={self.signature}&X-Amz-Expires=60"


# --- a life with every scenario ---


def life(home: Path, canaries: Canaries, http: str, provider: Provider, other: Provider) -> Surfaces:
    """Seven jobs through the whole client; what every surface showed."""
    found: Surfaces = {}

    def note(surface: str, text: str) -> None:
        found.setdefault(surface, []).append(text)

    settings = load({
        "IPYDARKROOM_HOME": str(home), "RUNCOMFY_API_TOKEN": canaries.token, "KIE_API_KEY": canaries.other, "IPYDARKROOM_HTTP": http,
    })
    base = {"runcomfy": provider.origin, "kie": other.origin}
    with logged() as log, dr.Client(settings=settings, base_url=base, paces=(QUICK, QUICK)) as client:
        things: list[object] = [client, client._inner, client._inner._transport, client._inner._engine, settings]
        things += [settings.token("runcomfy"), client.route(client.model(MODEL)), canary_account(canaries)]
        for scenario in SCENARIOS:
            job = client.submit(MODEL, image=canaries.link(scenario), resolution="1536:640 (12:5)", provider="runcomfy", local=None)
            with suppress(WaitTimeout):  # who wanders is asked about for ever
                job.wait(0.5 if scenario == "wander" else 20)
            things += [job, job._inner, job.record, job._inner._track]
            note("job card text", card_text(job.record, 0.0))
            note("job card html", str(card(job.record, 0.0)))
            note("gallery html", str(gallery([job.record])))
            note("inputs shown", repr(dict(vars=job.record.inputs)["vars"]))
            try:
                result = job.result(0.1)
                things += [result, *result.images]
                note("result.inputs", repr(result.inputs))
                note("result.note", result.note)
            except DarkroomError as error:
                things.append(error)
                for surface, text in tracebacks(error):
                    note(surface, text)
        values = {"image_url": canaries.link("ok"), "image_size": "square", "rendering_speed": "TURBO", "style": "AUTO"}
        things.append(client.submit("kie:ideogram/v3-reframe", {**values, "num_images": "1"}).wait(20))
        panel = _panel_life(client, canaries, note)
        things.append(panel)
        for thing in things:
            for surface, text in shapes(thing):
                note(surface, text)
        note("other provider's host", "".join(_authorised(other)))
        _pass_on(note, client.route(client.model(MODEL)), things)
        panel.close()
    note(f"logs at DEBUG, {http}", log.getvalue())
    for surface, text in pydantic_errors(settings.token("runcomfy")):
        note(surface, text)
    return found


def canary_account(canaries: Canaries) -> object:
    """What `dr.login` gives, with the canary typed at its prompt."""
    import getpass

    from ipydarkroom import tokens

    before, getpass.getpass = getpass.getpass, lambda _prompt: canaries.token
    try:
        return dr.login(keep=False)
    finally:
        getpass.getpass = before
        tokens.forget("runcomfy")


def _panel_life(client: dr.Client, canaries: Canaries, note: Callable[[str, str], None]) -> dr.Panel:
    """A panel whose jobs fail in every quoting way; what its widgets say, the box of the link itself left out."""
    panel = dr.Panel(MODEL, client=client, provider="runcomfy")
    for scenario in ("refuse", "fail", "note"):
        panel.value = {"image": canaries.link(scenario), "resolution": "1536:640 (12:5)"}
        panel.submit()
        panel.wait(20)
    note("panel value shown", repr(panel.value))
    panel.state.reset()
    assert panel.widget
    for widget in panel._kit._made:
        note("panel widgets' state", repr(widget.get_state()))
    return panel


def _authorised(server: Provider) -> list[str]:
    return [json.dumps(request) for request in server.requests]


def _pass_on(note: Callable[[str, str], None], route: object, things: list[object]) -> None:
    """To another process: by spawn, which pickles, and by fork, which shares memory and writes everything out."""
    process = multiprocessing.get_context("spawn").Process(target=print, args=(route,))
    try:
        process.start()
        process.join(20)
        note("multiprocessing spawn", "a route was pickled")
    except Exception as error:
        note("multiprocessing spawn", str(error))
    if not hasattr(os, "fork"):
        return
    read, write = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        child = os.fork()
    if not child:
        os.write(write, repr(things).encode()[:60_000])
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as out:
        note("fork", out.read().decode("utf-8", "replace"))
    os.waitpid(child, 0)


def files(home: Path) -> Iterator[tuple[str, bytes]]:
    """Every file we wrote, by what it is."""
    for path in sorted(home.rglob("*")):
        if path.is_file():
            kind = "journal" if path.name.startswith("journal") else "sidecar" if path.suffix == ".json" else "picture"
            yield f"file: {kind}", path.read_bytes()
            yield "file names", str(path.relative_to(home)).encode()


def permissions(home: Path) -> list[str]:
    """What is wrong with the rights of folder, journal and the journal's own journal (seen inside a transaction)."""
    from ipydarkroom.journal import Journal

    journal = Journal(home / "journal.sqlite3")
    wrong = []
    with journal._transaction() as db:
        db.execute("update jobs set note = note")
        for path, wanted in ((home, 0o700), (home / "journal.sqlite3", 0o600), (home / "journal.sqlite3-journal", 0o600)):
            found = stat.S_IMODE(path.stat().st_mode)
            if found != wanted:
                wrong.append(f"{path.name}: {found:o}")
    journal.close()
    return wrong


def mirror_memory(home: Path, canaries: Canaries) -> list[str]:
    """What the local backend tells about a job it was given: Kie's record repeats the order as `param`."""
    import asyncio

    from ipydarkroom.wire import Call

    async def ask() -> list[str]:
        environ = {"IPYDARKROOM_HOME": str(home), "IPYDARKROOM_LOCAL": "1"}
        async with AsyncClient(local=True, settings=load(environ), paces=(QUICK, QUICK)) as client:
            values = {"image_url": canaries.link("ok"), "image_size": "square", "rendering_speed": "TURBO", "style": "AUTO"}
            job = await client.submit("kie:ideogram/v3-reframe", {**values, "num_images": "1"})
            await job.wait(60)
            call = Call("GET", "/api/v1/jobs/recordInfo", query=(("taskId", job.remote_id),))
            reply = await client._transport.send(call, client.route(await client.model("kie:ideogram/v3-reframe")))
            return [reply.body.decode(), repr(job), str(job.error or "")]

    return asyncio.run(ask())


# --- the control ---


class BadClient:
    """How a token leaks: a plain attribute, a header dict, and redirects that are followed with it."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.headers = {"x-api-key": token}

    def call(self, address: str) -> None:
        headers = dict(self.headers)
        with httpx.Client(headers=headers, follow_redirects=True, trust_env=False) as http:
            http.post(address, json={"image": "https://bucket.example/move.png"})
            raise RuntimeError(f"refused with {headers}")


def control(canaries: Canaries, provider: Provider, elsewhere: Provider) -> list[str]:
    """On which surfaces the bad client is found: the harness must find it, or it finds nothing."""
    bad, found = BadClient(canaries.token), set()
    for surface, text in shapes(bad):
        found |= {surface} if canaries.token in text else set()
    before = elsewhere.heard(canaries.token)
    try:
        bad.call(f"{provider.origin}/v1/models/x")
    except RuntimeError as error:
        for surface, text in tracebacks(error):
            found |= {surface} if canaries.token in text else set()
    if elsewhere.heard(canaries.token) > before:
        found.add("another host")
    return sorted(found)


# --- the sum ---


def main(seed: int | None = None, *, notebook: bool = True, packages: tuple[str, ...] = ("httpx", "httpx2")) -> dict:
    """Let both canaries fly, look at every surface, and at the control; returns the figures.

    Args:
        seed: For the canaries' letters; drawn when absent.
        notebook: Also run a panel in a real kernel under nbclient (about ten seconds).
        packages: The HTTP packages to run the client's life on.
    """
    drawn = random.SystemRandom().randrange(2**31) if seed is None else seed
    canaries = Canaries(random.Random(f"{FIXED_SEED} {drawn}"))
    folder = Path(tempfile.mkdtemp(prefix="ipydarkroom-canaries-"))
    elsewhere = Provider()
    provider, other = Provider(elsewhere.origin), Provider(elsewhere.origin)
    found: Surfaces = {}
    wrong: list[str] = []
    try:
        for http in packages:
            home = folder / http
            _add(found, life(home, canaries, http, provider, other))
            _add(found, {name: [data.decode("latin-1")] for name, data in files(home)}, many=files(home))
            wrong += permissions(home)
        found["another host"] = _authorised(elsewhere)
        found["local mirror's memory"] = mirror_memory(folder / "local", canaries)
        if notebook:
            _add(found, notebook_surfaces(folder / "notebook", canaries, provider))
            before = provider.heard(canaries.token)
            _add(found, login_surfaces(folder / "login", canaries, provider))
            wrong += [] if provider.heard(canaries.token) > before else ["the token typed at login was not used"]
        flew = {"token": provider.heard(canaries.token), "signature": provider.heard(canaries.signature)}
        flew["other token"] = other.heard(canaries.other)
        caught = control(canaries, provider, elsewhere)
    finally:
        for server in (provider, other, elsewhere):
            server.close()
        shutil.rmtree(folder, ignore_errors=True)
    seen = appearances(found, canaries)
    wrong += [f"nothing was written on {name}" for name, texts in found.items() if not any(texts) and name != "another host"]
    wrong += [f"{name} never happened" for name in SCENARIOS if name not in provider.links]
    wrong += [] if flew["other token"] else ["the second provider's token did not fly"]
    wrong += ["the first provider was given the second one's token"] if provider.heard(canaries.other) else []
    ok = not seen and not wrong and len(found) >= (25 if notebook else 20) and min(flew.values()) > 0 and _enough(caught)
    return {
        "name": "G9 canaries", "seeds": [FIXED_SEED, drawn], "surfaces": len(found), "texts": sum(map(len, found.values())),
        "appearances": len(seen), "where": seen[:20], "wrong": wrong, "scenarios": len(provider.links), "flew": flew,
        "control_found_on": caught, "ok": ok,
    }


def _enough(caught: list[str]) -> bool:
    """The leaks the control is made of are all found: attribute, dict, frame, pickle, redirect."""
    return {"vars", "pickle", "traceback Verbose", "traceback capture_locals", "another host", "error args and vars"} <= set(caught)


def _add(found: Surfaces, more: Surfaces, many: Iterator[tuple[str, bytes]] | None = None) -> None:
    for name, texts in more.items():
        found.setdefault(name, []).extend(texts)
    for name, data in many or ():
        found[name].append(data.decode("latin-1"))


def appearances(found: Surfaces, canaries: Canaries) -> list[str]:
    """Every surface on which a canary sits that may not, with what stands around it."""
    seen = []
    for surface, texts in found.items():
        for name, canary in (("token", canaries.token), ("other token", canaries.other), ("signature", canaries.signature)):
            if _may(surface, name):
                continue
            for text in texts:
                if (at := text.find(canary)) >= 0:
                    seen.append(f"{surface}: {name}: …{text[max(0, at - 90) : at + 8]}…")
                    break
    return seen


def _may(surface: str, canary: str) -> bool:
    if canary == "signature":
        return surface in ("file: journal", "notebook: widget state", "other provider's host", *OWN_INPUTS)
    return canary == "other token" and surface == "other provider's host"


if __name__ == "__main__":
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--seed", type=int, default=None)
    figures = main(reader.parse_args().seed)
    print(json.dumps(figures))
    sys.exit(0 if figures["ok"] else 1)
