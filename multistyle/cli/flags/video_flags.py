"""The flags of a painted film."""

from multistyle.cli.flags.engine_flags import define_engine_flags
from multistyle.cli.flags.learning_flags import define_painting_flags
from multistyle.cli.flags.size_flags import define_stroke_flags
from multistyle.cli.flags.verb_flags import VerbFlags
from multistyle.images.colors import KEEP_COLORS
from multistyle.video.encoding.codecs import CODECS


def define_video_flags(flags: VerbFlags) -> None:
    """Defines the flags of a painted film."""
    blend = "What to paint (one of these)"
    flags.string(
        "style_weights",
        'One blend, as "starry_night=0.7,great_wave=0.3", brought to a sum of '
        "1; a name alone weighs 1. Or the path of a .json file with such a "
        "dict.",
        blend,
    )
    flags.string(
        "keyframes",
        'Blends over time, as "0s:starry_night=1; 5s:great_wave=1"; each leads '
        "evenly to the next, or as linear, smooth or hold behind it says. "
        "Settings go along, strength=0.5, stroke_scale=2, mask=0.5 (its "
        "opacity), stability=1. Times are seconds (2.5s, 1:02.5), timecodes "
        "(00:00:02:12) or frames (62f). Or a .txt or .json of keyframes.",
        blend,
    )
    define_painting_flags(flags)

    part = "Parts"
    flags.string(
        "mask",
        "A picture, a film of grey or numbered frames (mask_%04d.png): white "
        "is painted, grey partly, black stays film. Or one a style, as "
        '"great_wave:sky.mp4,starry_night:ground.mp4"; where they overlap '
        "styles blend. Another size is resized, another aspect is refused.",
        part,
    )
    flags.string(
        "gradient",
        'Styles that turn into each other across the picture, as "A>B:'
        'horizontal" or "A>B>C:45": horizontal, vertical, radial, or degrees '
        "clockwise from horizontal.",
        part,
    )
    flags.string(
        "from",
        "The first moment to paint, as times of --keyframes. Default: the "
        "film's begin.",
        part,
    )
    flags.string(
        "to",
        "The moment to end at, which is not painted any more. Default: the "
        "film's end.",
        part,
    )
    flags.boolean(
        "sheet",
        "Paint a picture of eight frames over the film, each by itself.",
        part,
    )
    flags.boolean(
        "dry_run",
        "Print how long it will take, from a second that is measured, and "
        "where scenes begin, and stop.",
        part,
    )

    look = "Look"
    flags.float(
        "stability",
        "For how long strokes move along with the film, 0 to 1; 0 paints "
        "frame by frame, which flickers. Default: 0.5.",
        look,
        lower_bound=0,
        upper_bound=1,
    )
    flags.float(
        "strength",
        "Blend of pixels with the film; 0 is the film itself. Default: 1.",
        look,
        lower_bound=0,
        upper_bound=1,
    )
    flags.enum(
        "keep_colors",
        KEEP_COLORS,
        "luminance: the film's colours, pixel by pixel; histogram: their "
        "distribution, frame by frame. Default: none.",
        look,
    )
    define_stroke_flags(flags, look)
    flags.integer(
        "max_size",
        "Reduce frames first whose longer side has more pixels. Default: no "
        "limit; 320 for a camera.",
        look,
        lower_bound=8,
    )

    files = "Model and files"
    flags.string(
        "model",
        "A run folder, a .keras file or a bundled model. Default: the bundled "
        "`paintings-fast`.",
        files,
    )
    define_engine_flags(flags, files)
    flags.string(
        "output",
        "Film to write: .mp4, .mov, .mkv, .webm or .gif; numbered frames, as "
        "out_%04d.png (.tif, .exr, .jpg); -, Y4M to the standard output; or a "
        "picture, as still.png: the one frame at --from, as in the film. "
        ".mov, .webm and frames keep transparency. Default: in_stylized.mp4, "
        "in the current folder. Of a camera: a film, which is recorded, or "
        "virtual, a camera that other programs see; default: only its window.",
        files,
    )
    flags.enum(
        "codec",
        tuple(CODECS),
        "How pictures are encoded: prores is ProRes 422 HQ, dnxhr DNxHR HQ; "
        "h265, prores, prores4444 and dnxhr keep 10 bits, prores4444 and vp9 "
        "transparency. Default: h264, or h265 of a film with more than 8 "
        "bits; vp9 in a .webm; prores4444 in a .mov "
        "with transparency.",
        files,
    )
    flags.string(
        "fps",
        "Frames a second of numbered frames that are read, as 24, 23.976 or "
        "24000/1001. Default: 24.",
        files,
    )
    flags.integer(
        "crf",
        "Quality of h264, h265 and vp9: 0 is the best, 51 the smallest file "
        "(63 for vp9). Default: 20.",
        files,
        lower_bound=0,
        upper_bound=63,
    )
    flags.boolean(
        "overwrite",
        "Replace an output that is there, and start anew what was stopped.",
        files,
    )
    flags.boolean(
        "measure",
        "Print how much the output flickers; without a blend to paint, of an "
        "output that is there.",
        files,
    )
    flags.boolean("json", "Print the outcome as a JSON object.", files)
