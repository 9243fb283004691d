"""What is typed on the command line is read as it is by the other doors."""

import argparse

import pytest

from tripartite.cli.main import COMMANDS, parser
from tripartite.cli.words import read_day, read_reason


def actions(of: argparse.ArgumentParser) -> list[argparse.Action]:
    """Every option of a command and of its own commands."""
    found = []
    for action in of._actions:
        if isinstance(action, argparse._SubParsersAction):
            found += [each for one in action.choices.values() for each in actions(one)]
        else:
            found.append(action)
    return found


def test_no_command_takes_a_blank_reason():
    asked = [one for name in COMMANDS for one in actions(parser(name)) if "--reason" in one.option_strings]
    assert {one.type for one in asked if one.required} == {read_reason}
    assert {one.default for one in asked if not one.required} == {""}


@pytest.mark.parametrize("blank", ["", "   ", "\u00a0", "\u200b", "\n"])
def test_blanks_are_no_reason(blank):
    with pytest.raises(argparse.ArgumentTypeError, match="un motif ne peut pas être vide"):
        read_reason(blank)
    assert read_reason(f" Courrier{blank} ") == "Courrier"


def test_a_day_is_written_one_way():
    assert read_day("2026-11-23").isoformat() == "2026-11-23"
    for refused in ("23/11/2026", "9999-12-31"):
        with pytest.raises(argparse.ArgumentTypeError):
            read_day(refused)
