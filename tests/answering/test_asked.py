import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.sabotage import Protection, assert_guarded
from toolbuilder.answering import asked as module
from toolbuilder.answering.asked import COMMANDS, LONGEST, STAGE_NAMES, Asked, Misunderstood, asked_of


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("/toolbuilder status", Asked("status")),
        ("/Toolbuilder  Status  \r\nthanks!", Asked("status")),
        ("/toolbuilder explain", Asked("explain")),
        ("/toolbuilder help", Asked("help")),
        ("/toolbuilder rerun generation", Asked("rerun", "generation")),
        ("/toolbuilder rerun Verification\r\n", Asked("rerun", "verification")),
        ("/toolbuilder rerun generation use a dict", Asked("rerun", "generation", "use a dict")),
        ("/toolbuilder\trerun\tgeneration\tuse  a dict", Asked("rerun", "generation", "use  a dict")),
        ("/toolbuilder rerun generation\n\nUse a dict.\r\n- and keep order", Asked("rerun", "generation", "Use a dict.\n- and keep order")),
        ("/toolbuilder regenerate", Asked("regenerate", "generation")),
        ("/toolbuilder regenerate keep the order\nplease", Asked("regenerate", "generation", "keep the order\nplease")),
    ],
)  # fmt: skip
def test_a_command_is_understood(body: str, wanted: Asked) -> None:
    assert asked_of(body) == wanted


@pytest.mark.parametrize(
    "body",
    ["", "\n/toolbuilder status", " /toolbuilder status", "> /toolbuilder status", "Try /toolbuilder status", "/toolbuilders status", "/tool builder", "`/toolbuilder status`", "/toolbuilder-status"],
)  # fmt: skip
def test_what_is_not_meant_for_toolbuilder_is_left_alone(body: str) -> None:
    assert asked_of(body) is None


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("/toolbuilder", "there is no such command"),
        ("/toolbuilder rerrun generation", "did you mean `rerun`?"),
        ("/toolbuilder regenrate", "did you mean `regenerate`?"),
        ("/toolbuilder rerun", "`rerun` is followed by a stage"),
        ("/toolbuilder rerun genration do it", "did you mean `generation`?"),
        ("/toolbuilder rerun\ngeneration", "`rerun` is followed by a stage"),
        ("/toolbuilder status now", "`status` takes nothing more"),
        ("/toolbuilder rerun generation\n/toolbuilder rerun packaging", "one command"),
        ("/toolbuilder rerun generation " + "x" * (LONGEST + 1), "at most 2,000 characters, this has 2,001"),
        ("/toolbuilder rerun generation a\0b", "without control characters"),
        ("/toolbuilder regenerate \x1b[2J", "without control characters"),
    ],
)
def test_what_is_not_understood_is_told_with_the_nearest_word(body: str, words: str) -> None:
    found = asked_of(body)
    assert isinstance(found, Misunderstood)
    assert words in found.why


def test_the_longest_feedback_is_taken() -> None:
    assert asked_of(f"/toolbuilder regenerate {'é' * LONGEST}") == Asked("regenerate", "generation", "é" * LONGEST)


WORDS = st.sampled_from([*COMMANDS, *STAGE_NAMES, "/toolbuilder", "rerrun", "$(id)", "`id`", "\r\n", "\n", "--from", "\0", "\x1b", "${{ secrets.X }}", "::error::x"])  # fmt: skip
BODIES = st.one_of(st.text(max_size=80), st.lists(st.one_of(WORDS, st.text(max_size=9)), max_size=9).map(" ".join))


def check_nothing_unchecked_comes_out(asked: object) -> None:
    """Whatever is written, what comes out is one of few words, and text without control characters."""

    @given(st.one_of(BODIES, BODIES.map(lambda text: f"/toolbuilder {text}"), BODIES.map(lambda text: f"/toolbuilder rerun generation {text}")))  # fmt: skip
    @example("help help")
    @example("/toolbuilder rerun --from x")
    @example("/toolbuilder regenerate \x1b")
    @example("/toolbuilder $(id)")
    def holds(body: str) -> None:
        match getattr(asked, "asked_of")(body):  # noqa: B009  # the module may be a sabotaged one
            case None:
                assert not body.startswith("/toolbuilder ")
            case found if type(found).__name__ == "Misunderstood":
                allowed = {*COMMANDS, *STAGE_NAMES}
                quoted = found.why.split("did you mean `")[1].split("`")[0] if "did you mean" in found.why else "help"
                assert quoted in allowed
            case found:
                assert body.split(maxsplit=1)[0].lower() == "/toolbuilder"
                assert found.command in COMMANDS
                assert found.stage in {"", *STAGE_NAMES}
                assert not found.feedback or found.stage
                assert len(found.feedback) <= LONGEST
                assert all(char in "\n\t" or (char >= " " and char != "\x7f") for char in found.feedback)

    holds()


GUARDED: dict[str, Protection] = {
    "any command": (check_nothing_unchecked_comes_out, "if command not in COMMANDS:", "if not command:"),
    "any stage": (check_nothing_unchecked_comes_out, "if stage not in STAGE_NAMES:", "if not stage:"),
    "any characters": (check_nothing_unchecked_comes_out, "if not _is_prose(feedback):", "if False:"),
    "any prefix": (check_nothing_unchecked_comes_out, 'if not first.startswith("/") or prefix.lower() != PREFIX:', "if not first:"),
}  # fmt: skip


@pytest.mark.parametrize("protection", GUARDED.values(), ids=GUARDED)
def test_nothing_unchecked_comes_out(protection: Protection) -> None:
    assert_guarded(module, protection)
