"""What the tool complains about."""


class InputError(ValueError):
    """The arguments or the input are wrong; the message says where, in one line."""
