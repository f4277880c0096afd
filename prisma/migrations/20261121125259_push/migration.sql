-- CreateEnum
CREATE TYPE "push_provider" AS ENUM ('APNS', 'FCM', 'WEB_PUSH', 'WEBHOOK');

-- CreateEnum
CREATE TYPE "push_status" AS ENUM ('QUEUED', 'SENT', 'SUPPRESSED', 'FAILED', 'GONE');

-- CreateEnum
CREATE TYPE "push_purpose" AS ENUM ('MESSAGE', 'RECALL', 'SIGN_IN', 'TEST');

-- CreateEnum
CREATE TYPE "digest_channel" AS ENUM ('EMAIL', 'SMS');

-- CreateTable
CREATE TABLE "push_device" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "session_id" TEXT NOT NULL,
    "provider" "push_provider" NOT NULL,
    "token" TEXT,
    "token_hash" TEXT NOT NULL,
    "locale" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "removed_at" TIMESTAMPTZ(3),

    CONSTRAINT "push_device_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notification_settings" (
    "user_id" TEXT NOT NULL,
    "push" BOOLEAN NOT NULL DEFAULT true,
    "email" BOOLEAN NOT NULL DEFAULT true,
    "sms" BOOLEAN NOT NULL DEFAULT false,
    "show_preview" BOOLEAN NOT NULL DEFAULT true,
    "quiet_from" INTEGER,
    "quiet_to" INTEGER,
    "time_zone" TEXT,

    CONSTRAINT "notification_settings_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "push_attempt" (
    "id" TEXT NOT NULL,
    "device_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "provider" "push_provider" NOT NULL,
    "purpose" "push_purpose" NOT NULL,
    "conversation_id" TEXT,
    "from_seq" INTEGER,
    "to_seq" INTEGER,
    "shown_seq" INTEGER,
    "session_id" TEXT,
    "stream_seq" INTEGER NOT NULL DEFAULT 0,
    "latest_stream_seq" INTEGER NOT NULL DEFAULT 0,
    "status" "push_status" NOT NULL,
    "provider_status" TEXT,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "push_attempt_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "push_progress" (
    "conversation_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "seq" INTEGER NOT NULL,
    "leased_until" TIMESTAMPTZ(3),

    CONSTRAINT "push_progress_pkey" PRIMARY KEY ("conversation_id")
);

-- CreateTable
CREATE TABLE "digest" (
    "user_id" TEXT NOT NULL,
    "channel" "digest_channel" NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "due_at" TIMESTAMPTZ(3),
    "sent_at" TIMESTAMPTZ(3),
    "tries" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "digest_pkey" PRIMARY KEY ("user_id","channel")
);

-- CreateIndex
CREATE INDEX "push_device_user_id_idx" ON "push_device"("user_id");

-- CreateIndex
CREATE INDEX "push_attempt_conversation_id_to_seq_idx" ON "push_attempt"("conversation_id", "to_seq");

-- CreateIndex
CREATE INDEX "push_attempt_conversation_id_shown_seq_idx" ON "push_attempt"("conversation_id", "shown_seq");

-- CreateIndex
CREATE INDEX "push_attempt_at_idx" ON "push_attempt"("at");


-- What Prisma cannot express follows.

-- A token leads to one device; whoever registers it last has it.
CREATE UNIQUE INDEX "push_device_one_token" ON "push_device" ("provider", "token_hash") WHERE "removed_at" IS NULL;

-- What a burst brings is gathered in the one notice that waits for its device and conversation.
CREATE UNIQUE INDEX "push_attempt_one_waiting" ON "push_attempt" ("device_id", "conversation_id", "purpose") WHERE "status" = 'QUEUED';
CREATE INDEX "push_attempt_due" ON "push_attempt" ("provider", "due_at") WHERE "status" = 'QUEUED';
CREATE INDEX "digest_due" ON "digest" ("channel", "due_at") WHERE "due_at" IS NOT NULL;

ALTER TABLE "notification_settings"
    ADD CONSTRAINT "notification_settings_quiet" CHECK (
        ("quiet_from" IS NULL) = ("quiet_to" IS NULL) AND "quiet_from" BETWEEN 0 AND 1439 AND "quiet_to" BETWEEN 0 AND 1439
    );
ALTER TABLE "push_attempt" ADD CONSTRAINT "push_attempt_range" CHECK ("from_seq" >= 1 AND "from_seq" <= "to_seq");

-- Rows that move with every try.
ALTER TABLE "push_attempt" SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
