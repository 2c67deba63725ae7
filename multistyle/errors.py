"""What every layer raises when the input, not the program, is wrong."""


class InputError(ValueError):
    """Bad input from a user: a file, a flag, a name or a number.

    The message is one line that names the thing in backticks, says what is
    allowed and what to do. The command line prints it and exits with 2.

    Example:
        >>> try:
        ...     stylizer = multistyle.Stylizer.load("no_such_model")
        ... except multistyle.InputError as error:
        ...     print("It says what to do:", len(str(error)) > 20)
        It says what to do: True
    """


class OutputError(InputError):
    """A place where nothing can be written, which no other input would mend.

    Whoever makes one output of many stops, where another `InputError` would
    concern one of them alone.

    Example:
        >>> try:
        ...     multistyle.paint_film(
        ...         "in.mp4", "photo.jpg/out.mp4", style_weights="udnie"
        ...     )
        ... except multistyle.OutputError:
        ...     print("No folder can be there.")
        No folder can be there.
    """


class InputWarning(UserWarning):
    """Input that is taken otherwise than a user may think.

    The message is one line, like that of an `InputError`. The command line
    prints it and goes on.

    Example:
        >>> import warnings
        >>> with warnings.catch_warnings():
        ...     warnings.simplefilter("error", multistyle.InputWarning)
        ...     stylizer = multistyle.Stylizer.load("paintings-fast")
    """
