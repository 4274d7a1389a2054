-- What all processes must share beside this database, told by its own identity: `blobs`, and where `events` go.
CREATE TABLE "shared_stores" (
    "name" TEXT NOT NULL,
    "identity" TEXT NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "shared_stores_pkey" PRIMARY KEY ("name")
);
