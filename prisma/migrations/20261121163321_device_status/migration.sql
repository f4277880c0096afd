-- CreateEnum
CREATE TYPE "device_status" AS ENUM ('AWAY', 'ONLINE', 'BUSY');

-- AlterTable
ALTER TABLE "session" ADD COLUMN     "status" "device_status" NOT NULL DEFAULT 'ONLINE';

-- AlterTable
ALTER TABLE "presence" ADD COLUMN     "invisible" BOOLEAN NOT NULL DEFAULT false;

-- What a person chose for all devices is now what each of the present ones says.
UPDATE "session" SET "status" = "chosen"::text::"device_status"
FROM "presence"
WHERE "presence"."user_id" = "session"."user_id" AND "chosen" IN ('AWAY', 'BUSY') AND "ended_at" IS NULL;

UPDATE "presence" SET "invisible" = true WHERE "chosen" = 'OFFLINE';

-- AlterTable
ALTER TABLE "presence" DROP COLUMN "chosen";

-- DropEnum
DROP TYPE "presence_status";
