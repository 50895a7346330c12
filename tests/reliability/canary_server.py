"""A provider on loopback that does what a canary hates: it quotes what it was sent, and sends people elsewhere.

It speaks RunComfy's protocol. What it does is chosen by the name of the input picture, so one server serves every
scenario: `ok`, `refuse` (400 quoting link and token), `fail` (accepted, then failed, quoting), `note` (a result whose
note quotes), `move` (the order is redirected), `wander` (the status is), `elsewhere` (the result lies on another port).
"""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, urlsplit

from ipydarkroom.testing import tiny_png

__all__ = ["SCENARIOS", "Provider"]

SCENARIOS = ("ok", "refuse", "fail", "note", "move", "wander", "elsewhere")


class Provider:
    """A server on a free loopback port; `requests` holds each as (method, path, headers, body)."""

    def __init__(self, elsewhere: str = "") -> None:
        self.requests: list[tuple[str, str, dict[str, str], str]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self, elsewhere))
        self._server.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        self.links: dict[str, str] = {}

    def heard(self, text: str) -> int:
        """In how many requests a text stood, anywhere."""
        return sum(text in json.dumps(request) for request in self.requests)

    def close(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


def _handler(provider: Provider, elsewhere: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            return

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            provider.requests.append(("POST", self.path, dict(self.headers), body))
            link = next(iter(re.findall(r"https://bucket[^\"\\]*", body)), "")
            scenario = next((name for name in SCENARIOS if f"/{name}.png" in link), "ok")
            provider.links[scenario] = link
            if scenario == "move":
                self._send(302, b"", {"Location": f"{elsewhere}/taken"})
            elif scenario == "refuse":
                self._say({"error_message": self._gossip(link), "error_code": 400000}, 400)
            else:
                self._say({"request_id": f"{scenario}-{len(provider.requests)}", "status_url": f"{elsewhere}/status"})

        def do_GET(self) -> None:
            provider.requests.append(("GET", self.path, dict(self.headers), ""))
            parts = urlsplit(self.path)
            found = re.match(r"/v1/requests/([a-z]+)-\d+/(status|result)", parts.path)
            if parts.path == "/made.png":
                self._send(200, tiny_png(), {"Content-Type": "image/png"})
            elif found is None:
                self._send(404, b"{}", {})
            elif found[1] == "wander":
                self._send(302, b"", {"Location": f"{elsewhere}/status?{self.headers.get('Authorization')}"})
            elif found[2] == "status":
                self._say({"status": "completed", "status_url": f"{elsewhere}/status"})
            else:
                self._say(self._result(found[1]))

        def _result(self, scenario: str) -> dict[str, object]:
            said = self._gossip(provider.links.get(scenario, ""))
            if scenario == "fail":
                return {"status": "failed", "error": said}
            host = elsewhere if scenario == "elsewhere" else provider.origin
            note = {"note": said} if scenario == "note" else {}
            return {"status": "succeeded", "output": [f"{host}/made.png?X-Amz-Signature=resultsig0f00d"], **note}

        def _gossip(self, link: str) -> str:
            """Link and token in the shapes servers repeat them."""
            query = urlsplit(link).query
            held = self.headers.get("Authorization", "")
            return f"cannot read {link} ({quote(link, safe='')}): {query.split('&')[0]} does not match; you sent {held}"

        def _say(self, document: object, status: int = 200) -> None:
            told = {"X-Echo": self.headers.get("Authorization", ""), "Content-Type": "application/json"}
            self._send(status, json.dumps(document).encode(), told)

        def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), "Connection": "close", **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    return Handler
