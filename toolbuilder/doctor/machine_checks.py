"""Checks of this machine, and of who answers."""

from toolbuilder.doctor.facts import Engine, Surroundings, Unknown
from toolbuilder.doctor.findings import Check, Verdict, of, ok, problem, warning

PYTHON_NEEDED = (3, 11)
GIB = 1 << 30
OFFLINE = "offline"


def git(found: Surroundings) -> Verdict:
    """Check that git is new enough."""
    needed = _dotted(found.machine.git_needed)
    if isinstance(found.machine.git, Unknown):
        return problem(found.machine.git.why, f"install git {needed} or newer")
    has = _dotted(found.machine.git)
    if found.machine.git < found.machine.git_needed:
        return problem(f"git is {has}, {needed} is needed", f"install git {needed} or newer")
    return ok(f"git {has}")


def python(found: Surroundings) -> Verdict:
    """Check that python is new enough."""
    has, needed = _dotted(found.machine.python), _dotted(PYTHON_NEEDED)
    if found.machine.python < PYTHON_NEEDED:
        return problem(f"Python is {has}, {needed} is needed", f"install toolbuilder with Python {needed} or newer")
    return ok(f"Python {has}")


def sandbox(found: Surroundings) -> Verdict:
    """Check that generated code can be run safely."""
    kind = found.machine.sandbox
    if isinstance(kind, Unknown):
        lines = [line.strip() for line in kind.why.splitlines()]
        return problem(lines[0].rstrip(":"), "; ".join(lines[1:]) or "run toolbuilder on Linux")
    return ok(f"{kind}, seen to hold")


def disk(found: Surroundings) -> Verdict:
    """Check that there is room for builds."""

    def judge(free: int) -> Verdict:
        told = f"{free / GIB:.1f} GiB are free"
        if free < GIB // 4:
            return problem(f"{told}, a build may need more", "make room on the disk of the repository")
        return warning(told, "make room on the disk of the repository") if free < GIB else ok(told)

    return of(found.machine.free_bytes, judge)


def engine(found: Surroundings) -> Verdict:
    """Check that somebody answers questions."""
    return of(found.engine, _engine)


def _engine(found: Engine) -> Verdict:
    asks_models = set(found.ladder) - {OFFLINE}
    if found.name == "replay":
        return ok("replay: the journal answers, nothing is bought")
    if not asks_models:
        return ok(f"{found.name}: the embedded engine alone; with ANTHROPIC_API_KEY set, models are asked too")
    if not found.has_key and found.provider == "anthropic":
        fix = "type `export ANTHROPIC_API_KEY=...`, or set `engine` to auto"
        return problem(f"{found.name}: models are to be asked, and there is no key", fix)
    order = " -> ".join(dict.fromkeys(found.ladder))
    return ok(f"{found.name}: {order}, by {found.provider}")


def server(found: Surroundings) -> Verdict:
    """Check that the provider's server answers."""

    def judge(engine: Engine) -> Verdict:
        if not set(engine.ladder) - {OFFLINE} or engine.name == "replay":
            return ok("no server is needed")
        return of(engine.answers, lambda answers: _answers(engine.address, answers=answers))

    return of(found.engine, judge)


def _answers(address: str, *, answers: bool) -> Verdict:
    fix = "check TOOLBUILDER_BASE_URL, the network and its proxy"
    return ok(f"{address} answers") if answers else problem(f"{address} does not answer", fix)


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


MACHINE_CHECKS = (
    Check("git", git),
    Check("python", python),
    Check("sandbox", sandbox),
    Check("disk", disk),
    Check("engine", engine),
    Check("server", server),
)
