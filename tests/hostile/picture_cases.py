"""Hostile pictures of every kind, the same in every run."""

import functools
import io
import os
import socket
import struct
import zipfile
import zlib

import numpy as np
from PIL import Image, ImageCms, PngImagePlugin, features

from tests.hostile.cases import SEED, Case, cut, flip, overwrite

SIZE = (24, 32)  # Height, width.
# Of these a file is read or refused, as the system and its owner please.
_TAG_MAKE, _TAG_TURN, _TAG_EXIF, _TAG_GPS = 0x010F, 0x0112, 0x8769, 0x8825
_HTML = b"<html><script>alert(document.domain)</script></html>"


@functools.cache
def good_pictures():
    """Returns small pictures of every format that is read: name -> bytes."""
    random = np.random.default_rng(SEED)
    pixels = random.integers(0, 256, (3, *SIZE, 4), np.uint8)
    color = Image.fromarray(pixels[0, ..., :3])
    frames = [Image.fromarray(frame) for frame in pixels]
    exif = Image.Exif()
    exif[_TAG_MAKE], exif[_TAG_TURN] = "A camera", 6
    exif.get_ifd(_TAG_EXIF)[0x9003] = "2020:01:01 00:00:00"
    moving = {"save_all": True, "append_images": frames[1:], "duration": 40}
    pictures = {
        "png": _encode(color, "PNG", exif=exif, icc_profile=srgb_profile()),
        "alpha.png": _encode(frames[0], "PNG"),
        "palette.png": _encode(color.quantize(17), "PNG"),
        "deep.png": _deep_png(random),
        "moving.png": _encode(frames[0], "PNG", **moving),
        "jpg": _encode(color, "JPEG", exif=exif, icc_profile=srgb_profile()),
        "progressive.jpg": _encode(color, "JPEG", progressive=True),
        "cmyk.jpg": _encode(color.convert("CMYK"), "JPEG"),
        "mpo.jpg": _encode(color, "MPO", save_all=True, append_images=[color]),
        "gif": _encode(color.quantize(), "GIF"),
        "moving.gif": _encode(frames[0], "GIF", **moving),
        "webp": _encode(color, "WEBP", exif=exif),
        "lossless.webp": _encode(frames[0], "WEBP", lossless=True),
        "moving.webp": _encode(frames[0], "WEBP", **moving),
        "tif": _encode(color, "TIFF"),
        "deflate.tif": _encode(color, "TIFF", compression="tiff_adobe_deflate"),
        "lzw.tif": _encode(color, "TIFF", compression="tiff_lzw"),
        "pages.tif": _encode(frames[0], "TIFF", **moving),
        "grey16.tif": _encode(
            Image.fromarray(random.integers(0, 65536, SIZE, np.uint16)), "TIFF"
        ),
        "bmp": _encode(color, "BMP"),
        "ppm": _encode(color, "PPM"),
    }
    if features.check("avif"):
        pictures["avif"] = _encode(color, "AVIF")
    try:
        import pillow_heif
    except ImportError:
        return pictures
    file = io.BytesIO()
    pillow_heif.from_pillow(color).save(file, format="HEIF")
    return {**pictures, "heic": file.getvalue()}


@functools.cache
def hostile_pictures():
    """Returns the `Case`s, about 230, none of which is a film."""
    cases = [
        *_damaged(),
        *_lying(),
        *_bombs(),
        *_profiles(),
        *_exif(),
        *_polyglots(),
        *_names(),
        *_links(),
    ]
    assert len({case.name for case in cases}) == len(cases)
    return cases


def srgb_profile():
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def png_chunk(kind, data):
    end = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", end)


def png(width, height, *chunks, depth=8, color=2, data=b"\0" * 64):
    """Returns a PNG that says its size, whatever its data are."""
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            png_chunk(b"IHDR", header),
            *chunks,
            png_chunk(b"IDAT", zlib.compress(data)),
            png_chunk(b"IEND", b""),
        )
    )


def _encode(image, format, **options):
    file = io.BytesIO()
    if format == "JPEG" or format == "MPO":
        image = image if image.mode == "CMYK" else image.convert("RGB")
    image.save(file, format, **options)
    return file.getvalue()


