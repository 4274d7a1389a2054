-- Who has an item, until when, and the number that grows with each claim: a verdict is taken with the latest one only.
ALTER TABLE "review_items" ADD COLUMN "token" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "review_items" ADD COLUMN "holder" TEXT;
ALTER TABLE "review_items" ADD COLUMN "claimed_at" TIMESTAMPTZ(3);
ALTER TABLE "review_items" ADD COLUMN "lease_until" TIMESTAMPTZ(3);
ALTER TABLE "review_items" ADD COLUMN "priority" SMALLINT NOT NULL DEFAULT 0;
ALTER TABLE "review_items" ADD COLUMN "queue" TEXT NOT NULL DEFAULT 'all';
UPDATE "review_items" r SET "priority" = c."priority" FROM "contents" c WHERE c."id" = r."content_id" AND c."priority" > 0;

-- What is handed out next is the first entry of a queue.
CREATE INDEX review_items_to_claim ON review_items (workspace_id, queue, priority, rank, id) WHERE state = 'open';
CREATE INDEX review_items_held ON review_items (workspace_id, holder) WHERE holder IS NOT NULL;

-- A result that a person gave; null: a model gave it.
ALTER TABLE "predictions" ADD COLUMN "origin" JSONB;

-- What reviewers have said of items. A row is never deleted, and changes only from waiting to published, none or undone.
CREATE TABLE "review_verdicts" (
    "workspace_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "item_id" UUID NOT NULL,
    "content_id" UUID NOT NULL,
    "action" TEXT NOT NULL,
    "tags" JSONB NOT NULL,
    "suggested" JSONB NOT NULL,
    "reason" TEXT,
    "note" TEXT,
    "evidence" JSONB,
    "body" JSONB NOT NULL,
    "who" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "claimed_at" TIMESTAMPTZ(3),
    "state" TEXT NOT NULL,
    "publishes_at" TIMESTAMPTZ(3),
    "published_at" TIMESTAMPTZ(3),
    "prediction_before" UUID NOT NULL,
    "revision" INTEGER,
    "undone_by" TEXT,
    "undone_at" TIMESTAMPTZ(3),

    CONSTRAINT "review_verdicts_pkey" PRIMARY KEY ("workspace_id", "id")
);
CREATE INDEX "review_verdicts_item_id_who_idx" ON "review_verdicts"("item_id", "who");
CREATE INDEX "review_verdicts_workspace_id_at_id_idx" ON "review_verdicts"("workspace_id", "at", "id");
CREATE INDEX "review_verdicts_workspace_id_who_at_id_idx" ON "review_verdicts"("workspace_id", "who", "at", "id");
-- Also where every other check fails: one verdict decides an item.
CREATE UNIQUE INDEX review_verdicts_that_decide ON review_verdicts (item_id) WHERE state IN ('waiting', 'published');
CREATE INDEX review_verdicts_due ON review_verdicts (publishes_at) WHERE state = 'waiting';
ALTER TABLE "review_verdicts" ADD CONSTRAINT "review_verdicts_item_id_fkey" FOREIGN KEY ("item_id") REFERENCES "review_items"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What a reviewer has typed and not sent yet.
CREATE TABLE "review_drafts" (
    "item_id" UUID NOT NULL,
    "who" TEXT NOT NULL,
    "draft" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "review_drafts_pkey" PRIMARY KEY ("item_id", "who")
);
ALTER TABLE "review_drafts" ADD CONSTRAINT "review_drafts_item_id_fkey" FOREIGN KEY ("item_id") REFERENCES "review_items"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "review_notes" (
    "id" UUID NOT NULL,
    "item_id" UUID NOT NULL,
    "who" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "review_notes_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "review_notes_item_id_at_idx" ON "review_notes"("item_id", "at");
ALTER TABLE "review_notes" ADD CONSTRAINT "review_notes_item_id_fkey" FOREIGN KEY ("item_id") REFERENCES "review_items"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Queues of a workspace, in the order in which their rules are asked. An item is in the first one that wants it.
CREATE TABLE "review_queues" (
    "workspace_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "title" JSONB NOT NULL,
    "rule" JSONB NOT NULL,
    "paused" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "review_queues_pkey" PRIMARY KEY ("workspace_id", "name")
);
ALTER TABLE "review_queues" ADD CONSTRAINT "review_queues_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Open items that have to be filed anew because queues changed, batch by batch.
CREATE TABLE "review_filings" (
    "workspace_id" UUID NOT NULL,
    "cursor_id" UUID,

    CONSTRAINT "review_filings_pkey" PRIMARY KEY ("workspace_id")
);
ALTER TABLE "review_filings" ADD CONSTRAINT "review_filings_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
