"""Paints the pictures that `multistyle doctor` expects of the bundled models.

python recipes/self_test.py

Run it when a bundled model has changed.
"""

from PIL import Image

from multistyle.inference.stylizer import Stylizer
from multistyle.installation.self_test import (
    expected_path,
    paint_test_picture,
)
from multistyle.network.models import bundled_models


def main():
    for model in bundled_models():
        stylizer = Stylizer.load(model, engine="keras")
        path = expected_path(model)
        Image.fromarray(paint_test_picture(stylizer)).save(path, optimize=True)
        print(f"{path}: {path.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
