"""How Sphinx builds the site: `sphinx-build -W -c docs . build/site`.

The source is the root of the repository, so that README.md is the front page
and links between documents hold in the repository and in the site alike.
"""

import shutil
from pathlib import Path

import multistyle
from multistyle.export.web import write_page

project = "multistyle"
author = "the authors of multistyle"
version = release = multistyle.__version__
root_doc = "README"
include_patterns = [
    "*.md",
    "docs/*.md",
    "*/README.md",
]
exclude_patterns = ["build", "runs", "tests", "venv", ".*", "**/.*"]

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
]
myst_heading_anchors = 3
napoleon_numpy_docstring = False
napoleon_custom_sections = [("Call arguments", "params_style"), "Reference"]
autodoc_member_order = "bysource"

default_role = "code"
add_module_names = False
autodoc_preserve_defaults = True
# The docstrings say in words what an argument may be.
autodoc_typehints = "none"

html_theme = "furo"
html_title = f"multistyle {version}"
html_copy_source = html_show_sourcelink = False
html_show_sphinx = html_show_copyright = False

# In the order in which a user meets them.
PAGES = (
    "page",
    "painting",
    "many_pictures",
    "ray",
    "own_paintings",
    "films",
    "training",
    "training_at_scale",
    "sharing",
    "python",
    "hosting",
    "serving",
    "other_programs",
    "evaluating",
    "speed",
    "when_it_fails",
    "how_it_works",
    "may_i_use_it",
    "commands",
    "reference",
    "design",
    "notebook",
)
OUTER_PAGES = (
    "data/README",
    "recipes/README",
    "benchmarks/README",
    "CONTRIBUTING",
    "SECURITY",
    "CHANGELOG",
)


# The page itself, which the site serves; its document elsewhere.
PAGE_LINK = "[**Open the page**](docs/page.md)"
PAGE_FOLDER = "app"


def add_table_of_contents(app, name, source):
    """Adds the site's menu to the front page, where no reader of it sees it.

    Its first link opens the page here.
    """
    if name == root_doc:
        link = f'<a href="{PAGE_FOLDER}/index.html"><b>Open the page</b></a>'
        source[0] = source[0].replace(PAGE_LINK, link)
        names = [f"docs/{page}" for page in PAGES] + list(OUTER_PAGES)
        lines = ["", "```{toctree}", ":hidden:", "", *names, "```", ""]
        source[0] += "\n".join(lines)


def add_index(app, exception):
    """Makes the front page what a server shows for the folder."""
    if exception is None and app.builder.name == "html":
        folder = Path(app.outdir)
        shutil.copyfile(folder / f"{root_doc}.html", folder / "index.html")


def add_page(app, exception):
    """Serves the page in the browser, with the small model."""
    if exception is None and app.builder.name == "html":
        write_page("paintings-fast", Path(app.outdir, PAGE_FOLDER))


def setup(app):
    app.connect("source-read", add_table_of_contents)
    app.connect("build-finished", add_index)
    app.connect("build-finished", add_page)
