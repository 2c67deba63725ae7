#!/bin/sh
# Compares two trainings of equal time: judged by VGG-16 all the way, and by
# `pocket` first and VGG-16 for the end. From the root of the checkout:
#
#     sh recipes/equal_time.sh PAINTINGS PHOTOGRAPHS HELD_OUT
#
# The two of a pair run side by side, one thread and one core each. Those of the
# first took 555 and 573 seconds on a processor with AMX, those of the second 3,643
# and 3,649 seconds on one with AVX512-BF16 alone. HELD_OUT are photographs for the
# judge, which are in no training.
set -eu
if [ $# -ne 3 ]; then
  echo "usage: sh recipes/equal_time.sh PAINTINGS PHOTOGRAPHS HELD_OUT" >&2
  exit 2
fi
export OMP_NUM_THREADS=1 TF_NUM_INTRAOP_THREADS=1 TF_NUM_INTEROP_THREADS=1

train() { # NAME, then flags
  name="$1"
  shift
  start=$(date +%s)
  multistyle train --style_images="$paintings" --content_images="$photographs" \
    --init_from=none --width_multiplier=0.5 --image_size=192 \
    --run_dir="runs/$name" "$@"
  echo "$name: $(($(date +%s) - start)) s"
}

paintings="$1"
photographs="$2"
for minutes in 10 60; do
  case $minutes in
  10) steps_vgg16=245 steps_pocket=350 ;;
  60) steps_vgg16=1140 steps_pocket=2020 ;;
  esac
  train "by_vgg16_$minutes" --loss_network=vgg16 --steps=$steps_vgg16 &
  train "by_pocket_$minutes" --loss_network=pocket --vgg16_share=0.29 \
    --steps=$steps_pocket
  wait
  for name in "by_vgg16_$minutes" "by_pocket_$minutes"; do
    multistyle evaluate --model="runs/$name" --content_images="$3" \
      --style_images="$paintings" --num_blend_photographs=0 \
      --output="evaluations/$name" &
  done
  wait
done
