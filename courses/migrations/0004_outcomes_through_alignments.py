from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("courses", "0003_alignments_and_keys")]
    operations = [
        migrations.RemoveField(model_name="placement", name="outcomes"),
        migrations.AddField(
            model_name="placement",
            name="outcomes",
            field=models.ManyToManyField(
                blank=True, related_name="placements", through="courses.Alignment", to="courses.outcome"
            ),
        ),
        migrations.AddConstraint(
            model_name="outcome",
            constraint=models.UniqueConstraint(fields=("design", "key"), name="outcome_key_once"),
        ),
    ]
