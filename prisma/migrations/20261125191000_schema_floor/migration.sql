-- The oldest migration that a service must have to run on this schema. Migrations that only add leave it alone, so that
-- services of the version before go on during a roll-out; one that takes something away raises it in the same file:
--   UPDATE schema_floor SET migration = '<the migration from which on services no longer use what goes away>';
CREATE TABLE "schema_floor" (
    "only" BOOLEAN NOT NULL DEFAULT true,
    "migration" TEXT NOT NULL,

    CONSTRAINT "schema_floor_pkey" PRIMARY KEY ("only"),
    CONSTRAINT "schema_floor_only" CHECK ("only")
);

INSERT INTO "schema_floor" ("migration") VALUES ('20261124000000_init');
