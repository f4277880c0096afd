-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "platform" AS ENUM ('WEB', 'IOS', 'ANDROID', 'DESKTOP', 'MINI_PROGRAM', 'BOT', 'OTHER');

-- CreateEnum
CREATE TYPE "friend_request_status" AS ENUM ('PENDING', 'ACCEPTED', 'DECLINED', 'CANCELLED');

-- CreateEnum
CREATE TYPE "conversation_kind" AS ENUM ('DIRECT', 'GROUP');

-- CreateEnum
CREATE TYPE "delivery_mode" AS ENUM ('DIRECT', 'SIGNAL');

-- CreateEnum
CREATE TYPE "join_policy" AS ENUM ('INVITE_ONLY', 'APPROVAL', 'OPEN');

-- CreateEnum
CREATE TYPE "posting_policy" AS ENUM ('EVERYONE', 'ADMINS');

-- CreateEnum
CREATE TYPE "history_visibility" AS ENUM ('ALL', 'SINCE_JOINED');

-- CreateEnum
CREATE TYPE "group_role" AS ENUM ('OWNER', 'ADMIN', 'MEMBER');

-- CreateEnum
CREATE TYPE "message_kind" AS ENUM ('TEXT', 'RICH_TEXT', 'IMAGE', 'FILE', 'VIDEO', 'AUDIO', 'FORWARD', 'CUSTOM', 'SYSTEM');

