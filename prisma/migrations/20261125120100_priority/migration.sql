-- What somebody waits for (0) goes before what runs in the background (10). The stages carry a copy, so that the relay
-- finds the next ready ones in one index.
ALTER TABLE "contents" ADD COLUMN "priority" SMALLINT NOT NULL DEFAULT 0;
ALTER TABLE "stages" ADD COLUMN "priority" SMALLINT NOT NULL DEFAULT 0;

CREATE INDEX stages_ready_by_priority ON stages (priority, ready_at) WHERE state = 'ready';
DROP INDEX stages_ready;
