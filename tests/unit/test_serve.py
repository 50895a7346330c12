"""The local backend over HTTP: started by the real command line, used by a real client, and closed to everybody else."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import threading
import tomllib
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest

from ipydarkroom import command as command_line
from ipydarkroom.errors import AuthError, InputError
from ipydarkroom.local.gate import Gate
from ipydarkroom.local import serve as serving_module
from ipydarkroom.local.serve import CannotServe, listen, origin_of
from ipydarkroom.models import Model
from ipydarkroom.pacing import Pace
from ipydarkroom.settings import load
from ipydarkroom.sync import Client
from serving import TOKEN, command, served

SEEDREAM = "bytedance/seedream-5/lite/text-to-image"
PROMPT = {"prompt": "a fox", "resolution": "2048x2048 (1:1)"}
QUICK = Pace(steps=((0.0, 0.05),), grace=5.0)


@pytest.fixture(scope="module")
def server():
    """One server for the tests that leave it as it was."""
    with served() as running:
        yield running


def client_of(running, home, **options):
    """A client of ours pointed at the server, as the printed lines say."""
    settings = load({"IPYDARKROOM_HOME": str(home), "IPYDARKROOM_SERVE_TOKEN": running.token, **options})
    return Client(base_url=running.origin, settings=settings, paces=(QUICK, QUICK))


def raw(port: int, data: bytes, *, seconds: float = 20.0) -> bytes:
    """What comes back for these very bytes, until the server hangs up or has sent a whole answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as line:
        line.sendall(data)
        got = b""
        while chunk := line.recv(65536):
            got += chunk
            head, blank, body = got.partition(b"\r\n\r\n")
            lengths = [int(part.split(b":")[1]) for part in head.split(b"\r\n") if part.lower().startswith(b"content-length")]
            if blank and lengths and len(body) >= lengths[0]:
                break
        return got


def status_of(answer: bytes) -> int:
    """The status of a raw answer, 0 where the server just hung up."""
    return int(answer.split(b" ", 2)[1]) if answer else 0


# --- starting and ending ---


def test_what_is_printed_at_the_start_is_enough_to_begin(server):
    """Address, token, a curl line that works as printed, and the line for Python."""
    assert server.origin in server.printed
    assert TOKEN in server.printed
    assert f'dr.Client(base_url="{server.origin}")' in server.printed
    assert f"IPYDARKROOM_SERVE_TOKEN={TOKEN}" in server.printed


@pytest.mark.parametrize("language", ["zh-CN", "zh-TW", "ja"])
def test_the_command_line_speaks_the_readers_language(language):
    """The help is in it, too; arguments keep their names."""
    process = command("serve", "--help", IPYDARKROOM_LANGUAGE=language)
    out, _ = process.communicate(timeout=30)

    assert 0 == process.returncode
    assert "--port" in out
    assert "hardly any waiting" not in out


def test_without_a_token_a_random_one_is_made():
    """A server without a lock is nobody's wish."""
    with served(token="") as running, httpx.Client(base_url=running.origin, trust_env=False) as http:
        token = next(word for word in running.printed.split() if word.startswith("local-"))

        assert len(token) > 20
        assert "error_code" in http.get("/prod/v2/balance").json()
        assert 5 == http.get("/prod/v2/balance", headers={"Authorization": f"Bearer {token}"}).json()["balance_usd"]


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_at_once_and_leaves_nothing(sent, tmp_path):
    """In the middle of a large picture, with a line of orders behind it; the pictures' folder is gone."""
    with served("--log", TMPDIR=str(tmp_path)) as running:
        with running.http() as http:
            order = {"prompt": "a city", "width×height": "6198x2656(21:9)"}
            job = http.post("/v1/models/bytedance/dreamina-4-0/text-to-image", json=order).json()["request_id"]
            for _ in range(5):
                http.post("/v1/models/bytedance/dreamina-4-0/text-to-image", json=order)
            while "in_progress" != http.get(f"/v1/requests/{job}/status").json()["status"]:
                pass
        assert list(tmp_path.glob("ipydarkroom-*"))
        _, err, code = running.end(sent)

    assert {signal.SIGINT: 0, signal.SIGTERM: -signal.SIGTERM}[sent] == code
    assert [] == list(tmp_path.glob("ipydarkroom-*"))
    assert "Traceback" not in err


