-- The relay sleeps until something became ready or was said. The payload is empty on purpose: it reads the rows.
CREATE FUNCTION wake_relay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('relay', '');
  RETURN NULL;
END $$;

CREATE FUNCTION wake_relay_when_ready() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM changed WHERE state = 'ready') THEN
    PERFORM pg_notify('relay', '');
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER outbox_wakes_relay AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION wake_relay();
CREATE TRIGGER stages_insert_wakes_relay AFTER INSERT ON stages REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION wake_relay_when_ready();
CREATE TRIGGER stages_update_wakes_relay AFTER UPDATE ON stages REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION wake_relay_when_ready();

-- What the relay and the reaper look for is always few rows of many.
CREATE INDEX outbox_unpublished ON outbox (id) WHERE published_at IS NULL;
CREATE INDEX stages_ready ON stages (ready_at) WHERE state = 'ready';
CREATE INDEX stages_leased ON stages (lease_until) WHERE state = 'running';
CREATE INDEX stages_queued ON stages (queued_at) WHERE state = 'queued';
CREATE INDEX contents_processing ON contents (updated_at) WHERE state = 'processing';
