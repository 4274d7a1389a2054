-- Lists and exports of one source or one facet walked the labels of the whole workspace.
CREATE INDEX "labels_workspace_id_source_created_at_id_idx" ON "labels"("workspace_id", "source", "created_at", "id");
CREATE INDEX "labels_workspace_id_facet_created_at_id_idx" ON "labels"("workspace_id", "facet", "created_at", "id");

-- Nothing reads by it: truth is read content by content.
DROP INDEX labels_in_force;
