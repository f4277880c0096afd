-- AlterTable
ALTER TABLE "digest" ADD COLUMN "owner" TEXT;

-- AlterTable
ALTER TABLE "job_worker" ADD COLUMN "owner" TEXT;

-- AlterTable
ALTER TABLE "push_attempt" ADD COLUMN "owner" TEXT;

-- Leases, which are few at any time, are found without reading all rows that wait.
CREATE INDEX "push_attempt_leased" ON "push_attempt" ("provider") WHERE "status" = 'QUEUED' AND "owner" IS NOT NULL;
CREATE INDEX "digest_leased" ON "digest" ("channel") WHERE "owner" IS NOT NULL;