def test_a_taken_port_is_said_in_a_sentence_with_a_way_out():
    """No traceback; the exit code tells a script."""
    with listen("127.0.0.1", 0) as taken:
        process = command("serve", "--port", origin_of(taken).rpartition(":")[2])
        _, err = process.communicate(timeout=30)

    assert 1 == process.returncode
    assert "is taken by another program. Choose another with --port" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("port", [-1, 70000])
def test_a_port_that_is_none_is_refused(port):
    """The same kind of sentence."""
    with pytest.raises(CannotServe, match="--port"), listen("127.0.0.1", port):
        pass


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "example.org", "", "::"])  # noqa: S104  # refused, that is the point
def test_it_listens_on_this_machine_only(host):
    """Whoever could reach it could use it."""
    with pytest.raises(CannotServe, match="not this machine alone"), listen(host, 0):
        pass


def test_a_missing_uvicorn_is_said_with_the_command_that_installs_it(monkeypatch):
    """It is an extra."""
    monkeypatch.setitem(sys.modules, "uvicorn", None)

    with listen("127.0.0.1", 0) as taken, pytest.raises(CannotServe, match=r'pip install "ipydarkroom\[serve\]"'):
        serving_module.serve(taken, tokens=frozenset({TOKEN}))


@pytest.mark.parametrize("token", ["short", "with a blank", "<token>", "YOUR_API_TOKEN", "schlüssel-1", ""])
def test_a_token_that_could_not_travel_is_refused(token, capsys):
    """A token of few letters would stand in answers by chance."""
    assert 1 == command_line.main(["serve", "--port", "0", "--token", token])
    assert "Leave it out" in capsys.readouterr().err


def test_the_entry_point_is_this_function():
    """What `pip` installs as `ipydarkroom` is `command.main`."""
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert "ipydarkroom.command:main" == project["scripts"]["ipydarkroom"]
    assert callable(command_line.main)


# --- our own client against it ---


def test_a_client_works_against_it_from_order_to_picture(server, tmp_path):
    """`base_url` in one word; the picture is on disk, free, and from this machine."""
    with client_of(server, tmp_path) as client:
        result = client.run(SEEDREAM, PROMPT, timeout=60)
        job = client.job(result.job_id)

        assert (2048, 2048) == (result.images[0].width, result.images[0].height)
        assert ("local-url", "no", server.origin) == (job.record.backend, job.charged, job.record.origin)
        assert all(output.url.startswith(f"{server.origin}/files/") for output in job.record.outputs)


def test_an_upload_and_a_callback_go_the_whole_way(server, tmp_path):
    """Kie's file comes back as a link of the server itself; the callback is posted to this machine."""
    heard = []
    told = threading.Event()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()
            told.set()

        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

    receiver = HTTPServer(("127.0.0.1", 0), Receiver)
    listening = threading.Thread(target=receiver.handle_request)
    listening.start()
    try:
        with client_of(server, tmp_path) as client:
            first = client.run(SEEDREAM, PROMPT, timeout=60).images[0]
            values = {"image_url": first.path, "image_size": "square", "rendering_speed": "TURBO", "style": "AUTO", "num_images": "1"}
            address = f"http://127.0.0.1:{receiver.server_port}/told"
            job = client.submit("kie:ideogram/v3-reframe", values, callback_url=address)
            job.result(60)

            assert told.wait(20)
            assert job.remote_id == heard[0]["data"]["taskId"]
    finally:
        listening.join(20)
        receiver.server_close()


def test_a_resumed_job_finds_its_way_back_with_the_servers_token(server, tmp_path):
    """The journal keeps the origin, the surroundings the token."""
    with client_of(server, tmp_path) as client:
        job = client.submit(SEEDREAM, PROMPT)
        job_id = next(record.id for record in job.events() if record.remote_id)
    settings = load({"IPYDARKROOM_HOME": str(tmp_path), "IPYDARKROOM_SERVE_TOKEN": server.token})
    with Client(settings=settings, paces=(QUICK, QUICK)) as later:
        assert 1 == len(later.job(job_id).result(60).images)


