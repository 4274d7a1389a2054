-- A result that was decided anew from stored scores comes of no attempt at a stage.
ALTER TABLE "predictions" ALTER COLUMN "attempt" DROP NOT NULL;

-- Past results of a workspace being decided anew from their scores, batch by batch.
CREATE TABLE "redecisions" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "policy_id" UUID,
    "pack" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "cursor_id" UUID,
    "postponed" UUID[],
    "total" INTEGER NOT NULL,
    "examined" INTEGER NOT NULL DEFAULT 0,
    "changed" INTEGER NOT NULL DEFAULT 0,
    "unchanged" INTEGER NOT NULL DEFAULT 0,
    "without_result" INTEGER NOT NULL DEFAULT 0,
    "undecidable" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "redecisions_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "redecisions_workspace_id_created_at_id_idx" ON "redecisions"("workspace_id", "created_at", "id");
ALTER TABLE "redecisions" ADD CONSTRAINT "redecisions_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "redecisions" ADD CONSTRAINT "redecisions_policy_id_fkey" FOREIGN KEY ("policy_id") REFERENCES "policies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- One at a time in a workspace.
CREATE UNIQUE INDEX redecisions_running ON redecisions (workspace_id) WHERE state = 'running';
