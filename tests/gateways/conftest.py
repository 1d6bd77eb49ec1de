"""What the tests of gateways share: a certificate authority, and no thread left behind."""

import ssl
import threading
from collections.abc import Iterator

import pytest
import trustme

from tests.support.world.waiting import PATIENCE_SECONDS


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """A certificate authority that only these tests know."""
    return trustme.CA()


@pytest.fixture(scope="session")
def trusting(authority: trustme.CA) -> ssl.SSLContext:
    """The TLS context of a client that trusts only this authority."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.fixture
def server_tls(authority: trustme.CA) -> ssl.SSLContext:
    """The TLS context of a server that proves to be localhost."""
    return server_context(authority.issue_cert("localhost", "127.0.0.1"))


@pytest.fixture(autouse=True)
def _nobody_goes_on_talking() -> Iterator[None]:
    yield
    wait_until_nobody_talks()


def wait_until_nobody_talks() -> None:
    """Wait for the end of abandoned connections, so that their threads do not pile up."""
    for thread in threading.enumerate():
        if thread.name == "talk":
            thread.join(PATIENCE_SECONDS)
            assert not thread.is_alive(), "a connection that was given up goes on"


def server_context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    """The TLS context of a server with this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context
