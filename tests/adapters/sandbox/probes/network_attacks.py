"""Attacks over sockets, each a function; run inside a sandbox as `python network_attacks.py NAME ARGUMENT...`."""

import socket
import sys


def connect(port: str) -> None:
    socket.create_connection(("127.0.0.1", int(port)), timeout=2).close()
    _say("escaped")


def ask_name_server(port: str, token: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.sendto(token.encode(), ("127.0.0.1", int(port)))


def listen(port: str) -> None:
    with socket.create_server(("127.0.0.1", int(port))) as server:
        server.settimeout(0.5)
        server.accept()
        _say("escaped")


def connect_to_path(path: str) -> None:
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(path)
        _say("escaped")


def connect_to_abstract(name: str) -> None:
    connect_to_path("\0" + name)


def send_from_pair(path: str, token: str) -> None:
    mine, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with mine, other:
        mine.sendto(token.encode(), path)


def ask_agent(path: str) -> None:
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(path)
        client.sendall(b"\0\0\0\1\x0b")  # SSH_AGENTC_REQUEST_IDENTITIES
        if client.recv(5)[4:] == b"\x0c":  # SSH_AGENT_IDENTITIES_ANSWER: who is told of keys may have them sign
            _say("escaped")


def _say(what: object) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _say("trying")
    globals()[sys.argv[1]](*sys.argv[2:])
