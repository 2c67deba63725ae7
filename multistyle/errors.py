"""What every layer raises when the input, not the program, is wrong."""


class InputError(ValueError):
    """Bad input from a user: a file, a flag, a name or a number.

    The message is one line that names the thing in backticks, says what is
    allowed and what to do. The command line prints it and exits with 2.
    """


class InputWarning(UserWarning):
    """Input that is taken otherwise than a user may think.

    The message is one line, as of `InputError`. The command line prints it
    and goes on.
    """
