#!/bin/sh
# Makes the bundled model `paintings`. From the root of the checkout, after
# `pip install -e .`:
#
#     sh recipes/paintings.sh PAINTINGS PHOTOGRAPHS
#
# PAINTINGS is a folder with the twelve paintings, named as in
# recipes/styles.json, and a copy of that file; PHOTOGRAPHS is whatever
# --content_images takes. Stopped, the same command goes on.
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
  --run_dir=runs/paintings --init_from=runs/paintings_128 \
  --image_size=192 --steps=1250 --batch_size=8 --learning_rate=0.001

# Stored as float16, half the size; it loads as float32.
python recipes/bundle.py runs/paintings paintings
