"""What the commands do: each calls the machine, prints the result and gives the exit code."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from importlib import import_module
from pathlib import Path

import typer

from toolbuilder import estimate as estimating
from toolbuilder import fleet
from toolbuilder.bootstrap import data_folder, engines, find_root, workshop
from toolbuilder.build import Workshop
from toolbuilder.cost_reports import estimate_lines, estimate_table, metrics_lines
from toolbuilder.errors import ToolbuilderError
from toolbuilder.events import Listener
from toolbuilder.metrics import committed_usd, metrics_of
from toolbuilder.patterns import load_patterns
from toolbuilder.progress import shown
from toolbuilder.reports import built_lines, built_rows, requirement_lines, status_lines, summary_line
from toolbuilder.side_by_side import build_all
from toolbuilder.spec.file import json_schema
from toolbuilder.spec.new import write_spec
from toolbuilder.stages import STAGES


@dataclass(frozen=True)
class How:
    """How to build: as the command line says."""

    engine: str | None = None
    jobs: int = 1
    until: str | None = None
    again: str | None = None
    upgrade: bool = False
    batch: bool = False  # of all tools, so they are built side by side whatever `jobs` says


def run(names: Sequence[str], how: How, *, as_json: bool) -> int:
    """Build tools, several side by side; the worst exit code of all is given."""
    return _build_all(fleet.find_specs(_root(), names), how, as_json=as_json)


def create(name: str, fields: Mapping[str, str], examples: Sequence[str], how: How, *, as_json: bool) -> int:
    """Write a spec, then build it."""
    path = write_spec(_root() / fleet.SPECS, name, fields, examples)
    typer.echo(f"wrote {path}", err=True)
    return _build_all([path], how, as_json=as_json)


def analyze(names: Sequence[str], how: How, *, as_json: bool) -> int:
    """Run the first stage, and show what is wanted."""
    paths = fleet.find_specs(_root(), names)
    code = _build_all(paths, how, as_json=True, echo=False)
    for path in paths if not code else []:
        text = fleet.stage_text(path.stem, "requirements", _workshop())
        typer.echo(text if as_json else "\n".join(requirement_lines(path.stem, text)))
    return code


def stage_again(tool: str, how: How, *, as_json: bool) -> int:
    """Run one stage of a built tool again."""
    return _build_all(fleet.find_specs(_root(), [tool]), how, as_json=as_json)


def validate(names: Sequence[str], *, as_json: bool) -> int:
    """Check spec files; show every problem of all of them."""
    errors: dict[str, ToolbuilderError | None] = {}
    for path in fleet.find_specs(_root(), names):
        try:
            fleet.order_of(path)
            errors[str(path)] = None
        except ToolbuilderError as error:
            errors[str(path)] = error
    if as_json:
        _print_json({path: str(error).splitlines() if error else [] for path, error in errors.items()})
    else:
        for name, problem in errors.items():
            typer.echo(str(problem) if problem else f"{name}: good", err=bool(problem))
    return max((error.exit_code for error in errors.values() if error), default=0)


def status(names: Sequence[str], *, as_json: bool) -> int:
    """Say how far each tool is."""
    here = _workshop()
    rows = [fleet.status_of(path, here) for path in fleet.find_specs(_root(), names)]
    if as_json:
        _print_json([asdict(row) for row in rows])
    else:
        typer.echo("\n".join(status_lines(rows)))
    return 0


def log(tool: str, *, as_json: bool) -> int:
    """Show the stage commits of a tool."""
    entries = fleet.stage_log(tool, _workshop())
    if as_json:
        _print_json([asdict(entry) for entry in entries])
    else:
        for entry in entries:
            typer.echo(f"{entry.commit[:12]}  {entry.date[:10]}  {entry.subject}  ({_made_by(entry.trailers)})")
    return 0


def show(tool: str, stage: str) -> int:
    """Print a stage's artifact."""
    typer.echo(fleet.stage_text(tool, stage, _workshop()), nl=False)
    return 0


