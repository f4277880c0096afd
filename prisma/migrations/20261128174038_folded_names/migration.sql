-- AlterTable
ALTER TABLE "membership" ADD COLUMN     "folded_nickname" TEXT;

-- AlterTable
ALTER TABLE "user" ADD COLUMN     "folded_name" TEXT;

-- What Prisma cannot express follows.

-- Until the server has folded a name, it is found by letters that need no folding.
DROP INDEX "user_display_name_trigram";
CREATE INDEX "user_folded_name_trigram" ON "user" USING gin (coalesce("folded_name", lower("display_name")) gin_trgm_ops);

-- What is left to fold; nearly always empty.
CREATE INDEX "user_unfolded" ON "user" ("id") WHERE "folded_name" IS NULL;
CREATE INDEX "membership_unfolded" ON "membership" ("conversation_id", "user_id")
WHERE "nickname" IS NOT NULL AND "folded_nickname" IS NULL;

-- A name that is changed without its folded form, by an older server or by hand, is folded again.
CREATE FUNCTION "forget_folded_name"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  new.folded_name := NULL;
  RETURN new;
END $$;
CREATE TRIGGER "user_folded_name" BEFORE UPDATE OF "display_name" ON "user" FOR EACH ROW
WHEN (new.display_name IS DISTINCT FROM old.display_name AND new.folded_name IS NOT DISTINCT FROM old.folded_name)
EXECUTE FUNCTION "forget_folded_name"();

CREATE FUNCTION "forget_folded_nickname"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  new.folded_nickname := NULL;
  RETURN new;
END $$;
CREATE TRIGGER "membership_folded_nickname" BEFORE UPDATE OF "nickname" ON "membership" FOR EACH ROW
WHEN (new.nickname IS DISTINCT FROM old.nickname AND new.folded_nickname IS NOT DISTINCT FROM old.folded_nickname)
EXECUTE FUNCTION "forget_folded_nickname"();

-- The order of names: of every language at once, with numbers by their value.
CREATE COLLATION "name_order" (provider = icu, locale = 'und-u-kn-true');
