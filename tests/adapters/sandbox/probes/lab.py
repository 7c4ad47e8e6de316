"""What the attacks are after: secrets, servers and a victim, planted around the folder that a sandbox is given."""

import ctypes
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ORIGINAL = "original\n"
VARIABLE = "LAB_VARIABLE"


@dataclass(frozen=True)
class Lab:
    """Where everything was planted."""

    folder: Path  # what the sandbox gets
    readable: Path  # a folder it may read, whose file everybody may write to
    secret: Path  # a file of the invoking user, which holds the token
    at_home: Path  # another one, in the home directory
    outside: Path  # a file that everybody may write to
    token: str
    victim: subprocess.Popen[bytes]  # a process of the invoking user, with the token in its environment
    name: str  # an argument by which processes are found again
    server: socket.socket  # TCP
    name_server: socket.socket  # UDP
    at_path: socket.socket  # AF_UNIX
    abstract: socket.socket  # AF_UNIX
    datagrams: socket.socket  # AF_UNIX
    agent: str  # the address of an ssh-agent of the invoking user; empty where OpenSSH is not installed
    free_port: int

    @property
    def shared(self) -> Path:
        """Give the file in the folder that is another name of the one outside."""
        return self.folder / "shared"

    @property
    def handle(self) -> str:
        """Give what a file system knows the secret by, which an attacker would guess."""
        handle = (ctypes.c_uint32 * 34)(128)  # struct file_handle: size, type, 128 bytes
        ctypes.CDLL(None).name_to_handle_at(-100, bytes(self.secret), handle, ctypes.byref(ctypes.c_int()), 0)
        return bytes(handle).hex()

    def port(self, server: socket.socket) -> str:
        """Give a server's port as an argument."""
        return str(server.getsockname()[1])


@contextmanager
def planted() -> Iterator[Lab]:
    """Plant a lab, and remove it with all that an attack left behind."""
    with ExitStack() as stack:
        top = Path(tempfile.mkdtemp(prefix="lab-"))
        stack.callback(lambda: subprocess.run(["rm", "-rf", top], check=True))
        token = secrets.token_hex(16)
        name = f"30.{secrets.randbits(60)}"
        stack.callback(_kill_named, name)
        at_home = Path.home() / f"lab-{token}"
        stack.callback(at_home.unlink, missing_ok=True)
        lab = Lab(
            folder=_folder(top / "work"),
            readable=_folder(top / "readable"),
            secret=top / "secret",
            at_home=at_home,
            outside=top / "outside",
            token=token,
            victim=stack.enter_context(subprocess.Popen(["sleep", "60"], env={"SECRET": token})),
            name=name,
            server=stack.enter_context(socket.create_server(("127.0.0.1", 0))),
            name_server=stack.enter_context(_bound(socket.SOCK_DGRAM, ("127.0.0.1", 0))),
            at_path=stack.enter_context(_bound(socket.SOCK_STREAM, str(top / "socket"))),
            abstract=stack.enter_context(_bound(socket.SOCK_STREAM, "\0" + token)),
            datagrams=stack.enter_context(_bound(socket.SOCK_DGRAM, str(top / "datagrams"))),
            agent=stack.enter_context(_agent(top / "agent")) if shutil.which("ssh-agent") else "",
            free_port=_free_port(),
        )
        stack.callback(lab.victim.kill)
        _fill(lab)
        os.environ[VARIABLE] = token
        stack.callback(os.environ.pop, VARIABLE)
        leaked = os.open(lab.secret, os.O_RDONLY)
        os.set_inheritable(leaked, True)  # noqa: FBT003
        stack.callback(os.close, leaked)
        yield lab


@contextmanager
def visitor(port: int) -> Iterator[None]:
    """Knock at a port of this machine for as long as the context lasts."""
    done = threading.Event()

    def knock() -> None:
        while not done.wait(0.02):
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", port), timeout=1).close()

    thread = threading.Thread(target=knock)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def running(name: str) -> list[int]:
    """Give the processes that have an argument."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if name.encode() in path.read_bytes().split(b"\0"):
                found.append(int(path.parent.name))
    return found


def heard(server: socket.socket, token: str) -> bool:
    """Tell whether a datagram with the token has arrived."""
    server.setblocking(False)  # noqa: FBT003
    try:
        return server.recv(100) == token.encode()
    except BlockingIOError:
        return False


def _fill(lab: Lab) -> None:
    for path in (lab.secret, lab.at_home):
        path.write_text(lab.token)
    for path in (lab.outside, lab.readable / "file"):
        path.write_text(ORIGINAL)
        path.chmod(0o666)
    lab.shared.hardlink_to(lab.outside)


def _folder(path: Path) -> Path:
    path.mkdir()
    path.chmod(0o777)
    return path


def _bound(kind: int, address: str | tuple[str, int]) -> socket.socket:
    server = socket.socket(socket.AF_INET if isinstance(address, tuple) else socket.AF_UNIX, kind)
    server.bind(address)
    if kind == socket.SOCK_STREAM:
        server.listen()
    return server


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def _agent(address: Path) -> Iterator[str]:
    with subprocess.Popen(["ssh-agent", "-D", "-a", address], stdout=subprocess.PIPE) as agent:
        assert agent.stdout
        agent.stdout.readline()  # it says so once it listens
        try:
            yield str(address)
        finally:
            agent.terminate()


def _kill_named(name: str) -> None:
    for pid in running(name):
        with suppress(ProcessLookupError):
            os.kill(pid, 9)
