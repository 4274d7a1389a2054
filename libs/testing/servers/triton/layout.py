"""Puts the stub of this Python beside Triton's Python backend, and writes down where things are: `layout.py OUT.json`."""

import json
import shutil
import sys
import sysconfig
from pathlib import Path

site_packages = Path(sysconfig.get_path("purelib"))
triton = site_packages / "pytriton" / "tritonserver"
version = f"{sys.version_info.major}.{sys.version_info.minor}"
stub = triton / "python_backend_stubs" / version / "triton_python_backend_stub"
(triton / "bin" / "tritonserver").chmod(0o755)
Path(shutil.copy(stub, triton / "backends" / "python")).chmod(0o755)
# Relative, because the environment is moved when it is whole.
layout = {"sitePackages": str(site_packages.relative_to(sys.prefix)), "libraries": sysconfig.get_config_var("LIBDIR")}
Path(sys.argv[1]).write_text(json.dumps(layout))
