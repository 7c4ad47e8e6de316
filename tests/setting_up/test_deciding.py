from itertools import product
from typing import Any

import pytest

from tests.sabotage import Protection, assert_guarded
from toolbuilder.setting_up import deciding
from toolbuilder.setting_up.deciding import Change, Versions, decide

OURS, YOURS, LINES, MADE = ".github/workflows/toolbuilder.yml", "toolbuilder.toml", ".gitattributes", ".toolbuilder/spec.schema.json"  # fmt: skip


def merge(_: bytes, ours: bytes, theirs: bytes) -> bytes | None:
    """Merge as if only text that ends with `!` came through."""
    return ours + b"\n" + theirs if ours.endswith(b"!") else None


@pytest.mark.parametrize(
    ("path", "base", "present", "fresh", "update", "outcome", "content"),
    [
        (OURS, None, None, b"new", False, "new", b"new"),
        (OURS, None, b"new", b"new", False, "same", None),
        (OURS, None, b"other", b"new", False, "conflict", b"new"),
        (OURS, b"new", None, b"new", False, "new", b"new"),
        (OURS, b"new", None, b"new", True, "gone", None),
        (OURS, b"new", b"edited", b"new", False, "same", None),
        (OURS, b"new", b"edited", b"new", True, "same", None),
        (OURS, b"old", b"old", b"new", False, "outdated", None),
        (OURS, b"old", b"old", b"new", True, "renewed", b"new"),
        (OURS, b"old", b"edited!", b"new", True, "merged", b"edited!\nnew"),
        (OURS, b"old", b"edited", b"new", True, "conflict", b"new"),
        (OURS, b"old", b"edited", None, True, "surplus", None),
        (OURS, b"old", None, None, True, "same", None),
        (YOURS, None, None, b"new", False, "new", b"new"),
        (YOURS, None, b"theirs", b"new", False, "yours", None),
        (YOURS, b"old", b"old", b"new", True, "yours", None),
        (YOURS, b"old", None, b"new", False, "gone", None),
        ("specs/unique-lines.yaml", b"old", b"old", b"new", True, "yours", None),
        (LINES, None, None, b"a\nb\n", False, "new", b"a\nb\n"),
        (LINES, None, b"x text", b"a\nb\n", False, "merged", b"x text\na\nb\n"),
        (LINES, b"a\n", b"x\na\n", b"a\nb\n", True, "merged", b"x\na\nb\n"),
        (LINES, b"a\nb\n", b"x\na\nb\n", b"b\n", True, "merged", b"x\nb\n"),
        (LINES, b"a\nb\n", b"x\na\n", b"a\nb\n", True, "same", None),
        (MADE, None, None, b"new", False, "new", b"new"),
        (MADE, None, b"old", b"new", False, "renewed", b"new"),
    ],
)
def test_what_becomes_of_a_file(
    path: str, base: bytes | None, present: bytes | None, fresh: bytes | None, *, update: bool, outcome: Any, content: bytes | None
) -> None:  # fmt: skip
    assert decide(Versions(path, base, present, fresh, update=update), merge) == Change(path, outcome, content)


def test_a_conflict_stays_one_until_the_proposal_is_gone() -> None:
    conflict = decide(Versions(OURS, b"new", b"edited", b"new", proposed=True), merge)
    assert (conflict.outcome, conflict.target) == ("conflict", f"{OURS}.new")
    assert decide(Versions(OURS, b"new", b"edited", b"new"), merge).outcome == "same"


TEXTS = (None, b"a", b"b", b"c!")
ALL = [
    Versions(path, base, present, fresh, proposed, update)
    for path, base, present, fresh in product((OURS, YOURS, LINES, MADE), TEXTS, TEXTS, TEXTS[1:])
    for proposed, update in product((False, True), repeat=2)
]


def check_what_a_person_wrote_is_never_overwritten(module: Any) -> None:
    for versions in ALL:
        change = module.decide(versions, merge)
        is_edited = versions.path != MADE and versions.present not in {None, versions.base}
        if is_edited and change.content and change.target == versions.path:
            assert versions.present in change.content.splitlines(), versions


def check_what_is_merged_has_a_base(module: Any) -> None:
    def real_merge(base: bytes, ours: bytes, theirs: bytes) -> bytes | None:
        assert base is not None
        return merge(base, ours, theirs)

    for versions in ALL:
        module.decide(versions, real_merge)


def check_a_second_time_changes_nothing(module: Any) -> None:
    for versions in ALL:
        path, fresh = versions.path, versions.fresh or b""
        first = module.decide(versions, merge)
        stands = first.content if first.content is not None and first.target == path else versions.present
        texts = module.texts_to_record({path: first}, {path: versions.base} if versions.base else {}, {path: fresh})
        proposed = first.outcome == "conflict"
        again = module.decide(Versions(path, texts.get(path), stands, fresh, proposed, versions.update), merge)
        assert again.content is None or again.target != path, versions


GUARDED: dict[str, Protection] = {
    "a file that is not known": (check_what_is_merged_has_a_base, "if versions.proposed or base is None:", "if versions.proposed:"),
    "an edited file": (check_what_a_person_wrote_is_never_overwritten, "if present == base:\n        return", "if True:\n        return"),
    "a file of a person's": (check_what_a_person_wrote_is_never_overwritten, "if versions.present is not None:\n        return", "if False:\n        return"),
    "lines among others": (check_what_a_person_wrote_is_never_overwritten, "[*kept, *added]", "added"),
    "remembering": (check_a_second_time_changes_nothing, 'base[path] if changes[path].outcome == "outdated" else text', 'b"?"'),
}  # fmt: skip


@pytest.mark.parametrize("protection", GUARDED.values(), ids=GUARDED)
def test_what_a_person_wrote_is_safe_and_a_second_time_changes_nothing(protection: Protection) -> None:
    assert_guarded(deciding, protection)
