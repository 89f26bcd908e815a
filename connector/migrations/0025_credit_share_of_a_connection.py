"""The share of the credits is a setting of the connection, as all that a file can hold."""

import django.core.validators
from django.db import migrations, models


def copy_shares(apps, schema_editor):
    connections = apps.get_model("connector", "Connection").objects
    for organisation in apps.get_model("connector", "ZohoOrganisation").objects.all():
        sharing = connections.filter(grant__organisation=organisation)
        sharing.update(credit_share=organisation.credit_share)


class Migration(migrations.Migration):
    dependencies = [("connector", "0024_grants_wait")]
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
        migrations.AlterField(
            model_name='connection',
            name='keep_out',
            field=models.JSONField(blank=True, default=list, help_text="3CX's search does not say who searches: every extension sees what the contact directory holds. One condition per line, with API names: “Contacts: Contact_Status = Private” keeps those contacts out, “Leads: May_Call != true” keeps out all other leads. It holds within a minute, for all connections of the same organisation; then the directory is read anew.", verbose_name='records that nobody finds'),
        ),
        migrations.RemoveField(model_name="zohoorganisation", name="credit_share"),
    ]
