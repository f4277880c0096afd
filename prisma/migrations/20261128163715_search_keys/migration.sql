-- The index is built anew: see docs/search.md.
TRUNCATE "message_search";
DELETE FROM "search_progress" WHERE starts_with("generation", 'postgres ');

-- DropIndex
DROP INDEX "message_search_text_idx";

-- AlterTable
ALTER TABLE "message_search" DROP COLUMN "text",
ADD COLUMN     "keys" INTEGER[];

-- CreateIndex
CREATE INDEX "message_search_keys_idx" ON "message_search" USING GIN ("keys");
