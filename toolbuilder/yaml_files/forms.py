"""The forms that names and short texts have, each as a pattern and in words."""

HYPHENATED = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
UNDERSCORED = r"^[a-z][a-z0-9_]{0,40}$"
ONE_LINE = r"^[^\x00-\x08\x0a-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x08\x0a-\x1f\x7f]*$"
PROSE = r"^[^\x00-\x08\x0b-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x08\x0b-\x1f\x7f]*$"
NO_NUL = r"^[^\x00]*$"
STEP_AND_FIELD = r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$"

IN_WORDS = {
    HYPHENATED: "lower-case letters, digits and single hyphens between them, beginning with a letter",
    UNDERSCORED: "lower-case letters, digits and underscores, at most 41, beginning with a letter",
    ONE_LINE: "one line of text, without control characters",
    PROSE: "text that is not blank, without control characters",
    NO_NUL: "text without NUL characters",
    STEP_AND_FIELD: "`step` or `step.field`",
}
