-- AlterTable
ALTER TABLE "user" ADD COLUMN     "read_receipts" BOOLEAN NOT NULL DEFAULT true;

-- CreateTable
CREATE TABLE "reaction" (
    "conversation_id" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "emoji" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "reaction_pkey" PRIMARY KEY ("conversation_id","seq","emoji","user_id")
);

-- CreateTable
CREATE TABLE "message_revision" (
    "conversation_id" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "kind" "message_kind" NOT NULL,
    "content" JSONB NOT NULL,
    "replaced_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "message_revision_pkey" PRIMARY KEY ("conversation_id","seq","version")
);

-- CreateTable
CREATE TABLE "pin" (
    "conversation_id" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "pinned_by_id" TEXT NOT NULL,
    "pinned_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "revision" INTEGER NOT NULL,

    CONSTRAINT "pin_pkey" PRIMARY KEY ("conversation_id","seq")
);
