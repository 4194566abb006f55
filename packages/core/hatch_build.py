"""Compile what writes and reads vectors quickly, where there is a compiler; without it Python does the same.

``PINECONE_CORE_NATIVE=0`` builds the wheel for every platform, ``=1`` fails where nothing can be compiled.
"""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from packaging.tags import sys_tags
from setuptools import Distribution, Extension

MODULE = "pinecone_core._floats"
# From 3.11 on one file serves every later version too. The interpreter without a lock has no such files.
STABLE = sys.version_info >= (3, 11)
BUILDS = not sysconfig.get_config_var("Py_GIL_DISABLED") and sys.implementation.name == "cpython"


class BuildHook(BuildHookInterface):
    """Puts the compiled module into the wheel, or beside the sources of an editable installation."""

    _folder: TemporaryDirectory[str] | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and say what the wheel holds."""
        asked = os.environ.get("PINECONE_CORE_NATIVE", "")
        if asked == "0" or not BUILDS:
            return
        self._folder = TemporaryDirectory(prefix="pinecone-core-")  # goes with the process at the latest
        made = self._compiled(self._folder.name)
        if made is None:
            if asked == "1":
                raise RuntimeError(f"{MODULE} could not be compiled; what the compiler said is above")
            self.app.display_warning("no C compiler: vectors are written and read by Python, which is slower")
            return
        if version == "editable":
            place = Path(self.root, "src", "pinecone_core", made.name)
            new = place.with_name(f"{made.name}.{os.getpid()}")
            shutil.copyfile(made, new)
            new.replace(place)  # at once, for a program may be running with the one before
            return
        build_data["pure_python"] = False
        build_data["force_include"][str(made)] = f"pinecone_core/{made.name}"
        best = next(tag for tag in sys_tags() if not tag.platform.startswith(("manylinux", "musllinux")))
        interpreter, abi = ("cp311", "abi3") if STABLE else (best.interpreter, best.abi)
        build_data["tag"] = f"{interpreter}-{abi}-{best.platform}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Take away what was compiled on the way."""
        if self._folder is not None:
            self._folder.cleanup()

    def _compiled(self, folder: str) -> Path | None:
        extension = Extension(
            MODULE,
            [str(Path(self.root, "native", "floats.c"))],
            define_macros=[("Py_LIMITED_API", "0x030B0000")] if STABLE else [],
            py_limited_api=STABLE,
            optional=True,  # a failure is a warning
        )
        project = Distribution({"name": "pinecone-core", "ext_modules": [extension]})
        build = project.get_command_obj("build_ext")
        build.build_lib = build.build_temp = folder
        build.ensure_finalized()
        build.run()
        made = Path(build.get_outputs()[0])
        return made if made.exists() else None
