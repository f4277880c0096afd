-- DropIndex
DROP INDEX "membership_user_id_idx";

-- AlterTable
ALTER TABLE "conversation" ADD COLUMN     "active_until" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "membership" ADD COLUMN     "active_until" TIMESTAMPTZ(3),
ADD COLUMN     "settled" BOOLEAN NOT NULL DEFAULT false;

-- CreateIndex
CREATE INDEX "membership_user_id_pinned_active_until_idx" ON "membership"("user_id", "pinned", "active_until");

-- What Prisma cannot express follows.

CREATE INDEX "membership_unsettled_idx" ON "membership"("user_id") WHERE NOT "settled";

-- The first message of an hour moves it, so that members are written at most once an hour.
CREATE FUNCTION "move_active_until"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF new.delivery_mode <> 'INLINE' THEN new.active_until := NULL;
  ELSIF new.max_seq = 0 THEN new.active_until := new.last_activity_at;
  ELSE new.active_until := new.last_activity_at + interval '1 hour';
  END IF;
  RETURN new;
END $$;
CREATE TRIGGER "conversation_first_active_until" BEFORE INSERT ON "conversation" FOR EACH ROW
EXECUTE FUNCTION "move_active_until"();
CREATE TRIGGER "conversation_active_until" BEFORE UPDATE ON "conversation" FOR EACH ROW
WHEN (new.last_activity_at > old.active_until OR new.delivery_mode <> old.delivery_mode)
EXECUTE FUNCTION "move_active_until"();

CREATE FUNCTION "copy_active_until"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE membership SET active_until = new.active_until, settled = false WHERE conversation_id = new.id;
  RETURN NULL;
END $$;
-- After the statement, which may write memberships itself.
CREATE TRIGGER "conversation_active_members" AFTER UPDATE ON "conversation" FOR EACH ROW
WHEN (new.active_until IS DISTINCT FROM old.active_until) EXECUTE FUNCTION "copy_active_until"();
-- A statement may create a conversation and its members.
CREATE TRIGGER "conversation_first_members" AFTER INSERT ON "conversation" FOR EACH ROW
EXECUTE FUNCTION "copy_active_until"();

CREATE FUNCTION "inherit_active_until"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  new.active_until := (SELECT c.active_until FROM conversation c WHERE c.id = new.conversation_id);
  RETURN new;
END $$;
CREATE TRIGGER "membership_active_until" BEFORE INSERT ON "membership" FOR EACH ROW
EXECUTE FUNCTION "inherit_active_until"();

UPDATE "conversation" SET "active_until" = "last_activity_at" WHERE "delivery_mode" = 'INLINE';
UPDATE "membership" m SET "active_until" = c."active_until" FROM "conversation" c WHERE c."id" = m."conversation_id";
