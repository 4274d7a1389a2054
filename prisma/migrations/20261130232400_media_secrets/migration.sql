-- What short-lived addresses of media are signed with, the same in every gateway of a database.
CREATE TABLE "media_secrets" (
    "only" BOOLEAN NOT NULL DEFAULT true,
    "secret" BYTEA NOT NULL,

    CONSTRAINT "media_secrets_pkey" PRIMARY KEY ("only"),
    CONSTRAINT "media_secrets_only" CHECK ("only")
);
