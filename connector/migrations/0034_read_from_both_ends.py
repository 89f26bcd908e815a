from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("connector", "0033_too_often")]

    operations = [
        migrations.AddField(
            model_name="mirror",
            name="upper_page_token",
            field=models.TextField(blank=True, db_default=""),
        ),
        migrations.AddField(
            model_name="mirror",
            name="upper_zoho_id",
            field=models.CharField(blank=True, db_default="", max_length=40),
        ),
    ]
