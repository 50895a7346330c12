"""A link is asked before it is used: HEAD, the first bytes where they tell more, and the same rules as for downloads."""

from __future__ import annotations

import asyncio
import io
import os
import tempfile
from datetime import UTC, datetime

import pytest
from PIL import Image
from web import HOST, Web, https_server

from ipydarkroom.client import AsyncClient
from ipydarkroom.errors import InputError, NoAnswer, NotSent, SpendingForbidden
from ipydarkroom.fields import Measure, Media
from ipydarkroom.languages import say
from ipydarkroom.settings import load
from ipydarkroom.sync import Client
from ipydarkroom.testing import tiny_png

PICTURE = Media("image")
PNG = tiny_png(64, 48)


def head(status="200 OK", *headers):
    """A script that answers HEAD: headers, and no body."""
    lines = [f"HTTP/1.1 {status}", "Connection: close", *headers, "", ""]

    async def script(_, writer):
        writer.write("\r\n".join(lines).encode())
        await writer.drain()

    return script


def check(faults, *scripts, media=PICTURE, link="https://files.example:{port}/a.png", web=None, environment=None):
    """Check one link through a client's own transport; returns what it found (or the error) and the server."""

    async def whole(home):
        told = {"IPYDARKROOM_HTTP": os.environ.get("IPYDARKROOM_HTTP", ""), "IPYDARKROOM_HOME": home, **(environment or {})}
        async with AsyncClient(settings=load(told)) as client, https_server(faults, *scripts) as server:
            client._transport._network = (web or Web()).network()
            try:
                return await client.check_link(link.replace("{port}", str(server.port)), media), server
            except (InputError, NoAnswer, SpendingForbidden) as error:
                return error, server

    with tempfile.TemporaryDirectory() as home:
        return asyncio.run(whole(home))


def methods(server):
    """What was asked, in order."""
    return [request.split(b" ")[0] for request in server.requests]


def test_a_picture_is_there_and_tells_its_size(faults):
    """Type and measures from the bytes, whatever the server claims; the whole size from `Content-Range`."""
    found, server = check(
        faults, head("200 OK", "Content-Type: image/jpeg", "Content-Length: 9999"),
        faults.says(PNG, status="206 Partial Content", headers=("Content-Type: image/jpeg", "Content-Range: bytes 0-65535/9999")),
    )

    assert (True, True) == (found.reachable, found.fits)
    assert ("image/png", 9999, 64, 48, None) == (found.mime, found.size, found.width, found.height, found.expires)
    assert HOST == found.host
    assert [b"HEAD", b"GET"] == methods(server)
    assert b"range: bytes=0-65535\r\n" in server.requests[1].lower()


def test_for_any_file_head_is_enough(faults):
    """Nothing of the body is asked for."""
    found, server = check(faults, head("200 OK", "Content-Type: application/zip", "Content-Length: 123"), media="file")

    assert (True, "application/zip", 123) == (found.reachable, found.mime, found.size)
    assert [b"HEAD"] == methods(server)


@pytest.mark.parametrize("refusal", ["403 Forbidden", "405 Method Not Allowed", "404 Not Found", "501 Not Implemented"])
def test_a_server_that_refuses_head_is_asked_for_the_first_bytes(faults, refusal):
    """A link signed for GET answers nothing else."""
    found, _ = check(faults, head(refusal, "Content-Length: 0"), faults.says(PNG))

    assert (True, len(PNG), 64) == (found.reachable, found.size, found.width)


def test_no_more_is_read_than_the_first_bytes(faults):
    """A server that knows no ranges sends all; we hang up."""
    large = PNG + bytes(5_000_000)
    found, _ = check(faults, head(), faults.says(large))

    assert (len(large), 64) == (found.size, found.width)


def test_no_credential_and_no_cookie_travels(faults):
    """A link is a stranger's, also where a token is known."""
    _, server = check(faults, head("200 OK", "Set-Cookie: a=b"), faults.says(PNG), environment={"KIE_API_KEY": "canary-88"})

    assert not [request for request in server.requests if b"canary" in request or b"authorization" in request.lower() or b"cookie" in request.lower()]


@pytest.mark.parametrize(("status", "code"), [
    ("404 Not Found", "link_gone"), ("410 Gone", "link_gone"), ("403 Forbidden", "link_refused"), ("401 Unauthorized", "link_refused"),
    ("500 Oops", "link_status"), ("429 Slowly", "link_status"),
])
def test_what_a_server_says_instead_of_the_file_is_a_problem(faults, status, code):
    """Both questions were answered so."""
    found, _ = check(faults, head(status), faults.says(b"sorry", status=status))
    [problem] = found.problems

    assert (False, False, "", None) == (found.reachable, found.fits, found.mime, found.size)
    assert (code, {"host": HOST, "status": int(status[:3])}) == (problem.code, problem.params)
    assert HOST in say(f"problem.{code}", language="ja", **problem.params)


def test_a_web_page_is_no_file(faults):
    """A login page, a viewer, a share link of a cloud disk: status 200 and nothing to be used."""
    page = b"<!DOCTYPE html><html><title>Sign in</title></html>"
    found, _ = check(faults, head(), faults.says(page, headers=("Content-Type: image/png",)))

    assert (False, "text/html", ["link_page"]) == (found.reachable, found.mime, [problem.code for problem in found.problems])


