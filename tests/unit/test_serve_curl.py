"""The curl lines of documentation pages, run with curl against `ipydarkroom serve`: base URL, token and id are replaced.

The pages are the seed pages beside this checkout, read and not kept.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from ipydarkroom.images import decode
from serving import served

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
PAGES = sorted(SEEDS.glob("*.txt"))
HOSTS = ("https://model-api.runcomfy.net", "https://api.kie.ai")

pytestmark = [
    pytest.mark.skipif(not PAGES, reason="the seed pages are not beside this checkout"),
    pytest.mark.skipif(not (shutil.which("curl") and shutil.which("bash")), reason="there is no curl or no bash here"),
]

@dataclass
class Answer:
    """What one curl line printed: the HTTP status and the JSON."""

    status: int
    body: dict[str, object]


@pytest.fixture(scope="module")
def server():
    """One server for all pages."""
    with served() as running:
        yield running


def curl_lines(page: str) -> list[str]:
    """Every curl command of a page, in order, cut at its own end."""
    return [page[found.start(1) : _end(page, found.start(1))] for found in re.finditer(r"^[ \t]*(curl) ", page, re.M)]


def _end(page: str, at: int) -> int:
    """Where a command ends: at a line's end without a backslash, or where a stripped page glues prose to a closing quote."""
    while at < len(page) and page[at] != "\n":
        if page[at] in "'\"":
            at = page.index(page[at], at + 1) + 1
            if at < len(page) and page[at] not in " \t\n\\":
                break
        else:
            at += 2 if page[at] == "\\" else 1
    return at


def run(line: str, server, remote_id: str = "") -> Answer:
    """Run a page's line as bash would, with nothing but the base URL, the token and the request's id replaced."""
    for host in HOSTS:
        line = line.replace(host, server.origin)
    line = line.replace("<token>", server.token).replace("{request_id}", remote_id)
    done = subprocess.run(
        ["bash", "-c", line + r" --silent --show-error --noproxy '*' --write-out '\n%{http_code}'"],
        capture_output=True, text=True, timeout=60, check=True,
    )
    body, _, status = done.stdout.rpartition("\n")
    return Answer(int(status), json.loads(body))


def until_ended(ask, key: str, *, going: frozenset[str]) -> Answer:
    """Ask again as long as a job is on its way."""
    deadline = time.monotonic() + 60
    while (answer := ask()).body[key] in going:
        assert time.monotonic() < deadline
    return answer


def pictures_at(links: list[str], server) -> list[tuple[int, int]]:
    """Fetch each link with curl and decode what comes; the sizes."""
    sizes = []
    for link in links:
        assert link.startswith(server.origin)
        fetched = subprocess.run(["curl", "--silent", "--fail", "--noproxy", "*", link], capture_output=True, timeout=60, check=True)
        sizes.append(decode(fetched.stdout).size)
    return sizes


def request_line(line: str) -> tuple[str, str]:
    """The method and the path a command asks for."""
    method = re.search(r"--request (\w+)", line)[1]
    return method, re.search(r"https://[^/\s]+(/\S*)", line)[1]


def test_the_lines_of_every_page_are_found_whole():
    """Five of a RunComfy page (the quick start, submit, status, result, cancel), one of Kie's."""
    for page in PAGES:
        lines = curl_lines(page.read_text(encoding="utf-8"))

        assert len(lines) in (1, 5), page.name
        assert all(line.count("'") % 2 == 0 and line.count('"') % 2 == 0 for line in lines), page.name
        assert all(any(host in line for host in HOSTS) and "<token>" in line for line in lines), page.name


