from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("courses", "0005_week_key")]
    operations = [
        migrations.AddConstraint(
            model_name="week",
            constraint=models.UniqueConstraint(fields=("design", "key"), name="week_key_once"),
        ),
    ]
