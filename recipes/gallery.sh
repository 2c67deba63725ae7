#!/bin/sh
# Grows the bundled models by the styles of the gallery. From the root of the
# checkout, after `pip install -e .`:
#
#     sh recipes/gallery.sh PAINTINGS GALLERY PHOTOGRAPHS
#
# PAINTINGS is a folder with the models' first twelve paintings, GALLERY one with
# those of recipes/gallery.json and a copy of that file, named styles.json;
# PHOTOGRAPHS is whatever --content_images takes. Stopped, the same command goes
# on. The rows alone train, so the twelve keep their pictures to the bit.
set -eu
if [ $# -ne 3 ]; then
  echo "usage: sh recipes/gallery.sh PAINTINGS GALLERY PHOTOGRAPHS" >&2
  exit 2
fi

for model in paintings paintings-fast; do
  # From the twelve, whatever the model has been grown by.
  python recipes/grow.py $model
  multistyle train --style_images="$2" --content_images="$3" \
    --run_dir=runs/gallery_$model --add_to=$model --loss_network=vgg16 \
    --image_size=128 --steps=2200 --batch_size=8
  python recipes/grow.py $model runs/gallery_$model
done

# The paintings' thumbnails and credits, and the pictures of the documents.
python recipes/thumbnails.py "$1" "$2"
python recipes/pictures.py "$1" "$2"
