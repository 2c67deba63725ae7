#!/bin/sh
# Makes the bundled model `paintings-fast`, in an hour on two processor cores
# with AVX512-BF16. From the root of the checkout, after `pip install -e .`:
#
#     sh recipes/paintings_fast.sh PAINTINGS PHOTOGRAPHS
#
# PAINTINGS is a folder with the twelve paintings, named as in
# recipes/styles.json, and a copy of that file; PHOTOGRAPHS is whatever
# --content_images takes. Stopped, the same command goes on.
set -eu
if [ $# -ne 2 ]; then
  echo "usage: sh recipes/paintings_fast.sh PAINTINGS PHOTOGRAPHS" >&2
  exit 2
fi

# Most of it is judged by `pocket`, three times as many crops in the same time;
# VGG-16 takes over for the end. 25 minutes, 1.3 GB; content 0.91 and style 0.17
# in the mean of the last 100 steps.
multistyle train --style_images="$1" --content_images="$2" \
  --run_dir=runs/paintings_fast_128 --init_from=none --width_multiplier=0.25 \
  --loss_network=pocket --vgg16_share=0.35 --image_size=128 --steps=6500 \
  --batch_size=8 --learning_rate=0.003 --lattice_loss_weight=0

# Larger crops, the stability loss, which films need, and the lattice loss,
# which takes the grids of 2 and 4 px away. 18 minutes, 1.7 GB; content 0.88, style
# 0.18, stability 0.033 and lattice 0.015.
multistyle train --style_images="$1" --content_images="$2" \
  --run_dir=runs/paintings_fast_192 --init_from=runs/paintings_fast_128 \
  --loss_network=vgg16 --image_size=192 --steps=1250 --batch_size=8 \
  --learning_rate=0.0015 --stability_loss_weight=10 --lattice_loss_weight=0.5 \
  --weave_loss_weight=0

# Then with the weave loss, which takes a honeycomb of 9 px and a canvas of 3 px
# away. 16 minutes; content 0.97, style 0.18, stability 0.030, lattice 0.020 and
# weave 0.08.
multistyle train --style_images="$1" --content_images="$2" \
  --run_dir=runs/paintings_fast --init_from=runs/paintings_fast_192 \
  --loss_network=vgg16 --image_size=192 --steps=600 --batch_size=8 \
  --learning_rate=0.001 --stability_loss_weight=10 --lattice_loss_weight=0.5 \
  --weave_loss_weight=0.5 --seed=7

# Stored as float16, half the size; it loads as float32.
python recipes/bundle.py runs/paintings_fast paintings-fast
