-- AlterTable
ALTER TABLE "user" ADD COLUMN     "email_verified_at" TIMESTAMPTZ(3),
ADD COLUMN     "phone_verified_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "contact_verification" (
    "user_id" TEXT NOT NULL,
    "channel" "digest_channel" NOT NULL,
    "code_hash" TEXT NOT NULL,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "contact_verification_pkey" PRIMARY KEY ("user_id","channel")
);

-- What Prisma cannot express follows.

-- A changed address is not verified, whichever server changes it.
CREATE FUNCTION "reset_verified_contacts"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF new.email IS DISTINCT FROM old.email THEN new.email_verified_at := NULL; END IF;
  IF new.phone IS DISTINCT FROM old.phone THEN new.phone_verified_at := NULL; END IF;
  RETURN new;
END $$;
CREATE TRIGGER "user_verified_contacts" BEFORE UPDATE OF "email", "phone" ON "user" FOR EACH ROW
WHEN (new.email IS DISTINCT FROM old.email OR new.phone IS DISTINCT FROM old.phone)
EXECUTE FUNCTION "reset_verified_contacts"();
