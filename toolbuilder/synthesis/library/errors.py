"""The one error that a generated tool shows to its user."""


class InputError(ValueError):
    """The input cannot be read as what it should be; the message says where and why."""
