-- The index is built anew: see docs/search.md.
TRUNCATE "message_search";
DELETE FROM "search_progress" WHERE starts_with("generation", 'postgres ');

-- DropIndex
DROP INDEX "message_search_conversation_id_seq_idx";

-- DropIndex
DROP INDEX "message_search_keys_idx";

-- DropIndex
DROP INDEX "message_search_kind_idx";

-- DropIndex
DROP INDEX "message_search_sender_idx";

-- AlterTable
ALTER TABLE "message_search" DROP COLUMN "keys",
ADD COLUMN     "conversation_key" INTEGER NOT NULL,
ADD COLUMN     "sender_key" INTEGER NOT NULL;

-- CreateTable
CREATE TABLE "search_word" (
    "word" TEXT NOT NULL,
    "message_id" TEXT NOT NULL,
    "keys" INTEGER[],

    CONSTRAINT "search_word_pkey" PRIMARY KEY ("word")
);

-- CreateIndex
CREATE INDEX "search_word_message_id_idx" ON "search_word"("message_id");

-- CreateIndex
CREATE INDEX "search_word_keys_idx" ON "search_word" USING GIN ("keys");

-- CreateIndex
CREATE INDEX "message_search_conversation_key_seq_idx" ON "message_search"("conversation_key", "seq");

-- CreateIndex
CREATE INDEX "message_search_kind_idx" ON "message_search"("conversation_key", "kind", "has_link", "sent_at", "message_id");

-- CreateIndex
CREATE INDEX "message_search_sender_idx" ON "message_search"("conversation_key", "sender_key", "kind", "has_link", "sent_at", "message_id");

-- AddForeignKey
ALTER TABLE "search_word" ADD CONSTRAINT "search_word_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "message_search"("message_id") ON DELETE CASCADE ON UPDATE CASCADE;


-- What Prisma cannot express follows.

-- A search reads the index once for each place; each time it would read the list of pending entries, too.
ALTER INDEX "message_search_words_idx" SET (fastupdate = off);
ALTER INDEX "search_word_keys_idx" SET (fastupdate = off);
