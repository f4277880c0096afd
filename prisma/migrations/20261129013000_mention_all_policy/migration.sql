-- CreateEnum
CREATE TYPE "mention_all_policy" AS ENUM ('BY_SIZE', 'EVERYONE', 'ADMINS');

-- AlterTable
ALTER TABLE "group_conversation" ADD COLUMN     "mention_all_policy" "mention_all_policy" NOT NULL DEFAULT 'BY_SIZE';
