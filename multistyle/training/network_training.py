"""A whole training: from paintings and photographs to a network's file."""

import os
from collections.abc import Callable, Mapping

from multistyle.keywords import suggest_keywords
from multistyle.training.distribution.workers import Workers, join_workers
from multistyle.training.ingredients import Ingredients
from multistyle.training.loop import TrainingLoop
from multistyle.training.options import Pictures, TrainingOptions
from multistyle.training.preparation import Preparation, prepared
from multistyle.training.progress import ProgressLines, TrainingProgress
from multistyle.training.runs.folder import RunFolder


class TrainingStopped(KeyboardInterrupt):
    """Ctrl-C was pressed: the training is saved, and can go on."""


@suggest_keywords
def train_network(
    style_images: Pictures,
    content_images: Pictures,
    run_dir: str | os.PathLike,
    *,
    steps: int | None = None,
    batch_size: int | None = None,
    image_size: int = 192,
    style_size: int = 384,
    width_multiplier: float | None = None,
    skip_connections: bool | None = None,
    init_from: str | os.PathLike | None = None,
    train: str = "all",
    add_to: str | os.PathLike | None = None,
    thaw: str | None = None,
    loss_network: str | None = None,
    vgg_weights: str | os.PathLike | None = None,
    vgg16_share: float = 0.0,
    loss_scaling: str = "relative",
    content_loss_weight: float | None = None,
    style_loss_weight: float | None = None,
    total_variation_loss_weight: float | None = None,
    stability_loss_weight: float | None = None,
    lattice_loss_weight: float | None = None,
    weave_loss_weight: float | None = None,
    style_coefficients: Mapping[str, float] | None = None,
    stability_coefficients: Mapping[str, float] | None = None,
    style_shares: Mapping[str, float] | None = None,
    learning_rate: float | None = None,
    precision: str = "auto",
    seed: int = 0,
    checkpoint_every: int = 250,
    preview_every: int = 500,
    distribute: str = "none",
    overwrite: bool = False,
    note: Callable[[str], None] | None = None,
    progress: Callable[[TrainingProgress], None] | None = None,
) -> RunFolder:
    """Trains one network on a set of paintings, into a run folder.

    The same call again goes on where it stopped, and returns at once where it
    was finished. What is amiss with single pictures is an `InputWarning`.

    Args:
        style_images: the paintings, a style each: a folder, a glob, a file,
            or a list of these. A `styles.json` beside them may credit them.
        content_images: the photographs: likewise, or ArrayRecord files of
            pictures, each also by a URL that fsspec knows; or
            "tfds:NAME[/SPLIT]" of TensorFlow Datasets.
        run_dir: the folder to train in; `RunFolder` says what it will hold.
        steps: batches in all; None is 2,000, and with `add_to` 230 by VGG-16
            or 385 by the pocket network.
        batch_size: crops a batch; None is 8, and 4 with `add_to`.
        image_size: pixels of the square crops, at least 32.
        style_size: pixels of a painting's short side, at least 32; larger
            gives broader strokes.
        width_multiplier: factor on the network's filters; None is that of the
            network that the training starts from, else 1.0.
        skip_connections: whether the first two layers' results are added on
            the way up; None is likewise, else True.
        init_from: where the shared weights start: a run folder, a `.keras`
            file, the name of a bundled model, "none", or None: the first
            bundled model of that form, else "none".
        train: "all", or "rows": only gamma and beta.
        add_to: a network, named as for `init_from`, whose styles stay while
            those of `style_images` are added as new rows.
        thaw: "last" lets the layers after the residual blocks train, too,
            with `add_to`; the styles that are there change.
        loss_network: "vgg16" or "pocket"; None is "vgg16" where its weights
            lie on this machine, else "pocket".
        vgg_weights: HDF5 file of VGG-16 without its top; None is what the
            environment variable MULTISTYLE_VGG16_WEIGHTS names, else Keras'.
        vgg16_share: last part of the steps, from 0 to 1, in which VGG-16
            takes the place of another loss network.
        loss_scaling: "relative", each loss beside the size of its target, or
            "paper", the paper's form and weights.
        content_loss_weight: how much the content counts, at least 0; None is
            what `LossWeights` says, and so for the others.
        style_loss_weight: how much the style counts.
        total_variation_loss_weight: how much roughness counts.
        stability_loss_weight: how much it counts that the picture follows
            small shifts of the photograph.
        lattice_loss_weight: how much the network's own grid counts.
        weave_loss_weight: how much a pattern counts that repeats all over the
            picture; None is 0.5 where a training starts from a network.
        style_coefficients: factors above 0 on single styles' style loss.
        stability_coefficients: factors of at least 0 on single styles'
            stability loss.
        style_shares: how often single styles are drawn beside the others,
            which have 1; above 0.
        learning_rate: above 0; None is 2e-3 from nothing, and 1e-3 from a
            network, or 3e-3 with `add_to` alone; where rows train alone they
            do at ten times that.
        precision: "auto", "float32" or "bfloat16".
        seed: of all that is drawn, at least 0.
        checkpoint_every: steps between checkpoints.
        preview_every: steps between sample sheets.
        distribute: "none", or "data_parallel": each device of this machine,
            and of the others of a job, takes its share of every batch. Keras
            must run on JAX; see `docs/training_at_scale.md`.
        overwrite: whether to remove a run that is in the folder and start
            anew.
        note: called with each line of what happens; None is silent.
        progress: called after each step with a `TrainingProgress`; None gives a
            line to `note` every ten seconds.

    Returns:
        The `RunFolder`, whose `model_path` is the network's file.

    Raises:
        InputError: for a value out of its limits; pictures that are missing;
            a folder that cannot be written, is used, or holds a training with
            other options or paintings, with the differences named.
        TrainingStopped: a `KeyboardInterrupt`, after Ctrl-C and saving.

    Example:
        >>> run = multistyle.train_network(
        ...     "paintings",
        ...     "photographs",
        ...     "runs/mine",
        ...     add_to="paintings",
        ...     steps=180,
        ... )
        >>> stylizer = multistyle.Stylizer.load(run.path)

    Reference:
        Dumoulin et al., 2017, "A Learned Representation for Artistic Style".
    """
    options = TrainingOptions(
        style_images=style_images,
        content_images=content_images,
        run_dir=run_dir,
        steps=steps,
        batch_size=batch_size,
        image_size=image_size,
        style_size=style_size,
        width_multiplier=width_multiplier,
        skip_connections=skip_connections,
        init_from=init_from,
        train=train,
        add_to=add_to,
        thaw=thaw,
        loss_network=loss_network,
        vgg_weights=vgg_weights,
        vgg16_share=vgg16_share,
        loss_scaling=loss_scaling,
        content_loss_weight=content_loss_weight,
        style_loss_weight=style_loss_weight,
        total_variation_loss_weight=total_variation_loss_weight,
        stability_loss_weight=stability_loss_weight,
        lattice_loss_weight=lattice_loss_weight,
        weave_loss_weight=weave_loss_weight,
        style_coefficients=style_coefficients,
        stability_coefficients=stability_coefficients,
        style_shares=style_shares,
        learning_rate=learning_rate,
        precision=precision,
        seed=seed,
        checkpoint_every=checkpoint_every,
        preview_every=preview_every,
        distribute=distribute,
    )
    return run_training(
        options, overwrite=overwrite, note=note, progress=progress
    )


