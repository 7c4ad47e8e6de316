import pytest

from toolbuilder.errors import FileIsWrong
from toolbuilder.setting_up.source import Source, known, parse_source

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize("repository", ["acme/toolbuilder", "a-1/tool_builder.x", "a/.github"])
def test_a_commit_of_a_repository_is_read_and_written(repository: str) -> None:
    source = parse_source(f"{repository}@{COMMIT}")
    assert source == Source(repository, COMMIT)
    assert parse_source(str(source)) == source


@pytest.mark.parametrize(
    "text",
    ["", "acme/toolbuilder", "acme/toolbuilder@main", "acme/toolbuilder@v1", f"acme/toolbuilder@{COMMIT[:12]}", f"toolbuilder@{COMMIT}", f"acme/../x@{COMMIT}", f"acme/..@{COMMIT}", f"acme/toolbuilder@{COMMIT}\n", f"a b/c@{COMMIT}", f"acme/x@{COMMIT.upper()}", f"https://github.com/acme/toolbuilder@{COMMIT}", f"acme/x'\nname: y@{COMMIT}"],
)  # fmt: skip
def test_what_can_be_moved_or_is_no_repository_is_refused_with_what_to_give(text: str) -> None:
    with pytest.raises(FileIsWrong, match="OWNER/REPO@COMMIT") as caught:
        parse_source(text)
    assert "\n" not in str(caught.value)


def test_an_unknown_source_is_told_with_what_to_give() -> None:
    assert known(Source("a/b", COMMIT)) == Source("a/b", COMMIT)
    with pytest.raises(FileIsWrong, match=r"--from: how toolbuilder was installed .* `git ls-remote"):
        known(None)
