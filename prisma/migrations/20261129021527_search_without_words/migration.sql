-- AlterTable
ALTER TABLE "message_search" ADD COLUMN     "has_link" BOOLEAN NOT NULL DEFAULT false;

-- CreateIndex
CREATE INDEX "message_search_kind_idx" ON "message_search"("conversation_id", "kind", "has_link", "sent_at", "message_id");

-- CreateIndex
CREATE INDEX "message_search_sender_idx" ON "message_search"("conversation_id", "sender_id", "kind", "has_link", "sent_at", "message_id");
