"""One-time passwords end; those that wait already get as long from now on as a new one has."""

from datetime import timedelta

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone


def begin(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    waiting = apps.get_model("core", "User").objects.filter(must_choose_password=True)
    waiting.update(one_time_until=timezone.now() + timedelta(days=7))


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_own_passwords"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="one_time_until",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="When a password that was made for one sign-in stops to work; empty for any other.",
                null=True,
            ),
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
