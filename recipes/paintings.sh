#!/bin/sh
# Makes the bundled model `paintings`. From the root of the checkout, after
# `pip install -e .`:
#
#     sh recipes/paintings.sh PAINTINGS PHOTOGRAPHS
#
# PAINTINGS is a folder with the model's first twelve paintings, named as in
# multistyle/network/bundled/thumbnails/styles.json, and a copy of that file;
# PHOTOGRAPHS is whatever --content_images takes. Stopped, the same command goes on.
set -eu
if [ $# -ne 2 ]; then
  echo "usage: sh recipes/paintings.sh PAINTINGS PHOTOGRAPHS" >&2
  exit 2
fi

# Small crops first: at the same scale of strokes, many more of them.
multistyle train --style_images="$1" --content_images="$2" \
  --run_dir=runs/paintings_128 --init_from=none --loss_network=vgg16 \
  --image_size=128 --steps=4000 --batch_size=8 --lattice_loss_weight=0

# Then larger ones, which show more of a photograph at once.
multistyle train --style_images="$1" --content_images="$2" \
  --run_dir=runs/paintings_192 --init_from=runs/paintings_128 \
  --loss_network=vgg16 --image_size=192 --steps=1250 --batch_size=8 \
  --learning_rate=0.001 --lattice_loss_weight=0 --weave_loss_weight=0

# Then with the stability loss, which takes rows of dots away. The bundled model
# had 800 of these steps in one run and 500 in a second.
multistyle train --style_images="$1" --content_images="$2" \
  --run_dir=runs/paintings_stable --init_from=runs/paintings_192 \
  --loss_network=vgg16 --image_size=192 --steps=1300 --batch_size=8 \
  --learning_rate=0.001 --stability_loss_weight=10 --lattice_loss_weight=0 \
  --weave_loss_weight=0 \
  --style_coefficients=van_doesburg=1.4,mondrian=1.15,leger_contrast=1.15

# Then with the lattice loss, which takes the grids of 2 and 4 px away.
multistyle train --style_images="$1" --content_images="$2" \
  --run_dir=runs/paintings_lattice --init_from=runs/paintings_stable \
  --loss_network=vgg16 --image_size=192 --steps=1200 --batch_size=8 \
  --learning_rate=0.001 --stability_loss_weight=6 --lattice_loss_weight=0.5 \
  --weave_loss_weight=0 \
  --style_coefficients=mondrian=1.15,leger_contrast=1.15

# Then on crops of the size that it is judged at. The bars of van_doesburg lagged
# behind, so it is drawn four times as often, and the stability loss, which kept
# them soft, leaves it out. 70 minutes on two busy cores, 2.7 GB; content 0.93,
# style 0.122, stability 0.039 and lattice 0.007 in the mean of the last 100 steps.
multistyle train --style_images="$1" --content_images="$2" \
  --run_dir=runs/paintings_256 --init_from=runs/paintings_lattice \
  --loss_network=vgg16 --image_size=256 --steps=1700 --batch_size=4 \
  --learning_rate=0.001 --stability_loss_weight=10 --lattice_loss_weight=0.5 \
  --weave_loss_weight=0 \
  --style_shares=van_doesburg=4 --stability_coefficients=van_doesburg=0

# Then with five times the stability loss for great_wave, whose dark strokes were
# rows of dots. 35 minutes on two cores; content 0.91, style 0.131, stability 0.027
# and lattice 0.010 in the mean of the last 100 steps.
multistyle train --style_images="$1" --content_images="$2" \
  --run_dir=runs/paintings_steady --init_from=runs/paintings_256 \
  --loss_network=vgg16 --image_size=256 --steps=900 --batch_size=4 \
  --learning_rate=0.001 --stability_loss_weight=10 --lattice_loss_weight=0.5 \
  --weave_loss_weight=0 \
  --style_shares=van_doesburg=3,great_wave=2 \
  --stability_coefficients=van_doesburg=0,great_wave=5

# Then with the weave loss, which takes a honeycomb of 9 px away. 39 minutes on two
# cores; content 0.95, style 0.125, stability 0.034, lattice 0.011 and weave 0.038
# in the mean of the last 100 steps, when that loss saw no patterns below 6 px.
multistyle train --style_images="$1" --content_images="$2" \
  --run_dir=runs/paintings --init_from=runs/paintings_steady \
  --loss_network=vgg16 --image_size=256 --steps=1000 --batch_size=4 \
  --learning_rate=0.001 --stability_loss_weight=10 --lattice_loss_weight=0.5 \
  --weave_loss_weight=0.5 --seed=7 \
  --style_shares=van_doesburg=3,great_wave=2 \
  --stability_coefficients=van_doesburg=0,great_wave=5

# Stored as float16, half the size; it loads as float32.
python recipes/bundle.py runs/paintings paintings paintings-fast
