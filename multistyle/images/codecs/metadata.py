"""What a photograph's file says besides its pixels."""

import io

from PIL import ExifTags, Image

from multistyle.errors import InputError
from multistyle.images.codecs.sources import Source, opened

# Of the first directory, which in a TIFF also says how pixels are stored.
_KEPT_TAGS = (
    *("ImageDescription", "Make", "Model", "Software", "DateTime"),
    *("Artist", "HostComputer", "Copyright", "Rating", "RatingPercent"),
    *("XPTitle", "XPComment", "XPAuthor", "XPKeywords", "XPSubject"),
    *("XResolution", "YResolution", "ResolutionUnit"),
)
_ACROSS = ExifTags.Base.XResolution
_DOWN = ExifTags.Base.YResolution
_UNIT = ExifTags.Base.ResolutionUnit
_INCH, _CENTIMETRE = 2, 3
_FINEST = 65_535  # Pixels an inch, of a JPEG.
_SIDEWAYS = (5, 6, 7, 8)  # Orientations.
_MAX_BYTES = 65_527  # Of a JPEG's segment, without its marker and length.
_STRIP_OFFSETS = 273
_TIFF_START = 8  # Its header.


def read_exif(source: Source, size: tuple[int, int]) -> bytes:
    """Reads the EXIF data of a photograph, for the picture made of it.

    The picture is upright, so that the orientation becomes 1. The size becomes
    the picture's. The thumbnail, which shows the photograph, is left out, and
    so are the camera maker's own notes where a JPEG has no room for all.

    Args:
        source: see `sources.opened`.
        size: (height, width) of the picture.

    Returns:
        bytes, empty where there is none or it is broken.
    """
    try:
        # The size was checked when the pixels were read.
        with opened(source, max_pixels=float("inf")) as image:
            found = image.getexif()
            return _encode(found, size)
    except InputError:
        return b""


def read_resolution(source: Source) -> tuple[float, float] | None:
    """Reads how many pixels of a photograph are an inch, across and down.

    Args:
        source: see `sources.opened`.

    Returns:
        Two numbers above 0, of the upright picture; None where the file says
        nothing, or nothing that makes sense.
    """
    try:
        with opened(source, max_pixels=float("inf")) as image:
            found = image.info.get("dpi") or _resolution_of(image.getexif())
            turn = image.getexif().get(ExifTags.Base.Orientation, 1)
            across, down = (float(value) for value in found)
    except (InputError, KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    # Written so that NaN fails, too.
    if not (0 < across <= _FINEST and 0 < down <= _FINEST):
        return None
    return (down, across) if turn in _SIDEWAYS else (across, down)


def with_resolution(
    exif: bytes, resolution: tuple[float, float] | None
) -> bytes:
    """Adds a resolution to EXIF data.

    Args:
        exif: as `read_exif` gives them; maybe empty.
        resolution: pixels per inch, across and down; None adds nothing.

    Returns:
        bytes of the same kind.
    """
    if not resolution:
        return exif
    data = Image.Exif()
    if exif:
        data.load(exif)
    data[_ACROSS], data[_DOWN] = resolution
    data[_UNIT] = _INCH
    return data.tobytes()


def with_description(exif: bytes, text: str | None) -> bytes:
    """Adds to the description in EXIF data, and names what made the picture.

    Args:
        exif: as `read_exif` gives them; maybe empty.
        text: what is added; None adds nothing.

    Returns:
        bytes of the same kind.
    """
    if text is None:
        return exif
    data = Image.Exif()
    if exif:
        data.load(exif)
    own = str(data.get(ExifTags.Base.ImageDescription, "")).strip()
    data[ExifTags.Base.ImageDescription] = f"{own}; {text}" if own else text
    data[ExifTags.Base.Software] = "multistyle"
    encoded = data.tobytes()
    return encoded if len(encoded) <= _MAX_BYTES else exif


def exif_in_tiff(encoded: bytes, exif: bytes) -> bytes:
    """Puts EXIF data into the bytes of a TIFF, among the tags it has.

    Pillow's own way fails where a compressed TIFF has directories of details.
    """
    if not exif:
        return encoded
    with opened(encoded, max_pixels=float("inf")) as image:
        directory = image.tag_v2
        known = dict(directory)  # Reads all; what was not read is not written.
    added = Image.Exif()
    added.load(exif)
    for tag in added:
        directory[tag] = added.get_ifd(tag) or added[tag]
    # Pillow counts them from the end of the directory that it writes.
    directory[_STRIP_OFFSETS] = tuple(
        offset - _TIFF_START for offset in known[_STRIP_OFFSETS]
    )
    file = io.BytesIO()
    directory.save(file)
    return file.getvalue() + encoded[_TIFF_START:]


def _encode(found, size):
    kept = Image.Exif()
    for name in _KEPT_TAGS:
        tag = ExifTags.Base[name]
        if tag in found:
            kept[tag] = found[tag]
    details = dict(found.get_ifd(ExifTags.IFD.Exif))
    # Which rules of colour the file kept; what is written is sRGB.
    details.pop(ExifTags.IFD.Interop, None)
    place = dict(found.get_ifd(ExifTags.IFD.GPSInfo))
    if details:
        height, width = size
        for name, value in (
            ("ExifImageWidth", width),
            ("ExifImageHeight", height),
        ):
            if ExifTags.Base[name] in details:
                details[ExifTags.Base[name]] = value
        kept[ExifTags.IFD.Exif] = details
    if place:
        kept[ExifTags.IFD.GPSInfo] = place
    if not kept:
        return b""
    kept[ExifTags.Base.Orientation] = 1
    encoded = kept.tobytes()
    if len(encoded) > _MAX_BYTES and details.pop(ExifTags.Base.MakerNote, None):
        kept[ExifTags.IFD.Exif] = details
        encoded = kept.tobytes()
    return encoded if len(encoded) <= _MAX_BYTES else b""


def _resolution_of(exif):
    """Returns (across, down) per inch of EXIF data, or None."""
    unit = exif.get(_UNIT, _INCH)
    if unit not in (_INCH, _CENTIMETRE):
        return None
    factor = 2.54 if unit == _CENTIMETRE else 1
    return exif[_ACROSS] * factor, exif[_DOWN] * factor
