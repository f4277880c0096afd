-- AlterTable
ALTER TABLE "media" ADD COLUMN     "as_file" BOOLEAN NOT NULL DEFAULT false;
