-- AlterTable
ALTER TABLE "outbox_topic" ADD COLUMN     "revisions" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "revision_mark" (
    "topic" TEXT NOT NULL,
    "conversation_id" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "marked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "revision_mark_pkey" PRIMARY KEY ("topic","conversation_id","revision")
);

-- CreateTable
CREATE TABLE "webhook_endpoint" (
    "topic" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "webhook_endpoint_pkey" PRIMARY KEY ("topic")
);

-- CreateTable
CREATE TABLE "webhook_progress" (
    "topic" TEXT NOT NULL,
    "conversation_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "seq" INTEGER NOT NULL,
    "revision" INTEGER NOT NULL,
    "reached_at" TIMESTAMPTZ(3) NOT NULL,
    "due_at" TIMESTAMPTZ(3),
    "failures" INTEGER NOT NULL DEFAULT 0,
    "failing_since" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_progress_pkey" PRIMARY KEY ("topic","conversation_id")
);

-- What Prisma cannot express follows.

-- Nearly always empty, as the other marks: dead rows must go.
ALTER TABLE "revision_mark"
SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_insert_scale_factor = 0,
     autovacuum_vacuum_insert_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
ALTER TABLE "webhook_progress" SET (fillfactor = 70);