def export(tool: str, folder: Path) -> int:
    """Write a tool's package into a folder."""
    count = fleet.export(tool, folder, _workshop())
    typer.echo(f"wrote {count} files; install with `pip install {folder}`", err=True)
    return 0


def schema() -> int:
    """Print the JSON schema of specs."""
    _print_json(json_schema())
    return 0


def stages(*, as_json: bool) -> int:
    """List the stages."""
    rows = [{"stage": s.name, "title": s.title, "microtasks": [task.name for task in s.microtasks]} for s in STAGES]
    if as_json:
        _print_json(rows)
    else:
        for stage in STAGES:
            asks = ", ".join(task.name for task in stage.microtasks)
            typer.echo(f"{stage.name:13} {stage.title}\n{'':13} asks {asks}")
    return 0


def patterns(*, as_json: bool) -> int:
    """List the patterns."""
    known = load_patterns(data_folder(_root(), "patterns"))
    if as_json:
        _print_json([pattern.model_dump(mode="json", include={"id", "purpose", "module"}) for pattern in known])
    else:
        typer.echo("\n".join(f"{pattern.id:27} {pattern.purpose}" for pattern in known))
    return 0


def estimate(names: Sequence[str], how: How, *, as_json: bool, table: bool) -> int:
    """Compute what builds will cost."""
    made, here = engines(Path.cwd(), how.engine or ""), _workshop(how.engine or "")
    bought = made.bought()
    orders = [fleet.order_of(path) for path in fleet.find_specs(_root(), names)]
    rows = [
        asyncio.run(estimating.estimate(order, here, made.offline(), made.paid_ladder(), bought)) for order in orders
    ]
    if as_json:
        _print_json([asdict(row) for row in rows])
    elif table:
        typer.echo("\n".join(estimate_table(rows)))
    else:
        typer.echo("\n\n".join("\n".join(estimate_lines(row)) for row in rows))
    return 0


def metrics(*, as_json: bool) -> int:
    """Show what was spent."""
    here, root = engines(Path.cwd()), _root()
    tools = {*here.tools(), *(path.stem for path in (root / fleet.SPECS).glob(f"*{fleet.SUFFIX}"))}
    found = metrics_of(here.bought(), STAGES, committed_usd(here.repository, sorted(tools)))
    if as_json:
        _print_json(asdict(found))
    else:
        typer.echo("\n".join(metrics_lines(found)))
    return 0


def mcp() -> int:
    """Serve tools to a model's client."""
    import_module("toolbuilder.mcp_server").serve(Path.cwd())
    return 0


def _build_all(paths: Sequence[Path], how: How, *, as_json: bool, echo: bool = True) -> int:
    orders = [replace(order, until=how.until, again=how.again, upgrade=how.upgrade) for order in fleet.orders_of(paths)]
    jobs = max(how.jobs, len(orders)) if how.batch else how.jobs
    with shown(quiet=as_json) as tell:
        ends = asyncio.run(build_all(orders, _workshop(how.engine or "", tell, batch=how.batch), jobs))
    if as_json and echo:
        _print_json([built_rows(order.spec.name, end) for order, end in zip(orders, ends, strict=True)])
    for order, end in zip(orders, ends, strict=True):
        if isinstance(end, ToolbuilderError):
            typer.echo(f"{order.spec.name}: {end}", err=True)
        elif not as_json:
            typer.echo("\n".join(built_lines(end)))
    if len(ends) > 1 and not as_json:
        typer.echo(summary_line(ends))
    return max((end.exit_code for end in ends if isinstance(end, ToolbuilderError)), default=0)


def _workshop(engine: str = "", tell: Listener = lambda _: None, *, batch: bool = False) -> Workshop:
    return workshop(Path.cwd(), engine=engine, tell=tell, batch=batch)


def _root() -> Path:
    return find_root(Path.cwd())


def _made_by(trailers: Mapping[str, str]) -> str:
    engine, cost = trailers.get("Toolbuilder-Engine", ""), trailers.get("Toolbuilder-Cost-USD", "0")
    return f"{engine}, {trailers.get('Toolbuilder-Model', '')}, ${float(cost):.4f}"


def _print_json(value: object) -> None:
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))
