-- AlterTable
ALTER TABLE "block" ADD COLUMN     "delivered_seq" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "read_seq" INTEGER,
ADD COLUMN     "seen_at" TIMESTAMPTZ(3);

-- What Prisma cannot express follows.

-- Existing blocks freeze what the blocked user sees at this moment; the positions at the time of the block are unknown.
UPDATE "block" b SET
  "seen_at" = date_trunc('minute', b.created_at),
  "read_seq" = CASE WHEN u.read_receipts THEN coalesce(m.read_seq, 0) END,
  "delivered_seq" = coalesce(m.delivered_seq, 0)
FROM "user" u
LEFT JOIN "block" k ON k.blocker_id = u.id
LEFT JOIN "membership" m ON m.user_id = u.id
  AND m.conversation_id = 'single_' || least(k.blocker_id COLLATE "C", k.blocked_id) || '_' || greatest(k.blocker_id COLLATE "C", k.blocked_id)
WHERE u.id = b.blocker_id AND k.blocked_id = b.blocked_id;
