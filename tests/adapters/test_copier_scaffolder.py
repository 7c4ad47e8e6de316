import gc
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from toolbuilder.adapters.copier_scaffolder import CopierScaffolder
from toolbuilder.errors import FileIsWrong

pytestmark = pytest.mark.filterwarnings("ignore:unclosed scandir iterator:ResourceWarning")
CONFIGURATION = "_subdirectory: tool\n_envops: {undefined: jinja2.StrictUndefined}\n"


@pytest.fixture(autouse=True)
def folders_left_open() -> Iterator[None]:
    """Let copier's open folders go here: it does not close what it was reading when a template fails."""
    yield
    gc.collect()


def template(folder: Path, files: Mapping[str, str], configuration: str = CONFIGURATION) -> CopierScaffolder:
    """Write a template called `small`."""
    for name, text in {"copier.yaml": configuration, **files}.items():
        path = folder / "small" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return CopierScaffolder(folder)


def test_files_are_rendered_by_relative_path(tmp_path: Path) -> None:
    files = {
        "tool/{{ package }}/a.py.jinja": "{% include 'part.jinja' %}!\n",
        "tool/as_is.txt": "{{ package }}\r\n",
        "part.jinja": "{{ words }}",
    }

    rendered = template(tmp_path, files).render("small", {"package": "p", "words": '{{ né }} \\ "'})

    assert rendered == {"p/a.py": '{{ né }} \\ "!\n'.encode(), "as_is.txt": b"{{ package }}\r\n"}


def test_rendering_leaves_the_template_alone(tmp_path: Path) -> None:
    scaffolder = template(tmp_path, {"tool/a.txt": "a"})
    before = scaffolder.fingerprint("small")

    scaffolder.render("small", {})

    assert scaffolder.fingerprint("small") == before
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.txt", "copier.yaml", "small", "tool"]


def test_a_repository_around_the_template_does_not_matter(tmp_path: Path) -> None:
    scaffolder = template(tmp_path, {"tool/a.txt": "committed"})
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "x"], ["tag", "v1"]):
        subprocess.run(["git", *command], cwd=tmp_path / "small", check=True)
    before = scaffolder.fingerprint("small")
    (tmp_path / "small/tool/a.txt").write_text("as it stands")

    assert scaffolder.render("small", {}) == {"a.txt": b"as it stands"}
    assert scaffolder.fingerprint("small") != before


@pytest.mark.parametrize("change", ["content", "name", "new file", "include"])
def test_the_fingerprint_names_the_content(tmp_path: Path, change: str) -> None:
    scaffolder = template(tmp_path, {"tool/a.txt": "a", "part.jinja": "b"})
    before = scaffolder.fingerprint("small")
    folder = tmp_path / "small"
    changes: dict[str, Callable[[], object]] = {
        "content": lambda: (folder / "tool/a.txt").write_text("A"),
        "name": lambda: (folder / "tool/a.txt").rename(folder / "tool/b.txt"),
        "new file": lambda: (folder / "tool/c.txt").write_text(""),
        "include": lambda: (folder / "part.jinja").write_text("B"),
    }
    changes[change]()

    assert scaffolder.fingerprint("small") != before


def test_caches_do_not_change_the_fingerprint(tmp_path: Path) -> None:
    scaffolder = template(tmp_path, {"tool/a.txt": "a"})
    before = scaffolder.fingerprint("small")
    (tmp_path / "small/tool/__pycache__").mkdir()
    (tmp_path / "small/tool/__pycache__/a.pyc").write_text("")

    assert scaffolder.fingerprint("small") == before


