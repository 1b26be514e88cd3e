"""Weeks get a key that follows them from version to version, and comments on weeks hold on to it."""

import uuid

from django.db import migrations, models


def fill(apps, schema_editor):
    Week = apps.get_model("courses", "Week")
    Comment = apps.get_model("courses", "Comment")
    keys = {}
    for week in Week.objects.select_related("design").iterator():
        # Versions of one course number their weeks alike, as far as anybody can tell by now.
        week.key = keys[week.design_id, str(week.number)] = uuid.uuid5(
            uuid.NAMESPACE_OID, f"week/{week.design.course_id}/{week.number}"
        )
        week.save(update_fields=["key"])
    for comment in Comment.objects.filter(pin="week"):
        key = keys.get((comment.design_id, comment.pin_key))
        # A week that is gone: what was said of it is said of the design.
        comment.pin, comment.pin_key = ("week", str(key)) if key else ("design", "")
        comment.save(update_fields=["pin", "pin_key"])


def numbers_again(apps, schema_editor):
    Week = apps.get_model("courses", "Week")
    Comment = apps.get_model("courses", "Comment")
    for comment in Comment.objects.filter(pin="week"):
        week = Week.objects.filter(design=comment.design_id, key=comment.pin_key).first()
        comment.pin, comment.pin_key = ("week", str(week.number)) if week else ("design", "")
        comment.save(update_fields=["pin", "pin_key"])


class Migration(migrations.Migration):
    dependencies = [("courses", "0004_outcomes_through_alignments")]
    operations = [
        migrations.AddField(
            model_name="week",
            name="key",
            field=models.UUIDField(default=uuid.uuid4),
        ),
        migrations.AlterField(
            model_name="comment",
            name="pin_key",
            field=models.CharField(blank=True, help_text="Key of the placement or week, or the rule.", max_length=40),
        ),
        migrations.RunPython(fill, numbers_again),
    ]
