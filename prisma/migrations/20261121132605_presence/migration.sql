-- CreateEnum
CREATE TYPE "presence_status" AS ENUM ('ONLINE', 'AWAY', 'BUSY', 'OFFLINE');

-- CreateTable
CREATE TABLE "presence" (
    "user_id" TEXT NOT NULL,
    "chosen" "presence_status" NOT NULL DEFAULT 'ONLINE',
    "last_seen_at" TIMESTAMPTZ(3),

    CONSTRAINT "presence_pkey" PRIMARY KEY ("user_id")
);
