"""The flags that are options of a training."""

from multistyle.cli.flags.verb_flags import VerbFlags
from multistyle.perceptual.loss_options import LOSS_NETWORKS, LOSS_SCALINGS
from multistyle.perceptual.precision import PRECISIONS
from multistyle.training.options import DISTRIBUTE, THAW, TRAIN


def define_training_flags(flags: VerbFlags) -> None:
    """Defines one flag for each field of `TrainingOptions`.

    Args:
        flags: a `VerbFlags`.
    """
    data = "Data"
    flags.multi_string(
        "style_images",
        "Paintings, one style each: a folder, a glob or a list with commas; "
        "night:mine.jpg names a style. "
        "A styles.json beside them may credit them.",
        data,
    )
    flags.multi_string(
        "content_images",
        "Photographs to learn on: a folder with its subfolders, a glob, a "
        "list, or ArrayRecord files, each also by URL; or tfds:NAME[/SPLIT] of "
        "TensorFlow Datasets.",
        data,
    )
    flags.string(
        "run_dir",
        "Folder for the model, options, metrics, samples and checkpoints.",
        data,
    )

    network = "Network"
    flags.float(
        "width_multiplier",
        "Factor on the network's filters: 1 is the paper's, 0.25 small and "
        "fast. Default: that of --init_from, else 1.",
        network,
    )
    flags.boolean(
        "skip_connections",
        "Add the first two layers' results on the way up (ours; the paper "
        "has none). Default: as in --init_from, else true.",
        network,
    )
    flags.string(
        "init_from",
        "Network whose shared weights to start from: a run folder, a .keras "
        "file, a bundled model, or none. Default: the bundled model of that "
        "width.",
        network,
    )
    flags.enum(
        "train",
        TRAIN,
        "all: rows of gamma and beta first, then everything; rows: those "
        "alone, fast, with the shared weights as they are. Default: all.",
        network,
    )

    flags.string(
        "add_to",
        "Network to add styles to, named as for --init_from: its own styles "
        "stay as they are, bit for bit, and new rows train.",
        network,
    )
    flags.enum(
        "thaw",
        THAW,
        "last: with --add_to, train the last three layers, too; the styles "
        "that are there change.",
        network,
    )

    losses = "Losses"
    flags.enum(
        "loss_network",
        LOSS_NETWORKS,
        "vgg16 is the real one; pocket is a small copy that comes with "
        "multistyle and is fast. Default: vgg16 where its weights lie on this "
        "machine, else pocket.",
        losses,
    )
    flags.string(
        "vgg_weights",
        "HDF5 file of VGG-16 without its top. Default: the environment "
        "variable MULTISTYLE_VGG16_WEIGHTS, else Keras downloads it (59 MB).",
        losses,
    )
    flags.float(
        "vgg16_share",
        "Last part of the steps, 0 to 1, in which vgg16 takes over from "
        "pocket. Default: 0.",
        losses,
    )
    flags.enum(
        "loss_scaling",
        LOSS_SCALINGS,
        "relative: each loss beside the size of its target; paper: the "
        "paper's form and weights. Default: relative.",
        losses,
    )
    flags.float(
        "content_loss_weight",
        "How much the photograph's content counts. Default: 1.",
        losses,
    )
    flags.float(
        "style_loss_weight",
        "How much the painting's style counts: 1 only shifts colours, 10 "
        "loses faces. Default: 6 (paper: 1).",
        losses,
    )
    flags.float(
        "total_variation_loss_weight",
        "How much roughness counts. Default: 0.15 (paper: 0).",
        losses,
    )
    flags.float(
        "stability_loss_weight",
        "How much it counts that the picture follows small shifts and noise "
        "of the photograph; 4 is much. Default: 0.",
        losses,
    )
    flags.float(
        "lattice_loss_weight",
        "How much it counts that the network's own grid of 2 and 4 px shows. "
        "Default: 0.2 (paper: 0).",
        losses,
    )
    flags.float(
        "weave_loss_weight",
        "How much it counts that a pattern of 2 to 12 px repeats all over a "
        "picture, more than in its painting. Default: 0.5 from a network, 0 "
        "from nothing (paper: 0).",
        losses,
    )
    flags.string(
        "style_coefficients",
        'Factor on single styles\' style loss, as "starry_night=2,udnie=0.5". '
        "Default: 1 each.",
        losses,
    )
    flags.string(
        "stability_coefficients",
        "Factor on single styles' stability loss, written likewise; 0 leaves "
        "a style out. Default: 1 each.",
        losses,
    )

    training = "Training"
    flags.integer(
        "steps",
        "Batches in all. Default: 2000; with --add_to, 230 by vgg16 and 385 by "
        "pocket.",
        training,
    )
    flags.integer(
        "batch_size", "Crops a batch. Default: 8; 4 with --add_to.", training
    )
    flags.string(
        "style_shares",
        "How often single styles are drawn beside the others, as "
        '"starry_night=2,udnie=0.5". Default: 1 each.',
        training,
    )
    flags.integer(
        "image_size",
        "Pixels of the square crops of the photographs. Default: 192.",
        training,
    )
    flags.integer(
        "style_size",
        "Pixels of a painting's short side; larger gives broader strokes. "
        "Default: 384.",
        training,
    )
    flags.float(
        "learning_rate",
        "Default: 0.002 from nothing; 0.001 from a network, 0.003 with "
        "--add_to. Where rows train alone they do at ten times that.",
        training,
    )
    flags.enum(
        "precision",
        PRECISIONS,
        "auto: bfloat16 where this machine gains from it. Default: auto.",
        training,
    )
    flags.integer("seed", "Default: 0.", training)

    run = "Run"
    flags.integer(
        "checkpoint_every", "Steps between checkpoints. Default: 250.", run
    )
    flags.integer(
        "preview_every", "Steps between sample sheets. Default: 500.", run
    )
    flags.enum(
        "distribute",
        DISTRIBUTE,
        "data_parallel: all devices of this machine, and of the others of a "
        "job, share each batch; Keras must run on JAX. Default: none.",
        run,
    )
