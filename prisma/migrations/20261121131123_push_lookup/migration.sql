-- CreateIndex
CREATE INDEX "push_attempt_device_id_conversation_id_to_seq_idx" ON "push_attempt"("device_id", "conversation_id", "to_seq");
