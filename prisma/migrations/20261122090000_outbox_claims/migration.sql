-- CreateTable
CREATE TABLE "outbox_claim" (
    "topic" TEXT NOT NULL,
    "conversation_id" TEXT NOT NULL,
    "owner" TEXT,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "failing_since" TIMESTAMPTZ(3),

    CONSTRAINT "outbox_claim_pkey" PRIMARY KEY ("topic","conversation_id")
);

-- Webhooks that failed keep the time of their next attempt. Leases are not kept: the servers that held them have stopped.
INSERT INTO "outbox_claim" ("topic", "conversation_id", "due_at", "failures", "failing_since")
SELECT "topic", "conversation_id", coalesce("due_at", now()), "failures", "failing_since"
FROM "webhook_progress" WHERE "failures" > 0;

-- AlterTable
ALTER TABLE "push_progress" DROP COLUMN "leased_until";

-- AlterTable
ALTER TABLE "search_progress" DROP COLUMN "leased_until";

-- AlterTable
ALTER TABLE "webhook_progress" DROP COLUMN "due_at",
DROP COLUMN "failing_since",
DROP COLUMN "failures";

-- What Prisma cannot express follows.

-- Nearly always empty: its dead rows must go, or each look at it takes longer.
ALTER TABLE "outbox_claim"
SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_insert_scale_factor = 0,
     autovacuum_vacuum_insert_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
