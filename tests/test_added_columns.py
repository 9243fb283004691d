"""A column added to a table leaves room for what is still running: the code of before inserts rows that ignore it."""

from collections.abc import Iterator

from django.db import migrations
from django.db.migrations.loader import MigrationLoader
from django.db.models import NOT_PROVIDED

OF_THIS_PROJECT = "tripartite."
BEFORE = {
    ("billing", "0002_pes_settings"),
    ("billing", "0003_reminders_as_papers"),
    ("conventions", "0007_offers"),
    ("conventions", "0009_text_offers"),
    ("following", "0002_put_right"),
    ("going_live", "0002_key_holder_reason"),
    ("going_live", "0003_offers"),
    ("going_live", "0005_given_up_in_part"),
    ("parties", "0003_what_an_act_covers"),
    ("parties", "0004_movements_and_updates"),
    ("parties", "0005_declared_bodies"),
    ("parties", "0006_dated_traits"),
    ("parties", "0007_updates_read_by_a_job"),
    ("quotes", "0005_amendments_named"),
    ("quotes", "0007_prices_given_by_agents"),
    ("quotes", "0009_offers"),
    ("subscriptions", "0005_offers"),
    ("tariffs", "0002_offers"),
}
"""Migrations of versions up to 0.2.0, which no upgrade passes any more while something runs."""


def columns_that_must_be_given() -> Iterator[tuple[str, str]]:
    """The migrations that add to an older table a column without which nothing can be inserted."""
    for (app, name), migration in MigrationLoader(None).disk_migrations.items():
        if not migration.__module__.startswith(OF_THIS_PROJECT) or migration.initial:
            continue
        for operation in migration.operations:
            if isinstance(operation, migrations.AddField):
                field = operation.field
                if not (field.null or field.many_to_many) and field.db_default is NOT_PROVIDED:
                    yield app, name


def test_an_added_column_has_a_value_that_the_base_gives_or_none() -> None:
    made_with_their_table = {("conventions", "0006_signing_refusals")}
    assert set(columns_that_must_be_given()) - made_with_their_table == BEFORE
