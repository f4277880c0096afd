-- AlterTable
ALTER TABLE "friendship" ADD COLUMN     "folded_remark" TEXT;

-- AlterTable
ALTER TABLE "group_conversation" ADD COLUMN     "folded_name" TEXT;

-- What Prisma cannot express follows.

-- What is left to fold; nearly always empty.
CREATE INDEX "group_conversation_unfolded" ON "group_conversation" ("conversation_id") WHERE "folded_name" IS NULL;
CREATE INDEX "friendship_unfolded" ON "friendship" ("user_id", "friend_id")
WHERE "remark" IS NOT NULL AND "folded_remark" IS NULL;

-- A name that is changed without its folded form, by an older server or by hand, is folded again.
CREATE TRIGGER "group_conversation_folded_name" BEFORE UPDATE OF "name" ON "group_conversation" FOR EACH ROW
WHEN (new.name IS DISTINCT FROM old.name AND new.folded_name IS NOT DISTINCT FROM old.folded_name)
EXECUTE FUNCTION "forget_folded_name"();

CREATE FUNCTION "forget_folded_remark"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  new.folded_remark := NULL;
  RETURN new;
END $$;
CREATE TRIGGER "friendship_folded_remark" BEFORE UPDATE OF "remark" ON "friendship" FOR EACH ROW
WHEN (new.remark IS DISTINCT FROM old.remark AND new.folded_remark IS NOT DISTINCT FROM old.folded_remark)
EXECUTE FUNCTION "forget_folded_remark"();
