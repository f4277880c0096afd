-- The index is built anew: see docs/search.md.
TRUNCATE "message_search";
DELETE FROM "search_progress" WHERE starts_with("generation", 'postgres ');

-- DropIndex
DROP INDEX "message_search_keys_idx";

-- AlterTable
ALTER TABLE "message_search" DROP COLUMN "keys";

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

-- AddForeignKey
ALTER TABLE "search_word" ADD CONSTRAINT "search_word_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "message_search"("message_id") ON DELETE CASCADE ON UPDATE CASCADE;


-- What Prisma cannot express follows.

-- A search reads the index once for each place; each time it would read the list of pending entries, too.
ALTER INDEX "message_search_words_idx" SET (fastupdate = off);
ALTER INDEX "search_word_keys_idx" SET (fastupdate = off);
