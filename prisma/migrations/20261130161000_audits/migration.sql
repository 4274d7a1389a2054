-- A policy that took the place of another one without a promise that was broken stands on the proof of the first.
ALTER TABLE "policies" ADD COLUMN "derived_from" UUID;
ALTER TABLE "policies" ADD CONSTRAINT "policies_derived_from_fkey" FOREIGN KEY ("derived_from") REFERENCES "policies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- By which the audited contents are chosen.
CREATE TABLE "audit_keys" (
    "workspace_id" UUID NOT NULL,
    "secret" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "audit_keys_pkey" PRIMARY KEY ("workspace_id")
);
ALTER TABLE "audit_keys" ADD CONSTRAINT "audit_keys_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Published tags that somebody is to look at without knowing what was published.
CREATE TABLE "audits" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "content_id" UUID NOT NULL,
    "prediction_id" UUID NOT NULL,
    "revision" INTEGER NOT NULL,
    "policy_id" UUID NOT NULL,
    "proof_id" UUID NOT NULL,
    "facet" TEXT NOT NULL,
    "mask" TEXT NOT NULL,
    "under" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "taxonomy" TEXT NOT NULL,
    "propensity" DOUBLE PRECISION NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "answered_at" TIMESTAMPTZ(3),
    "correct" BOOLEAN,

    CONSTRAINT "audits_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "audits_propensity" CHECK ("propensity" > 0 AND "propensity" <= 1)
);
CREATE UNIQUE INDEX "audits_content_id_policy_id_facet_path_key" ON "audits"("content_id", "policy_id", "facet", "path");
CREATE INDEX "audits_proof_id_facet_mask_under_idx" ON "audits"("proof_id", "facet", "mask", "under");
ALTER TABLE "audits" ADD CONSTRAINT "audits_content_id_fkey" FOREIGN KEY ("content_id") REFERENCES "contents"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "audits" ADD CONSTRAINT "audits_policy_id_fkey" FOREIGN KEY ("policy_id") REFERENCES "policies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What the answers say of each promise. Stays when contents are deleted.
CREATE TABLE "audit_watches" (
    "proof_id" UUID NOT NULL,
    "facet" TEXT NOT NULL,
    "mask" TEXT NOT NULL,
    "under" TEXT NOT NULL,
    "watch" JSONB NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "audit_watches_pkey" PRIMARY KEY ("proof_id", "facet", "mask", "under")
);
ALTER TABLE "audit_watches" ADD CONSTRAINT "audit_watches_proof_id_fkey" FOREIGN KEY ("proof_id") REFERENCES "policies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
