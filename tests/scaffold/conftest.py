from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scaffold.runs import Run, as_process, in_process
from tests.scaffold.samples import SAMPLES, build

FLAVOURS = ["echo-plain", "echo-typer"]


@pytest.fixture(scope="session")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give the folder of all samples; their packages can be imported."""
    folder = tmp_path_factory.mktemp("tools")
    with pytest.MonkeyPatch.context() as patch:
        for sample in SAMPLES.values():
            build(folder / sample.folder, sample)
            patch.syspath_prepend(str(folder / sample.folder / "src"))
        yield folder


@pytest.fixture(params=FLAVOURS)
def echo(request: pytest.FixtureRequest, tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Give both flavours of one tool, in this process: whatever is asserted of one holds for the other."""
    assert tools.is_dir()
    monkeypatch.chdir(tmp_path)
    return in_process(SAMPLES[request.param])


@pytest.fixture(params=FLAVOURS)
def process(request: pytest.FixtureRequest, tools: Path, tmp_path: Path) -> Run:
    """Give both flavours of one tool, as processes."""
    return as_process(tools, SAMPLES[request.param], tmp_path)
