"""Ports that tests reserve: no other program of this machine gets them."""

import socket

import pytest

from tests.support.world.ports import reserved_port


def bound(port: int, *, reuses: bool) -> socket.socket:
    taken = socket.socket()
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, int(reuses))
    try:
        taken.bind(("127.0.0.1", port))
    except OSError:
        taken.close()
        raise
    return taken


def test_a_reserved_port_is_given_to_nobody_else() -> None:
    with reserved_port() as port:
        with pytest.raises(OSError, match="Address already in use"):
            bound(port, reuses=False)
        with reserved_port() as another:
            assert another != port


def test_a_server_that_is_told_its_number_can_listen_and_come_back() -> None:
    with reserved_port() as port:
        for _ in range(2):
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", port))
            with bound(port, reuses=True) as server:
                server.listen()
                socket.create_connection(("127.0.0.1", port)).close()
                with pytest.raises(OSError, match="Address already in use"):
                    bound(port, reuses=True)


def test_a_port_that_a_server_left_stays_reserved() -> None:
    with reserved_port() as port:
        with bound(port, reuses=True) as server:
            server.listen()
        with pytest.raises(OSError, match="Address already in use"):
            bound(port, reuses=False)
