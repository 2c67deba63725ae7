"""What the documents say of the tree and the models holds."""

import ast
import json
import re
import shutil

import pytest
from pages import DOCUMENTS, PAGES, ROOT, name_of, read_blocks

import multistyle
from multistyle.images.samples import PAINTINGS_FOLDER

README = (ROOT / "README.md").read_text("utf-8")
DATA_README = (ROOT / "data" / "README.md").read_text("utf-8")
DESIGN = (ROOT / "docs" / "design.md").read_text("utf-8")
HOW_IT_WORKS = (ROOT / "docs" / "how_it_works.md").read_text("utf-8")
MAX_README_BYTES = 8192


@pytest.mark.parametrize(
    "path",
    [path for path in DOCUMENTS if path.suffix == ".md"],
    ids=name_of,
)
def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text("utf-8")):
        if target.startswith("https://") or target.startswith("http://"):
            continue
        file, _, heading = target.partition("#")
        page = path.parent / file if file else path
        assert page.exists(), target
        if heading:
            assert heading in read_anchors(page.read_text("utf-8")), target


def read_anchors(text):
    headings = re.findall(r"^#+ (.*)$", text, re.M)
    return {
        re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
        for heading in headings
    }


def test_the_folders_are_those_that_exist():
    (tree,) = (
        content for _, content in read_blocks(DESIGN) if "  images/" in content
    )
    listed = re.findall(r"^( *)(\w+)/  ", tree, re.M)
    package = {name for indent, name in listed if indent}
    assert package == {
        path.parent.name for path in (ROOT / "multistyle").glob("*/__init__.py")
    }
    outside = {name for indent, name in listed if not indent}
    assert all((ROOT / name).is_dir() for name in outside)
    # What is not of the project may lie about: environments, runs, builds.
    known = {"multistyle", "tests", "data", "recipes", "benchmarks"}
    known |= {"examples", "docs", "integrations"}
    assert outside | {"multistyle"} == known
    for script in re.findall(r"\w+\.py", tree):
        assert (ROOT / script).is_file()


def test_the_ranks_are_those_of_the_layering_test():
    text = (ROOT / "tests" / "test_layering.py").read_text("utf-8")
    (ranks,) = (
        ast.literal_eval(node.value)
        for node in ast.parse(text).body
        if isinstance(node, ast.Assign) and node.targets[0].id == "RANKS"
    )
    listed = {
        name: int(rank)
        for rank, names in re.findall(
            r"^\| (-?\d) \| (.*?) ?(?:\(.*)?\|$",
            (ROOT / "CONTRIBUTING.md").read_text("utf-8"),
            re.M,
        )
        for name in re.findall(r"`(\w+)`", names)
    }
    assert {**listed, "__main__": ranks["__main__"]} == ranks


def test_the_numbers_of_parameters():
    counts = [
        multistyle.TransformNetwork(num_styles=n).count_params() for n in (1, 2)
    ]
    per_style = counts[1] - counts[0]
    for text in (README, HOW_IT_WORKS):
        assert f"{per_style:,} numbers" in text
        assert f"{counts[0] - per_style:,} weights" in text


def test_the_readme_is_read_in_one_go():
    assert len(README.encode()) <= MAX_README_BYTES


def test_the_readme_leads_to_every_page():
    for page in PAGES[1:]:
        assert f"]({name_of(page)}" in README


def test_the_version_is_in_the_changelog():
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert f"## {multistyle.__version__} - " in text


def test_the_weights_of_vgg16_are_where_the_data_page_says():
    from multistyle.perceptual import vgg16_weights

    name = vgg16_weights.KERAS_WEIGHTS_FILE
    assert f"`~/.keras/models/{name}`" in DATA_README
    assert f"<{vgg16_weights.VGG16_URL}>" in DATA_README
    assert vgg16_weights.WEIGHTS_VARIABLE in DATA_README


def test_the_credits_of_the_data_page_are_read(tmp_path):
    from multistyle.blends.names import style_name_from_stem
    from multistyle.learning.paintings import Paintings

    (example,) = (
        content
        for language, content in read_blocks(DATA_README)
        if language == "json"
    )
    shutil.copy(PAINTINGS_FOLDER / "starry_night.jpg", tmp_path)
    (tmp_path / "styles.json").write_text(example, "utf-8")
    assert Paintings(tmp_path).credits == json.loads(example)
    for stem, name in re.findall(
        r"`([^`]+)\.\w+`\s+(?:is|becomes)\s+`(\S+)`", DATA_README
    ):
        assert style_name_from_stem(stem) == name