@pytest.mark.parametrize("page", [page for page in PAGES if HOSTS[0] in page.read_text(encoding="utf-8")], ids=lambda page: page.stem)
def test_the_lines_of_a_runcomfy_page_work_as_printed(page, server):
    """Submit answers a request id, status a word of its own, result a picture; cancel is answered with 202."""
    quick, submit, status, result, cancel = curl_lines(page.read_text(encoding="utf-8"))
    assert [("GET", "status"), ("GET", "result"), ("POST", "cancel")] == [
        (method, path.rpartition("/")[2]) for method, path in map(request_line, (status, result, cancel))
    ]

    for first in (quick, submit):
        taken = run(first, server)
        remote_id = taken.body["request_id"]
        told = run(status, server, remote_id)
        ended = until_ended(lambda: run(result, server, remote_id), "status", going=frozenset({"in_queue", "in_progress"}))
        output = ended.body["output"]
        links = output["images"] if "images" in output else [output["image"]]

        assert 200 == taken.status
        assert {f"{server.origin}/v1/requests/{remote_id}/{name}" for name in ("status", "result", "cancel")} == {
            taken.body[f"{name}_url"] for name in ("status", "result", "cancel")
        }
        assert (200, remote_id) == (told.status, told.body["request_id"])
        assert told.body["status"] in ("in_queue", "in_progress", "completed")
        assert "queue_position" in told.body or told.body["status"] != "in_queue"
        assert (200, "succeeded") == (ended.status, ended.body["status"])
        assert all(side >= 512 for size in pictures_at(links, server) for side in size)
        assert "completed" == run(status, server, remote_id).body["status"]
        assert ('"image": ""' in first) == ("stand-in" in ended.body.get("note", ""))
        assert (202, "not_cancellable") == ((over := run(cancel, server, remote_id)).status, over.body["outcome"])


@pytest.mark.parametrize("page", [page for page in PAGES if HOSTS[0] in page.read_text(encoding="utf-8")][:1], ids=lambda page: page.stem)
def test_the_cancel_line_stops_what_still_waits(page, server):
    """Only a queued request can be stopped: so there is a line of them."""
    _, submit, status, _, cancel = curl_lines(page.read_text(encoding="utf-8"))
    ids = [run(submit, server).body["request_id"] for _ in range(12)]
    stopped = run(cancel, server, ids[-1])

    assert (202, "cancelled", ids[-1]) == (stopped.status, stopped.body["outcome"], stopped.body["request_id"])
    assert "cancelled" == run(status, server, ids[-1]).body["status"]
    for remote_id in ids[:-1]:
        run(cancel, server, remote_id)


@pytest.mark.parametrize("page", [page for page in PAGES if HOSTS[1] in page.read_text(encoding="utf-8")], ids=lambda page: page.stem)
def test_the_line_of_a_kie_page_works_as_printed(page, server):
    """`code` 200 and a task id; the page's status call, made with the same header, ends in success with pictures."""
    [create] = curl_lines(page.read_text(encoding="utf-8"))
    taken = run(create, server)
    task_id = taken.body["data"]["taskId"]
    record = f"curl --url '{HOSTS[1]}/api/v1/jobs/recordInfo?taskId={task_id}' --header 'Authorization: Bearer <token>'"

    def state() -> Answer:
        answer = run(record, server)
        return Answer(answer.status, answer.body["data"])

    ended = until_ended(state, "state", going=frozenset({"waiting", "queuing", "generating"}))

    assert (200, 200, "success") == (taken.status, taken.body["code"], taken.body["msg"])
    assert ("success", task_id) == (ended.body["state"], ended.body["taskId"])
    assert "stand-in" in ended.body["note"]  # the page's own example picture is elsewhere, and nothing is fetched
    assert [(1024, 1024)] == pictures_at(json.loads(ended.body["resultJson"])["resultUrls"], server)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_same_line_with_a_wrong_token_is_the_documented_error(page, server):
    """RunComfy says it as HTTP 400 with a code of its own, Kie as a code inside HTTP 200."""
    line = curl_lines(page.read_text(encoding="utf-8"))[0].replace("<token>", "not-the-token")
    answer = run(line, server)

    assert (answer.status, answer.body.get("error_code"), answer.body.get("code")) in ((400, 400004, None), (200, None, 401))


def test_the_line_that_serve_prints_works_as_printed(server):
    """It is made for copying."""
    line = next(found for found in curl_lines(server.printed) if server.origin in found)

    assert re.fullmatch(r"[0-9a-f-]{36}", run(line, server).body["request_id"])
