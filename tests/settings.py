"""The settings of the tests: the real ones, whatever the shell says, in a data folder of their own for each run.

pytest-django reads the settings before any conftest.py: it is here that a run is set apart from the others, and from
an application that serves beside it. Workers of a run share nothing either: each has its folder inside the run's.
"""

import atexit
import os
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

WORKER = os.environ.get("PYTEST_XDIST_WORKER")
RUN = Path(os.environ["TRIPARTITE_VAR"]) if WORKER else Path(tempfile.mkdtemp(prefix="tripartite-tests-"))
if not WORKER:
    atexit.register(shutil.rmtree, RUN, ignore_errors=True)
for name in [name for name in os.environ if name.startswith("TRIPARTITE_") or name == "PORT"]:
    del os.environ[name]
os.environ["TRIPARTITE_MODE"] = "local"
os.environ["TRIPARTITE_VAR"] = str(RUN / WORKER if WORKER else RUN)

from tripartite.settings import *  # noqa: E402, F403 - once the environment is what they are to read
from tripartite.settings import MIDDLEWARE  # noqa: E402

# Pages are read as a keyboard types them: their typography has tests of its own, which put it back.
TYPOGRAPHY = "tripartite.web.shell.typography.FrenchTypography"
MIDDLEWARE = [name for name in MIDDLEWARE if name != TYPOGRAPHY]

# Thousands of accounts are opened: hashing them as slowly as in earnest would take longer than most of what is tried.
# How they are hashed has a test of its own, which puts the real way back.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Set-ups write rows that no act tells: nothing is recalled from one page to the next, but where that is tried.
RECALLED_FOR = timedelta(0)

os.environ["DJANGO_SETTINGS_MODULE"] = "tripartite.settings"  # in the processes that tests start
