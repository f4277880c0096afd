-- CreateEnum
CREATE TYPE "report_reason" AS ENUM ('SPAM', 'ABUSE', 'ILLEGAL', 'OTHER');

-- CreateEnum
CREATE TYPE "report_status" AS ENUM ('OPEN', 'RESOLVED');

-- CreateEnum
CREATE TYPE "report_outcome" AS ENUM ('DISMISSED', 'MESSAGE_RECALLED', 'USER_SUSPENDED');

-- CreateTable
CREATE TABLE "suspension" (
    "user_id" TEXT NOT NULL,
    "until" TIMESTAMPTZ(3),
    "reason" TEXT NOT NULL,
    "suspended_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "suspension_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "report" (
    "id" TEXT NOT NULL,
    "message_id" TEXT NOT NULL,
    "reporter_id" TEXT NOT NULL,
    "reason" "report_reason" NOT NULL,
    "note" TEXT,
    "reported_text" TEXT,
    "status" "report_status" NOT NULL DEFAULT 'OPEN',
    "outcome" "report_outcome",
    "resolved_by_id" TEXT,
    "resolved_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "report_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_entry" (
    "id" BIGSERIAL NOT NULL,
    "actor_id" TEXT,
    "action" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "detail" JSONB,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "report_status_created_at_id_idx" ON "report"("status", "created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "report_message_id_reporter_id_key" ON "report"("message_id", "reporter_id");

-- What Prisma cannot express follows.

ALTER TABLE "report"
    ADD CONSTRAINT "report_resolution" CHECK (
        ("status" = 'RESOLVED') = ("outcome" IS NOT NULL)
        AND ("status" = 'RESOLVED') = ("resolved_at" IS NOT NULL AND "resolved_by_id" IS NOT NULL)
    );

-- A trail that can be rewritten proves nothing.
CREATE FUNCTION "audit_entry_is_append_only"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit trail is append-only.';
END $$;
CREATE TRIGGER "audit_entry_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_entry"
    FOR EACH STATEMENT EXECUTE FUNCTION "audit_entry_is_append_only"();
