-- CreateEnum
CREATE TYPE "join_request_status" AS ENUM ('PENDING', 'APPROVED', 'DECLINED');

-- AlterTable
ALTER TABLE "membership" ADD COLUMN     "last_sent_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "announcement" (
    "conversation_id" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "id" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "author_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "announcement_pkey" PRIMARY KEY ("conversation_id","seq")
);

-- CreateTable
CREATE TABLE "group_invite" (
    "code" TEXT NOT NULL,
    "conversation_id" TEXT NOT NULL,
    "inviter_id" TEXT NOT NULL,
    "made_at_seq" INTEGER NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "max_uses" INTEGER,
    "uses" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "group_invite_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "join_request" (
    "id" TEXT NOT NULL,
    "conversation_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "note" TEXT,
    "status" "join_request_status" NOT NULL DEFAULT 'PENDING',
    "group_name" TEXT NOT NULL,
    "group_member_count" INTEGER NOT NULL,
    "group_join_policy" "join_policy" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "join_request_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "former_member" (
    "conversation_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "removed_at_seq" INTEGER,
    "muted_until" TIMESTAMPTZ(3),
    "last_sent_at" TIMESTAMPTZ(3),

    CONSTRAINT "former_member_pkey" PRIMARY KEY ("conversation_id","user_id")
);

-- CreateTable
CREATE TABLE "departure" (
    "conversation_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,

    CONSTRAINT "departure_pkey" PRIMARY KEY ("conversation_id","user_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "announcement_id_key" ON "announcement"("id");

-- CreateIndex
CREATE INDEX "group_invite_conversation_id_created_at_idx" ON "group_invite"("conversation_id", "created_at");

-- CreateIndex
CREATE INDEX "join_request_conversation_id_status_created_at_id_idx" ON "join_request"("conversation_id", "status", "created_at", "id");

-- CreateIndex
CREATE INDEX "join_request_user_id_status_idx" ON "join_request"("user_id", "status");

-- What Prisma cannot express follows.

-- Members by role and by joining, as they are listed; direct conversations are not.
CREATE INDEX "membership_order" ON "membership" ("conversation_id", "role", "joined_at", "user_id") WHERE "role" IS NOT NULL;
-- Those who go by another name than their own, for finding them.
CREATE INDEX "membership_nicknamed" ON "membership" ("conversation_id") WHERE "nickname" IS NOT NULL;

-- Asking twice is asking once.
CREATE UNIQUE INDEX "join_request_one_pending" ON "join_request" ("conversation_id", "user_id") WHERE "status" = 'PENDING';

ALTER TABLE "group_invite"
    ADD CONSTRAINT "group_invite_uses" CHECK ("uses" >= 0 AND "max_uses" >= 1 AND "uses" <= "max_uses");
