-- Pages that are kept current. A notification costs every commit that sends one, so changes are told only of workspaces
-- that somebody watches right now. A crash may forget who watches: they say it again within seconds.
CREATE UNLOGGED TABLE "live_watchers" (
    "workspace_id" UUID NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "live_watchers_pkey" PRIMARY KEY ("workspace_id")
);

CREATE FUNCTION tell_watchers(workspace uuid, change jsonb) RETURNS void LANGUAGE sql AS $$
  SELECT pg_notify('live', (change || jsonb_build_object('workspace', workspace))::text)
  FROM live_watchers WHERE workspace_id = workspace AND until > now()
$$;

-- A payload has 8,000 bytes: whoever changes more contents than these tells that there were many.
CREATE FUNCTION live_contents(contents jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN jsonb_array_length(contents) > 20 THEN '{"many": true}'
    ELSE jsonb_build_object('contents', contents) END
$$;

CREATE FUNCTION tell_of_contents() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM live_watchers) THEN
    PERFORM tell_watchers(workspace_id, live_contents(jsonb_agg(jsonb_build_object('id', id, 'state', state))))
    FROM changed GROUP BY workspace_id;
  END IF;
  RETURN NULL;
END $$;

-- Of stages only what began or ended in this transaction; leases are renewed without a word.
CREATE FUNCTION tell_of_stages() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  this_moment timestamptz(3) := now();
BEGIN
  IF EXISTS (SELECT 1 FROM live_watchers) THEN
    PERFORM tell_watchers(c.workspace_id, live_contents(jsonb_agg(jsonb_build_object(
      'id', c.id, 'state', c.state, 'stage', s.stage, 'stageState', s.state))))
    FROM changed s JOIN contents c ON c.id = s.content_id
    WHERE (s.state = 'running' AND s.started_at = this_moment)
       OR (s.state IN ('done', 'failed') AND s.finished_at = this_moment)
    GROUP BY c.workspace_id;
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION tell_of_items() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM live_watchers) THEN
    PERFORM tell_watchers(workspace_id, '{"queues": true}') FROM changed GROUP BY workspace_id;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER contents_insert_tells AFTER INSERT ON contents REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_contents();
CREATE TRIGGER contents_update_tells AFTER UPDATE ON contents REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_contents();
CREATE TRIGGER stages_update_tells AFTER UPDATE ON stages REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_stages();
CREATE TRIGGER items_insert_tells AFTER INSERT ON review_items REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_items();
CREATE TRIGGER items_update_tells AFTER UPDATE ON review_items REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_items();
