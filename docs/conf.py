"""How Sphinx builds the site. ``hatch run docs`` calls it with warnings as errors."""

import functools
import sys
from pathlib import Path

from pinecone_core import on_demand

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
on_demand.kept = functools.cached_property  # which autodoc knows for a property

project = "Pinecone in Python"
author = "the pinecone packages"
copyright = "the authors, Apache-2.0"
extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "site_reference",
    "site_changes",
    "site_llms",
]
exclude_patterns = ["_static"]

myst_enable_extensions = ["attrs_block", "colon_fence"]
myst_heading_anchors = 3

autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_member_order = "alphabetical"
autodoc_default_options = {"members": True}
napoleon_numpy_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 88
add_module_names = True
toc_object_entries_show_parents = "hide"
suppress_warnings = [
    "ref.python"
]  # an annotation `type[...]` also fits every attribute called `type`

html_theme = "furo"
html_title = "Pinecone in Python"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sourcelink = False
html_theme_options = {
    "light_css_variables": {
        "color-brand-primary": "#1c4fd6",
        "color-brand-content": "#1c4fd6",
    },
    "dark_css_variables": {
        "color-brand-primary": "#8ab4ff",
        "color-brand-content": "#8ab4ff",
    },
}
pygments_style = "default"
pygments_dark_style = "github-dark"
