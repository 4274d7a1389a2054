-- Whoever fits something reads what counts, content by content.
CREATE INDEX labels_that_count ON labels (workspace_id, content_id) WHERE superseded_at IS NULL;
