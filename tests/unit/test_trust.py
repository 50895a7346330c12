"""Whose certificates are believed: the HTTP package's own answer, read once per process."""

from __future__ import annotations

import importlib
import os
import ssl

import pytest

from ipydarkroom.trust import local_trust, public_trust

HTTP = importlib.import_module(os.environ.get("IPYDARKROOM_HTTP") or "httpx")


def test_every_client_of_a_process_shares_what_was_read():
    """Reading the authorities again for each door takes longer than a job."""
    assert public_trust(HTTP) is public_trust(HTTP)


def test_the_package_itself_says_who_is_trusted():
    """The same authorities as without us, and the same demands."""
    own, ours = HTTP.create_ssl_context(), public_trust(HTTP)

    assert (own.cert_store_stats(), own.verify_mode, own.check_hostname) == (ours.cert_store_stats(), ours.verify_mode, ours.check_hostname)


def test_a_file_of_certificates_named_by_the_environment_is_heeded(tmp_path, monkeypatch):
    """SSL_CERT_FILE, as set behind a firm's proxy, also when it is set after the first client was made."""
    usual = public_trust(HTTP)
    (tmp_path / "firm.pem").write_text("")
    with monkeypatch.context() as firm, pytest.raises(ssl.SSLError):  # an empty file: proof that it was read
        firm.setenv("SSL_CERT_FILE", str(tmp_path / "firm.pem"))
        public_trust(HTTP)

    assert usual is public_trust(HTTP)


@pytest.mark.parametrize(("origins", "usual"), [(["http://127.0.0.1:9"], False), (["https://127.0.0.1:9"], True), ([], False)])
def test_a_door_to_this_machine_reads_authorities_only_where_it_needs_them(origins, usual):
    """Without TLS nobody is trusted, so that a mistake fails instead of trusting everybody."""
    trust = local_trust(origins)

    if usual:
        assert trust is True
    else:
        assert (0, ssl.CERT_REQUIRED, True) == (trust.cert_store_stats()["x509"], trust.verify_mode, trust.check_hostname)
