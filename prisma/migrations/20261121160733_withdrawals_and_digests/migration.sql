-- AlterEnum
ALTER TYPE "push_provider" ADD VALUE 'EMAIL';
ALTER TYPE "push_provider" ADD VALUE 'SMS';

-- AlterEnum
ALTER TYPE "push_purpose" ADD VALUE 'READ';
ALTER TYPE "push_purpose" ADD VALUE 'DIGEST';

-- What Prisma cannot express follows.

-- What a device shows of a conversation is what was sent there last. Each reading asks for it.
CREATE INDEX "push_attempt_shown" ON "push_attempt" ("device_id", "conversation_id", "at") WHERE "status" = 'SENT';