-- CreateTable
CREATE TABLE "user" (
    "id" TEXT NOT NULL,
    "handle" TEXT NOT NULL,
    "handle_skeleton" TEXT NOT NULL,
    "display_name" TEXT NOT NULL,
    "bio" TEXT,
    "email" TEXT,
    "phone" TEXT,
    "password_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "device_id" TEXT,
    "device_name" TEXT NOT NULL,
    "platform" "platform" NOT NULL,
    "generation" INTEGER NOT NULL DEFAULT 0,
    "token_hash" TEXT NOT NULL,
    "previous_token_hash" TEXT,
    "rotated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "end_reason" TEXT,

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "friend_request" (
    "id" TEXT NOT NULL,
    "from_id" TEXT NOT NULL,
    "to_id" TEXT NOT NULL,
    "note" TEXT,
    "status" "friend_request_status" NOT NULL DEFAULT 'PENDING',
    "suppressed" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "friend_request_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "friendship" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "friend_id" TEXT NOT NULL,
    "remark" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "friendship_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "block" (
    "blocker_id" TEXT NOT NULL,
    "blocked_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "block_pkey" PRIMARY KEY ("blocker_id","blocked_id")
);

-- CreateTable
CREATE TABLE "conversation" (
    "id" TEXT NOT NULL,
    "kind" "conversation_kind" NOT NULL,
    "delivery_mode" "delivery_mode" NOT NULL DEFAULT 'DIRECT',
    "max_seq" INTEGER NOT NULL DEFAULT 0,
    "message_count" INTEGER NOT NULL DEFAULT 0,
    "version" INTEGER NOT NULL DEFAULT 0,
    "revision" INTEGER NOT NULL DEFAULT 0,
    "member_count" INTEGER NOT NULL DEFAULT 0,
    "changed_xid" BIGINT NOT NULL DEFAULT ((pg_current_xact_id())::text)::bigint,
    "last_activity_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "conversation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "group_conversation" (
    "conversation_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "owner_id" TEXT NOT NULL,
    "join_policy" "join_policy" NOT NULL DEFAULT 'INVITE_ONLY',
    "posting_policy" "posting_policy" NOT NULL DEFAULT 'EVERYONE',
    "history_visibility" "history_visibility" NOT NULL DEFAULT 'SINCE_JOINED',
    "muted_all" BOOLEAN NOT NULL DEFAULT false,
    "slow_mode_seconds" INTEGER NOT NULL DEFAULT 0,
    "creator_id" TEXT NOT NULL,
    "idempotency_key" TEXT,
    "request_hash" TEXT,

    CONSTRAINT "group_conversation_pkey" PRIMARY KEY ("conversation_id")
);

-- CreateTable
CREATE TABLE "membership" (
    "conversation_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "role" "group_role",
    "nickname" TEXT,
    "read_seq" INTEGER NOT NULL DEFAULT 0,
    "read_count" INTEGER NOT NULL DEFAULT 0,
    "delivered_seq" INTEGER NOT NULL DEFAULT 0,
    "visible_from_seq" INTEGER NOT NULL DEFAULT 1,
    "pinned" BOOLEAN NOT NULL DEFAULT false,
    "do_not_disturb" BOOLEAN NOT NULL DEFAULT false,
    "muted_until" TIMESTAMPTZ(3),
    "hidden_at_seq" INTEGER,
    "draft" TEXT,
    "joined_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "membership_pkey" PRIMARY KEY ("conversation_id","user_id")
);

-- CreateTable
CREATE TABLE "message" (
    "conversation_id" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "sender_id" TEXT,
    "client_message_id" TEXT,
    "request_hash" TEXT,
    "kind" "message_kind" NOT NULL,
    "content" JSONB NOT NULL,
    "quote_seq" INTEGER,
    "sent_at" TIMESTAMPTZ(3) NOT NULL,
    "edited_at" TIMESTAMPTZ(3),
    "recalled_at" TIMESTAMPTZ(3),
    "recalled_by_id" TEXT,
    "changed_xid" BIGINT NOT NULL DEFAULT ((pg_current_xact_id())::text)::bigint,

    CONSTRAINT "message_pkey" PRIMARY KEY ("conversation_id","seq")
);

-- CreateTable
CREATE TABLE "mention" (
    "conversation_id" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "place" INTEGER NOT NULL,
    "user_id" TEXT,

    CONSTRAINT "mention_pkey" PRIMARY KEY ("conversation_id","seq","place")
);

-- CreateTable
CREATE TABLE "user_stream" (
    "user_id" TEXT NOT NULL,
    "seq" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "user_stream_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "inbox_entry" (
    "user_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "stream_seq" INTEGER NOT NULL,
    "removed_stream_seq" INTEGER,

    CONSTRAINT "inbox_entry_pkey" PRIMARY KEY ("user_id","kind","subject_id")
);

-- CreateTable
CREATE TABLE "delivery" (
    "conversation_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 0,
    "revision" INTEGER NOT NULL DEFAULT 0,
    "max_seq" INTEGER NOT NULL DEFAULT 0,
    "delivery_mode" "delivery_mode" NOT NULL DEFAULT 'DIRECT',
    "delivered_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "delivery_pkey" PRIMARY KEY ("conversation_id")
);

-- CreateTable
CREATE TABLE "delivery_mark" (
    "conversation_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "revision" INTEGER NOT NULL,
    "xid" BIGINT NOT NULL DEFAULT ((pg_current_xact_id())::text)::bigint,

    CONSTRAINT "delivery_mark_pkey" PRIMARY KEY ("conversation_id","version","revision")
);

-- CreateTable
CREATE TABLE "acknowledgement" (
    "session_id" TEXT NOT NULL,
    "stream_id" TEXT NOT NULL,
    "stream_seq" INTEGER NOT NULL,
    "horizon" BIGINT NOT NULL,
    "acknowledged_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "acknowledgement_pkey" PRIMARY KEY ("session_id","stream_id")
);

-- CreateTable
CREATE TABLE "epoch" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "epoch" TEXT NOT NULL,
    "system_identifier" TEXT NOT NULL,
    "timeline" INTEGER NOT NULL,

    CONSTRAINT "epoch_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "user_handle_key" ON "user"("handle");

-- CreateIndex
CREATE UNIQUE INDEX "user_handle_skeleton_key" ON "user"("handle_skeleton");

-- CreateIndex
CREATE INDEX "session_user_id_idx" ON "session"("user_id");

-- CreateIndex
CREATE INDEX "friend_request_to_id_status_created_at_idx" ON "friend_request"("to_id", "status", "created_at");

-- CreateIndex
CREATE INDEX "friend_request_from_id_status_created_at_idx" ON "friend_request"("from_id", "status", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "friendship_user_id_friend_id_key" ON "friendship"("user_id", "friend_id");

-- CreateIndex
CREATE INDEX "block_blocked_id_idx" ON "block"("blocked_id");

-- CreateIndex
CREATE UNIQUE INDEX "group_conversation_creator_id_idempotency_key_key" ON "group_conversation"("creator_id", "idempotency_key");

-- CreateIndex
CREATE INDEX "membership_user_id_idx" ON "membership"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "message_id_key" ON "message"("id");

-- CreateIndex
CREATE INDEX "message_conversation_id_version_idx" ON "message"("conversation_id", "version");

-- CreateIndex
CREATE UNIQUE INDEX "message_sender_id_client_message_id_key" ON "message"("sender_id", "client_message_id");

-- CreateIndex
CREATE INDEX "mention_conversation_id_user_id_seq_idx" ON "mention"("conversation_id", "user_id", "seq");

-- CreateIndex
CREATE UNIQUE INDEX "inbox_entry_user_id_stream_seq_key" ON "inbox_entry"("user_id", "stream_seq");

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "group_conversation" ADD CONSTRAINT "group_conversation_conversation_id_fkey" FOREIGN KEY ("conversation_id") REFERENCES "conversation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma cannot express follows.

-- Two requests that cross must meet, whichever way they go.
CREATE UNIQUE INDEX "friend_request_one_pending" ON "friend_request" (least("from_id", "to_id"), greatest("from_id", "to_id"))
WHERE "status" = 'PENDING';

-- Finding people: by the beginning of a handle, or by any part of a name.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX "user_display_name_trigram" ON "user" USING gin (lower("display_name") gin_trgm_ops);
CREATE INDEX "user_handle_prefix" ON "user" ("handle" text_pattern_ops) WHERE "deleted_at" IS NULL;

-- Numbers that only grow, and never pass what they count.
ALTER TABLE "conversation"
    ADD CONSTRAINT "conversation_numbers" CHECK (
        "message_count" >= 0 AND "max_seq" >= "message_count" AND "version" >= 0 AND "revision" >= 0 AND "member_count" >= 0
    );
ALTER TABLE "membership"
    ADD CONSTRAINT "membership_numbers" CHECK (
        "read_count" >= 0 AND "read_seq" >= "read_count" AND "delivered_seq" >= 0 AND "visible_from_seq" >= 1 AND "hidden_at_seq" >= 0
    );
ALTER TABLE "message"
    ADD CONSTRAINT "message_numbers" CHECK (
        "seq" >= 1 AND "ordinal" >= 0 AND "ordinal" <= "seq" AND "version" >= 1 AND "quote_seq" >= 1 AND "quote_seq" < "seq"
    );
ALTER TABLE "user_stream" ADD CONSTRAINT "user_stream_numbers" CHECK ("seq" >= 0);
ALTER TABLE "inbox_entry"
    ADD CONSTRAINT "inbox_entry_numbers" CHECK ("stream_seq" >= 1 AND "removed_stream_seq" >= 1 AND "removed_stream_seq" <= "stream_seq");
ALTER TABLE "epoch" ADD CONSTRAINT "epoch_one_row" CHECK ("id" = 1);

-- Rows that move with every change: room on the page keeps the updates that touch no index there.
ALTER TABLE "user_stream" SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE "inbox_entry" SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE "conversation" SET (fillfactor = 80);
ALTER TABLE "membership" SET (fillfactor = 80);
ALTER TABLE "delivery" SET (fillfactor = 70);

-- A queue that is always nearly empty: its dead rows must go, or every look at it grows slower.
ALTER TABLE "delivery_mark"
SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_insert_scale_factor = 0,
     autovacuum_vacuum_insert_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
