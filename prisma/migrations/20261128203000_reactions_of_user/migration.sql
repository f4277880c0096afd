-- CreateIndex
CREATE INDEX "reaction_user_id_idx" ON "reaction"("user_id");
