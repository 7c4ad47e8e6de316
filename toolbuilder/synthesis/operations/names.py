"""Parts of what is written by a rule: dates and times, paths, addresses, status codes, versions."""

from toolbuilder.synthesis.operations.operation import JSON, Operation


def _part(name: str, code: str, says: str, hints: str, result: str, *, bare: bool = False) -> Operation:
    """Make an operation that takes a part of a text, tried where the description has a word of it."""
    return Operation(name, ("Line",), "Line", code, says, hints=hints, cost=2, result=result, asked=True, bare=bare)


NAMES = (
    _part("hour_in", "hour_in({0})", "Take the hour of the first time of day in it.", "hour hourly", "hour"),
    _part("time_in", "time_in({0})", "Take the hour and the minute in it.", "minute minutely", "minute"),
    _part("day_in", "str(date_in({0}))", "Take the first date in it.", "day daily date", "day"),
    _part("month_in", "month_in({0})", "Take year and month of the first date in it.", "month monthly date", "month"),
    _part(
        "year_in", "str(date_in({0}).year)", "Take the year of the first date in it.", "year yearly annual date", "year"
    ),
    _part("weekday_in", "weekday_in({0})", "Name the weekday of the first date in it.", "weekday week date", "weekday"),
    Operation(
        "file_extension",
        ("Line",),
        "Line",
        "file_extension({0})",
        "Take the extension of the file's name.",
        words="extension",
        hints="suffix file",
        result="extension",
        bare=True,
    ),
    _part(
        "file_name",
        "PurePosixPath({0}).name",
        "Take the last name of the path.",
        "file name basename filename",
        "name",
        bare=True,
    ),
    _part(
        "folder",
        "str(PurePosixPath({0}).parent)",
        "Take the folder of the path.",
        "folder directory parent dirname",
        "folder",
        bare=True,
    ),
    _part(
        "first_segment",
        "first_segment({0})",
        "Take the first name of the path.",
        "segment top-level toplevel root prefix folder directory",
        "segment",
        bare=True,
    ),
    _part(
        "host_of",
        "host_of({0})",
        "Take the host of the web address.",
        "host hostname domain site server",
        "host",
        bare=True,
    ),
    _part("path_of", "path_of({0})", "Take the path of the web address.", "path", "path", bare=True),
    _part(
        "mail_domain",
        "mail_domain({0})",
        "Take the domain of the e-mail address.",
        "domain provider",
        "domain",
        bare=True,
    ),
    _part(
        "status_class",
        "class_of_status({0})",
        "Take the class of the status code, such as 2xx.",
        "class status family",
        "status_class",
        bare=True,
    ),
    _part(
        "without_quotes",
        "without_quotes({0})",
        "Leave out double quotes around it.",
        "quote quotation unquote",
        "value",
    ),
    Operation(
        "version_numbers",
        ("Line",),
        "Integers",
        "version_numbers({0})",
        "Read the numbers of the version.",
        hints="version semver semantic release tag numerically",
        cost=2,
        result="numbers",
        asked=True,
    ),
    Operation(
        "json_amount",
        ("Json",),
        "Number",
        "exact_number(as_number({0}))",
        "Read it as a number.",
        hints="per by group each every",
        cost=1,
        result="amount",
        formats=JSON,
        asked=True,
    ),
)
