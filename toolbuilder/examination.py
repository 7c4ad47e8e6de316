"""The wiring of `doctor`: everything that its checks look at, gathered; what cannot be says why."""

from dataclasses import dataclass
from pathlib import Path

from toolbuilder.adapters.git.probing import probed
from toolbuilder.adapters.git.signing import NotSigned, verify_signing
from toolbuilder.adapters.git.worktree import ORIGIN, Worktree, worktree
from toolbuilder.adapters.github.client import Client
from toolbuilder.adapters.github.inspection import Inspection
from toolbuilder.adapters.github.opening import repository_of
from toolbuilder.adapters.github.place import place
from toolbuilder.adapters.github.waiting import Patience
from toolbuilder.adapters.machine import machine
from toolbuilder.adapters.reaching import answers, without_credentials
from toolbuilder.bootstrap import engines
from toolbuilder.doctor.facts import Engine, Hub, Known, Remote, Signing, Surroundings, Tree, Unknown
from toolbuilder.errors import FileIsWrong, ForgeError, RepositoryError, ToolbuilderError
from toolbuilder.fleet import SPECS, SUFFIX, order_of
from toolbuilder.setting_up.deciding import PROPOSED
from toolbuilder.setting_up.plan import newer
from toolbuilder.setting_up.record import PATH, read_record
from toolbuilder.setting_up.source import Source
from toolbuilder.settings import Settings, load_settings
from toolbuilder.surroundings import own_source, rendered

PROVIDERS_SERVER = "https://api.anthropic.com"
BRIEFLY = Patience(attempts=2, waiting=10, request=20)
WORKFLOW = ".github/workflows/toolbuilder.yml"
NOT_ASKED = "the provider is not asked: add --online"


@dataclass(frozen=True)
class Wish:
    """What may be done to find out: a remote's name, whether a ref may be pushed there, whether servers are asked."""

    remote: str = ""
    probe: bool = False
    online: bool = False


def surroundings(start: Path, wish: Wish) -> Surroundings:
    """Give all that is known of the repository that `start` lies in, of this machine and of GitHub."""
    try:
        tree = worktree(start)
    except RepositoryError as error:
        nowhere = Unknown("there is no repository here")
        return Surroundings(machine(start, "auto"), nowhere, Unknown(str(error)), nowhere, nowhere, nowhere)
    settings, wrong = _settings(tree)
    return Surroundings(
        machine=machine(tree.root, settings.sandbox if settings else "auto"),
        engine=_engine(tree, settings, online=wish.online) if settings else Unknown(wrong),
        tree=_tree(tree, wrong),
        remote=_remote(tree, wish, settings) if settings else Unknown(wrong),
        hub=_hub(tree, wish, settings) if settings else Unknown(wrong),
        signing=_signing(tree, settings) if settings else Unknown(wrong),
    )


def _settings(tree: Worktree) -> tuple[Settings | None, str]:
    try:
        return load_settings(tree.root), ""
    except FileIsWrong as error:
        return None, str(error)


def _engine(tree: Worktree, settings: Settings, *, online: bool) -> Known[Engine]:
    made = engines(tree.root)
    address = settings.base_url or PROVIDERS_SERVER
    return Engine(
        name=made.wanted,
        ladder=made.ladder,
        provider=settings.provider,
        has_key=settings.api_key is not None or bool(settings.base_url),
        address=without_credentials(address),
        answers=answers(address) if online else Unknown(NOT_ASKED),
    )


def _tree(tree: Worktree, wrong: str) -> Tree:
    specs = sorted((tree.root / SPECS).glob(f"*{SUFFIX}"))
    present = tree.root / PATH
    try:
        record = read_record(present.read_bytes()) if present.is_file() else None
        fresh = rendered(_source_of_update(record.origin), tree.default_branch()) if record else {}
    except FileIsWrong as error:
        record, fresh, wrong = None, {}, wrong or str(error)
    return Tree(
        has_commit=bool(tree.head()),
        is_shallow=tree.is_shallow(),
        settings=wrong,
        specs={path.relative_to(tree.root).as_posix(): _wrong(path) for path in specs},
        has_workflow=(tree.root / WORKFLOW).is_file(),
        set_up=record.version if record else "",
        outdated=newer(record, fresh) if record else (),
        unsettled=tuple(f"{path}{PROPOSED}" for path in fresh if (tree.root / f"{path}{PROPOSED}").exists()),
    )


def _source_of_update(recorded: Source) -> Source:
    """Give what an update would come from: how this toolbuilder was installed, where others can see that."""
    source, published = own_source()
    return source if source and published else recorded


def _wrong(spec: Path) -> str:
    try:
        order_of(spec)
    except ToolbuilderError as error:
        return str(error)
    return ""


def _remote(tree: Worktree, wish: Wish, settings: Settings) -> Known[Remote]:
    name = wish.remote or ORIGIN
    if not wish.remote and not tree.address():
        return Unknown(f"there is no remote {ORIGIN}: builds stay here; `git remote add {ORIGIN} URL` adds one")
    return probed(tree.root, name, settings.journal_refs, probe=wish.probe)


def _signing(tree: Worktree, settings: Settings) -> Known[Signing]:
    try:
        if settings.sign_commits:
            verify_signing(tree.root, settings.author)
    except NotSigned as error:
        return Signing(wanted=True, author=settings.author, failure=error.what, advice=error.advice)
    except RepositoryError as error:
        return Unknown(str(error))
    return Signing(settings.sign_commits, settings.author)


def _hub(tree: Worktree, wish: Wish, settings: Settings) -> Known[Hub]:
    name, api = repository_of(tree.root, wish.remote, settings.github_repository, settings.github_api)
    if not name:
        return Unknown("no repository on GitHub is known: neither the remote nor GITHUB_REPOSITORY names one")
    if settings.github_token is None:
        return Unknown(f"{name} is not asked without a token: type `export GITHUB_TOKEN=$(gh auth token)`")
    try:
        client = Client(place(name, settings.github_token, api), BRIEFLY)
        try:
            return Inspection(client).hub()
        finally:
            client.close()
    except ForgeError as error:
        return Unknown(str(error))
