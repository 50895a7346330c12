"""G11, the other half: a download costs the same few megabytes of memory whatever its size, and what came is what was sent.

A server in a process of its own streams a "video" of random bytes; a client process downloads it to disk through the
whole chain. The control, a plain `response.content`, must exceed the bound. Prints one JSON line. Linux only.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from memory import now_mb, peak_mb

from ipydarkroom.files import CAP_BYTES, Folder
from ipydarkroom.jobs import JobRecord
from ipydarkroom.routes import Route
from ipydarkroom.settings import load
from ipydarkroom.transport import Transport

MOST_MB = 8
HEAD = b"\0\0\0\x18ftypisom\0\0\2\0isommp41"
RECORD = JobRecord("job-1", "kie", "o", "remote", "m", {"prompt": "fox"})
BLOCK = 2**20


def main(*, megabytes: int = 300, seed: int = 11, packages: tuple[str, ...] = ("httpx", "httpx2")) -> dict[str, object]:
    """Download that many megabytes with each HTTP package, and once the naive way."""
    chance = random.SystemRandom().randrange(2**32)
    failures, peaks = [], {}
    for package, bytes_of in zip(packages, (seed, chance), strict=False):
        said = client("ours", package, megabytes, bytes_of)
        peaks[package] = round(said["mb"], 1)
        if said["mb"] > MOST_MB:
            failures.append(f"{package}: +{said['mb']:.1f} MB for {megabytes} MB")
        if said["sha256"] != expected(megabytes, bytes_of):
            failures.append(f"{package}: what was kept is not what was sent")
    control = client("naive", packages[0], megabytes, seed)["mb"]
    if control <= MOST_MB:
        failures.append("control: the naive client stayed within the bound, so it proves nothing")
    return {
        "goal": "G11 downloads", "ok": not failures, "seed": seed, "random_seed": chance, "megabytes": megabytes,
        "peak_mb": peaks, "control_peak_mb": round(control, 1), "failures": failures,
    }  # fmt: skip


def blocks(megabytes: int, seed: int) -> list[bytes]:
    """The file, as a first block and one that repeats."""
    chance = random.Random(seed)
    first = HEAD + chance.randbytes(BLOCK - len(HEAD))
    return [first, *[chance.randbytes(BLOCK)] * (megabytes - 1)]


def expected(megabytes: int, seed: int) -> str:
    whole = hashlib.sha256()
    for block in blocks(megabytes, seed):
        whole.update(block)
    return whole.hexdigest()


def client(way: str, package: str, megabytes: int, seed: int) -> dict[str, object]:
    """Run server and client, each in its own process; returns what the client measured."""
    with subprocess.Popen(
        [sys.executable, __file__, "--serve", str(megabytes), "--seed", str(seed)], stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            origin = server.stdout.readline().strip()
            command = [sys.executable, __file__, "--download", origin, "--way", way, "--package", package]
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=300)
        finally:
            server.terminate()
    return json.loads(done.stdout)


async def serve(megabytes: int, seed: int) -> None:
    """Answer `/warm` with one block and everything else with the whole file."""
    whole = blocks(megabytes, seed)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wanted = whole[:1] if b"/warm" in await reader.readuntil(b"\r\n\r\n") else whole
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(wanted) * BLOCK}\r\nConnection: close\r\n\r\n".encode())
        for block in wanted:
            writer.write(block)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


async def download(origin: str, way: str, package: str) -> dict[str, object]:
    """Warm up with one megabyte, then download it all; the memory above the warm process, and the sum of what was kept."""
    carrier = Transport(load({"IPYDARKROOM_HTTP": package}), lambda token: None)
    route = Route("kie", "local-url", {"api": origin}, "route.base_url")

    async def ours(path: str, root: str) -> str:
        with Folder(Path(root)).receive(RECORD, 0) as received:
            await carrier.fetch(origin + path, route, CAP_BYTES["video"], received)
            return (await asyncio.to_thread(received.keep)).sha256

    async def naive(path: str, root: str) -> str:
        async with carrier._http.AsyncClient(trust_env=False) as plain:
            return hashlib.sha256((await plain.get(origin + path)).content).hexdigest()

    act = {"ours": ours, "naive": naive}[way]
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        await act("/warm", one)
        before = now_mb()
        found = await act("/whole", two)
    await carrier.close()
    return {"mb": peak_mb() - before, "sha256": found}


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--serve", type=int)
    options.add_argument("--download")
    options.add_argument("--way", default="ours")
    options.add_argument("--package", default="httpx")
    options.add_argument("--seed", type=int, default=11)
    given = options.parse_args()
    if given.serve:
        asyncio.run(serve(given.serve, given.seed))
    elif given.download:
        print(json.dumps(asyncio.run(download(given.download, given.way, given.package))))
    else:
        report = main(seed=given.seed)
        print(json.dumps(report))
        sys.exit(not report["ok"])
