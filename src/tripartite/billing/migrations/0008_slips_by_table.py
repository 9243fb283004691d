"""A slip whose titles leave in a table."""

from django.db import migrations, models

from tripartite.journal.append_only import append_only, no_longer_append_only


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0007_portal_facts'),
    ]

    operations = [
        no_longer_append_only("billing_revenueslip"),
        migrations.AddField(
            model_name='revenueslip',
            name='by_table',
            field=models.BooleanField(db_default=False, default=False),
        ),
        append_only("billing_revenueslip"),
    ]
