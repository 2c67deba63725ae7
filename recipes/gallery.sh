#!/bin/sh
# Grows the bundled models by styles of the gallery. From the root of the
# checkout, after `pip install -e .`:
#
#     sh recipes/gallery.sh PAINTINGS GALLERY
#
# PAINTINGS is a folder with the models' first twelve paintings, GALLERY one with
# those of recipes/gallery.json and a copy of that file, named styles.json. Each
# row is read off its painting and refined for some seconds, on crops that come
# with the package; the twelve keep their pictures to the bit. Eleven minutes on
# two cores that did other work.
set -eu
if [ $# -ne 2 ]; then
  echo "usage: sh recipes/gallery.sh PAINTINGS GALLERY" >&2
  exit 2
fi

# Without five in which photographs were not to be known again, or which gave them
# no strokes: impression_sunrise, kittelsen_magpies, rain_steam_speed,
# red_blue_yellow and the_ninth_wave.
styles=sunflowers,cafe_terrace,wheat_field,japanese_footbridge,grande_jatte,\
pine_tree,golden_horn,sainte_victoire,tahitian_women,klimt_kiss,\
adele_bloch_bauer,four_trees,blue_horses,street_berlin,composition_viii,\
several_circles,on_white_ii,senecio,goldfish,jeanne_hebuterne,red_fuji,\
kirifuri_waterfall,sudden_shower,naruto_whirlpools,plum_park,\
mucha_reverie,mucha_champagne,young_hare,posada_calavera,bayeux_tapestry,\
rose_window,trinity_icon,tres_riches_heures,suprematism,space_force,\
proun_19d,red_tower,gris_picasso,formula_of_spring,thousand_li,merz_460,\
demon_seated,lentulov_churches,rotterdam_woodcut,dulac_rubaiyat,\
sleeping_gypsy,schongauer_griffin,bogomazov_toys
for model in paintings paintings-fast; do
  # From the twelve, whatever the model has been grown by.
  python recipes/grow.py $model
  multistyle styles learn $model "$2" --learning=quick \
    --output=runs/gallery_$model.keras
  python recipes/grow.py $model runs/gallery_$model.keras --styles="$styles"
done

# The paintings' thumbnails and credits, and the pictures of the documents.
python recipes/thumbnails.py "$1" "$2"
python recipes/pictures.py "$1" "$2"
