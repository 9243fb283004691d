"""The settings of a worker in a process of its own: with the kind of work that these tests start."""

from tests.patient import *  # noqa: F403 - the real settings, and one kind more
from tripartite.settings import JOBS

JOBS = {**JOBS, "trial": "tests.jobs.trial"}
