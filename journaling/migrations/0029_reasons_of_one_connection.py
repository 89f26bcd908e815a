"""The list of one connection's calls filtered by a reason, or by what is parked or left out.

Left to the index of either, PostgreSQL read every call of a connection that had none of these, or
every such call of the others. What is reported and delivered is not written into them.
"""

from django.db import migrations, models

INDEXES = (
    models.Index(
        condition=models.Q(("reason", ""), _negated=True),
        fields=["connection", "reason", "-created_at"],
        name="entry_by_reason_of_one",
    ),
    models.Index(
        condition=models.Q(("state__in", ["parked", "left_out"])),
        fields=["connection", "state", "-created_at"],
        name="entry_aside_of_one",
    ),
)


def make_indexes(apps, schema_editor):
    """No report waits for them (see migration 0027); done again they are made anew."""
    entry = apps.get_model("journaling", "Entry")
    drop_indexes(apps, schema_editor)
    for index in INDEXES:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.add_index(entry, index)
        else:
            schema_editor.add_index(entry, index, concurrently=True)


def drop_indexes(apps, schema_editor):
    way = "" if schema_editor.connection.vendor == "sqlite" else "CONCURRENTLY "
    for index in INDEXES:
        schema_editor.execute(f"DROP INDEX {way}IF EXISTS {index.name}")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("journaling", "0028_account_left_over")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddIndex(model_name="entry", index=index) for index in INDEXES
            ]
        ),
        migrations.RunPython(make_indexes, drop_indexes),
    ]