def _deep_png(random, *chunks):
    height, width = SIZE
    rows = [b"\0" + random.bytes(6 * width) for _ in range(height)]
    return png(width, height, *chunks, depth=16, data=b"".join(rows))


def _damaged():
    """Cut short, bits flipped, and runs of noise."""
    random = np.random.default_rng(SEED)
    for name, data in good_pictures().items():
        yield Case(f"cut_1_{name}", cut(random, data))
        yield Case(f"cut_2_{name}", data[: -1 - len(data) // 4])
        yield Case(f"flipped_1_{name}", flip(random, data, 2))
        yield Case(f"flipped_2_{name}", flip(random, data, 30))
        yield Case(f"noisy_{name}", overwrite(random, data, 40))


def _lying():
    """Headers that say another size, or things that cannot be."""
    known = good_pictures()
    for width, height in (
        (0, 0),
        (1, 2**31 - 1),
        (2**31 - 1, 2**31 - 1),
        (2**32 - 1, 1),
        (9000, 9000),
        (33, 24),
    ):
        yield Case(f"lying_{width}_{height}.png", png(width, height))
    for size in (0, 1, 16_383, 65_535):
        jpeg = bytearray(known["jpg"])
        place = jpeg.index(b"\xff\xc0") + 5
        jpeg[place : place + 4] = struct.pack(">HH", size, size)
        yield Case(f"lying_{size}.jpg", bytes(jpeg))
        gif = bytearray(known["moving.gif"])
        gif[6:10] = struct.pack("<HH", size, size)
        yield Case(f"lying_{size}.gif", bytes(gif))
    for width, height in ((-5, 5), (2**31 - 1, -(2**31)), (40_000, 40_000)):
        bitmap = bytearray(known["bmp"])
        bitmap[18:26] = struct.pack("<ii", width, height)
        yield Case(f"lying_{width}_{height}.bmp", bytes(bitmap))
    bitmap = bytearray(known["bmp"])
    bitmap[28:30] = struct.pack("<H", 63)
    yield Case("lying_depth.bmp", bytes(bitmap))
    for number, header in enumerate(
        (
            b"P6 99999999999999999999 3 255\n",
            b"P6 40000 40000 255\n",
            b"P6 -4 4 255\n",
            b"P6 4 4 0\n",
            b"P6 4 4 70000\n",
            b"P5 1000000000 1 65535\n",
            b"P4 8 8\n",
            b"P3 2 2 255\n1 2 3 x y z 4 5 6",
            b"Pf 4 4 -1.0\n",
            b"P7\nWIDTH 4\nHEIGHT 4\nDEPTH 3\nMAXVAL 255\nENDHDR\n",
        )
    ):
        yield Case(f"lying_{number}.ppm", header + b"\1\2\3")
    for tag, value in (
        (256, 2**31 - 1),  # Width.
        (257, 0),  # Height.
        (258, 60_000),  # Bits a sample.
        (259, 34_712),  # Compression.
        (273, 2**32 - 1),  # Where a strip begins,
        (278, 2**32 - 1),  # how many rows it has,
        (279, 2**31),  # and how many bytes.
        (277, 900),  # Samples a pixel.
        (262, 77),  # What they are.
    ):
        yield Case(f"lying_{tag}.tif", _with_tag(known["tif"], tag, value))
    webp = bytearray(known["moving.webp"])
    webp[24:30] = b"\xff" * 6  # 16,777,216 a side.
    yield Case("lying.webp", bytes(webp))
    webp[4:8] = struct.pack("<I", 2**32 - 1)
    yield Case("lying_length.webp", bytes(webp))


def _with_tag(tiff, tag, value):
    """Returns a TIFF, little-endian, of which a tag has another value."""
    (start,) = struct.unpack("<I", tiff[4:8])
    (count,) = struct.unpack("<H", tiff[start : start + 2])
    for place in range(start + 2, start + 2 + 12 * count, 12):
        if struct.unpack("<H", tiff[place : place + 2])[0] == tag:
            entry = struct.pack("<HHII", tag, 4, 1, value)
            return tiff[:place] + entry + tiff[place + 12 :]
    raise KeyError(tag)


def _bombs():
    """Small files that would become large, long or endless."""
    known = good_pictures()
    zeros = zlib.compress(b"\0" * 5_000_000, 9)
    yield Case("bomb_pixels.png", png(50_000, 50_000, data=b"\0" * 20_000_000))
    yield Case("bomb_rows.png", png(4, 4, data=b"\0" * 20_000_000))
    for kind, start in (
        (b"zTXt", b"a\0\0"),
        (b"iTXt", b"a\0\1\0\0\0"),
        (b"iCCP", b"a\0\0"),
    ):
        name = f"bomb_{kind.decode()}.png"
        bomb = png_chunk(kind, start + zeros)
        yield Case(name, png(4, 4, bomb))
    texts = [png_chunk(b"tEXt", b"k%d\0v" % i) for i in range(3_000)]
    yield Case("bomb_texts.png", png(4, 4, *texts))
    for count in (0, 2**31 - 1):
        control = png_chunk(b"acTL", struct.pack(">II", count, 0))
        yield Case(f"bomb_frames_{count}.png", png(4, 4, control))
    frame = struct.pack(">IIIIIHHBB", 0, 2**31 - 1, 2**31 - 1, 9, 9, 1, 1, 0, 0)
    control = png_chunk(b"acTL", struct.pack(">II", 2, 0))
    yield Case(
        "bomb_frame_size.png", png(4, 4, control, png_chunk(b"fcTL", frame))
    )
    gif = known["moving.gif"]
    block = b"!\xf9\4\0\0\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0"
    yield Case("bomb_frames.gif", gif[:-1] + block * 20_000 + b";")
    yield Case("bomb_no_end.gif", gif[:-1] + b"!\xfe" + b"\xffx" * 100_000)
    whole = struct.pack("<HHHH", 0, 0, 65_535, 65_535)
    yield Case("bomb_frame.gif", gif[:-1] + b"," + whole + b"\0\2\2D\1\0;")
    tiff = bytearray(known["tif"])
    (start,) = struct.unpack("<I", tiff[4:8])
    (count,) = struct.unpack("<H", tiff[start : start + 2])
    following = start + 2 + 12 * count
    loop = bytearray(tiff)
    loop[following : following + 4] = struct.pack("<I", start)
    yield Case("bomb_own_page.tif", bytes(loop))
    # Pages without end: each names the next, which is the same further on.
    page = struct.pack("<HHHII", 1, 256, 4, 1, 9)
    pages = bytearray(tiff)
    pages[following : following + 4] = struct.pack("<I", len(pages))
    for _ in range(3000):
        pages += page + struct.pack("<I", len(pages) + len(page) + 4)
    yield Case("bomb_pages.tif", bytes(pages))
    big = struct.pack("<2sHHHQQ", b"II", 43, 8, 0, 16, 2**63)
    yield Case("bomb_entries.tif", big)
    yield Case(
        "bomb_entries_2.tif",
        struct.pack("<2sHI", b"II", 42, 8) + struct.pack("<H", 65_535),
    )
    comments = b"\xff\xfe\xff\xff" + b"x" * 65_533
    jpeg = known["jpg"]
    yield Case("bomb_comments.jpg", jpeg[:2] + comments * 200 + jpeg[2:])
    scan = jpeg[jpeg.index(b"\xff\xda") :]
    progressive = known["progressive.jpg"]
    start = progressive.rindex(b"\xff\xda")
    scans = progressive[start:-2] * 3000
    yield Case("bomb_scans.jpg", progressive[:start] + scans + scan[-2:])
    heads = b"\xff\xd8" * 50_000
    yield Case("bomb_starts.jpg", heads + jpeg)


def _profiles():
    """Colour profiles that are broken, or of other pixels."""
    random = np.random.default_rng(SEED + 1)
    good = srgb_profile()
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    tags = bytearray(good)
    tags[128:132] = struct.pack(">I", 2**32 - 1)
    outside = bytearray(good)
    outside[136:144] = struct.pack(">II", 2**31, 2**31)
    curve = bytearray(good)
    place = curve.find(b"para")
    curve[place + 8 : place + 10] = struct.pack(">H", 60_000)
    endless = bytearray(good)
    endless[place : place + 12] = b"curv\0\0\0\0" + b"\xff" * 4
    gamma = bytearray(good)
    gamma[place + 12 : place + 16] = struct.pack(">i", -(2**31))
    cmyk = bytearray(good)
    cmyk[16:20] = b"CMYK"
    grey = bytearray(good)
    grey[16:20] = b"GRAY"
    profiles = {
        "empty": b"",
        "short": good[:100],
        "half": good[: len(good) // 2],
        "noise": random.bytes(3000),
        "lab": lab,
        "tags": tags,
        "outside": outside,
        "curve": curve,
        "endless": endless,
        "gamma": gamma,
        "cmyk": cmyk,
        "grey": grey,
        "flipped": flip(random, good, 60),
    }
    color = Image.new("RGB", SIZE[::-1], (200, 90, 20))
    for name, profile in profiles.items():
        profile = bytes(profile)
        yield Case(
            f"profile_{name}.jpg", _encode(color, "JPEG", icc_profile=profile)
        )
        packed = png_chunk(b"iCCP", b"p\0\0" + zlib.compress(profile))
        yield Case(f"profile_{name}.png", _deep_png(random, packed))


def _exif():
    """EXIF data that are broken, lie, or lead in circles."""
    random = np.random.default_rng(SEED + 2)
    start = b"Exif\0\0II*\0\x08\0\0\0"

    def directory(*entries, following=0):
        count = struct.pack("<H", len(entries))
        return count + b"".join(entries) + struct.pack("<I", following)

    def entry(tag, kind, count, value):
        return struct.pack("<HHII", tag, kind, count, value)

    blocks = {
        "empty": b"",
        "header": b"Exif\0\0",
        "noise": b"Exif\0\0" + random.bytes(500),
        "turn_0": start + directory(entry(_TAG_TURN, 3, 1, 0)),
        "turn_9": start + directory(entry(_TAG_TURN, 3, 1, 9)),
        "turn_text": start + directory(entry(_TAG_TURN, 2, 4, 0x41414141)),
        "turn_many": start + directory(entry(_TAG_TURN, 3, 2**31, 8)),
        "circle": start + directory(entry(_TAG_EXIF, 4, 1, 8), following=8),
        "place": start + directory(entry(_TAG_GPS, 4, 1, 8)),
        "outside": start + directory(entry(_TAG_EXIF, 4, 1, 2**31)),
        "huge": start + directory(entry(_TAG_MAKE, 2, 2**32 - 1, 26)),
        "many": start + struct.pack("<H", 65_535) + b"\1" * 4000,
        "ratio": start
        + directory(entry(0x011A, 5, 1, 38), entry(0x0128, 3, 1, 2))
        + struct.pack("<II", 7, 0),
        "kind": start + directory(entry(_TAG_MAKE, 99, 5, 26)),
        "order": b"Exif\0\0XX*\0\x08\0\0\0",
        "text": start
        + directory(entry(_TAG_MAKE, 2, 24, 26))
        + b"\x1b]0;title\a<script>\0\xff\xfe\n",
    }
    for name, block in blocks.items():
        color = Image.new("RGB", SIZE[::-1], (20, 90, 200))
        yield Case(f"exif_{name}.jpg", _encode(color, "JPEG", exif=block))


def _polyglots():
    """Files of two kinds, and of kinds that are no pictures."""
    known = good_pictures()
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("../../escaped.txt", "out")
    packed = archive.getvalue()
    comment = PngImagePlugin.PngInfo()
    comment.add_text("Comment", "<?php system($_GET[0]); ?>")
    php = io.BytesIO()
    Image.new("RGB", (9, 9)).save(php, "PNG", pnginfo=comment)
    others = {
        "zip_behind.png": known["png"] + packed,
        "zip_behind.jpg": known["jpg"] + packed,
        "html_behind.gif": known["gif"] + _HTML,
        "script.gif": b"GIF89a/*" + b"\0" * 40 + b"*/=1;alert(1)",
        "php.png": php.getvalue(),
        "zip.png": packed,
        "page.html.jpg": _HTML,
        "vector.png": b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY x SYSTEM '
        b'"file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg">'
        b"<text>&x;</text></svg>",
        "postscript.png": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"
        b"(touched) (w) file closefile\nshowpage\n",
        "document.jpg": b"%PDF-1.7\n1 0 obj<</OpenAction 2 0 R>>endobj\n%%EOF",
        "program.png": b"\x7fELF\2\1\1" + b"\0" * 200,
        "shell.png": b"#!/bin/sh\ntouch touched\n",
        "pickle.png": b"cos\nsystem\n(S'touch touched'\ntR.",
        "magick.jpg": b"push graphic-context\nimage over 0,0 0,0 "
        b"'|touch touched'\npop graphic-context\n",
        "playlist.png": b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
        "icon.png": b"\0\0\1\0\1\0\xff\xff\0\0\1\0\x20\0\4\0\0\0\x16\0\0\0aaaa",
        "photoshop.png": b"8BPS\0\1" + b"\0" * 6 + b"\0\3" + b"\xff" * 8,
        "targa.png": b"\0\0\x0a" + b"\0" * 9 + b"\xff\xff\xff\xff\x20\0" * 4,
        "dds.png": b"DDS |\0\0\0" + b"\xff" * 120,
        "fits.png": b"SIMPLE  =                    T" + b" " * 50 + b"END",
        "im.png": b"Image type: RGB image\r\nFile size (no of images): 9\r\n",
        "mpeg.jpg": b"\0\0\1\xb3" + b"\xff" * 60,
        "text.jpg": "Liebe Grüße".encode(),
        "empty.png": b"",
        "byte.jpg": b"\xff",
        "zeros.png": b"\0" * 5000,
        "signature.png": b"\x89PNG\r\n\x1a\n",
        "signature.jpg": b"\xff\xd8",
        "signature.gif": b"GIF89a",
        "signature.webp": b"RIFF\xff\xff\xff\xffWEBP",
        "signature.tif": b"II*\0",
        "signature.heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        "signature.avif": b"\0\0\0\x18ftypavif\0\0\0\0mif1avif",
    }
    for name, data in others.items():
        yield Case(f"polyglot_{name}", data)


def _names():
    """Whole pictures whose names are not harmless."""
    data = good_pictures()["png"]
    for name in (
        "..png",
        "...png",
        ".. .png",
        "-rf.png",
        "--output=elsewhere.png",
        "a\nb.png",
        "a\rMultistyle: all is well.png",
        "\x1b[2J\x1b]0;title\x07.png",
        "\x7f\x9b31m.png",
        "\u202egnp.exe.png",
        "<img src=x onerror=alert(1)>.png",
        "'; DROP TABLE styles;--.png",
        "$(touch touched).png",
        "`touch touched`.png",
        "; touch touched;.png",
        "| touch touched.png",
        "%s%n%08x.png",
        "{0.__class__}.png",
        "a,b.png",
        "[a-z]?.png",
        "**.png",
        "~.png",
        "~root.png",
        "name=value.png",
        "night:mine.png",
        "C:\\windows\\x.png",
        "..\\..\\x.png",
        "CON.png",
        "x" * 240 + ".png",
        "e\u0301\u00e9.png",
        "\U0001f5bc\ufe0f.png",
        "no suffix",
        "two.jpg.png",
        "frame_%04d.png",
        os.fsdecode(b"\xff\xfe\x80.png"),
    ):
        yield Case(name, data)


def _links():
    """What is no file of its own."""

    def pipe(path):
        os.mkfifo(path)

    def plug(path):
        with socket.socket(socket.AF_UNIX) as own:
            # Its name may have 100 letters.
            place = os.path.relpath(path)
            own.bind(place if len(place) < len(str(path)) else str(path))

    for name, target in (
        ("link_itself.png", "link_itself.png"),
        ("link_circle_1.png", "link_circle_2.png"),
        ("link_circle_2.png", "link_circle_1.png"),
        ("link_nowhere.png", "nowhere/at/all.png"),
        ("link_zero.png", "/dev/zero"),
        ("link_random.png", "/dev/urandom"),
        ("link_full.png", "/dev/full"),
        ("link_null.png", "/dev/null"),
        ("link_words.png", "/etc/passwd"),
        ("link_process.png", "/proc/self/environ"),
        ("link_up.png", ".."),
        ("link_long.png", "x/" * 2000 + "x"),
    ):
        yield Case(name, lambda path, target=target: os.symlink(target, path))
    yield Case("folder.png", lambda path: path.mkdir())
    yield Case("pipe.png", pipe)
    yield Case("socket.png", plug)
