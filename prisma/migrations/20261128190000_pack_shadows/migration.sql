-- A pack that tags a share of the new contents beside the one in force, seen by nobody but `packs shadow`.
CREATE TABLE "pack_shadows" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "pack" TEXT NOT NULL,
    "share" DOUBLE PRECISION NOT NULL,
    "actor" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "sequence" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "pack_shadows_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "pack_shadows_workspace_id_created_at_idx" ON "pack_shadows"("workspace_id", "created_at");
ALTER TABLE "pack_shadows" ADD CONSTRAINT "pack_shadows_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- One at a time in a workspace.
CREATE UNIQUE INDEX pack_shadows_running ON pack_shadows (workspace_id) WHERE state = 'running';

-- What a shadow says of a content: the way there, stage by stage, then the prediction.
CREATE TABLE "shadow_predictions" (
    "content_id" UUID NOT NULL,
    "pack" TEXT NOT NULL,
    "shadow_id" UUID NOT NULL,
    "revision" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "stage" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "outputs" JSONB NOT NULL DEFAULT '{}',
    "decision" TEXT,
    "tags" JSONB,
    "versions" JSONB,
    "error_code" TEXT,
    "error_detail" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "shadow_predictions_pkey" PRIMARY KEY ("content_id", "pack")
);
CREATE INDEX "shadow_predictions_shadow_id_content_id_idx" ON "shadow_predictions"("shadow_id", "content_id");
ALTER TABLE "shadow_predictions" ADD CONSTRAINT "shadow_predictions_content_id_fkey" FOREIGN KEY ("content_id") REFERENCES "contents"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "shadow_predictions" ADD CONSTRAINT "shadow_predictions_shadow_id_fkey" FOREIGN KEY ("shadow_id") REFERENCES "pack_shadows"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What is still to do is always few rows of many.
CREATE INDEX shadow_predictions_waiting ON shadow_predictions (due_at) WHERE state = 'waiting';
