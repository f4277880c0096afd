-- AlterTable
ALTER TABLE "mention" ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 0;

-- What Prisma cannot express follows.

-- Mentions that edits added; the mentions of new messages have version 0.
CREATE INDEX "mention_added" ON "mention" ("conversation_id", "version") WHERE "version" > 0;

-- A mention that an edit added is pushed once for each message; new messages share one queued notification. A server of
-- the earlier version that still runs fails to queue notifications, and loses none: its marks stay.
DROP INDEX "push_attempt_one_waiting";
CREATE UNIQUE INDEX "push_attempt_one_waiting" ON "push_attempt" ("device_id", "conversation_id", "purpose")
WHERE "status" = 'QUEUED' AND "purpose" <> 'MENTION';
CREATE UNIQUE INDEX "push_attempt_one_mention" ON "push_attempt" ("device_id", "conversation_id", "to_seq")
WHERE "purpose" = 'MENTION';
