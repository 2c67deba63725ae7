import hashlib

import pytest

from multistyle.files.digests import file_digest


def test_a_file_is_known_by_its_bytes(tmp_path):
    data = bytes(range(256)) * 5000
    for name in ("a.jpg", "b.jpg"):
        (tmp_path / name).write_bytes(data)
    expected = hashlib.sha256(data).hexdigest()
    assert file_digest(tmp_path / "a.jpg") == expected
    assert file_digest(tmp_path / "b.jpg") == expected
    (tmp_path / "b.jpg").write_bytes(data + b"x")
    assert file_digest(tmp_path / "b.jpg") != expected


def test_a_missing_file_is_the_systems_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        file_digest(tmp_path / "none")