def test_a_paid_token_stays_at_home_where_the_server_has_its_own(server, tmp_path):
    """The token of `serve` goes before a provider's, so the paid one never leaves for a loopback port."""
    with client_of(server, tmp_path, RUNCOMFY_API_TOKEN="paid-token-of-mine") as client:
        route = client.route(Model("x", "runcomfy", ()))

        assert server.token == route.token.reveal()


def test_a_token_the_server_does_not_know_is_said_with_where_to_find_it(server, tmp_path):
    """The provider's own page would be the wrong place to look."""
    settings = load({"IPYDARKROOM_HOME": str(tmp_path), "RUNCOMFY_API_TOKEN": "somebody-elses"})
    with Client(base_url=server.origin, settings=settings, paces=(QUICK, QUICK)) as client, pytest.raises(AuthError) as caught:
        client.run(SEEDREAM, PROMPT, timeout=60)

    assert "IPYDARKROOM_SERVE_TOKEN" in str(caught.value)
    assert "https://" not in str(caught.value)


@pytest.mark.parametrize("address", ["127.0.0.1:8000", "http://[", "http://127.0.0.1:port", "ftp://127.0.0.1", "http://10.0.0.7:8000"])
def test_an_address_that_is_none_is_refused_before_anything_is_sent(address, tmp_path):
    """A token is only sent over https or to this machine."""
    with Client(base_url=address, settings=load({"IPYDARKROOM_HOME": str(tmp_path)})) as client, pytest.raises(InputError):
        client.submit(SEEDREAM, PROMPT)


# --- everybody else ---


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:{port}", "127.0.0.1:{port}:1", "[::1", ""]
)
def test_a_name_that_is_not_this_machines_own_is_refused(server, host):
    """DNS rebinding: a page's own name pointed at 127.0.0.1 still arrives as that name."""
    said = host.format(port=server.port).encode()
    answer = raw(server.port, b"GET /v1/requests/x/status HTTP/1.1\r\nHost: " + said + b"\r\n\r\n")

    assert status_of(answer) in (400, 421)


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])
def test_the_names_of_this_machine_are_taken(server, name):
    """With the port it is served at."""
    answer = raw(server.port, f"GET /files/none HTTP/1.1\r\nHost: {name}:{server.port}\r\n\r\n".encode())

    assert 404 == status_of(answer)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1:{port}", ""])
