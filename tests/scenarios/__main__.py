"""`python -m tests.scenarios FILE`: one story on a fresh temporary database, through every door, told step by step;
`python -m tests.scenarios --lives 40`: forty random lives instead, what differs alone being told. Either on SQLite, or
with `--database=postgresql` on a server of its own.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from bench.stopping import stop_in_order

from tests.scenarios.bases import BASES, empty_base, undone
from tripartite.pricing.french import counted


def main() -> int:
    """Tell the story. Exit status: 0 it goes as told, 1 something differs, 2 the file cannot be read."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.scenarios", description="Joue un récit par les trois portes."
    )
    parser.add_argument("story", type=Path, nargs="?", help="fichier TOML du récit (tests/scenarios/README.md)")
    parser.add_argument("--lives", type=int, metavar="N", help="joue N vies tirées au sort, au lieu d'un récit")
    parser.add_argument("--from", type=int, default=1, dest="first", metavar="N", help="numéro de la première vie")
    parser.add_argument("--database", choices=BASES, default="sqlite", help="la base ; postgresql a son propre serveur")
    arguments = parser.parse_args()
    if (arguments.story is None) == (arguments.lives is None):
        parser.error("donner un récit, ou --lives N")
    with tempfile.TemporaryDirectory() as folder, empty_base(arguments.database, Path(folder)) as url:
        os.environ |= {
            "TRIPARTITE_MODE": "local",
            "TRIPARTITE_VAR": folder,
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "tripartite.settings",
        }
        import django  # noqa: PLC0415 - the settings read the environment

        django.setup()
        if arguments.story is None:
            return _tell_lives(range(arguments.first, arguments.first + arguments.lives))
        return _tell(arguments.story)


def _install() -> None:
    from django.core.management import call_command  # noqa: PLC0415
    from django.test.utils import setup_test_environment  # noqa: PLC0415

    setup_test_environment()
    call_command("migrate", verbosity=0, interactive=False)


def _tell_lives(seeds: range) -> int:
    """Random lives, each through the doors in turn: what differs from what is reckoned apart."""
    from django.db import connection  # noqa: PLC0415

    from tests.scenarios.lives import Life  # noqa: PLC0415
    from tests.scenarios.running import DOORS, run_story  # noqa: PLC0415
    from tests.scenarios.story import story_of  # noqa: PLC0415

    _install()
    different, days = 0, 0
    for seed in seeds:
        life, door = Life(seed), list(DOORS)[seed % len(DOORS)]
        with undone():
            found = list(run_story(story_of(life.told(), name=life.title), door))
        days += sum(told.step.do in {"cost", "due"} for told in found)
        for told in found:
            different += len(told.differences)
            for difference in told.differences:
                print(f"{life.title}, porte « {door} », {told.step} : {difference}", flush=True)
    connection.close()
    lived = f"{len(seeds)} vies sur {connection.display_name}, {days} jours chiffrés"
    print(f"{lived}, {counted(different, 'différence')}.")
    return 1 if different else 0


def _tell(path: Path) -> int:
    from django.db import connection  # noqa: PLC0415

    from tests.scenarios.running import DOORS, run_story  # noqa: PLC0415
    from tests.scenarios.story import StoryError, read_story  # noqa: PLC0415

    try:
        story = read_story(path)
    except StoryError as error:
        print(error, file=sys.stderr)
        return 2
    _install()
    print(story.title)
    different = 0
    for door in DOORS:
        print(f"\n── par la porte « {door} »")
        try:
            with undone():
                for told in run_story(story, door):
                    different += len(told.differences)
                    print(f"{'✗' if told.differences else '✓'} {told.step}", flush=True)
                    for difference in told.differences:
                        print(f"    {difference}", flush=True)
        except StoryError as error:
            print(error, file=sys.stderr)
            return 2
    connection.close()
    print("\nLe récit se déroule comme il est écrit." if not different else f"\n{counted(different, 'différence')}.")
    return 1 if different else 0


stop_in_order()
sys.exit(main())
