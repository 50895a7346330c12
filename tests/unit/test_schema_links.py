"""Links that a provider's server would be asked to fetch."""

from __future__ import annotations

import pytest

from ipydarkroom.schema import check, read_schema
from ipydarkroom.schema.links import judge_link
from ipydarkroom.wire import Blob

ROOT = read_schema({"type": "object", "properties": {"image": {"type": "string"}}, "required": ["image"]}).root


@pytest.mark.parametrize(
    "host",
    [
        "localhost", "LOCALHOST.", "a.localhost", "127.1", "0", "0.0.0.0", "10.0.0.8", "172.16.3.4", "192.168.1.1",
        "100.64.0.1", "169.254.169.254", "metadata.google.internal", "metadata", "2852039166", "0xa9fea9fe",
        "0251.0376.0251.0376", "0x7f.0.0.1", "[::1]", "[::]", "[fe80::1]", "[fe80::1%25eth0]", "[fd00:ec2::254]",
        "[::ffff:127.0.0.1]", "[::ffff:a9fe:a9fe]", "[::7f00:1]", "[2002:7f00:1::]", "[64:ff9b::a00:1]",
        "[2001:db8::1]", "224.0.0.1", "255.255.255.255", "１２７.0.0.1", "127。0。0。1", "ⓛocalhost", "printer", "nas.lan",
        "router.home.arpa",
    ],
)
def test_an_address_inside_somebodys_walls_is_refused_however_it_is_spelt(host):
    """Decimal, hexadecimal, octal, short, inside IPv6, in full-width letters: it is the same address."""
    assert "link_private" == judge_link(f"https://{host}/a.png")


@pytest.mark.parametrize(
    "link",
    [
        "https://example.org", "HTTPS://Example.Org:443/a?b=1#c", "https://8.8.8.8/a.png", "https://[2606:4700::1111]/a.png",
        "https://münchen.example.org/ä.png", "https://a_b.example.org/", "data:image/png;base64,AAAA", " https://example.org/a.png ",
        "https://example.org/localhost/127.0.0.1", "https://xn--mnchen-3ya.example/",
    ],
)
def test_a_public_link_passes(link):
    """Whatever stands in its path."""
    assert judge_link(link) is None


@pytest.mark.parametrize(
    ("link", "code"),
    [
        ("http://example.org/", "link_scheme"), ("s3://bucket/a", "link_scheme"), ("javascript:alert(1)", "link_scheme"),
        ("blob:https://example.org/1", "link_scheme"), ("//example.org/a.png", "link_invalid"), ("example", "link_invalid"),
        ("https:///a.png", "link_invalid"), ("https://example.org:99999/", "link_invalid"), ("https://1.2.3.4.5/", "link_invalid"),
        ("https://256.256.256.256/", "link_invalid"), ("https://%31%32%37.0.0.1/", "link_invalid"), ("data:nothing", "link_invalid"),
        ("https://example.org\\@localhost/", "link_invalid"), ("https://exam\tple.org/", "link_invalid"),
        ("https://token@example.org/", "link_login"), ("https://:pass@example.org/", "link_login"),
    ],
)
def test_anything_else_is_refused_with_its_reason(link, code):
    """A code, for a sentence in the reader's language."""
    assert code == judge_link(link)


@pytest.mark.parametrize("given", ["photo.jpg", r"C:\photos\a.png", "~/a.png", b"bytes", Blob(b"", "a.png", "image/png"), object()])
def test_a_file_is_not_judged_here(given):
    """A path, bytes or a picture is read later, where its limits are checked too."""
    assert () == check(ROOT, (), {"image": given})


@pytest.mark.parametrize("given", [7, True, ["https://example.org/a.png"], {"url": "https://example.org/a.png"}])
def test_what_can_be_no_file_is_a_type_problem(given):
    """Numbers, lists and objects stand for no file."""
    assert ["type"] == [problem.code for problem in check(ROOT, (), {"image": given})]


def test_the_sentence_about_a_scheme_can_name_it():
    """The scheme is among the parameters, cut short."""
    [problem] = check(ROOT, (), {"image": "ftp://example.org/a.png"})

    assert ("link_scheme", {"scheme": "ftp"}, True) == (problem.code, problem.params, problem.blocking)
