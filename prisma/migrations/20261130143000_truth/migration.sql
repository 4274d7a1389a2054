-- The logits behind a prediction, so that it can be decided again without a model. Kept for SCORES_KEPT_DAYS.
CREATE TABLE "prediction_scores" (
    "prediction_id" UUID NOT NULL,
    "content_id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "revision" INTEGER NOT NULL,
    "pack" TEXT NOT NULL,
    "head" TEXT NOT NULL,
    "mask" TEXT NOT NULL,
    "facets" TEXT[],
    "logits" BYTEA[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "prediction_scores_pkey" PRIMARY KEY ("prediction_id")
);
CREATE INDEX "prediction_scores_workspace_id_prediction_id_idx" ON "prediction_scores"("workspace_id", "prediction_id");
ALTER TABLE "prediction_scores" ADD CONSTRAINT "prediction_scores_prediction_id_fkey" FOREIGN KEY ("prediction_id") REFERENCES "predictions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What people say about contents.
CREATE TABLE "labels" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "content_id" UUID NOT NULL,
    "facet" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "taxonomy" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "who" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "propensity" DOUBLE PRECISION,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "superseded_at" TIMESTAMPTZ(3),

    CONSTRAINT "labels_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "labels_propensity" CHECK ("propensity" > 0 AND "propensity" <= 1)
);
CREATE UNIQUE INDEX "labels_content_id_facet_source_at_who_path_key" ON "labels"("content_id", "facet", "source", "at", "who", "path");
CREATE INDEX "labels_workspace_id_created_at_id_idx" ON "labels"("workspace_id", "created_at", "id");
ALTER TABLE "labels" ADD CONSTRAINT "labels_content_id_fkey" FOREIGN KEY ("content_id") REFERENCES "contents"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Whoever fits something reads what counts of one facet.
CREATE INDEX labels_in_force ON labels (workspace_id, facet, content_id) WHERE superseded_at IS NULL;
