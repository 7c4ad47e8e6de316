from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.sabotage import Protection, assert_guarded
from toolbuilder import merging
from toolbuilder.adapters.git.repository import GitRepository
from toolbuilder.errors import NeedsPerson
from toolbuilder.history import blob_id
from toolbuilder.ports import Commit

BASE = b"one\ntwo\nthree\nfour\nfive\nsix\nseven\n"
EDITED = BASE.replace(b"one", b"one, by hand")
RENEWED = BASE.replace(b"seven", b"seven, renewed")
CLASHING = BASE.replace(b"one", b"one, renewed")
BOTH = EDITED.replace(b"seven", b"seven, renewed")
Merge = Callable[[Any, bytes | None, bytes | None, bytes | None], tuple[bool, bytes | None]]


@pytest.fixture
def repository(git_repo: Path) -> GitRepository:
    """Give a repository whose history holds the base of every merge."""
    repository = GitRepository(git_repo)
    head = repository.resolve("HEAD")
    assert head
    repository.swap("refs/heads/toolbuilder/kept", repository.write(Commit((head,), "Base\n", {"a.py": BASE})), None)
    return repository


def merge(repository: GitRepository, part: Any, *versions: bytes | None) -> Any:
    """Merge one file: as it was written last time, as it stands, as it is written now."""
    like = repository.resolve("HEAD") or ""
    base, present, fresh = versions
    versions_of = part.Versions("a.py", base and blob_id(base, like), present, fresh, like)
    return part.merge_file(repository, versions_of)


def what_nobody_edited_is_written_anew(repository: GitRepository, part: Any) -> None:
    assert merge(repository, part, None, None, RENEWED) == (True, RENEWED)
    assert merge(repository, part, BASE, BASE, RENEWED) == (True, RENEWED)
    assert merge(repository, part, BASE, BASE, None) == (True, None)


def an_edit_stays_where_the_stage_writes_the_same_again(repository: GitRepository, part: Any) -> None:
    assert merge(repository, part, BASE, EDITED, BASE) == (True, EDITED)
    assert merge(repository, part, BASE, None, BASE) == (True, None)


def an_edit_and_a_new_result_in_other_places_are_put_together(repository: GitRepository, part: Any) -> None:
    assert merge(repository, part, BASE, EDITED, RENEWED) == (True, BOTH)
    assert merge(repository, part, BASE, RENEWED, RENEWED) == (True, RENEWED)


def what_does_not_fit_together_is_no_merge(repository: GitRepository, part: Any) -> None:
    assert merge(repository, part, BASE, EDITED, CLASHING) == (False, None)
    assert merge(repository, part, BASE, EDITED, None) == (False, None)
    assert merge(repository, part, None, EDITED, RENEWED) == (False, None)


def every_conflict_is_named_and_nothing_is_given(repository: GitRepository, part: Any) -> None:
    like = repository.resolve("HEAD") or ""
    pristine = {name: blob_id(BASE, like) for name in ("a.py", "b.py", "c.py")}
    present = {"a.py": EDITED, "b.py": EDITED, "c.py": BASE}
    with pytest.raises(NeedsPerson, match="nothing was overwritten") as caught:
        part.merge_files(repository, pristine, present, {"a.py": CLASHING, "b.py": CLASHING, "c.py": RENEWED}, like)
    assert [finding.split()[0] for finding in caught.value.findings] == ["a.py", "b.py"]
    assert caught.value.exit_code == 3


def what_is_written_no_more_goes_and_what_was_never_there_does_not(repository: GitRepository, part: Any) -> None:
    like = repository.resolve("HEAD") or ""
    pristine = {"old.py": blob_id(BASE, like), "gone.py": blob_id(EDITED, like)}
    present, fresh = {"old.py": BASE, "mine.py": b"x", "same.py": BASE}, {"new.py": RENEWED, "same.py": BASE}
    merged = part.merge_files(repository, pristine, present, fresh, like)
    assert (merged.files, merged.removed) == (fresh, ("old.py",))


GUARDED = [
    (what_nobody_edited_is_written_anew, "self.present is None or ", "self.present is not None and "),
    (an_edit_stays_where_the_stage_writes_the_same_again, "return True, versions.present", "return True, versions.fresh"),
    (an_edit_and_a_new_result_in_other_places_are_put_together, "return result is not None, result", "return False, None"),
    (an_edit_and_a_new_result_in_other_places_are_put_together, "if versions.untouched or", "if True or"),
    (what_does_not_fit_together_is_no_merge, "return result is not None, result", "return True, versions.fresh"),
    (what_does_not_fit_together_is_no_merge, "        return False, None", "        return True, versions.fresh"),
    (every_conflict_is_named_and_nothing_is_given, "    if conflicts:\n", "    if not conflicts:\n"),
    (what_is_written_no_more_goes_and_what_was_never_there_does_not, "if path in present and path not in kept", "if path in present"),
    (what_is_written_no_more_goes_and_what_was_never_there_does_not, "if path in present and path not in kept", "if path not in kept"),
]  # fmt: skip


@pytest.mark.parametrize(("check", "text", "instead"), GUARDED)
def test_no_edit_is_lost_and_the_loss_of_a_rule_would_be_noticed(
    repository: GitRepository, check: Callable[..., None], text: str, instead: str
) -> None:
    protection: Protection = partial(check, repository), text, instead
    assert_guarded(merging, protection)


def test_what_a_person_deleted_comes_back_only_when_it_is_written_otherwise(repository: GitRepository) -> None:
    assert merge(repository, merging, BASE, None, BASE) == (True, None)
    assert merge(repository, merging, BASE, None, RENEWED) == (True, RENEWED)
