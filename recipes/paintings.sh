#!/bin/sh
# Makes the bundled model `paintings`. From the root of the checkout:
#
#     sh recipes/paintings.sh PAINTINGS PHOTOGRAPHS
#
# PAINTINGS is a folder with the twelve paintings and their styles.json,
# PHOTOGRAPHS whatever --content_images takes. Stopped, it goes on.
set -eu
if [ $# -ne 2 ]; then
  echo "usage: sh recipes/paintings.sh PAINTINGS PHOTOGRAPHS" >&2
  exit 2
fi

# Small crops first: at the same scale of strokes, many more of them.
multistyle train --style_images="$1" --content_images="$2" \
  --run_dir=runs/paintings_128 --init_from=none \
  --image_size=128 --steps=4000 --batch_size=8

# Then larger ones, which show more of a photograph at once.
multistyle train --style_images="$1" --content_images="$2" \
  --run_dir=runs/paintings_192 --init_from=runs/paintings_128 \
  --image_size=192 --steps=2000 --batch_size=8 --learning_rate=0.001

# Stored as float16, half the size; it loads as float32.
python - <<'PYTHON'
from multistyle.network.models import load_network, save_network

network = load_network("runs/paintings_192/model.keras")
path = "multistyle/network/bundled/paintings.keras"
save_network(network, path, half_precision=True)
print(path)
PYTHON
