#!/bin/sh
# Grows the bundled models by styles of the gallery. From the root of the
# checkout, after `pip install -e .`:
#
#     sh recipes/gallery.sh PAINTINGS GALLERY PHOTOGRAPHS
#
# PAINTINGS is a folder with the models' first twelve paintings, GALLERY one with
# those of recipes/gallery.json and a copy of that file, named styles.json, and
# PHOTOGRAPHS whatever --content_images takes. Rows alone train, from what is read
# off the paintings; the twelve keep their pictures to the bit. An hour for each
# model on one core, beside other work. Stopped, the same command goes on.
set -eu
if [ $# -ne 3 ]; then
  echo "usage: sh recipes/gallery.sh PAINTINGS GALLERY PHOTOGRAPHS" >&2
  exit 2
fi

# Without five in which photographs were not to be known again, or which gave them
# no strokes: impression_sunrise, kittelsen_magpies, rain_steam_speed,
# red_blue_yellow and the_ninth_wave.
styles=sunflowers,cafe_terrace,wheat_field,japanese_footbridge,grande_jatte,\
pine_tree,golden_horn,sainte_victoire,tahitian_women,klimt_kiss,\
adele_bloch_bauer,four_trees,blue_horses,street_berlin,senecio,goldfish,\
jeanne_hebuterne,red_fuji,kirifuri_waterfall,sudden_shower,naruto_whirlpools,\
plum_park,mucha_reverie,posada_calavera,bayeux_tapestry,trinity_icon,\
tres_riches_heures,space_force,proun_19d,red_tower,gris_picasso,\
formula_of_spring,thousand_li,merz_460,demon_seated,lentulov_churches,\
dulac_rubaiyat,sleeping_gypsy,schongauer_griffin,bogomazov_toys
# These trained along in the first part. After it they had mean totals from 2.1 to
# 3.3, for they are flat shapes, black and white or light in the dark, which these
# shared weights do not paint.
flat=composition_viii,several_circles,on_white_ii,mucha_champagne,young_hare,\
rose_window,suprematism,rotterdam_woodcut

paths() {
  echo "$1" | sed "s#[^,]*#$gallery/&.jpg#g"
}

gallery="$2"
for model in paintings paintings-fast; do
  # From the twelve, whatever the model has been grown by.
  python recipes/grow.py $model
  multistyle train --style_images="$(paths "$styles,$flat")" \
    --content_images="$3" --run_dir=runs/gallery_192_$model --add_to=$model \
    --loss_network=vgg16 --steps=900 --batch_size=8 --learning_rate=0.001
  multistyle train --style_images="$(paths "$styles")" --content_images="$3" \
    --run_dir=runs/gallery_$model --init_from=runs/gallery_192_$model \
    --train=rows --loss_network=vgg16 --steps=380 --batch_size=8 \
    --learning_rate=0.0008
  # Three hid faces behind their stripes: with less of the style, then less again.
  faces="$(paths japanese_footbridge,red_fuji,sleeping_gypsy)"
  multistyle train --style_images="$faces" --content_images="$3" \
    --run_dir=runs/gallery_faces_$model --init_from=runs/gallery_$model \
    --train=rows --loss_network=vgg16 --steps=120 --batch_size=6 \
    --learning_rate=0.0008 \
    --style_coefficients=japanese_footbridge=0.6,red_fuji=0.4,sleeping_gypsy=0.5
  multistyle train --style_images="$faces" --content_images="$3" \
    --run_dir=runs/gallery_mild_$model --init_from=runs/gallery_faces_$model \
    --train=rows --loss_network=vgg16 --steps=120 --batch_size=6 \
    --learning_rate=0.0008 \
    --style_coefficients=japanese_footbridge=0.35,red_fuji=0.2,sleeping_gypsy=0.25
  python recipes/grow.py $model runs/gallery_mild_$model runs/gallery_$model \
    --styles="$styles"
done

# The paintings' thumbnails and credits, and the pictures of the documents.
python recipes/thumbnails.py "$1" "$2"
python recipes/pictures.py "$1" "$2"
