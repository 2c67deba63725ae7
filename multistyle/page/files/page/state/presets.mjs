// Blends to begin with; texts.mjs has their names.

export const PRESETS = [
  {id: "night_and_wave", weights: {starry_night: 0.7, great_wave: 0.3}},
  {id: "ukiyo_e", weights: {red_fuji: 0.5, sudden_shower: 0.35, plum_park: 0.3}},
  {id: "garden_in_june", weights: {water_lilies: 0.6, japanese_footbridge: 0.5}},
  {id: "bauhaus", weights: {proun_19d: 0.6, senecio: 0.4}},
  {id: "gold_leaf", weights: {klimt_kiss: 0.7, adele_bloch_bauer: 0.5,
    trinity_icon: 0.25}},
  {id: "fauves", weights: {matisse_hat: 0.6, blue_horses: 0.5}},
  {id: "points_of_light", weights: {grande_jatte: 0.5, pine_tree: 0.6}},
  {id: "cubist_table", weights: {gris_picasso: 0.6, leger_contrast: 0.4}},
  {id: "woodcut", weights: {posada_calavera: 0.6, schongauer_griffin: 0.4}},
  {id: "art_nouveau", weights: {mucha_reverie: 0.8, klimt_kiss: 0.2}},
  {id: "scroll_and_silk", weights: {thousand_li: 0.7, dulac_rubaiyat: 0.4}},
];
