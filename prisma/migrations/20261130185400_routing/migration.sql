-- Why a person looks at a content whatever its scores say, and the random number that its candidates were drawn with.
ALTER TABLE "predictions" ADD COLUMN "because" JSONB;
ALTER TABLE "predictions" ADD COLUMN "candidates" JSONB;

-- How many contents an author had before. Contents without an author cost nothing here.
CREATE INDEX contents_of_author ON contents (workspace_id, (submission->'author'->>'authorId'), id)
  WHERE submission->'author'->>'authorId' IS NOT NULL;

-- Who looks at what. 20000000000000 is the class of items that no rule sent, before the milliseconds of their time.
ALTER TABLE "review_items" ADD COLUMN "rules" JSONB;
ALTER TABLE "review_items" ADD COLUMN "candidates" JSONB;
ALTER TABLE "review_items" ADD COLUMN "likeliest" JSONB;
ALTER TABLE "review_items" ADD COLUMN "route" TEXT;
ALTER TABLE "review_items" ADD COLUMN "because" JSONB;
ALTER TABLE "review_items" ADD COLUMN "rank" DOUBLE PRECISION NOT NULL DEFAULT 20000000000000;
ALTER TABLE "review_items" ADD COLUMN "routed_by" TEXT;
CREATE INDEX "review_items_workspace_id_state_rank_id_idx" ON "review_items"("workspace_id", "state", "rank", "id");

-- What the reviewers of a workspace can do now, and what came of the last routing.
CREATE TABLE "review_capacities" (
    "workspace_id" UUID NOT NULL,
    "reviewers" DOUBLE PRECISION NOT NULL,
    "sla_minutes" DOUBLE PRECISION NOT NULL,
    "minutes_per_item" DOUBLE PRECISION NOT NULL,
    "set_by" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "routing" JSONB,
    "routed_at" TIMESTAMPTZ(3),

    CONSTRAINT "review_capacities_pkey" PRIMARY KEY ("workspace_id")
);
ALTER TABLE "review_capacities" ADD CONSTRAINT "review_capacities_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
