-- Who brought which pack into force, and what was in force before. Rolled back, a row is no longer the way back.
CREATE TABLE "pack_activations" (
    "id" BIGSERIAL NOT NULL,
    "workspace_id" UUID NOT NULL,
    "pack" TEXT NOT NULL,
    "previous" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "rolled_back_at" TIMESTAMPTZ(3),
    "rolled_back_by" TEXT,

    CONSTRAINT "pack_activations_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "pack_activations_workspace_id_id_idx" ON "pack_activations"("workspace_id", "id");
ALTER TABLE "pack_activations" ADD CONSTRAINT "pack_activations_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- A pack that somebody wants loaded beside those in force, for a while.
CREATE TABLE "pack_requests" (
    "id" UUID NOT NULL,
    "pack" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "pack_requests_pkey" PRIMARY KEY ("id")
);

-- What every process that serves models says of every pack that it should have loaded. Rows go with their process.
CREATE TABLE "pack_loads" (
    "instance" UUID NOT NULL,
    "service" TEXT NOT NULL,
    "pack" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "request_id" UUID,
    "error_code" TEXT,
    "error_detail" TEXT,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "pack_loads_pkey" PRIMARY KEY ("instance", "service", "pack")
);
