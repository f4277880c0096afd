-- AlterTable
ALTER TABLE "outbox_topic" ADD COLUMN     "after_delivery" BOOLEAN NOT NULL DEFAULT false;