@pytest.mark.parametrize(
    ("source", "place", "words"),
    [
        ("a\n{% if %}\n", "tool/a.py.jinja:2:1", "Expected an expression"),
        ("a\nb\n{{ nothing }}\n", "tool/a.py.jinja:3:1", "'nothing' is undefined"),
        ("{% include 'part.jinja' %}", "part.jinja:2:1", "'inner' is undefined"),
        ("{% include 'broken.jinja' %}", "broken.jinja:1:1", "Unexpected end of template"),
        ("{% include 'missing.jinja' %}", "tool/a.py.jinja:1:1", "missing.jinja"),
        ("a\n{{ 1 // 0 }}\n", "tool/a.py.jinja:2:1", "zero"),
        ("{{ ''.__class__.__mro__ }}", "tool/a.py.jinja:1:1", "unsafe"),
    ],
)
def test_a_broken_template_is_located(tmp_path: Path, source: str, place: str, words: str) -> None:
    scaffolder = template(
        tmp_path, {"tool/a.py.jinja": source, "part.jinja": "x\n{{ inner }}", "broken.jinja": "{% for x in y %}"}
    )

    with pytest.raises(FileIsWrong, match=words) as caught:
        scaffolder.render("small", {})

    assert str(caught.value).startswith(f"templates/small/{place}: ")
    assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize(
    ("configuration", "words"),
    [
        ("_tasks: [touch /tmp/owned]\n", "_tasks: a template only renders files"),
        ("_migrations: [touch /tmp/owned]\n", "_migrations: a template only renders files"),
        ("_jinja_extensions: [os.path]\n", "_jinja_extensions: a template only renders files"),
        ("_external_data: {secret: ../../x.yaml}\n", "_external_data: a template only renders files"),
        ("a: [b\n", "copier.yaml: while parsing"),
        ("- a\n", "copier.yaml: "),
        ("!include other.yaml\n", "copier.yaml: "),
        ("_subdirectory: ../..\n", "small"),
        ("_envops: {undefined: os.system}\n", "small"),
    ],
)
def test_a_template_that_could_do_more_than_render_is_refused(tmp_path: Path, configuration: str, words: str) -> None:
    with pytest.raises(FileIsWrong, match=words):
        template(tmp_path / "templates", {"tool/a.txt": "a"}, configuration).render("small", {})


@pytest.mark.parametrize("name", ["{{ away }}", "{{ away }}/x"])
@pytest.mark.parametrize("away", ["../out", "/tmp/out", ".github/workflows/x", ".github"])
def test_a_template_that_writes_elsewhere_is_refused(tmp_path: Path, name: str, away: str) -> None:
    with pytest.raises(FileIsWrong, match="small"):
        template(tmp_path, {f"tool/{name}": "a"}).render("small", {"away": away})


@pytest.mark.parametrize("target", ["/etc/hostname", "a.txt", "../copier.yaml"])
def test_a_template_with_links_is_refused(tmp_path: Path, target: str) -> None:
    scaffolder = template(tmp_path, {"tool/a.txt": "a"})
    (tmp_path / "small/tool/link").symlink_to(target)

    with pytest.raises(FileIsWrong, match=r"templates/small/tool/link: a template holds regular files only"):
        scaffolder.render("small", {})


@pytest.mark.parametrize("name", ["large", "..", "small/tool", "", "/etc"])
def test_a_missing_template_is_told_with_those_that_exist(tmp_path: Path, name: str) -> None:
    scaffolder = template(tmp_path, {"tool/a.txt": "a"})

    for ask in (scaffolder.fingerprint, lambda wanted: scaffolder.render(wanted, {})):
        with pytest.raises(FileIsWrong, match="there is no such template; there are: small"):
            ask(name)


def test_a_missing_folder_has_no_templates(tmp_path: Path) -> None:
    with pytest.raises(FileIsWrong, match="there are: none"):
        CopierScaffolder(tmp_path / "nowhere").fingerprint("small")


def test_copier_is_not_imported_with_the_pure_parts() -> None:
    code = "import sys, toolbuilder.scaffold, toolbuilder.scaffold.example_tests, toolbuilder.scaffold.readme; print('copier' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "False\n"
