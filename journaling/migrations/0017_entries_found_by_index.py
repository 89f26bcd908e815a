

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('connector', '0015_read_extensions'),
        ('journaling', '0016_follow_up'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(condition=models.Q(('claim__isnull', False)), fields=['claim'], name='entry_held'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['state', '-created_at'], name='entry_by_state'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['kind', '-created_at'], name='entry_by_kind'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['extension', '-created_at'], name='entry_by_extension'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(condition=models.Q(('reason', ''), _negated=True), fields=['reason', '-created_at'], name='entry_by_reason'),
        ),
    ]
