"""What the database itself sees to: annotations are only added, and clips are tallied."""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION labelling_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The one door: labelling.services.projects.labels_erase, for a project as a whole.
    IF TG_OP = 'DELETE' AND current_setting('rushes.erasing', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'Rows of % are only ever added.', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER labelling_append_only BEFORE UPDATE OR DELETE ON labelling_annotationrevision
FOR EACH ROW EXECUTE FUNCTION labelling_append_only();
CREATE TRIGGER labelling_append_only BEFORE UPDATE OR DELETE ON labelling_annotationsegment
FOR EACH ROW EXECUTE FUNCTION labelling_append_only();
"""
NOT_APPEND_ONLY = """
DROP TRIGGER labelling_append_only ON labelling_annotationsegment;
DROP TRIGGER labelling_append_only ON labelling_annotationrevision;
DROP FUNCTION labelling_append_only();
"""
TALLY = """
CREATE FUNCTION labelling_fold_tallies() RETURNS void LANGUAGE sql AS $$
    WITH gone AS (
        DELETE FROM labelling_cliptally WHERE id IN (
            SELECT id FROM labelling_cliptally ORDER BY id LIMIT 2000 FOR UPDATE SKIP LOCKED
        ) RETURNING project_id, camera_id, label_id, state, flagged, clips
    )
    INSERT INTO labelling_cliptally (project_id, camera_id, label_id, state, flagged, clips)
    SELECT project_id, camera_id, label_id, state, flagged, sum(clips) FROM gone
    GROUP BY project_id, camera_id, label_id, state, flagged HAVING sum(clips) <> 0
$$;
CREATE FUNCTION labelling_clip_tally() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- A transition table exists only for the rows that an event has, hence three ways of one statement.
    IF TG_OP = 'INSERT' THEN
        INSERT INTO labelling_cliptally (project_id, camera_id, label_id, state, flagged, clips)
        SELECT project_id, camera_id, label_id, state, flagged, count(*)
        FROM new_rows WHERE withdrawn_at IS NULL
        GROUP BY project_id, camera_id, label_id, state, flagged;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO labelling_cliptally (project_id, camera_id, label_id, state, flagged, clips)
        SELECT project_id, camera_id, label_id, state, flagged, -count(*)
        FROM old_rows WHERE withdrawn_at IS NULL
        GROUP BY project_id, camera_id, label_id, state, flagged;
    ELSE
        INSERT INTO labelling_cliptally (project_id, camera_id, label_id, state, flagged, clips)
        SELECT project_id, camera_id, label_id, state, flagged, sum(n) FROM (
            SELECT project_id, camera_id, label_id, state, flagged, -1 AS n
            FROM old_rows WHERE withdrawn_at IS NULL
            UNION ALL
            SELECT project_id, camera_id, label_id, state, flagged, 1
            FROM new_rows WHERE withdrawn_at IS NULL
        ) AS d
        GROUP BY project_id, camera_id, label_id, state, flagged HAVING sum(n) <> 0;
    END IF;
    -- Now and then, so that there are never many rows to sum.
    IF random() < 0.01 THEN
        PERFORM labelling_fold_tallies();
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER labelling_clip_added AFTER INSERT ON labelling_clip
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION labelling_clip_tally();
CREATE TRIGGER labelling_clip_changed AFTER UPDATE ON labelling_clip
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION labelling_clip_tally();
CREATE TRIGGER labelling_clip_gone AFTER DELETE ON labelling_clip
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION labelling_clip_tally();
"""
NO_TALLY = """
DROP TRIGGER labelling_clip_gone ON labelling_clip;
DROP TRIGGER labelling_clip_changed ON labelling_clip;
DROP TRIGGER labelling_clip_added ON labelling_clip;
DROP FUNCTION labelling_clip_tally();
DROP FUNCTION labelling_fold_tallies();
"""


class Migration(migrations.Migration):
    dependencies = [("labelling", "0001_initial")]

    operations = [
        migrations.RunSQL(APPEND_ONLY, NOT_APPEND_ONLY),
        migrations.RunSQL(TALLY, NO_TALLY),
    ]
