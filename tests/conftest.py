"""What several rooms of tests share."""

import socket
from pathlib import Path

import pytest

from authentic_outreach.datasets import load_corpus

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def samples(root):
    return root / "data" / "samples"


@pytest.fixture(scope="session")
def corpus():
    return load_corpus(ROOT / "data")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch, request):
    """Nothing calls the network: a connection to anywhere but this machine fails the test."""
    connect = socket.socket.connect

    def refuse(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1"):
            raise AssertionError(f"a test tried to reach {address}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", refuse)
