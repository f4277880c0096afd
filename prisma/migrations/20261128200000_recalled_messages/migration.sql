-- Recalled messages after a read position do not count as unread.
CREATE INDEX "message_recalled" ON "message" ("conversation_id", "seq") WHERE "recalled_at" IS NOT NULL;
