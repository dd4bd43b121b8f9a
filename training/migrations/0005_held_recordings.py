"""Days of a camera that were tested on: their recordings are held as well, for when they are moved."""

from django.db import migrations

HOLD = """
INSERT INTO training_heldout (project_id, "by", "group")
SELECT DISTINCT held.project_id, 'recording', video.sha256
FROM training_heldout AS held
JOIN curation_video AS video ON video.project_id = held.project_id
JOIN curation_camera AS camera ON camera.id = video.camera_id
JOIN curation_site AS site ON site.id = camera.site_id
WHERE held."by" = 'camera_day'
  AND held."group" = site.name || '/' || camera.name || ' '
      || to_char(video.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')
  AND EXISTS (SELECT 1 FROM labelling_clip AS clip WHERE clip.video_id = video.id AND clip.revision > 0)
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [
        ("curation", "0001_initial"),
        ("labelling", "0001_initial"),
        ("training", "0004_plurals"),
    ]

    operations = [migrations.RunSQL(HOLD, migrations.RunSQL.noop)]
