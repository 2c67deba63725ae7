import pytest

from multistyle.server.sentences import to_sentence

FOLDER = "/tmp/some one/visitors/0123456789abcdef/fedcba9876543210"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (f"`{FOLDER}/my photo.jpg` is empty.", "`my photo.jpg` is empty."),
        (f"`{FOLDER}/a.jpg`\nis `b/c`.", "`a.jpg` is `b/c`."),
        (f"No {FOLDER[9:]}/a.jpg here", "No a.jpg here"),
        ("`/home/a.jpg` stays.", "`/home/a.jpg` stays."),
    ],
)
def test_the_server_s_folders_are_nobody_s_business(text, sentence):
    assert to_sentence(ValueError(text)) == sentence


def test_what_the_disk_says_names_no_file():
    error = OSError(28, "No space left on device", f"{FOLDER}/a.jpg")
    assert to_sentence(error) == (
        "The server's disk refuses: No space left on device."
    )
