"""What git signs with in tests: a stand-in that needs nothing, and those real programs that this machine has.

A signer is configured for every repository of a test at once, in the file that GIT_CONFIG_GLOBAL names, so that clones
and the hooks of remotes know its key, too.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

NAME, MAIL = "toolbuilder", "toolbuilder@localhost"
ANY_SIGNER = "gpg.ssh.allowedSignersFile=/dev/null"  # without such a file git verifies no SSH signature
GOOD = {"G", "U"}  # of git's %G?: by a key that is trusted, or by one that nothing is known of

# Signs with a digest of what is signed. Git asks of such a program no more than that it says so.
_STAND_IN = """\
#!/bin/sh
case "$*" in
*--verify*)
  for given; do case $given in */*) signature=$given;; esac; done
  if grep -q "$(git hash-object --stdin)" "$signature"; then word=GOODSIG; else word=BADSIG; fi
  printf '[GNUPG:] NEWSIG\\n[GNUPG:] %s 0123456789ABCDEF nobody\\n[GNUPG:] TRUST_UNDEFINED 0 pgp\\n' $word;;
*)
  printf -- '-----BEGIN PGP SIGNATURE-----\\n\\n%s\\n-----END PGP SIGNATURE-----\\n' "$(git hash-object --stdin)"
  echo '[GNUPG:] SIG_CREATED ' >&2;;
esac
"""
_CERTIFICATE = f"""\
Key-Type: RSA
Key-Length: 2048
Key-Usage: sign
Serial: random
Name-DN: CN={NAME}
Name-Email: {MAIL}
"""


def configure(settings: Mapping[str, str]) -> None:
    """Set values of git's configuration for all repositories of a test."""
    for name, value in settings.items():
        subprocess.run(["git", "config", "--global", name, value], check=True)


@contextmanager
def stand_in(folder: Path) -> Iterator[None]:
    """Sign with a program that needs no key."""
    program = folder / "sign"
    program.write_text(_STAND_IN)
    program.chmod(0o755)
    configure({"gpg.program": str(program)})
    yield


def ssh_key(folder: Path) -> Path:
    """Make an SSH key, and have git sign with such."""
    key = folder / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", MAIL, "-f", key], check=True)
    configure({"gpg.format": "ssh"})
    return key


@contextmanager
def ssh_agent() -> Iterator[str]:
    """Run an agent that holds no key; give its address."""
    with tempfile.TemporaryDirectory(prefix="agent-") as place:  # the path of a socket has to be short
        address = f"{place}/agent"
        with subprocess.Popen(["ssh-agent", "-D", "-a", address], stdout=subprocess.PIPE) as running:
            assert running.stdout
            running.stdout.readline()  # it tells its address once it listens
            try:
                yield address
            finally:
                running.terminate()


@contextmanager
def ssh_by_file(folder: Path) -> Iterator[None]:
    """Sign with an SSH key in a file."""
    configure({"user.signingkey": str(ssh_key(folder))})
    yield


@contextmanager
def ssh_by_agent(folder: Path) -> Iterator[None]:
    """Sign with an SSH key that an agent alone holds, and that git asks a command for."""
    key = ssh_key(folder)
    with ssh_agent() as address, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSH_AUTH_SOCK", address)
        subprocess.run(["ssh-add", "-q", key], check=True)
        key.unlink()
        configure({"gpg.ssh.defaultKeyCommand": "ssh-add -L"})
        yield


@contextmanager
def _gnupg() -> Iterator[Path]:
    folder = tempfile.TemporaryDirectory(prefix="gpg-", ignore_cleanup_errors=True)  # a socket's path has to be short
    with folder as home, pytest.MonkeyPatch.context() as patch:
        patch.setenv("GNUPGHOME", home)
        try:
            yield Path(home)
        finally:
            subprocess.run(["gpgconf", "--kill", "all"], check=True)


@contextmanager
def openpgp(_folder: Path) -> Iterator[None]:
    """Sign with an OpenPGP key, which git finds by the committer's name and mail."""
    with _gnupg():
        made = ["gpg", "--batch", "--quiet", "--passphrase", "", "--quick-gen-key", f"{NAME} <{MAIL}>"]
        subprocess.run([*made, "ed25519", "sign", "never"], check=True, capture_output=True)
        yield


@contextmanager
def x509(folder: Path) -> Iterator[None]:
    """Sign with a certificate that has signed itself."""
    with _gnupg() as home:
        made = "exec gpgsm --batch --pinentry-mode loopback --passphrase-fd 3 --gen-key 3</dev/null"
        certificate = subprocess.run(["sh", "-c", made], input=_CERTIFICATE.encode(), check=True, capture_output=True)
        subprocess.run(["gpgsm", "--batch", "--import"], input=certificate.stdout, check=True, capture_output=True)
        listed = ["gpgsm", "--list-keys", "--with-colons"]
        rows = subprocess.run(listed, check=True, capture_output=True, text=True).stdout.splitlines()
        print_of_it = next(row.split(":")[9] for row in rows if row.startswith("fpr:"))
        (home / "trustlist.txt").write_text(f"{print_of_it} S relax\n")
        (home / "gpgsm.conf").write_text("disable-crl-checks\n")
        subprocess.run(["gpgconf", "--kill", "all"], check=True)
        configure({"gpg.format": "x509", "user.signingkey": MAIL})
        assert folder.is_dir()
        yield


@dataclass(frozen=True)
class Signer:
    """A way to sign: what configures git for it while its context lasts, which program it needs, what it promises."""

    name: str
    configured: Callable[[Path], AbstractContextManager[None]]
    program: str = "sh"
    repeatable: bool = True  # the same again has the same signature


SIGNERS = (
    Signer("a stand-in", stand_in),
    Signer("an SSH key", ssh_by_file, "ssh-keygen"),
    Signer("an SSH agent", ssh_by_agent, "ssh-agent"),
    Signer("OpenPGP", openpgp, "gpg", repeatable=False),
    Signer("X.509", x509, "gpgsm", repeatable=False),
)
AVAILABLE = tuple(one for one in SIGNERS if shutil.which(one.program))  # the first one always is
every_signer = pytest.mark.parametrize("signer", AVAILABLE, ids=lambda signer: str(signer.name))


@contextmanager
def signing(signer: Signer, folder: Path) -> Iterator[Path]:
    """Have git sign with a signer, in all repositories, as long as the context lasts; give where its key may lie."""
    place = folder / "signer"
    place.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_CONFIG_GLOBAL", str(place / "gitconfig"))
        with signer.configured(place):
            yield place


def verdicts(folder: Path, *revisions: str) -> dict[str, str]:
    """Give git's verdict on the signature of each commit, by id: G and U are good, N is none."""
    asked = ["git", "-C", str(folder), "-c", ANY_SIGNER, "log", "--format=%H %G?", *revisions, "--"]
    rows = subprocess.run(asked, check=True, capture_output=True, text=True, env=os.environ).stdout
    return dict(row.split() for row in rows.splitlines())


def unsigned(folder: Path, *revisions: str) -> list[str]:
    """Give the commits that have no good signature."""
    return [commit for commit, verdict in verdicts(folder, *revisions).items() if verdict not in GOOD]
