"""The HT of what an intervention makes due, where its tariff is voted HT."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("following", "0003_dismissals")]

    operations = [migrations.AddField("duecharge", "net_cents", models.BigIntegerField(null=True))]
