from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("curation", "0005_taken")]

    operations = [
        migrations.AlterModelOptions(name="reviewbatch", options={"verbose_name_plural": "review batches"}),
    ]
