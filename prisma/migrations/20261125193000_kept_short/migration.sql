-- CreateIndex
CREATE INDEX "contents_workspace_id_state_created_at_id_idx" ON "contents"("workspace_id", "state", "created_at", "id");

-- CreateIndex
CREATE INDEX "inbox_received_at_idx" ON "inbox"("received_at");
