"""`python -m tests.scenarios FILE`: one story on a fresh temporary database, through every door, told step by step."""

import argparse
import os
import sys
import tempfile
from pathlib import Path


def main() -> int:
    """Tell the story. Exit status: 0 it goes as told, 1 something differs, 2 the file cannot be read."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.scenarios", description="Joue un récit par les trois portes."
    )
    parser.add_argument("story", type=Path, help="fichier TOML du récit (tests/scenarios/README.md)")
    path = parser.parse_args().story
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "TRIPARTITE_MODE": "local",
            "TRIPARTITE_VAR": folder,
            "DATABASE_URL": f"sqlite:///{folder}/recit.sqlite3",
            "DJANGO_SETTINGS_MODULE": "tripartite.settings",
        }
        return _tell(path)


def _tell(path: Path) -> int:
    import django  # noqa: PLC0415 - the settings read the environment

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection, transaction  # noqa: PLC0415
    from django.test.utils import setup_test_environment  # noqa: PLC0415

    from tests.scenarios.running import DOORS, run_story  # noqa: PLC0415
    from tests.scenarios.story import StoryError, read_story  # noqa: PLC0415

    try:
        story = read_story(path)
    except StoryError as error:
        print(error, file=sys.stderr)
        return 2
    setup_test_environment()
    call_command("migrate", verbosity=0, interactive=False)
    print(story.title)
    different = 0
    for door in DOORS:
        print(f"\n── par la porte « {door} »")
        try:
            with transaction.atomic():
                for told in run_story(story, door):
                    different += len(told.differences)
                    print(f"{'✗' if told.differences else '✓'} {told.step}", flush=True)
                    for difference in told.differences:
                        print(f"    {difference}", flush=True)
                transaction.set_rollback(True)
        except StoryError as error:
            print(error, file=sys.stderr)
            return 2
    connection.close()
    print("\nLe récit se déroule comme il est écrit." if not different else f"\n{different} différence(s).")
    return 1 if different else 0


sys.exit(main())
