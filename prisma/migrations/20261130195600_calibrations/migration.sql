-- Calibrations of the scores of a pack, each kept as it was fitted.
CREATE TABLE "calibrations" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "pack" TEXT NOT NULL,
    "document" JSONB NOT NULL,
    "because" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "calibrations_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "calibrations_workspace_id_number_key" ON "calibrations"("workspace_id", "number");
CREATE INDEX "calibrations_workspace_id_created_at_id_idx" ON "calibrations"("workspace_id", "created_at", "id");
ALTER TABLE "calibrations" ADD CONSTRAINT "calibrations_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Who looks whether a workspace has enough new truth, and until when nobody else does.
CREATE TABLE "calibration_looks" (
    "workspace_id" UUID NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "calibration_looks_pkey" PRIMARY KEY ("workspace_id")
);
ALTER TABLE "calibration_looks" ADD CONSTRAINT "calibration_looks_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- How error grows with what is published, for plots. Apart from the document, which whoever decides reads.
ALTER TABLE "policies" ADD COLUMN "curves" JSONB;
