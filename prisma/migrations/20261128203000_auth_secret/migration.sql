-- The fingerprint of the auth secret that the database is used with; one row once a server has started.
CREATE TABLE "auth_secret" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "fingerprint" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "auth_secret_pkey" PRIMARY KEY ("id")
);
