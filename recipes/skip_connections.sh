#!/bin/sh
# Makes the picture of one training without and with skip
# connections. From the root of the checkout:
#
#     sh recipes/skip_connections.sh PAINTINGS PHOTOGRAPHS
#
# PAINTINGS holds starry_night, great_wave, the_scream and udnie.
set -eu
if [ $# -ne 2 ]; then
  echo "usage: sh recipes/skip_connections.sh PAINTINGS PHOTOGRAPHS" >&2
  exit 2
fi

common="--image_size=128 --steps=400 --width_multiplier=0.5 --init_from=none"
# shellcheck disable=SC2086
multistyle train --style_images="$1" --content_images="$2" $common \
  --run_dir=runs/without_skips --noskip_connections
# shellcheck disable=SC2086
multistyle train --style_images="$1" --content_images="$2" $common \
  --run_dir=runs/with_skips

python recipes/compare.py runs/without_skips runs/with_skips \
  docs/photographs/astronaut.jpg docs/pictures/skip_connections.jpg
