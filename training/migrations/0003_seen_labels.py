import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("labelling", "0001_initial"),
        ("training", "0002_rejected"),
    ]

    operations = [
        migrations.CreateModel(
            name="SeenLabels",
            fields=[
                (
                    "dataset",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="seen",
                        serialize=False,
                        to="training.datasetversion",
                    ),
                ),
                (
                    "revisions",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None),
                ),
            ],
        ),
        migrations.RunSQL(
            """
            INSERT INTO training_seenlabels (dataset_id, revisions)
            SELECT dataset.id, ARRAY(
                SELECT said.id FROM labelling_annotationrevision AS said
                WHERE said.project_id = dataset.project_id AND said.created_at <= dataset.created_at
            )
            FROM training_datasetversion AS dataset
            """,
            migrations.RunSQL.noop,
        ),
    ]
