# The server alone: it needs a PostgreSQL (DATABASE_URL), and a Redis (REDIS_URL) when there are several of it.
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
# The embedded database is optional to npm and of no use here; the libraries for passwords and pictures come as optional ones too.
RUN npm ci --omit=dev --omit=optional
COPY --from=build /app/node_modules/@node-rs node_modules/@node-rs
COPY --from=build /app/node_modules/@img node_modules/@img

FROM ${NODE}
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json ./
COPY prisma/migrations prisma/migrations
USER node
EXPOSE 4000
# It answers while it drains, too: whether it should be given clients is /ready, which the balancer asks.
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/live').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Node itself hears SIGTERM and drains within thirty seconds.
# A larger young generation spares a busy server a third of its time; it grows only when there is something to hold.
CMD ["node", "--max-semi-space-size=64", "dist/main.js"]
