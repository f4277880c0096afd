-- Positions of the old kind point into transaction numbers; their readers load again.
DELETE FROM "acknowledgement";

-- AlterTable
ALTER TABLE "acknowledgement" DROP COLUMN "horizon",
ADD COLUMN     "since" TIMESTAMPTZ(3) NOT NULL,
ADD COLUMN     "tick" BIGINT NOT NULL;

-- AlterTable
ALTER TABLE "conversation" DROP COLUMN "changed_xid";

-- AlterTable
ALTER TABLE "delivery" ADD COLUMN     "tick" BIGINT NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "delivery_mark" DROP COLUMN "xid",
ADD COLUMN     "marked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- AlterTable
ALTER TABLE "message" DROP COLUMN "changed_xid",
ADD COLUMN     "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT 'epoch';

-- A constant first and then the clock, so that the table is not rewritten.
ALTER TABLE "message" ALTER COLUMN "changed_at" SET DEFAULT clock_timestamp();

-- AlterTable
ALTER TABLE "user_stream" ADD COLUMN     "history" INTEGER NOT NULL DEFAULT 0;

-- DropTable
DROP TABLE "epoch";

-- CreateTable
CREATE TABLE "delivery_clock" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "tick" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "delivery_clock_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "history" (
    "ordinal" SERIAL NOT NULL,
    "id" TEXT NOT NULL,
    "postmaster_start" TIMESTAMPTZ(6) NOT NULL,
    "database_oid" BIGINT NOT NULL,
    "table_oid" BIGINT NOT NULL,
    "first_tick" BIGINT NOT NULL,

    CONSTRAINT "history_pkey" PRIMARY KEY ("ordinal")
);

-- CreateTable
CREATE TABLE "stream_start" (
    "user_id" TEXT NOT NULL,
    "history" INTEGER NOT NULL,
    "seq" INTEGER NOT NULL,

    CONSTRAINT "stream_start_pkey" PRIMARY KEY ("user_id","history")
);

-- CreateIndex
CREATE UNIQUE INDEX "history_id_key" ON "history"("id");

-- CreateIndex
CREATE UNIQUE INDEX "history_postmaster_start_database_oid_table_oid_key" ON "history"("postmaster_start", "database_oid", "table_oid");

INSERT INTO "delivery_clock" DEFAULT VALUES;