def test_the_field_says_what_it_takes(faults):
    """Kind, type and pixels by the first bytes, the size by what the server says; there, but not of use here."""
    media = Media("image", max_bytes=100, mimes=("image/jpeg",), measures=(Measure("width", least=512),))
    wrong_type, _ = check(faults, head(), faults.says(PNG), media=media)
    small = Media("image", max_bytes=100, measures=(Measure("width", least=512),))
    too_much, _ = check(faults, head(), faults.says(PNG), media=small)
    not_a_film, _ = check(faults, head(), faults.says(PNG), media="video")

    assert ["file_mime", "link_too_large"] == [problem.code for problem in wrong_type.problems]
    assert ["file_width", "link_too_large"] == [problem.code for problem in too_much.problems]
    assert ["file_kind"] == [problem.code for problem in not_a_film.problems]
    assert (True, False) == (wrong_type.reachable, wrong_type.fits)


def test_a_turned_photograph_is_measured_as_it_is_shown(faults):
    """EXIF says which side is up."""
    photo = Image.new("RGB", (40, 30))
    exif, file = Image.Exif(), io.BytesIO()
    exif[0x0112] = 6
    photo.save(file, "JPEG", exif=exif)
    found, _ = check(faults, head(), faults.says(file.getvalue()))

    assert (30, 40, "image/jpeg") == (found.width, found.height, found.mime)


def test_every_redirect_is_judged(faults):
    """A public link that leads into a private network is not followed, and the sentence says so."""

    async def moved(_, writer):
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: https://inside.example/a.png\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()

    web = Web({HOST: ["127.0.0.1"], "inside.example": ["10.0.0.1"]}, private=("10.0.0.1",))
    error, server = check(faults, moved, web=web)

    assert isinstance(error, NoAnswer)
    assert ("error.private_network", 1) == (error.key, len(server.requests))
    assert "inside.example" in str(error)


@pytest.mark.parametrize(("link", "code"), [
    ("http://files.example/a.png", "link_scheme"), ("https://10.0.0.1/a.png", "link_private"), ("https://localhost/a.png", "link_private"),
    ("https://me:pw@files.example/a.png", "link_login"), ("data:image/png;base64,AAAA", "link_invalid"), ("picture.png", "link_invalid"),
    ("https://169.254.169.254/latest", "link_private"), ("https://2130706433/", "link_private"), ("", "link_invalid"),
])
def test_what_is_no_public_link_is_not_asked(faults, link, code):
    """By the rule that a form keeps for links; nothing leaves."""
    error, server = check(faults, faults.says(PNG), link=link)

    assert isinstance(error, InputError)
    assert f"problem.{code}" == error.key
    assert [] == server.requests


def test_kept_on_this_machine_no_foreign_host_is_asked(faults):
    """IPYDARKROOM_LOCAL=1 is a lock; not even the name is looked up."""
    web = Web()
    error, server = check(faults, faults.says(PNG), web=web, environment={"IPYDARKROOM_LOCAL": "1"})

    assert isinstance(error, SpendingForbidden)
    assert ("error.link_local_only", HOST) == (error.key, error.params["host"])
    assert [] == server.requests == web.asked


def test_spending_switched_off_leaves_links_alone(faults):
    """To ask a link costs nothing, and goes to no provider with a token."""
    found, _ = check(faults, head(), faults.says(PNG), environment={"IPYDARKROOM_SPENDING": "off"})

    assert found.reachable


def test_a_host_that_is_not_there_is_said(faults):
    """The name is not known: the link is misspelt, or the network is gone."""
    error, _ = check(faults, faults.says(PNG), link="https://nowhere.example/a.png")

    assert isinstance(error, NotSent)
    assert ("error.link_not_reached", "nowhere.example") == (error.key, error.params["host"])


def test_a_server_that_hangs_up_is_said(faults):
    """It was reached, and nothing usable came."""
    error, _ = check(faults, faults.sends_raw(b""))

    assert ("error.link_no_answer", True) == (error.key, isinstance(error, NoAnswer) and not isinstance(error, NotSent))


@pytest.mark.parametrize(("query", "ends"), [
    ("X-Amz-Date=20260101T000000Z&X-Amz-Expires=3600&X-Amz-Signature=x", datetime(2026, 1, 1, 1, tzinfo=UTC)),
    ("X-Goog-Date=20260101T000000Z&X-Goog-Expires=60", datetime(2026, 1, 1, 0, 1, tzinfo=UTC)),
    ("Expires=1767225600&Signature=x&Key-Pair-Id=y", datetime(2026, 1, 1, tzinfo=UTC)),
    ("sv=2024&se=2026-01-01T00%3A00%3A00Z&sig=x", datetime(2026, 1, 1, tzinfo=UTC)),
    ("X-Amz-Date=soon&X-Amz-Expires=3600", None), ("Expires=1767225600", None), ("Expires=9e99&Signature=x", None), ("", None),
])
def test_a_signed_link_says_when_it_ends(faults, query, ends):
    """By the words of the clouds that sign; what is not understood is not guessed."""
    found, _ = check(faults, head(), faults.says(PNG), link="https://files.example:{port}/a.png?" + query)

    assert ends == found.expires


def test_the_waiting_client_asks_the_same(faults, tmp_path):
    """And refuses what is no kind of file."""
    client = Client(settings=load({"IPYDARKROOM_HOME": str(tmp_path), "IPYDARKROOM_LOCAL": "1"}))
    with client:
        with pytest.raises(SpendingForbidden):
            client.check_link("https://files.example/a.png", "image")
        with pytest.raises(InputError, match="media="):
            client.check_link("https://files.example/a.png", "painting")
        with pytest.raises(InputError):
            client.check_link(None)
