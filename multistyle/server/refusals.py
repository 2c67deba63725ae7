"""Refusals: what a visitor is told in one sentence, and an HTTP status."""

from starlette.responses import JSONResponse

from multistyle.errors import InputError
from multistyle.server.sentences import to_sentence


class Refusal(InputError):
    """What a visitor asked for, and does not get.

    Args:
        sentence: says what is allowed, and what to do.
        status: the HTTP status, from 400.
    """

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status


def not_found(noun: str) -> Refusal:
    """Returns the refusal of what there is not, or is another visitor's."""
    return Refusal(
        f"There is no such {noun}, or it was removed: reload the page.", 404
    )


def answer_error(error: InputError) -> JSONResponse:
    """Answers with what is wrong, in a sentence."""
    status = error.status if isinstance(error, Refusal) else 400
    return JSONResponse({"error": to_sentence(error)}, status)
