-- The share of a queue's items that two people look at, neither knowing what the other says.
ALTER TABLE "review_queues" ADD COLUMN "double_share" DOUBLE PRECISION NOT NULL DEFAULT 0;
