-- The last number given outlives the rows that had it: after retention has removed them, numbering goes on.
CREATE SEQUENCE "event_sequence" AS BIGINT;
SELECT setval('event_sequence', coalesce((SELECT max("sequence") FROM "outbox"), 1), EXISTS (SELECT 1 FROM "outbox" WHERE "sequence" IS NOT NULL));

-- AlterTable
ALTER TABLE "dead_letters" ADD COLUMN "replay_requested_at" TIMESTAMPTZ(3),
ADD COLUMN "replayed_at" TIMESTAMPTZ(3);

-- What the relay looks for is always few rows of many.
CREATE INDEX "dead_letters_replay" ON "dead_letters" ("replay_requested_at") WHERE "replay_requested_at" IS NOT NULL;
