"""What the lists of calls and reports search by: parts of names and numbers by trigrams, where the
database has them, and the rare reports, which would else be looked for among all."""

from django.db import migrations, models

TRIGRAMS = {
    "entry_person_text": "upper(person::text)",
    "entry_number_text": "number_key",
}


def add_trigrams(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for name, column in TRIGRAMS.items():
        schema_editor.execute(
            f"CREATE INDEX {name} ON journaling_entry USING gin (({column}) gin_trgm_ops)"
        )


def drop_trigrams(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in TRIGRAMS:
            schema_editor.execute(f"DROP INDEX IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [
        ("connector", "0003_people_search"),
        ("journaling", "0021_erased_numbers"),
    ]
    operations = [
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                fields=["id"], name="event_chats", condition=models.Q(("kind", "chat"))
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                fields=["id"], name="event_from_log", condition=models.Q(("source", "call_log"))
            ),
        ),
        migrations.RunPython(add_trigrams, drop_trigrams),
    ]
