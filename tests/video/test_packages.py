import sys

import pytest

from multistyle.errors import InputError
from multistyle.video.packages import import_av, import_cv2


@pytest.mark.parametrize(
    ("name", "importer"), [("av", import_av), ("cv2", import_cv2)]
)
def test_a_missing_package_is_named(monkeypatch, name, importer):
    assert importer().__name__ == name
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(InputError) as caught:
        importer()
    assert str(caught.value) == (
        f"Films need the package `{name}`, which is not installed: "
        '`pip install "multistyle[video]"`.'
    )
