"""The totals of a quote, HT, where its tariff is voted HT."""

from django.db import migrations, models

NAMES = ("once_net_cents", "yearly_net_cents", "term_net_cents", "first_year_net_cents")


class Migration(migrations.Migration):
    dependencies = [("quotes", "0007_prices_given_by_agents")]

    operations = [migrations.AddField("quote", name, models.BigIntegerField(null=True)) for name in NAMES]
