-- CreateIndex
CREATE INDEX "review_items_content_id_idx" ON "review_items"("content_id");
