-- What a workspace publishes, in place of what its pack says.
CREATE TABLE "policies" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "pack" TEXT NOT NULL,
    "document" JSONB NOT NULL,
    "replay" JSONB,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "replayed_at" TIMESTAMPTZ(3),
    "activated_by" TEXT,
    "activated_at" TIMESTAMPTZ(3),
    "retired_by" TEXT,
    "retired_at" TIMESTAMPTZ(3),

    CONSTRAINT "policies_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "policies_workspace_id_number_key" ON "policies"("workspace_id", "number");
CREATE INDEX "policies_workspace_id_created_at_id_idx" ON "policies"("workspace_id", "created_at", "id");
ALTER TABLE "policies" ADD CONSTRAINT "policies_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- One at a time in a workspace.
CREATE UNIQUE INDEX policies_active ON policies (workspace_id) WHERE state = 'active';
