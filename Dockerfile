# The server only: it needs PostgreSQL (DATABASE_URL), and Redis (REDIS_URL) if there are several servers.
ARG NODE=node:22-bookworm-slim

FROM ${NODE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npx prisma generate && npm run build

FROM ${NODE} AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Optional packages include the embedded database, which is not needed here, and the native libraries for passwords and images, which are.
RUN npm ci --omit=dev --omit=optional --workspaces=false
COPY --from=build /app/node_modules/@node-rs node_modules/@node-rs
COPY --from=build /app/node_modules/@img node_modules/@img

FROM ${NODE}
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000 DATA_DIR=/data
WORKDIR /app
# ffmpeg measures and transcodes video and audio.
RUN apt-get update && apt-get install -y --no-install-recommends ffmpeg && apt-get clean && rm -rf /var/lib/apt/lists/*
# Uploads without S3 and the generated secret; a new volume takes its owner from here.
RUN mkdir /data && chown node:node /data
VOLUME /data
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/src/server/explorer/generated src/server/explorer/generated
COPY package.json ./
COPY prisma/migrations prisma/migrations
COPY deploy/health-check.mjs deploy/
USER node
EXPOSE 4000
# /live also answers during shutdown; the load balancer checks /ready.
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=3 \
  CMD ["node", "deploy/health-check.mjs"]
# Node runs as the main process, so that it receives SIGTERM; it shuts down within thirty seconds.
# A larger young generation saves a third of the CPU time of a busy server; it grows only when needed.
# The command follows; `--help` lists all.
ENTRYPOINT ["node", "--max-semi-space-size=64", "--enable-source-maps", "dist/main.js"]
CMD ["serve"]
