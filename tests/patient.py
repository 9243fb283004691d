"""The settings of a process that a test starts: the real ones, but that whoever writes waits for its turn as long as a
test waits for anything. An application in service gives up sooner and says so, which has tests of its own.
"""

from tests.bounds import PATIENCE
from tripartite.databases import TURN
from tripartite.settings import *  # noqa: F403 - the real settings, and more patience
from tripartite.settings import DATABASES

OPTIONS = DATABASES["default"]["OPTIONS"]
if "timeout" in OPTIONS:
    OPTIONS["timeout"] = PATIENCE
else:
    OPTIONS["options"] = OPTIONS["options"].replace(f"lock_timeout={TURN}s", f"lock_timeout={PATIENCE}s")
