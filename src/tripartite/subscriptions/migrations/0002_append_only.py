from django.db import migrations

from tripartite.journal.append_only import append_only

TABLES = (
    "subscriptions_quantitychange",
    "subscriptions_gonelive",
    "subscriptions_duecharge",
    "subscriptions_notice",
    "subscriptions_deadlineletter",
)


class Migration(migrations.Migration):
    dependencies = [
        ("subscriptions", "0001_initial"),
    ]

    operations = [append_only(table) for table in TABLES]
