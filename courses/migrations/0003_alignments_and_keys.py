"""Every outcome gets a key that follows it from version to version, every link to an outcome its own row."""

import uuid

from django.db import migrations


def fill(apps, schema_editor):
    Outcome = apps.get_model("courses", "Outcome")
    Placement = apps.get_model("courses", "Placement")
    Alignment = apps.get_model("courses", "Alignment")
    for outcome in Outcome.objects.select_related("design").iterator():
        # Versions of one course number their outcomes alike: the same number is the same outcome.
        outcome.key = uuid.uuid5(uuid.NAMESPACE_OID, f"{outcome.design.course_id}/{outcome.number}")
        outcome.save(update_fields=["key"])
    old = Placement.outcomes.through.objects.values_list("placement_id", "outcome_id")
    Alignment.objects.bulk_create(
        (Alignment(placement_id=placement, outcome_id=outcome) for placement, outcome in old), batch_size=500
    )


class Migration(migrations.Migration):
    dependencies = [("courses", "0002_studio_in_full")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