def run_training(
    options: TrainingOptions,
    *,
    overwrite: bool = False,
    note: Callable[[str], None] | None = None,
    progress: Callable[[TrainingProgress], None] | None = None,
) -> RunFolder:
    """Trains as `train_network` does, by options that are made already.

    Args:
        options: a `TrainingOptions`.
        overwrite, note, progress: see `train_network`.

    Returns:
        The `RunFolder`.

    Raises:
        InputError, TrainingStopped: see `train_network`.
    """
    workers = join_workers(options.distribute)
    note = note or _say_nothing
    progress = progress or ProgressLines(note)
    if not workers.is_first:
        note(f"Joined {workers}; worker 0 writes, and tells how far they are.")
        note = progress = _say_nothing
    with (
        workers.noticing_loss(),
        prepared(options, workers, overwrite=overwrite) as preparation,
    ):
        _train(options, preparation, workers, overwrite, note, progress)
    return preparation.run


def _train(
    options: TrainingOptions,
    preparation: Preparation,
    workers: Workers,
    overwrite: bool,
    note: Callable[[str], None],
    progress: Callable[[TrainingProgress], None],
) -> None:
    run, _, ingredients = preparation
    if ingredients is None:
        note(
            f"The training in `{run.path}` is finished, {options.num_steps} "
            "steps; --overwrite starts it anew."
        )
        return
    if workers.is_first and overwrite:
        run.clear()
    _note_the_start(options, ingredients, workers, note)
    loop = TrainingLoop(options, ingredients, run, workers, note, progress)
    is_finished = loop.train()
    workers.wait()
    if not is_finished:
        raise TrainingStopped(
            f"Stopped and saved in `{run.path}`; the same command goes on "
            "from there."
        )


def _note_the_start(
    options: TrainingOptions,
    ingredients: Ingredients,
    workers: Workers,
    note: Callable[[str], None],
) -> None:
    start = ingredients.starting_network
    name = f"`{start.name}`" if start.network else "nothing"
    shared = f"; shared by {workers}" if workers.num_devices > 1 else ""
    note(f"Starting from {name}; judged by {options.loss_network}{shared}.")
    if options.thaw:
        note(
            f"The styles of `{options.add_to}` will change, since `thaw` lets "
            "layers train that they share."
        )


def _say_nothing(what: object) -> None:
    pass