def test_what_a_web_page_sends_is_refused(server, origin):
    """Browsers name the page a request comes from."""
    with server.http() as http:
        answer = http.post(f"/v1/models/{SEEDREAM}", json=PROMPT, headers={"Origin": origin.format(port=server.port)})

    assert 403 == answer.status_code


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "PUT", "DELETE", "PATCH", "PROPFIND", "CONNECT"])
@pytest.mark.parametrize("path", [f"/v1/models/{SEEDREAM}", "/api/v1/jobs/createTask", "/files/x", "/", "/*"])
def test_no_page_is_ever_let_in_and_no_odd_method_works(server, method, path):
    """No answer names an allowed origin, to a preflight or to anything else."""
    asks = "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: authorization\r\n"
    answer = raw(server.port, f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n{asks}\r\n".encode())

    assert status_of(answer) in (400, 404, 405)
    assert b"access-control-" not in answer.lower()


def test_a_head_request_has_no_body(server):
    """And is no error."""
    answer = raw(server.port, f"HEAD /api/v1/chat/credit HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nConnection: close\r\n\r\n".encode())

    assert 200 == status_of(answer)
    assert answer.endswith(b"\r\n\r\n")


def test_the_log_names_neither_query_nor_token_nor_control_character():
    """A line for each answer: status, method, path."""
    with served("--log") as running:
        with running.http() as http:
            http.get("/api/v1/jobs/recordInfo", params={"taskId": "t-1", "token": TOKEN})
            http.get(f"/files/{TOKEN}")
            http.get("/files/%1b%5b31mred%0a")
        _, err, _ = running.end()

    assert "200 GET /api/v1/jobs/recordInfo\n" in err
    assert TOKEN not in err
    assert "t-1" not in err
    assert "404 GET /files/\\x1b[31mred\\n\n" in err


# --- bad input never is an error of ours ---

_POST = "POST /v1/models/" + SEEDREAM + " HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer " + TOKEN + "\r\n"
_ODD = {
    "both lengths": "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
    "a length that is none": "Content-Length: five\r\n\r\nhello",
    "a negative length": "Content-Length: -5\r\n\r\nhello",
    "an endless length": "Content-Length: " + "9" * 400 + "\r\n\r\nhello",
    "an unknown encoding": "Transfer-Encoding: gzip\r\n\r\nhello",
    "a broken chunk": "Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
    "an endless chunk": "Transfer-Encoding: chunked\r\n\r\n" + "f" * 40 + "\r\nhello",
    "chunks with extensions": "Transfer-Encoding: chunked\r\n\r\n2;a=b\r\n{}\r\n0\r\nTrailer: x\r\n\r\n",
    "a header without a name": ": nothing\r\n\r\n",
    "a folded header": "X-A: 1\r\n 2\r\nContent-Length: 2\r\n\r\n{}",
    "NUL in a header": "X-A: \x00\r\n\r\n",
    "an enormous header": "X-A: " + "a" * 100_000 + "\r\n\r\n",
    "a thousand headers": "".join(f"X-{n}: {n}\r\n" for n in range(5000)) + "\r\n",
    "a second token": "Authorization: Bearer other-token\r\nContent-Length: 2\r\n\r\n{}",
    "a second host": "Host: evil.example\r\nContent-Length: 2\r\n\r\n{}",
    "an upgrade": "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\nContent-Length: 2\r\n\r\n{}",
    "an expectation": "Expect: 100-continue\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}",
    "an unknown expectation": "Expect: a-miracle\r\nContent-Length: 2\r\n\r\n{}",
    "a length above the limit": "Content-Length: 99999999999\r\n\r\n{}",
}


@pytest.mark.parametrize("rest", _ODD.values(), ids=_ODD.keys())
def test_an_oddly_framed_request_is_refused_or_ignored(server, rest):
    """Framing that two parsers may read differently never reaches an order, and never is a 500."""
    answer = raw(server.port, (_POST.format(port=server.port) + rest).encode("latin-1"))

    assert status_of(answer) in (0, 400, 413, 422, 431) or answer.startswith(b"HTTP/1.1 100 ")
    assert b"request_id" not in answer


@pytest.mark.parametrize("line", ["GET", "GET /", "GET / HTTP/9.9", "\x16\x03\x01\x02", "GET  /  HTTP/1.1", "GET /\x7f HTTP/1.1", "PRI * HTTP/2.0"])
def test_what_is_no_request_is_refused(server, line):
    """Somebody else's protocol, for instance."""
    answer = raw(server.port, line.encode("latin-1") + f"\r\nHost: 127.0.0.1:{server.port}\r\n\r\n".encode())

    assert status_of(answer) in (0, 400, 404)


_BODIES = {
    "nothing": b"", "no JSON": b"{", "NaN": b'{"prompt": NaN}', "a list": b"[]", "null": b"null", "a number": b"7",
    "nested deeply": b'{"prompt":' * 100_000 + b"1" + b"}" * 100_000, "lists nested deeply": b"[" * 200_000,
    "half a character": b'{"prompt": "\xff\xfe"}', "UTF-16": '{"prompt": "a"}'.encode("utf-16"), "a lone surrogate": b'{"prompt": "\\ud800", "resolution": "2K"}',
    "a number of 10,000 digits": b'{"prompt": ' + b"9" * 10_000 + b"}", "a name twice": b'{"prompt": 1, "prompt": {}}',
    "the wrong kinds": b'{"prompt": {"a": [1]}, "resolution": 7, "max_images": "x", "seed": []}', "NUL": b'{"prompt": "\\u0000", "resolution": "2K"}',
    "an endless exponent": b'{"prompt": "a", "resolution": "2K", "max_images": 1e400}', "odd names": b'{"": 1, "__proto__": {}, "a/b": 2, "\\u0000": 3}',
}  # fmt: skip


@pytest.mark.parametrize("body", _BODIES.values(), ids=_BODIES.keys())
@pytest.mark.parametrize("path", [f"/v1/models/{SEEDREAM}", "/v1/models/none", "/api/v1/jobs/createTask", "/api/file-stream-upload"])
def test_a_bad_body_is_explained_in_the_providers_shape(server, path, body):
    """An answer in JSON, and no server error; a lone surrogate and NUL are text, and painted."""
    with server.http() as http:
        answer = http.post(path, content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code < 500
    assert {"error_message", "request_id", "code"} & answer.json().keys()
    assert answer.json().get("code") != 500


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=x", "text/plain", "\u00ff", ""])
@pytest.mark.parametrize("body", [b"", b"--x\r\n\r\n", b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"..\\..\\a\"\r\n\r\n\xff", b"\x00" * 5000])
def test_a_bad_upload_is_explained(server, kind, body):
    """Forms are as foreign as JSON."""
    with server.http() as http:
        answer = http.post("/api/file-stream-upload", content=body, headers={b"Content-Type": kind.encode("latin-1")})

    assert answer.status_code < 500
    assert answer.json()["code"] != 200


@pytest.mark.parametrize(
    "path", ["/files/../../etc/passwd", "/files/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "/files//etc/passwd", "/files/..%5c..%5cboot.ini", "/files/%00", "/files/",
             "/files/" + "a" * 5000, "/v1/requests/../x/status", "/v1/requests/%00/status", "/v1/models/%ff%fe", "/v1/models//", "//", "/%zz"]
)  # fmt: skip
def test_a_path_leads_to_nothing_but_what_was_made(server, path):
    """Files are found by an opaque name in a table, so there is nothing to climb."""
    answer = raw(server.port, f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nAuthorization: Bearer {TOKEN}\r\n\r\n".encode())

    assert status_of(answer) in (400, 404, 405)
    assert b"root:" not in answer


def test_a_body_above_the_limit_is_refused_while_it_comes(server):
    """64 MiB, whatever length was declared; the server keeps no more than a little of it."""
    head = _POST.format(port=server.port) + "Transfer-Encoding: chunked\r\n\r\n"
    block = b"100000\r\n" + b" " * 2**20 + b"\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as line:
        line.sendall(head.encode())
        sent = 0
        try:
            while sent < 200:
                line.sendall(block)
                sent += 1
        except (BrokenPipeError, ConnectionResetError):
            pass

    assert sent < 200
    with server.http() as http:
        assert 1000 == http.get("/api/v1/chat/credit").json()["data"]


def test_a_head_that_trickles_in_is_given_up():
    """Header bytes that never end do not hold a place for ever (slow loris)."""
    protocol = serving_module._punctual_protocol()
    with listen("127.0.0.1", 0) as taken:
        assert closes_after_the_deadline(protocol, taken)


def closes_after_the_deadline(protocol, taken) -> bool:
    """Serve one connection with a deadline of nothing, and see it hang up on half a request line."""
    import asyncio

    import uvicorn

    async def main() -> bool:
        config = uvicorn.Config(lambda *_: None, http=protocol, ws="none", lifespan="off", log_config=None)
        config.load()
        server = uvicorn.Server(config)
        made = await asyncio.get_running_loop().create_server(
            lambda: protocol(config=config, server_state=server.server_state, app_state={}), sock=taken
        )
        async with made:
            reader, writer = await asyncio.open_connection(*taken.getsockname()[:2])
            writer.write(b"GET / HT")
            await writer.drain()
            ended = await asyncio.wait_for(reader.read(), 20)
            writer.close()
            return ended == b""

    before = serving_module.HEADER_SECONDS
    serving_module.HEADER_SECONDS = 0.05
    try:
        return asyncio.run(main())
    finally:
        serving_module.HEADER_SECONDS = before


def test_a_body_that_trickles_in_is_given_up():
    """A minute for a whole body; here, nothing."""
    import asyncio

    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    async def read(request: Request) -> Response:
        return Response(await request.body())

    async def never() -> dict[str, object]:
        await asyncio.Event().wait()
        return {}

    said = []

    async def send(message) -> None:
        said.append(message)

    gate = Gate(Starlette(routes=[Route("/", read, methods=["POST"])]), 80, body_seconds=0.01)
    scope = {"type": "http", "method": "POST", "path": "/", "raw_path": b"/", "query_string": b"", "headers": [(b"host", b"localhost")], "root_path": ""}
    asyncio.run(gate(scope, never, send))

    assert 408 == said[0]["status"]
