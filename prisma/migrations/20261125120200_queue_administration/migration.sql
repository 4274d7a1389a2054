-- A queue that is being held back; no row, no hold. Here and not in the queue, so that it outlives the queue's store.
CREATE TABLE "queue_holds" (
    "queue" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "queue_holds_pkey" PRIMARY KEY ("queue")
);

-- The store that the queued stages were given to. When another one answers, they are given to that.
CREATE TABLE "queue_stores" (
    "id" SMALLINT NOT NULL DEFAULT 1,
    "incarnation" TEXT NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "queue_stores_pkey" PRIMARY KEY ("id")
);

-- A large amount of contents being tagged again, batch by batch.
CREATE TABLE "reruns" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "selection" TEXT NOT NULL,
    "stages" TEXT[],
    "codes" TEXT[],
    "pack" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "cursor_id" UUID,
    "postponed" UUID[],
    "total" INTEGER NOT NULL,
    "examined" INTEGER NOT NULL DEFAULT 0,
    "restarted" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "reruns_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "reruns_workspace_id_created_at_id_idx" ON "reruns"("workspace_id", "created_at", "id");
ALTER TABLE "reruns" ADD CONSTRAINT "reruns_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE INDEX reruns_running ON reruns (created_at) WHERE state = 'running';
-- Asking twice for the same is asking once.
CREATE UNIQUE INDEX reruns_running_once ON reruns (workspace_id, selection, stages, codes, pack) WHERE state = 'running';
-- A rerun walks through a workspace in the order of ids.
CREATE INDEX "contents_workspace_id_id_idx" ON "contents"("workspace_id", "id");
CREATE INDEX stages_backfill ON stages (priority) WHERE state IN ('ready', 'queued') AND priority > 0;
CREATE INDEX stages_failed ON stages (stage) WHERE state = 'failed';
