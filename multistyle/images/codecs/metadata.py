"""What a photograph's file says besides its pixels."""

import io
import struct
import zlib

from PIL import ExifTags, Image

from multistyle.errors import InputError
from multistyle.images.codecs.sources import opened

# Of the first directory; in a TIFF it also says how the pixels are stored.
_KEPT_TAGS = (
    *("ImageDescription", "Make", "Model", "Software", "DateTime"),
    *("Artist", "HostComputer", "Copyright", "Rating", "RatingPercent"),
    *("XPTitle", "XPComment", "XPAuthor", "XPKeywords", "XPSubject"),
    *("XResolution", "YResolution", "ResolutionUnit"),
)
_MAX_BYTES = 65_527  # Of a JPEG's segment, without its marker and length.
_STRIP_OFFSETS = 273
_PNG_START = 33  # Its signature and the chunk IHDR.
_TIFF_START = 8  # Its header.


def read_exif(source, size):
    """Reads the EXIF data of a photograph, for the picture made of it.

    The picture is upright, so that the orientation becomes 1; the size is set
    to the picture's, and the thumbnail, which shows the photograph, is left
    out. So are a camera maker's own notes where all is too much for a JPEG.

    Args:
        source: what `sources.opened` takes.
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


def exif_in_png(encoded, exif):
    """Puts EXIF data into the bytes of a PNG that has none."""
    body = b"eXIf" + exif.removeprefix(b"Exif\0\0")
    chunk = struct.pack(">I", len(body) - 4) + body
    chunk += struct.pack(">I", zlib.crc32(body))
    return encoded[:_PNG_START] + chunk + encoded[_PNG_START:]


def exif_in_tiff(encoded, exif):
    """Puts EXIF data into the bytes of a TIFF, among the tags it has.

    Pillow's own way fails where a compressed TIFF has directories of details.
    """
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
