-- CreateEnum
CREATE TYPE "media_kind" AS ENUM ('IMAGE', 'VIDEO', 'AUDIO', 'FILE');

-- CreateEnum
CREATE TYPE "media_status" AS ENUM ('UPLOADING', 'PROCESSING', 'READY', 'FAILED');

-- AlterTable
ALTER TABLE "group_conversation" ADD COLUMN     "avatar_key" TEXT,
ADD COLUMN     "avatar_media_id" TEXT;

-- AlterTable
ALTER TABLE "user" ADD COLUMN     "avatar_key" TEXT,
ADD COLUMN     "avatar_media_id" TEXT;

-- CreateTable
CREATE TABLE "media" (
    "id" TEXT NOT NULL,
    "owner_id" TEXT NOT NULL,
    "kind" "media_kind" NOT NULL,
    "status" "media_status" NOT NULL DEFAULT 'UPLOADING',
    "filename" TEXT NOT NULL,
    "mime_type" TEXT NOT NULL,
    "byte_size" INTEGER NOT NULL,
    "width" INTEGER,
    "height" INTEGER,
    "duration_ms" INTEGER,
    "blurhash" TEXT,
    "object_key" TEXT,
    "variants" JSONB NOT NULL DEFAULT '[]',
    "failure" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "media_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "message_media" (
    "conversation_id" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "media_id" TEXT NOT NULL,

    CONSTRAINT "message_media_pkey" PRIMARY KEY ("conversation_id","seq","media_id")
);

-- CreateTable
CREATE TABLE "upload_usage" (
    "user_id" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "uploads" INTEGER NOT NULL,
    "bytes" BIGINT NOT NULL,

    CONSTRAINT "upload_usage_pkey" PRIMARY KEY ("user_id")
);

-- CreateIndex
CREATE INDEX "media_owner_id_idx" ON "media"("owner_id");

-- CreateIndex
CREATE INDEX "message_media_media_id_idx" ON "message_media"("media_id");

-- CreateIndex
CREATE UNIQUE INDEX "group_conversation_avatar_key_key" ON "group_conversation"("avatar_key");

-- CreateIndex
CREATE INDEX "group_conversation_avatar_media_id_idx" ON "group_conversation"("avatar_media_id");

-- CreateIndex
CREATE UNIQUE INDEX "user_avatar_key_key" ON "user"("avatar_key");

-- CreateIndex
CREATE INDEX "user_avatar_media_id_idx" ON "user"("avatar_media_id");

-- AddForeignKey
ALTER TABLE "user" ADD CONSTRAINT "user_avatar_media_id_fkey" FOREIGN KEY ("avatar_media_id") REFERENCES "media"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "group_conversation" ADD CONSTRAINT "group_conversation_avatar_media_id_fkey" FOREIGN KEY ("avatar_media_id") REFERENCES "media"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "message_media" ADD CONSTRAINT "message_media_media_id_fkey" FOREIGN KEY ("media_id") REFERENCES "media"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- What Prisma cannot express follows.

ALTER TABLE "media"
    ADD CONSTRAINT "media_numbers" CHECK (
        "byte_size" >= 1 AND "width" >= 1 AND "height" >= 1 AND "duration_ms" >= 0
    );
ALTER TABLE "media" ADD CONSTRAINT "media_has_bytes" CHECK ("status" IN ('UPLOADING', 'FAILED') OR "object_key" IS NOT NULL);
