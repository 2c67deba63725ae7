#!/bin/sh
# Makes the bundled model `paintings-fast`, in 57 minutes on two virtual processor
# cores with AVX512-BF16. From the root of the checkout, after `pip install -e .`:
#
#     sh recipes/paintings_fast.sh PAINTINGS PHOTOGRAPHS
#
# PAINTINGS is a folder with the model's first twelve paintings, named as in
# multistyle/network/bundled/thumbnails/styles.json, and a copy of that file;
# PHOTOGRAPHS is whatever --content_images takes. Stopped, the same command goes on. Losses are means of
# the last 100 steps.
set -eu
if [ $# -ne 2 ]; then
  echo "usage: sh recipes/paintings_fast.sh PAINTINGS PHOTOGRAPHS" >&2
  exit 2
fi

# Most of it is judged by `pocket`, two to three times as many crops in the same
# time; VGG-16 takes over for the end. 29 minutes, 1.4 GB; content 0.90 and style
# 0.183.
multistyle train --style_images="$1" --content_images="$2" \
  --run_dir=runs/paintings_fast_128 --init_from=none --width_multiplier=0.25 \
  --loss_network=pocket --vgg16_share=0.3 --image_size=128 --steps=4700 \
  --batch_size=8 --learning_rate=0.003 --lattice_loss_weight=0

# Larger crops; the stability loss, which films need; the lattice and the weave
# loss, which take grids of 2 and 4 px, a honeycomb and a canvas away.
# van_doesburg, which lags behind, comes twice as often. 23 minutes, 1.7 GB;
# content 1.00, style 0.184, stability 0.045, lattice 0.022 and weave 0.07.
multistyle train --style_images="$1" --content_images="$2" \
  --run_dir=runs/paintings_fast_192 --init_from=runs/paintings_fast_128 \
  --loss_network=vgg16 --image_size=192 --steps=900 --batch_size=8 \
  --learning_rate=0.002 --stability_loss_weight=10 --lattice_loss_weight=0.5 \
  --weave_loss_weight=0.5 --style_shares=van_doesburg=2 \
  --stability_coefficients=van_doesburg=0.5

# The end, on crops of the size that it is judged at. 5 minutes, 1.7 GB; content
# 1.04, style 0.170, stability 0.040, lattice 0.024 and weave 0.05.
multistyle train --style_images="$1" --content_images="$2" \
  --run_dir=runs/paintings_fast --init_from=runs/paintings_fast_192 \
  --loss_network=vgg16 --image_size=256 --steps=180 --batch_size=4 \
  --learning_rate=0.001 --stability_loss_weight=10 --lattice_loss_weight=0.5 \
  --weave_loss_weight=0.5 --style_shares=van_doesburg=2 \
  --stability_coefficients=van_doesburg=0.5

# Stored as float16, half the size; it loads as float32.
python recipes/bundle.py runs/paintings_fast paintings-fast
