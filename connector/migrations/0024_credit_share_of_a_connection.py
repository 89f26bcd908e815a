"""The share of the credits is a setting of the connection, as all that a file can hold."""

import django.core.validators
from django.db import migrations, models


def copy_shares(apps, schema_editor):
    connections = apps.get_model("connector", "Connection").objects
    for organisation in apps.get_model("connector", "ZohoOrganisation").objects.all():
        sharing = connections.filter(grant__organisation=organisation)
        sharing.update(credit_share=organisation.credit_share)


class Migration(migrations.Migration):
    dependencies = [("connector", "0023_allowed_addresses")]
    operations = [
        migrations.AddField(
            model_name="connection",
            name="credit_share",
            field=models.PositiveSmallIntegerField(
                default=10,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(90),
                ],
                verbose_name="share of the API credits for the mirror, per cent",
            ),
        ),
        migrations.RunPython(copy_shares, migrations.RunPython.noop),
        migrations.RemoveField(model_name="zohoorganisation", name="credit_share"),
    ]
