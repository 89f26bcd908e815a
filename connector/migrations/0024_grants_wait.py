from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("connector", "0023_allowed_addresses")]
    operations = [
        migrations.AddField(
            model_name="zohogrant",
            name="waits_until",
            field=models.DateTimeField(null=True),
        ),
    ]
